"""A source on this computer that answers as it is told: the network of the provider tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec.structs import replace

from rotation_tui.providers.base import LIBRARY_NAME, Provider, ProviderPart, Surroundings, named
from tests.patience import PATIENCE_S

P = TypeVar("P", bound=Provider)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; `cut` bytes of the body are held back, `silent` answers nothing at all.

    `location` is where a redirect leads; `extra` are further lines of the head.
    """

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    cut: int = 0
    silent: bool = False
    location: str = ""
    extra: tuple[str, ...] = ()


@dataclass(slots=True)
class Request:
    """What was asked: the path, its query and the header fields in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class LocalSource:
    """Address of the source, what it was asked so far, and its connections: all, and those that are open."""

    url: str
    seen: list[Request] = field(default_factory=list)
    opened: int = 0
    open: int = 0

    @property
    def paths(self) -> list[str]:
        """Paths in the order in which they were asked."""
        return [request.path for request in self.seen]

    def provider(self, part: ProviderPart[P], folder: Path, timeout_s: float = PATIENCE_S) -> P:
        """The provider, sent here, without a limit on its requests."""
        assert part.endpoint is not None
        own = part.endpoint.user_agent  # some ask for a contact, and one is known by the library's name alone
        endpoint = replace(
            part.endpoint,
            base_url=self.url,
            user_agent=own if own == LIBRARY_NAME else named(own, "somebody@example.com"),
            timeout_s=timeout_s,
            max_per_hour=None,
            rate_per_s=10_000,
            burst=10_000,
        )
        return part.build(Surroundings(endpoint, folder))


@asynccontextmanager
async def serving(answer: Callable[[Request], Answer], *, keeps_open: bool = False) -> AsyncIterator[LocalSource]:
    """A source on a free port of this computer: one answer a connection, or as many as who asks likes."""
    source = LocalSource("")
    over = asyncio.Event()
    writers: set[asyncio.StreamWriter] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        target = urlsplit(lines[0].split(" ")[1])
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        query = {key: values[0] for key, values in parse_qs(target.query).items()}
        request = Request(unquote(target.path), query, headers)
        source.seen.append(request)
        reply = answer(request)
        if reply.silent:
            await over.wait()
            return
        head = f"HTTP/1.1 {reply.status} X\r\nContent-Type: {reply.kind}\r\n"
        lines = [] if keeps_open else ["Connection: close"]
        lines += [f"Location: {reply.location}"] if reply.location else []
        head += "".join(f"{line}\r\n" for line in (*lines, *reply.extra))
        writer.write(f"{head}Content-Length: {len(reply.body)}\r\n\r\n".encode("ascii"))
        writer.write(reply.body[: len(reply.body) - reply.cut])
        await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        source.opened += 1
        source.open += 1
        writers.add(writer)
        try:
            await one(reader, writer)
            while keeps_open:
                await one(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            source.open -= 1
            writers.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    source.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield source
    finally:
        over.set()
        server.close()
        if keeps_open:
            for writer in writers:
                writer.transport.abort()
        await server.wait_closed()
