"""What the library yfinance asks Yahoo beyond what the program asks, for other monitors that are built on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from tests.upstream import yahoo
from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import Answer, as_json

_SESSIONS: Final = {"1d": 1, "5d": 5, "1mo": 21, "3mo": 63, "6mo": 126, "1y": 252, "2y": 504, "5y": 1260}
_MINUTE: Final = timedelta(minutes=1)


def answer(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:  # noqa: ARG001
    """Rows of minutes and days, quotes and summaries, and the token that comes before them."""
    page, _, wire = path.strip("/").rpartition("/")
    if path.endswith("/getcrumb"):
        return Answer(b"crumb", kind="text/plain")
    if path == "/v7/finance/quote":
        found = [_quote(market, wire) for wire in query.get("symbols", "").split(",") if yahoo.symbol_of(wire)]
        return as_json({"quoteResponse": {"result": found, "error": None}})
    if page == "v10/finance/quoteSummary" and yahoo.symbol_of(wire):
        return as_json({"quoteSummary": {"result": [{"price": _quote(market, wire)}], "error": None}})
    if "/fundamentals-timeseries/" in path:
        return as_json({"timeseries": {"result": [], "error": None}})
    if page == "v8/finance/chart" and yahoo.symbol_of(wire) and "range" in query:
        return _chart(market, wire, query)
    return as_json({"finance": {"result": None, "error": {"code": "Not Found", "description": "not played"}}}, 404)


def _quote(market: UpstreamMarket, wire: str) -> dict[str, Any]:
    symbol = yahoo.symbol_of(wire)
    assert symbol is not None
    meta = yahoo.meta(market, wire, symbol, "1d", "1d")
    last = market.last(symbol, provider="yahoo")
    return {
        "symbol": wire,
        "quoteType": meta["instrumentType"],
        "exchange": meta["exchangeName"],
        "regularMarketPreviousClose": last.previous_close,
        **{name: meta[name] for name in ("currency", "regularMarketPrice", "longName", "shortName")},
    }


def _chart(market: UpstreamMarket, wire: str, query: dict[str, str]) -> Answer:
    symbol, interval, span = yahoo.symbol_of(wire), query.get("interval", "1d"), query["range"]
    assert symbol is not None
    meta = yahoo.meta(market, wire, symbol, interval, span) | {"validRanges": [*_SESSIONS, "max"]}
    if interval == "1d":
        count = _SESSIONS.get(span, 1260)
        today = (yahoo.seconds(market.now()), market.last(symbol, provider="yahoo").price)
        rows: Sequence[tuple[int, float]] = [*_days(market, symbol)[-count:], today][-count:]
    else:
        rows = [(yahoo.seconds(at), close) for at, close in _minutes(market, symbol)]
        parts = {name: [[part]] for name, part in meta["currentTradingPeriod"].items()}
        meta["tradingPeriods"] = parts if query.get("includePrePost") == "true" else parts["regular"]
    closes = [close for _, close in rows]
    quote = {name: closes for name in ("open", "high", "low", "close")} | {"volume": [1000] * len(rows)}
    chart = {
        "meta": meta,
        "timestamp": [at for at, _ in rows],
        "indicators": {"quote": [quote], "adjclose": [{"adjclose": closes}]},
    }
    return as_json({"chart": {"result": [chart], "error": None}})


@lru_cache(256)
def _days(market: UpstreamMarket, symbol: str) -> Sequence[tuple[int, float]]:
    """Opening and close of the completed sessions; once, for making them takes time."""
    bars = market.bars(symbol)[0]
    return [
        (yahoo.seconds(market.calendar.open_at(day)), close) for day, close in zip(bars.dates, bars.closes, strict=True)
    ]


def _minutes(market: UpstreamMarket, symbol: str) -> list[tuple[datetime, float]]:
    """A close a minute since the opening; the last one is the price of now."""
    last = market.last(symbol, provider="yahoo")
    opened = market.calendar.open_at(last.session)
    count = max(1, (last.at - opened) // _MINUTE)
    moments = [opened + n * _MINUTE for n in range(count)]
    return [*((at, market.price_at(symbol, at + _MINUTE).price) for at in moments[:-1]), (moments[-1], last.price)]
