"""Sources that want a key: Alpaca's snapshots, Finnhub's last trades, Tiingo's history; nobody else gets any."""

import json

from rotation_tui.domain.bars import Basis
from tests.upstream.market import SYMBOLS, UpstreamMarket, is_fund
from tests.upstream.replies import Answer, as_json

KEY, SECRET = "an-identity-of-nobody", "a-secret-of-nobody"
_NO = Answer(b'{"message":"forbidden."}', 401)


def alpaca(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    """Snapshots of all funds that are asked for."""
    if (headers.get("apca-api-key-id"), headers.get("apca-api-secret-key")) != (KEY, SECRET):
        return _NO
    if path != "/v2/stocks/snapshots":
        return Answer(b'{"message":"not found"}', 404)
    found = {}
    for symbol in query.get("symbols", "").split(","):
        if symbol in SYMBOLS and is_fund(symbol):
            last = market.last(symbol, provider="alpaca")
            trade = {"t": last.at.isoformat(), "x": "V", "p": last.price, "s": 100, "c": ["@"], "i": 1, "z": "B"}
            found[symbol] = {"latestTrade": trade, "latestQuote": None, "minuteBar": None}
    return as_json(found)


def finnhub(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    """The last trade of one fund."""
    if headers.get("x-finnhub-token") != KEY:
        return Answer(b'{"error":"Invalid API key."}', 401)
    symbol = query.get("symbol", "")
    if path != "/quote" or symbol not in SYMBOLS or not is_fund(symbol):
        return Answer(b'{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}')
    last = market.last(symbol, provider="finnhub")
    return as_json({"c": last.price, "d": 0.0, "dp": 0.0, "t": int(last.at.timestamp())})


def tiingo(market: UpstreamMarket, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    """Daily rows of one fund."""
    if headers.get("authorization") != f"Token {KEY}":
        return Answer(b'{"detail":"Invalid token."}', 401)
    symbol = path.split("/")[-2].upper()
    if symbol not in SYMBOLS or not is_fund(symbol):
        return Answer(b'{"detail":"Not found."}', 404)
    prices = next(bars for bars in market.bars(symbol) if bars.basis is Basis.PRICE)
    since = query.get("startDate", "")
    rows = [
        {"date": f"{day}T00:00:00.000Z", "close": close, "adjClose": close, "splitFactor": 1.0}
        for day, close in zip(prices.dates, prices.closes, strict=True)
        if day.isoformat() >= since
    ]
    return Answer(json.dumps(rows).encode())
