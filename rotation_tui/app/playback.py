"""A tape played into the store of a run, moment after moment; its results are made anew, by the rules of now."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from rotation_tui.app.recording import about_of
from rotation_tui.app.setup import Run
from rotation_tui.domain.clock import ReplayClock
from rotation_tui.domain.feed import Event
from rotation_tui.domain.results import Studies
from rotation_tui.domain.universe import Universe
from rotation_tui.evaluation.question import Question
from rotation_tui.store.market_store import MOST_EVENTS, Snapshot
from rotation_tui.tape.message import SMALL, WHOLE, About, HeardMessage, MarketMoment
from rotation_tui.tape.parts import time_of
from rotation_tui.tape.reading import Lost
from rotation_tui.workers.studying import NotStudied

if TYPE_CHECKING:
    from rotation_tui.domain.fundamentals import Fundamentals
    from rotation_tui.tape.reading import TapeReading


class Playback:
    """Plays what `reading` gives. What asks for results is answered where they stood on the tape, by the same question.

    `clock` is that of the run. `states`, `lost` and `studied` count what was played, what could not be read, and how
    often results were made.
    """

    def __init__(self, run: Run, reading: "TapeReading", clock: ReplayClock) -> None:
        self._run = run
        self._reading = reading
        self._clock = clock
        self._peeked: HeardMessage | Lost | None = None
        self._about = about_of(run.scope)
        self._told: Snapshot | None = None
        self._asked: tuple[Snapshot, Universe] | None = None
        self._pending: Question | None = None
        self._answered: Question | None = None
        self._fundamentals: Fundamentals | None = None
        self._studies = Studies()
        self._computed_at: datetime | None = None
        self._shown: tuple[Event, ...] = ()
        self._own: list[Event] = []
        self._said: set[str] = set()
        self._at_once = asyncio.Lock()
        self.states = self.lost = self.studied = 0
        self.ended = False
        """Whether the tape was closed where it ends, rather than cut."""

    @property
    def begins(self) -> datetime:
        return self._reading.begins

    @property
    def ends(self) -> datetime:
        return self._reading.ends

    async def peek(self, sought: datetime | None = None) -> HeardMessage | Lost | None:
        """What comes next, which stays next; None at the end. `sought` as in `TapeReading.following`."""
        if self._peeked is None:
            if self._reading.is_at_hand:
                self._peeked = self._reading.following(sought)
            else:  # a disk may take its time
                self._peeked = await asyncio.to_thread(self._reading.following, sought)
        return self._peeked

    async def take(self, *, lazily: bool = False) -> None:
        """Show what comes next. `lazily` leaves results to `settle`, for who only passes by."""
        found, self._peeked = self._peeked, None
        if isinstance(found, Lost):
            self.lost += 1
            self._warn(
                f"the tape cannot be read from {found.since:%H:%M:%S} UTC on ({found.why}); that part is skipped"
            )
        elif found is not None:
            self._hear(found)
            if not lazily:
                await self.settle(show=False)
            self._show()

    async def take_first(self) -> None:
        """Show what the tape begins with."""
        while self._told is None and await self.peek() is not None:
            await self.take()

    async def settle(self, *, show: bool = True) -> None:
        """Make the results that were passed by, if any."""
        async with self._at_once:
            if (question := self._pending) is None:
                return
            self._pending = None
            try:
                self._studies = await self._run.desk.studying.studies(question)
            except NotStudied as fault:
                self._warn(f"no studies of {question.now:%H:%M:%S} UTC: {fault}")
            else:
                self._answered = question
                self.studied += 1
            if show:
                self._show()

    async def again(self) -> None:
        """Make the results that stand there anew, for what is looked at by now."""
        if self._answered is not None and self._pending is None:
            self._pending = replace(self._answered, universe=self._run.scope.universe, rules=self._run.rules)
        await self.settle()

    @property
    def is_due(self) -> bool:
        """Whether results were passed by."""
        return self._pending is not None

    async def through(self, until: datetime | None = None, *, lazily: bool = False) -> AsyncIterator[None]:
        """Play up to a time, or to the end, as fast as it goes; yields after each state."""
        while (found := await self.peek()) is not None:
            if isinstance(found, HeardMessage) and until is not None and found.moment.at > until:
                self._clock.jump(until)
                return
            await self.take(lazily=lazily)
            yield

    async def seek(self, at: datetime) -> None:
        """Be at a time: what was known then, and nothing of later."""
        at = min(max(at, self.begins), self.ends)
        if await asyncio.to_thread(self._reading.seek, at):
            self._peeked = None
        played = 0
        while (found := await self.peek(at)) is not None:
            if isinstance(found, HeardMessage) and found.moment.at > at and self._told is not None:
                break
            await self.take(lazily=True)
            played += 1
            if played % 50 == 0:
                await asyncio.sleep(0)  # keys and frames come in between
        await self.settle()
        self._clock.jump(max(at, self._clock.now()) if played else at)

    def _hear(self, heard: HeardMessage) -> None:
        moment = heard.moment
        if moment.about != self._about:
            self._follow(moment.about)
        if heard.kind == WHOLE:
            self._begin(moment)
        elif heard.kind == SMALL and heard.computed_at not in (None, self._computed_at):
            self._pend(moment, heard.computed_at)  # results that came in a part which is lost
        if heard.asked:
            self._asked = moment.snapshot, self._run.scope.universe
        if heard.studied is not None:
            self._fundamentals = next(iter(heard.studied.fundamentals), self._fundamentals)
            self._pend(moment, time_of(heard.studied.at))
        self.states += 1
        self.ended = moment.ended
        self._told = moment.snapshot
        for fault in heard.faults:
            self._warn(f"{moment.at:%H:%M:%S} UTC: {fault}")
        self._clock.jump(moment.at)

    def _begin(self, moment: MarketMoment) -> None:
        """Go on from the results that stood there, until they are made anew where what they follow from is there."""
        self._studies = moment.snapshot.studies
        self._fundamentals = self._studies.fundamentals
        self._computed_at = self._studies.computed_at
        self._asked = self._pending = None
        if moment.snapshot.bars and self._computed_at is not None:
            self._pend(moment, self._computed_at)

    def _pend(self, moment: MarketMoment, at: datetime | None) -> None:
        snapshot, universe = self._asked or (moment.snapshot, self._run.scope.universe)
        scope, run = self._run.scope, self._run
        self._computed_at = at
        self._pending = Question(
            snapshot, universe, scope.calendar, run.rules, at or moment.at, None, told=(self._fundamentals,)
        )

    def _follow(self, about: About) -> None:
        """Be about what the recorded boards were about, and what was typed here besides."""
        before, self._about = self._about, about
        scope = self._run.scope
        typed = [s for s in scope.universe.spreads if s not in before.universe.spreads]
        strangers = [s for s in scope.looked if s not in before.looked]
        looked = tuple(dict.fromkeys((*about.looked, *strangers)))
        universe = about.universe.looking_at((*about.universe.spreads, *typed), looked)
        universe = universe.holding(scope.book.quantities, looked)
        self._run.scope = replace(
            scope, universe=universe, looked=looked, fetches=about.fetches, watchlists=about.watchlists
        )
        self._run.mute({**self._run.scope.muted, **about.muted})

    def _show(self) -> None:
        """Put what is known into the store, with what was said here among the events."""
        store = self._run.store
        held = store.snapshot().events
        if held is not self._shown:
            self._own += [event for event in held if event not in self._shown and event not in self._own]
        if self._told is None:
            return
        events, now = self._told.events, self._clock.now()
        if own := [event for event in self._own if event.at <= now]:  # what was said of later is said again there
            events = tuple(sorted((*events, *own), key=lambda event: event.at))[-MOST_EVENTS:]
        store.put_told(replace(self._told, studies=self._studies, events=events))
        self._shown = store.snapshot().events

    def _warn(self, sentence: str) -> None:
        if sentence not in self._said:
            self._said.add(sentence)
            self._run.warn(sentence)


def playback_of(run: Run, path: Path) -> Playback:
    """What plays a tape into a run that was made for it; NoTape, or OSError. Reads the disk."""
    from rotation_tui.tape.reading import TapeReading

    assert isinstance(run.clock, ReplayClock)
    played = Playback(run, TapeReading(path), run.clock)
    run.desk.told_by(played.again)
    return played
