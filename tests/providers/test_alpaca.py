"""What is special about Alpaca: its key, its session, trades that are corrected or cancelled, errors that it names."""

import asyncio
import logging
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.alpaca import KEYS as NAMES
from rotation_tui.providers.alpaca import PROVIDER, wire
from rotation_tui.providers.base import (
    BadReply,
    HasQuotes,
    HasStream,
    Misconfigured,
    Occupied,
    ProviderFault,
    Refused,
    ServerFault,
    Unreachable,
    Untroubled,
)
from tests import shared_material
from tests.patience import PATIENCE_S
from tests.providers.heard import Heard, heard, source_at
from tests.providers.keyed import KEYS
from tests.providers.local_source import Answer, Request, serving
from tests.providers.local_stream import No, Play, streaming
from tests.providers.promises import FUND, NOW
from tests.providers.replies import PRINTED
from tests.providers.replies.alpaca import AUTHENTICATED, CONNECTED, greet, reply, subscribed, trade

SECRETS = tuple(KEYS[name] for name in NAMES)


def telling(*frames: str) -> Play:
    """A session in which these frames are told, one after the other."""

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        for frame in frames:
            await connection.send(frame)

    return play


async def told(folder: Path, *frames: str, symbols: tuple[str, ...] = ("IWM",), **named: Any) -> Heard:
    return await heard(PROVIDER, folder, telling(*frames), *symbols, **named)


def correction(symbol: str, was: int, now: int, price: object) -> str:
    return (
        f'{{"T":"c","S":"{symbol}","x":"V","oi":{was},"op":1.0,"os":90,"oc":["@"],"ci":{now},"cp":{price},"cs":90,'
        f'"cc":["@"],"z":"B","t":"2026-11-20T18:16:09Z"}}'
    )


def cancel(symbol: str, number: int) -> str:
    return (
        f'{{"T":"x","S":"{symbol}","i":{number},"x":"V","p":299.96,"s":90,"a":"C","z":"B","t":"2026-11-20T18:16:09Z"}}'
    )


async def test_the_source_is_named_by_its_tape(tmp_path: Path) -> None:
    for feed, source, delay_s in (("iex", "alpaca IEX", 0), ("delayed_sip", "alpaca SIP", 900)):
        found = await told(tmp_path, f"[{trade('IWM', 244.25)}]", options={"feed": feed})
        assert [(q.source, q.delay_s) for q in found.quotes] == [(source, delay_s)]
        assert [request.path for request in found.seen] == [f"/v2/{feed}"]


async def test_of_trades_out_of_order_and_told_twice_the_newest_stands(tmp_path: Path) -> None:
    newest, late = trade("IWM", 244.5, PRINTED), trade("IWM", 243.0, PRINTED - timedelta(seconds=3), 6100)
    found = await told(tmp_path, f"[{newest},{newest}]", f"[{late}]", f"[{newest}]")
    assert found.prices == {"IWM": 244.5}
    assert all(quote.as_of == PRINTED for quote in found.quotes)


async def test_a_corrected_trade_is_shown_as_corrected_and_keeps_its_time(tmp_path: Path) -> None:
    found = await told(tmp_path, f"[{trade('IWM', 299.96, i=7)}]", f"[{correction('IWM', 7, 8, 244.4)}]")
    assert (found.prices, found.withdrawn) == ({"IWM": 244.4}, {"IWM"})
    assert found.quotes[-1].as_of == PRINTED
    assert found.remarks == ["IWM 299.96 was corrected to 244.40"]


async def test_of_a_cancelled_trade_the_one_before_stands_again(tmp_path: Path) -> None:
    before = trade("IWM", 244.0, PRINTED - timedelta(seconds=9), 6)
    found = await told(tmp_path, f"[{before}]", f"[{trade('IWM', 299.96, i=7)}]", f"[{cancel('IWM', 7)}]")
    assert found.prices == {"IWM": 244.0}
    assert found.quotes[-1].as_of == PRINTED - timedelta(seconds=9)
    assert found.remarks == ["IWM 299.96 was cancelled; 244.00 stands"]


async def test_where_nothing_else_was_told_a_cancelled_trade_leaves_nothing(tmp_path: Path) -> None:
    found = await told(tmp_path, f"[{trade('IWM', 299.96, i=7)}]", f"[{cancel('IWM', 7)}]")
    assert (found.prices, found.withdrawn) == ({}, {"IWM"})
    assert found.remarks == ["IWM 299.96 was cancelled; none before it is known"]


