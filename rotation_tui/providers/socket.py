"""The other door to the network: streams over websockets, with the budget, faults, proxy and certificates of `http`.

It opens one connection each time it is asked to, and never another by itself: the worker decides when. Messages
keep the order in which they arrive; which of two prints is the older their times tell, in the store.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rotation_tui.domain.address import host_of, masked
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import client, decode, proxies, reach
from rotation_tui.providers import status as statuses
from rotation_tui.providers.base import (
    LIBRARY_NAME,
    BadReply,
    Misconfigured,
    ProviderFault,
    RateLimited,
    Refused,
    Surroundings,
    Unreachable,
)
from rotation_tui.providers.budget import Budget
from rotation_tui.providers.messages import Messages, Terms, line

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection, connect
    from websockets.http11 import Response

_log = logging.getLogger(__name__)

LARGEST = 1024**2
"""Bytes that a message may have, unpacked: the trades of a busy second have 50 kB."""
MOST_WAITING = 2000
"""Messages that wait to be read before the oldest are dropped."""

Faults = Mapping[int, type[ProviderFault]]
"""What it means when a source closes a connection with a code, by the code."""

_FAULTS: Faults = MappingProxyType(
    {
        1008: Refused,  # "policy violation", which is said where a key is wrong
        1013: RateLimited,  # "try again later"
        3000: Refused,  # unauthorized
        3003: Refused,  # forbidden
        3008: Unreachable,  # time-out
        **dict.fromkeys((1002, 1003, 1007, 1009, 1010), BadReply),  # it cannot read what we sent
    }
)
_FAREWELL_S = 1.0  # that a source is given to say goodbye
_NEXT_ADDRESS_S = 0.25  # until the next address of a host is tried beside the first
_IN_AN_ADDRESS = "/?&=%:,;+@!$'()*~"
_NOTHING: Mapping[Any, Any] = MappingProxyType({})

# What the library logs has keys in it: the head of the request and every message, at the level "debug".
_MUTE = logging.Logger("websockets", logging.CRITICAL + 1)


class Socket:
    """Streams of one source under its endpoint's address, user agent, time-out and budget.

    The address may begin with https:// as that of `Http` does. `headers` are added to the request that opens a
    connection; `faults` says what further close codes of this source mean; `hide` takes keys out of what it says.
    Nothing is sent, and websockets is not imported, before the first `open`.
    """

    def __init__(
        self,
        name: str,
        surroundings: Surroundings,
        headers: Mapping[str, str] = _NOTHING,
        *,
        faults: Faults = _NOTHING,
        hide: Callable[[bytes], bytes] = bytes,
        budget: Budget | None = None,
    ) -> None:
        if surroundings.endpoint is None:
            raise Misconfigured(f"{name} has no address to ask")
        self._endpoint = surroundings.endpoint
        self._surroundings = surroundings
        self._headers = headers
        self._faults = {**_FAULTS, **faults}
        self._hide = hide
        self._url = self._endpoint.stream_url or self._endpoint.base_url
        self._host = host_of(self._url) or plain_text(masked(self._url), 60)
        self._budget = budget or Budget(surroundings.state_folder, f"{name}@{self._host}", self._endpoint)

    @asynccontextmanager
    async def open(
        self,
        path: str = "",
        *,
        idle_s: float | Callable[[], float | None] | None,
        ping_s: float = 20.0,
        largest: int = LARGEST,
        most: int = MOST_WAITING,
    ) -> AsyncIterator["Messages"]:
        """Messages of a new connection to the endpoint's address and `path`, which is closed at the end of the block.

        After `idle_s` seconds without a message the source counts as silent (None: it may be; a function tells it
        for the hour, as None for the night). It is
        asked for a sign of life every `ping_s` seconds, and must give it as fast. `largest` are the bytes that a
        message may have, `most` the messages that may wait. Raises RateLimited (429, or our own budget; then
        nothing was sent), Refused (401, 403), ServerFault (5xx), BadReply (any other unusable answer; redirects are
        not followed), Unreachable (name, connection, proxy, TLS, time-out) or Misconfigured.
        """
        # Importing websockets and reading the certificates take 100 ms and more, in which keys would wait.
        opening = await asyncio.to_thread(self._opening, path, ping_s, largest)
        await self._budget.admit()
        connection = await self._opened(opening)
        timeout_s = self._endpoint.timeout_s
        patience = idle_s if callable(idle_s) else lambda: idle_s
        terms = Terms(self._host, self._budget, self._faults, timeout_s, patience, largest, most, self._hide)
        try:
            async with Messages(connection, terms) as messages:
                yield messages
        finally:
            try:
                await connection.close()
            finally:
                connection.transport.abort()

    def requests_last_hour(self) -> int:
        """Connections to this source that were tried in the last hour, other monitors of this user included."""
        return self._budget.requests_last_hour()

    def _opening(self, path: str, ping_s: float, largest: int) -> "connect":
        """A connection that is not open yet; takes 100 ms and more the first time. Raises Misconfigured."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import InvalidURI, WebSocketException
        from websockets.proxy import parse_proxy
        from websockets.uri import parse_uri

        class Unfollowing(connect):
            def process_redirect(self, exc: Exception) -> Exception:
                """None is followed: it would be neither counted nor held to its owner."""
                return exc

        endpoint, ca_file = self._endpoint, self._surroundings.ca_file
        settings: dict[str, Any] = {}
        if endpoint.user_agent != LIBRARY_NAME:
            settings["user_agent_header"] = endpoint.user_agent
        try:
            url = _streamed(self._url.rstrip("/") + quote(path, safe=_IN_AN_ADDRESS))
            parse_uri(url)
            proxy = self._surroundings.proxy or proxies.route(url)
            if url.startswith("wss:"):
                settings["ssl"] = client.trusted(ca_file)
            if proxy is not None and parse_proxy(proxy).scheme == "https":
                settings["proxy_ssl"] = client.trusted(ca_file)
            return Unfollowing(
                url,
                additional_headers=_sendable(self._headers),
                proxy=proxy,
                open_timeout=endpoint.timeout_s,
                ping_interval=ping_s,
                ping_timeout=ping_s,
                close_timeout=_FAREWELL_S,
                max_size=largest,
                logger=_MUTE,
                happy_eyeballs_delay=_NEXT_ADDRESS_S,
                create_connection=line(),
                **settings,
            )
        except InvalidURI:  # which repeats the address, and any key in it
            raise Misconfigured(f"{self._host} is no address of a stream") from None
        except (OSError, ValueError, WebSocketException) as error:
            raise _unusable(error) from None

    async def _opened(self, opening: "connect") -> "ClientConnection":
        from websockets import exceptions

        try:
            return await opening
        except exceptions.InvalidStatus as refused:
            raise await self._refusal(refused.response) from None
        except TimeoutError as error:
            raise Unreachable(f"{self._host} gave no answer in {self._endpoint.timeout_s:g} s") from error
        except (OSError, exceptions.ProxyError, exceptions.InvalidMessage) as error:
            raise Unreachable(f"{self._host} cannot be reached: {reach.why(error)}") from error
        except exceptions.InvalidHandshake as error:
            reason = plain_text(masked(str(error)), 120)
            raise BadReply(f"{self._host} opens no stream: {reason}", whole=True) from error
        except (ValueError, ImportError) as error:  # a host that is none; a socks proxy without the package for it
            raise _unusable(error) from None

    async def _refusal(self, response: "Response") -> ProviderFault:
        """The fault that an answer other than an open stream is."""
        status, body = response.status_code, self._hide(bytes(response.body or b""))
        waits = response.headers.get("Retry-After")
        fault = await statuses.refusal(self._host, status, waits, body, self._budget)
        if fault is not None:
            return fault
        said = f"{self._host} opens no stream (HTTP {status}): {decode.excerpt(body)}"
        return BadReply(said, pause_s=await self._budget.strike(said), body=body, whole=True)


def _streamed(url: str) -> str:
    """`url` with the scheme of a stream."""
    for scheme in ("http", "https"):
        if url[: len(scheme) + 3].lower() == f"{scheme}://":
            return f"ws{scheme[4:]}{url[len(scheme) :]}"
    return url


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """`headers`; Misconfigured where one would break the head of the request, as a key with a line end does."""
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise Misconfigured(f"the header {name} has a character that cannot be sent")
    return dict(headers)


def _unusable(error: Exception) -> Misconfigured:
    # What urllib says of an address that it cannot read has pieces of it, such as half a password with a slash in it.
    said = "" if type(error) is ValueError else plain_text(masked(str(error)), 120)
    return Misconfigured(f"address, certificates or proxy cannot be used{said and ': '}{said}")
