"""A run that is told by a server: it asks nobody itself while the server speaks, its own feeds when it is silent."""

import asyncio
import contextlib
import time
from typing import Final

from msgspec.structs import replace

from rotation_tui.app.roster import path_in
from rotation_tui.app.setup import Run
from rotation_tui.board.contract import Mode
from rotation_tui.config.changes import hub_of
from rotation_tui.config.schema import Loaded
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.hub import PROVIDER, SILENCE_S, hub_warning
from rotation_tui.domain.universe import Universe
from rotation_tui.hub.following import Follower, Hears, Unheard
from rotation_tui.hub.link import TERMINAL, HubAddress, HubFault, NotInstalled, connected
from rotation_tui.store.market_store import MOST_EVENTS, Snapshot
from rotation_tui.tape.message import About

_RETRY_S: Final = (1.0, 2.0, 5.0, 10.0)
_LATE_S: Final = 8.0
"""Beyond so much silence the server is late; it says something every three seconds."""
_LOOK_S: Final = 0.5


class AtHub:
    """Puts what the server tells into the store of `run`; `silence_s` is how long it may be silent before the own feeds
    are asked, where there are `own` ones.
    """

    def __init__(self, run: Run, name: str, address: HubAddress, silence_s: float, *, own: bool) -> None:
        self._run = run
        self._name = name
        self._address = address
        self._silence_s = silence_s
        self._own = own
        self._heard_at = time.monotonic()
        self._fault: str | None = None
        self._leader = ""
        self._began = False
        self._shown: tuple[Event, ...] = ()
        self._said: list[Event] = []
        self._mine = run.scope.universe, run.scope.looked
        self._about: About | None = None
        self._state: tuple[FeedState, str | None] | None = None

    @property
    def is_told(self) -> bool:
        """Whether what is shown is what the server tells."""
        return self._began and self._run.desk.rests

    def go_by(self, universe: Universe, looked: tuple[str, ...]) -> None:
        """Have these rows while the server is silent; while it speaks it says which there are."""
        self._mine, self._about = (universe, looked), None

    async def run(self) -> None:
        """Follow for ever; ends only by cancellation."""
        if (warning := hub_warning(self._address.url)) is not None:
            self._run.warn(warning)
        watch = asyncio.create_task(self._watch())
        try:
            await self._follow()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

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
        self._heard_at, self._fault = time.monotonic(), None
        if not self._run.desk.rests:
            if not heard.begins:  # own feeds have taken over: what follows is put on what the server tells as a whole
                raise HubFault("the server speaks again")
            await self._run.desk.rest(told=True)
            self._tell(f"{self._name}: the server tells again, own feeds rest")
        elif not self._began:
            await self._run.desk.rest(told=True)
        if heard.begins and leader != self._leader:
            self._leader = leader
            self._tell(f"{self._name}: told by {leader or 'a server'}")
        self._began = True
        if heard.moment is not None:
            self._about_now(heard.moment.about)
            self._put(heard.moment.snapshot)
        self._publish()

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
        store.put_told(
            replace(told, events=events, feeds=(self._health(), *told.feeds), alerts=held.alerts, minutes=held.minutes)
        )
        self._shown = store.snapshot().events

    def _health(self) -> FeedHealth:
        silent = time.monotonic() - self._heard_at
        state = FeedState.LIVE
        if self._fault is not None or not self._began:
            state = FeedState.DOWN
        elif silent > _LATE_S:
            state = FeedState.LATE
        now = self._run.clock.now()
        fault = self._fault or (f"no word for {silent:.0f} s" if state is FeedState.LATE else None)
        return FeedHealth(self._name, state, now if state is FeedState.LIVE else None, fault)

    def _publish(self) -> None:
        """Say how the server is, where that is another thing than before."""
        health = self._health()
        if (health.state, health.fault) != self._state:
            self._state = health.state, health.fault
            self._run.store.put_feed(health)

    async def _watch(self) -> None:
        """Ask the own feeds once the server has been silent for too long."""
        while True:
            await asyncio.sleep(_LOOK_S)
            self._publish()
            silent = time.monotonic() - self._heard_at
            if silent > self._silence_s and self._run.desk.rests:
                self._take_over(silent)

    def _take_over(self, silent: float) -> None:
        if not self._own:
            if self._began:
                self._began = False
                self._tell(
                    f"{self._name}: no word for {silent:.0f} s, and there are no feeds of its own to ask", "alert"
                )
            return
        universe, looked = self._mine
        self._about = None
        self._run.scope = replace(self._run.scope, universe=universe, looked=looked)
        self._run.desk.resume()
        self._state = None  # the desk begins with no feeds but its own
        self._publish()
        self._tell(f"{self._name}: no word for {silent:.0f} s, own feeds are asked", "watch")

    def _tell(self, text: str, severity: str = "info") -> None:
        self._run.store.put_event(Event(self._run.clock.now(), text, severity))


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
