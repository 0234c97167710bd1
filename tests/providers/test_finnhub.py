"""What is special about Finnhub: one message a symbol, 50 of them, trades in batches, and a key in its address."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.providers.base import BadReply, HasQuotes, ProviderFault, Refused, Surroundings, Untroubled
from rotation_tui.providers.finnhub import KEYS as NAMES
from rotation_tui.providers.finnhub import PROVIDER, _Hearing
from rotation_tui.providers.keys import Keys
from rotation_tui.providers.prints import Prints
from tests import shared_material
from tests.providers.heard import Heard, heard, source_at
from tests.providers.keyed import KEYS
from tests.providers.local_source import Answer, Request, serving
from tests.providers.local_stream import No, Play
from tests.providers.promises import NOW
from tests.providers.replies import PRINTED
from tests.providers.replies.finnhub import asked, reply, tick, trades

SECRET = KEYS[NAMES[0]]


def telling(*messages: str, count: int = 1) -> Play:
    """A stream that tells this once so many symbols were asked for."""

    async def play(connection: ServerConnection) -> None:
        await asked(connection, count)
        for message in messages:
            await connection.send(message)

    return play


async def told(folder: Path, *messages: str, **named: Any) -> Heard:
    return await heard(PROVIDER, folder, telling(*messages), "IWM", **named)


async def test_of_a_batch_the_newest_trade_of_each_symbol_stands(tmp_path: Path) -> None:
    late = PRINTED - timedelta(milliseconds=5)
    batch = trades(tick("IWM", 244.25), tick("SPY", 601.5), tick("IWM", 243.9, late), tick("IWM", 244.25))
    found = await heard(PROVIDER, tmp_path, telling('{"type":"ping"}', batch, count=2), "IWM", "SPY")
    assert found.prices == {"IWM": 244.25, "SPY": 601.5}
    assert {(quote.source, quote.as_of) for quote in found.quotes} == {("finnhub", PRINTED)}


async def test_fifty_symbols_are_listened_to_and_that_there_are_more_is_said(tmp_path: Path) -> None:
    symbols = [f"A{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(60)]
    wanted: list[str] = []

    async def play(connection: ServerConnection) -> None:
        wanted.extend(await asked(connection, 50))
        await connection.send('{"type":"ping"}')

    found = await heard(PROVIDER, tmp_path, play, "RUT", *symbols)
    assert wanted == symbols[:50]
    assert found.remarks == ["listens to 50 of 60 symbols; the others are polled"]


async def test_that_it_takes_fewer_symbols_is_said_and_what_it_tells_is_taken(tmp_path: Path) -> None:
    found = await told(
        tmp_path, '{"type":"error","msg":"Subscribing to too many symbols"}', trades(tick("IWM", 244.25))
    )
    assert (found.prices, found.fault) == ({"IWM": 244.25}, None)
    assert found.remarks == ["tells fewer symbols than were asked for; the others are polled"]


async def test_a_wrong_key_is_told_by_where_it_is_from_and_never_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    no = No(401, f'{{"error":"Invalid API key {SECRET}."}}'.encode())
    first = await heard(PROVIDER, tmp_path / "door", telling(), "IWM", no=no)
    second = await told(tmp_path / "message", f'{{"type":"error","msg":"Invalid API key {SECRET}"}}')
    for found in (first, second):
        assert isinstance(found.fault, Refused)
        assert found.fault.pause_s is not None
        assert str(found.fault).startswith("Finnhub does not take the key from $FINNHUB_API_KEY; ")
        ours = [record.getMessage() for record in caplog.records if record.name != "websockets.server"]
        assert SECRET not in f"{found.fault}{ours}"
    assert first.seen[0].path == f"/?token={SECRET}"


async def test_other_trouble_is_the_sources(tmp_path: Path) -> None:
    found = await told(tmp_path, '{"type":"error","msg":"internal"}', trades(tick("IWM", 244.25)))
    assert str(found.fault) == "Finnhub's stream is in trouble: internal"


async def test_what_cannot_be_read_of_a_message_spoils_nothing_beside_it(tmp_path: Path) -> None:
    found = await told(tmp_path, trades('{"s":"IWM","p":"x","t":1}', tick("IWM", 244.25)), '{"type":"tra')
    assert found.prices == {"IWM": 244.25}
    assert [remark[:30] for remark in found.remarks] == ["a message that cannot be read:"]


async def test_many_messages_in_a_row_that_cannot_be_read_are_a_fault(tmp_path: Path) -> None:
    found = await told(tmp_path, *["<html>"] * 25)
    assert isinstance(found.fault, BadReply)


async def polled(folder: Path, *symbols: str, answer: Answer | None = None) -> tuple[Any, ProviderFault | None, Any]:
    """What a poll gives."""

    def answered(request: Request) -> Answer:
        return answer or Answer(reply(request, "IWM", "244.25").encode())

    async with serving(answered) as local, source_at(PROVIDER, local.url, folder) as source:
        try:
            return await source.quotes([Instrument.of(s) for s in symbols], NOW), None, local  # type: ignore[attr-defined]
        except ProviderFault as fault:
            return None, fault, local


async def test_a_poll_is_a_request_a_symbol_with_the_key_in_its_head(tmp_path: Path) -> None:
    given, _, local = await polled(tmp_path, "IWM", "SPY", "RUT")
    assert [(r.path, r.query, r.headers["x-finnhub-token"]) for r in local.seen] == [
        ("/quote", {"symbol": "IWM"}, SECRET),
        ("/quote", {"symbol": "SPY"}, SECRET),
    ]
    assert [quote.price for quote in given.quotes] == [244.25]
    assert given.missing == {"RUT": "Finnhub does not have RUT", "SPY": "Finnhub does not carry SPY"}


async def test_of_many_symbols_ten_are_asked_for_and_the_others_in_their_turn(tmp_path: Path) -> None:
    """A poll of all would take a minute, in which no other feed is asked for any of them."""
    symbols = [f"A{chr(65 + n)}" for n in range(14)]

    def answered(request: Request) -> Answer:
        return Answer(reply(request, request.query["symbol"], "244.25").encode())

    async with serving(answered) as local, source_at(PROVIDER, local.url, tmp_path) as source:
        assert isinstance(source, HasQuotes)
        given = [await source.quotes([Instrument.of(s) for s in symbols], NOW) for _ in range(2)]
    told = [{quote.symbol for quote in each.quotes} for each in given]
    assert [len(each) for each in told] == [10, 10]
    assert told[0] | told[1] == set(symbols)
    assert set(given[0].missing) == set(symbols) - told[0]
    assert all(isinstance(why, Untroubled) for why in given[0].missing.values())


async def test_a_price_without_its_time_is_none(tmp_path: Path) -> None:
    _, fault, _ = await polled(tmp_path, "IWM", answer=Answer(b'{"c":309.38,"d":5.96,"dp":1.9643,"pc":303.42}'))
    assert (type(fault), str(fault)) == (BadReply, "the time of its last trade is not told")


async def test_out_of_hours_its_last_trade_is_none_and_nothing_is_wrong(tmp_path: Path) -> None:
    early = reply(Request("", {"symbol": "IWM"}, {}), "IWM", "244.25", PRINTED.replace(hour=13, minute=0))
    given, _, _ = await polled(tmp_path, "IWM", answer=Answer(early.encode()))
    assert given.quotes == ()
    assert isinstance(given.missing["IWM"], Untroubled)


async def test_a_key_that_is_refused_ends_the_round_with_one_fault(tmp_path: Path) -> None:
    _, fault, local = await polled(tmp_path, "IWM", "SPY", answer=Answer(b'{"error":"Invalid API key."}', 401))
    assert str(fault).startswith("Finnhub does not take the key from $FINNHUB_API_KEY; ")
    assert len(local.seen) == 1


def test_what_finnhub_has_sent_is_read() -> None:
    """The messages of its stream, as they are."""
    lines = shared_material.path("shapes", "finnhub_ws_session.jsonl").read_text().splitlines()
    moment = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    prints = Prints(["IWM"], lambda: moment)
    hearing = _Hearing(prints, Keys("finnhub", NAMES, Surroundings(None, Path("unused"))))
    for line in lines:
        hearing.fold(line)
    reply = prints.told(lambda symbol, told, session: Quote(symbol, told.price, told.at, session, "finnhub"))
    assert (hearing.refusal, hearing.fault) == ("Invalid API key", None)
    assert reply.remarks == ("tells fewer symbols than were asked for; the others are polled",)
    assert [quote.price for quote in reply.quotes] == [299.97]
