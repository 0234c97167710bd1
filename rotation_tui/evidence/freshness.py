"""Since when an observation is known, and how old a value may be before it is UNKNOWN."""

from datetime import date

from rotation_tui.domain.observation import Observations
from rotation_tui.domain.series import SERIES, TimeSpan
from rotation_tui.domain.session import Calendar

CLOSE = TimeSpan(2, "sessions")
"""Greatest age of a daily close (METHODOLOGY.md#states)."""


def known(series: Observations, as_of: date, calendar: Calendar) -> Observations:
    """The observations published by `as_of`: those whose date plus the series' lag is not later."""
    return series.until(SERIES[series.series_id].newest_known(as_of, calendar))


def overdue(as_of: date, today: date, limit: TimeSpan, calendar: Calendar) -> str | None:
    """The age in words where a value of `as_of` is older on `today` than `limit`, else None."""
    in_days = limit.unit == "days"
    age = (today - as_of).days if in_days else calendar.age(max(as_of, calendar.first), today)
    return f"stale: {age} {limit.unit} old, limit {limit.count}" if age > limit.count else None
