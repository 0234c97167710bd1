"""Whether an index and the fund that follows it still say the same; plain Python."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import TickerStudy, Tracking
from rotation_tui.domain.session import Calendar

SESSIONS = 21
APART_PP = 0.5
"""Difference of returns beyond which the fund's fee cannot be the reason (METHODOLOGY.md#windows)."""
FUNDS = {"RUT": "IWM", "SPX": "SPY", "NDX": "QQQ", "DJI": "DIA"}
"""Index and the fund that follows it."""


def tracking_pp(index: Bars, fund: Bars, calendar: Calendar) -> float | None:
    """Price return of the fund less that of the index over the last 21 sessions, in pp.

    None where the closes are on different bases, end on different sessions, or one of the two sessions is missing.
    """
    if index.basis is not fund.basis or not index.dates or not fund.dates or index.dates[-1] != fund.dates[-1]:
        return None
    last = index.dates[-1]
    if not calendar.first <= index.dates[max(0, len(index) - SESSIONS - 1)] <= last <= calendar.last:
        return None
    start = calendar.offset(last, -SESSIONS)
    grown = [_growth(bars, start) for bars in (fund, index)]
    return None if grown[0] is None or grown[1] is None else 100.0 * (grown[0] - grown[1])


def _growth(bars: Bars, start: date) -> float | None:
    row = bisect_left(bars.dates, start)
    found = row < len(bars) and bars.dates[row] == start
    return bars.close(-1) / bars.close(row) if found else None


def with_tracking(
    studies: Mapping[str, TickerStudy], bars: Mapping[str, Bars], calendar: Calendar
) -> dict[str, TickerStudy]:
    """The studies, with what index and fund are apart on both where that is too much."""
    noted = dict(studies)
    for index, fund in FUNDS.items():
        if index not in noted or fund not in noted or index not in bars or fund not in bars:
            continue
        apart = tracking_pp(bars[index], bars[fund], calendar)
        if apart is not None and abs(apart) > APART_PP:
            noted[index] = replace(noted[index], tracking=Tracking(fund, -apart))
            noted[fund] = replace(noted[fund], tracking=Tracking(index, apart))
    return noted
