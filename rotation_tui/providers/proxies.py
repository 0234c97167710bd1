"""The proxies that the environment names, and the hosts that NO_PROXY takes out.

An entry that cannot be read costs itself alone. httpx reads both as well, but refuses to start over an IPv6
address in brackets or a network in NO_PROXY.
"""

import ipaddress
import re
from collections.abc import Iterator

_HOST = re.compile(r"(?:\*?\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?(:[0-9]{1,5})?")
_BRACKETED = re.compile(r"\[([0-9a-f:.]+)\](:[0-9]{1,5})?")
_SCHEMES = ("http", "https", "all")


def _environment() -> dict[str, str]:
    from urllib.request import getproxies  # 12 modules, which are not needed before the first paint

    return getproxies()


def routes(host: str) -> dict[str, str | None]:
    """Proxies by httpx's URL patterns for a client of `host`; None goes straight there."""
    named = _environment()
    found: dict[str, str | None] = {}
    for scheme in _SCHEMES:
        if url := named.get(scheme):
            found[f"{scheme}://"] = url if "://" in url else f"http://{url}"
    entries = list(_entries(named))
    if "*" in entries:
        return {}
    for entry in entries:
        try:
            pattern = _pattern(entry, host)
        except ValueError:
            continue
        if pattern is not None:
            found[pattern] = None
    return found


def unread() -> tuple[str, ...]:
    """The entries of NO_PROXY that are left out because they cannot be read."""
    return tuple(entry for entry in _entries(_environment()) if entry != "*" and not _is_read(entry))


def _entries(named: dict[str, str]) -> Iterator[str]:
    return (entry for word in named.get("no", "").split(",") if (entry := word.strip().lower()))


def _is_read(entry: str) -> bool:
    try:
        _pattern(entry, "")
    except ValueError:
        return False
    return True


def _pattern(entry: str, host: str) -> str | None:
    """httpx's pattern for an entry, None for a network that `host` is not in; ValueError where it is none.

    Names are not looked up for a network, as by curl: only hosts given as numbers can be in one.
    """
    scheme, _, rest = entry.rpartition("://")
    scheme = scheme or "all"
    if scheme not in _SCHEMES:
        raise ValueError(entry)
    if "/" in rest:
        network = ipaddress.ip_network(rest.replace("[", "").replace("]", ""), strict=False)
        return f"{scheme}://{_bracketed(host)}" if _is_in(host, network) else None
    if found := _BRACKETED.fullmatch(rest):
        ipaddress.IPv6Address(found[1])
        return f"{scheme}://[{found[1]}]{found[2] or ''}"
    if rest.count(":") > 1:
        return f"{scheme}://[{ipaddress.IPv6Address(rest)}]"
    if found := _HOST.fullmatch(rest):
        wild = "" if found[1].replace(".", "").isdigit() else "*"
        return f"{scheme}://{wild}{found[1]}{found[2] or ''}"
    raise ValueError(entry)


def _is_in(host: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
