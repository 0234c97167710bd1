"""A run that is told by a server: it asks nobody itself while the server speaks, its own feeds when it is silent."""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from rotation_tui.app.roster import path_in
from rotation_tui.app.setup import Run
from rotation_tui.board.contract import Mode
from rotation_tui.config.changes import hub_of
from rotation_tui.config.schema import Loaded
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.domain.hub import PROVIDER, SILENCE_S, hub_warning
from rotation_tui.domain.universe import Universe
from rotation_tui.hub.following import Follower, Hears, Unheard
from rotation_tui.hub.link import TERMINAL, HubAddress, HubFault, NotInstalled, connected
from rotation_tui.store.market_store import MOST_EVENTS, Snapshot, checked_by
from rotation_tui.tape.message import About
from rotation_tui.workers.ending import ended

_RETRY_S: Final = (1.0, 2.0, 5.0, 10.0)
_LATE_S: Final = 8.0
"""Beyond so much silence the server is late; it says something every three seconds."""
_LOOK_S: Final = 0.5


class AtHub:
    """Puts what the server tells into the store of `run`; `silence_s` is how long it may be silent before the own feeds
    are asked, where there are `own` ones.

    What it told counts for as long as it speaks. While it is late so are all feeds that it told of; once it has been
    silent for longer than it may be, they are down, and prices that it told are those of nobody who answers, whether
    or not there is somebody else to ask. So are those that were known at the start, until it speaks.
    """

    def __init__(self, run: Run, name: str, address: HubAddress, silence_s: float, *, own: bool) -> None:
        self._run = run
        self._name = name
        self._address = address
        self._silence_s = silence_s
        self._own = own
        self._gone_s = min(silence_s, SILENCE_S)
        self._heard_at = time.monotonic()
        self._started = self._last_word = run.clock.now()
        self._has_spoken = False
        self._told = Snapshot()
        self._gone = False
        self._fault: str | None = None
        self._leader = ""
        self._began = self._has_beginning = False
        self._shown: tuple[Event, ...] = ()
        self._said: list[Event] = []
        self._mine = run.scope.universe, run.scope.looked
        self._about: About | None = None

    @property
    def is_told(self) -> bool:
        """Whether what is shown is what the server tells."""
        return self._began and self._run.desk.rests

    @property
    def silence(self) -> str | None:
        """Since when the server has been silent, where nobody else is asked; None where one of them speaks."""
        return self._no_word if self._run.desk.rests and self._level is FeedState.DOWN else None

    @property
    def _silent_s(self) -> float:
        return time.monotonic() - self._heard_at

    @property
    def _no_word(self) -> str:
        return f"no word since {self._last_word:%H:%M:%S} UTC" if self._has_spoken else "no word yet"

    @property
    def _level(self) -> FeedState:
        """How far what the server told last still counts."""
        if self._silent_s > self._gone_s:
            return FeedState.DOWN
        return FeedState.LATE if self._silent_s > _LATE_S else FeedState.LIVE

    def go_by(self, universe: Universe, looked: tuple[str, ...]) -> None:
        """Have these rows while the server is silent; while it speaks it says which there are."""
        self._mine, self._about = (universe, looked), None

    async def run(self) -> None:
        """Follow for ever; ends only by cancellation."""
        if (warning := hub_warning(self._address.url)) is not None:
            self._run.warn(warning)
        held = self._run.store.snapshot()
        self._run.store.put_standing(held.feeds, held.progress, self._unheard())
        watch = asyncio.create_task(self._watch())
        try:
            await self._follow()
        finally:
            await ended([watch])

    async def _follow(self) -> None:
        try:
            redis, failed = await asyncio.to_thread(connected, self._address, TERMINAL), 0
        except NotInstalled as fault:  # nothing to try again before the next start: the own feeds are asked in time
            self._fault = str(fault)
            self._publish()
            await asyncio.Event().wait()
        try:
            while True:
                follower = Follower(redis)
                try:
                    async for heard in follower.words():
                        failed = 0
                        await self._hear(heard, follower.leader)
                except HubFault as fault:
                    self._fault = str(fault)
                    self._publish()
                    unheard = isinstance(fault, Unheard)
                    await asyncio.sleep(_RETRY_S[-1] if unheard else _RETRY_S[min(failed, len(_RETRY_S) - 1)])
                    failed += 1
        finally:
            with contextlib.suppress(Exception):  # a connection that cannot be closed is gone anyway
                await redis.aclose()

    async def _hear(self, heard: Hears, leader: str) -> None:
        self._fault = None
        if heard.begins:
            self._has_beginning = False
        if self._own and heard.silent_s > self._silence_s:  # a dead server's: own feeds are asked, or about to be
            if self._run.desk.rests:
                self._heard(heard.silent_s)
            return
        rested = self._run.desk.rests
        if not heard.begins and not (rested and self._has_beginning):  # it must tell all of it: own feeds have taken
            raise HubFault("the server speaks again")  # over, or what it began with was too old to be taken
        self._heard(heard.silent_s)  # first, so that nobody takes over meanwhile
        if not rested or not self._began:
            await self._run.desk.rest(told=False)
        if not rested:
            self._tell(f"{self._name}: the server tells again, own feeds rest")
        if heard.begins and leader != self._leader:
            self._leader = leader
            self._tell(f"{self._name}: told by {leader or 'a server'}")
        self._began = self._has_beginning = True
        if heard.moment is not None:
            self._about_now(heard.moment.about)
            self._put(heard.moment.snapshot)
        if heard.is_current:  # after it is put: who waits for a whole board takes what is there then
            await self._run.desk.rest(told=True)
        self._publish()

    def _heard(self, silent_s: float) -> None:
        """A word has come that was said so many seconds ago."""
        self._has_spoken = True
        self._heard_at = time.monotonic() - silent_s
        self._last_word = self._run.clock.now() - timedelta(seconds=silent_s)
        if self._gone and self._level is not FeedState.DOWN:
            self._gone = False
            if self._run.desk.rests:
                self._tell(f"{self._name}: the server tells again")

    def _about_now(self, about: About) -> None:
        """Have the rows that the server has; what it mutes is its own."""
        if about != self._about:
            self._about = about
            scope = self._run.scope
            self._run.scope = replace(scope, universe=about.universe, looked=about.looked, fetches=about.fetches)

    def _put(self, told: Snapshot) -> None:
        """Take what was told, with what was said here among the events."""
        store = self._run.store
        held = store.snapshot()
        if held.events is not self._shown:
            self._said += [event for event in held.events if event not in self._shown]
        events = told.events
        if self._said:
            self._said = self._said[-MOST_EVENTS:]
            events = tuple(sorted((*events, *self._said), key=lambda event: event.at))[-MOST_EVENTS:]
        self._told, unheard = told, self._unheard()
        store.put_told(
            replace(
                told,
                events=events,
                feeds=self._feeds(),
                progress=self._progress(),
                unheard=unheard,
                checked=checked_by(unheard, told.checked),
                alerts=held.alerts,
                minutes=held.minutes,
            )
        )
        self._shown = store.snapshot().events
        self._save_where_it_turned(held)

    def _health(self) -> FeedHealth:
        level = self._level
        state = FeedState.DOWN if self._fault is not None or not self._began else level
        fault = self._fault or (None if level is FeedState.LIVE else self._no_word)
        return FeedHealth(self._name, state, self._last_word if self._began else None, fault)

    def _feeds(self) -> tuple[FeedHealth, ...]:
        return self._health(), *map(self._as_known, self._told.feeds)

    def _as_known(self, told: FeedHealth) -> FeedHealth:
        """A feed that the server told of, as one may still believe it to be."""
        level = self._level
        if level is FeedState.LIVE or told.state is FeedState.OFF:
            return told
        state = FeedState.DOWN if told.state is FeedState.DOWN else level
        return replace(
            told, state=state, fault=f"told by {self._name}, of which there is {self._no_word}", retry_at=None
        )

    def _progress(self) -> Mapping[str, Progress]:
        return {} if self._level is FeedState.DOWN else self._told.progress

    def _unheard(self) -> datetime | None:
        """Up to when prices were checked by who is silent now, by the clock of this computer."""
        if self._began and self._level is not FeedState.DOWN:
            return None
        return max(self._started, self._last_word)

    def _publish(self) -> None:
        """Say how the server is, and how far what it told still counts, where that is another thing than before."""
        store, health = self._run.store, self._health()
        held = store.snapshot()
        if not self._run.desk.rests:
            if _said([health]) != _said(feed for feed in held.feeds if feed.name == health.name):
                store.put_feed(health)
            return
        feeds, unheard = self._feeds(), self._unheard()
        if _said(feeds) != _said(held.feeds) or unheard != held.unheard:
            store.put_standing(feeds, self._progress(), unheard)
            self._save_where_it_turned(held)

    def _save_where_it_turned(self, before: Snapshot) -> None:
        """Save at once where prices have become those of nobody, or of somebody again: a status bar shows it."""
        if (before.unheard is None) != (self._run.store.snapshot().unheard is None):
            self._run.desk.save_soon()

    async def _watch(self) -> None:
        """Ask the own feeds once the server has been silent for too long."""
        while True:
            await asyncio.sleep(_LOOK_S)
            self._publish()
            if not self._run.desk.rests:
                continue
            if self._own and self._silent_s > self._silence_s:
                self._take_over()
            elif self._level is FeedState.DOWN and not self._gone:
                self._gone = True
                others = f"after {self._silence_s:g} s other feeds are asked"
                then = others if self._own else "nobody else can be asked"
                self._tell(f"{self._name}: {self._no_word}, what is shown is old; {then}", "alert")

    def _take_over(self) -> None:
        self._gone = False
        self._publish()  # what is here is of nobody until they answer
        universe, looked = self._mine
        self._about = None
        self._run.scope = replace(self._run.scope, universe=universe, looked=looked)
        self._run.desk.resume()
        self._publish()  # the desk begins with no feeds but its own
        self._tell(f"{self._name}: {self._no_word}, own feeds are asked", "watch")

    def _tell(self, text: str, severity: str = "info") -> None:
        self._run.store.put_event(Event(self._run.clock.now(), text, severity))


def _said(feeds: Iterable[FeedHealth]) -> list[tuple[object, ...]]:
    """What of feeds is worth another board."""
    return [(feed.name, feed.state, feed.fault, feed.retry_at) for feed in feeds]


def address_of(loaded: Loaded) -> HubAddress | None:
    """Where the hub is that a config names, None where it names none."""
    feed = hub_of(loaded.config)
    if feed is None or feed.url is None:
        return None
    return HubAddress(feed.url, path_in(feed.ca_file or loaded.config.network.ca_file, loaded.folder))


def follow_hub(run: Run, loaded: Loaded) -> None:
    """Have a run told by the server that its config names, if it names one and this is now; before it opens."""
    feed, address = hub_of(loaded.config), address_of(loaded)
    if feed is None or address is None or run.scope.mode is not Mode.LIVE:
        return
    run.hub = AtHub(
        run,
        feed.name or PROVIDER,
        address,
        SILENCE_S if feed.silence_s is None else feed.silence_s,
        own=any(other.provider != PROVIDER for other in run.config.feeds),
    )
    run.desk.begin_at_rest()
    run.desk.attend("hub", run.hub.run)
