"""What a program's bytes did to the screen, found afterwards by replaying them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.terminal.emulator import Emulator

END_OF_FRAME = b"\x1b[6n"
"""The question for the cursor's position that ends each frame of the program's own driver."""

_FIGURE = re.compile(r"[^\s│|]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One frame's length in bytes, the figures it changed, and the lines (from 0) they stand in.

    A figure is what stands between blanks: a price, a change, a word, a sparkline.
    """

    length: int
    figures: int
    lines: frozenset[int]


def frames(raw: bytes) -> int:
    """How many frames the own driver has sent."""
    return raw.count(END_OF_FRAME)


def changes(before: bytes, after: bytes, columns: int, rows: int) -> Iterator[Change]:
    """The frames of `after`, sent to a terminal that has shown `before`."""
    terminal = Emulator(columns, rows)
    terminal.feed(before)
    shown = terminal.lines()
    for piece in after.split(END_OF_FRAME):
        terminal.feed(piece)
        wanted = terminal.lines()
        counts = {y: _differing(shown[y], wanted[y]) for y in range(rows) if shown[y] != wanted[y]}
        if piece:
            yield Change(len(piece) + len(END_OF_FRAME), sum(counts.values()), frozenset(counts))
        shown = wanted


def final(raw: bytes, columns: int, rows: int) -> list[str]:
    """The screen after everything that was written."""
    terminal = Emulator(columns, rows)
    terminal.feed(raw)
    return terminal.lines()


def _differing(old: str, new: str) -> int:
    """Figures of a line that are not what stood in their place; at least one, for the line differs."""
    width = max(len(old), len(new))
    old, new = old.ljust(width), new.ljust(width)
    return max(1, sum(old[m.start() : m.end()] != m[0] for m in _FIGURE.finditer(new)))
