"""Addresses as they may be shown: without the passwords in them."""

import ipaddress
import re
from urllib.parse import urlsplit

_PASSWORD = re.compile(
    r"(://[^/\s:@]*):\S*@"  # behind a scheme everything up to the last @ may be one
    r"|((?:^|[\s\"'=(])(?!mailto:)[^/\s:@\"'=(]+):[^\s:/@][^\s\"']*@(?=[^\s@])"
)


def masked(text: str) -> str:
    """`text` with every password before a host in it replaced by three stars; user names stay.

    Where it is not clear what is a password, as in an address that is none, too much is hidden.
    """
    return _PASSWORD.sub(lambda found: f"{found[1] or found[2]}:***@", text)


def host_of(url: str) -> str:
    """The host of an address in lower case, "" where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # brackets that hold no address
        return ""


def is_loopback(host: str) -> bool:
    """Whether a host is this computer itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
