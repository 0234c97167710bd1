"""What a source promises of times, order, offers and connections, each a function to call with a source.

`test_contract.py` holds every source to them; `test_promises.py` shows that a source that breaks one is seen.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import (
    BadReply,
    HasBars,
    HasMinutes,
    HasQuotes,
    HasSeries,
    HasStream,
    Provider,
    ProviderFault,
    ProviderPart,
    QuoteReply,
    Surroundings,
    UnknownSymbol,
)
from tests.patience import PATIENCE_S
from tests.providers.local_source import Answer, LocalSource, Request, serving
from tests.providers.local_stream import streaming
from tests.providers.replies import PRINTED, Moments, Rows

NOW = datetime(2026, 11, 20, 18, 31, tzinfo=UTC)  # a Friday, 13:31 in New York
PRICE = "244.25"
INDEX, FUND = Instrument.of("RUT"), Instrument.of("IWM")
RANGE = ("DFEDTARU", "DFEDTARL")
SINCE = date(2026, 1, 2)

PAST = {"a quarter of an hour ago": PRINTED, "yesterday": datetime(2026, 11, 19, 20, 2, tzinfo=UTC)}
IMPOSSIBLE = {
    "later today": NOW + timedelta(hours=2),
    "the next session": datetime(2026, 11, 23, 18, 16, tzinfo=UTC),
    "a Sunday": datetime(2026, 11, 15, 18, 16, tzinfo=UTC),
    "a holiday": datetime(2026, 9, 7, 17, 16, tzinfo=UTC),
}
NO_MINUTES: dict[str, Moments] = {
    "later today": ((PRINTED, PRICE), (NOW + timedelta(hours=1), PRICE)),
    "a Sunday": ((datetime(2026, 11, 15, 18, 16, tzinfo=UTC), PRICE), (PRINTED, PRICE)),
    "a holiday": ((datetime(2026, 9, 7, 17, 16, tzinfo=UTC), PRICE), (PRINTED, PRICE)),
    "out of order": ((PRINTED, PRICE), (PRINTED - timedelta(minutes=2), PRICE)),
    "two prices": ((PRINTED, PRICE), (PRINTED, "244.5"), (PRINTED + timedelta(minutes=1), PRICE)),
    "below zero": ((PRINTED, "-1"), (PRINTED + timedelta(minutes=1), PRICE)),
    "nothing": (),
}
NO_PRICES = ("-1", "0", "-0.01")
SHUFFLED = ((date(2026, 11, 19), "243.75"), (date(2026, 11, 17), "241.25"), (date(2026, 11, 18), "242.5"))
TWICE = ((date(2026, 11, 18), "241.25"), (date(2026, 11, 18), "243.75"), (date(2026, 11, 19), "242.5"))
FOREIGN = tuple(map(Instrument.of, ("RVX", "ES=F", "A,B", "BRK-B", "EURUSD=X", "^N225", "?", "ZZZZ")))
"""Instruments of which a source offers some or none."""
FOREIGN_SERIES = ("NO SUCH", "nfci", "DFEDTARU", "DGS10")

LACKING = (BadReply, UnknownSymbol)


@dataclass(frozen=True, slots=True)
class Source:
    """A source and its good replies, as `tests/providers/replies/` describes them."""

    part: ProviderPart[Provider]
    told: Any = None

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def series(self) -> tuple[str, ...]:
        """The macro series that it is asked for."""
        ids: tuple[str, ...] = getattr(self.told, "SERIES", RANGE)
        return ids

    def built(self) -> Provider:
        """The source, made and never asked."""
        return self.part.build(Surroundings(self.part.endpoint, Path("unused")))

    def printed(self, symbol: str, number: str, at: datetime) -> Callable[[Request], Answer]:
        """Answers with a quote of that time."""
        if "printed" not in inspect.signature(self.told.reply).parameters:
            pytest.fail(f"let the good reply of {self.name} take the time of the print: reply(..., printed)")
        return lambda request: Answer(self.told.reply(request, symbol, number, printed=at).encode())

    def table(self, symbol: str, rows: Rows) -> Callable[[Request], Answer]:
        """Answers with these rows."""
        if not hasattr(self.told, "table"):
            pytest.fail(f"give rows of {self.name}: table(request, symbol, rows), see tests/providers/replies")
        return lambda request: Answer(self.told.table(request, symbol, rows).encode())


async def asked(
    source: Source, folder: Path, answer: Callable[[Request], Answer], ask: Callable[[Provider], Awaitable[Any]]
) -> tuple[Any, ProviderFault | None, LocalSource]:
    """What came of a question: an answer or a fault, and what was sent."""
    async with serving(answer) as local:
        provider = local.provider(source.part, folder)
        try:
            return await ask(provider), None, local
        except ProviderFault as fault:
            return None, fault, local
        finally:
            await provider.close()


async def _quoted(
    source: Source, folder: Path, instruments: Sequence[Instrument], number: str, at: datetime
) -> tuple[QuoteReply, ProviderFault | None, LocalSource]:
    async def ask(provider: Provider) -> QuoteReply:
        assert isinstance(provider, HasQuotes)
        return await provider.quotes(instruments, NOW)

    answer = source.printed(instruments[0].symbol, number, at)
    reply, fault, local = await asked(source, folder, answer, ask)
    return reply or QuoteReply(()), fault, local


async def a_quote_is_of_its_print(source: Source, instrument: Instrument, folder: Path) -> None:
    """Never of the time of asking."""
    for at in PAST.values():
        reply, fault, _ = await _quoted(source, folder, [instrument], PRICE, at)
        assert fault is None
        _is_the_print(reply.quotes, instrument, at)


def _is_the_print(quotes: Sequence[Quote], instrument: Instrument, at: datetime) -> None:
    told = [(quote.symbol, quote.price, quote.as_of, quote.session) for quote in quotes]
    assert told == [(instrument.symbol, float(PRICE), at, at.astimezone(EASTERN).date())]


async def a_quote_that_cannot_be_is_refused(
    source: Source, instrument: Instrument, folder: Path, number: str = PRICE, at: datetime = PRINTED
) -> None:
    """A price of a time at which there is none, or a number that is no price: missing with a reason, or a fault."""
    reply, fault, _ = await _quoted(source, folder, [instrument], number, at)
    assert reply.quotes == ()
    if fault is None:
        assert reply.missing.get(instrument.symbol), "missing without a reason"
    else:
        assert isinstance(fault, LACKING), f"{fault!r}"


async def bars_are_of_prices(source: Source, instrument: Instrument, folder: Path, number: str) -> None:
    """No close is zero or less."""
    fault, told = await _rows(source, f"{instrument.symbol} bars", [(date(2026, 11, 19), number)], folder)
    assert fault is None or isinstance(fault, LACKING), f"{fault!r}"
    assert all(date(2026, 11, 19) not in values for values in told.values())


async def minutes_that_cannot_be_are_refused(
    source: Source, instrument: Instrument, folder: Path, rows: Moments
) -> None:
    """Times at which nothing trades, rows that contradict each other and what is no price: none of it is given."""
    told, fault = await _minutes(source, instrument, folder, rows)
    assert told == {}
    assert isinstance(fault, LACKING), f"{fault!r}"


async def minutes_are_of_the_newest_session(source: Source, instrument: Instrument, folder: Path) -> None:
    """Nothing of the session before, nothing of the night, and each price at its own minute."""
    yesterday, night = PRINTED - timedelta(days=1), datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    rows = ((yesterday, "240.5"), (night, "241.5"), (PRINTED, "244.5"), (PRINTED + timedelta(minutes=1), PRICE))
    told, fault = await _minutes(source, instrument, folder, rows)
    assert fault is None
    assert told == {PRINTED.timestamp(): 244.5, PRINTED.timestamp() + 60: float(PRICE)}


async def _minutes(
    source: Source, instrument: Instrument, folder: Path, rows: Moments
) -> tuple[Mapping[float, float], ProviderFault | None]:
    async def ask(provider: Provider) -> dict[float, float]:
        assert isinstance(provider, HasMinutes)
        given = await provider.minutes(instrument, 1, NOW)
        return dict(zip(given.times, given.closes, strict=True))

    if not hasattr(source.told, "minutes"):
        pytest.fail(f"give minutes of {source.name}: minutes(request, symbol, rows), see tests/providers/replies")
    told, fault, _ = await asked(
        source, folder, lambda request: Answer(source.told.minutes(request, instrument.symbol, rows).encode()), ask
    )
    return told or {}, fault


async def rows_are_in_order(source: Source, question: str, folder: Path) -> None:
    """Whatever order they are sent in, each day keeps its value; or the reply is refused."""
    fault, told = await _rows(source, question, SHUFFLED, folder)
    if fault is None:
        assert told
        for values in told.values():
            sent = {day: value for day, value in values.items() if day >= date(2026, 11, 17)}
            assert sent == {day: float(number) for day, number in sorted(SHUFFLED)}
    else:
        assert isinstance(fault, LACKING), f"{fault!r}"


async def a_day_has_one_value(source: Source, question: str, folder: Path) -> None:
    """Of a day that is told two values, one or none is given."""
    fault, told = await _rows(source, question, TWICE, folder)
    assert fault is None or isinstance(fault, LACKING), f"{fault!r}"
    for values in told.values():
        assert values.get(date(2026, 11, 18)) in (None, 241.25, 243.75)


async def _rows(
    source: Source, question: str, rows: Rows, folder: Path
) -> tuple[ProviderFault | None, Mapping[str, Mapping[date, float]]]:
    """Values by day, by what was asked for."""
    symbol = INDEX.symbol if question == "series" else question.split()[0]

    async def ask(provider: Provider) -> dict[str, dict[date, float]]:
        if question == "series":
            assert isinstance(provider, HasSeries)
            reply = await provider.series(source.series, SINCE, NOW)
            return {s.series_id: dict(zip(s.dates, s.values, strict=True)) for s in reply.series}
        assert isinstance(provider, HasBars)
        given = await provider.bars(Instrument.of(symbol), None, NOW)
        return {f"{b.symbol} {b.basis}": dict(zip(b.dates, b.closes, strict=True)) for b in given}

    told, fault, _ = await asked(source, folder, source.table(symbol, rows), ask)
    return fault, told or {}


async def what_is_not_offered_is_not_asked_for(source: Source, folder: Path) -> None:
    """It is missing with a reason, and no request is about it."""
    provider = source.built()
    if isinstance(provider, HasQuotes):
        foreign = [i for i in FOREIGN if not provider.offers_quotes(i)]
        for instrument in foreign:
            alone, fault, local = await _quoted(source, folder, [instrument], PRICE, PRINTED)
            assert local.seen == [], f"{instrument.symbol} is asked for"
            assert isinstance(fault, UnknownSymbol) or alone.missing.get(instrument.symbol)
        offered = next((i for i in (INDEX, FUND) if provider.offers_quotes(i)), None)
        if foreign and offered is not None:
            reply, _, among = await _quoted(source, folder, [offered, *foreign], PRICE, PRINTED)
            _, _, without = await _quoted(source, folder, [offered], PRICE, PRINTED)
            assert [(r.path, r.query) for r in among.seen] == [(r.path, r.query) for r in without.seen]
            assert [quote.symbol for quote in reply.quotes] == [offered.symbol]
            assert all(reply.missing.get(i.symbol) for i in foreign)
    if isinstance(provider, HasBars):
        for instrument in [i for i in FOREIGN if not provider.offers_bars(i)]:
            _, fault, local = await asked(source, folder, _nothing, _bars_of(instrument))
            assert local.seen == [], f"{instrument.symbol} is asked for"
            assert isinstance(fault, UnknownSymbol), f"{fault!r}"
    if isinstance(provider, HasMinutes):
        beyond = [(i, days) for i in FOREIGN for days in (1, 3, 5) if not provider.offers_minutes(i, days)]
        for instrument, days in beyond:
            _, fault, local = await asked(source, folder, _nothing, _minutes_of(instrument, days))
            assert local.seen == [], f"minutes of {instrument.symbol} are asked for"
            assert isinstance(fault, UnknownSymbol), f"{fault!r}"
    if isinstance(provider, HasSeries):
        for series_id in [s for s in FOREIGN_SERIES if not provider.offers_series(s)]:
            reply, fault, local = await asked(source, folder, _nothing, _series_of(series_id))
            assert local.seen == [], f"{series_id} is asked for"
            assert isinstance(fault, UnknownSymbol) or reply.missing.get(series_id)


def _nothing(_: Request) -> Answer:
    return Answer(b"{}")


def _bars_of(instrument: Instrument) -> Callable[[Provider], Awaitable[Any]]:
    async def ask(provider: Provider) -> Any:
        assert isinstance(provider, HasBars)
        return await provider.bars(instrument, None, NOW)

    return ask


def _minutes_of(instrument: Instrument, days: int) -> Callable[[Provider], Awaitable[Any]]:
    async def ask(provider: Provider) -> Any:
        assert isinstance(provider, HasMinutes)
        return await provider.minutes(instrument, days, NOW)

    return ask


def _series_of(series_id: str) -> Callable[[Provider], Awaitable[Any]]:
    async def ask(provider: Provider) -> Any:
        assert isinstance(provider, HasSeries)
        return await provider.series([series_id], SINCE, NOW)

    return ask


async def closing_leaves_nothing_open(
    source: Source, ask: Callable[[Provider], Awaitable[Any]], answer: Callable[[Request], Answer], folder: Path
) -> None:
    """Connections that a host would keep are given back."""
    async with serving(answer, keeps_open=True) as local:
        provider = local.provider(source.part, folder)
        await ask(provider)
        assert local.opened
        await provider.close()
        await _none(lambda: local.open)


_ROUNDS = 100
"""What is said on another connection of this computer while a closed end becomes known: one or two will do."""


async def _none(count: Callable[[], int]) -> None:
    """AssertionError where a connection is open still after all that was closed must have become known."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(1):
            writer.write(some)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(_ROUNDS):
            if not count():
                break
            writer.write(b".")
            await reader.readexactly(1)
        writer.close()
        await writer.wait_closed()
    assert not count(), "a connection is open after it was closed"


