"""Brings what has been fired to its channels: each by itself, so that one that hangs holds up no other."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from rotation_tui.domain.alert import Delivery, Firing, Notice
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.wording import counted
from rotation_tui.store.alert_book import AlertBook, BookBusy, Errand

_log = logging.getLogger(__name__)

POLL_S = 0.5
"""How often the book is looked at for what another program has fired; one look at a file."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
_GIVE_UP_AFTER = timedelta(hours=24)
_BUSY_S = 1.0
_FULL_S = 60.0


class Outcome(Struct, frozen=True):
    """What came of sending: `again` where it certainly did not arrive and may be tried again, after `wait` if told."""

    sent: bool
    why: str = ""
    again: bool = False
    wait: timedelta | None = None


SENT = Outcome(True)


class Channel(Protocol):
    """Where alerts are told. `per_hour` None is as many as come."""

    name: str
    per_hour: int | None

    async def send(self, firing: Firing) -> Outcome:
        """Tell of one; whatever it raises counts as not sent."""

    async def close(self) -> None:
        """Give back what is held."""


class Outbox:
    """Sends from the book what its channels have to tell; `tell` takes a sentence for the screen.

    `noted` takes the firings of the book whenever that is another one.
    """

    def __init__(
        self,
        book: AlertBook,
        channels: Sequence[Channel],
        tell: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        noted: Callable[[Sequence[Notice]], None] = lambda _: None,
    ) -> None:
        self._book = book
        self._noted = noted
        self._channels = channels
        self._tell = tell
        self._now = now
        self._news = {channel.name: asyncio.Event() for channel in channels}
        self._others = asyncio.Event()
        self._failing: dict[str, str] = {}

    async def run(self) -> None:
        """Send for ever; ends only by cancellation."""
        served: list[Channel] = []
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                self._others.clear()
                for channel in self._channels:
                    if channel not in served:
                        group.create_task(self._serve(channel))
                served = [*self._channels]
                await self._others.wait()

    def use(self, channels: Sequence[Channel]) -> None:
        """Tell by these from now on; what is being sent is sent to its end, and then the others give back what they
        hold.
        """
        self._channels = channels
        for channel in channels:
            self._news.setdefault(channel.name, asyncio.Event())
        for event in (*self._news.values(), self._others):
            event.set()

    async def empty(self) -> bool:
        """Send what is due now and no more; whether all that is to be sent by these channels has been."""
        for channel in self._channels:
            await self._send_due(channel)
        names = {channel.name for channel in self._channels}
        told = (await asyncio.to_thread(self._book.read)).told
        return not any(
            way.state in (Delivery.FIRED, Delivery.CLAIMED) for one in told for n, way in one.ways.items() if n in names
        )

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()

    async def _listen(self) -> None:
        while True:
            if self._book.moved():
                for event in self._news.values():
                    event.set()
                self._noted((await asyncio.to_thread(self._book.read)).told)
            await asyncio.sleep(POLL_S)

    async def _serve(self, channel: Channel) -> None:
        while channel in self._channels:
            self._news[channel.name].clear()
            wait_s = await self._send_due(channel)
            if channel.name in self._failing and wait_s is not None:
                await asyncio.sleep(wait_s)  # what comes meanwhile waits for the next try as well
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._news[channel.name].wait()
        self._failing.pop(channel.name, None)
        await channel.close()

    async def _send_due(self, channel: Channel) -> float | None:
        """Send all that may be sent now; the seconds until more may be, None where nothing is known to wait."""
        while True:
            try:
                # one at a time, so that an end in between leaves one in doubt at most
                errands = await asyncio.to_thread(self._book.claim, channel.name, self._now(), 1, channel.per_hour)
                for sentence in self._book.take_said():
                    self._tell(sentence)
                if not errands:
                    return await self._until_more(channel)
                if (wait_s := await self._send(channel, errands[0])) is not None:
                    return wait_s
            except BookBusy:
                return _BUSY_S

    async def _until_more(self, channel: Channel) -> float | None:
        waiting, full = await asyncio.to_thread(self._book.waiting, channel.name, self._now(), channel.per_hour)
        if not waiting:
            return None
        if full:
            self._say(channel, f"{counted(len(waiting), 'alert')} beyond {channel.per_hour} an hour wait")
            return _FULL_S
        soonest = min((at for at in waiting if at is not None), default=None)
        if None in waiting or soonest is None:  # it came in between
            return 0.0
        return max(1.0, (soonest - self._now()).total_seconds())

    async def _send(self, channel: Channel, errand: Errand) -> float | None:
        try:
            outcome = await channel.send(errand.firing)
        except Exception as fault:  # a channel's own fault must not stop the others
            _log.exception("%s failed", channel.name)
            outcome = Outcome(False, f"{type(fault).__name__}")
        now = self._now()
        if outcome.sent:
            self._failing.pop(channel.name, None)
            await self._settle(errand, Delivery.SENT)
            return None
        why = plain_text(outcome.why, 120)
        if outcome.again and now - errand.firing.at < _GIVE_UP_AFTER:
            wait = outcome.wait or min(_FIRST_WAIT * 2 ** min(errand.tries - 1, 10), _LONGEST_WAIT)
            await self._settle(errand, Delivery.FIRED, why, now + wait)
            self._say(channel, f"{why}; tried again until it is sent, for a day")
            return wait.total_seconds()
        await self._settle(errand, Delivery.LOST, why)
        self._tell(f"{channel.name}: {errand.firing.alert} was not sent: {why}")
        return None

    async def _settle(self, errand: Errand, state: Delivery, why: str = "", not_before: datetime | None = None) -> None:
        while True:
            try:
                await asyncio.to_thread(self._book.settle, errand, state, why, not_before)
            except BookBusy:
                await asyncio.sleep(_BUSY_S)
            else:
                return

    def _say(self, channel: Channel, why: str) -> None:
        """Say of a channel in trouble what it is, once for as long as it is the same."""
        if self._failing.get(channel.name) != why:
            self._failing[channel.name] = why
            self._tell(f"{channel.name}: {why}")
