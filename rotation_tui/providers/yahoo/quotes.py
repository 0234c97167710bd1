"""Yahoo's spark replies into quotes: which session a price belongs to, and which close came before it.

`previousClose` is the close before the session of `regularMarketPrice`: until the open of a day that is the
close of the session before the last, although yesterday's is known. In the first seconds after an open, and
for funds that have not traded yet, price and previous close may be of different days. The session of the
previous close is therefore told only where the trading period and the calendar agree.
"""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Extended, Quote
from rotation_tui.domain.refusal import plain_text, price
from rotation_tui.domain.session import EASTERN, CalendarRange, Phase, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.yahoo.wire import SOURCE, Chart, Meta, Period, Periods, Spark7, Spark8, may_trade

DELAY_S = {Kind.INDEX: 0, Kind.ETF: 0, Kind.VOLATILITY: 900, Kind.FUTURE: 600}
"""Seconds by which Yahoo is late, measured in October 2026."""

_FUTURES_DAY_BEGINS = time(18)  # New York time, the evening before
_SAME_CLOSE = 1e-4
_SAME_PRICE = 1e-6


@decode.reader
def quote(instrument: Instrument, part: msgspec.Raw, flat: bool, now: datetime) -> Quote:
    """The quote in one part of a spark reply (see `spark_parts`); BadReply where it cannot be trusted."""
    try:
        if flat:
            return _of_flat(instrument, decode.convert(part, Spark8), now)
        charts = decode.convert(part, Spark7).response
        if not charts:
            raise BadReply("no data")
        return _of_chart(instrument, charts[0], now)
    except (ValueError, OverflowError, OSError) as error:  # refused values, and times out of any range
        raise BadReply(plain_text(str(error))) from error


def _of_chart(instrument: Instrument, chart: Chart, now: datetime) -> Quote:
    meta = chart.meta
    if meta.regular_market_price is None or meta.regular_market_time is None:
        raise BadReply("no price")
    as_of = _moment(meta.regular_market_time, now)
    decimals = meta.decimals
    last = round(price("price", meta.regular_market_price), decimals)
    high = meta.regular_market_day_high
    session = _session(instrument, as_of, as_of.astimezone(meta.zone).date(), meta.is_listed)
    before = None if meta.previous_close is None else round(meta.previous_close, decimals)
    certain = _agrees(meta) and _is_certain(meta.current_trading_period, as_of, session, now, before == last)
    return Quote(
        symbol=instrument.symbol,
        price=last,
        as_of=as_of,
        session=session,
        source=SOURCE,
        delay_s=DELAY_S[instrument.kind],
        previous_close=before,
        previous_session=_before(session) if certain and before is not None else None,
        # The day's high can lag behind the price that has just made it.
        day_high=None if high is None else max(round(price("day high", high), decimals), last),
        extended=_extended(instrument, chart, as_of, now),
        name=plain_text(meta.long_name or meta.short_name or "", 60).strip() or None,
    )


def _of_flat(instrument: Instrument, spark: Spark8, now: datetime) -> Quote:
    """v8 says no last price: it is the last bar of the regular session, as old as the bar's beginning.

    The bar at the very end is an index's closing value, but trading after the close for a fund.
    """
    if spark.start is None or spark.end is None:
        raise BadReply("no session and no bars")
    last_second = spark.end - (instrument.kind is Kind.ETF)
    regular = [
        (at, close)
        for at, close in zip(spark.timestamp or (), spark.close or (), strict=False)
        if close is not None and spark.start <= at <= last_second
    ]
    if not regular:
        raise BadReply("no price in the regular session yet")
    at, close = regular[-1]
    as_of = _moment(at, now)
    session = _session(instrument, as_of, as_of.astimezone(EASTERN).date(), instrument.kind is not Kind.FUTURE)
    certain = _is_certain(Periods(Period(spark.start, spark.end)), as_of, session, now, unchanged=False)
    return Quote(
        symbol=instrument.symbol,
        price=round(price("price", close), 4),
        as_of=as_of,
        session=session,
        source=SOURCE,
        delay_s=DELAY_S[instrument.kind],
        previous_close=spark.previous_close,
        previous_session=_before(session) if certain and spark.previous_close is not None else None,
    )


