"""What a source promises of holdings and filings, each a function to call with a source.

`test_contract.py` holds every source to them; `test_promises.py` shows that a source that breaks one is seen.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rotation_tui.domain.filings import FrameId
from rotation_tui.providers.base import HasFilings, HasHoldings, Provider, UnknownSymbol
from tests.providers.local_source import Answer, Request
from tests.providers.promises import FOREIGN, LACKING, NOW, Source, asked
from tests.providers.replies import CLOSED, Companies, Weights

FUND = "IWM"
GREATER, LESSER = "AAPL", "MSFT"
GREATER_WEIGHT, LESSER_WEIGHT = "60", "40"
MEMBERS = ((GREATER, GREATER_WEIGHT), (LESSER, LESSER_WEIGHT))
FRAME = FrameId("us-gaap", "NetIncomeLoss", "USD", "CY2026Q2")
REGISTERED = "AAPL"
_ENDS = date(2026, 6, 27)
_AHEAD = NOW.date() + timedelta(days=2)


class Lines(NamedTuple):
    """A file of holdings: its members, and the day that it says it is of."""

    members: Weights
    as_of: date = CLOSED


NO_HOLDINGS = {
    "half of the lines": Lines(((GREATER, "45"),)),
    "twice the fund": Lines(((GREATER, "120"), (LESSER, "80"))),
    "a day yet to come": Lines(MEMBERS, _AHEAD),
    "a weight below zero": Lines(((GREATER, "140"), (LESSER, "-40"))),
    "nobody": Lines(()),
}
NO_FACTS: dict[str, Companies] = {
    "two values of one company": (("320193", "1", _ENDS), ("320193", "2", _ENDS)),
    "a period yet to end": (("320193", "1", _AHEAD),),
    "no number": (("320193", '"x"', _ENDS),),
}


def numbered(source: Source, question: str, request: Request, symbol: str = "", number: str = "") -> Answer:
    """A good reply to a question about papers, about this fund or tag and with this number in it."""
    if question == "holdings":
        lines = ((GREATER, GREATER_WEIGHT), (LESSER, number or LESSER_WEIGHT))
        return Answer(_told(source, "holdings")(request, symbol or FUND, lines, CLOSED).encode())
    if question == "registry":
        return Answer(_told(source, "registry")(request, ((REGISTERED, number or "1234"),)).encode())
    frame = FrameId(FRAME.taxonomy, symbol or FRAME.tag, FRAME.unit, FRAME.period)
    return Answer(_told(source, "facts")(request, frame, (("320193", number or "1", _ENDS),)).encode())


def _told(source: Source, what: str) -> Any:
    if not hasattr(source.told, what):
        pytest.fail(f"give {what} of {source.name}: {what}(...), see tests/providers/replies")
    return getattr(source.told, what)


async def holdings_that_cannot_be_are_refused(source: Source, folder: Path, lines: Lines) -> None:
    """Half a file, a file of tomorrow, weights that no fund has: nothing of it is given."""

    async def ask(provider: Provider) -> object:
        assert isinstance(provider, HasHoldings)
        return await provider.holdings(FUND, NOW)

    told = _told(source, "holdings")
    given, fault, _ = await asked(source, folder, lambda r: Answer(told(r, FUND, *lines).encode()), ask)
    assert given is None
    assert isinstance(fault, LACKING), f"{fault!r}"


async def funds_that_are_not_offered_are_not_asked_for(source: Source, folder: Path) -> None:
    """No request is about one, and the fault says that it is not there."""
    provider = source.built()
    assert isinstance(provider, HasHoldings)
    for fund in [instrument.symbol for instrument in FOREIGN if not provider.offers_holdings(instrument.symbol)]:

        async def ask(provider: Provider, fund: str = fund) -> object:
            assert isinstance(provider, HasHoldings)
            return await provider.holdings(fund, NOW)

        _, fault, local = await asked(source, folder, lambda _: Answer(b"{}"), ask)
        assert local.seen == [], f"holdings of {fund} are asked for"
        assert isinstance(fault, UnknownSymbol), f"{fault!r}"


async def facts_that_cannot_be_are_refused(source: Source, folder: Path, rows: Companies) -> None:
    """A company with two values, a period that is not over: nothing of it is given."""
    given, fault = await _facts(source, folder, rows)
    assert given is None
    assert isinstance(fault, LACKING), f"{fault!r}"


async def companies_are_in_order(source: Source, folder: Path) -> None:
    """In whatever order they are sent, each company keeps its value and the end of its period."""
    rows: Companies = (("789019", "2", _ENDS), ("320193", "-1.5", date(2026, 6, 30)))
    given, fault = await _facts(source, folder, rows)
    assert fault is None
    assert given == {320193.0: (-1.5, date(2026, 6, 30)), 789019.0: (2.0, _ENDS)}
    assert [*given] == sorted(given)


async def _facts(
    source: Source, folder: Path, rows: Companies
) -> tuple[dict[float, tuple[float, date]] | None, BaseException | None]:
    async def ask(provider: Provider) -> dict[float, tuple[float, date]]:
        assert isinstance(provider, HasFilings)
        facts = await provider.facts(FRAME, NOW)
        assert facts is not None
        ends = (date.fromordinal(int(end)) for end in facts.ends)
        return dict(zip(facts.ciks, zip(facts.values, ends, strict=True), strict=True))

    told = _told(source, "facts")
    given, fault, _ = await asked(source, folder, lambda r: Answer(told(r, FRAME, rows).encode()), ask)
    return given, fault
