"""Returns and the closes they start from; plain Python, so that it costs nothing before the first paint.

A value that is missing, zero or negative has no return: the answer is None, never zero (METHODOLOGY.md#conventions).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import Base
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


def base_rows(dates: Sequence[date], session: date, calendar: Calendar | None = None) -> dict[Window, int | None]:
    """As `base_row`, for every window; with a calendar a window in sessions begins at the session it names.

    Without that session's row there is none: one day earlier is another window, and 1D over two days no day's.
    """
    rows = {window: base_row(dates, session, window) for window in Window}
    if calendar is None:
        return rows
    for window, expected in _expected(session, calendar).items():
        if window in SESSIONS:
            row = bisect_left(dates, expected)
            rows[window] = row if row < len(dates) and dates[row] == expected else None
    return rows


def _expected(session: date, calendar: Calendar) -> Mapping[Window, date]:
    try:
        return expected_bases(session, calendar)
    except CalendarRange:
        return {}


def bases(bars: Bars, session: date, calendar: Calendar | None = None) -> dict[Window, Base | None]:
    """Base of every window for a quote of `session`; rows from `session` on play no part."""
    return {
        window: None if row is None else Base(bars.dates[row], bars.close(row))
        for window, row in base_rows(bars.dates, session, calendar).items()
    }


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


def off_base(starts: Mapping[Window, date], session: date, calendar: Calendar) -> dict[Window, date]:
    """For windows whose base session is not the one the calendar names: the one it names.

    `starts` gives the base session of the known windows. A day outside the session table is not judged.
    """
    expected = _expected(session, calendar)
    return {w: expected[w] for w, found in starts.items() if w in expected and found != expected[w]}


def lost_bases(
    dates: Sequence[date], found: Mapping[Window, object | None], session: date, calendar: Calendar
) -> dict[Window, date]:
    """For windows in sessions that have no base though the history reaches back that far: the session it lacks."""
    expected = _expected(session, calendar)
    return {w: expected[w] for w in SESSIONS if found[w] is None and w in expected and expected[w] > dates[0]}


def too_far(found: date, expected: date) -> bool:
    """Whether a hole of rows has moved a base so far that it makes another window: one of days is told instead."""
    return abs((expected - found).days) > MAX_BASE_GAP_DAYS


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
