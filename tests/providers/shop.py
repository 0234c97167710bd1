"""A made-up source that keeps every promise, or breaks the one it is told to: the contract is tested with it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderPart,
    QuoteReply,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.http import Http
from rotation_tui.providers.messages import Messages
from rotation_tui.providers.socket import Socket
from tests.providers.local_source import Request
from tests.providers.promises import FUND, Source
from tests.providers.replies import PRINTED, Rows

NAME, SERIES_ID = "shop", "NFCI"


class _Print(msgspec.Struct):
    symbol: str
    price: float
    at: datetime


_Row = tuple[date, float]


class Shop:
    """Prices of one fund, one series and a stream; `breaks` is the promise that it breaks, "" for none."""

    def __init__(self, surroundings: Surroundings, breaks: str = "") -> None:
        self._http = Http(NAME, surroundings)
        self._socket = Socket(NAME, surroundings)
        self._breaks = breaks
        self._kept: list[Any] = []
        self._read: Callable[..., Any] = (lambda read: read) if breaks == "the door of readers" else decode.reader

    def offers_quotes(self, instrument: Instrument) -> bool:
        return instrument == FUND

    offers_bars = offers_stream = offers_quotes

    def offers_series(self, series_id: str) -> bool:
        return series_id == SERIES_ID

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        offers: Callable[[Instrument], bool] = (
            (lambda _: True) if self._breaks == "what is offered" else self.offers_quotes
        )
        missing = {i.symbol: f"the shop has no {i.symbol}" for i in instruments if not offers(i)}
        quotes = []
        for wanted in filter(offers, instruments):
            body = await self._http.get("/quote", {"symbol": wanted.symbol})
            quotes.append(self._read(self._quote)(body, wanted.symbol, now))
        return QuoteReply(tuple(quotes), missing)

    def _quote(self, body: bytes, symbol: str, now: datetime) -> Quote:
        told = decode.json(body, _Print)
        if told.symbol != symbol:
            raise BadReply(f"asked for {symbol}")
        at = now if self._breaks == "the print's time" else told.at
        session = at.astimezone(EASTERN).date()
        if at > now + CLOCK_SLACK and self._breaks != "the future":
            raise BadReply("it is yet to come")
        if not nyse().is_session(session) and self._breaks != "sessions":
            raise BadReply("it is no session")
        return Quote(symbol, told.price, at, session, NAME)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:  # noqa: ARG002
        if not self.offers_bars(instrument):
            raise UnknownSymbol(f"the shop has no {instrument.symbol}")
        days, closes = await self._rows(instrument.symbol)
        return (self._read(Bars)(instrument.symbol, Basis.PRICE, days, closes, NAME, now),)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:  # noqa: ARG002
        missing = {s: f"the shop has no {s}" for s in series_ids if not self.offers_series(s)}
        if SERIES_ID in missing or SERIES_ID not in series_ids:
            return SeriesReply((), missing)
        days, values = await self._rows(SERIES_ID)
        return SeriesReply((self._read(Observations)(SERIES_ID, days, values, NAME, now),), missing)

    async def _rows(self, name: str) -> tuple[tuple[date, ...], tuple[float, ...]]:
        rows = decode.json(await self._http.get("/rows", {"symbol": name}), list[_Row])
        days = tuple(day for day, _ in rows)
        return tuple(sorted(days)) if self._breaks == "days with their values" else days, tuple(v for _, v in rows)

    async def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        async with self._opened() as messages:
            yield QuoteReply(())
            async for message in messages:
                for instrument in instruments:
                    try:
                        quote = self._read(self._quote)(message.encode(), instrument.symbol, now())
                    except BadReply:
                        continue
                    yield QuoteReply((quote,))

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Messages]:
        opening = self._socket.open("/prints", idle_s=None)
        if self._breaks != "closing":
            async with opening as messages:
                yield messages
            return
        self._kept.append(opening)
        yield await opening.__aenter__()

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        if self._breaks != "closing":
            await self._http.close()

    async def leave(self) -> None:
        """What the test tidies up where closing is broken."""
        await self._http.close()
        for opening in self._kept:
            await opening.__aexit__(None, None, None)


def reply(_: Request, symbol: str, number: str, printed: datetime = PRINTED) -> str:
    return f'{{"symbol": "{symbol}", "price": {number}, "at": "{printed.isoformat()}"}}'


def table(_: Request, __: str, rows: Rows) -> str:
    told = ", ".join(f'["{day}", {number}]' for day, number in rows)
    return f"[{told}]"


async def play(connection: ServerConnection, symbol: str, number: str, printed: datetime) -> None:
    await connection.send(f'{{"symbol": "{symbol}", "price": {number}, "at": "{printed.isoformat()}"}}')


def shop(breaks: str = "") -> Source:
    """The source, whole or with one promise broken."""
    part = ProviderPart(NAME, Endpoint("https://shop.test", "ua", 10.0, None, 1000.0, 50), lambda s: Shop(s, breaks))
    told = SimpleNamespace(reply=reply, table=table, play=play, SERIES=(SERIES_ID,))
    return Source(part, told)


SHOP = shop()
