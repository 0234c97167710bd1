"""Yahoo: the last price and daily bars."""

from datetime import UTC, datetime, time

from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, PRINTED, Moments, Rows

PRICE = "244.25"
_OPEN = time(14, 30, tzinfo=UTC)


def reply(request: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    if request.query.get("interval") in ("1m", "5m") and "spark" not in request.path:
        return minutes(request, symbol, [(PRINTED, number)])
    if "spark" not in request.path:
        return table(request, symbol, [(CLOSED, number)])
    chart = _chart(symbol, [(CLOSED, number)], number, printed)
    return f'{{"spark": {{"result": [{{"symbol": "{_wire(symbol)}", "response": [{chart}]}}], "error": null}}}}'


def table(_: Request, symbol: str, rows: Rows) -> str:
    return f'{{"chart": {{"result": [{_chart(symbol, rows, rows[-1][1], PRINTED)}], "error": null}}}}'


def minutes(request: Request, symbol: str, rows: Moments) -> str:
    chart = _chart(symbol, [(CLOSED, number) for _, number in rows], PRICE, PRINTED)
    chart = chart.replace('"dataGranularity": "1d"', f'"dataGranularity": "{request.query["interval"]}"')
    begin = chart.index('"timestamp": [') + len('"timestamp": [')
    times = ", ".join(str(int(at.timestamp())) for at, _ in rows)
    return f'{{"chart": {{"result": [{chart[:begin]}{times}{chart[chart.index("]", begin) :]}], "error": null}}}}'


def _wire(symbol: str) -> str:
    return "^RUT" if symbol == "RUT" else symbol


def _chart(symbol: str, rows: Rows, number: str, printed: datetime) -> str:
    meta = (
        f'{{"symbol": "{_wire(symbol)}", "currency": "USD", "instrumentType": "ETF", "priceHint": 2,'
        f' "exchangeTimezoneName": "America/New_York", "gmtoffset": -18000,'
        f' "regularMarketTime": {int(printed.timestamp())}, "regularMarketPrice": {number}, "dataGranularity": "1d"}}'
    )
    times = ", ".join(str(int(datetime.combine(day, _OPEN).timestamp())) for day, _ in rows)
    closes = ", ".join(number for _, number in rows)
    indicators = f'{{"quote": [{{"close": [{closes}]}}], "adjclose": [{{"adjclose": [{closes}]}}]}}'
    return f'{{"meta": {meta}, "timestamp": [{times}], "indicators": {indicators}}}'
