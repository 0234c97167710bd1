"""Threads for asyncio that the end of the program does not wait for.

A name server that does not answer holds a thread for half a minute and more. asyncio's own pool waits for it at
the end whatever time-out there was, ctrl+c or not, and with six such threads has none left for anything else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_LAST_S: Final = 0.5
"""What the end does wait: a file that is being written is whole by then."""


class Unwaited(ThreadPoolExecutor):
    """A thread a piece of work, for `loop.set_default_executor`, which takes this class only."""

    def __init__(self) -> None:
        super().__init__(1)
        self._under_way: set[threading.Thread] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()

        def work() -> None:
            try:
                if future.set_running_or_notify_cancel():
                    future.set_result(fn(*args, **kwargs))
            except BaseException as fault:  # whoever waits raises it
                future.set_exception(fault)
            finally:
                self._under_way.discard(threading.current_thread())

        thread = threading.Thread(target=work, name="aside", daemon=True)
        self._under_way.add(thread)
        thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait a moment for what is under way, and no longer."""
        del cancel_futures
        ends = time.monotonic() + (_LAST_S if wait else 0.0)
        for thread in [*self._under_way]:
            thread.join(max(0.0, ends - time.monotonic()))
