"""Yahoo's replies into daily bars: charts of one symbol, and sparks of many as outlines."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from math import inf

import msgspec
from msgspec import Struct

from rotation_tui.domain.bars import Bars, Basis, Dividend, Split, all_splits, last_dividends
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.refusal import plain_text, price
from rotation_tui.domain.session import nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, UnknownSymbol
from rotation_tui.providers.yahoo.wire import (
    SOURCE,
    Chart,
    ChartReply,
    Numbers,
    Spark7,
    SparkParts,
    may_trade,
    padded,
    wire_symbol,
    without_noise,
)

_SAME_CLOSE = 1e-4
_DAILY = 0.9
"""Share of the sessions that rows of days have: over the longest spans a spark calls days what are weeks or months."""

OutlinesFound = tuple[list[Bars], dict[str, str]]
"""Outlines, and for each symbol that has none, why."""


class _Row(Struct, frozen=True, gc=False):
    day: date
    close: float
    open: float | None
    high: float | None
    low: float | None
    volume: float | None
    adjusted: float | None


@decode.reader
def bars(instrument: Instrument, body: bytes, since: date | None, now: datetime) -> tuple[Bars, ...]:
    """Daily bars in a chart reply, from `since`: prices, and for funds total-return closes beside them.

    Rows of days without a session are left out (Yahoo repeats volatility indexes on holidays), and so are
    rows without a close; of two rows of one session the later stands. Index closes are rounded to the
    decimals that are published. Raises UnknownSymbol or BadReply.
    """
    parts = decode.json(body, ChartReply).chart.parts()
    if not parts:
        raise UnknownSymbol(f"Yahoo has no history of {instrument.symbol}")
    return _of_chart(instrument, decode.convert(parts[0], Chart), since, now)


@decode.reader
def outlines(parts: SparkParts, instruments: Iterable[Instrument], now: datetime) -> OutlinesFound:
    """Closes in a spark of days, read as a chart's are; what is wrong with one symbol spoils no other."""
    found: list[Bars] = []
    missing: dict[str, str] = {}
    for instrument in instruments:
        part, flat = parts.get(wire_symbol(instrument), (None, False))
        if part is None or flat:
            missing[instrument.symbol] = "Yahoo does not carry it"
            continue
        try:
            found.append(_outline(instrument, part, now))
        except (BadReply, UnknownSymbol) as bad:
            missing[instrument.symbol] = str(bad)
    return found, missing


@decode.reader
def _outline(instrument: Instrument, part: msgspec.Raw, now: datetime) -> Bars:
    told = decode.convert(part, Spark7).response  # null, and so a BadReply, where one answer told two things
    if not told:
        raise UnknownSymbol(f"Yahoo has no history of {instrument.symbol}")
    prices = _of_chart(instrument, told[0], None, now)[0]
    sessions = nyse().count(max(prices.dates[0], nyse().first), min(prices.dates[-1], nyse().last))
    if len(prices) < _DAILY * sessions:
        raise BadReply(f"{len(prices)} rows for {sessions} sessions")
    return replace(prices, opens=None, highs=None, lows=None, volumes=None, splits=(), dividends=(), outline=True)


def _of_chart(instrument: Instrument, chart: Chart, since: date | None, now: datetime) -> tuple[Bars, ...]:
    if chart.meta.symbol != wire_symbol(instrument):
        raise BadReply(f"asked for {wire_symbol(instrument)}, got {plain_text(chart.meta.symbol, 20)}")
    if chart.meta.data_granularity != "1d":
        raise BadReply(f"asked for days, got rows of {plain_text(str(chart.meta.data_granularity), 10)}")
    if not chart.times and chart.meta.regular_market_price is None:
        raise UnknownSymbol(f"Yahoo has no history of {instrument.symbol}")
    try:
        rows = [row for row in _rows(instrument, chart) if since is None or row.day >= since]
        if not rows:
            raise BadReply(f"no daily rows of {instrument.symbol}")
        return _bars(instrument, chart, rows, now)
    except (ValueError, OverflowError, OSError) as error:  # refused values, and times out of any range
        raise BadReply(f"{instrument.symbol}: {plain_text(str(error))}") from error


