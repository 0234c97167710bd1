"""The way to Redis or Valkey: what is kept there under which name, and its faults in words."""

import os
import re
import socket
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import Struct

from rotation_tui.domain.address import masked
from rotation_tui.domain.hub import PASSWORD

if TYPE_CHECKING:
    from redis.asyncio import Redis

    Client = Redis

LEASE, STATE, CHANGES = "rotation-tui:lease", "rotation-tui:state", "rotation-tui:changes"
"""Who leads; what a terminal begins with; what has changed since, as a stream."""
EXTRA: Final = "pip install 'rotation-tui[desk]'"
SERVER, TERMINAL = "rotation-tui-server", "rotation-tui-terminal"
"""What connections call themselves, with host and process behind it, so that `doctor` can count programs."""
BLOCK_S: Final = 2.0
"""How long a terminal waits for news in one question."""
_ANSWER_S: Final = 10.0
_CONNECT_S: Final = 5.0
_CONNECTING: Final = re.compile(r"Error (-?\d+) connecting to \S+?\. (.+)")
"""How the client tells a connection that cannot be made: what the system says of it is in number or rest."""
_T = TypeVar("_T")


class HubFault(Exception):
    """The hub cannot be used; the sentence says why, and never has a password in it."""


class HubRefusal(HubFault):
    """It was reached, and does not let us in or do what is asked."""


class NotInstalled(HubFault):
    """The client library, which comes with an extra, is not there."""


class HubAddress(Struct, frozen=True):
    """Where the hub is. `ca_file` has the certificates that are trusted instead of the system's."""

    url: str
    ca_file: Path | None = None

    @property
    def shown(self) -> str:
        """The address without its password."""
        return masked(self.url)


def connected(address: HubAddress, name: str, answer_s: float = _ANSWER_S) -> "Redis":
    """A client that connects when it is first used; a fault is told at once rather than tried again behind our back.

    NotInstalled where there is no library for it; its first import takes 90 ms.
    """
    try:
        from redis.asyncio import Redis
    except ImportError:
        raise NotInstalled(f"the client of Redis and Valkey is not installed: {EXTRA}") from None

    ours = f"{name}:{whoami().replace(' ', ':')}"
    options: dict[str, Any] = {"client_name": ours, "socket_connect_timeout": _CONNECT_S, "socket_timeout": answer_s}
    if (password := os.environ.get(PASSWORD)) is not None:
        options["password"] = password
    if address.url.startswith("rediss:") and address.ca_file is not None:
        options["ssl_ca_certs"] = str(address.ca_file)
    if not address.url.startswith("unix:"):
        options["socket_keepalive"] = True
    return Redis.from_url(address.url, retry=None, **options)


async def asked(question: Awaitable[_T]) -> _T:
    """The answer to a question; HubFault where there is none."""
    from redis.exceptions import RedisError

    try:
        return await question
    except (RedisError, OSError, TimeoutError) as fault:
        raise named(fault) from None


def named(fault: Exception) -> HubFault:
    """A fault of the client or of the server in a sentence."""
    from redis import exceptions as kinds

    if isinstance(fault, kinds.AuthenticationError):
        return HubRefusal("the hub refuses user or password")
    if isinstance(fault, kinds.NoPermissionError):
        return HubRefusal(f"the hub does not let this user do that: {_words(fault)}")
    if isinstance(fault, kinds.ReadOnlyError):
        return HubRefusal("the hub is a copy that nothing can be written to; name the one that it follows")
    if isinstance(fault, kinds.OutOfMemoryError) or "OOM" in str(fault):
        return HubRefusal("the hub has no memory left and takes nothing more; raise its maxmemory")
    if isinstance(fault, kinds.BusyLoadingError):
        return HubFault("the hub is still reading its disk")
    if isinstance(fault, (kinds.TimeoutError, TimeoutError)):
        return HubFault("the hub does not answer")
    if isinstance(fault, (kinds.ConnectionError, OSError)):
        return HubFault(f"the hub cannot be reached: {_words(fault)}")
    return HubRefusal(f"the hub does not do what is asked of it: {_words(fault)}")


def _words(fault: Exception) -> str:
    words = " ".join(str(fault).split())
    if found := _CONNECTING.match(words):
        number, rest = found.groups()
        words = os.strerror(int(number)) if rest.startswith("Connect call failed") else rest.rstrip(".")
    return masked(words)[:120] or type(fault).__name__


def whoami() -> str:
    """This program among others, as the hub shows who leads."""
    return f"{socket.gethostname()[:60]} {os.getpid()}"
