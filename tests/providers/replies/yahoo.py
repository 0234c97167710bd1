"""Yahoo: the last price and daily bars, and a message of its websocket."""

import base64
import contextlib
import struct
from datetime import UTC, datetime, time, timedelta

from websockets.asyncio.server import ServerConnection

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


def pricing(symbol: str, number: str, printed: datetime = PRINTED, hours: int = 1, decimals: int = 2) -> str:
    """A message of the websocket; without a price where the number is none."""
    fields = _sized(1, _wire(symbol).encode())
    with contextlib.suppress(ValueError, OverflowError):
        fields += b"\x15" + struct.pack("<f", float(number))
    at = (printed - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
    fields += b"\x18" + _varint(2 * at) + _sized(4, b"USD") + _sized(5, b"PCX") + b"\x30" + _varint(20)
    fields += (b"\x38" + _varint(hours)) * (hours > 0) + b"\x45" + struct.pack("<f", 0.5) + b"\xd8\x01"
    body = fields + _varint(2 * decimals) + b"\x89\x02" + struct.pack("<d", 1.5)
    return f'{{"type":"pricing","message":"{base64.b64encode(body).decode()}"}}'


def _sized(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


async def play(connection: ServerConnection, symbol: str, number: str, printed: datetime) -> None:
    await connection.recv()
    await connection.send(pricing(symbol, number, printed))
