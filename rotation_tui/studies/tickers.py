"""One symbol's completed bars in short, its record, and how an index and its fund agree; plain Python, so that the
first paint can afford it.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from math import sqrt
from statistics import median

from msgspec.structs import replace

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.packed import part
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Base, Record, TickerStudy, Tracking
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.window import Window
from rotation_tui.studies.lines import MEAN, SESSIONS, STEP, in_steps, running_means
from rotation_tui.studies.returns import row_of, windows_at

VOLUME_SESSIONS = 21
YEAR = 252
VOLUME_KNOWN = 17  # 80 % of the 21 sessions, the share that every partly known window needs
REST_SESSIONS = 21
REACH_PCT = 5.0  # over three standard deviations of a day of small caps
_REST_RANGE_PCT = 8.0
_REST_FROM_PCT, _REST_TO_PCT = -8.0, -1.0
TRACKED_SESSIONS = 21
APART_PP = 0.5
"""Difference of returns beyond which the fund's fee cannot be the reason (METHODOLOGY.md#windows)."""
FUNDS = {"RUT": "IWM", "SPX": "SPY", "NDX": "QQQ", "DJI": "DIA"}
"""Index and the fund that follows it."""


def study_ticker(bars: Bars, calendar: Calendar, *, spark: bool = True) -> TickerStudy:
    """Bases, record and traded value of one symbol, from completed bars only.

    Bases are given for a quote of the last completed session and for one of the session after it. Without `spark`
    the closes for a line of two years are left out: 16 KB a symbol, and only tickers are drawn with one. Raises
    RefusedValueError where there are no bars and CalendarRange where the session table has no next session.
    """
    if not bars.dates:
        raise RefusedValueError(f"{bars.symbol}: no completed bars")
    last = bars.dates[-1]
    closes = bars.closes_in(slice(-(SESSIONS + MEAN - 1), None)) if spark else ()
    means = running_means(closes, MEAN)[-SESSIONS:]
    by_session: dict[date, dict[Window, Base | None]] = {}
    gaps: dict[date, dict[Window, date]] = {}
    for session in (last, calendar.next(last)):
        rows, gaps[session] = windows_at(bars.dates, session, calendar)
        by_session[session] = {
            window: None if row is None else Base(bars.dates[row], bars.close(row)) for window, row in rows.items()
        }
    return TickerStudy(
        symbol=bars.symbol,
        basis=bars.basis,
        source=bars.source,
        first=bars.dates[0],
        last_session=last,
        last_close=bars.close(-1),
        bases=by_session,
        record=None if bars.outline else record(bars, calendar),
        spark=closes[-SESSIONS:],
        median_dollar_volume=median_dollar_volume(bars),
        gaps=gaps,
        mean_200d=means[-1] if len(closes) >= MEAN else None,
        mean_line=in_steps(means, STEP) if len(closes) >= MEAN else (),
        year_range=year_range(bars),
        volume=_last_volume(bars),
        dividend=bars.dividends[-1] if bars.dividends else None,
    )


def year_range(bars: Bars | None) -> tuple[float, float] | None:
    """Lowest and highest of the last 252 closes; None with fewer, or where none differs."""
    if bars is None or len(bars) < YEAR:
        return None
    year = bars.closes_in(slice(-YEAR, None))
    low, high = min(year), max(year)
    return (low, high) if low < high else None


def _last_volume(bars: Bars) -> float | None:
    """Shares traded in the last session; an index has none."""
    last = part(bars, "volumes", slice(-1, None))
    return last[0] if last else None


def median_dollar_volume(bars: Bars) -> float | None:
    """Median of close times volume over the last 21 sessions, in dollars.

    None with fewer than 21 bars or fewer than 17 known volumes; a session without trades counts as 0.
    """
    last = slice(-VOLUME_SESSIONS, None)
    volumes = part(bars, "volumes", last)
    if volumes is None or len(bars) < VOLUME_SESSIONS:
        return None
    recent = zip(bars.closes_in(last), volumes, strict=True)
    traded = [close * volume for close, volume in recent if volume is not None]
    return median(traded) if len(traded) >= VOLUME_KNOWN else None


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


def tracking_pp(index: Bars, fund: Bars, calendar: Calendar) -> float | None:
    """Price return of the fund less that of the index over the last 21 sessions, in pp.

    None where the closes are on different bases, end on different sessions, or one of the two sessions is missing.
    """
    if index.basis is not fund.basis or not index.dates or not fund.dates or index.dates[-1] != fund.dates[-1]:
        return None
    last = index.dates[-1]
    if not calendar.first <= index.dates[max(0, len(index) - TRACKED_SESSIONS - 1)] <= last <= calendar.last:
        return None
    start = calendar.offset(last, -TRACKED_SESSIONS)
    grown = [_growth(bars, start) for bars in (fund, index)]
    return None if grown[0] is None or grown[1] is None else 100.0 * (grown[0] - grown[1])


def _growth(bars: Bars, start: date) -> float | None:
    row = row_of(bars.dates, start)
    return None if row is None else bars.close(-1) / bars.close(row)


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
