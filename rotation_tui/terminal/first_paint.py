"""The first paint: the last known board on the terminal before Textual is imported.

Textual's import takes longer than everything up to here. The same panes are drawn and the same encoder sends
them, and `terminal.driver` goes on from what then stands on the screen.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.guard import CLEAR_SCREEN, CUT_SHORT, GIVE_BACK
from rotation_tui.terminal.looks import colours, is_colourless, parameters_of
from rotation_tui.terminal.parser import ScreenStream
from rotation_tui.widgets.cells import Row, width_of

if TYPE_CHECKING:
    from rotation_tui.theme.palette import Palette

_log = logging.getLogger(__name__)

TAKE_SCREEN: Final = "\x1b[?1049h"
_HIDE_CURSOR: Final = "\x1b[?25l"
_PATIENCE_S: Final = 0.5


class Opening:
    """What stands on the terminal, and how it was before.

    `encoder` knows the screen, `settings` are the terminal's own from before. `taken` is set by the driver that goes
    on from here, and `given_back` where it has given the terminal back; else leaving `opening` does.
    """

    def __init__(self, settings: list[Any], encoder: FrameEncoder) -> None:
        self.settings = settings
        self.encoder = encoder
        self.taken = False
        self.given_back = False


@contextlib.contextmanager
def opening(rows: Sequence[Row], palette: Palette) -> Iterator[Opening | None]:
    """Draw `rows`, as many and as long as the terminal has room for; None where that is not to be.

    What is typed meanwhile is kept for the program and not echoed. Whatever ends the block early, the terminal
    is given back.
    """
    import termios

    descriptor, screen = sys.__stdin__.fileno(), sys.__stderr__.fileno()  # type: ignore[union-attr]
    try:
        settings = termios.tcgetattr(descriptor)
        encoder, frame = _drawn(rows, palette)
    except Exception as fault:  # Textual draws the same a moment later, and tells what is wrong
        _log.warning("no first paint: %s", fault, exc_info=fault)
        yield None
        return
    opened = Opening(settings, encoder)
    suspends = signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # a shell would get our screen and no echo
    interrupts = signal.getsignal(signal.SIGINT)
    if interrupts is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    try:
        quiet = [*settings[:3], settings[3] & ~termios.ECHO, *settings[4:]]
        termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
        if not _written(screen, (TAKE_SCREEN + _HIDE_CURSOR + frame).encode("utf-8", "replace")):
            encoder.forget()  # how much of it arrives nobody knows
        yield opened
    finally:
        if not opened.given_back:
            signal.signal(signal.SIGTSTP, suspends)
            signal.signal(signal.SIGINT, interrupts)
            with contextlib.suppress(termios.error):
                termios.tcsetattr(descriptor, termios.TCSANOW, settings)
            _written(screen, (CUT_SHORT + CLEAR_SCREEN + GIVE_BACK).encode())


def _interrupted(number: int, _: object) -> NoReturn:
    """End with a code: a KeyboardInterrupt amid an import can end the interpreter by the signal itself."""
    raise SystemExit(128 + number)


def _drawn(rows: Sequence[Row], palette: Palette) -> tuple[FrameEncoder, str]:
    system, colourless = colours(), is_colourless()
    grid = Grid(max(map(width_of, rows), default=0), len(rows))
    stream = ScreenStream(grid)
    for y, row in enumerate(rows):
        stream.read(f"\x1b[{y + 1};1H")
        for span in row:
            codes = "" if system is None else parameters_of(span, palette, system, colour=not colourless)
            stream.read(f"\x1b[{codes}m{span.text}\x1b[0m" if codes else span.text)
    encoder = FrameEncoder()
    return encoder, encoder.frame(grid)


def _written(descriptor: int, data: bytes) -> bool:
    """Whether all of it left in time; a terminal that does not read must not hold the start up."""
    rest, ends = memoryview(data), time.monotonic() + _PATIENCE_S
    while rest:
        if not select.select([], [descriptor], [], max(0.0, ends - time.monotonic()))[1]:
            return False
        with contextlib.suppress(BlockingIOError):
            rest = rest[os.write(descriptor, rest[:1024]) :]
    return True
