"""Which redirects are followed: those that stay with the same owner and are not overheard.

An owner's domain is what stands before a public suffix ("co.uk" is one, so its last two labels are nobody's).
publicsuffixlist knows them: no dependencies, a new list every few days, 0.5 MB; tldextract brings requests along
and fetches its list, publicsuffix2 has none since 2019. Its list is read when a redirect leaves its host for the
first time (0.1 s, 2.5 MB), never before.
"""

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from rotation_tui.domain.address import is_loopback

if TYPE_CHECKING:
    import httpx


def may_follow(origin: "httpx.URL", target: "httpx.URL") -> bool:
    """Whether a redirect from `origin` to `target` is followed.

    The host must be the same or of the same registrable domain, the way https, or http as far as it was no
    other before: the same host and port, or this computer itself. An address with a user name in it is not followed.
    """
    if target.userinfo or target.scheme not in ("http", "https"):
        return False
    here, there = origin.host.lower().rstrip("."), target.host.lower().rstrip(".")
    same_place = (origin.scheme, here, origin.port) == (target.scheme, there, target.port)
    if same_place:
        return True
    if target.scheme == "http" and not (origin.scheme == "http" and is_loopback(here) and is_loopback(there)):
        return False
    return here == there or (_owner(here) is not None and _owner(here) == _owner(there))


def _owner(host: str) -> str | None:
    """The registrable domain of a host, None for an address in numbers and for a public suffix itself."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _below_a_suffix()(host)
    return None


@lru_cache(maxsize=1)
def _below_a_suffix() -> Callable[[str], str | None]:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList().privatesuffix
