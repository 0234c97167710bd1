"""Cboe: a quote, all quotes of an exchange, daily closes and an index table."""

from tests.providers.local_source import Request


def reply(request: Request, symbol: str, number: str) -> str:
    if request.path.endswith(".csv"):
        return f"DATE,{symbol}\n11/18/2026,240.00\n11/19/2026,{number}\n"
    if "/charts/" in request.path:
        return f'{{"symbol": "{symbol}", "data": [{{"date": "2026-11-19", "close": {number}}}]}}'
    record = (
        f'{{"symbol": "{symbol}", "current_price": {number}, "price_change": 1.0, "prev_day_close": 243.25,'
        f' "close": 0, "last_trade_time": "2026-11-20T13:16:00"}}'
    )
    return f'{{"data": [{record}]}}' if "all_us" in request.path else f'{{"data": {record}}}'
