"""What the loops of all feeds have in common: a round, then a sleep that can be cut short, until they are cancelled."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, Self, TypeVar

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.packed import alike
from rotation_tui.store.documents import Entry
from rotation_tui.store.shelf import KeptBars, KeptSeries, Shelf
from rotation_tui.workers.cadence import wait_until
from rotation_tui.workers.context import Context
from rotation_tui.workers.dues import Dues
from rotation_tui.workers.feed import Feed

FILE_LOOKED_AT = timedelta(seconds=60)
"""How often a file is looked at again; one that did not change costs nothing."""
_ASKED_JUST_NOW = timedelta(minutes=15)
"""A refresh leaves alone what is no older than this: pressed time and again, it must not use up the hour's budget."""
_LOOK_AGAIN_S = 300.0
_SOONEST_S = 5.0

Source = TypeVar("Source")
Record = TypeVar("Record", KeptBars, KeptSeries, Entry)
T = TypeVar("T")
P = ParamSpec("P")
Dated = TypeVar("Dated", Bars, Observations)


class Loop(ABC, Generic[Source]):
    """One capability of one feed at work: what falls to it is asked for round by round.

    `asks` is the protocol that a source needs for it, `job` the word for what it is asked for. `live` is whether that
    is of now, so that a past day has none of it. `busy` is whether a round is under way, `rounds` how many there were.
    """

    asks: ClassVar[type[Any]]
    job: ClassVar[str]
    live: ClassVar[bool] = False

    def __init__(self, feed: Feed, source: Source, context: Context) -> None:
        self._feed = feed
        self._source = source
        self._context = context
        self._given = context.given
        self._now = context.given.now
        self._wake = context.wakes.event_of(feed)
        self.busy = False
        self.rounds = 0

    @classmethod
    def of(cls, feed: Feed, context: Context, shelf: Shelf | None) -> Self | None:  # noqa: ARG003
        """The loop of a feed, None where its source has none of what it asks for; `shelf` is where to keep it."""
        return cls(feed, feed.provider, context) if isinstance(feed.provider, cls.asks) else None

    @abstractmethod
    def wanted(self) -> Sequence[object]:
        """What falls to its feed and is due: asked anew every round, for what is followed and offered changes."""

    def pending(self) -> bool:
        """Whether something is due that has not been asked for."""
        return bool(self.wanted())

    def forget(self, symbols: Set[str]) -> None:
        """Let go of what is known of symbols that nobody follows any more."""

    async def run(self) -> None:
        """Round after round, for ever; ends only by cancellation."""
        while True:
            self.busy = True
            try:
                due = await self._round()
            finally:
                self.busy = False
            self.rounds += 1
            await wait_until(due, self._now, self._wake, self._given.cadence.speed)

    def _seen(self, reply: T) -> T:
        """A reply of the source, seen by the tap."""
        self._context.tap.see(self._feed, self.job, self._now(), reply)
        return reply

    @abstractmethod
    async def _round(self) -> datetime:
        """Ask for what is wanted; returns when to look again."""


class ShelvedLoop(Loop[Source], Generic[Source, Record]):
    """A loop whose replies stand on disk: each name has a time when it is due again.

    `shelf` is None where nothing is kept.
    """

    def __init__(self, feed: Feed, source: Source, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context)
        self._shelf = shelf
        self._dues = Dues(self._latest_due)
        self._looked_for: set[str] = set()

    @classmethod
    def of(cls, feed: Feed, context: Context, shelf: Shelf | None) -> Self | None:
        """The loop of a feed, as every other's."""
        return cls(feed, feed.provider, context, shelf) if isinstance(feed.provider, cls.asks) else None

    @property
    def arrives(self) -> bool:
        """Whether more may come any moment."""
        return self.busy or not self.rounds

    @property
    def opened(self) -> bool:
        """Whether it has told what it can at once."""
        return not self.arrives

    @abstractmethod
    def _latest_due(self, now: datetime) -> datetime:
        """The latest time for which anything could be due again, seen at `now`."""

    @abstractmethod
    def _names(self) -> Iterable[str]:
        """What is followed and offered."""

    @abstractmethod
    def _read(self, shelf: Shelf, name: str) -> Record | None:
        """What the shelf has of a name; in a thread."""

    @abstractmethod
    def _take_up(self, records: Mapping[str, Record]) -> None:
        """Go on with what was on disk."""

    @abstractmethod
    def _fetched_at(self, name: str) -> Iterable[datetime]:
        """When the source told what there is of a name."""

    async def unshelve(self) -> None:
        """Put into the store what is on disk of names that have come since the last time, without any request."""
        shelf, new = self._shelf, [name for name in self._names() if name not in self._looked_for]
        if shelf is None or not new:
            return
        self._looked_for.update(new)
        found = await asyncio.to_thread(lambda: [(name, self._read(shelf, name)) for name in new])
        if refused := shelf.take_refused():
            self._context.health.remark(refused)
        self._take_up({name: record for name, record in found if record is not None})

    async def sweep(self) -> None:
        """Remove from the shelf what has long been of no use."""

    def close(self) -> None:
        """Give back what goes with the run."""

    def ask_again(self) -> None:
        """Make due what was not fetched just now."""
        now = self._now()
        for name in self._names():
            just_now = any(abs(now - at) <= _ASKED_JUST_NOW for at in self._fetched_at(name))
            if self._feed.local or not just_now:
                self._make_due(name, now)

    def _make_due(self, name: str, now: datetime) -> None:  # noqa: ARG002
        self._dues.forget(name)

    def _next(self, besides: Iterable[datetime] = ()) -> datetime:
        """When something may be due again; `besides` are times that no due tells."""
        now, speed = self._now(), self._given.cadence.speed
        # what another feed stops giving, or this one lacked, falls due without a date of its own
        look_again = now + timedelta(seconds=_LOOK_AGAIN_S * speed)
        rests = self._feed.rests_until(self.job, now)
        if rests is not None:
            return min(rests, look_again)
        soonest = self._dues.soonest(self._names(), (look_again, *besides))
        return min(max(soonest, now + timedelta(seconds=_SOONEST_S * speed)), look_again)

    def _sharing(self, values: Dated, before: Dated | None = None) -> Dated:
        """The same with days that others have too, and with those columns of `before` that have not changed.

        So a source that is asked again and says the same leaves nothing behind.
        """
        days = self._context.histories.days.shared(values.dates)
        return replace(values, dates=days, **alike(values, before))

    async def _put_on_shelf(self, put: Callable[Concatenate[Shelf, P], None], *what: P.args, **named: P.kwargs) -> None:
        if self._shelf is not None:
            with self._context.doubts.keeping("history on disk"):
                await asyncio.to_thread(put, self._shelf, *what, **named)
