"""A changed config, taken up while the monitor runs: made into what a start makes of it, and put in its place.

There is one way for every table: scope, universe, rules and feeds are made from the new config by the functions that
made the old ones. What differs is exchanged, so that a table which is new in the config is taken up as well.
"""

import asyncio
from typing import Protocol

from msgspec.structs import replace

from rotation_tui.app.fingerprint import earlier_fingerprints, fingerprint
from rotation_tui.app.link import Link
from rotation_tui.app.living import Read
from rotation_tui.app.own_positions import FILES
from rotation_tui.app.roster import path_in
from rotation_tui.app.scene import Scene, Wish, scope_of, wished
from rotation_tui.app.setup import Run, followed_by, prepare, rules_of
from rotation_tui.board.assemble import Scope
from rotation_tui.board.contract import Mode
from rotation_tui.config.changes import NEEDS_RESTART, changed, hub_of, opens_feeds_anew
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.config.universe import universe as universe_of
from rotation_tui.domain.results import Studies
from rotation_tui.domain.universe import Universe
from rotation_tui.store.last_known import LastKnown
from rotation_tui.theme.load import LoadedThemes

_MOST_NAMED = 4
STAYS = "what it said before stays"
WHERE = f"`rotation-tui config check` tells it whole; {STAYS}"


class Front(Protocol):
    """What is told of it, and what draws by it."""

    def use(self, link: Link, themes: LoadedThemes, before: Config) -> None:
        """Draw by what the config says now; `before` is what it said."""

    def muted_again(self) -> None:
        """Mute what the user has muted by key beside what the config mutes now."""

    def say(self, words: str) -> None:
        """Answer on the last line."""

    def refuse(self, words: str) -> None:
        """Say so that it is not missed that something is not taken up."""


