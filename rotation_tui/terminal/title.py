"""The title of the terminal's window: saved before the first of ours and given back when the terminal is."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from rotation_tui.widgets.cells import cut

SAVE: Final = "\x1b[22;2t"
RESTORE: Final = "\x1b[23;2t"
EVERY_S: Final = 5.0
"""Seconds between two titles at the least: a tab bar that flickers is worse than one that is late."""
_LONGEST: Final = 60
_NAMELESS: Final = ("", "linux", "dumb", "ansi", "cons25", "sun", "eterm")


def has_title(env: Mapping[str, str]) -> bool:
    """Whether the terminal can be trusted to take a title for one: a console would print it, or swallow the screen."""
    kind = env.get("TERM", "").partition("-")[0]
    return kind not in _NAMELESS and not (kind.startswith("vt") and kind[2:].isdigit())


def named(text: str) -> str:
    """What names the window `text`; without whatever the terminal would obey."""
    return f"\x1b]2;{cut(text, _LONGEST)}\x1b\\"


class WindowTitle:
    """Sends a title where it differs from the last one, at most once in EVERY_S; the newest wins."""

    def __init__(self, send: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._send = send
        self._clock = clock
        self._sent = ""
        self._next_at = 0.0
        self._about: object = None
        self._wanted = ""

    def show(self, about: object, words: Callable[[], str]) -> None:
        """Name the window by the words about something, made once for it, if it is time; to be called until it is."""
        if about is not self._about:
            self._about, self._wanted = about, words()
        text = self._wanted
        if text == self._sent or (self._sent and self._clock() < self._next_at):
            return
        self._sent, self._next_at = text, self._clock() + EVERY_S
        self._send(text)
