"""A made-up source of holdings and filings that keeps every promise, or breaks the one it is told to."""

from datetime import date, datetime
from types import SimpleNamespace

import msgspec

from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, Endpoint, ProviderPart, Surroundings, UnknownSymbol
from rotation_tui.providers.http import Http
from tests.providers.local_source import Request
from tests.providers.promises import Source
from tests.providers.replies import Companies, Weights

NAME = "library"
_LEAST, _MOST = 99.0, 101.0


class _File(msgspec.Struct):
    fund: str
    day: date
    members: list[tuple[str, float]]


class _Frame(msgspec.Struct):
    name: str
    rows: list[tuple[int, float, date]]


class Library:
    """Holdings of one fund and all frames; `breaks` is the promise that it breaks, "" for none."""

    def __init__(self, surroundings: Surroundings, breaks: str = "") -> None:
        self._http = Http(NAME, surroundings)
        self._breaks = breaks

    def offers_holdings(self, fund: str) -> bool:
        return fund == "IWM"

    async def holdings(self, fund: str, now: datetime) -> Holdings:
        if not self.offers_holdings(fund) and self._breaks != "what is offered":
            raise UnknownSymbol(f"the library has no holdings of {fund}")
        return self._held(await self._http.get("/holdings"), fund, now)

    @decode.reader
    def _held(self, body: bytes, fund: str, now: datetime) -> Holdings:
        told = decode.json(body, _File)
        if told.fund != fund:
            raise BadReply(f"it is of {told.fund}")
        if told.day > now.astimezone(EASTERN).date() and self._breaks != "the future":
            raise BadReply(f"it is of {told.day}")
        weight = sum(weight for _, weight in told.members)
        if not _LEAST <= weight <= _MOST and self._breaks != "the whole":
            raise BadReply(f"its weights come to {weight:g} percent")
        members = tuple(Member(ticker, ticker, "", weight) for ticker, weight in told.members)
        return Holdings(fund, told.day, members, (), weight, NAME, now)

    def offers_filings(self) -> bool:
        return True

    async def registry(self, now: datetime) -> Registry:
        return self._registered(await self._http.get("/registry"), now)

    @decode.reader
    def _registered(self, body: bytes, now: datetime) -> Registry:
        told = decode.json(body, dict[str, int])
        if not told:
            raise BadReply("nobody is registered")
        return Registry({ticker: (cik, ticker) for ticker, cik in told.items()}, NAME, now)

    async def facts(self, frame: FrameId, now: datetime) -> Facts | None:
        return self._filed(await self._http.get("/facts"), frame, now)

    @decode.reader
    def _filed(self, body: bytes, frame: FrameId, now: datetime) -> Facts:
        told = decode.json(body, _Frame)
        if told.name != frame.name:
            raise BadReply(f"it is {told.name}")
        if any(end > now.astimezone(EASTERN).date() for _, _, end in told.rows) and self._breaks != "the future":
            raise BadReply("a period is not over")
        rows = told.rows if self._breaks == "the order" else sorted(told.rows)
        if self._breaks == "one value":
            rows = [*{row[0]: row for row in rows}.values()]
        ciks, values, ends = zip(
            *((float(cik), value, float(end.toordinal())) for cik, value, end in rows), strict=True
        )
        return Facts(frame, ciks, values, ends, NAME, now)

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()


def holdings(_: Request, fund: str, members: Weights, as_of: date) -> str:
    told = ", ".join(f'["{ticker}", {weight}]' for ticker, weight in members)
    return f'{{"fund": "{fund}", "day": "{as_of}", "members": [{told}]}}'


def registry(_: Request, companies: Weights) -> str:
    return "{" + ", ".join(f'"{ticker}": {cik}' for ticker, cik in companies) + "}"


def facts(_: Request, frame: FrameId, rows: Companies) -> str:
    told = ", ".join(f'[{cik}, {value}, "{end}"]' for cik, value, end in rows)
    return f'{{"name": "{frame.name}", "rows": [{told}]}}'


def library(breaks: str = "") -> Source:
    """The source, whole or with one promise broken."""
    endpoint = Endpoint("https://library.test", "rotation-tui/0", 10.0, 1000, 1000.0, 50)
    part = ProviderPart(NAME, endpoint, lambda surroundings: Library(surroundings, breaks))
    return Source(part, SimpleNamespace(holdings=holdings, registry=registry, facts=facts))


LIBRARY = library()
