"""Two symbols on the sessions that both have: every statistic of a pair is made from these rows."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import unlike
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import Calendar

Array = NDArray[np.float64]


class Pair(Struct, frozen=True, eq=False):
    """Closes of both legs on their common sessions, ascending; never empty.

    `numbers` count the exchange's sessions, so that n sessions back is the same day whatever rows are missing.
    """

    dates: tuple[date, ...]
    small: Array
    large: Array
    basis: Basis
    numbers: Array

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def steps(self) -> Array:
        """For every row but the first whether it is the session right after the row before."""
        one: Array = np.diff(self.numbers) == 1
        return one

    @property
    def whole(self) -> bool:
        """Whether no session is missing between the first row and the last."""
        return bool(self.numbers[-1] - self.numbers[0] == len(self) - 1)

    def row_before(self, sessions: int) -> int | None:
        """The row so many sessions before the last, None where there is none."""
        row = int(np.searchsorted(self.numbers, self.numbers[-1] - sessions))
        return row if self.numbers[row] == self.numbers[-1] - sessions else None

    def lagged(self, values: Array, n: int) -> Array:
        """The value `n` sessions before each row, NaN where that session is missing."""
        out = np.full(len(values), np.nan)
        rows = np.searchsorted(self.numbers, self.numbers - n)
        found = self.numbers[rows] == self.numbers - n
        out[found] = values[rows[found]]
        return out

    def spread(self, n: int) -> Array:
        """Return of small minus return of large over `n` sessions, in percentage points, at every row."""
        spread: Array = (self.small / self.lagged(self.small, n) - self.large / self.lagged(self.large, n)) * 100
        return spread

    def log_change(self, n: int) -> Array:
        """Change of the log ratio over `n` sessions, at every row; 0.01 is about one percentage point."""
        log = self.log_ratio
        change: Array = log - self.lagged(log, n)
        return change

    def daily(self, values: Array) -> Array:
        """`values` from row to row without those over a missing session, which are not of one day."""
        return np.where(self.steps, values, np.nan)

    @property
    def ratio(self) -> Array:
        """Small over large."""
        return self.small / self.large

    @property
    def log_ratio(self) -> Array:
        """Natural logarithm of the ratio."""
        log: Array = np.log(self.small) - np.log(self.large)
        return log


def session_numbers(dates: Sequence[date], calendar: Calendar) -> Array:
    """Ascending days counted in the exchange's sessions; days outside its table are taken for one after the other."""
    count = np.arange(len(dates), dtype=np.float64)
    start, end = bisect_left(dates, calendar.first), bisect_right(dates, calendar.last)
    if start == end:
        return count
    if calendar.count(dates[start], dates[end - 1]) == end - start:
        return count
    sessions = calendar.sessions(dates[start], dates[end - 1])
    all_days = np.fromiter((day.toordinal() for day in sessions), dtype=np.int64, count=len(sessions))
    days = np.fromiter((day.toordinal() for day in dates[start:end]), dtype=np.int64, count=end - start)
    count[start:end] = start + np.searchsorted(all_days, days)
    count[end:] += count[end - 1] - (end - 1)
    return count


def join(small: Bars, large: Bars, calendar: Calendar | None = None) -> Pair:
    """The rows whose sessions both legs have (inner join, nothing filled in).

    Without a calendar every row counts as the session after the one before.

    Raises RefusedValueError where the legs are in different units, one leg holds prices and the other total
    returns, or no session is common.
    """
    mixed = unlike(small.symbol, large.symbol)
    if mixed is not None:
        raise RefusedValueError(mixed)
    if small.basis is not large.basis:
        raise RefusedValueError(
            f"{small.symbol} is on {small.basis} and {large.symbol} on {large.basis} closes: not comparable"
        )
    if not small.dates or not large.dates:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no session in common")
    # Most pairs differ in where they begin and end only, and comparing tuples is cheaper than looking up days.
    first, last = max(small.dates[0], large.dates[0]), min(small.dates[-1], large.dates[-1])
    mine, theirs = (slice(bisect_left(leg.dates, first), bisect_right(leg.dates, last)) for leg in (small, large))
    dates, near, far = small.dates[mine], small.closes_in(mine), large.closes_in(theirs)
    if dates != large.dates[theirs]:
        other = dict(zip(large.dates[theirs], far, strict=True))
        rows = [(d, s, other[d]) for d, s in zip(dates, near, strict=True) if d in other]
        dates, near, far = tuple(r[0] for r in rows), tuple(r[1] for r in rows), tuple(r[2] for r in rows)
    if not dates:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no session in common")
    numbers = np.arange(len(dates), dtype=np.float64) if calendar is None else session_numbers(dates, calendar)
    return Pair(dates, np.array(near, dtype=np.float64), np.array(far, dtype=np.float64), small.basis, numbers)
