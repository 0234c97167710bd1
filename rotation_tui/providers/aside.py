"""Work that may hang, such as a file on a network mount: done in a thread that nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Aside:
    """Runs one piece of work at a time, each in a thread of its own that does not keep the program from ending.

    The threads of `asyncio.to_thread` will not do: one that hangs is waited for when the program ends, and
    takes a place from all others until then. Whoever waits too long gets TimeoutError; once somebody has waited in
    vain in `done`, so does everybody after him, at once, until the piece that hangs is through.
    """

    def __init__(self) -> None:
        self._under_way: Future[Any] | None = None
        self._hangs = False

    def wait(self, work: Callable[[], T], patience_s: float) -> T:
        """What `work` returns or raises, waited for by blocking."""
        return self._begun(work).result(patience_s)

    async def done(self, work: Callable[[], T], patience_s: float) -> T:
        """What `work` returns or raises, behind a piece under way that is merely slow."""
        try:
            async with asyncio.timeout(patience_s):
                if self._under_way is not None and not self._hangs:
                    await _through(self._under_way)
                return await asyncio.shield(asyncio.wrap_future(self._begun(work)))
        except TimeoutError:
            self._hangs = True
            raise

    def _begun(self, work: Callable[[], T]) -> Future[T]:
        if self._under_way is not None and not self._under_way.done():
            raise TimeoutError
        future: Future[T] = Future()
        self._under_way, self._hangs = future, False
        threading.Thread(target=_fill, args=(future, work), daemon=True).start()
        return future


async def _through(piece: Future[Any]) -> None:
    """Wait until a piece is through, whatever became of it."""
    waited = asyncio.wrap_future(piece)
    waited.add_done_callback(lambda done: done.cancelled() or done.exception())  # its own waiter is told
    await asyncio.wait([waited])


def _fill(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as fault:  # whoever waits raises it
        future.set_exception(fault)
