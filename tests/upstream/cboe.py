"""Cboe's files, as far as the program asks for them; quotes are 15 minutes late."""

from datetime import UTC, date, timedelta
from typing import Any

from rotation_tui.domain.session import EASTERN
from tests.upstream.market import SYMBOLS, UpstreamMarket, is_fund
from tests.upstream.replies import Answer, as_json

DELAY = timedelta(minutes=15)
_INDEXES = ("SPX", "NDX", "RUT", "DJX", "VIX", "RVX", "VIX3M")
_WITH_HISTORY = ("SPX", "RUT", "DJX", "VIX", "RVX", "VIX3M")
_OF_FOUR_PRICES = ("VIX", "VIX3M")
_RUT_BEGINS = date(2020, 1, 2)
_DENIED = Answer(
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    403,
    "application/xml",
)


def answer(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:  # noqa: ARG001
    """A file, or the refusal that Cboe gives where it has none."""
    if path == "/delayed_quotes/quotes/all_us_indices.json":
        return _file(market, [_record(market, symbol) for symbol in _INDEXES])
    folder, _, name = path.rpartition("/")
    if folder == "/delayed_quotes/quotes" and _fund(name):
        return _file(market, _record(market, name.removesuffix(".json")))
    if folder == "/delayed_quotes/charts/historical" and _fund(name):
        return _chart(market, name.removesuffix(".json"))
    if folder == "/us_indices/daily_prices" and name.removesuffix("_History.csv") in _WITH_HISTORY:
        return _history(market, name.removesuffix("_History.csv"))
    return _DENIED


def _fund(name: str) -> bool:
    symbol = name.removesuffix(".json")
    return name.endswith(".json") and symbol in SYMBOLS and is_fund(symbol)


def _file(market: UpstreamMarket, data: Any) -> Answer:
    return as_json({"timestamp": f"{market.now().astimezone(UTC):%Y-%m-%d %H:%M:%S}", "data": data})


def _record(market: UpstreamMarket, symbol: str) -> dict[str, Any]:
    """A quote. At night the day's close stands in the place of the one before it, while the change stays."""
    last = market.last(symbol, DELAY, "cboe")
    change = round(last.price - last.previous_close, 4)
    rolled = market.now() > market.calendar.close_at(last.session) + timedelta(hours=4)
    before = last.price if rolled else last.previous_close
    return {
        "symbol": symbol if is_fund(symbol) else f"^{symbol}",
        "security_type": "stock" if is_fund(symbol) else "index",
        "current_price": last.price,
        "price_change": change,
        "price_change_percent": round(100 * change / before, 4),
        "open": last.previous_close,
        "high": max(last.price, last.previous_close),
        "low": min(last.price, last.previous_close),
        "close": last.price,
        "prev_day_close": before,
        "volume": 0,
        "last_trade_time": f"{last.at.astimezone(EASTERN):%Y-%m-%dT%H:%M:%S}",
    }


def _chart(market: UpstreamMarket, symbol: str) -> Answer:
    """Daily bars of a fund without the newest day."""
    bars = market.bars(symbol)[0]
    volumes = bars.volumes or (None,) * len(bars)
    rows = [
        {"date": day.isoformat(), "open": close, "high": close, "low": close, "close": close, "volume": volume or 0}
        for day, close, volume in zip(bars.dates[:-1], bars.closes[:-1], volumes[:-1], strict=True)
    ]
    return as_json({"timestamp": "11:00:17", "symbol": symbol, "data": rows})


def _history(market: UpstreamMarket, symbol: str) -> Answer:
    bars = market.bars(symbol)[0]
    rows = [(f"{day:%m/%d/%Y}", close) for day, close in zip(bars.dates, bars.closes, strict=True)
            if symbol != "RUT" or day >= _RUT_BEGINS]  # fmt: skip
    if symbol in _OF_FOUR_PRICES:
        lines = ["DATE,OPEN,HIGH,LOW,CLOSE", *(f"{day},{c:.6f},{c:.6f},{c:.6f},{c:.6f}" for day, c in rows)]
    else:
        lines = [f"DATE,{symbol}", *(f"{day},{close:.6f}" for day, close in rows)]
    return Answer(("\n".join(lines) + "\n").encode(), kind="text/csv")
