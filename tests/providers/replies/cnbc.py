"""CNBC: a quote."""

from tests.providers.local_source import Request


def reply(_: Request, symbol: str, number: str) -> str:
    wire = ".RUT" if symbol == "RUT" else symbol
    last = number.strip('"') if number[0] in "{[" or number == "null" else f'"{number.strip(chr(34))}"'
    record = (
        f'{{"symbol": "{wire}", "code": 0, "name": "made up", "last": {last}, "last_timedate": "1:16 PM EST",'
        f' "last_time": "2026-11-20T13:16:00.000-0500", "change": "-9.99", "curmktstatus": "REG_MKT"}}'
    )
    return f'{{"FormattedQuoteResult": {{"FormattedQuote": [{record}]}}}}'
