"""The words of a hub: where a server tells what it knows and terminals hear it."""

from typing import Final
from urllib.parse import urlsplit

from rotation_tui.domain.address import host_of, is_loopback, masked

PROVIDER: Final = "hub"
"""What a feed that is told by a server is called in the config."""
PASSWORD: Final = "ROTATION_TUI_HUB_PASSWORD"
"""The variable that may have the password of a hub; no key has it, so that no file need."""
SCHEMES: Final = ("rediss", "redis", "unix")
SILENCE_S: Final = 30.0
"""After so long without a word the own feeds are asked, where the config says nothing else."""


def hub_problem(url: str) -> str | None:
    """What is wrong with an address, None where nothing is."""
    allowed = "allowed: rediss://user@host:6379, redis://localhost:6379 or unix:///path/of/socket"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f'"{masked(url)}" is no address; {allowed}'
    names = parts.path if parts.scheme == "unix" else parts.hostname
    return None if parts.scheme in SCHEMES and names and port != 0 else f'"{masked(url)}" does not fit; {allowed}'


def hub_warning(url: str) -> str | None:
    """What is dangerous about an address: over plain TCP prices and password can be read and changed on their way."""
    if urlsplit(url).scheme == "redis" and not is_loopback(host_of(url)):
        return (
            f"{host_of(url)} is reached without TLS: who is between can read and change what it says; write rediss://"
        )
    return None
