"""OSC 52: what is sent is what was copied, whole or not at all, and it gets through tmux by either of its doors."""

import base64

import pytest

from rotation_tui.terminal.clipboard import LONGEST, TooLong, has_clipboard, to_clipboard

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}


def decoded(sent: str) -> str:
    head, _, rest = sent.partition("\x1b]52;c;")
    assert head == ""
    return base64.b64decode(rest.removesuffix("\x1b\\")).decode()


@pytest.mark.parametrize("text", ["RUT\t2,488.78\n", "−0.18 ▲ é", "\x1b]0;mine\x07", ""])
def test_what_arrives_is_what_was_copied(text: str) -> None:
    assert decoded(to_clipboard(text, XTERM)) == text


def test_tmux_gets_it_for_itself_and_to_hand_on() -> None:
    plain = to_clipboard("IWM", XTERM)
    assert to_clipboard("IWM", TMUX) == plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def test_what_a_terminal_would_cut_is_not_sent() -> None:
    most = LONGEST // 4 * 3
    assert len(decoded(to_clipboard("x" * most, XTERM))) == most
    with pytest.raises(TooLong, match="56,24"):
        to_clipboard("x" * (most + 3), XTERM)


@pytest.mark.parametrize(
    ("term", "has"),
    [("xterm-256color", True), ("tmux-256color", True), ("linux", False), ("dumb", False), ("vt100", False)],
)
def test_a_console_has_none(term: str, has: bool) -> None:
    assert has_clipboard({"TERM": term}) is has
