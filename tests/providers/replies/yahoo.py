"""Yahoo: the last price and one daily bar."""

from datetime import UTC, datetime

from tests.providers.local_source import Request

PRINTED = datetime(2026, 11, 20, 18, 16, tzinfo=UTC)


def reply(request: Request, symbol: str, number: str) -> str:
    wire = "^RUT" if symbol == "RUT" else symbol
    day, printed = int(datetime(2026, 11, 19, 14, 30, tzinfo=UTC).timestamp()), int(PRINTED.timestamp())
    meta = (
        f'{{"symbol": "{wire}", "currency": "USD", "instrumentType": "ETF", "priceHint": 2,'
        f' "exchangeTimezoneName": "America/New_York", "gmtoffset": -18000, "regularMarketTime": {printed},'
        f' "regularMarketPrice": {number}, "dataGranularity": "1d"}}'
    )
    indicators = f'{{"quote": [{{"close": [{number}]}}], "adjclose": [{{"adjclose": [{number}]}}]}}'
    chart = f'{{"meta": {meta}, "timestamp": [{day}], "indicators": {indicators}}}'
    if "spark" in request.path:
        return f'{{"spark": {{"result": [{{"symbol": "{wire}", "response": [{chart}]}}], "error": null}}}}'
    return f'{{"chart": {{"result": [{chart}], "error": null}}}}'
