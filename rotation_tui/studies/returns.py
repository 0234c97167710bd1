"""Returns and the closes they start from; plain Python, so that it costs nothing before the first paint.

A value that is missing, zero or negative has no return: the answer is None, never zero (METHODOLOGY.md#conventions).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from rotation_tui.domain.session import Calendar, CalendarRange
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, SESSIONS, Window, nominal_base


def base_row(dates: Sequence[date], session: date, window: Window) -> int | None:
    """Row of the base of a window for a quote of `session`, None where the history has none.

    `dates` ascend. A window in sessions counts rows before `session`; a calendar window takes the last row
    at or before the day it starts from, at most seven days earlier.
    """
    if window in SESSIONS:
        row = bisect_left(dates, session) - SESSIONS[window]
        return row if row >= 0 else None
    nominal = nominal_base(window, session)
    row = bisect_right(dates, nominal) - 1
    return row if row >= 0 and (nominal - dates[row]).days <= MAX_BASE_GAP_DAYS else None


def row_of(dates: Sequence[date], day: date) -> int | None:
    """Row of that very day among ascending dates."""
    row = bisect_left(dates, day)
    return row if row < len(dates) and dates[row] == day else None


def expected_bases(session: date, calendar: Calendar) -> dict[Window, date]:
    """The session that every window of `session` starts from where no row is missing.

    Windows that begin before the session table are left out.
    """
    expected: dict[Window, date] = {}
    # A day without a session stands for the next one; `offset` would count from the one before.
    on = session if calendar.is_session(session) else calendar.next(session)
    for window in Window:
        try:
            if window in SESSIONS:
                expected[window] = calendar.offset(on, -SESSIONS[window])
            else:
                expected[window] = calendar.on_or_before(nominal_base(window, session))
        except CalendarRange:
            continue
    return expected


def windows_at(
    dates: Sequence[date], session: date, calendar: Calendar
) -> tuple[dict[Window, int | None], dict[Window, date]]:
    """Row of the base of every window for a quote of `session`, and the session that bases off or lost should be of.

    A window in sessions begins at the session that the calendar names. Without its row the base is lost: one day
    earlier is another window, and 1D over two days no day's. The base of a calendar window may be off, by seven days
    at most. Outside the session table nothing is judged, and sessions are counted in rows.
    """
    try:
        named = expected_bases(session, calendar)
    except CalendarRange:
        named = {}
    rows: dict[Window, int | None] = {}
    gaps: dict[Window, date] = {}
    for window in Window:
        row, day = base_row(dates, session, window), named.get(window)
        if day is not None and window in SESSIONS:
            row = row_of(dates, day)
            if row is None and day > dates[0]:
                gaps[window] = day
        elif day is not None and row is not None and dates[row] != day:
            if abs((day - dates[row]).days) > MAX_BASE_GAP_DAYS:
                row = None
            else:
                gaps[window] = day
        rows[window] = row
    return rows, gaps


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
