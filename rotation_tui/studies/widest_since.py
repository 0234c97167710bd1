"""How unusual today's margin is, by five meanings of "widest margin" (METHODOLOGY.md#widest)."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import numpy as np
from msgspec.structs import replace

from rotation_tui.domain.results import SAME_AS_CALENDAR, WidestSince
from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, Window
from rotation_tui.studies.pair import Array, Pair
from rotation_tui.studies.relative_strength import streaks
from rotation_tui.studies.returns import base_row, spread_pp

_DECADE = 10.0
_DAYS_A_YEAR = 365.25


def widest_since(pair: Pair) -> dict[str, WidestSince]:
    """Today's margin by each definition and the last session that had one as large."""
    return {
        "CAL": _calendar(pair, Window.YTD),
        "HALF": _half(pair),
        "ROLL126": _rolling(pair, 126),
        "ROLL252": _rolling(pair, 252),
        "STREAK": _streak(pair),
    }


def search(
    today: date, value: float | None, judged: float | None, dates: Sequence[date], earlier: Sequence[float]
) -> WidestSince:
    """Look for the last of the `earlier` values (on `dates`, ascending) at least as large as `judged`.

    A record is over a decade only with more than ten years searched; with fewer nobody can tell, and
    `over_a_decade` is None. `judged` is not looked at where small caps do not lead.
    """
    first = dates[0] if dates else None
    if value is not None and value <= 0:
        return WidestSince(value, judged, None, first, None, False, False, "no margin: small lag")
    if value is None or judged is None:
        return WidestSince(value, judged, None, first, None, False, None, "history too short")
    if first is None:
        return WidestSince(value, judged, None, None, None, False, None, "nothing earlier to compare with")
    since = next((d for d, x in zip(reversed(dates), reversed(earlier), strict=True) if x >= judged), None)
    years = (today - (since or first)).days / _DAYS_A_YEAR
    if since is not None:
        return WidestSince(value, judged, since, first, years, False, years > _DECADE)
    if years > _DECADE:
        return WidestSince(value, judged, None, first, years, True, True)
    return WidestSince(value, judged, None, first, years, True, None, f"only {years:.1f} years searched")


def _calendar(pair: Pair, window: Window) -> WidestSince:
    """The period to date, against the same period to the same calendar day of earlier years."""
    today = pair.dates[-1]
    days, values = [], []
    for year in range(pair.dates[0].year, today.year):
        day = date(year, today.month, min(today.day, monthrange(year, today.month)[1]))
        row = bisect_right(pair.dates, day) - 1
        if row >= 0 and (day - pair.dates[row]).days <= MAX_BASE_GAP_DAYS:
            value = _to_date(pair, window, row, day)
            if value is not None:
                days.append(pair.dates[row])
                values.append(value)
    value = _to_date(pair, window, len(pair) - 1, today)
    return search(today, value, value, days, values)


def _half(pair: Pair) -> WidestSince:
    """The half-year to date; until the end of June it is the year to date, and no answer of its own."""
    found = _calendar(pair, Window.HALF)
    if pair.dates[-1].month > 6:
        return found
    return replace(found, over_a_decade=None, note=SAME_AS_CALENDAR)


def _to_date(pair: Pair, window: Window, row: int, day: date) -> float | None:
    base = base_row(pair.dates, day, window)
    if base is None or base >= row:
        return None
    return spread_pp(float(pair.small[base]), float(pair.small[row]), float(pair.large[base]), float(pair.large[row]))


def _rolling(pair: Pair, n: int) -> WidestSince:
    """The spread over the last n sessions, at every session that has one."""
    values = pair.spread(n)[n:]
    known = ~np.isnan(values)
    if len(values) == 0 or not known[-1]:
        return of_episode((), values[:0])
    days = pair.dates[n:]
    if not known.all():
        days = tuple(day for day, there in zip(days, known.tolist(), strict=True) if there)
    return of_episode(days, values[known])


def of_episode(dates: Sequence[date], values: Array) -> WidestSince:
    """The highest value of the present episode, against every value before the episode began.

    An episode is a run of sessions with a value above 0: a margin is never said to be the widest
    since an earlier day of its own run. `values` belong to `dates`, the last one is today's; NaN ends a run.
    """
    if len(values) == 0 or np.isnan(values[-1]):
        return search(dates[-1] if dates else date.min, None, None, (), ())
    apart = np.flatnonzero(~(values > 0))
    start = int(apart[-1]) + 1 if len(apart) else 0
    today, value = dates[-1], float(values[-1])
    if start == len(values):
        return search(today, value, None, dates[:-1], values[:-1].tolist())
    return search(today, value, float(values[start:].max()), dates[:start], values[:start].tolist())


def _streak(pair: Pair) -> WidestSince:
    """Sessions in a row in which small beat large."""
    lengths = streaks(_daily_lead(pair))
    if len(lengths) == 0:
        return search(pair.dates[-1], None, None, (), ())
    value = float(lengths[-1])
    dates = [day for day, known in zip(pair.dates[1:], pair.steps, strict=True) if known]
    return search(pair.dates[-1], value, value, dates[:-1], lengths[:-1].tolist())


def _daily_lead(pair: Pair) -> Array:
    return pair.daily(np.diff(pair.small) / pair.small[:-1] - np.diff(pair.large) / pair.large[:-1])
