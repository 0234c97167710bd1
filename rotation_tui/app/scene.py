"""The composition root of what is looked at: the store with its last known state, and the scope of its boards.

Apart from `app.setup`, which brings feeds, studies and checks along, so that the first paint waits for none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.app.fingerprint import earlier_fingerprints, fingerprint
from rotation_tui.app.portfolio import EXAMPLE, EXAMPLE_TILT, portfolio_of
from rotation_tui.board.assemble import Assembler, Scope
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.lines import Drawable, lines_of
from rotation_tui.board.marks import Moment
from rotation_tui.board.minutes import MinuteLine, minute_line
from rotation_tui.board.risk import ManualCheck
from rotation_tui.board.rotations import Rotations, Wanted, rotations_of
from rotation_tui.config import schema as settings
from rotation_tui.config.changes import hub_of
from rotation_tui.config.schema import Config, Consensus, FeedSettings, Loaded
from rotation_tui.config.universe import universe as universe_of
from rotation_tui.config.universe import watch_lists
from rotation_tui.domain.clock import DEMO_START, Clock, FixedClock, ReplayClock, SimulatedClock, SystemClock, end_of
from rotation_tui.domain.feed import Event
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.reading import Level
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.session import Calendar, nyse
from rotation_tui.domain.universe import Spread
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.last_look import read_visit
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.widgets.keyed import key as key_of

_DEMO_ENTRIES = tuple(
    Consensus(index=index, measure=measure, period=period, value=value, basis="made up", as_of=DEMO_START.date(),
              source="made up for the demo")
    for measure, period, small, large in (
        ("floating_share", "FY2024", 34.0, 8.0),
        ("flow_63s", "63 sessions", 1.4, 0.9),
    )
    for index, value in (("R2000", small), ("SPX", large))
)  # fmt: skip
"""What a trader would enter by hand: no simulated source tells how much debt floats, or what flows into funds."""
DEMO_NOTE = "simulated between a few published closes"
FIRST_START_NOTE = (
    f"Yahoo, Cboe and Nasdaq data are for personal use under their terms. The key {key_of('?')} shows the keys; "
    f"{key_of('a')} fetches what funds hold and companies file."
)
NOT_OVER = "is not over; this is the board of"
AS_OF_NOTE = "macro series as known by their publication lag, in their latest vintage"


class Wish(Struct, frozen=True):
    """What kind of run is asked for: live, a demo (`demo_seed`), the board of a past day, or a tape (of a demo, if so).

    `demo_speed` None lets the demo's clock stand still, so that one board is the same every time.
    """

    demo_seed: int | None = None
    demo_speed: float | None = 1.0
    as_of: date | None = None
    tape: Path | None = None

    @property
    def mode(self) -> Mode:
        if self.tape is not None:
            return Mode.REPLAY
        if self.as_of is not None:
            return Mode.AS_OF
        return Mode.LIVE if self.demo_seed is None else Mode.DEMO


@dataclass(slots=True)
class Scene:
    """What boards are made of. `clock` tells the time of the boards, `last_known` is where the state is kept.

    `as_of` is the session that the boards of a past day are of.
    """

    config: Config
    store: MarketStore
    scope: Scope
    clock: Clock
    state_folder: Path
    first_start: bool
    last_known: LastKnown | None
    as_of: date | None
    _assembler: Assembler = field(default_factory=Assembler, init=False, repr=False, compare=False)

    def board(self) -> Board:
        return self.board_of(self.store.snapshot(), self.clock.now())

    def board_of(self, snapshot: Snapshot, at: datetime) -> Board:
        """The board of what was known then, in the scope of now."""
        return self._assembler.board(snapshot, self.scope, at)

    def lines_of(self, name: str) -> Drawable | None:
        """The history of a pair or symbol as it is known now, to the session of the board where that is a past one."""
        lines = lines_of(name, self.scope.universe, self.store.snapshot())
        return lines if lines is None or self.as_of is None else lines.until(self.as_of)

    def minutes_of(self, legs: tuple[str, ...], days: int) -> MinuteLine | str:
        """The prices of these legs within so many sessions, or why there are none."""
        return minute_line(legs, days, self.store.snapshot(), self.scope.calendar)

    def rotations_of(self, wanted: Wanted, pasts: tuple[RotationPast, ...], at: datetime) -> Rotations:
        """The rotations of a list, by studies of the board of that time."""
        moment = Moment.at(at, self.scope.calendar, past=self.scope.mode is Mode.AS_OF)
        return rotations_of(wanted, self.scope.universe, pasts, moment)

    def look_at(self, glances: tuple[Glance, ...]) -> None:
        """What minutes are in sight; a scene without feeds has none."""

    def see(self, screen: str, listed: str) -> None:
        """Which watch lists are in sight; a scene without feeds asks for nothing."""

    def forget(self, why: str) -> bool:
        """Set the last known state aside and go on without it; False where nothing is known that could be at fault."""
        if self.last_known is None or not (self.store.snapshot().quotes or self.store.snapshot().studies.as_of):
            return False
        self.store = MarketStore()
        self.last_known.refuse(why, self.warn)
        return True

    def await_word(self) -> None:
        """Where a server tells, take what is known for that of nobody until it speaks."""
        if self.scope.mode is Mode.LIVE and hub_of(self.config) is not None:
            self.store.put_standing((), {}, self.clock.now())

    def warn(self, sentence: str) -> None:
        """Put a line into the events."""
        self.store.put_event(Event(self.clock.now(), sentence, "watch"))

    def mute(self, until: Mapping[str, date]) -> None:
        """Mute these checks until their dates beside those that the config mutes, and no others.

        The later date counts where a check is muted twice.
        """
        config = self.config.risk.mute
        later = {check: max(config.get(check, day), day) for check, day in until.items()}
        self.scope = replace(self.scope, muted={**config, **later})

    def hide(self, *, private: bool) -> None:
        """Hide how much is held, or show it; where the config hides it, it is hidden at every start."""
        if private != self.scope.private:
            self.scope = replace(self.scope, private=private)

    def show_known(self, pairs: tuple[str, ...], symbols: tuple[str, ...] = ()) -> None:
        """Put what was typed and kept on the board, as far as its study is among the last known."""
        spreads, studies = self.scope.universe.spreads, self.store.snapshot().studies
        known = map(studies.spreads.get, pairs)
        new = [s for s in known if s is not None and all(s.id != there.id for there in spreads)]
        typed = tuple(Spread(s.id, s.small, s.large) for s in new)
        looked = tuple(symbol for symbol in symbols if symbol in studies.tickers)
        universe = self.scope.universe.looking_at((*spreads, *typed), looked)
        self.scope = replace(self.scope, universe=universe, looked=looked)


def set_scene(loaded: Loaded, wish: Wish) -> Scene:
    """The scene of a run; reads the last known state and touches no network.

    Raises CalendarRange where the past day asked for lies at the end of the session table or beyond, NoTape or OSError
    for a tape that cannot be read.
    """
    calendar = nyse()
    if wish.tape is not None:
        return _taped(wish.tape, wished(loaded.config, wish), calendar)
    if wish.as_of is not None:
        # Before the session table there is no close either: the board of its first session is as empty.
        wish = replace(wish, as_of=max(wish.as_of, calendar.next(calendar.first)))
    wish, not_over = _over(wish, calendar)
    config = wished(loaded.config, wish)
    base = settings.state_folder()
    first_start = not base.exists()
    last_known = None
    if wish.mode is Mode.LIVE:
        last_known = LastKnown(base / "last_known.json", fingerprint(config), earlier_fingerprints(config))
    said: list[str] = []
    store = MarketStore(last_known.read(said.append) if last_known is not None else None)
    notes = (*not_over, AS_OF_NOTE) if wish.mode is Mode.AS_OF else ()
    if wish.demo_seed is not None:
        notes = (f"DEMO, {DEMO_NOTE}" if notes else DEMO_NOTE, *notes)
    clock, before = _clock(wish, calendar), None
    if wish.mode is Mode.LIVE:
        visit = read_visit(base, fingerprint(config), said.append)
        before = None if visit is None else visit.compared_with(clock.now())
    scope = replace(scope_of(config, calendar, wish.mode), notes=notes, before=before)
    as_of = None if wish.as_of is None else calendar.on_or_before(wish.as_of)
    scene = Scene(config, store, scope, clock, base, first_start, last_known, as_of)
    if last_known is not None:
        try:
            scene.board()
        except Exception as fault:  # whatever it is, what is kept on disk must not hold up a start
            scene.forget(f"no board can be made of it, {type(fault).__name__}")
    for sentence in said:
        scene.warn(sentence)
    return scene


def _taped(path: Path, config: Config, calendar: Calendar) -> Scene:
    """The scene of a tape: about what its head says, judged by the config. NoTape where it is none."""
    from rotation_tui.tape.frames import head_of  # its messages take some milliseconds to declare, and others need none

    head = head_of(path)
    scope = scope_of(config, calendar, Mode.REPLAY)
    notes = (f"DEMO, {DEMO_NOTE}",) if head.mode == Mode.DEMO.value else head.notes
    about = head.about
    universe = about.universe.holding(scope.book.quantities, about.looked)
    scope = replace(
        scope, universe=universe, looked=about.looked, notes=notes, fetches=about.fetches, watchlists=about.watchlists
    )
    clock = ReplayClock(head.began)
    scene = Scene(config, MarketStore(), scope, clock, settings.state_folder(), False, None, None)
    scene.mute(about.muted)
    return scene


def wished(config: Config, wish: Wish) -> Config:
    """What a config comes to in a run of this kind: a demo has a source of its own, and positions of nobody's."""
    if wish.demo_seed is None:
        return config
    own = msgspec.structs.replace(config.fundamentals, on=True, sources=())
    feeds = (FeedSettings(provider="simulated", seed=wish.demo_seed),)
    told = (*_DEMO_ENTRIES, *config.consensus)
    return msgspec.structs.replace(
        config, feeds=feeds, fundamentals=own, consensus=told, positions=EXAMPLE, positions_files=(),
        rebalance=EXAMPLE_TILT,
    )  # fmt: skip


