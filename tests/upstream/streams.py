"""Sources that are listened to, on one port of this computer: Alpaca, Finnhub and Yahoo, and how they are hurt."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.providers.replies import alpaca, finnhub, yahoo
from tests.upstream.keyed import KEY, SECRET

FRAMES: dict[str, Callable[[str, float, datetime], str]] = {
    "alpaca": lambda symbol, price, at: f"[{alpaca.trade(symbol, price, at)}]",
    "finnhub": lambda symbol, price, at: finnhub.trades(finnhub.tick(symbol, price, at)),
    "yahoo": lambda symbol, price, at: yahoo.pricing(symbol, str(price), at),
}
"""By source: a message that tells one print."""


class Streams:
    """All three, in a thread of their own; what is told goes to whoever has subscribed to the symbol.

    `opened` counts sessions by source, `refusing` has the status that a source answers instead of opening one.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.opened = dict.fromkeys(FRAMES, 0)
        self.refusing: dict[str, int] = {}
        self._now = now
        self._listening: dict[ServerConnection, tuple[str, set[str]]] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="streams")
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    def url(self, source: str) -> str:
        """The address that stands for a source's own."""
        return f"ws://127.0.0.1:{self.port}/{source}"

    def listening(self, source: str) -> set[str]:
        """Symbols that are listened to on the sessions that are open now."""
        return set().union(*(symbols for name, symbols in list(self._listening.values()) if name == source))

    def tell(self, source: str, at: timedelta = timedelta(), **prices: float) -> None:
        """Tell prints of a moment, now where left out."""
        for symbol, price in prices.items():
            self.say(source, FRAMES[source](symbol, price, self._now() + at))

    def say(self, source: str, *messages: str) -> None:
        """Send messages on every session of a source."""
        self._do(self._say(source, messages)).result(30)

    def flood(self, source: str, symbol: str, prices: list[float]) -> None:
        """Tell so many prints as fast as they are taken."""
        began = self._now()
        frames = (FRAMES[source](symbol, p, began + timedelta(milliseconds=n)) for n, p in enumerate(prices))
        self._do(self._say(source, tuple(frames))).result(60)

    def drop(self, source: str) -> None:
        """Cut every connection of a source."""
        self._do(self._each(source, lambda connection: connection.transport.abort())).result(10)

    def stall(self, source: str) -> None:
        """Take and answer nothing any more, not even a ping, and close nothing."""
        self._do(self._each(source, lambda connection: connection.transport.pause_reading())).result(10)

    async def _each(self, source: str, what: Callable[[ServerConnection], None]) -> None:
        for connection, (name, _) in list(self._listening.items()):
            if name == source:
                what(connection)

    async def _say(self, source: str, messages: tuple[str, ...]) -> None:
        for connection, (name, _) in list(self._listening.items()):
            if name == source:
                try:
                    for message in messages:
                        await connection.send(message)
                except ConnectionClosed:
                    continue

    def _do(self, what: Coroutine[Any, Any, None]) -> "Future[None]":
        return asyncio.run_coroutine_threadsafe(what, self._loop)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        async with serve(
            self._play, "127.0.0.1", 0, process_request=self._judge, close_timeout=0.1, ping_interval=None
        ) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            self._ready.set()
            await self._over.wait()

    def _judge(self, connection: ServerConnection, request: Request) -> Response | None:
        source = request.path.split("/")[1].split("?")[0]
        status = self.refusing.get(source)
        return None if status is None else connection.respond(status, "no\n")

    async def _play(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        address = urlsplit(connection.request.path)
        source = address.path.split("/")[1]
        symbols: set[str] = set()
        try:
            if source == "alpaca":
                symbols |= set(await _greeted(connection))
            elif source == "finnhub" and parse_qs(address.query)["token"] != [KEY]:
                await connection.send('{"type":"error","msg":"Invalid API key"}')
                return
            self._listening[connection] = (source, symbols)
            self.opened[source] += 1
            async for message in connection:
                told = json.loads(message)
                symbols |= set(told.get("subscribe", ())) | ({told["symbol"]} if "symbol" in told else set())
        except ConnectionClosed:
            pass
        finally:
            self._listening.pop(connection, None)


async def _greeted(connection: ServerConnection) -> list[str]:
    """The symbols that a session of Alpaca's asks for; none where its key is wrong."""
    await connection.send(alpaca.CONNECTED)
    told = json.loads(await connection.recv())
    if (told["key"], told["secret"]) != (KEY, SECRET):
        await connection.send('[{"T":"error","code":402,"msg":"auth failed"}]')
        await connection.close()
    await connection.send(alpaca.AUTHENTICATED)
    symbols = list(json.loads(await connection.recv())["trades"])
    await connection.send(alpaca.subscribed(symbols))
    return symbols
