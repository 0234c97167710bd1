"""Record closes and the rest after them; plain Python."""

from bisect import bisect_left
from datetime import date
from math import sqrt

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Record
from rotation_tui.domain.session import Calendar

REST_SESSIONS = 21
REACH_PCT = 5.0  # over three standard deviations of a day of small caps
_REST_RANGE_PCT = 8.0
_REST_FROM_PCT, _REST_TO_PCT = -8.0, -1.0


def record(bars: Bars, calendar: Calendar) -> Record:
    """The highest close of `bars`; a close that equals an earlier record is a new one (METHODOLOGY.md#records).

    Sessions since it are those of the exchange, also where rows are missing in between. The
    intraday record is the highest known high, None where highs are missing at the record itself.
    Where sessions without a row may have had a higher close, the record counts them.
    Raises RefusedValueError where there are no bars.
    """
    if not bars.dates:
        raise RefusedValueError(f"{bars.symbol}: no completed bars")
    closes = bars.closes
    close = max(closes)
    last = len(closes) - 1
    row = next(i for i in range(last, -1, -1) if closes[i] == close)
    intraday = intraday_session = None
    if bars.highs is not None:
        known = [(high, day) for high, day in zip(bars.highs, bars.dates, strict=True) if high is not None]
        if known and max(known)[0] >= close:
            intraday, intraday_session = max(known)
    holes = _holes(bars, row, calendar)
    return Record(
        close=close,
        session=bars.dates[row],
        first=bars.dates[0],
        sessions_since=calendar.passed(bars.dates, row, last),
        intraday=intraday,
        intraday_session=intraday_session,
        consolidating=_resting(closes, close),
        missing=len(holes),
        missing_from=holes[0] if holes else None,
    )


def _holes(bars: Bars, row: int, calendar: Calendar) -> list[date]:
    """Sessions without a row that may hide a higher close than the record, which is at `row`; ascending.

    After the record every one may. Before it one may whose closes around it are near the record: within REACH_PCT
    times the root of the sessions that are missing there, for moves grow with the root of time. Days outside the
    table of sessions are not known to be any.
    """
    dates, closes = bars.dates, bars.closes
    start, last = bisect_left(dates, calendar.first), len(dates) - 1
    if start > last or calendar.passed(dates, start, last) == last - start:  # so for nearly every history
        return []
    found: list[date] = []
    for at in range(start, last):
        if calendar.passed(dates, at, at + 1) > 1:
            between = calendar.sessions(dates[at], dates[at + 1])
            gone = [day for day in between if dates[at] < day < dates[at + 1]]
            below = (closes[row] / max(closes[at], closes[at + 1]) - 1) * 100
            if at >= row or below <= REACH_PCT * sqrt(len(gone)):
                found += gone
    return found


def _resting(closes: tuple[float, ...], record_close: float) -> bool | None:
    """Whether the last close is 1 to 8 % below the record and 21 closes span less than 8 % of their mean."""
    if len(closes) < REST_SESSIONS:
        return None
    below = (closes[-1] / record_close - 1) * 100
    recent = closes[-REST_SESSIONS:]
    span = (max(recent) - min(recent)) / (sum(recent) / REST_SESSIONS) * 100
    return _REST_FROM_PCT < below <= _REST_TO_PCT and span < _REST_RANGE_PCT