def _bars(instrument: Instrument, chart: Chart, rows: list[_Row], now: datetime) -> tuple[Bars, ...]:
    zone = chart.meta.zone
    printed = chart.meta.regular_market_time
    last_print = None if printed is None else datetime.fromtimestamp(printed, UTC)
    if last_print is not None and last_print.astimezone(zone).date() != rows[-1].day:
        last_print = None
    told = [
        Split(datetime.fromtimestamp(split.date, UTC).astimezone(zone).date(), split.ratio) for split in chart.splits
    ]
    splits = all_splits(split for split in told if split.session >= rows[0].day)
    volumes = tuple(row.volume for row in rows)
    total = [(row.day, row.adjusted) for row in rows if row.adjusted is not None]
    prices = Bars(
        symbol=instrument.symbol,
        basis=Basis.PRICE,
        dates=tuple(row.day for row in rows),
        closes=tuple(row.close for row in rows),
        source=SOURCE,
        fetched_at=now,
        highs=tuple(row.high for row in rows),
        lows=tuple(row.low for row in rows),
        opens=tuple(row.open for row in rows),
        volumes=volumes if any(volumes) else None,  # zero in every row is no volume, not none traded
        splits=splits,
        last_print=last_print,
        dividends=_dividends(chart),
    )
    if instrument.kind is not Kind.ETF or not total:
        # Yahoo repeats an index's close as its adjusted close: no dividends are in it.
        return (prices,)
    ends_alike = total[-1][0] == rows[-1].day
    return prices, Bars(
        symbol=instrument.symbol,
        basis=Basis.TOTAL,
        dates=tuple(day for day, _ in total),
        closes=tuple(adjusted for _, adjusted in total),
        source=SOURCE,
        fetched_at=now,
        splits=splits,
        last_print=last_print if ends_alike else None,
    )


def _dividends(chart: Chart) -> tuple[Dividend, ...]:
    """The last dividends in the range; an event without an amount tells nothing."""
    zone = chart.meta.zone
    return last_dividends(
        Dividend(datetime.fromtimestamp(event.date, UTC).astimezone(zone).date(), event.amount)
        for event in chart.dividends
        if event.amount is not None and 0 < event.amount < inf
    )


def _rows(instrument: Instrument, chart: Chart) -> list[_Row]:
    """Rows by session, ascending. The row of a running session may be stamped with its last trade.

    Of two rows of the newest session the later stands, for it is still moving; any other that contradicts itself
    is a BadReply.
    """
    columns, n = chart.columns, len(chart.times)
    if n == 0:
        return []
    by_day: dict[date, _Row] = {}
    newest = datetime.fromtimestamp(max(chart.times), UTC).astimezone(chart.meta.zone).date()
    zone, decimals = chart.meta.zone, chart.meta.decimals
    exact = instrument.kind in (Kind.INDEX, Kind.VOLATILITY)
    listed = chart.meta.is_listed
    for at, close, opened, high, low, volume, total in zip(
        chart.times,
        padded("close", columns.close, n),
        _told(padded("open", columns.open, n), decimals, exact),
        _told(padded("high", columns.high, n), decimals, exact),
        _told(padded("low", columns.low, n), decimals, exact),
        padded("volume", columns.volume, n),
        _told(padded("adjclose", chart.adjusted, n), decimals, False),
        strict=True,
    ):
        day = datetime.fromtimestamp(at, zone).date()
        if not close or (listed and not may_trade(day)):  # 0 is how some old rows say null
            continue
        if not 0 < close < inf:
            price(f"close of {day}", close)
        told = round(close, decimals) if exact else without_noise(close, decimals)
        if day in by_day and day != newest and abs(by_day[day].close / told - 1) > _SAME_CLOSE:
            raise BadReply(f"two closes of {day}: {by_day[day].close:g} and {told:g}")
        by_day[day] = _Row(
            day=day,
            close=told,
            open=opened,
            high=high,
            low=low,
            volume=volume if volume is not None and volume >= 0 else None,
            adjusted=total,
        )
    return [by_day[day] for day in sorted(by_day)]


def _told(column: Numbers, decimals: int, exact: bool) -> Numbers:
    """A column as it is meant; what is no price is unknown. A history has ten thousand rows, and a board forty."""
    if exact:
        return [None if value is None or value <= 0 else round(value, decimals) for value in column]
    return [None if value is None or value <= 0 else without_noise(value, decimals) for value in column]