def _moment(seconds: int, now: datetime) -> datetime:
    moment = datetime.fromtimestamp(seconds, UTC)
    if moment > now + CLOCK_SLACK:
        raise BadReply(f"a price of {moment:%Y-%m-%d %H:%M} UTC is in the future; is this clock right?")
    return moment


def _session(instrument: Instrument, as_of: datetime, exchange_day: date, listed: bool) -> date:
    """The exchange's date of a print, BadReply where what is `listed` in New York cannot trade on it.

    The futures' day begins on the evening before, and they trade on some holidays.
    """
    if instrument.kind is not Kind.FUTURE:
        if listed and not may_trade(exchange_day):
            raise BadReply(f"a price of {exchange_day}, which is no session")
        return exchange_day
    local = as_of.astimezone(EASTERN)
    return local.date() + timedelta(days=local.time() >= _FUTURES_DAY_BEGINS)


def _before(session: date) -> date | None:
    try:
        return nyse().previous(session) if nyse().is_session(session) else None
    except CalendarRange:
        return None


def _agrees(meta: Meta) -> bool:
    """Whether Yahoo's own change of the day, where it is given, was made from the same previous close."""
    change, last, before = meta.regular_market_change_percent, meta.regular_market_price, meta.previous_close
    if change is None or last is None or before is None:
        return True
    return abs(before * (1 + change / 100) - last) <= last * _SAME_CLOSE


def _is_certain(periods: Periods | None, as_of: datetime, session: date, now: datetime, unchanged: bool) -> bool:
    """Whether the previous close must be that of the session before `session`.

    Either the price is from Yahoo's current session, which has opened; or that session is still to open,
    and the price is from the one just before it. In the latter case an `unchanged` price may well be
    compared with itself.
    """
    if periods is None:
        return False
    opening = datetime.fromtimestamp(periods.regular.start, UTC)
    current = opening.astimezone(EASTERN).date()
    try:
        if session == current:
            return nyse().is_session(session) and as_of >= max(opening, nyse().open_at(session))
        return not unchanged and now < opening and session == nyse().previous(current)
    except CalendarRange:
        return False


def _extended(instrument: Instrument, chart: Chart, as_of: datetime, now: datetime) -> Extended | None:
    """The last price before the open or after the close, where it is later than the regular one.

    The full day's price is newer than the last bar, but has no time. It counts while its phase runs, as of the last
    bar, or after a close without any bar as of the close: never as newer than it may be.
    """
    meta, periods = chart.meta, chart.meta.current_trading_period
    if instrument.kind is not Kind.ETF or periods is None:
        return None
    newest = meta.fullday_price
    phases = ((periods.pre, Phase.PRE), (periods.post, Phase.POST))
    bars = zip(chart.times, chart.columns.close or (), strict=False)
    for at, close in reversed([(at, close) for at, close in bars if close is not None]):
        if at <= as_of.timestamp():
            break
        for period, phase in phases:
            if period is not None and period.start <= at < period.end:
                runs = newest is not None and newest > 0 and now.timestamp() < period.end
                return Extended(round(newest if runs and newest else close, meta.decimals), _moment(at, now), phase)
        break
    post = periods.post
    if newest is None or newest <= 0 or post is None or not post.start <= now.timestamp() < post.end:
        return None
    if not periods.regular.start <= as_of.timestamp() <= post.start or _same(newest, meta.regular_market_price):
        return None
    return Extended(round(newest, meta.decimals), datetime.fromtimestamp(post.start, UTC), Phase.POST)


def _same(one: float, other: float | None) -> bool:
    return other is not None and abs(one - other) <= abs(other) * _SAME_PRICE
