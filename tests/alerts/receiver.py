"""Somebody on this computer to whom alerts are posted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Post:
    """What was posted."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """Its address, what came, and what it answers, first to last: None nothing at all, after these "200 OK"."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: list[str | None] = field(default_factory=list)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.posts.append(Post(head[0].split()[1], headers, body))
            answer = self.answers.pop(0) if self.answers else "200 OK"
            if answer is None:
                await reader.read()
                return
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def receiving(*answers: str | None) -> AsyncIterator[Receiver]:
    """A receiver that answers so, at an address of its own."""
    receiver = Receiver(answers=list(answers))
    server = await asyncio.start_server(receiver._serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks/SECRET-TOKEN"
    try:
        yield receiver
    finally:
        server.close()
