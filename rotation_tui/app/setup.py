"""The composition root without a screen: from options to a desk that fills the store of a scene."""

import asyncio
import dataclasses
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from rotation_tui.app.alerting import Alerting
from rotation_tui.app.headlines import headline_of
from rotation_tui.app.looking import legs_of
from rotation_tui.app.own_positions import FILES, PositionsAtHand
from rotation_tui.app.roster import Means, path_in, roster
from rotation_tui.app.scene import Scene, Wish, set_scene
from rotation_tui.app.seeing import unseen
from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Mode
from rotation_tui.board.lines import parsed
from rotation_tui.config.check import entry_of
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.hub import PROVIDER as HUB
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.positions import Portfolio
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.universe import Spread, Universe
from rotation_tui.evaluation import needs
from rotation_tui.store.alert_book import AlertBook
from rotation_tui.store.headline import keep_headline
from rotation_tui.store.market_store import Snapshot
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.workers.apart import Apart
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.context import Context
from rotation_tui.workers.desk import SETTLE_POLL, Desk
from rotation_tui.workers.evaluate import Evaluator
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.studying import InThread, Studying
from rotation_tui.workers.told import ToldEvaluator

if TYPE_CHECKING:
    from rotation_tui.app.at_hub import AtHub

MOST_KEPT, MOST_PAIRS = 12, 40
"""Symbols that are kept and pairs on the board; each is asked for and studied all day."""
_DEMO_POLL_S = 2.0
_LONGEST_STUDY_S = 120.0
"""Seconds that a one-shot command gives the studies beyond the time of its feeds; they take one on a quiet machine."""


