"""Moves of the central bank's target range, told both ways: cuts and rises, what they come to, and the last one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.wording import signed

_LEAST_PP = 0.01
"""What differs by less is the same rate: it is published in hundredths."""
_BASE_GAP_DAYS = 7
"""A rate older than that at the year's start is no base of the year (METHODOLOGY.md#claim-c11)."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Decisions of one year that moved the rate, whatever their size.

    `net_pp` is the last value less the one at the year's start, in percentage points, None where that is not
    known. `last_day` is the first day of the last move's rate, of whatever year, `last_pp` its size; None where no
    move is on record.
    """

    year: int
    cuts: int
    rises: int
    net_pp: float | None
    last_day: date | None
    last_pp: float | None

    @property
    def net_bp(self) -> str | None:
        """The net in basis points with its sign."""
        return None if self.net_pp is None else f"{signed(100 * self.net_pp, 0)}"

    @property
    def last_bp(self) -> str | None:
        """The last move in basis points with its sign."""
        return None if self.last_pp is None else f"{signed(100 * self.last_pp, 0)}"

    @property
    def counted(self) -> str:
        """ "2 cuts 1 rise", empty in a year without a move."""
        told = [(self.cuts, "cut"), (self.rises, "rise")]
        return " ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in told if count)


def moves_of(rates: Iterable[tuple[date, float]]) -> Moves | None:
    """Moves in the year of the last of ascending daily `rates` in percent; None without any."""
    base: float | None = None
    before: tuple[date, float] | None = None
    found: list[tuple[date, float]] = []
    for day, rate in rates:
        if before is not None:
            if abs(rate - before[1]) >= _LEAST_PP:
                found.append((day, rate - before[1]))
            if day.year != before[0].year:
                near = (date(day.year, 1, 1) - before[0]).days <= _BASE_GAP_DAYS + 1
                base = before[1] if near else None
        before = day, rate
    if before is None:
        return None
    year = before[0].year
    own = [move for day, move in found if day.year == year]
    last_day, last_pp = found[-1] if found else (None, None)
    net = None if base is None else before[1] - base
    return Moves(year, sum(m < 0 for m in own), sum(m > 0 for m in own), net, last_day, last_pp)
