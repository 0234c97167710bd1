"""The HTTP client of one source: certificates, proxies, a name, and no memory of what a server would have us keep."""

import os
import re
import ssl
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING

from rotation_tui.domain.address import host_of, masked
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import proxies, unpack
from rotation_tui.providers.base import LIBRARY_NAME, Misconfigured, Surroundings

if TYPE_CHECKING:
    import httpx

LOCATION = "rotation_tui.location"
"""Among a response's extensions: where a redirect leads, as it was sent."""

_FINDERS = Lock()
_IDLE_S = 60.0
_HASHED = re.compile(r"[0-9a-f]{8}\.0")
_ENOUGH = 50
"""Of some 140 authorities that browsers trust; fewer are somebody's own, beside a bundle that has the others."""


def made(
    surroundings: Surroundings,
    headers: Mapping[str, str],
    transport: "httpx.AsyncBaseTransport | None" = None,
    *,
    keeps_open: bool = True,
) -> "httpx.AsyncClient":
    """A client for the endpoint of `surroundings`; takes 100 ms and more the first time.

    `keeps_open` lets a connection serve several requests. Cookies are neither kept nor sent. Raises
    Misconfigured.
    """
    # Without its command line, which brings pygments and 3 MB along, httpx works as well, and says so itself.
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
    # httpcore looks for it four times a request, and where it is not installed looks through all folders each time
    if "sniffio" not in sys.modules and find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]
    with without("zstandard", "brotli", "brotlicffi"):  # unpack.ACCEPTED names none of them
        import httpx
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    assert surroundings.endpoint is not None
    endpoint = surroundings.endpoint
    named = {"User-Agent": endpoint.user_agent} if endpoint.user_agent != LIBRARY_NAME else {}
    try:
        trust = trusted(surroundings.ca_file)
        limits = httpx.Limits(
            max_connections=4, max_keepalive_connections=2 if keeps_open else 0, keepalive_expiry=_IDLE_S
        )
        ways = {}
        if surroundings.proxy is None and transport is None:
            ways = {
                pattern: None if url is None else httpx.AsyncHTTPTransport(verify=trust, limits=limits, proxy=url)
                for pattern, url in proxies.routes(host_of(endpoint.base_url)).items()
            }
        return httpx.AsyncClient(
            headers={"Accept-Encoding": unpack.ACCEPTED, **named, **headers},
            timeout=endpoint.timeout_s,
            verify=trust,
            proxy=surroundings.proxy,
            transport=transport,
            mounts=ways,
            limits=limits,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            event_hooks={"response": [_put_location_aside]},
        )
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        # ImportError: a socks proxy without the package for it.
        # What is said of an address that cannot be read has pieces of it: half a password, where a slash is in it.
        reason = "" if isinstance(error, httpx.InvalidURL) else str(error)
        said = plain_text(masked(reason)) or type(error).__name__
        raise Misconfigured(f"certificates or proxy cannot be used: {said}") from error


class _LeftOut:
    """Among the finders of modules: for one thread it is as if these were not installed."""

    def __init__(self, names: Collection[str]) -> None:
        self._names, self._thread = names, get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{name} is left out", name=name)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries that are imported in here go without others that they would import where they are installed.

    What has been imported before is left alone, and other threads find everything meanwhile.
    """
    finder = _LeftOut(names)
    with _FINDERS:  # a new list each time, for other threads go through it as it was
        sys.meta_path = [finder, *sys.meta_path]
    try:
        yield
    finally:
        with _FINDERS:
            sys.meta_path = [one for one in sys.meta_path if one is not finder]


async def _put_location_aside(response: "httpx.Response") -> None:
    """Keep httpx from making the next request: it does so unasked, and fails over names that are none."""
    location = response.headers.pop("Location", None)
    if location is not None and response.is_redirect:
        response.extensions[LOCATION] = location


@lru_cache(maxsize=2)
def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates to trust, once for all sources; raises OSError where the file cannot be read.

    Without a file of the user's own they are the system's, each read from its folder when a source is signed by it.
    Where there is no such folder, or the environment names other ones, they are httpx's, all at once: 1.7 MB.
    """
    if ca_file is not None:
        return ssl.create_default_context(cafile=ca_file)
    if (folder := _folder_of_certificates()) is not None:
        return ssl.create_default_context(capath=folder)
    import httpx

    return httpx.create_ssl_context()


def _folder_of_certificates() -> str | None:
    """Where the system keeps the certificates it trusts, each under the hash of its name; None where it does not."""
    folder = ssl.get_default_verify_paths().capath
    if folder is None or any(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")):
        return None
    try:
        hashed = sum(_HASHED.fullmatch(name) is not None for name in os.listdir(folder))
    except OSError:
        return None
    return folder if hashed >= _ENOUGH else None