Play = Callable[[ServerConnection], Awaitable[None]]


def _playing(source: Source, symbol: str, number: str, at: datetime) -> Play:
    if not hasattr(source.told, "play"):
        pytest.fail(f"play a print of {source.name}: play(connection, symbol, number, printed), see replies")

    async def play(connection: ServerConnection) -> None:
        await source.told.play(connection, symbol, number, at)

    return play


def _listening(source: Source, url: str, folder: Path) -> Provider:
    assert source.part.endpoint is not None
    endpoint = replace(
        source.part.endpoint, base_url=url, stream_url=url, timeout_s=PATIENCE_S, max_per_hour=None, burst=10_000
    )
    return source.part.build(Surroundings(endpoint, folder))


async def heard(source: Source, folder: Path, symbol: str, number: str, at: datetime) -> tuple[Quote, ...]:
    """All quotes of the fund that a stream gives until it ends; of trouble it may raise a fault, and no other error."""
    quotes: list[Quote] = []
    async with streaming(_playing(source, symbol, number, at)) as local:
        provider = _listening(source, local.url, folder)
        assert isinstance(provider, HasStream)
        try:
            async with aclosing(provider.stream([FUND], lambda: NOW)) as replies:
                async for reply in replies:
                    quotes += reply.quotes
        except ProviderFault:
            pass
        finally:
            await provider.close()
    return tuple(quotes)


async def a_stream_tells_the_print(source: Source, folder: Path) -> None:
    """Price, time and session of the print."""
    for at in PAST.values():
        _is_the_print(await heard(source, folder, FUND.symbol, PRICE, at), FUND, at)


async def a_stream_tells_no_price_that_cannot_be(
    source: Source, folder: Path, number: str = PRICE, at: datetime = PRINTED, symbol: str = FUND.symbol
) -> None:
    """Of numbers that are no price, times that cannot be and symbols that were not asked for nothing is told."""
    assert await heard(source, folder, symbol, number, at) == ()


async def a_stream_that_is_left_is_closed(source: Source, folder: Path) -> None:
    """Closing the generator closes its connection, at once."""
    here = 0

    async def play(connection: ServerConnection) -> None:
        nonlocal here
        here += 1
        try:
            await _playing(source, FUND.symbol, PRICE, PRINTED)(connection)
            await connection.wait_closed()
        finally:
            here -= 1

    async with streaming(play) as local:
        provider = _listening(source, local.url, folder)
        assert isinstance(provider, HasStream)
        async with aclosing(provider.stream([FUND], lambda: NOW)) as replies:
            await anext(replies)
        await _none(lambda: here)
        await provider.close()
