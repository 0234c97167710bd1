"""A source on this computer that streams as it is told, and a proxy before it: the network of the stream tests."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.utils import accept_key

CERTIFICATE = Path(__file__).with_name("localhost.pem")

Play = Callable[[ServerConnection], Awaitable[None]]
Bytes = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class LocalStream:
    """Address of the source and the requests that opened a connection, or would have."""

    url: str = ""
    seen: list[Request] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class No:
    """An answer to who asks for a stream and gets none."""

    status: int
    body: bytes = b"no"
    headers: tuple[tuple[str, str], ...] = ()


@asynccontextmanager
async def streaming(play: Play, *, no: No | None = None, secure: bool = False) -> AsyncIterator[LocalStream]:
    """A source that plays its part on each connection, or opens none where it says no."""
    source = LocalStream()

    def judge(_: ServerConnection, request: Request) -> Response | None:
        source.seen.append(request)
        if no is None:
            return None
        headers = Headers([("Content-Length", str(len(no.body))), ("Connection", "close"), *no.headers])
        return Response(no.status, "X", headers, no.body)

    context = None
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    async with serve(play, "127.0.0.1", 0, process_request=judge, ssl=context, close_timeout=0.1) as server:
        source.url = f"http{'s' * secure}://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield source


@asynccontextmanager
async def bytewise(play: Bytes) -> AsyncIterator[str]:
    """The address of a server that sends whatever bytes it likes, on each connection."""
    running: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await play(reader, writer)
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()


async def opened(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Open a stream as a server does, so that what follows are frames."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    (key,) = (line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key: "))
    answer = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(key)}\r\n\r\n"
    writer.write(f"HTTP/1.1 101 X\r\n{answer}".encode("ascii"))
    await writer.drain()


@dataclass(slots=True)
class LocalProxy:
    """Address of the proxy and the heads of what it was asked."""

    url: str = ""
    seen: list[str] = field(default_factory=list)


@asynccontextmanager
async def proxying(status: int = 200) -> AsyncIterator[LocalProxy]:
    """A proxy that connects where it is told to, or refuses with another status."""
    proxy = LocalProxy()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
        writer.transport.abort()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        proxy.seen.append(head)
        writer.write(f"HTTP/1.1 {status} X\r\n\r\n".encode("ascii"))
        if status != 200:
            return await writer.drain()
        host, port = head.split(" ")[1].split(":")
        there, back = await asyncio.open_connection(host, int(port))
        try:
            await asyncio.gather(pass_on(reader, back), pass_on(there, writer))
        finally:
            back.transport.abort()

    async with bytewise(play) as url:
        proxy.url = url
        yield proxy
