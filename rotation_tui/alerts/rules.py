"""Whether an alert comes true: pure functions of a value, of the moment, and of what a rule remembers.

A rule's kind is an entry of `RULES`. Those that hold for a while (`compare`, `is`, `unknown`) are told when they begin
to hold, and again after they have not held; those that are a step (`becomes`, `changes`, `crosses`) when it is made.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from rotation_tui.alerts.condition import Condition, hours_of, parsed, span_of
from rotation_tui.alerts.places import Known, Read
from rotation_tui.domain.alert import Alert, Firing, RuleState
from rotation_tui.domain.session import Phase

UNKNOWN_WORD = "UNKNOWN"
_MOST_ITEMS = 40
"""Longer lists of a row, as its short line, are not told with an alert."""


class RuleFault(ValueError):
    """An alert that cannot work: `key` is the one at fault, `marked` the condition with a mark where it is that."""

    def __init__(self, key: str, problem: str, marked: str = "") -> None:
        super().__init__(problem)
        self.key = key
        self.marked = marked


class Time(Struct, frozen=True):
    """When a board is judged: `at` in UTC, `local` the user's time of day; `new` where it was not judged before."""

    at: datetime
    local: time
    phase: Phase
    new: bool = True


class Tally(Struct, frozen=True):
    """How far a rule is on its way to be told, of this run alone.

    `held` counts the boards on which it held in a row, since `held_since`; `unknown_since` when its value was lost.
    """

    held: int = 0
    held_since: datetime | None = None
    unknown_since: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether time alone may move it on."""
        return self.held > 0 or self.unknown_since is not None


class RuleKind(Struct, frozen=True):
    """One kind of rule. `form` is how its condition is written, `holds` whether it does, None where that is unknown.

    `holds` gets the condition, the value, what was seen last and how long the value has been unknown. `over` tells of
    a kind that holds for a while when it no longer does, `seen` what a kind that is a step remembers of a value.
    """

    name: str
    form: str
    holds: Callable[[Condition, Read, Read, timedelta], bool | None]
    over: Callable[[Condition, Read, float | None], bool] | None = None
    seen: Callable[[Condition, Read], Read] | None = None
    words: Callable[[Condition, str], str] = lambda condition, value: f"{value} ({condition.text})"


class Rule(Struct, frozen=True):
    """An alert that has been read, ready to be judged."""

    alert: Alert
    condition: Condition
    kind: RuleKind
    rest: timedelta
    boards: int = 0
    minutes: timedelta = timedelta()
    quiet: tuple[time, time] | None = None

    def admits(self, moment: Time) -> bool:
        """Whether it may be told at this time of the day and of the market."""
        if moment.phase not in self.alert.sessions:
            return False
        if self.quiet is None:
            return True
        begin, end = self.quiet
        within = begin <= moment.local < end if begin < end else moment.local >= begin or moment.local < end
        return not within


def rule_of(alert: Alert, known: Known) -> Rule:
    """The alert as a rule; RuleFault, or ConditionFault where its condition cannot be read."""
    condition = parsed(alert.when, known)
    if alert.back is not None:
        _back(condition, alert.back)
    if not alert.sessions:
        raise RuleFault("sessions", "with no phase it is never told; allowed: PRE, OPEN, POST, CLOSED")
    boards, minutes = _confirmation(alert.confirm)
    rest = _told("rest", span_of, alert.rest) if alert.rest else timedelta()
    quiet = _told("quiet", hours_of, alert.quiet) if alert.quiet else None
    return Rule(alert, condition, RULES[condition.kind], rest, boards, minutes, quiet)


def step(
    rule: Rule, state: RuleState, progress: Tally, value: Read, moment: Time
) -> tuple[RuleState, Tally, str | None]:
    """What follows from a value: what is remembered, how far it is, and the words of the alert where it comes true."""
    if state.when != rule.alert.when:
        state, progress = RuleState(rule.alert.when), Tally()
    if state.spent:
        return state, progress, None
    condition, kind = rule.condition, rule.kind
    if value == UNKNOWN_WORD and condition.target != UNKNOWN_WORD:
        value = None
    unknown_since = None if value is not None else _no_later(progress.unknown_since, moment.at)
    lost = timedelta() if unknown_since is None else moment.at - unknown_since
    # only a rule that asks for it has to be looked at while its value is unknown
    waits_since = unknown_since if kind.name == "unknown" else None
    holds = kind.holds(condition, value, state.last, lost)
    if not holds:
        if holds is False:
            state = _seen(rule, state, value)
        return state, Tally(unknown_since=waits_since), None
    if not state.armed:
        return state, Tally(unknown_since=waits_since), None
    began = _no_later(progress.held_since, moment.at)
    progress = Tally(progress.held + (moment.new or not progress.held), began, waits_since)
    confirmed = progress.held >= rule.boards and moment.at - began >= rule.minutes
    if not confirmed or not rule.admits(moment) or _rests(rule, state, moment.at):
        return state, progress, None
    told = RuleState(
        rule.alert.when,
        armed=kind.over is None,
        last=state.last if kind.seen is None else kind.seen(condition, value),
        fired_at=moment.at,
        spent=rule.alert.repeat == "once",
        since=began,
    )
    return told, Tally(unknown_since=waits_since), kind.words(condition, shown(value))


def firing_of(rule: Rule, number: str, words: str, value: Read, row: object, at: datetime) -> Firing:
    """What is told of a rule that came true; `number` tells it from every other."""
    alert = rule.alert
    told = f"{rule.condition.place.path} {words}"
    return Firing(number, alert.name, at, told, alert.when, value, alert.note, alert.severity, alert.to, _plain(row))


def shown(value: Read) -> str:
    """A value in words."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.4g}"
    return value


