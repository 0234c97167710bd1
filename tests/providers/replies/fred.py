"""FRED: a table of series."""

from tests.providers.local_source import Request


def reply(request: Request, symbol: str, number: str) -> str:
    ids = request.query["id"] if symbol in ("RUT", "IWM") else symbol
    return f"observation_date,{ids}\n2026-11-19{f',{number}' * len(ids.split(','))}\n"
