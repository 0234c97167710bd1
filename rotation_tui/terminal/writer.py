"""Brings bytes to a terminal that may not read, and knows how long they take to arrive.

Independent of Textual.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

_FIRST_REPLY_S: Final = 1.0
_REPLY_S: Final = 5.0
_GIVE_UP_AFTER: Final = 3


class ScreenWriter:
    """Writes one piece at a time on a thread of its own; `on_idle` is called there after each.

    A thread, because making the descriptor non-blocking would do so for every program that shares it, the
    shell included, and would outlive a crash.
    """

    def __init__(self, descriptor: int, on_idle: Callable[[], None]) -> None:
        self.error: OSError | None = None
        """Why the last piece did not get out; from then on nothing does."""
        self._descriptor = descriptor
        self._on_idle = on_idle
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._idle = threading.Event()
        self._idle.set()
        self._is_silent = False
        self._has_dropped = False
        threading.Thread(target=self._run, name="screen-writer", daemon=True).start()

    @property
    def is_idle(self) -> bool:
        """Whether the last piece has left for the terminal."""
        return self._idle.is_set()

    @property
    def is_out(self) -> bool:
        """Whether all that was submitted has left for the terminal."""
        return self.is_idle and not self._has_dropped and self.error is None

    def submit(self, piece: bytes) -> None:
        """Write a piece; only while idle, so that nothing ever waits in line."""
        if not self._idle.is_set():
            raise RuntimeError("the piece before is still being written")
        if self.error is None:
            self._idle.clear()
            self._pieces.put(piece)

    def drain(self, seconds: float) -> bool:
        """Wait for the piece under way; whether it got out in time."""
        return self._idle.wait(seconds)

    def silence(self, seconds: float) -> bool:
        """Write nothing from now on, whoever submits it; from any thread.

        Returns whether all that had been submitted is out. Where it is not after `seconds`, the rest of one write may
        still follow.
        """
        self._is_silent = True
        return self.drain(seconds) and self.is_out

    def stop(self) -> None:
        """End the thread after the piece under way, without waiting for it."""
        self._pieces.put(None)

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            try:
                self._write(piece)
            except OSError as error:
                self.error = error
            self._idle.set()
            self._on_idle()

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            if self._is_silent:
                self._has_dropped = True
                return
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # somebody else has made the terminal non-blocking
                select.select([], [self._descriptor], [])


class Acknowledgement:
    """Times the terminal's reply to the question that ends each frame.

    One question is open at a time. A terminal that has never replied to three of them is asked no more; one
    that has may take longer, for then the link is slow. Methods may be called from two threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.replies = 0
        """How many questions have been answered."""
        self._clock = clock
        self._asked_at: float | None = None
        self._open_since: float | None = None  # stays when the wait is over without a reply
        self._last: float | None = None
        self._unanswered = 0
        self._answered = threading.Event()

    @property
    def is_wanted(self) -> bool:
        """Whether asking has a point."""
        return self._last is not None or self._unanswered < _GIVE_UP_AFTER

    @property
    def round_trip_s(self) -> float | None:
        """Seconds the last reply took, or the open question has waited where that is longer; None = unknown."""
        last, asked_at = self._last, self._open_since
        return last if last is None or asked_at is None else max(last, self._clock() - asked_at)

    @property
    def wait_s(self) -> float:
        """Seconds until the next frame may go even without a reply; 0 where none is awaited."""
        asked_at = self._asked_at
        if asked_at is None:
            return 0.0
        left = asked_at + (_FIRST_REPLY_S if self._last is None else _REPLY_S) - self._clock()
        if left > 0:
            return left
        self._asked_at = None
        self._unanswered += 1
        return 0.0

    def ask(self) -> None:
        self._answered.clear()
        self._asked_at = self._open_since = self._clock()

    def answer(self) -> None:
        """A reply has come; one that is too late still tells the round trip."""
        if self._open_since is not None:
            self._last = self._clock() - self._open_since
            self.replies += 1
        self._asked_at = self._open_since = None
        self._unanswered = 0
        self._answered.set()

    def settle(self, seconds: float) -> None:
        """Wait for the open question's reply, so that it does not end up on a shell's command line."""
        if self.wait_s > 0:
            self._answered.wait(seconds)
            self._asked_at = None
