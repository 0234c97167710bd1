"""A stream from the line to the store: a source that opens the door to streams, listened to by the worker."""

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, Endpoint, QuoteReply, Surroundings
from rotation_tui.providers.socket import Socket
from tests.patience import PATIENCE_S
from tests.providers.local_stream import streaming
from tests.workers.fakes import MORNING, full_provider, quoted, trading, until

ENDPOINT = Endpoint("https://a.test", "ua", PATIENCE_S, None, 1000.0, 50)


class _Print(msgspec.Struct):
    symbol: str
    price: float
    second: float


class Ticks:
    """Prints as they come, one a message; what is no print is left out."""

    name = "ticks"

    def __init__(self, surroundings: Surroundings) -> None:
        self._socket = Socket(self.name, surroundings)

    def offers_stream(self, instrument: Instrument) -> bool:  # noqa: ARG002
        return True

    async def stream(
        self,
        instruments: Sequence[Instrument],
        now: Callable[[], datetime],  # noqa: ARG002
    ) -> AsyncGenerator[QuoteReply, None]:
        async with self._socket.open("/prints", idle_s=None) as messages:
            await messages.send(",".join(i.symbol for i in instruments))
            yield QuoteReply(())
            async for message in messages:
                try:
                    told = decode.json(message.encode(), _Print)
                except BadReply:
                    continue
                at = MORNING + timedelta(seconds=told.second)
                quote = Quote(told.symbol, told.price, at, at.astimezone(EASTERN).date(), self.name)
                yield QuoteReply((quote,))

    def requests_last_hour(self) -> int:
        return self._socket.requests_last_hour()

    async def close(self) -> None:
        """Nothing is open but the stream."""


async def test_prints_reach_the_store_a_drop_is_stood_in_for_and_the_worker_opens_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    lines: list[ServerConnection] = []
    asked: list[str | bytes] = []

    async def play(connection: ServerConnection) -> None:
        asked.append(await connection.recv())
        lines.append(connection)
        await connection.wait_closed()

    async def tell(symbol: str, price: float, second: float) -> None:
        await lines[-1].send(msgspec.json.encode(_Print(symbol, price, second)).decode())

    async with streaming(play) as source:
        ticks = Ticks(Surroundings(replace(ENDPOINT, base_url=source.url), tmp_path))
        second = full_provider("second")
        async with trading(ticks, second) as desk:
            await until(lambda: len(lines) == 1)
            desk.clock.move(seconds=5)
            await tell("IWM", 106.0, 3)
            await lines[-1].send("<html>")
            await tell("IWM", 105.0, 2)
            await tell("SPY", 106.5, 4)
            await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "ticks")
            assert quoted(desk.now) == {"IWM": 106.0, "SPY": 106.5}
            lines[-1].transport.abort()
            await until(lambda: desk.health("ticks")[0] == "DOWN")
            assert "broke the connection off" in str(desk.health("ticks")[1])
            desk.clock.move(seconds=1)
            await until(lambda: desk.source_of("IWM") == "second")
            polled = len(second.calls)
            desk.clock.move(seconds=10)
            await until(lambda: len(lines) == 2)
            await until(lambda: len(second.calls) > polled)  # what happened in between
            desk.clock.move(seconds=2)
            await tell("IWM", 107.0, 17)
            await until(lambda: desk.now.quotes["IWM"].price == 107.0)
            assert desk.health("ticks") == ("LIVE", None)
        assert asked == ["IWM,SPY", "IWM,SPY"]
        assert ticks.requests_last_hour() == 2