class TakingUp:
    """Takes up what was read, one after the other; `loaded` is what the run was made from."""

    def __init__(self, run: Run, loaded: Loaded, wish: Wish, screen: Front) -> None:
        self._run = run
        self.loaded = loaded
        self._wish = wish
        self._screen = screen
        self._hub = hub_of(loaded.config)
        self._one_at_a_time = asyncio.Lock()
        self._own: frozenset[str] = frozenset()

    def expect(self, *tables: str) -> None:
        """Take the next change of these tables alone for the program's own, which has been answered already."""
        self._own = frozenset(tables)

    async def take(self, read: Read) -> None:
        """Take up what was read, or say why it is not."""
        async with self._one_at_a_time:
            if read.loaded is None or read.themes is None or read.link is None:
                await self._refused(read.why_not or "")
                return
            before, after = self.loaded, read.loaded
            keys = changed(before.config, after.config)
            if before.companies != after.companies:
                keys = (*keys, "map.toml")
            was = self._run.config
            if keys:
                await self._exchange(after, keys)
            self.loaded = after
            self._screen.use(read.link, read.themes, was)
            self._tell(keys, asked=read.asked)

    async def _refused(self, why_not: str) -> None:
        if self.loaded.path is not None:
            why_not = why_not.replace(f"{self.loaded.folder}/", "")  # long, and known to whoever has edited it
        self._run.warn(f"config not taken up: {why_not}")
        self._screen.refuse(f"{why_not}; {STAYS if 'config check' in why_not else WHERE}")

    def _tell(self, keys: tuple[str, ...], *, asked: bool) -> None:
        own, self._own = self._own, frozenset() if keys else self._own
        if keys and own.issuperset(key.partition(".")[0] for key in keys):
            return
        if not keys:
            if asked and not own:
                self._screen.say("the config says what it said before")
            return
        named = ", ".join(keys[:_MOST_NAMED]) + (f" and {len(keys) - _MOST_NAMED} more" * (len(keys) > _MOST_NAMED))
        told = f"config taken up: {named}"
        waiting = [key for key in keys if key in NEEDS_RESTART]
        if hub_of(self.loaded.config) != self._hub:
            waiting.append("the hub")
        if waiting:
            told += f"; {' and '.join(waiting)} from the next start on"
        self._run.warn(told)
        self._screen.say(told)

    async def _exchange(self, after: Loaded, keys: tuple[str, ...]) -> None:
        run, config = self._run, wished(after.config, self._wish)
        scope = self._scope(config)
        last_known = run.last_known
        if run.scope.mode is Mode.LIVE and last_known is not None:
            last_known = LastKnown(
                run.state_folder / "last_known.json", fingerprint(config), earlier_fingerprints(config)
            )
            last_known.beside = run.keep_headline
        if fingerprint(config) != fingerprint(run.config):
            scope = replace(scope, before=None)
        universe_before = run.scope.universe
        scene = Scene(config, run.store, scope, run.clock, run.state_folder, run.first_start, last_known, run.as_of)
        if opens_feeds_anew(keys):
            # a plugin is imported here, and files are looked for
            apart = run.desk.studying.apart
            new = await asyncio.to_thread(prepare, after, self._wish, scene, apart=apart, relieves=True)
            universe = self._looking(new.scope.universe)
            new.desk.follow(universe)
            run.desk.follow(universe)  # forgets what is followed no more
            new.desk.want_fundamentals(on=scope.fetches)
            old, run.desk, run.rules = run.desk, new.desk, new.rules
            relieved = new.desk.relieve(old)
        else:
            followed = followed_by(config, scope.universe)
            universe = self._looking(followed.universe)
            run.rules = rules_of(replace(after, config=config))
            run.desk.follow(universe, followed.series_ids)
            run.desk.go_by(run.rules, last_known, followed.funds)
            relieved = None
        run.config, run.last_known = config, last_known
        if _means_otherwise(universe_before, universe):
            run.store.put_studies(Studies())  # the studies of other pairs must not stand in these rows
            run.store.ask_for_studies()
        run.scope = replace(scope, universe=universe, looked=self._still_looked(universe))
        self._screen.muted_again()
        if relieved is not None:
            await relieved
        await self._positions(after)
        if run.hub is not None:
            run.hub.go_by(universe, run.scope.looked)
        run.alerting.written = after.config
        run.alerting.way = config.network.proxy, path_in(config.network.ca_file, after.folder)
        run.alerting.take_up()

    async def _positions(self, after: Loaded) -> None:
        """Have what the new config and its files hold."""
        own, watched = self._run.own_positions, bool(self._run.own_positions.files)
        if own.go_by(self._run.config, after.folder) or watched:
            if not watched:
                self._run.desk.attend(FILES, own.run)
            own.read = False
            await own.look()

    def _scope(self, config: Config) -> Scope:
        """The scope of now with all in which the new config differs from the old one."""
        run = self._run
        old, new = (scope_of(c, run.scope.calendar, run.scope.mode) for c in (run.config, config))
        differs = {
            name: getattr(new, name) for name in new.__struct_fields__ if getattr(new, name) != getattr(old, name)
        }
        universe = new.universe.holding(differs.get("book", run.scope.book).quantities)
        return replace(run.scope, **{**differs, "universe": universe})

    def _looking(self, universe: Universe) -> Universe:
        """With what was typed to be looked at, as far as the config does not have it now."""
        run = self._run
        by_config = {spread.id for spread in universe_of(run.config).spreads}
        ids = {spread.id for spread in universe.spreads}
        typed = tuple(s for s in run.scope.universe.spreads if s.id not in by_config and s.id not in ids)
        return universe.looking_at((*universe.spreads, *typed), run.scope.looked)

    def _still_looked(self, universe: Universe) -> tuple[str, ...]:
        visiting = {instrument.symbol for instrument in universe.visitors}
        self._run.kept = tuple(symbol for symbol in self._run.kept if symbol in visiting)
        return tuple(symbol for symbol in self._run.scope.looked if symbol in visiting)


def _means_otherwise(before: Universe, after: Universe) -> bool:
    """Whether a row that stays is about something else than before."""

    def rows(universe: Universe) -> dict[tuple[str, str], object]:
        plain = universe.own
        return {
            **{("ticker", row.id): row.symbol for row in plain.tickers},
            **{("spread", row.id): (row.small, row.large) for row in plain.spreads},
            **{("sector", row.id): (row.symbol, row.pair, row.side, row.benchmark) for row in plain.sectors},
        }

    old, new = rows(before), rows(after)
    return any(new[key] != meant for key, meant in old.items() if key in new)