@dataclass(slots=True, kw_only=True)
class Run(Scene):
    """Everything of one run but the screen."""

    desk: Desk
    rules: Rules
    kept: tuple[str, ...] = ()
    """Symbols that stay when something else is looked at."""
    seen_last: str = ""
    """The pair's id, or the symbol, that was looked at last."""
    alerting: Alerting = field(init=False, compare=False)
    own_positions: PositionsAtHand = field(init=False, compare=False)
    _seen: tuple[object, ...] = field(default=(), init=False, compare=False)
    hub: "AtHub | None" = field(default=None, init=False, compare=False)
    """What has it told by a server, where that is so."""

    def __post_init__(self) -> None:
        self.alerting = Alerting(self)
        self.own_positions = PositionsAtHand(self.hold)
        if self.last_known is not None:
            self.last_known.beside = self.keep_headline

    def keep_headline(self, snapshot: Snapshot, at: datetime) -> None:
        """Keep the board of `snapshot` as one line, for `rotation-tui statusline`; OSError where the disk refuses."""
        waits = sum(notice.waits for notice in AlertBook(self.state_folder).read().told)
        keep_headline(self.state_folder, headline_of(assemble(snapshot, self.scope, at), self.scope.calendar, waits))

    @property
    def is_told(self) -> bool:
        """Whether what stands in the store is told by a server."""
        return self.hub is not None and self.hub.is_told

    @property
    def silence(self) -> str | None:
        """That the server is silent and nobody else is asked, None where that is not so."""
        silence = None if self.hub is None else self.hub.silence
        return None if silence is None else f"nobody can be asked: the server tells, and there is {silence}"

    def look(self, text: str) -> str | None:
        """Look at the symbol or the pair that was typed; None where it is there or on its way, else why not.

        It is asked of the sources that offer it. A pair stands among the spreads until it is let go, a symbol only
        until another one is looked at, unless it is kept.
        """
        if self.is_told:
            return f"a server says what is followed here; its config can have {text.strip()[:20]}"
        universe, followed = self.scope.universe, {i.symbol for i in self.scope.universe.with_bars}
        try:
            legs = legs_of(text, followed)
        except RefusedValueError as refusal:
            return str(refusal)
        for leg in legs:
            if leg not in followed and not self.desk.offering(Instrument.of(leg)):
                return f"none of the feeds offers a history of {leg}; [[feeds]] in the config names them"
        if len(legs) == 1:
            (self.seen_last,) = legs
            if legs[0] not in self.kept and len(self.kept) >= MOST_KEPT:
                return f"{MOST_KEPT} symbols are kept already; {key_of('x')} lets one go"
            self._follow(universe.spreads, (*self.kept, *(s for s in legs if s not in self.kept)))
            return None
        there = next((s for s in universe.spreads if (s.small, s.large) == legs), None)
        mark = "/" if "-" in "".join(legs) else "-"
        self.seen_last = mark.join(legs) if there is None else there.id
        if there is None:
            if len(universe.spreads) >= MOST_PAIRS:
                return f"{MOST_PAIRS} pairs are on the board already; {key_of('x')} lets a typed one go"
            self._follow((*universe.spreads, Spread(self.seen_last, *legs)), self.scope.looked)
        return None

    def keep(self, symbol: str) -> bool:
        """Keep a symbol that is looked at; False where it is none, or kept already."""
        new = symbol in self.scope.looked and symbol not in self.kept
        self.kept = (*self.kept, symbol) if new else self.kept
        return new

    def let_go(self, name: str) -> bool:
        """Take a typed pair or a symbol that is looked at off the board; False where there is none of that name."""
        spreads = tuple(s for s in self.scope.universe.spreads if s.id != name)
        looked = tuple(s for s in self.scope.looked if s != name)
        if (spreads, looked) == (self.scope.universe.spreads, self.scope.looked):
            return False
        self.kept = tuple(s for s in self.kept if s != name)
        self._follow(spreads, looked)
        return True

    def look_away(self) -> None:
        """Let go of the symbol that is looked at and not kept."""
        if self.scope.looked != self.kept:
            self._follow(self.scope.universe.spreads, self.kept)

    def look_at(self, glances: tuple[Glance, ...]) -> None:
        """Have these minutes asked for while they are in sight, and no others."""
        self.desk.look_at(glances)

    def see(self, screen: str, listed: str) -> None:
        """Have quotes of the watch list in sight asked for as often as others, and of those that nobody sees seldom."""
        now = (screen, listed, self.scope.watchlists, self.scope.universe, self.alerting.all)
        if now != self._seen and (self.scope.watchlists or self._seen):
            self._seen = now if self.scope.watchlists else ()
            self.desk.see(unseen(self.scope, self.alerting.all, screen, listed))

    def fetch(self, *, on: bool) -> str:
        """Ask for holdings and filings from now on, or for no more of them; what to tell of it."""
        if self.is_told:
            return "a server says here what is fetched; its config has [fundamentals]"
        if self.scope.mode is not Mode.LIVE:
            if self.scope.mode is Mode.REPLAY:
                return "a tape has what followed from holdings and filings, and asks for none"
            return "the demo has holdings and filings of its own, a past board those on disk"
        self.desk.want_fundamentals(on=on)
        self.scope = replace(self.scope, fetches=on)
        stops = f"holdings and filings are fetched, {key_of('a')} stops it"
        return stops if on else "no more holdings and filings are asked for"

    def resume(self, pairs: tuple[str, ...], looked: tuple[str, ...], muted: Mapping[str, date]) -> None:
        """Follow the pairs and the symbols and mute the checks that were kept."""
        for pair in filter(None, map(parsed, pairs)):
            self.look("/".join(pair))
        for symbol in looked:
            self.look(symbol)
            self.keep(symbol)
        self.mute(muted)

    def hold(self, book: Portfolio) -> None:
        """Have this book from now on; what is new in it is fetched and studied."""
        universe = self.scope.universe.holding(book.quantities, self.scope.looked)
        if universe != self.scope.universe:
            self.desk.follow(universe)
        self.scope = replace(self.scope, universe=universe, book=book)

    def _follow(self, spreads: tuple[Spread, ...], looked: tuple[str, ...]) -> None:
        universe = self.scope.universe.looking_at(spreads, looked)
        if universe != self.scope.universe:
            self.desk.follow(universe)
        self.scope = replace(self.scope, universe=universe, looked=looked)

    async def settled(self, timeout_s: float) -> bool:
        """Wait until every feed has given what it can for now and the studies follow; False where feeds took longer.

        Only feeds are timed: what they gave is worked out, however long that takes on a busy machine, since a board
        without it would be another board. The simulated market needs no time limit at all.
        """
        loop = asyncio.get_running_loop()
        ends = math.inf if self.scope.mode is Mode.DEMO else loop.time() + timeout_s
        while not (self.desk.settled() and self.own_positions.read):
            late = loop.time() - ends
            if late > _LONGEST_STUDY_S or (late > 0 and self.desk.studied()):
                return False
            await asyncio.sleep(SETTLE_POLL.total_seconds())
        return True