def _seen(rule: Rule, state: RuleState, value: Read) -> RuleState:
    """What is remembered of a value that is known and of which the rule does not hold."""
    if rule.kind.seen is not None:
        seen = rule.kind.seen(rule.condition, value)
        return state if seen is None or seen == state.last else replace(state, last=seen)
    if state.armed or rule.kind.over is None or not rule.kind.over(rule.condition, value, rule.alert.back):
        return state
    return replace(state, armed=True)


def _rests(rule: Rule, state: RuleState, at: datetime) -> bool:
    # a clock that was put back would let it rest for ever
    return state.fired_at is not None and timedelta(0) <= at - state.fired_at < rule.rest


def _no_later(since: datetime | None, at: datetime) -> datetime:
    return at if since is None or since > at else since


def _confirmation(text: str) -> tuple[int, timedelta]:
    number, _, noun = text.strip().partition(" ")
    if noun.strip() in ("revision", "revisions") and number.isdigit():
        return int(number), timedelta()
    try:
        return 0, span_of(text) if text.strip() else timedelta()
    except ValueError:
        problem = f'"{text}" confirms nothing; allowed: a number of revisions or a time, as "3 revisions" or "2m"'
        raise RuleFault("confirm", problem) from None


def _told(key: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except ValueError as wrong:
        raise RuleFault(key, str(wrong)) from None


def _back(condition: Condition, back: float) -> None:
    if condition.kind != "compare" or not isinstance(condition.target, float):
        raise RuleFault("back", "is for conditions with > >= < <= alone")
    wrong = back > condition.target if condition.asks in (">", ">=") else back < condition.target
    if wrong:
        side = "above" if condition.asks in (">", ">=") else "below"
        raise RuleFault("back", f"{back:g} is {side} the limit {condition.target:g}, so that it could never come back")


def _plain(row: object) -> dict[str, Any]:
    plain = to_builtins(row)
    if not isinstance(plain, dict):
        return {}
    short = {key: not isinstance(value, list | tuple) or len(value) <= _MOST_ITEMS for key, value in plain.items()}
    return {key: value for key, value in plain.items() if short[key]}


_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">": float.__gt__,
    ">=": float.__ge__,
    "<": float.__lt__,
    "<=": float.__le__,
}


def _compares(condition: Condition, value: Read, _: Read, __: timedelta) -> bool | None:
    if not isinstance(value, float | int) or not isinstance(condition.target, float):
        return None
    return _COMPARE[condition.asks](float(value), condition.target)


def _came_back(condition: Condition, value: Read, back: float | None) -> bool:
    """Whether the value has come back as far as the rule wants; without a level of its own the limit is that."""
    if back is None or not isinstance(value, float | int):
        return value is not None
    return value <= back if condition.asks in (">", ">=") else value >= back


def _is(condition: Condition, value: Read, _: Read, __: timedelta) -> bool | None:
    if value is None:
        return None
    return (value == condition.target) is (condition.asks == "is")


def _becomes(condition: Condition, value: Read, last: Read, _: timedelta) -> bool | None:
    if value is None:
        return None
    return last is not None and last != value and value == condition.target


def _changes(_: Condition, value: Read, last: Read, __: timedelta) -> bool | None:
    return None if value is None else last is not None and last != value


def _side(condition: Condition, value: Read) -> Read:
    """On which side of the limit a value lies; on the limit itself it is on none yet."""
    if not isinstance(value, float | int) or not isinstance(condition.target, float) or value == condition.target:
        return None
    return "above" if value > condition.target else "below"


def _crosses(condition: Condition, value: Read, last: Read, _: timedelta) -> bool | None:
    side = _side(condition, value)
    return None if side is None else last is not None and side != last and condition.asks in ("", side)


def _unknown(condition: Condition, value: Read, _: Read, lost: timedelta) -> bool | None:
    return value is None and lost >= condition.span


RULES: Mapping[str, RuleKind] = {
    kind.name: kind
    for kind in (
        RuleKind("compare", "NUMBER > LIMIT, likewise >= < <=", _compares, over=_came_back),
        RuleKind("is", "WORD is WORD, is not, = and !=; YES-OR-NO alone, or behind not", _is,
             over=lambda _, value, __: value is not None, words=lambda _, value: f"is {value}"),
        RuleKind("becomes", "WORD becomes WORD", _becomes, seen=lambda _, value: value,
             words=lambda _, value: f"has become {value}"),
        RuleKind("changes", "VALUE changes", _changes, seen=lambda _, value: value,
             words=lambda _, value: f"has changed to {value}"),
        RuleKind("crosses", "NUMBER crosses LIMIT, likewise crosses above, crosses below", _crosses, seen=_side),
        RuleKind("unknown", "VALUE unknown for TIME", _unknown, over=lambda _, value, __: value is not None,
             words=lambda condition, _: f"has been unknown for {_in_words(condition.span)}"),
    )
}  # fmt: skip
"""Every kind of rule by its name; `alerts.condition` makes them of text."""


def _in_words(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {word}"
    return f"{seconds} s"
