"""What is special about Yahoo's websocket: it is asked for by the config, speaks protobuf, and wants to be reminded."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection

from rotation_tui.providers import yahoo
from rotation_tui.providers.base import BadReply, Endpoint, HasStream, Surroundings
from rotation_tui.providers.yahoo import stream
from tests import shared_material
from tests.providers.heard import heard
from tests.providers.local_stream import Play
from tests.providers.replies import PRINTED
from tests.providers.replies.yahoo import pricing

HEARD = replace(yahoo.PROVIDER, build=lambda s: yahoo.build(replace(s, options={"stream": True})))


def telling(*messages: str) -> Play:
    async def play(connection: ServerConnection) -> None:
        assert json.loads(await connection.recv()) == {"subscribe": ["IWM", "^RUT"]}
        for message in messages:
            await connection.send(message)

    return play


def test_it_is_listened_to_only_where_the_config_says_so(tmp_path: Path) -> None:
    endpoint = yahoo.PROVIDER.endpoint
    assert isinstance(endpoint, Endpoint)
    assert not isinstance(yahoo.build(Surroundings(endpoint, tmp_path)), HasStream)
    assert isinstance(yahoo.build(Surroundings(endpoint, tmp_path, options={"stream": True})), HasStream)


async def test_funds_and_indexes_are_told_by_their_own_names(tmp_path: Path) -> None:
    messages = (pricing("IWM", "244.25"), pricing("RUT", "2471.117"), pricing("ZZZZ", "1"), '{"type":"other"}')
    found = await heard(HEARD, tmp_path, telling(*messages), "IWM", "RUT", "RTY=F")
    assert found.prices == {"IWM": 244.25, "RUT": 2471.12}
    assert {(quote.source, quote.as_of) for quote in found.quotes} == {("yahoo", PRINTED)}
    assert [request.path for request in found.seen] == ["/?version=2"]


@pytest.mark.parametrize("hours", [0, 2, 3])
async def test_a_price_of_other_hours_is_no_regular_one(hours: int, tmp_path: Path) -> None:
    found = await heard(HEARD, tmp_path, telling(pricing("IWM", "244.25", hours=hours)), "IWM", "RUT")
    assert (found.prices, found.remarks) == ({}, [])


async def test_a_message_that_is_cut_is_said_and_spoils_no_other(tmp_path: Path) -> None:
    whole = pricing("IWM", "244.25")
    cut = '{"type":"pricing","message":"CgNJV00VAEB0QxiAsNuCmm"}'
    found = await heard(HEARD, tmp_path, telling(cut, "<html>", whole), "IWM", "RUT")
    assert found.prices == {"IWM": 244.25}
    assert len(found.remarks) == 2


async def test_what_is_wanted_is_said_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_AGAIN_S", 0.01)
    asked: list[object] = []

    async def play(connection: ServerConnection) -> None:
        for _ in range(3):
            asked.append(json.loads(await connection.recv()))  # noqa: PERF401 - they come one by one

    await heard(HEARD, tmp_path, play, "IWM")
    assert asked == [{"subscribe": ["IWM"]}] * 3


def test_the_recorded_message_is_read_as_it_was_decoded() -> None:
    folder = shared_material.path("recordings", "yahoo_stream")
    expected = json.loads((folder / "decoded_expected.json").read_text())["v2_20251030"]
    told = stream.read((folder / "v2_frame_BTC-USD_20251030.json").read_text())
    assert told is not None
    assert (told.symbol, told.price, told.time_ms) == (expected["id"], expected["price"], expected["time"])
    assert (told.is_regular, told.decimals) == (expected["market_hours"] == 1, expected["price_hint"])


@pytest.mark.parametrize("end", range(1, 60, 3))
def test_no_part_of_a_message_is_taken_for_a_whole_price(end: int) -> None:
    """Nothing but a price or a BadReply comes out, and never another number."""
    import base64

    body = base64.b64decode(json.loads(pricing("IWM", "244.25"))["message"])
    cut = base64.b64encode(body[:end]).decode()
    try:
        told = stream.read(f'{{"type":"pricing","message":"{cut}"}}')
    except BadReply:
        return
    assert told is not None
    assert (told.symbol, told.price) == ("IWM", 244.25)
