"""One symbol's completed bars in short; plain Python, so that the first paint can afford it."""

from datetime import date
from statistics import median

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Base, TickerStudy
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.window import Window
from rotation_tui.studies.records import record
from rotation_tui.studies.returns import bases, lost_bases, off_base, too_far

SPARK_CLOSES = 504
VOLUME_SESSIONS = 21
VOLUME_KNOWN = 17  # 80 % of the 21 sessions, the share that every partly known window needs


def study_ticker(bars: Bars, calendar: Calendar, *, spark: bool = True) -> TickerStudy:
    """Bases, record and traded value of one symbol, from completed bars only.

    Bases are given for a quote of the last completed session and for one of the session after it. Without `spark`
    the closes for a line of two years are left out: 16 KB a symbol, and only tickers are drawn with one. Raises
    RefusedValueError where there are no bars and CalendarRange where the session table has no next session.
    """
    if not bars.dates:
        raise RefusedValueError(f"{bars.symbol}: no completed bars")
    last = bars.dates[-1]
    by_session: dict[date, dict[Window, Base | None]] = {}
    gaps: dict[date, dict[Window, date]] = {}
    for session in (last, calendar.next(last)):
        found = bases(bars, session, calendar)
        starts = {window: base.session for window, base in found.items() if base is not None}
        off = off_base(starts, session, calendar)
        gone = {window for window, expected in off.items() if too_far(starts[window], expected)}
        by_session[session] = {w: None if w in gone else base for w, base in found.items()}
        gaps[session] = {window: expected for window, expected in off.items() if window not in gone}
        gaps[session] |= lost_bases(bars.dates, found, session, calendar)
    return TickerStudy(
        symbol=bars.symbol,
        basis=bars.basis,
        source=bars.source,
        first=bars.dates[0],
        last_session=last,
        last_close=bars.close(-1),
        bases=by_session,
        record=record(bars, calendar),
        spark=bars.closes_in(slice(-SPARK_CLOSES, None)) if spark else (),
        median_dollar_volume=median_dollar_volume(bars),
        gaps=gaps,
    )


def median_dollar_volume(bars: Bars) -> float | None:
    """Median of close times volume over the last 21 sessions, in dollars.

    None with fewer than 21 bars or fewer than 17 known volumes; a session without trades counts as 0.
    """
    if bars.volumes is None or len(bars) < VOLUME_SESSIONS:
        return None
    recent = zip(bars.closes_in(slice(-VOLUME_SESSIONS, None)), bars.volumes[-VOLUME_SESSIONS:], strict=True)
    traded = [close * volume for close, volume in recent if volume is not None]
    return median(traded) if len(traded) >= VOLUME_KNOWN else None
