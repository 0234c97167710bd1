"""When to ask again: by phase of the market, with jitter, backing off from a source in trouble."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from rotation_tui.domain.session import Calendar, Phase

LONGEST_BACKOFF_S = 900.0
_FIRST_BACKOFF_S = 5.0
_SLICE_S = 20.0


class Cadence(Struct, frozen=True):
    """Seconds between polls by phase; `jitter` is the share by which each wait varies, so that many
    monitors do not ask in step. `speed` is how much faster than real time the market's clock runs.
    """

    open_s: float
    pre_post_s: float
    closed_s: float
    jitter: float = 0.1
    speed: float = 1.0

    def next_poll(self, now: datetime, calendar: Calendar) -> datetime:
        """When to poll after a success at `now`; a change of phase is never slept through."""
        state = calendar.state(now)
        seconds = {Phase.OPEN: self.open_s, Phase.CLOSED: self.closed_s}.get(state.phase, self.pre_post_s)
        due = now + timedelta(seconds=self._varied(seconds) * self.speed)
        soon_after = state.next_change + timedelta(seconds=random.uniform(0.5, 2.0) * self.speed)
        return min(due, soon_after)

    def paced(self, due: datetime, now: datetime, used: int, budget: int | None) -> datetime:
        """`due`, put off as the hour's budget runs out, so that it is never used up by polling alone.

        The wait grows with the sixth power of what is used beyond 60 % of the budget: steep enough that four
        monitors, all of which `used` counts, settle below it.
        """
        if not budget:
            return due
        stretch = max(1.0, (used / (0.6 * budget)) ** 6)
        return now + (due - now) * stretch

    def after_failure(self, now: datetime, failures: int) -> datetime:
        """When to try again after so many failures in a row: 5 s, doubling, at most 15 minutes."""
        seconds = min(_FIRST_BACKOFF_S * 2 ** min(failures - 1, 10), LONGEST_BACKOFF_S)
        return now + timedelta(seconds=self._varied(seconds) * self.speed)

    def _varied(self, seconds: float) -> float:
        return seconds * random.uniform(1 - self.jitter, 1 + self.jitter)


async def wait_until(due: datetime, now: Callable[[], datetime], wake: asyncio.Event, speed: float) -> None:
    """Sleep until `due` by the clock `now`, or until `wake` is set (it is cleared then).

    Sleeps in slices: the loop's own clock stands still while a laptop sleeps, the wall clock does not. Where that
    is set back it would be a long sleep: none is longer than it was going to be by the loop's own clock. All sleepers
    look at the clock in step, for waking the process is most of what a look costs.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + (due - now()).total_seconds() / speed
    while (left := min((due - now()).total_seconds() / speed, ends - loop.time())) > 0:
        if await woken(wake, min(left, until_step(loop.time(), _SLICE_S))):
            break
    wake.clear()


def until_step(now_s: float, every_s: float) -> float:
    """Seconds until the next of the moments that all who look every so many seconds have in common."""
    return every_s - now_s % every_s


async def woken(wake: asyncio.Event, patience_s: float) -> bool:
    """Whether `wake` was set within so many seconds.

    `asyncio.wait_for` is no way to do this: on Python 3.11 it loses a cancellation that comes with the wake,
    and then closing would wait for ever.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await wake.wait()
    except TimeoutError:
        return False
