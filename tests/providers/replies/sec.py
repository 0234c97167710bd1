"""The SEC: the list of companies, and frames."""

import json
from datetime import date

from rotation_tui.domain.filings import FrameId
from tests.providers.local_source import Request
from tests.providers.replies import Companies, Weights


def registry(_: Request, companies: Weights) -> str:
    rows = (
        f'"{place}": {{"cik_str": {cik}, "ticker": {json.dumps(ticker)}, "title": "{ticker} Inc."}}'
        for place, (ticker, cik) in enumerate(companies)
    )
    return "{" + ", ".join(rows) + "}"


def facts(_: Request, frame: FrameId, rows: Companies) -> str:
    told = ", ".join(fact(*row) for row in rows)
    unit = frame.unit.replace("-per-", "/")
    return (
        f'{{"taxonomy": "{frame.taxonomy}", "tag": "{frame.tag}", "ccp": "{frame.period}", "uom": "{unit}", '
        f'"label": "Made up", "description": "", "pts": {len(rows)}, "data": [{told}]}}'
    )


def fact(cik: str, value: str, end: date) -> str:
    """One company's value, as a frame tells it."""
    return (
        f'{{"accn": "0000000000-26-000001", "cik": {cik}, "entityName": "Company {cik}", "loc": null, '
        f'"start": "2026-04-01", "end": "{end}", "val": {value}}}'
    )
