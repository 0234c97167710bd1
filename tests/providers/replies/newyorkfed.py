"""The New York Fed: one day's rate."""

from tests.providers.local_source import Request


def reply(_: Request, symbol: str, number: str) -> str:
    kind = "EFFR" if symbol in ("RUT", "IWM") else symbol
    return (
        f'{{"refRates": [{{"effectiveDate": "2026-11-19", "type": "{kind}",'
        f' "targetRateFrom": {number}, "targetRateTo": {number}}}]}}'
    )
