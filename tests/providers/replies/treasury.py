"""The Treasury: a year of yields."""

from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, Rows

SERIES = ("DGS3MO", "DGS10", "DFII10")


def reply(request: Request, symbol: str, number: str) -> str:
    return table(request, symbol, [(CLOSED, number)])


def table(request: Request, symbol: str, rows: Rows) -> str:
    """The rows and one of early January, without which a year is cut off."""
    year, mo, yr = request.query["field_tdr_date_value"], "3 Mo", "10 Yr"
    if "real" in request.query["type"]:
        yr = "10 YR"
    if symbol not in ("RUT", "IWM"):
        mo = yr = symbol
    told = [f"{day:%m/%d}/{year},{number},{number}\n" for day, number in rows]
    return f'Date,"{mo}","{yr}"\n{"".join(told)}01/02/{year},{rows[0][1]},{rows[0][1]}'
