"""CNBC: a quote."""

from datetime import datetime

from rotation_tui.domain.session import EASTERN
from tests.providers.local_source import Request
from tests.providers.replies import PRINTED


def reply(_: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    wire = ".RUT" if symbol == "RUT" else symbol
    last = number.strip('"') if number[0] in "{[" or number == "null" else f'"{number.strip(chr(34))}"'
    local = printed.astimezone(EASTERN)
    record = (
        f'{{"symbol": "{wire}", "code": 0, "name": "made up", "last": {last}, "last_timedate": "{local:%I:%M %p %Z}",'
        f' "last_time": "{local:%Y-%m-%dT%H:%M:%S.000%z}", "change": "-9.99", "curmktstatus": "REG_MKT"}}'
    )
    return f'{{"FormattedQuoteResult": {{"FormattedQuote": [{record}]}}}}'
