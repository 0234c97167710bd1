"""The alerts of one run: rules from the config and of the user's own making, watched at every revision."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.board.assemble import Assembler
from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.alert import Alert, Firing, RuleState
from rotation_tui.providers.base import Surroundings
from rotation_tui.store.kept import keep, read_kept

if TYPE_CHECKING:
    from rotation_tui.alerts.outbox import Channel, Outbox
    from rotation_tui.alerts.places import Known
    from rotation_tui.alerts.rules import Rule
    from rotation_tui.alerts.standing import Roll
    from rotation_tui.alerts.watch import Watch
    from rotation_tui.app.setup import Run

FORMAT = 1
OWN = "alerts.json"
_MOST_OWN = 500
_LONGEST_NAME = 60


class OwnAlerts(Struct, frozen=True):
    """Alerts that were made on the screen, as they are kept."""

    format: int = FORMAT
    alerts: tuple[Alert, ...] = ()


class Alerting:
    """Watches for the alerts of a run, once `begin` was called; without any nothing is watched and nothing is read.

    The book is on disk for a live board, and in memory for a demo, of which nothing is told outside the terminal.
    """

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._tell: Callable[[str], None] = run.warn
        self._heard: Callable[[Firing], None] = lambda _: None
        self._attended, self._begun = True, False
        self._told_of: dict[str, str] = {}
        self._unread: dict[str, str] = {}
        self.own: tuple[Alert, ...] = ()
        self.dropped = ""
        """The condition that was dropped last and can be offered again."""
        self.written = run.config
        """The config as it was read: a demo has other feeds, and its alerts are still about those."""
        self.way: tuple[str | None, Path | None] = (None, None)
        """The proxy and the file of certificates by which the outside is reached."""
        self.watch: Watch | None = None
        """What judges; None where there is no alert yet."""
        self._outbox: Outbox | None = None
        self._channels: Callable[[], Sequence[Channel]] = tuple
        self._on_terminal: Sequence[Channel] = ()
        self._outside: dict[str, tuple[object, Channel]] = {}

    @property
    def all(self) -> tuple[Alert, ...]:
        """The alerts of the config, then those of the user's own making."""
        return (*self._run.config.alerts, *self.own)

    def begin(
        self,
        channels: "Callable[[], Sequence[Channel]]",
        heard: Callable[[Firing], None] = lambda _: None,
        tell: Callable[[str], None] | None = None,
        *,
        attended: bool = True,
    ) -> None:
        """Watch from now on; `channels` are those that this program tells by, made once there is an alert.

        `heard` is called with each alert that comes true here, `tell` with what is to be said of alerts: without it
        that stands among the events. Where it is not `attended` nothing is done but by `once`.
        """
        if self._run.scope.mode in (Mode.AS_OF, Mode.REPLAY):
            return
        self._channels, self._heard, self._tell = channels, heard, tell or self._run.warn
        self._attended = attended
        self._begun = True
        self.recall()
        if self.all:
            self._start()
        else:
            self._run.store.put_alerts(())

    def say_to(self, tell: Callable[[str], None]) -> None:
        """Tell what is to be said of alerts to somebody else than the events."""
        self._tell = tell

    def discreet(self, firing: Firing, rule: "Rule") -> Firing:
        """What may be told of an alert: in private no amounts."""
        from rotation_tui.app.privacy import discreet_firing

        return discreet_firing(firing, rule.condition.place) if self._run.scope.private else firing

    def recall(self) -> None:
        """Take up the alerts that were made on the screen; a demo has none."""
        if self._run.scope.mode is Mode.LIVE:
            kept = read_kept(self._run.state_folder / OWN, OwnAlerts, version=FORMAT, tell=self._tell)
            self.own = () if kept is None else self._apart(kept.alerts)

    def show(self) -> None:
        """Have the board tell how alerts stand, once, for whoever prints it; nobody is told of any."""
        from rotation_tui.alerts.standing import Standings
        from rotation_tui.alerts.watch import Lookout, time_of
        from rotation_tui.store.alert_book import AlertBook, Book

        run = self._run
        if run.scope.mode is Mode.AS_OF:
            return
        self.recall()
        if not self.all:
            run.store.put_alerts(())
            return
        rules, board = self.rules(), run.board()
        book = AlertBook(run.state_folder).read() if run.scope.mode is Mode.LIVE else Book()
        lookout, moment, standing = Lookout(rules, book.rules), time_of(board), Standings(run.store.put_alerts)
        fired, _ = lookout.look(board, moment)
        lookout.take_back(fired, book.rules)
        standing.use(self._roll())
        standing.noted(book.told)
        standing.look(board, moment, lookout.rules, lookout.seen, ())

    def _apart(self, own: tuple[Alert, ...]) -> tuple[Alert, ...]:
        """Those of the user's own making; one whose name the config has too goes by another, and that is told."""
        taken, made = {alert.name for alert in self._run.config.alerts}, list[Alert]()
        for alert in own:
            name = alert.name
            for number in itertools.count(1):
                if name not in taken:
                    break
                end = " (own)" if number == 1 else f" (own {number})"
                name = f"{alert.name[: _LONGEST_NAME - len(end)]}{end}"
            if name != alert.name:
                self._tell(f'alert "{alert.name}" is in the config as well: the one made on the screen is now "{name}"')
            taken.add(name)
            made.append(replace(alert, name=name))
        return tuple(made)

    async def once(self) -> bool:
        """Judge the board of now and send what is due; whether all that came true has been sent."""
        assert self.watch is not None
        assert self._outbox is not None
        await self.watch.look()
        return await self._outbox.empty()

    async def close(self) -> None:
        """Write down what is not on disk yet, and give back what channels hold."""
        if self.watch is not None:
            await self.watch.close()
        if self._outbox is not None:
            await self._outbox.close()

    def add(self, alert: Alert) -> str | None:
        """Watch for one more from now on, and in later sessions; None where it is, else why not."""
        from rotation_tui.alerts.condition import ConditionFault
        from rotation_tui.alerts.rules import RuleFault, rule_of

        if any(alert.name == there.name for there in self.all):
            return f'there is an alert "{alert.name}" already'
        if len(self.own) >= _MOST_OWN:
            return f"{_MOST_OWN} alerts were made already; {self._run.state_folder / OWN} has them"
        try:
            rule_of(alert, self._known())
        except (ConditionFault, RuleFault) as fault:
            return str(fault)
        why_not = self._keep((*self.own, alert))
        self.dropped = "" if why_not is None and alert.when == self.dropped else self.dropped
        return why_not

    def drop(self, name: str) -> str | None:
        """Watch for an alert of the user's own making no more; None where it is gone, else why not."""
        left = tuple(alert for alert in self.own if alert.name != name)
        if left == self.own:
            of_config = any(alert.name == name for alert in self._run.config.alerts)
            return f'"{name}" is in the config, which is yours to change' if of_config else f'no alert "{name}"'
        gone = next(alert.when for alert in self.own if alert.name == name)
        why_not = self._keep(left)
        self.dropped = self.dropped if why_not else gone
        return why_not

    def state_of(self, name: str) -> RuleState:
        """What is remembered of an alert."""
        return RuleState() if self.watch is None else self.watch.state_of(name)

    def _keep(self, own: tuple[Alert, ...]) -> str | None:
        if self._run.scope.mode is Mode.LIVE:
            try:
                keep(self._run.state_folder / OWN, OwnAlerts(alerts=own))
            except OSError as fault:
                return f"it cannot be kept: {fault.strerror or fault}"
        self.own = own
        if self.watch is None:
            self._start()
        else:
            self.watch.use(self.rules(), self._roll())
        return None

    def _start(self) -> None:
        from rotation_tui.alerts.outbox import Outbox
        from rotation_tui.alerts.watch import Watch
        from rotation_tui.store.alert_book import AlertBook, MemoryBook

        run, assembler = self._run, Assembler()
        book = AlertBook(run.state_folder) if run.scope.mode is Mode.LIVE else MemoryBook()

        def board() -> Board:
            return assembler.board(run.store.snapshot(), replace(run.scope, private=False), run.clock.now())

        def moved() -> object:
            return run.store.revision, id(run.scope)

        rules = self.rules()
        self.watch = watch = Watch(rules, book, board, moved, self._tell, self._heard, stands=run.store.put_alerts,
                                    roll=self._roll(), told=self.discreet)  # fmt: skip
        self._on_terminal = self._channels()
        self._outbox = Outbox(book, self._ways(), self._tell, run.clock.now, watch.noted)
        if self._attended:
            run.desk.attend("alerts", self.watch.run)
            run.desk.attend("channels of alerts", self._outbox.run)

    def take_up(self) -> None:
        """Go by the config of now: its alerts, its channels, and the ids that a board has now."""
        self.own = self._apart(self.own)
        if self.watch is not None and self._outbox is not None:
            self.watch.use(self.rules(), self._roll())
            self._outbox.use(self._ways())
        elif self._begun and self.all:
            self._start()

    def _ways(self) -> "Sequence[Channel]":
        """The channels of the terminal and those of the config; one whose settings are as before is the same one."""
        run, found = self._run, self._run.config.channels if self._run.scope.mode is Mode.LIVE else {}
        made: dict[str, tuple[object, Channel]] = {}
        for name, settings in found.items():
            from rotation_tui.app.outlets import outside  # only who has channels needs them

            of = settings, self.way
            known = self._outside.get(name)
            if known is not None and known[0] == of:
                made[name] = known
            else:
                (channel,) = outside({name: settings}, Surroundings(None, run.state_folder, *self.way))
                made[name] = of, channel
        self._outside = made
        return (*self._on_terminal, *(channel for _, channel in made.values()))

    def rules(self) -> "list[Rule]":
        """All alerts as rules; one of the user's own making that cannot be read any more is told once, and rests."""
        from rotation_tui.alerts.condition import ConditionFault
        from rotation_tui.alerts.rules import RuleFault, rule_of

        made, known, self._unread = [], self._known(), {}
        for alert in self.all:
            try:
                made.append(rule_of(alert, known))
            except (ConditionFault, RuleFault) as fault:
                self._unread[alert.name] = str(fault)
                if self._told_of.get(alert.name) != str(fault):
                    self._told_of[alert.name] = str(fault)
                    self._tell(f"alert {alert.name} is not watched for: {fault}")
        return made

    def _roll(self) -> "Roll":
        """All alerts, as the rules were read last."""
        from rotation_tui.alerts.standing import Roll

        return Roll(self.all, frozenset(alert.name for alert in self.own), self._unread)

    def _known(self) -> "Known":
        """What a board of this run has, and what was typed to be looked at."""
        from rotation_tui.config.check import ids_of_board

        known = ids_of_board(self.written, judged=True)
        universe = self._run.scope.universe
        typed = {**known.ids, "spreads": tuple(s.id for s in universe.spreads), "looked": self._run.scope.looked,
                 "positions": tuple(held.id for held in self._run.scope.book.held)}  # fmt: skip
        return replace(known, ids=typed, lenient=True)
