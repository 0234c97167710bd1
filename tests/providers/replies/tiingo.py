"""Tiingo: daily rows of a symbol."""

from collections.abc import Sequence
from datetime import date

from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, Rows


def reply(request: Request, symbol: str, number: str) -> str:
    return table(request, symbol, [(CLOSED, number)])


def table(request: Request, symbol: str, rows: Rows) -> str:
    if f"/{symbol.lower()}/" not in request.path:
        return "[]"
    return told([(day, number, "1.0") for day, number in rows])


def told(rows: Sequence[tuple[date, str, str]]) -> str:
    """Rows of a day, its close and its split."""
    each = (
        f'{{"date":"{day}T00:00:00.000Z","close":{number},"high":250.0,"low":230.0,"open":240.0,"volume":1000,'
        f'"adjClose":{number},"adjHigh":250.0,"adjLow":230.0,"adjOpen":240.0,"adjVolume":1000,"divCash":0.0,'
        f'"splitFactor":{split}}}'
        for day, number, split in rows
    )
    return f"[{','.join(each)}]"