async def test_corrections_of_what_is_not_shown_change_nothing(tmp_path: Path) -> None:
    old = trade("IWM", 243.0, PRINTED - timedelta(seconds=9), 6)
    frames = (f"[{old},{trade('IWM', 244.5, i=7)}]", f"[{cancel('IWM', 6)}]", f"[{correction('IWM', 5, 4, 1.0)}]")
    found = await told(tmp_path, *frames)
    assert (found.prices, found.withdrawn, found.remarks) == ({"IWM": 244.5}, set(), [])


@pytest.mark.parametrize("conditions", ['["@","W"]', '["@","T"]', '["7"]', '["Z"]'])
async def test_a_trade_whose_price_is_not_the_markets_is_no_last_price(conditions: str, tmp_path: Path) -> None:
    """An average, one out of hours or out of sequence: the rules of the tapes let none of them be the last price."""
    odd = trade("IWM", 299.0, PRINTED + timedelta(seconds=1), 9, conditions)
    assert (await told(tmp_path, f"[{trade('IWM', 244.5)}]", f"[{odd}]")).prices == {"IWM": 244.5}


async def test_a_trade_after_the_close_is_no_regular_price(tmp_path: Path) -> None:
    evening = PRINTED.replace(hour=21, minute=30)
    frames = (f"[{trade('IWM', 244.5)},{trade('IWM', 250.0, evening, 8)}]",)
    found = await told(tmp_path, *frames, now=lambda: evening + timedelta(minutes=1))
    assert (found.prices, found.missing, found.remarks) == ({"IWM": 244.5}, {}, [])


async def test_a_trade_of_a_clock_that_jumped_is_refused_and_said_and_the_next_one_counts(tmp_path: Path) -> None:
    ahead = trade("IWM", 299.0, NOW + timedelta(hours=1), 8)
    found = await told(tmp_path, f"[{ahead}]", f"[{trade('IWM', 244.5)}]")
    assert found.prices == {"IWM": 244.5}
    assert found.remarks == ["IWM: a price of 2026-11-20 19:31 UTC is yet to come; is this clock right?"]


async def test_what_cannot_be_read_of_a_frame_spoils_nothing_beside_it(tmp_path: Path) -> None:
    bad = '{"T":"t","S":"IWM","p":"x","t":"2026-11-20T18:16:05Z"}'
    found = await told(tmp_path, f'[{bad},{trade("IWM", 244.5)},{{"T":"new kind"}}]', '[{"T":"t"')
    assert found.prices == {"IWM": 244.5}
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("a frame that cannot be read:")


async def test_many_frames_in_a_row_that_cannot_be_read_are_a_fault(tmp_path: Path) -> None:
    found = await told(tmp_path, *['{"T":"t"'] * 25)
    assert isinstance(found.fault, BadReply)
    assert str(found.fault).startswith("20 messages in a row: a frame that cannot be read")


@pytest.mark.parametrize(
    ("code", "kind", "said", "pauses"),
    [
        (402, Refused, "does not take the key from $APCA_API_KEY_ID and $APCA_API_SECRET_KEY (402: auth failed)", True),
        (404, Refused, "does not take the key", True),
        (406, Refused, "something else listens with this key, which may open one connection", False),
        (409, Refused, "this key's plan does not have this stream", False),
        (500, ServerFault, "Alpaca's stream is in trouble", False),
    ],
)
async def test_an_error_before_the_session_has_its_name(
    code: int, kind: type[ProviderFault], said: str, pauses: bool, tmp_path: Path
) -> None:
    """One of the key is a strike; of what concerns the stream alone polls go on."""

    async def play(connection: ServerConnection) -> None:
        await connection.send(CONNECTED)
        await connection.recv()
        await connection.send(f'[{{"T":"error","code":{code},"msg":"auth failed"}}]')
        await connection.wait_closed()

    found = await heard(PROVIDER, tmp_path, play)
    assert type(found.fault) is kind
    assert said in str(found.fault)
    assert (found.fault.pause_s is not None) is pauses


async def test_a_source_that_finds_us_slow_is_a_fault_of_its_own(tmp_path: Path) -> None:
    found = await told(tmp_path, '[{"T":"error","code":407,"msg":"slow client"}]', f"[{trade('IWM', 244.5)}]")
    assert str(found.fault) == "Alpaca finds that we read too slowly (407: slow client)"


