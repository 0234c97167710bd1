"""Replays what the screen driver sends into a terminal emulator and compares."""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache
from typing import Any, Final

import pyte
from textual.app import App

from rotation_tui.terminal.driver import ScreenDriver
from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.sgr import Style, change

_MOST_FAULTS: Final = 20


class ScreenCheck:
    """A terminal that shows the frames; `faults` says where it differs from what was wanted."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._frames = 0
        self._screen: Any = None
        self._stream: Any = None

    def forget(self) -> None:
        """Show anything: the next frame must draw every cell."""
        self._screen = None

    def replay(self, frame: str, wanted: Grid) -> None:
        """Show a frame and note the first cell that is not as wanted."""
        self._frames += 1
        if self._screen is None or (self._screen.columns, self._screen.lines) != (wanted.width, wanted.height):
            self._screen, self._stream = _emulator(wanted.width, wanted.height)
            self._stream.feed("\x1b[31;42;1m" + "?" * (wanted.width * wanted.height))
        self._stream.feed(frame)
        fault = first_difference(self._screen, wanted)
        if fault is not None and len(self.faults) < _MOST_FAULTS:
            self.faults.append(f"frame {self._frames}: {fault}")


class _CheckedEncoder(FrameEncoder):
    def __init__(self, check: ScreenCheck) -> None:
        super().__init__()
        self._check = check

    def forget(self) -> None:
        self._check.forget()
        super().forget()

    def frame(self, wanted: Grid, cursor: tuple[int, int] | None = None) -> str:
        frame = super().frame(wanted, cursor)
        self._check.replay(frame, wanted)
        return frame


class CheckedDriver(ScreenDriver):
    """The screen driver, each frame compared with what was wanted; the differences are told at the end."""

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self.check = ScreenCheck()
        self._encoder = _CheckedEncoder(self.check)

    def close(self) -> None:
        super().close()
        for fault in self.check.faults:
            print(f"screen driver: {fault}", file=sys.__stderr__)


def first_difference(screen: Any, wanted: Grid) -> str | None:
    """The first cell of a pyte screen that is not as wanted, in words."""
    for y in range(wanted.height):
        for x in range(wanted.width):
            shown = screen.buffer[y][x]
            expected = _attributes(wanted.styles[y][x]._replace(link=""))._replace(data=wanted.chars[y][x])
            same_character = _composed(shown.data) == _composed(expected.data)
            if not same_character or shown._replace(data="") != expected._replace(data=""):
                return f"({x}, {y}) shows {shown}, wanted {expected}"
    return None


@lru_cache(1024)
def _attributes(style: Style) -> Any:
    screen, stream = _emulator(2, 1)
    stream.feed(change(None, style) + "x")
    return screen.buffer[0][0]


def _emulator(width: int, height: int) -> tuple[Any, Any]:
    screen = pyte.Screen(width, height)
    return screen, pyte.Stream(screen)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
