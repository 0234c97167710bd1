"""Yahoo's chart replies into prices of minutes."""

from datetime import datetime

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import STEPS, Minutes, Row, in_sessions
from rotation_tui.domain.refusal import plain_text, price
from rotation_tui.domain.session import nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, UnknownSymbol
from rotation_tui.providers.yahoo.quotes import DELAY_S
from rotation_tui.providers.yahoo.wire import SOURCE, Chart, ChartReply, padded, wire_symbol

INTERVALS = {1: "1m", 5: "5m"}
"""Yahoo's word for the rows, by the sessions that are asked for."""


@decode.reader
def minutes(instrument: Instrument, body: bytes, days: int, now: datetime) -> Minutes:
    """Prices in a chart reply; a row without a trade, and one outside the hours of its session, is left out.

    Raises UnknownSymbol for what does not trade at the hours of the New York exchange, and BadReply.
    """
    parts = decode.json(body, ChartReply).chart.parts()
    if not parts:
        raise UnknownSymbol(f"Yahoo has no minutes of {instrument.symbol}")
    chart = decode.convert(parts[0], Chart)
    if chart.meta.symbol != wire_symbol(instrument):
        raise BadReply(f"asked for {wire_symbol(instrument)}, got {plain_text(chart.meta.symbol, 20)}")
    if chart.meta.data_granularity != INTERVALS[days]:
        raise BadReply(f"asked for {INTERVALS[days]}, got rows of {plain_text(str(chart.meta.data_granularity), 10)}")
    if not chart.meta.is_listed:
        raise UnknownSymbol(f"{instrument.symbol} trades at other hours than New York's")
    try:
        rows = in_sessions(_rows(chart), STEPS[days], days, nyse(), now)
        if not rows:
            raise UnknownSymbol(f"Yahoo has no minutes of {instrument.symbol}")
        volumes = tuple(volume for _, _, volume in rows)
        return Minutes(
            symbol=instrument.symbol,
            step_s=STEPS[days],
            times=tuple(at for at, _, _ in rows),
            closes=tuple(close for _, close, _ in rows),
            source=SOURCE,
            fetched_at=now,
            delay_s=DELAY_S[instrument.kind],
            volumes=volumes if any(volumes) else None,
        )
    except (ValueError, OverflowError, OSError) as error:  # refused values, and times out of any range
        raise BadReply(f"{instrument.symbol}: {plain_text(str(error))}") from error


def _rows(chart: Chart) -> list[Row]:
    columns, n, decimals = chart.columns, len(chart.times), chart.meta.decimals
    both = zip(padded("close", columns.close, n), padded("volume", columns.volume, n), strict=True)
    return [
        (at, round(price("price", close), decimals), volume if volume is not None and volume >= 0 else None)
        for at, (close, volume) in zip(chart.times, both, strict=True)
        if close is not None
    ]
