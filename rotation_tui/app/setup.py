"""The composition root without a screen: from options to a desk, its store and the frame of its boards."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import msgspec

from rotation_tui import config as settings
from rotation_tui.board.assemble import Frame, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.lines import parsed
from rotation_tui.checks import drivers
from rotation_tui.checks.evaluate import inputs_needed
from rotation_tui.checks.rules import ManualCheck, Rules
from rotation_tui.claims.audit import inputs_needed as claims_need
from rotation_tui.config import Config, Feed, Loaded
from rotation_tui.config_load import universe as universe_of
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.clock import DEMO_START, Clock, FixedClock, SimulatedClock, SystemClock
from rotation_tui.domain.instrument import Instrument, unlike
from rotation_tui.domain.results import Level
from rotation_tui.domain.session import EASTERN, Calendar, nyse
from rotation_tui.domain.universe import Spread
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.market_store import MarketStore
from rotation_tui.workers.auditing import Auditor
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.context import Context
from rotation_tui.workers.desk import SETTLE_POLL, Desk
from rotation_tui.workers.evaluate import Evaluator
from rotation_tui.workers.roster import Means, roster

DEMO_NOTE = "simulated between a few published closes"
AS_OF_NOTE = "macro series as known by their publication lag, in their latest vintage"
_DEMO_POLL_S = 2.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What kind of run is asked for: live, a demo (`demo_seed`), or the board of a past day.

    `demo_speed` None lets the demo's clock stand still, so that one board is the same every time.
    """

    demo_seed: int | None = None
    demo_speed: float | None = 1.0
    as_of: date | None = None

    @property
    def mode(self) -> Mode:
        """The mode of its boards."""
        if self.as_of is not None:
            return Mode.AS_OF
        return Mode.LIVE if self.demo_seed is None else Mode.DEMO


@dataclass(slots=True)
class Run:
    """Everything of one run but the screen. `clock` tells the time of its boards."""

    config: Config
    store: MarketStore
    desk: Desk
    context: Context
    frame: Frame
    clock: Clock
    state_folder: Path
    first_start: bool

    def board(self) -> Board:
        """The board as it is now."""
        return assemble(self.store.snapshot(), self.frame, self.clock.now())

    def follow(self, text: str) -> str | None:
        """Add the pair that was typed to the spreads; returns why not where that cannot be."""
        legs = parsed(text)
        if legs is None:
            return f'"{text}" is no pair: two symbols, as IWM/SPY'
        universe = self.frame.universe
        if any((s.small, s.large) == legs for s in universe.spreads):
            return f"{legs[0]}-{legs[1]} is on the board already"
        known = {symbol for symbol, _ in self.store.snapshot().bars} | {i.symbol for i in universe.with_bars}
        unknown = [leg for leg in legs if leg not in known]
        if unknown:
            return f"no history of {' and '.join(unknown)}: add it under [[tickers]]"
        if (mixed := unlike(*legs)) is not None:
            return mixed
        self._set_spreads((*universe.spreads, Spread(f"{legs[0]}-{legs[1]}", *legs)))
        return None

    def unfollow(self, pair: str) -> bool:
        """Take a pair off the spreads; False where there is none of that id."""
        kept = tuple(s for s in self.frame.universe.spreads if s.id != pair)
        changed = len(kept) != len(self.frame.universe.spreads)
        self._set_spreads(kept)
        return changed

    def _set_spreads(self, spreads: tuple[Spread, ...]) -> None:
        self.context.universe = replace(self.context.universe, spreads=spreads)
        self.frame = replace(self.frame, universe=self.context.universe)
        self.store.ask_for_studies()
        self.context.bars_moved.set()

    async def settled(self, timeout_s: float) -> bool:
        """Wait until every feed has given what it can for now; False where that took too long."""
        ends = asyncio.get_running_loop().time() + timeout_s
        while not self.desk.settled():
            if asyncio.get_running_loop().time() > ends:
                return False
            await asyncio.sleep(SETTLE_POLL.total_seconds())
        return True


