"""Desktop notifications that a terminal shows for us, also at the other end of ssh: OSC 9, 777 and 99."""

from collections.abc import Mapping
from typing import Final

from rotation_tui.terminal.tmux import through_tmux
from rotation_tui.widgets.cells import cut, printable

RING: Final = "\x07"
AUTO: Final = "auto"
_LONGEST: Final = 200
_BY_TERM: Final[Mapping[str, str]] = {
    "xterm-kitty": "99",
    **dict.fromkeys(("foot", "foot-extra", "rxvt-unicode", "rxvt-unicode-256color", "xterm-ghostty", "wezterm"), "777"),
}
_BY_PROGRAM: Final[Mapping[str, str]] = {"WezTerm": "777", "ghostty": "777", "iTerm.app": "9", "kitty": "99"}


def kind_of(env: Mapping[str, str]) -> str:
    """Which of the three a terminal knows, as far as its name tells: 9 is known by most, and ignored by the others."""
    by_program = _BY_PROGRAM.get(env.get("LC_TERMINAL", "") or env.get("TERM_PROGRAM", ""))
    return by_program or _BY_TERM.get(env.get("TERM", ""), "9")


def notification(title: str, text: str, env: Mapping[str, str], kind: str = AUTO, number: str = "0") -> str:
    """What makes the terminal show a notification; nothing of the words can drive it.

    `kind` is one of the three, or left to the environment. One of the same `number` takes the place of the one before.
    Within tmux it is wrapped, so that tmux hands it on where `allow-passthrough` is on, and drops it elsewhere.
    """
    title, text = _harmless(title), _harmless(text)
    kind = kind_of(env) if kind == AUTO else kind
    if kind == "99":
        sent = f"\x1b]99;i=rt-{number}:d=0;{title}\x1b\\\x1b]99;i=rt-{number}:d=1:p=body;{text}\x1b\\"
    elif kind == "777":
        sent = f"\x1b]777;notify;{title};{text}\x1b\\"
    else:
        sent = f"\x1b]9;{title}: {text}\x1b\\"
    return through_tmux(sent) if "TMUX" in env else sent


def _harmless(words: str) -> str:
    # a semicolon would begin another field
    return cut(printable(words), _LONGEST).replace(";", ",")
