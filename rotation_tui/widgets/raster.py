"""From values to dots: where each value of a line stands, and the line between."""

import math
from collections.abc import Sequence

from msgspec import Struct

from rotation_tui.widgets.axis import is_flat
from rotation_tui.widgets.glyphs import BRAILLE_BITS

MOST = 1e100
"""Beyond this the arithmetic of an axis overflows."""

Dot = tuple[int, int]
Bits = list[list[int]]
"""A line's dots by row and column: of a braille character its bits, in ASCII 1; 0 is nothing."""


class Field(Struct, frozen=True):
    """The room that lines are drawn in, in characters of `across` x `up` dots, and where each value stands.

    The topmost `headroom` lines stay free of values, which run from `low` to `high`.
    """

    columns: int
    lines: int
    points: int
    low: float
    high: float
    log: bool
    across: int
    up: int
    headroom: int = 0

    @property
    def size(self) -> Dot:
        return self.columns * self.across, self.lines * self.up

    def x(self, point: int) -> int:
        """Column of dots of a point; the last one stands at the right edge."""
        last = self.size[0] - 1
        return last if self.points < 2 else (2 * point * last + self.points - 1) // (2 * (self.points - 1))

    def first(self, x: int) -> int:
        """The first point at or right of a column of dots."""
        last = self.size[0] - 1
        if self.points < 2 or last < 1:
            return 0 if x <= last else self.points
        return max(0, min(self.points, -((1 - 2 * x) * (self.points - 1) // (2 * last))))

    def y(self, value: float) -> int:
        """Line of dots, from the lowest; a flat chart lies in the middle."""
        top = (self.lines - self.headroom) * self.up - 1
        low, high, value = (math.log(v) if self.log else v for v in (self.low, self.high, value))
        share = 0.5 if is_flat(low, high) else (value - low) / (high - low)
        return max(0, min(top, round(share * top)))

    def row(self, value: float) -> int:
        """Line of characters, from the top."""
        return self.lines - 1 - self.y(value) // self.up


def drawable(values: Sequence[float | None], *, log: bool) -> tuple[float | None, ...]:
    """The values that have a place, None for all others: no larger than `MOST`, nor too small for a logarithm."""
    least = 1 / MOST if log else -MOST
    return tuple(v if v is not None and least <= v <= MOST else None for v in values)


def runs_of(values: Sequence[float | None], room: Field) -> list[list[Dot]]:
    """The dots of each run without a gap: of every column of dots the lowest and the highest, as they came."""
    runs: list[list[Dot]] = [[]]
    for x in range(room.size[0]):
        for value in _extremes(values[room.first(x) : room.first(x + 1)]):
            if value is None:
                runs.append([])
            elif (dot := (x, room.y(value))) not in runs[-1][-1:]:
                _lengthen(runs[-1], dot)
    return [run for run in runs if run]


def _lengthen(run: list[Dot], dot: Dot) -> None:
    """Add a dot, in place of the last one where the line goes straight on."""
    if len(run) > 1:
        (x, y), (u, v) = run[-2:]
        if (u - x) * (dot[1] - v) == (v - y) * (dot[0] - u) and (v - y) * (dot[1] - v) >= 0 and dot[0] > u > x:
            run.pop()
    run.append(dot)


def _extremes(values: Sequence[float | None]) -> Sequence[float | None]:
    """The lowest and the highest of many, in their order; all of them where there are gaps or no more than two."""
    if len(values) < 3 or None in values:
        return values
    known = [v for v in values if v is not None]
    low, high = min(known), max(known)
    return (low, high) if known.index(low) < known.index(high) else (high, low)


def draw(runs: Sequence[Sequence[Dot]], room: Field, *, braille: bool) -> Bits:
    """The dots of one line, each run joined by straight lines."""
    drawn = [[0] * room.columns for _ in range(room.lines)]
    for run in runs:
        for a, b in zip(run, run[1:] or run, strict=False):
            steps = max(abs(b[0] - a[0]), abs(b[1] - a[1]), 1)
            for step in range(steps + 1):
                x = round(a[0] + (b[0] - a[0]) * step / steps)
                y = round(a[1] + (b[1] - a[1]) * step / steps)
                bit = BRAILLE_BITS[x % 2][y % 4] if braille else 1
                drawn[room.lines - 1 - y // room.up][x // room.across] |= bit
    return drawn