async def test_a_key_that_the_door_refuses_is_a_strike(tmp_path: Path) -> None:
    found = await heard(PROVIDER, tmp_path, telling(), no=No(401, f"bad key {SECRETS[1]}".encode()))
    assert isinstance(found.fault, Refused)
    assert "HTTP 401" in str(found.fault)
    assert found.fault.pause_s is not None


async def test_the_first_symbols_are_listened_to_and_how_many_is_said(tmp_path: Path) -> None:
    wanted: list[str] = []

    async def play(connection: ServerConnection) -> None:
        wanted.extend(await greet(connection))

    found = await heard(PROVIDER, tmp_path, play, "IWM", "RUT", "SPY", "QQQ", options={"stream_symbols": 2})
    assert wanted == ["IWM", "SPY"]
    assert found.remarks == ["listens to 2 of 3 symbols; the others are polled"]


async def test_a_plan_of_fewer_symbols_gets_fewer(tmp_path: Path) -> None:
    asked: list[int] = []

    async def play(connection: ServerConnection) -> None:
        await connection.send(CONNECTED)
        await connection.recv()
        await connection.send(AUTHENTICATED)
        while True:
            symbols = msgspec.json.decode(await connection.recv())["trades"]
            asked.append(len(symbols))
            if len(symbols) <= 2:
                break
            await connection.send('[{"T":"error","code":405,"msg":"symbol limit exceeded"}]')
        await connection.send(subscribed(symbols))
        await connection.send(f"[{trade('IWM', 244.5)}]")

    found = await heard(PROVIDER, tmp_path, play, "IWM", "SPY", "QQQ", "IJR", "XLF")
    assert asked == [5, 2]
    assert found.prices == {"IWM": 244.5}
    assert found.remarks == ["listens to 2 of 5 symbols; the others are polled"]


async def test_one_connection_a_key_and_the_second_monitor_says_so(tmp_path: Path) -> None:
    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        await connection.wait_closed()

    async with streaming(play) as local:
        async with source_at(PROVIDER, local.url, tmp_path) as first:
            assert isinstance(first, HasStream)
            async with aclosing(first.stream([FUND], lambda: NOW)) as replies:
                await anext(replies)
                async with source_at(PROVIDER, local.url, tmp_path) as second:
                    assert isinstance(second, HasStream)
                    with pytest.raises(Occupied, match="another of your monitors listens with this key"):
                        await anext(aiter(second.stream([FUND], lambda: NOW)))
        assert len(local.seen) == 1
        async with source_at(PROVIDER, local.url, tmp_path) as second, asyncio.timeout(60):
            assert isinstance(second, HasStream)
            async with aclosing(second.stream([FUND], lambda: NOW)) as replies:
                await anext(replies)


