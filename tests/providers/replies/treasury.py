"""The Treasury: a year of yields."""

from tests.providers.local_source import Request

SERIES = ("DGS3MO", "DGS10", "DFII10")


def reply(request: Request, symbol: str, number: str) -> str:
    year, mo, yr = request.query["field_tdr_date_value"], "3 Mo", "10 Yr"
    if "real" in request.query["type"]:
        yr = "10 YR"
    if symbol not in ("RUT", "IWM"):
        mo = yr = symbol
    return f'Date,"{mo}","{yr}"\n11/19/{year},{number},{number}\n01/02/{year},{number},{number}'
