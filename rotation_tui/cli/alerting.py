"""The work of `rotation-tui alerts`."""

import asyncio
from collections.abc import Coroutine
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from rotation_tui.alerts.places import row_of
from rotation_tui.alerts.rules import Rule, shown
from rotation_tui.alerts.watch import Lookout, time_of
from rotation_tui.app.privacy import is_amount
from rotation_tui.cli.options import DemoOptions, Options
from rotation_tui.cli.output import complain, give, in_json, tell
from rotation_tui.domain.alert import Firing, RuleState
from rotation_tui.domain.wording import counted
from rotation_tui.store.alert_book import AlertBook

if TYPE_CHECKING:
    from rotation_tui.app.setup import Run

DONE, NONE, UNSENT, NO_SESSION = 0, 2, 3, 4
_MONTH = 21
_T = TypeVar("_T")


class Trial(msgspec.Struct, frozen=True):
    """Over which past sessions alerts are tried, and how that is told."""

    first: date | None
    last: date | None
    form: str
    demo: DemoOptions | None
    timeout_s: float


def checked(options: Options) -> int:
    """A line an alert; the exit code."""
    run = _run(options, None)
    complaints: list[str] = []
    rules = _rules(run, complaints)
    board, book = run.board(), AlertBook(run.state_folder).read()
    for rule in rules:
        where, alert = rule.condition.place, rule.alert
        hidden = run.scope.private and is_amount(where)
        value = "hidden" if hidden else shown(where.value(board, row_of(board, where.part, where.row)))
        told = book.rules.get(alert.name, RuleState()).fired_at
        last = "" if told is None else f"; told last {told:%Y-%m-%d %H:%M} UTC"
        tell(f"OK {alert.name}: {alert.when}, now {value}; to {', '.join(alert.to)}{last}")
    for sentence in complaints:
        complain(f"rotation-tui: {sentence}")
    return _none(run) if not rules and not complaints else NONE if complaints else DONE


def tried(options: Options, trial: Trial) -> int:
    """What the alerts would have told; the exit code."""
    return _to_the_end(_tried(options, trial))


def watched(options: Options, *, once: bool, timeout_s: float) -> int:
    """Watch until stopped, or once; the exit code."""
    return _to_the_end(_watched(options, once=once, timeout_s=timeout_s))


def _to_the_end(work: Coroutine[Any, Any, _T]) -> _T:
    async def run() -> _T:
        from rotation_tui.app.unwaited import Unwaited

        asyncio.get_running_loop().set_default_executor(Unwaited())
        return await work

    return asyncio.run(run())


async def _tried(options: Options, trial: Trial) -> int:
    run = _run(options, trial.demo)
    rules = [_by_day(rule) for rule in _rules(run)]
    if not rules:
        return _none(run)
    await run.desk.open()
    try:
        if not await run.settled(trial.timeout_s):
            complain(f"rotation-tui: not all feeds answered within {trial.timeout_s:g} s")
        days = _sessions(run, trial)
        if not days:
            complain("rotation-tui: there is no session to try them on")
            return NO_SESSION
        by_name = {rule.alert.name: rule for rule in rules}
        found = [run.alerting.discreet(f, by_name[f.alert]) for f in await told_on(run, rules, days)]
    finally:
        await run.desk.close()
    if trial.form == "json":
        give(in_json(msgspec.json.encode(found).decode()) + "\n")
        return DONE
    for firing in found:
        tell(f"{firing.at:%Y-%m-%d}  {firing.line}")
    silent = len(rules) - len({firing.alert for firing in found})
    span = f"{days[0]} to {days[-1]}"
    tell(f"{counted(len(found), 'alert')} in {counted(len(days), 'session')}, {span}; {counted(silent, 'rule')} silent")
    return DONE


async def told_on(run: "Run", rules: list[Rule], days: tuple[date, ...]) -> list[Firing]:
    """What rules tell of the boards of past sessions, one after the other."""
    from rotation_tui.app.past import past_board

    lookout, found, snapshot = Lookout(rules), list[Firing](), run.store.snapshot()
    run.desk.studying.hold(held=True)
    for day in days:
        board, _ = await past_board(run, snapshot, day)
        fired, _ = lookout.look(board, time_of(board))
        found += [firing for firing, _, _ in fired]
    return found


async def _watched(options: Options, *, once: bool, timeout_s: float) -> int:
    run = _run(options, None)

    def heard(firing: Firing) -> None:
        tell(f"{firing.at:%Y-%m-%d %H:%M:%S} UTC  {firing.line}")

    def said(sentence: str) -> None:
        complain(f"rotation-tui: {sentence}")

    await run.desk.open()
    try:
        if once and not await run.settled(timeout_s):
            complain(f"rotation-tui: not all feeds answered within {timeout_s:g} s")
        run.alerting.begin(tuple, heard, said, attended=not once)
        if not run.alerting.all:
            return _none(run)
        if once:
            return DONE if await run.alerting.once() else UNSENT
        complain(f"rotation-tui: watching for {counted(len(run.alerting.all), 'alert')}")
        await asyncio.Event().wait()  # until a signal ends the program
        return DONE
    finally:
        await run.desk.close()
        await run.alerting.close()


def _run(options: Options, demo: DemoOptions | None) -> "Run":
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import prepare

    wish = Wish(demo_seed=None if demo is None else demo.seed, demo_speed=None)
    return prepare(options.load(), wish, apart=True)


def _rules(run: "Run", complaints: list[str] | None = None) -> list[Rule]:
    def said(sentence: str) -> None:
        complain(f"rotation-tui: {sentence}") if complaints is None else complaints.append(sentence)

    run.alerting.say_to(said)
    run.alerting.recall()
    return run.alerting.rules()


def _none(run: "Run") -> int:
    from rotation_tui.config.schema import key_changes
    from rotation_tui.screens.keymap import NO_KEY, Keymap

    key = Keymap(key_changes(run.config)).shown("A")
    by_key = "" if key == NO_KEY else f", and the key {key} makes one"
    complain(f"rotation-tui: there is no alert; [[alerts]] in the config has them{by_key}")
    return NONE


def _by_day(rule: Rule) -> Rule:
    """The rule as it can be judged once a session: by nothing that asks for more than one board of it."""
    everywhen = msgspec.structs.replace(rule.alert, sessions=("PRE", "OPEN", "POST", "CLOSED"))
    return replace(rule, alert=everywhen, boards=0, minutes=timedelta(), quiet=None)


def _sessions(run: "Run", trial: Trial) -> tuple[date, ...]:
    calendar = run.scope.calendar
    newest = calendar.last_completed(run.clock.now())
    last = min(newest, newest if trial.last is None else trial.last)
    last = max(last, calendar.next(calendar.first))
    first = calendar.offset(last, -_MONTH) if trial.first is None else max(trial.first, calendar.next(calendar.first))
    return calendar.sessions(first, last)
