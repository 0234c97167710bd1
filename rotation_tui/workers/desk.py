"""The desk: opens with what is on disk, runs every feed's loops, and closes with everything saved."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.universe import Universe
from rotation_tui.providers.base import BadReply
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.shelf import Shelf, folder_of
from rotation_tui.workers.cadence import until_step, wait_until, woken
from rotation_tui.workers.closes import ClosesLoop
from rotation_tui.workers.context import Context
from rotation_tui.workers.ending import ended
from rotation_tui.workers.evaluate import Evaluator
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.filings import FilingsLoop
from rotation_tui.workers.history import HistoryLoop
from rotation_tui.workers.holdings import HoldingsLoop
from rotation_tui.workers.loop import Loop, ShelvedLoop
from rotation_tui.workers.minutes import MinutesLoop
from rotation_tui.workers.quotes import QuoteLoop
from rotation_tui.workers.series import SeriesLoop
from rotation_tui.workers.stream import StreamLoop
from rotation_tui.workers.studying import Studying
from rotation_tui.workers.told import ToldEvaluator

_log = logging.getLogger(__name__)

_SAVE_EVERY_S = 60.0
_SEEN_LATELY = timedelta(minutes=1)
_WATCH_EVERY_S = 5.0
_RESTART_AFTER_S = 5.0


LOOPS: tuple[type[Loop[Any]], ...] = (
    HistoryLoop,
    SeriesLoop,
    QuoteLoop,
    StreamLoop,
    MinutesLoop,
    HoldingsLoop,
    FilingsLoop,
    ClosesLoop,
)
"""One a capability: a feed has those that its source can fill."""


class Desk:
    """All workers of one run.

    `shelves` is the folder for history on disk, None to keep nothing there. An exception that no loop
    foresaw ends in an event and a restart of that loop, never in the end of the program.
    """

    def __init__(
        self,
        context: Context,
        evaluator: Evaluator,
        shelves: Path | None,
        last_known: LastKnown | None,
        *,
        polls_quotes: bool = True,
    ) -> None:
        self._context = context
        self._given = context.given
        self._evaluator = evaluator
        self._last_known = last_known
        self._tasks: list[asyncio.Task[None]] = []
        self._feeding: list[asyncio.Task[None]] = []
        self._at_rest = self._told = False
        self._attending: list[asyncio.Task[None]] = []
        self._save_due = asyncio.Event()
        self._loops: list[tuple[Feed, Loop[Any]]] = []
        names = [feed.name for feed in context.given.feeds]
        for feed in context.given.feeds:
            # what a local feed has is on disk already
            shelf = None if shelves is None or feed.local else Shelf(folder_of(shelves, feed.name, names))
            loops = [kind.of(feed, context, shelf) for kind in LOOPS if polls_quotes or not kind.live]
            self._loops += [(feed, loop) for loop in loops if loop is not None]
        self._beside: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        evaluator.waves.follow(self._shelved())
        busy = {feed.name for feed, _ in self._loops}
        self._idle = [name for name in names if name not in busy] if polls_quotes else []

    async def open(self) -> None:
        """Start all loops, unless they rest; returns at once."""
        if not self._at_rest:
            self._feed()
        self._tasks += [
            asyncio.create_task(self._supervised("watch", self._watch), name="watch"),
            asyncio.create_task(self._supervised("saving", self._save_now_and_then), name="saving"),
        ]
        self._attending += [asyncio.create_task(self._supervised(name, run), name=name) for name, run in self._beside]
        self._beside = []

    def _feed(self) -> None:
        for feed in self._given.feeds:
            self._context.health.publish(feed)
        for name in self._idle:
            none = ", ".join(kind.job for kind in LOOPS)
            self._given.tell(f"{name} is asked for nothing: its source has none of {none}", "alert")
        self._feeding = [
            asyncio.create_task(self._unshelve_then_run(), name="feeds"),
            asyncio.create_task(self._supervised("evaluation", self._evaluator.run), name="evaluation"),
        ]

    def begin_at_rest(self) -> None:
        """Ask nobody once it is opened: another desk is to feed the store."""
        self._at_rest = True

    async def rest(self, *, told: bool) -> None:
        """Ask nobody and study nothing until `resume`: another desk feeds the store, or nobody does.

        `told` is whether what the store holds is all that can be had for now.
        """
        self._at_rest, self._told = True, told
        if self._feeding:
            await self._end(self._feeding)
            self._given.store.forget_feeds()

    def resume(self) -> None:
        """Feed the store again, from what it holds."""
        if self._at_rest:
            self._at_rest = False
            if self._tasks:
                self._given.store.forget_feeds()
                self._feed()

    @property
    def rests(self) -> bool:
        """Whether it asks nobody."""
        return self._at_rest

    def attend(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run something else for as long as the desk is open, as its own tasks: what fails is told and starts again."""
        if self._tasks:
            self._attending.append(asyncio.create_task(self._supervised(name, run), name=name))
        else:
            self._beside.append((name, run))

    def told_by(self, again: Callable[[], Awaitable[None]]) -> None:
        """Have results made anew by whoever tells them, where something else is to be looked at."""
        assert isinstance(self._evaluator, ToldEvaluator)
        self._evaluator.again = again

    async def close(self) -> None:
        """Stop everything and save the last known state."""
        await self._end(self._attending)
        await self._stop()
        self.save()

    async def relieve(self, other: "Desk") -> None:
        """Open in the place of another desk on the same store, which ends: what it attends goes on, uninterrupted, and
        so does what somebody looks at.
        """
        followed = self._context.followed
        followed.glances = other._context.followed.glances
        followed.unseen = other._context.followed.unseen
        self._at_rest, self._told = other._at_rest, other._told
        self._beside, other._beside = other._beside, []
        self._attending, other._attending = other._attending, []
        await other._stop()
        self._given.store.forget_feeds()
        await self.open()

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        await ended(tasks)
        tasks.clear()

    async def _stop(self) -> None:
        await self._end(self._feeding)
        await self._end(self._tasks)
        await self.studying.close()
        for shelved in self._shelved():
            shelved.close()
        for feed in self._given.feeds:
            with contextlib.suppress(Exception):  # a connection that cannot be closed is gone anyway
                await feed.provider.close()

    def refresh(self) -> None:
        """Ask every source now, within its budget; answers still under way to older questions are dropped."""
        for feed in self._given.feeds:
            feed.missing.clear()  # what was refused or not given is asked for again too
        for shelved in self._shelved():
            shelved.ask_again()
        self._context.wakes.refresh()

    def follow(self, universe: Universe, series_ids: tuple[str, ...] | None = None) -> None:
        """Follow these from now on (None: the series of before): what is new is asked for at once, then studied."""
        followed, wakes = self._context.followed, self._context.wakes
        before = (followed.universe.instruments, followed.universe.with_bars, followed.series_ids)
        changes_nothing = self._forget(followed.universe, universe)
        followed.universe = universe
        followed.series_ids = followed.series_ids if series_ids is None else series_ids
        if before != (universe.instruments, universe.with_bars, followed.series_ids):
            wakes.everybody()
        if changes_nothing:
            return
        self._evaluator.waves.hasten()
        self._given.store.ask_for_studies()
        wakes.bars_moved.set()

    def go_by(self, rules: Rules, last_known: LastKnown | None, funds: tuple[str, ...]) -> None:
        """Judge by these rules, save here and ask for the holdings of these funds from now on."""
        self._last_known = last_known
        followed = self._context.followed
        if funds != followed.funds:
            followed.funds = funds
            self._context.wakes.everybody()
        if self._evaluator.go_by(rules):
            self._evaluator.waves.hasten()
            self._given.store.ask_for_studies()
            self._context.wakes.bars_moved.set()

    def look_at(self, glances: tuple[Glance, ...]) -> None:
        """Ask for these minutes and no others from now on; nobody is asked where nothing is in sight."""
        followed = self._context.followed
        if set(glances) != set(followed.glances):
            gone = set(followed.glances) - set(glances)
            followed.glances = glances
            for feed in self._given.feeds:
                for glance in gone:
                    feed.missing.pop(glance.name, None)
            for _, loop in self._loops:
                if isinstance(loop, MinutesLoop):
                    loop.look()

    def see(self, unseen: frozenset[str]) -> None:
        """Ask for quotes of these less often from now on; what comes into sight and is old is asked for at once."""
        followed, snapshot, now = self._context.followed, self._given.store.snapshot(), self._given.now()
        news, followed.unseen = followed.unseen - unseen, unseen
        if any(now - at > _SEEN_LATELY for symbol in news if (at := snapshot.checked.get(symbol)) is not None):
            self._context.wakes.everybody()

    def want_fundamentals(self, *, on: bool) -> None:
        """Ask for holdings and filings from now on, or for no more of them; what has come stays."""
        followed = self._context.followed
        if on != followed.fundamentals:
            followed.fundamentals = on
            self._context.wakes.everybody()

    def _forget(self, before: Universe, universe: Universe) -> bool:
        """Let go of all that is known of symbols that have gone; whether no study follows from the change.

        One that comes is studied once its history is there.
        """
        stay = {i.symbol for i in (*universe.instruments, *universe.with_bars)}
        if gone := {i.symbol for i in (*before.instruments, *before.with_bars)} - stay:
            self._context.forget(gone)
            for _, loop in self._loops:
                loop.forget(gone)
        known = {symbol for symbol, _ in self._given.store.snapshot().bars}
        news = {i.symbol for i in universe.visitors} - {i.symbol for i in before.visitors}
        if universe.own != before.own or universe.held != before.held:
            return False
        return universe.visitors != before.visitors and universe.spreads == before.spreads and known.isdisjoint(news)

    def offering(self, instrument: Instrument) -> tuple[str, ...]:
        """The feeds that have a history of the instrument, by name, in the order in which they are asked."""
        return tuple(feed.name for feed in self._given.feeds if feed.offers_bars(instrument))

    @property
    def studying(self) -> Studying:
        """Who makes the studies, to be asked about past days as well."""
        return self._evaluator.studying

    def fed(self, but: Collection[str] = ()) -> bool:
        """Whether every loop has done what it can for now, `but` those for these jobs."""
        if self._at_rest:
            return self._told
        started = bool(self._feeding) and self._feeding[0].done() is False
        loops = [(feed, loop) for feed, loop in self._loops if loop.job not in but]
        return (
            started
            and all(loop.rounds > 0 and not loop.busy for _, loop in loops)
            and not any(loop.pending() for feed, loop in loops if not self._resting(feed, loop.job))
        )

    def studied(self) -> bool:
        """Whether the studies follow from all that has arrived, or cannot because the disk has not been read yet."""
        return self._at_rest or self._evaluator.up_to_date() or not self._evaluator.begun

    def settled(self) -> bool:
        """Whether every loop has done what it can for now and the studies are up to date."""
        return self.fed() and (self._at_rest or self._evaluator.up_to_date())

    def save_soon(self) -> None:
        """Save the last known state now rather than within a minute, where that is open."""
        self._save_due.set()

    def save(self) -> None:
        """Write the last known state where it moved."""
        if self._last_known is None:
            return
        with self._context.doubts.keeping("last known state"):
            self._last_known.write(self._given.store.snapshot(), self._given.now())

    def _shelved(self) -> Iterator[ShelvedLoop[Any, Any]]:
        return (loop for _, loop in self._loops if isinstance(loop, ShelvedLoop))

    def _resting(self, feed: Feed, job: str) -> bool:
        return feed.rests_until(job, self._given.now()) is not None

    async def _unshelve_then_run(self) -> None:
        for shelved in self._shelved():
            try:
                await shelved.unshelve()
            except Exception as fault:  # a broken file must not keep the feeds from starting
                self._tell("history on disk", fault)
        self._evaluator.begin()
        async with asyncio.TaskGroup() as group:
            for feed, loop in self._loops:
                group.create_task(self._in_service(feed, loop))
            group.create_task(self._sweep_shelves())

    async def _sweep_shelves(self) -> None:
        for shelved in self._shelved():
            await shelved.sweep()

    async def _in_service(self, feed: Feed, loop: Loop[Any]) -> None:
        """Run a feed's loop for ever; what nobody foresaw counts as the feed's fault, so that others take over."""
        context = self._context
        while True:
            try:
                await loop.run()
                return
            except Exception as fault:  # the last line of defence: visible, logged, and life goes on
                self._tell(f"{feed.name}, {loop.job}", fault)
                loop.rounds += 1
                unforeseen = BadReply(f"{type(fault).__name__}: {fault}")
                retry = feed.failed(loop.job, unforeseen, self._given.now(), self._given.cadence)
                context.health.publish(feed)
                context.wakes.later(feed)
                await wait_until(retry, self._given.now, asyncio.Event(), self._given.cadence.speed)

    async def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run for ever; what nobody foresaw is told on the screen and tried again."""
        while True:
            try:
                await run()
                return
            except Exception as fault:  # the last line of defence: visible, logged, and life goes on
                self._tell(name, fault)
                await asyncio.sleep(_RESTART_AFTER_S)

    def _tell(self, name: str, fault: Exception) -> None:
        _log.exception("%s failed", name, exc_info=fault)
        text = f"{name}: {type(fault).__name__}: {fault}; starts again"
        self._given.tell(text[:160], "alert")

    async def _watch(self) -> None:
        """What changes by the passing of time alone: a feed that should have answered and has not is LATE; one
        that failed while it stood in for another, and that nobody asks any more, stands by again.
        """
        while True:
            await asyncio.sleep(until_step(asyncio.get_running_loop().time(), _WATCH_EVERY_S))
            for feed in () if self._at_rest else self._given.feeds:
                now = self._given.now()
                if feed.would_stand_by(now) and not any(
                    loop.busy or loop.wanted() for owner, loop in self._loops if owner is feed
                ):
                    feed.stand_by(now)
                self._context.health.publish(feed)

    async def _save_now_and_then(self) -> None:
        while True:
            await woken(self._save_due, _SAVE_EVERY_S)
            self._save_due.clear()
            if self._last_known is not None:
                # A slow disk must not hold up the screen. No name for the snapshot: it would hold what has since been
                # replaced, every history of the day before among it, until the next saving.
                with self._context.doubts.keeping("last known state"):
                    await asyncio.to_thread(self._last_known.write, self._given.store.snapshot(), self._given.now())


PAPERS: Final = (Job.HOLDINGS, Job.FILINGS, Job.CLOSES)
"""Jobs that a first fetch of holdings and filings keeps busy for minutes."""
SETTLE_POLL = timedelta(milliseconds=50)
"""How often a one-shot command looks whether the desk has settled."""
