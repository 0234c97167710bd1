"""The proxies that the environment names, and the hosts that NO_PROXY takes out.

An entry that cannot be read costs itself alone. httpx reads both as well, but refuses to start over an IPv6
address in brackets or a network in NO_PROXY.
"""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

_HOST = re.compile(r"(?:\*?\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(?::([0-9]{1,5}))?")
_BRACKETED = re.compile(r"\[([0-9a-f:.]+)\](?::([0-9]{1,5}))?")
_SCHEMES = ("http", "https", "all")
_AS_HTTP = {"ws": "http", "wss": "https"}
_PORTS = {"http": 80, "https": 443}


class _Past(Struct, frozen=True):
    """An entry of NO_PROXY: where no proxy is used. `below` is whether it holds for names below the host as well."""

    scheme: str
    host: str
    port: int | None = None
    below: bool = False

    @property
    def pattern(self) -> str:
        """It as httpx writes it."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{'*' if self.below else ''}{_bracketed(self.host)}{port}"

    def covers(self, scheme: str, host: str, port: int) -> bool:
        """Whether a connection goes past the proxy."""
        named = host == self.host or (self.below and host.endswith(f".{self.host}"))
        return named and self.scheme in ("all", scheme) and self.port in (None, port)


def _environment() -> dict[str, str]:
    from urllib.request import getproxies  # 12 modules, which are not needed before the first paint

    return getproxies()


def routes(host: str) -> dict[str, str | None]:
    """Proxies by httpx's URL patterns for a client of `host`; None goes straight there."""
    named = _environment()
    if "*" in _entries(named):
        return {}
    found: dict[str, str | None] = {f"{scheme}://": url for scheme, url in _proxies(named).items()}
    return found | {past.pattern: None for past in _past(named, host)}


def route(url: str) -> str | None:
    """The proxy for a connection to `url`, whose scheme may be that of a websocket; None goes straight there."""
    parts = urlsplit(url)
    scheme, host = _AS_HTTP.get(parts.scheme, parts.scheme), parts.hostname or ""
    named = _environment()
    proxies = _proxies(named)
    straight = any(past.covers(scheme, host, parts.port or _PORTS.get(scheme, 0)) for past in _past(named, host))
    return None if straight or "*" in _entries(named) else proxies.get(scheme, proxies.get("all"))


def unread() -> tuple[str, ...]:
    """The entries of NO_PROXY that are left out because they cannot be read."""
    return tuple(entry for entry in _entries(_environment()) if entry != "*" and not _is_read(entry))


def _proxies(named: dict[str, str]) -> dict[str, str]:
    found = {scheme: url for scheme in _SCHEMES if (url := named.get(scheme))}
    return {scheme: url if "://" in url else f"http://{url}" for scheme, url in found.items()}


def _entries(named: dict[str, str]) -> tuple[str, ...]:
    return tuple(entry for word in named.get("no", "").split(",") if (entry := word.strip().lower()))


def _past(named: dict[str, str], host: str) -> Iterator[_Past]:
    """The entries of NO_PROXY that can be read and may be about `host`."""
    for entry in _entries(named):
        try:
            past = _read(entry, host)
        except ValueError:
            continue
        if past is not None:
            yield past


def _is_read(entry: str) -> bool:
    try:
        _read(entry, "")
    except ValueError:
        return False
    return True


def _read(entry: str, host: str) -> _Past | None:
    """What an entry says, None for a network that `host` is not in; ValueError where it says nothing.

    Names are not looked up for a network, as by curl: only hosts given as numbers can be in one.
    """
    scheme, _, rest = entry.rpartition("://")
    scheme = scheme or "all"
    if scheme not in _SCHEMES:
        raise ValueError(entry)
    if "/" in rest:
        network = ipaddress.ip_network(rest.replace("[", "").replace("]", ""), strict=False)
        return _Past(scheme, host) if _is_in(host, network) else None
    if found := _BRACKETED.fullmatch(rest):
        ipaddress.IPv6Address(found[1])
        return _Past(scheme, found[1], _port(found[2]))
    if rest.count(":") > 1:
        return _Past(scheme, str(ipaddress.IPv6Address(rest)))
    if found := _HOST.fullmatch(rest):
        return _Past(scheme, found[1], _port(found[2]), below=not found[1].replace(".", "").isdigit())
    raise ValueError(entry)


def _port(text: str | None) -> int | None:
    return None if text is None else int(text)


def _is_in(host: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
