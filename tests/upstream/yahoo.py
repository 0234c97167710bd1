"""Yahoo, as far as the program asks it: v7 and v8 spark, v8 chart of daily rows."""

import struct
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.session import EASTERN
from tests.upstream.market import SYMBOLS, UpstreamMarket, is_fund
from tests.upstream.replies import Answer, as_json

MOST_SYMBOLS = 20
_WIRE = {
    "^RUT": "RUT", "^GSPC": "SPX", "^NDX": "NDX", "^DJI": "DJI", "^DJX": "DJX",
    "^VIX": "VIX", "^VIX3M": "VIX3M",
}  # fmt: skip
WIRE_OF = {symbol: wire for wire, symbol in _WIRE.items()}
"""Yahoo's spelling of the symbols that it spells in its own way."""
_TOO_MANY = Answer(b"Edge: Too Many Requests", 429, "text/html")
_FIVE_YEARS = timedelta(days=1826)
_FIVE_MINUTES = timedelta(minutes=5)


def answer(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    """What Yahoo says; clients that do not call themselves Mozilla are turned away."""
    if not headers.get("user-agent", "").startswith("Mozilla/5.0"):
        return _TOO_MANY
    if path in ("/v7/finance/spark", "/v8/finance/spark"):
        return _spark(market, query, flat=path.startswith("/v8"))
    if path.startswith("/v8/finance/chart/"):
        return _chart(market, path.removeprefix("/v8/finance/chart/"), query)
    return as_json({"finance": {"result": None, "error": {"code": "Not Found", "description": "no such page"}}}, 404)


def symbol_of(wire: str) -> str | None:
    """The market's symbol behind Yahoo's spelling, None where Yahoo does not carry it."""
    symbol = _WIRE.get(wire, wire)
    return symbol if symbol in SYMBOLS and (wire in _WIRE or symbol not in _WIRE.values()) else None


def _spark(market: UpstreamMarket, query: dict[str, str], *, flat: bool) -> Answer:
    wires = query.get("symbols", "").split(",")
    if len(wires) > MOST_SYMBOLS:
        said = "Number of symbols needs to be less than or equal to 20"
        return as_json({"spark": {"result": None, "error": {"code": "Bad Request", "description": said}}}, 400)
    known = {wire: symbol for wire in sorted(wires) if (symbol := symbol_of(wire)) is not None}
    if query.get("interval") == "1d":
        result = [{"symbol": wire, "response": [_closes(market, wire, symbol)]} for wire, symbol in known.items()]
        return as_json({"spark": {"result": result, "error": None}})
    if flat:
        return as_json({wire: _flat(market, wire, symbol) for wire, symbol in known.items()})
    result = [{"symbol": wire, "response": [_intraday(market, wire, symbol)]} for wire, symbol in known.items()]
    return as_json({"spark": {"result": result, "error": None}})


def _intraday(market: UpstreamMarket, wire: str, symbol: str) -> dict[str, Any]:
    last = market.last(symbol, provider="yahoo")
    rows = _rows_of_session(market, symbol)
    head = meta(market, wire, symbol, "5m", "1d") | {
        "previousClose": last.previous_close, "chartPreviousClose": last.previous_close, "scale": 3,
    }  # fmt: skip
    return {
        "meta": head,
        "timestamp": [seconds(at) for at, _ in rows],
        "indicators": {"quote": [{"close": [close for _, close in rows]}]},
    }


def _closes(market: UpstreamMarket, wire: str, symbol: str) -> dict[str, Any]:
    """Closes of five years without anything beside them; of a future nothing but the head."""
    chart: dict[str, Any] = {"meta": meta(market, wire, symbol, "1d", "5y")}
    if kind_of(symbol) is Kind.FUTURE:
        return chart
    begin = seconds(market.now() - _FIVE_YEARS)
    rows = [row for row in _daily(market, symbol, market.bars(symbol)[0], None) if row[0] >= begin]
    return chart | {
        "timestamp": [at for at, *_ in rows],
        "indicators": {"quote": [{"close": [close for _, close, *_ in rows]}]},
    }


def _flat(market: UpstreamMarket, wire: str, symbol: str) -> dict[str, Any]:
    last = market.last(symbol, provider="yahoo")
    rows = _rows_of_session(market, symbol)
    return {
        "symbol": wire,
        "timestamp": [seconds(at) for at, _ in rows],
        "close": [close for _, close in rows],
        "previousClose": last.previous_close,
        "chartPreviousClose": last.previous_close,
        "start": seconds(market.calendar.open_at(last.session)),
        "end": seconds(market.calendar.close_at(last.session)),
        "dataGranularity": 300,
    }


def _rows_of_session(market: UpstreamMarket, symbol: str) -> list[tuple[datetime, float | None]]:
    """Five-minute closes so far; the second is missing, as rows of a halt are. Funds trade after the close too."""
    last = market.last(symbol, provider="yahoo")
    opened = market.calendar.open_at(last.session)
    rows: list[tuple[datetime, float | None]] = []
    for n in range(max(1, (last.at - opened) // _FIVE_MINUTES)):
        at = opened + n * _FIVE_MINUTES
        rows.append((at, None if n == 1 else market.price_at(symbol, at + _FIVE_MINUTES).price))
    rows[-1] = (rows[-1][0], last.price)
    return rows + (list(market.after_hours(symbol)) if is_fund(symbol) else [])


def meta(market: UpstreamMarket, wire: str, symbol: str, granularity: str, span: str) -> dict[str, Any]:
    """What stands at the head of every chart."""
    last = market.last(symbol, provider="yahoo")
    kind = {Kind.ETF: "ETF", Kind.FUTURE: "FUTURE"}.get(kind_of(symbol), "INDEX")
    high = max(last.price, last.previous_close)
    return {
        "currency": "USD",
        "symbol": wire,
        "exchangeName": "PCX" if is_fund(symbol) else "WCB",
        "instrumentType": kind,
        "regularMarketTime": seconds(last.at),
        "regularMarketPrice": last.price,
        "regularMarketChangePercent": round(100 * (last.price / last.previous_close - 1), 6),
        "regularMarketDayHigh": high,
        "gmtoffset": _offset(last.at),
        "timezone": last.at.astimezone(EASTERN).tzname(),
        "exchangeTimezoneName": "America/New_York",
        "longName": market.name(symbol),
        "shortName": market.name(symbol)[:30],
        "priceHint": 2,
        "currentTradingPeriod": _period(market, last.session),
        "dataGranularity": granularity,
        "range": span,
    }


def _period(market: UpstreamMarket, session: date) -> dict[str, Any]:
    """Today's parts if the exchange trades today, else those of the last session."""
    day = market.today() if market.calendar.is_session(market.today()) else session
    opened, closed = market.calendar.open_at(day), market.calendar.close_at(day)
    before = datetime.combine(day, time(4), EASTERN)
    parts = {"pre": (before, opened), "regular": (opened, closed), "post": (closed, closed + timedelta(hours=4))}
    zone = {"timezone": opened.astimezone(EASTERN).tzname(), "gmtoffset": _offset(opened)}
    return {name: zone | {"start": seconds(start), "end": seconds(end)} for name, (start, end) in parts.items()}


def _offset(at: datetime) -> int:
    """Seconds that New York is ahead of UTC."""
    return int((at.astimezone(EASTERN).utcoffset() or timedelta()).total_seconds())


def _chart(market: UpstreamMarket, wire: str, query: dict[str, str]) -> Answer:
    symbol = symbol_of(wire)
    if symbol is None or kind_of(symbol) is Kind.FUTURE:
        said = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
        return as_json({"chart": {"result": None, "error": said}}, 404)
    if query.get("interval") != "1d" or "period1" not in query:
        said = {"code": "Bad Request", "description": "only daily rows between two moments are played"}
        return as_json({"chart": {"result": None, "error": said}}, 400)
    begin, end = int(query["period1"]), int(query["period2"])
    bars = market.bars(symbol)
    prices = bars[0]
    total = next((b for b in bars if b.basis is Basis.TOTAL), None)
    rows = [row for row in _daily(market, symbol, prices, total) if begin <= row[0] < end]
    chart: dict[str, Any] = {"meta": meta(market, wire, symbol, "1d", "")}
    if not rows:
        return as_json({"chart": {"result": [chart | {"indicators": {"quote": [{}]}}], "error": None}})
    times, closes, highs, volumes, adjusted = (list(column) for column in zip(*rows, strict=True))
    quote = {"open": closes, "high": highs, "low": closes, "close": closes, "volume": volumes}
    chart |= {"timestamp": times, "indicators": {"quote": [quote], "adjclose": [{"adjclose": adjusted}]}, "events": {}}
    return as_json({"chart": {"result": [chart], "error": None}})


_Row = tuple[int, float, float | None, float | None, float]


def _daily(market: UpstreamMarket, symbol: str, prices: Bars, total: Bars | None) -> list[_Row]:
    """Rows stamped with the opening; while a session runs, its row is stamped with the last print."""
    rows: list[_Row] = []
    nothing = (None,) * len(prices)
    columns = (prices.closes, prices.highs or nothing, prices.volumes or nothing, (total or prices).closes)
    for day, price, high, volume, dear in zip(prices.dates, *columns, strict=True):
        close, adjusted = _float32(price), _float32(dear)
        at = seconds(market.calendar.open_at(day))
        rows.append((at, close, None if high is None else _float32(high), volume, adjusted))
    if market.is_open():
        last = market.last(symbol, provider="yahoo")
        rows.append((seconds(last.at), last.price, last.price, None, last.price))
    return rows


def _float32(value: float) -> float:
    """The value with the noise that Yahoo's 32-bit floats put behind it."""
    noisy: float = struct.unpack("f", struct.pack("f", value))[0]
    return noisy


def seconds(at: datetime) -> int:
    """A moment as Yahoo writes it."""
    return int(at.astimezone(UTC).timestamp())