def prepare(loaded: Loaded, wish: Wish, calendar: Calendar | None = None) -> Run:
    """A run, ready to open; reads the last known state and touches no network.

    Raises CalendarRange where the past day asked for lies at the end of the session table or beyond.
    """
    calendar = calendar or nyse()
    if wish.as_of is not None:
        # Before the session table there is no close either: the board of its first session is as empty.
        wish = replace(wish, as_of=max(wish.as_of, calendar.next(calendar.first)))
    config = _demo_feeds(loaded.config, wish) if wish.demo_seed is not None else loaded.config
    loaded = msgspec.structs.replace(loaded, config=config)
    symbols, series_ids = inputs_needed(config.risk.skip)
    more_symbols, more_series = claims_need(config.claims.skip)
    symbols |= more_symbols
    series_ids |= drivers.series_needed() | more_series
    background = tuple(Instrument.of(s) for s in sorted(symbols))
    universe = replace(universe_of(config), background=background)
    base = settings.state_folder()
    first_start = not base.exists()
    clock = _clock(wish, calendar)
    # sources of a past day are asked at the present: what they have now, cut at that day
    asking = SystemClock() if wish.mode is Mode.AS_OF else clock
    last_known = LastKnown(base / "last_known.json", _fingerprint(config)) if wish.mode is Mode.LIVE else None
    store = MarketStore(last_known.read() if last_known is not None else None)
    feeds = roster(loaded, universe, Means(base, asking))
    cadence = _cadence(config, wish)
    as_of = calendar.on_or_before(wish.as_of) if wish.as_of is not None else None
    context = Context(store, feeds, universe, calendar, cadence, asking.now, as_of)
    shelves = None if wish.mode is Mode.DEMO else base / "history"
    evaluator = Evaluator(context, rules_of(config), clock.now, auditor_of(config))
    desk = Desk(
        context, evaluator, tuple(sorted(series_ids)), shelves, last_known, polls_quotes=wish.mode is not Mode.AS_OF
    )
    notes = (AS_OF_NOTE,) if wish.mode is Mode.AS_OF else ()
    if wish.demo_seed is not None:
        notes = (f"DEMO, {DEMO_NOTE}" if notes else DEMO_NOTE, *notes)
    return Run(config, store, desk, context, Frame(universe, calendar, wish.mode, notes), clock, base, first_start)


def rules_of(config: Config) -> Rules:
    """What the config changes about the checklist."""
    risk = config.risk
    return Rules(
        frozenset(risk.skip),
        {check: (limits.watch, limits.alert) for check, limits in risk.thresholds.items()},
        risk.mute,
        tuple(ManualCheck(m.text, Level(m.level), m.until) for m in risk.manual),
    )


def auditor_of(config: Config) -> Auditor:
    """The audit of the claims, with the figures that the trader entered by hand."""
    entries = (
        ConsensusEntry(e.index, e.measure, e.period, e.value, e.basis, e.as_of, e.source, e.url or "", e.note or "")
        for e in config.consensus
    )
    return Auditor(tuple(entries), config.claims.skip)


def _clock(wish: Wish, calendar: Calendar) -> Clock:
    if wish.as_of is not None:
        # the end of that day in New York: everything of its session is known
        return FixedClock(datetime.combine(wish.as_of, time(23, 59), EASTERN))
    if wish.demo_seed is not None:
        if wish.demo_speed is None:
            return FixedClock(DEMO_START)
        return SimulatedClock(DEMO_START, wish.demo_speed, calendar=calendar)
    return SystemClock()


def _cadence(config: Config, wish: Wish) -> Cadence:
    if wish.mode is Mode.DEMO:
        return Cadence(_DEMO_POLL_S, _DEMO_POLL_S, _DEMO_POLL_S, speed=wish.demo_speed or 1.0)
    return Cadence(config.poll.open, config.poll.pre_post, config.poll.closed)


def _demo_feeds(config: Config, wish: Wish) -> Config:
    return msgspec.structs.replace(config, feeds=(Feed(provider="simulated", seed=wish.demo_seed),))


def _fingerprint(config: Config) -> str:
    """Changes with whatever makes saved results mean something else: the universe and the feeds."""
    shape = msgspec.json.encode([config.tickers, config.spreads, config.sectors, config.feeds, config.risk])
    return hashlib.sha256(shape).hexdigest()[:16]
