"""Returns and the closes they start from; plain Python, so that it costs nothing before the first paint.

A value that is missing, zero or negative has no return: the answer is None, never zero (quant.md 0b).
"""

import math
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import Base
from rotation_tui.domain.session import Calendar, CalendarRange
from rotation_tui.domain.window import SESSIONS, Window, nominal_base

MAX_BASE_GAP_DAYS = 7
"""A base further from the day it stands for is no base (golden R08)."""


def base_rows(dates: Sequence[date], session: date) -> dict[Window, int | None]:
    """Row of the base of every window for a quote of `session`, None where the history has none.

    `dates` ascend. A window in sessions counts rows before `session`; a calendar window takes the last row
    at or before the last day of the period before, at most seven days earlier.
    """
    before = bisect_left(dates, session)
    rows: dict[Window, int | None] = {}
    for window in Window:
        if window in SESSIONS:
            row = before - SESSIONS[window]
            rows[window] = row if row >= 0 else None
        else:
            nominal = nominal_base(window, session)
            row = bisect_right(dates, nominal) - 1
            near = row >= 0 and (nominal - dates[row]).days <= MAX_BASE_GAP_DAYS
            rows[window] = row if near else None
    return rows


def bases(bars: Bars, session: date) -> dict[Window, Base | None]:
    """Base of every window for a quote of `session`; rows from `session` on play no part."""
    return {
        window: None if row is None else Base(bars.dates[row], bars.close(row))
        for window, row in base_rows(bars.dates, session).items()
    }


def days_off(starts: Mapping[Window, date], session: date, calendar: Calendar) -> dict[Window, int]:
    """For windows whose base session is not the one the calendar names: by how many days it misses.

    `starts` gives the base session of the known windows. A day outside the session table is not judged.
    """
    off: dict[Window, int] = {}
    for window, found in starts.items():
        try:
            if window in SESSIONS:
                # A day without a session stands for the next one; `offset` would count from the one before.
                on = session if calendar.is_session(session) else calendar.next(session)
                expected = calendar.offset(on, -SESSIONS[window])
            else:
                expected = calendar.on_or_before(nominal_base(window, session))
        except CalendarRange:
            continue
        if found != expected:
            off[window] = abs((expected - found).days)
    return off


def change_pct(base: float | None, last: float | None) -> float | None:
    """Return from `base` to `last` in percent; None unless both are finite prices above zero."""
    if base is None or last is None or not (math.isfinite(base) and math.isfinite(last)):
        return None
    if base <= 0 or last <= 0:
        return None
    return (last / base - 1) * 100


def spread_pp(
    small_base: float | None, small: float | None, large_base: float | None, large: float | None
) -> float | None:
    """Return of small minus return of large in percentage points; both legs are compounded first."""
    ahead, behind = change_pct(small_base, small), change_pct(large_base, large)
    return None if ahead is None or behind is None else ahead - behind


def compounded_pct(returns_pct: Sequence[float]) -> float:
    """What a row of returns in percent makes together, in percent."""
    return (math.prod(1 + r / 100 for r in returns_pct) - 1) * 100


def valid_to_valid(values: Sequence[float | None]) -> list[float | None]:
    """Return of each row over the last valid row before it, in percent; nothing is filled in.

    A row without a price above zero, and the first one, has none; a return may thus span several sessions.
    """
    out: list[float | None] = []
    earlier: float | None = None
    for value in values:
        valid = value is not None and math.isfinite(value) and value > 0
        out.append(change_pct(earlier, value) if valid else None)
        earlier = value if valid else earlier
    return out


def split_adjusted(closes: Sequence[float], splits: Sequence[float]) -> list[float]:
    """Raw closes on the last row's share count; `splits` holds 2 on the session of a 2:1 split, else 1."""
    out = list(closes)
    factor = 1.0
    for row in range(len(out) - 1, -1, -1):
        out[row] /= factor
        factor *= splits[row]
    return out


def total_return_closes(closes: Sequence[float], dividends: Sequence[float]) -> list[float]:
    """Split-adjusted closes with dividends put back, the last row unchanged (the Yahoo and CRSP form).

    `dividends` are cash per share on their ex-session, 0 elsewhere; rows before one are multiplied by
    1 - dividend / previous close.
    """
    out = list(closes)
    factor = 1.0
    for row in range(len(out) - 1, 0, -1):
        out[row] *= factor
        factor *= 1 - dividends[row] / closes[row - 1]
    if out:
        out[0] *= factor
    return out


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
