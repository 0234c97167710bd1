"""What completed months made of a pair; a month is complete at the close of its last session."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec import Struct

from rotation_tui.domain.session import Calendar
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS
from rotation_tui.studies.pair import Array, Pair


class Months(Struct, frozen=True, eq=False):
    """Months of a pair in order. `won` is 1 or 0 and `margins` small less large in pp, NaN where a month has no return.

    `completed` says for each row how many of the months were complete at its close, `of_year` which of the year's
    twelve each month is.
    """

    won: Array
    completed: tuple[int, ...]
    margins: Array
    of_year: tuple[int, ...]

    def hits(self, k: int) -> Array:
        """For each row, how many of the `k` months completed last were won; NaN where one is unknown."""
        out = np.full(len(self.won) + 1, np.nan)
        if len(self.won) >= k:
            out[k:] = np.lib.stride_tricks.sliding_window_view(self.won, k).sum(axis=1)
        return out[np.array(self.completed, dtype=np.intp)]


def months(pair: Pair, calendar: Calendar) -> Months:
    """The months of a pair; a tie is not won.

    The last row's month counts once the calendar says that its last session has closed. A month that ends
    more than seven days before its last day for want of rows has no return, nor has the one after it.
    """
    ends = _month_ends(pair.dates)
    won, margins = np.full(len(ends), np.nan), np.full(len(ends), np.nan)
    for i in range(1, len(ends)):
        before, end = ends[i - 1], ends[i]
        if _follows(pair.dates[before], pair.dates[end]) and _is_end(pair.dates[before]):
            small, large = pair.small[end] / pair.small[before], pair.large[end] / pair.large[before]
            if _is_end(pair.dates[end]):
                won[i], margins[i] = float(small > large), 100 * (small - large)
    completed: list[int] = []
    for i, end in enumerate(ends):
        completed.extend([i] * (end + 1 - len(completed)))
        # From the calendar, not from the row after: that row was not known at this close.
        if _closes_month(pair.dates[end], calendar, end + 1 == len(pair)):
            completed[end] = i + 1
    return Months(won, tuple(completed), margins, tuple(pair.dates[end].month for end in ends))


def _month_ends(dates: Sequence[date]) -> list[int]:
    index = np.fromiter((day.year * 12 + day.month for day in dates), dtype=np.int64, count=len(dates))
    return [*np.flatnonzero(np.diff(index)).tolist(), len(dates) - 1]


def _follows(earlier: date, later: date) -> bool:
    return later.year * 12 + later.month - (earlier.year * 12 + earlier.month) == 1


def _is_end(day: date) -> bool:
    return monthrange(day.year, day.month)[1] - day.day <= MAX_BASE_GAP_DAYS


def _closes_month(day: date, calendar: Calendar, is_last: bool) -> bool:
    if not calendar.first <= day <= calendar.last:
        return not is_last  # outside the session table only the next row can tell
    return calendar.is_last_of_month(day)
