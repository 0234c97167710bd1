"""The New York Fed: days with their rates."""

from tests.providers.local_source import Request
from tests.providers.replies import CLOSED, Rows


def reply(request: Request, symbol: str, number: str) -> str:
    return table(request, symbol, [(CLOSED, number)])


def table(_: Request, symbol: str, rows: Rows) -> str:
    kind = "EFFR" if symbol in ("RUT", "IWM") else symbol
    rates = ", ".join(
        f'{{"effectiveDate": "{day}", "type": "{kind}", "targetRateFrom": {number}, "targetRateTo": {number}}}'
        for day, number in rows
    )
    return f'{{"refRates": [{rates}]}}'
