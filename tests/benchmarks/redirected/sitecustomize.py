"""Sends what yfinance asks Yahoo to the server that ROTATION_TUI_BENCHMARK_UPSTREAM names.

On the PYTHONPATH of another monitor; Python imports it at its start. The library behind yfinance is imported here
instead of a moment later by yfinance itself.
"""

import os
import time
from http.cookiejar import Cookie
from urllib.parse import urlsplit

from curl_cffi import requests

_UPSTREAM = os.environ["ROTATION_TUI_BENCHMARK_UPSTREAM"]
_request = requests.Session.request


def _redirected(session, method, url, *args, **kwargs):  # type: ignore[no-untyped-def]
    parts = urlsplit(url)
    if (parts.hostname or "").endswith("yahoo.com"):
        url = _UPSTREAM + parts.path + (f"?{parts.query}" if parts.query else "")
    if parts.hostname == "fc.yahoo.com":  # else it would ask for its cookie again before each request
        expires = int(time.time()) + 86_400
        session.cookies.jar.set_cookie(
            Cookie(
                0, "A3", "x", None, False, ".yahoo.com", True, True, "/", True, False, expires, False, None, None, {}
            )
        )
    return _request(session, method, url, *args, **kwargs)


requests.Session.request = _redirected