async def test_a_source_that_says_nothing_at_the_start_is_left(tmp_path: Path) -> None:
    async def play(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with streaming(play) as local, source_at(PROVIDER, local.url, tmp_path) as source:
        assert isinstance(source, HasStream)
        source._timeout_s = 0.05  # type: ignore[attr-defined]
        with pytest.raises(Unreachable, match=r"gave no answer in 0\.05 s"):
            await anext(aiter(source.stream([FUND], lambda: NOW)))


def all_of(folder: Path) -> str:
    """Everything that is in the files below a folder."""
    return "".join(file.read_text() for file in folder.rglob("*") if file.is_file())


async def polled(folder: Path, answer: Answer | None = None, *symbols: str) -> tuple[Any, ProviderFault | None, Any]:
    """What a poll gives."""

    def answered(request: Request) -> Answer:
        return answer or Answer(reply(request, "IWM", "244.25").encode())

    async with serving(answered) as local, source_at(PROVIDER, local.url, folder) as source:
        try:
            given = await source.quotes([Instrument.of(s) for s in symbols or ("IWM",)], NOW)  # type: ignore[attr-defined]
        except ProviderFault as fault:
            return None, fault, local
        return given, None, local


async def test_all_symbols_are_one_request_with_the_key_in_its_head(tmp_path: Path) -> None:
    given, _, local = await polled(tmp_path, None, "IWM", "SPY", "RUT")
    (request,) = local.seen
    assert request.query == {"symbols": "IWM,SPY", "feed": "iex"}
    assert [request.headers[name] for name in ("apca-api-key-id", "apca-api-secret-key")] == list(SECRETS)
    assert given.missing == {"RUT": "Alpaca does not have RUT", "SPY": "Alpaca does not carry SPY"}
    (quote,) = given.quotes
    assert (quote.source, quote.previous_close, quote.previous_session) == ("alpaca IEX", 240.5, None)


async def test_a_trade_that_a_poll_has_told_can_be_cancelled_too(tmp_path: Path) -> None:
    polled = asyncio.Event()

    async def play(connection: ServerConnection) -> None:
        await greet(connection)
        await polled.wait()
        await connection.send(f"[{cancel('IWM', 39884)}]")
        await connection.wait_closed()

    def answered(request: Request) -> Answer:
        return Answer(reply(request, "IWM", "299.25").encode())

    async with (
        serving(answered) as asked,
        streaming(play) as listened,
        source_at(PROVIDER, listened.url, tmp_path) as source,
    ):
        assert isinstance(source, HasStream)
        assert isinstance(source, HasQuotes)
        source._http._endpoint = replace(source._http._endpoint, base_url=asked.url)  # type: ignore[attr-defined]
        async with aclosing(source.stream([FUND], lambda: NOW)) as replies, asyncio.timeout(PATIENCE_S):
            await anext(replies)
            await source.quotes([FUND], NOW)
            polled.set()
            told = await anext(replies)
    assert told.withdrawn == {"IWM"}
    assert told.remarks == ("IWM 299.25 was cancelled; none before it is known",)


async def test_out_of_hours_its_last_trade_is_none_and_nothing_is_wrong(tmp_path: Path) -> None:
    early = reply(Request("", {}, {}), "IWM", "244.25", PRINTED.replace(hour=13, minute=0))
    given, _, _ = await polled(tmp_path, Answer(early.encode()))
    assert given.quotes == ()
    assert isinstance(given.missing["IWM"], Untroubled)
    assert given.missing["IWM"] == "its last trade was outside regular hours, at 08:00 New York"


@pytest.mark.parametrize(
    "part", ["null", "{}", '{"latestTrade":null}', '{"latestTrade":{"t":"2026-11-20T18:16:00","p":1}}']
)
async def test_a_snapshot_without_a_trade_is_missing_with_the_reason(part: str, tmp_path: Path) -> None:
    given, _, _ = await polled(tmp_path, Answer(f'{{"IWM":{part}}}'.encode()))
    assert given.quotes == ()
    assert given.missing["IWM"].startswith("IWM: ")


async def test_a_wrong_key_is_told_by_where_it_is_from_and_never_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, fault, _ = await polled(tmp_path, Answer(f"forbidden: {' '.join(SECRETS)}".encode(), 401))
    assert isinstance(fault, Refused)
    assert str(fault).startswith("Alpaca does not take the key from $APCA_API_KEY_ID and $APCA_API_SECRET_KEY;")
    kept = all_of(tmp_path)
    assert not any(secret in said for secret in SECRETS for said in (str(fault), repr(fault), caplog.text, kept))


async def test_without_a_key_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name)
    _, fault, local = await polled(tmp_path)
    assert isinstance(fault, Misconfigured)
    assert str(fault).startswith("no key: $APCA_API_KEY_ID and $APCA_API_SECRET_KEY has none; file")
    assert local.seen == []


def test_what_alpaca_has_sent_is_read() -> None:
    """The messages of its stream and a recorded snapshot, as they are."""
    kinds = []
    for line in shared_material.path("shapes", "alpaca_ws_session_JSON.jsonl").read_text().splitlines():
        kinds += [type(message).__name__ for message in wire.read(line)]
    assert kinds[:4] == ["Success", "Success", "Subscribed", "Trade"]
    assert kinds[7] == "Cancel"
    assert kinds[8:] == ["Complaint"] * 5
    body = shared_material.path("recordings", "alpaca", "snapshots_symbols_AAPL.json").read_bytes()
    reply, trades = wire.snapshots(body, ["AAPL"], "alpaca IEX", 0, datetime(2022, 3, 18, 14, 40, tzinfo=UTC))
    (quote,) = reply.quotes
    assert trades["AAPL"].number == 39884
    assert (quote.price, quote.previous_close, quote.session) == (161.1998, 160.62, date(2022, 3, 18))
    assert f"{quote.as_of:%H:%M:%S}" == "14:33:58"
