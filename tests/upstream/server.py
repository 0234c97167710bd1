"""The server: routes, what it was asked, how it was told to misbehave, and its being killed and started again."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.upstream import cboe, keyed, macro, papers, yahoo, yfinance
from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import Answer, Fault

Play = Callable[[UpstreamMarket, str, dict[str, str], dict[str, str]], Answer]

PROVIDERS: Final[dict[str, Play]] = {
    "yahoo": yahoo.answer,
    "cboe": cboe.answer,
    "newyorkfed": macro.newyorkfed,
    "fred": macro.fred,
    "treasury": macro.treasury,
    "ishares": papers.ishares,
    "sec": papers.sec,
    "alpaca": keyed.alpaca,
    "finnhub": keyed.finnhub,
    "tiingo": keyed.tiingo,
}
"""Who is played; the name is the first part of the path."""
_PLAYED: Final = PROVIDERS | {"yfinance": yfinance.answer}
"""With those that the program does not know."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: provider and path as in "yahoo/v7/finance/spark", query, header fields in lower case."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float


class Upstream:
    """All providers on one port of this computer, each below `url(provider)`.

    The port is chosen at the first start and kept, so that the server can be killed and come back.
    """

    def __init__(self, market: UpstreamMarket | None = None, port: int = 0) -> None:
        self.market = market or UpstreamMarket()
        self.port = port
        self._seen: list[Request] = []
        self._faults: dict[str, Fault] = {}
        self._lock = threading.Lock()
        self._running: tuple[_Server, threading.Thread] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Answer from now on."""
        server = _Server(self.port, self)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="upstream")
        thread.start()
        self._running = (server, thread)

    def kill(self) -> None:
        """Refuse connections and cut those that are open; nothing where it is down already."""
        if self._running is not None:
            (server, thread), self._running = self._running, None
            server.shutdown()
            server.cut_all()
            server.server_close()
            thread.join()

    def url(self, provider: str) -> str:
        """The address that stands for a provider's own."""
        return f"http://127.0.0.1:{self.port}/{provider}"

    def config(self, more: str = "", own: Mapping[str, str] = MappingProxyType({})) -> str:
        """Tables of a config file that send every provider here; `more` are lines for each of them, `own` for one."""
        lines = {"sec": 'contact = "somebody@example.com"\n', **own}
        return "".join(
            f'[providers.{name}]\nbase_url = "{self.url(name)}"\n{lines.get(name, "")}{more}' for name in PROVIDERS
        )

    # What it was asked

    def seen(self, prefix: str = "") -> list[Request]:
        """Requests so far whose path begins with `prefix`, as in "yahoo/v8/finance/chart"."""
        with self._lock:
            return [request for request in self._seen if request.path.startswith(prefix)]

    def count(self, prefix: str = "") -> int:
        """How many there were."""
        return len(self.seen(prefix))

    # How it behaves

    def tell(self, prefix: str, fault: Fault) -> None:
        """Misbehave where the path begins with `prefix`; the longest prefix counts."""
        with self._lock:
            self._faults[prefix] = fault

    def behave(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def answer(self, request: Request) -> tuple[Answer, Fault]:
        """The answer to a request, and what is to be done to it."""
        with self._lock:
            self._seen.append(request)
            prefix = max((p for p in self._faults if request.path.startswith(p)), key=len, default=None)
            fault = Fault() if prefix is None else self._faults[prefix]
        provider, _, path = request.path.partition("/")
        play = _PLAYED.get(provider)
        if fault.answer is not None:
            return fault.answer, fault
        if play is None:
            return Answer(b"nobody is played here", 404, "text/plain"), fault
        return play(self.market, f"/{path}", request.query, request.headers), fault


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    allow_reuse_address = True

    def __init__(self, port: int, upstream: Upstream) -> None:
        self.upstream = upstream
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_all(self) -> None:
        """End every connection, whatever it waits for."""
        self.ended.set()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nobody's fault."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two packets, and the second would wait 40 ms
    server: _Server

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(target.query).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(unquote(target.path).lstrip("/"), query, headers, time.monotonic())
        answer, fault = self.server.upstream.answer(request)
        if fault.wait_s:
            self.server.ended.wait(fault.wait_s)
        if fault.drop or self.server.ended.is_set():
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) - fault.cut])
        if fault.cut:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests ask `seen`."""