def scope_of(config: Config, calendar: Calendar, mode: Mode) -> Scope:
    """All of a scope that follows from the config; it is made anew from another one while the monitor runs."""
    manual = tuple(ManualCheck(m.text, Level(m.level), m.until) for m in config.risk.manual)
    book = portfolio_of(config)
    return Scope(
        universe_of(config).holding(book.quantities), calendar, mode, (), config.risk.mute, manual,
        fetches=config.fundamentals.on, book=book, private=config.display.private,
        watchlists=watch_lists(config),
    )  # fmt: skip


def _over(wish: Wish, calendar: Calendar) -> tuple[Wish, tuple[str, ...]]:
    """The wish for a day whose session is over, and what is to be said of it."""
    last = calendar.last_completed(SystemClock().now())
    if wish.as_of is None or calendar.on_or_before(wish.as_of) <= last:
        return wish, ()
    return replace(wish, as_of=last), (f"the session of {wish.as_of} {NOT_OVER} {last}",)


def _clock(wish: Wish, calendar: Calendar) -> Clock:
    if wish.as_of is not None:
        return FixedClock(end_of(wish.as_of))  # everything of its session is known by then
    if wish.demo_seed is not None:
        if wish.demo_speed is None:
            return FixedClock(DEMO_START)
        return SimulatedClock(DEMO_START, wish.demo_speed, calendar=calendar)
    return SystemClock()