def prepare(
    loaded: Loaded,
    wish: Wish,
    scene: Scene | None = None,
    *,
    apart: bool = False,
    serves: bool = False,
    relieves: bool = False,
) -> Run:
    """A run in its scene, ready to open; touches no network. `apart` has studies made in a process of their own.

    Where the config names a hub the run is told by its server, unless it `serves` itself. One that `relieves` another
    on the same store puts nothing there, so that any thread may make it; it is for its desk, and the other one goes on
    to read what is held.
    """
    scene = scene or set_scene(loaded, wish)
    config, store, calendar = scene.config, scene.store, scene.scope.calendar
    written, loaded = loaded.config, msgspec.structs.replace(loaded, config=config)
    told = wish.mode is Mode.REPLAY
    followed = Followed(scene.scope.universe) if told else followed_by(config, scene.scope.universe)
    universe = followed.universe
    # sources of a past day are asked at the present: what they have now, cut at that day
    asking = SystemClock() if wish.mode is Mode.AS_OF else scene.clock
    feeds = () if told else roster(loaded, followed, Means(scene.state_folder, asking))
    given = Given(store, feeds, calendar, _cadence(config, wish), asking.now, scene.as_of)
    context = Context.of(given, followed)
    shelves = None if told or wish.mode is Mode.DEMO else scene.state_folder / "history"
    rules = rules_of(loaded)
    evaluator = (ToldEvaluator if told else Evaluator)(context, rules, scene.clock.now, _studying(config, apart=apart))
    desk = Desk(context, evaluator, shelves, scene.last_known, polls_quotes=wish.mode is not Mode.AS_OF)
    scope = replace(scene.scope, universe=universe)
    run = Run(
        config,
        store,
        scope,
        scene.clock,
        scene.state_folder,
        scene.first_start,
        scene.last_known,
        scene.as_of,
        desk=desk,
        rules=rules,
    )
    if not relieves and run.own_positions.go_by(config, loaded.folder):
        run.own_positions.first_look()
        desk.attend(FILES, run.own_positions.run)
    run.alerting.written = written
    run.alerting.way = config.network.proxy, path_in(config.network.ca_file, loaded.folder)
    if not serves and wish.mode is Mode.LIVE and any(feed.provider == HUB for feed in config.feeds):
        from rotation_tui.app.at_hub import follow_hub

        follow_hub(run, loaded)
    return run


def followed_by(config: Config, universe: Universe) -> Followed:
    """What a config has followed: its universe with what is only read by checks, series, funds."""
    wanted = needs.of_checks(config.risk.skip) | needs.of_claims(config.claims.skip) | needs.of_drivers()
    background = tuple(Instrument.of(s) for s in sorted(ids_of(Symbol, wanted)))
    papers, series = config.fundamentals, tuple(sorted(ids_of(SeriesId, wanted)))
    whole = dataclasses.replace(universe, background=background)
    return Followed(whole, series, funds=papers.funds, fundamentals=papers.on)


def rules_of(loaded: Loaded) -> Rules:
    """What the config and what lies beside it change of the checks."""
    risk = loaded.config.risk
    return Rules(
        frozenset(risk.skip),
        {check: (limits.watch, limits.alert) for check, limits in risk.thresholds.items()},
        risk.reconstitution,
        loaded.companies,
    )


def _studying(config: Config, *, apart: bool) -> Studying:
    """Who makes the studies, and audits the claims with the figures that the trader entered by hand."""
    consensus, skip = tuple(map(entry_of, config.consensus)), config.claims.skip
    if apart and sys.executable:
        return Apart(consensus, skip)
    return InThread(consensus, skip)


def _cadence(config: Config, wish: Wish) -> Cadence:
    if wish.mode is Mode.DEMO:
        return Cadence(_DEMO_POLL_S, _DEMO_POLL_S, _DEMO_POLL_S, speed=wish.demo_speed or 1.0)
    return Cadence(config.poll.open, config.poll.pre_post, config.poll.closed)
