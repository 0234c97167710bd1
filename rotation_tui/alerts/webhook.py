"""Alerts by HTTP: ntfy, Slack, Discord, or JSON to an address. The address is a secret and stands in no message."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from rotation_tui import __version__
from rotation_tui.alerts.outbox import SENT, Outcome
from rotation_tui.domain.alert import ChannelSettings, Firing
from rotation_tui.providers import client as clients
from rotation_tui.providers import reach
from rotation_tui.providers.base import Endpoint, Misconfigured, Surroundings

if TYPE_CHECKING:
    import httpx

_LONGEST = 1500
"""Characters of a message; Discord takes 2,000."""
_LONGEST_WAIT_S = 3600.0
_PRIORITIES: Mapping[str, str] = {"alert": "high", "watch": "default", "info": "low"}


def _ntfy(firing: Firing) -> tuple[dict[str, str], bytes]:
    # a head takes ASCII alone, so that the name of an alert in other letters stands in the text
    title = firing.alert if firing.alert.isascii() and firing.alert.isprintable() else "rotation-tui"
    return {"Title": title, "Priority": _PRIORITIES[firing.severity]}, _text(firing).encode()


def _slack(firing: Firing) -> tuple[dict[str, str], bytes]:
    text = _text(firing).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _JSON, msgspec.json.encode({"text": text})


def _discord(firing: Firing) -> tuple[dict[str, str], bytes]:
    return _JSON, msgspec.json.encode({"content": _text(firing), "allowed_mentions": {"parse": []}})


def _plain_json(firing: Firing) -> tuple[dict[str, str], bytes]:
    return {**_JSON, "Idempotency-Key": firing.id}, told_as_json(firing)


_JSON = {"Content-Type": "application/json"}
FORMS: Mapping[str, Callable[[Firing], tuple[dict[str, str], bytes]]] = {
    "ntfy": _ntfy,
    "slack": _slack,
    "discord": _discord,
    "json": _plain_json,
}
"""Head and body of a request by the kind of channel."""


def told_as_json(firing: Firing) -> bytes:
    """The alert with its row, as a program gets it."""
    told: dict[str, Any] = msgspec.to_builtins(firing)
    del told["to"]
    return msgspec.json.encode({"text": firing.line, **told})


class Webhook:
    """Posts to one address. Nothing is sent, and httpx is not imported, before the first alert.

    A refusal of the connection, 429 and 5xx are tried again; a request without an answer may have arrived and is not.
    """

    def __init__(
        self,
        name: str,
        settings: ChannelSettings,
        surroundings: Surroundings,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self.name = name
        self.per_hour: int | None = settings.max_per_hour
        self._settings = settings
        self._url = settings.url or ""
        endpoint = Endpoint(self._url, f"rotation-tui/{__version__}", settings.timeout_s, None)
        self._surroundings = msgspec.structs.replace(surroundings, endpoint=endpoint)
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def send(self, firing: Firing) -> Outcome:
        """Post it; what comes of that is told without a word of the address."""
        try:
            client = await self._ready()
        except Misconfigured as fault:
            return Outcome(False, str(fault).replace(self._url, "***"))
        import httpx

        headers, body = FORMS[self._settings.kind](firing)
        seconds = self._settings.timeout_s
        try:
            async with asyncio.timeout(3 * seconds):
                async with client.stream("POST", self._url, content=body, headers=headers) as response:
                    return _judged(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            return Outcome(False, f"its host cannot be reached: {self._why(error)}", again=True)
        except (httpx.TimeoutException, TimeoutError):
            return Outcome(False, f"no answer in {seconds:g} s; whether it arrived is not known")
        except httpx.InvalidURL:
            return Outcome(False, "its address is none")
        except (httpx.RequestError, OSError) as error:
            return Outcome(False, f"broken off, {self._why(error)}; whether it arrived is not known")

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ready(self) -> "httpx.AsyncClient":
        if self._client is None:
            logging.getLogger("httpx").addFilter(_no_addresses)
            # importing httpx and reading the certificates take 100 ms and more, in which keys would wait
            self._client = await asyncio.to_thread(
                clients.made, self._surroundings, {}, self._transport, keeps_open=False
            )
        return self._client

    def _why(self, error: Exception) -> str:
        said = reach.why(error)
        parts = urlsplit(self._url)
        # an error may repeat the address, and of that even the host can be somebody's secret
        return type(error).__name__ if any(part and part in said for part in (self._url, parts.netloc)) else said


def _no_addresses(record: logging.LogRecord) -> bool:
    """Leave out the line that httpx logs of each request where that is one of ours: the address is in it."""
    return not (isinstance(record.args, tuple) and record.args[:1] == ("POST",))


def _judged(response: "httpx.Response") -> Outcome:
    status = response.status_code
    if 200 <= status < 300:
        return SENT
    if status == 429 or status >= 500:
        return Outcome(False, f"HTTP {status}", again=True, wait=_wait(response.headers.get("Retry-After", "")))
    if 300 <= status < 400:
        return Outcome(False, f"HTTP {status}: it sends us on, which is not followed")
    return Outcome(False, f"HTTP {status}: the address or what stands in it is not taken")


def _wait(told: str) -> timedelta | None:
    return timedelta(seconds=min(float(told), _LONGEST_WAIT_S)) if told.isdigit() else None


def _text(firing: Firing) -> str:
    return firing.line[:_LONGEST]
