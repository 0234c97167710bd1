"""The door to the network for whoever asks: one client a source, its budget kept, every failure one of our faults."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from rotation_tui.domain.address import masked
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import client as clients
from rotation_tui.providers import decode, reach, site
from rotation_tui.providers import status as statuses
from rotation_tui.providers.base import (
    BadReply,
    Misconfigured,
    Surroundings,
    Unreachable,
)
from rotation_tui.providers.budget import Budget
from rotation_tui.providers.unpack import Body

if TYPE_CHECKING:
    import httpx

_log = logging.getLogger(__name__)

SMALL, LARGE = 1024**2, 4 * 1024**2
"""Bytes that a reply may have, unpacked: quotes have 150 kB, the longest history and the largest table 2 MB."""

MOVED = "sends us on to"
"""In the sentence that tells of a host that has moved."""

_SAID = 64 * 1024  # of a refusal no more is read
_MOST_REDIRECTS = 3
_READY_MADE = 16  # requests; a poll repeats its own, and httpx calls a thousand functions to make one
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Copy(Struct, frozen=True):
    """A body, and by what its source knows it again: its ETag and the day of its last change, each empty if untold."""

    body: bytes
    etag: str = ""
    changed: str = ""


def not_found(status: int, body: bytes) -> bool:  # noqa: ARG001
    """HTTP's own way to say that a source does not have what it was asked for."""
    return status == 404


