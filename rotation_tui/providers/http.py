"""The only door to the network: one client a source, its budget kept, every failure one of our faults."""

import asyncio
import ssl
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    BadReply,
    Misconfigured,
    RateLimited,
    Refused,
    ServerFault,
    Surroundings,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.providers.budget import Budget

if TYPE_CHECKING:
    import httpx

LARGEST_REPLY = 32 * 1024 * 1024
_MOST_REDIRECTS = 3
_IDLE_S = 60.0
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Http:
    """GET requests to one source under its endpoint's address, user agent, time-out and budget.

    `headers` are added to every request. Nothing is sent, and httpx is not imported, before the first
    `get`. `transport` and `budget` stand in for the network and the shared budget in tests.
    """

    def __init__(
        self,
        name: str,
        surroundings: Surroundings,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        transport: "httpx.AsyncBaseTransport | None" = None,
        budget: Budget | None = None,
    ) -> None:
        if surroundings.endpoint is None:
            raise Misconfigured(f"{name} has no address to ask")
        self._endpoint = surroundings.endpoint
        self._surroundings = surroundings
        self._headers = {"User-Agent": self._endpoint.user_agent, **headers}
        self._transport = transport
        self._host = urlsplit(self._endpoint.base_url).hostname or self._endpoint.base_url
        self._budget = budget or Budget(surroundings.state_folder, f"{name}@{self._host}", self._endpoint)
        self._client: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()

    async def get(self, path: str, params: Mapping[str, str | int] | None = None) -> bytes:
        """Body of `base_url + path`, never empty, HTML or a ZIP, at most 32 MiB.

        Raises RateLimited (429, "Too Many Requests", or our own budget; then nothing was sent), Refused
        (401, 403), UnknownSymbol (404), ServerFault (5xx, 999), BadReply (any other unusable answer),
        Unreachable or Misconfigured. Faults that came with a body carry it as `body`. Redirects are
        followed on the same host only.
        """
        client = await self._ready()
        import httpx  # after the client, which imports it in a thread

        try:
            url = httpx.URL(self._endpoint.base_url.rstrip("/") + path)
            if params:
                url = url.copy_merge_params({key: str(value) for key, value in params.items()})
            response, body = await self._follow(client, url)
        except httpx.InvalidURL as error:
            raise Misconfigured(f"{self._endpoint.base_url} is no address: {error}") from error
        return await self._judge(response, body)

    async def close(self) -> None:
        """Give back connections; a later `get` opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def requests_last_hour(self) -> int:
        """Requests sent to this source in the last hour, other monitors of this user included."""
        return self._budget.requests_last_hour()

    async def _ready(self) -> "httpx.AsyncClient":
        async with self._making:
            if self._client is None:
                # Importing httpx and reading the certificates take 100 ms and more, in which keys would wait.
                self._client = await asyncio.to_thread(self._make)
            return self._client

    def _make(self) -> "httpx.AsyncClient":
        # Without its command line, which brings pygments and 3 MB along, httpx works as well, and says so itself.
        sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
        import httpx

        try:
            return httpx.AsyncClient(
                headers=self._headers,
                timeout=self._endpoint.timeout_s,
                verify=_trust(self._surroundings.ca_file),
                proxy=self._surroundings.proxy,
                transport=self._transport,
                limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=_IDLE_S),
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            # ImportError: a socks proxy without the package for it.
            raise Misconfigured(
                f"certificates or proxy cannot be used: {plain_text(str(error)) or type(error).__name__}"
            ) from error

    async def _follow(self, client: "httpx.AsyncClient", url: "httpx.URL") -> tuple["httpx.Response", bytes]:
        origin = (url.scheme, url.host, url.port)
        for _ in range(_MOST_REDIRECTS + 1):
            await self._budget.admit()
            response, body = await self._send(client, url)
            if not response.has_redirect_location:
                return response, body
            url = url.join(response.headers["Location"])
            if (url.scheme, url.host, url.port) != origin:
                raise BadReply(f"HTTP {response.status_code} sends us on to {plain_text(url.host, 60)}")
        raise BadReply("redirects in a circle")

    async def _send(self, client: "httpx.AsyncClient", url: "httpx.URL") -> tuple["httpx.Response", bytes]:
        import httpx

        # httpx counts its time-out between two reads; a server that trickles would hold us for ever.
        patience = 3 * self._endpoint.timeout_s
        try:
            async with asyncio.timeout(patience), client.stream("GET", url) as response:
                return response, await self._body(response)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Unreachable(f"{self._host} gave no answer in {self._endpoint.timeout_s:g} s") from error
        except httpx.DecodingError as error:
            raise BadReply(f"body cannot be unpacked: {plain_text(str(error), 100)}") from error
        except (httpx.RequestError, OSError) as error:
            reason = plain_text(str(error), 120) or type(error).__name__
            raise Unreachable(f"{self._host} cannot be reached: {reason}") from error

    async def _body(self, response: "httpx.Response") -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_REPLY:
                raise BadReply(f"body is larger than {LARGEST_REPLY // 1024**2} MiB")
        return bytes(body)

    async def _judge(self, response: "httpx.Response", body: bytes) -> bytes:
        status = response.status_code
        if status == 429 or decode.is_too_many(body):
            said = f"{self._host} says too many requests (HTTP {status})"
            asked = _seconds_asked(response.headers.get("Retry-After"), datetime.now(UTC))
            raise RateLimited(said, pause_s=await self._budget.strike(said, asked), body=body)
        if status in (401, 403):
            raise Refused(f"{self._host} refuses us (HTTP {status}): {decode.excerpt(body)}", body=body)
        if status == 404:
            raise UnknownSymbol(f"{self._host} does not know this (HTTP 404)", body=body)
        if status >= 500:  # 999 is Yahoo's edge in trouble
            raise ServerFault(f"{self._host} is in trouble (HTTP {status})", body=body)
        if status != 200:
            raise BadReply(f"HTTP {status}: {decode.excerpt(body)}", body=body)
        if decode.is_html(body, response.headers.get("Content-Type", "")):
            said = f"{self._host} sent a web page instead of data"
            raise BadReply(said, pause_s=await self._budget.strike(said), body=body)
        if not body.strip():
            raise BadReply("the answer is empty", body=body)
        if decode.is_zip(body):
            raise BadReply("a ZIP archive instead of data", body=body)
        await self._budget.answered()
        return body


@lru_cache(maxsize=2)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates to trust, 2.6 MB, once for all sources; raises OSError where the file cannot be read."""
    import httpx

    return httpx.create_ssl_context() if ca_file is None else ssl.create_default_context(cafile=ca_file)


def _seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header (seconds or an HTTP date), None where it names no time ahead."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9]) or None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return seconds if seconds > 0 else None
