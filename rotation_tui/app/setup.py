"""The composition root without a screen: from options to a desk that fills the store of a scene."""

import asyncio
import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from msgspec.structs import replace

from rotation_tui.app.roster import Means, roster
from rotation_tui.app.scene import Scene, Wish, set_scene
from rotation_tui.board.contract import Mode
from rotation_tui.board.lines import parsed
from rotation_tui.checks import drivers
from rotation_tui.checks.base import Rules
from rotation_tui.checks.evaluate import inputs_needed
from rotation_tui.claims.audit import inputs_needed as claims_need
from rotation_tui.config.check import entry_of
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.clock import SystemClock
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.instrument import Instrument, unlike
from rotation_tui.domain.universe import Spread
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.context import Context
from rotation_tui.workers.desk import SETTLE_POLL, Desk
from rotation_tui.workers.evaluate import Evaluator
from rotation_tui.workers.given import Followed, Given

_DEMO_POLL_S = 2.0
_LONGEST_STUDY_S = 120.0
"""Seconds that a one-shot command gives the studies beyond the time of its feeds; they take one on a quiet machine."""


@dataclass(slots=True, kw_only=True)
class Run(Scene):
    """Everything of one run but the screen."""

    desk: Desk

    def follow(self, text: str) -> str | None:
        """Add the pair that was typed to the spreads; returns why not where that cannot be."""
        legs = parsed(text)
        if legs is None:
            return f'"{text}" is no pair: two symbols, as IWM/SPY'
        universe = self.scope.universe
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
        remaining = tuple(s for s in self.scope.universe.spreads if s.id != pair)
        changed = len(remaining) != len(self.scope.universe.spreads)
        self._set_spreads(remaining)
        return changed

    def resume(self, pairs: tuple[str, ...], muted: Mapping[str, date]) -> None:
        """Follow the pairs and mute the checks that were kept."""
        for pair in pairs:
            self.follow(pair)
        self.mute(muted)

    def _set_spreads(self, spreads: tuple[Spread, ...]) -> None:
        universe = dataclasses.replace(self.scope.universe, spreads=spreads)
        self.desk.follow(universe)
        self.scope = replace(self.scope, universe=universe)

    async def settled(self, timeout_s: float) -> bool:
        """Wait until every feed has given what it can for now and the studies follow; False where feeds took longer.

        Only feeds are timed: what they gave is worked out, however long that takes on a busy machine, since a board
        without it would be another board. The simulated market needs no time limit at all.
        """
        loop = asyncio.get_running_loop()
        ends = math.inf if self.scope.mode is Mode.DEMO else loop.time() + timeout_s
        while not self.desk.settled():
            late = loop.time() - ends
            if late > _LONGEST_STUDY_S or (late > 0 and self.desk.studied()):
                return False
            await asyncio.sleep(SETTLE_POLL.total_seconds())
        return True


def prepare(loaded: Loaded, wish: Wish, scene: Scene | None = None) -> Run:
    """A run in its scene, ready to open; touches no network."""
    scene = scene or set_scene(loaded, wish)
    config, store, calendar = scene.config, scene.store, scene.scope.calendar
    loaded = msgspec.structs.replace(loaded, config=config)
    wanted = inputs_needed(config.risk.skip) | claims_need(config.claims.skip) | drivers.inputs_needed()
    background = tuple(Instrument.of(s) for s in sorted(ids_of(Symbol, wanted)))
    universe = dataclasses.replace(scene.scope.universe, background=background)
    # sources of a past day are asked at the present: what they have now, cut at that day
    asking = SystemClock() if wish.mode is Mode.AS_OF else scene.clock
    followed = Followed(universe, tuple(sorted(ids_of(SeriesId, wanted))))
    feeds = roster(loaded, followed, Means(scene.state_folder, asking))
    given = Given(store, feeds, calendar, _cadence(config, wish), asking.now, scene.as_of)
    context = Context.of(given, followed)
    shelves = None if wish.mode is Mode.DEMO else scene.state_folder / "history"
    evaluator = Evaluator(context, rules_of(config), scene.clock.now, auditor_of(config))
    desk = Desk(context, evaluator, shelves, scene.last_known, polls_quotes=wish.mode is not Mode.AS_OF)
    scope = replace(scene.scope, universe=universe)
    return Run(
        config,
        store,
        scope,
        scene.clock,
        scene.state_folder,
        scene.first_start,
        scene.last_known,
        scene.as_of,
        desk=desk,
    )


def rules_of(config: Config) -> Rules:
    """What the config changes of the checks."""
    risk = config.risk
    return Rules(
        frozenset(risk.skip),
        {check: (limits.watch, limits.alert) for check, limits in risk.thresholds.items()},
        risk.reconstitution,
    )


def auditor_of(config: Config) -> Auditor:
    """The audit of the claims, with the figures that the trader entered by hand."""
    return Auditor(tuple(map(entry_of, config.consensus)), config.claims.skip)


def _cadence(config: Config, wish: Wish) -> Cadence:
    if wish.mode is Mode.DEMO:
        return Cadence(_DEMO_POLL_S, _DEMO_POLL_S, _DEMO_POLL_S, speed=wish.demo_speed or 1.0)
    return Cadence(config.poll.open, config.poll.pre_post, config.poll.closed)