class Http:
    """GET requests to one source under its endpoint's address, user agent, time-out and budget.

    `headers` are added to every request. `absent` tells from status and body whether the source says that it
    does not have what was asked for; any other refusal is about us, and a strike. `patient` sources get every
    request on a connection of its own, and once more where nothing or a 503 came back. `hide` takes keys out of
    whatever a source sends, for some repeat them. Nothing is sent, and httpx is not imported, before the first `get`.
    `transport` and `budget` stand in for the network and the shared budget in tests.
    """

    def __init__(
        self,
        name: str,
        surroundings: Surroundings,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        absent: Callable[[int, bytes], bool] = not_found,
        patient: bool = False,
        hide: Callable[[bytes], bytes] = bytes,
        transport: "httpx.AsyncBaseTransport | None" = None,
        budget: Budget | None = None,
    ) -> None:
        if surroundings.endpoint is None:
            raise Misconfigured(f"{name} has no address to ask")
        self._endpoint = surroundings.endpoint
        self._surroundings = surroundings
        self._headers = headers
        self._absent = absent
        self._patient = patient
        self._hide = hide
        self._transport = transport
        self._host = urlsplit(self._endpoint.base_url).hostname or self._endpoint.base_url
        self._budget = budget or Budget(surroundings.state_folder, f"{name}@{self._host}", self._endpoint)
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()
        self._moved: tuple[httpx.URL, httpx.URL] | None = None
        self._request = lru_cache(_READY_MADE)(self._made)

    async def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        most: int = SMALL,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> bytes:
        """Body of `base_url + path`, never empty, HTML or a ZIP, at most `most` bytes; `headers` are of this request.

        Raises RateLimited (429, "Too Many Requests", or our own budget; then nothing was sent), Refused
        (401, 403), UnknownSymbol (what `absent` says), ServerFault (5xx, 999), BadReply (any other unusable
        answer), Unreachable or Misconfigured. Faults that came with a body carry it as `body`. Redirects are
        followed as far as `site.may_follow` lets them.
        """
        response, body = await self._answer(path, params, headers, most)
        return await self._judge(response, body)

    async def get_again(self, path: str, had: Copy | None, *, most: int = SMALL) -> Copy:
        """As `get`, and `had` itself where the source says that it has not changed (304)."""
        asked = {} if had is None else {"If-None-Match": had.etag, "If-Modified-Since": had.changed}
        known = {name: value for name, value in asked.items() if value}
        response, body = await self._answer(path, None, known, most)
        if had is not None and known and response.status_code == 304:
            await self._budget.answered()
            return had
        told = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
        return Copy(await self._judge(response, body), *told)

    async def _answer(
        self, path: str, params: Mapping[str, str | int] | None, headers: Mapping[str, str], most: int
    ) -> tuple["httpx.Response", bytes]:
        client = await self._ready()
        import httpx  # after the client, which imports it in a thread

        told = tuple([(key, str(value)) for key, value in (params or {}).items()])  # as texts, for 1 is True
        try:
            request = self._request(client, path, told, tuple(headers.items()))
            return await self._follow(client, request, headers, most)
        except httpx.InvalidURL as error:
            raise Misconfigured(plain_text(masked(f"{self._endpoint.base_url} is no address"))) from error
        except BadReply as fault:
            if fault.whole and fault.pause_s is None:
                fault.pause_s = await self._budget.strike(str(fault))
            raise

    async def close(self) -> None:
        """Give back connections; a later `get` opens new ones."""
        client, self._client = self._client, None
        self._request.cache_clear()
        if client is not None:
            await client.aclose()

    def requests_last_hour(self) -> int:
        """Requests sent to this source in the last hour, other monitors of this user included."""
        return self._budget.requests_last_hour()

    async def _ready(self) -> "httpx.AsyncClient":
        async with self._making:
            if self._client is None:
                # Importing httpx and reading the certificates take 100 ms and more, in which keys would wait.
                self._client = await asyncio.to_thread(
                    clients.made, self._surroundings, self._headers, self._transport, keeps_open=not self._patient
                )
            return self._client

    def _made(
        self,
        client: "httpx.AsyncClient",
        path: str,
        params: tuple[tuple[str, str], ...],
        headers: tuple[tuple[str, str], ...],
    ) -> "httpx.Request":
        import httpx

        url = httpx.URL(self._endpoint.base_url.rstrip("/") + path)
        return client.build_request("GET", url.copy_merge_params(params) if params else url, headers=headers)

    async def _follow(
        self, client: "httpx.AsyncClient", request: "httpx.Request", headers: Mapping[str, str], most: int
    ) -> tuple["httpx.Response", bytes]:
        """What comes of `request`, redirects followed. A host that moved is asked at its new place at once."""
        asked = request.url
        url = self._where_it_is(asked)
        for _ in range(_MOST_REDIRECTS + 1):
            elsewhere = url is not asked and _place(url) != _place(asked) and url.raw_path == asked.raw_path
            if url is not request.url:
                request = client.build_request("GET", url, headers=headers)
            try:
                response, body = await self._sent(client, request, most)
            except Unreachable:
                self._moved = None
                raise
            if clients.LOCATION not in response.extensions:
                if elsewhere:  # a new place that is in trouble is forgotten
                    self._moved = (asked, url) if response.status_code < 500 else None
                return response, body
            target = await self._target(url, response)
            if _place(target) != _place(url):
                here, there = (place.netloc.decode("ascii", "replace") for place in (url, target))
                said = f"{here} {MOVED} {there} (HTTP {response.status_code}), which is followed"
                _log.info("%s", said)
                self._surroundings.tell(plain_text(said))
            url = target
        raise BadReply("redirects in a circle", whole=True)

    def _where_it_is(self, url: "httpx.URL") -> "httpx.URL":
        if self._moved is None:
            return url
        old, new = self._moved
        if _place(url) != _place(old):
            return url
        return url.copy_with(scheme=new.scheme, host=new.host, port=new.port)

    async def _target(self, url: "httpx.URL", response: "httpx.Response") -> "httpx.URL":
        """Where a redirect leads; one that leads to somebody else is a strike, for it would meet every request."""
        import httpx

        location: str = response.extensions[clients.LOCATION]
        try:
            target = url.join(location)
            followed = await asyncio.to_thread(site.may_follow, url, target)
            where = f"{target.scheme}://{target.host}"
        except (httpx.InvalidURL, ValueError):  # names that cannot be written in ASCII are a ValueError
            followed, where = False, masked(location)
        if followed:
            return target
        said = f"HTTP {response.status_code} sends us on to {plain_text(where, 60)}, which is not followed"
        raise BadReply(said, pause_s=await self._budget.strike(said), whole=True)

    async def _sent(
        self, client: "httpx.AsyncClient", request: "httpx.Request", most: int
    ) -> tuple["httpx.Response", bytes]:
        """One request, or for a patient source a second one where the first came to nothing."""
        await self._budget.admit()
        if self._patient:
            try:
                response, body = await self._send(client, request, most)
            except Unreachable as fault:
                _log.info("%s; asked once more", fault)
            else:
                if response.status_code != 503 or "Retry-After" in response.headers:
                    return response, body
            await self._budget.admit()
        return await self._send(client, request, most)

    async def _send(
        self, client: "httpx.AsyncClient", request: "httpx.Request", most: int
    ) -> tuple["httpx.Response", bytes]:
        import httpx

        # httpx counts its time-out between two reads; a server that trickles would hold us for ever.
        patience = 3 * self._endpoint.timeout_s
        try:
            async with asyncio.timeout(patience):
                response = await client.send(request, stream=True)
                try:
                    read = _body(response, most) if response.status_code == 200 else _said(response)
                    return response, self._hide(await read)
                finally:
                    await response.aclose()
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Unreachable(f"{self._host} gave no answer in {self._endpoint.timeout_s:g} s") from error
        except (httpx.RequestError, OSError) as error:
            raise Unreachable(f"{self._host} cannot be reached: {reach.why(error)}") from error

    async def _judge(self, response: "httpx.Response", body: bytes) -> bytes:
        status, waits = response.status_code, response.headers.get("Retry-After")
        absent = self._absent(status, body)
        fault = await statuses.refusal(self._host, status, waits, body, self._budget, absent=absent)
        if fault is not None:
            raise fault
        if status != 200:
            raise BadReply(f"HTTP {status}: {decode.excerpt(body)}", body=body)
        if decode.is_html(body, response.headers.get("Content-Type", "")):
            said = f"{self._host} sent a web page instead of data"
            raise BadReply(said, pause_s=await self._budget.strike(said), body=body, whole=True)
        if not body.strip():
            raise BadReply("the answer is empty", body=body)
        if decode.is_zip(body):
            raise BadReply("a ZIP archive instead of data", body=body)
        await self._budget.answered()
        return body


def _place(url: "httpx.URL") -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _body(response: "httpx.Response", most: int) -> bytes:
    """The body of a good answer, unpacked here: httpx would unpack before anybody counts."""
    import httpx

    assert isinstance(response.stream, httpx.AsyncByteStream)
    body = Body(response.headers.get("Content-Encoding", ""), most)
    async for chunk in response.stream:
        body.take(chunk)
    return body.whole()


async def _said(response: "httpx.Response") -> bytes:
    """The start of a refusal's body; what cannot be unpacked says nothing, and the status counts all the same."""
    import httpx

    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        body = Body(response.headers.get("Content-Encoding", ""), _SAID)
        async for chunk in response.stream:
            body.take(chunk)
        return body.whole()
    except BadReply:
        return b""
