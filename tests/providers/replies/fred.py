"""FRED: a table of series."""

from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, Rows


def reply(request: Request, symbol: str, number: str) -> str:
    return table(request, symbol, [(CLOSED, number)])


def table(request: Request, symbol: str, rows: Rows) -> str:
    ids = request.query["id"] if symbol in ("RUT", "IWM") else symbol
    columns = len(ids.split(","))
    return f"observation_date,{ids}\n" + "".join(f"{day}{f',{number}' * columns}\n" for day, number in rows)
