"""Whoever alerts are sent to: a server on this computer, and a command that writes down what it got."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

KINDS = ("ntfy", "slack", "discord", "json")


class Receivers:
    """A service of each kind; `answer` gives the status of the next post, `accepted` has what was answered by 200."""

    def __init__(self) -> None:
        self.answer: Callable[[str], int] = lambda _: 200
        self.posts: list[tuple[str, bytes, int]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                kind = self.path.split("/")[1]
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status = outer.answer(kind)
                outer.posts.append((kind, body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def url(self, kind: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{kind}/GEHEIM"

    def accepted(self, kind: str) -> list[bytes]:
        return [body for of, body, status in self.posts if of == kind and status == 200]

    def refused(self) -> set[str]:
        return {kind for kind, _, status in self.posts if status != 200}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
