"""Cboe: a quote, all quotes of an exchange, daily closes and an index table."""

from datetime import datetime

from rotation_tui.domain.session import EASTERN
from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, PRINTED, Moments, Rows


def reply(request: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    if "/intraday/" in request.path:
        return minutes(request, symbol, [(PRINTED, number)])
    if request.path.endswith(".csv") or "/charts/" in request.path:
        return table(request, symbol, [(CLOSED, number)])
    record = (
        f'{{"symbol": "{symbol}", "current_price": {number}, "price_change": 1.0, "prev_day_close": 243.25,'
        f' "close": 0, "last_trade_time": "{printed.astimezone(EASTERN):%Y-%m-%dT%H:%M:%S}"}}'
    )
    return f'{{"data": [{record}]}}' if "all_us" in request.path else f'{{"data": {record}}}'


def minutes(_: Request, symbol: str, rows: Moments) -> str:
    bars = ", ".join(
        f'{{"datetime": "{at.astimezone(EASTERN):%Y-%m-%dT%H:%M:%S}", "price": {{"close": {number}}},'
        f' "volume": {{"stock_volume": 100}}}}'
        for at, number in rows
    )
    return f'{{"symbol": "{symbol}", "data": [{bars}]}}'


def table(request: Request, symbol: str, rows: Rows) -> str:
    if request.path.endswith(".csv"):
        return f"DATE,{symbol}\n11/16/2026,240.00\n" + "".join(f"{day:%m/%d/%Y},{number}\n" for day, number in rows)
    bars = ", ".join(f'{{"date": "{day}", "close": {number}}}' for day, number in rows)
    return f'{{"symbol": "{symbol}", "data": [{bars}]}}'
