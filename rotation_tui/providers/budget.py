"""How many requests one source may be sent: a token bucket, an hourly budget, and pauses it asked for.

All three live in one small file below the state folder, behind a file lock, so that a restart or a second
monitor of the same user shares them instead of doubling them. pyrate-limiter with SQLite keeps a rate and
an hourly window as well, but no pause with its growing length, so it would need this file beside it; and
its waiting cannot be told to refuse at once when the hour is full.
"""

import asyncio
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import filelock
import msgspec

from rotation_tui.providers.base import Endpoint, RateLimited
from rotation_tui.store.kept import keep_in_place, read_kept

HOUR_S = 3600.0
FIRST_PAUSE_S = 15 * 60.0
LONGEST_DOUBLED_S = 2 * 3600.0
LONGEST_PAUSE_S = 24 * 3600.0

_LOCK_TRIES = 100
_LOCK_WAIT_S = 0.01
_LOOK_S = 0.02

T = TypeVar("T")


class _State(msgspec.Struct):
    """What is kept on disk; times are seconds since 1970 because processes share no monotonic clock."""

    tokens: float
    refilled_at: float
    sent: list[float] = []
    paused_until: float = 0.0
    pause_s: float = LONGEST_PAUSE_S
    reason: str = ""
    strikes: int = 0


class Budget:
    """The requests left for `key` (source and host), shared by all processes with the same `folder`.

    A file that is corrupt (it is set aside) or cannot be written is no fault: the budget goes on from memory. `clock`
    gives seconds since 1970.
    """

    def __init__(
        self,
        folder: Path,
        key: str,
        endpoint: Endpoint,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        name = "".join(c if c.isalnum() or c in "-_.@" else "_" for c in key)
        self._path = folder / "requests" / f"{name}.json"
        self._lock = filelock.FileLock(f"{self._path}.lock")
        self._rate = max(endpoint.rate_per_s, 0.001)
        self._burst = max(endpoint.burst, 1)
        self._max_per_hour = endpoint.max_per_hour
        self._clock = clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._known: _State | None = None

    async def admit(self) -> None:
        """Wait for a token and take it; RateLimited at once while a pause is on or the hour is full."""
        async with self._turn:  # first come, first served within this process
            while (wait := await self._change(self._take)) > 0:
                await self._sleep(wait)

    async def pause(self, seconds: float, reason: str) -> float:
        """Send nothing for so long, at most a day; a longer pause that is on stays. Returns the seconds left."""

        def begin(state: _State, now: float) -> float:
            _pause(state, now, seconds, reason)
            return state.paused_until - now

        return await self._change(begin)

    async def strike(self, reason: str, asked_s: float | None = None) -> float:
        """The source turned us away: pause for 15 minutes, doubled each time up to 2 h.

        The first time in a row it is believed where it asks for less or more; after that it gets no less than is
        due. Answers of requests that were already under way when the pause began do not double it. Returns the
        seconds left to wait.
        """

        def count(state: _State, now: float) -> float:
            if state.paused_until <= now:
                state.strikes += 1
            doubled = min(FIRST_PAUSE_S * 2 ** min(max(state.strikes - 1, 0), 10), LONGEST_DOUBLED_S)
            wanted = doubled if asked_s is None else asked_s
            _pause(state, now, wanted if state.strikes <= 1 else max(wanted, doubled / 2), reason)
            return state.paused_until - now

        return await self._change(count)

    async def answered(self) -> None:
        """A good answer came: the next pause starts short again."""
        if self._known is not None and self._known.strikes:
            await self._change(_forgive)

    def requests_last_hour(self) -> int:
        """Requests sent in the last hour by all processes, as of the last admission seen from here."""
        state = self._known or self._first_look()
        start = self._clock() - HOUR_S
        return sum(sent > start for sent in state.sent)

    def _first_look(self) -> _State:
        """What others have kept, where nothing was asked from here yet: read under the lock it is written under."""
        if not self._path.exists():  # nobody has asked yet, and who only looks leaves no folder behind
            return self._settle(None, self._clock())
        try:
            with self._lock.acquire(timeout=_LOOK_S):
                return self._read(self._clock())
        except filelock.Timeout:
            return self._settle(None, self._clock())
        except (OSError, NotImplementedError):  # no lock can be had, so nobody writes
            return self._read(self._clock())

    def _take(self, state: _State, now: float) -> float:
        """Take a token (0) or tell how many seconds to wait for one."""
        if state.paused_until > now:
            raise RateLimited(state.reason or "paused", pause_s=state.paused_until - now)
        if self._max_per_hour is not None and len(state.sent) >= self._max_per_hour:
            free_at = state.sent[-self._max_per_hour] + HOUR_S if self._max_per_hour > 0 else now + HOUR_S
            raise RateLimited(
                f"our own budget of {self._max_per_hour} requests an hour is used up", pause_s=free_at - now
            )
        if state.tokens < 1:
            return max((1 - state.tokens) / self._rate, 0.001)
        state.tokens -= 1
        state.sent.append(now)
        return 0.0

    async def _change(self, change: Callable[[_State, float], T]) -> T:
        """Apply `change` to the newest state and keep it. The lock is held without an await in between."""
        locked = await self._acquire()
        try:
            now = self._clock()
            state = self._read(now) if locked else self._settle(self._known, now)
            self._known = state
            try:
                return change(state, now)
            finally:  # refusals keep it too: times that were put right stay right
                if locked:
                    self._write(state)
        finally:
            if locked:
                self._lock.release()

    async def _acquire(self) -> bool:
        """Whether the lock is ours; False where it cannot be had, and memory has to do."""
        for _ in range(_LOCK_TRIES):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._lock.acquire(timeout=0)
                return True
            except filelock.Timeout:
                await asyncio.sleep(_LOCK_WAIT_S)
            except (OSError, NotImplementedError):
                return False
        return False

    def _read(self, now: float) -> _State:
        kept = read_kept(self._path, _State)
        return self._settle(self._known if kept is None else kept, now)

    def _settle(self, state: _State | None, now: float) -> _State:
        """`state` brought to `now`; times that a wrong clock put into the future are pulled back."""
        if state is None:
            return _State(float(self._burst), now)
        passed = max(now - state.refilled_at, 0.0)
        state.tokens = min(max(state.tokens, 0.0) + passed * self._rate, float(self._burst))
        state.refilled_at = now
        sent = sorted(state.sent)
        del sent[: bisect_right(sent, now - HOUR_S)]
        state.sent = sent if not sent or sent[-1] <= now else [min(at, now) for at in sent]
        if state.paused_until > now + LONGEST_PAUSE_S:
            state.paused_until = 0.0
        state.paused_until = min(state.paused_until, now + state.pause_s)
        return state

    def _write(self, state: _State) -> None:
        with suppress(OSError):  # a full or read-only disk must not stop the feed; memory keeps the count
            keep_in_place(self._path, state)


def _pause(state: _State, now: float, seconds: float, reason: str) -> None:
    until = now + min(max(seconds, 0.0), LONGEST_PAUSE_S)
    if until > state.paused_until:
        state.paused_until, state.pause_s, state.reason = until, until - now, reason


def _forgive(state: _State, now: float) -> None:
    if state.paused_until <= now:
        state.strikes = 0
