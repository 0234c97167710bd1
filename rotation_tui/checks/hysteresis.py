"""When a check changes its level, and what would: it must persist to get worse, and clear a band to get better."""

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from msgspec import Struct

from rotation_tui.checks.base import Check, CheckKind
from rotation_tui.domain.reading import WORST_FIRST, Level, Turn

EXIT_BAND = 0.10
"""Share of the distance between both thresholds that a value must clear to leave a level."""

ROUNDING = 1e-9
"""Share of the thresholds by which a value may miss the exit band: what arithmetic leaves behind."""


class Step(Struct, frozen=True):
    """What one observation says: which levels it reaches, and which it has clearly left behind."""

    watch: bool
    alert: bool
    off_watch: bool
    off_alert: bool


Stepper = Callable[[float], Step]


class _Latch:
    """One level: on after `confirm` observations in a row that reach it, off after as many off it."""

    def __init__(self, confirm: int) -> None:
        self.on = False
        self._confirm = confirm
        self._reached = 0
        self._left = 0
        self._new = True

    def take(self, reached: bool, left: bool) -> None:
        self._reached = self._reached + 1 if reached else 0
        self._left = self._left + 1 if left else 0
        if self._new:
            self.on = reached
        elif self._reached >= self._confirm:
            self.on = True
        elif self._left >= self._confirm:
            self.on = False
        self._new = False


def run(steps: Iterable[Step | None], confirm: int) -> tuple[Level, ...]:
    """The level after each step. None is an unknown observation: UNKNOWN, and the counters stand still.

    A level is entered once `confirm` observations in a row reach it, and left once as many in a row are
    off it. The first known observation sets the level directly.
    """
    watch, alert = _Latch(confirm), _Latch(confirm)
    levels = []
    for step in steps:
        if step is None:
            levels.append(Level.UNKNOWN)
            continue
        watch.take(step.watch, step.off_watch)
        alert.take(step.alert, step.off_alert)
        levels.append(Level.ALERT if alert.on else Level.WATCH if watch.on else Level.OK)
    return tuple(levels)


def in_order(watch: float, alert: float, *, higher_is_worse: bool) -> bool:
    """Whether `alert` is worse than `watch`, without which nothing can be judged."""
    return alert > watch if higher_is_worse else alert < watch


def numeric(
    values: Sequence[float | None],
    watch: float,
    alert: float,
    *,
    higher_is_worse: bool = True,
    strict: bool = False,
    confirm: int = 2,
) -> tuple[Level, ...]:
    """The level after each value (METHODOLOGY.md#checks); ValueError where `alert` is not worse than `watch`."""
    step = stepper(watch, alert, higher_is_worse=higher_is_worse, strict=strict)
    return run((None if value is None else step(value) for value in values), confirm)


def stepper(watch: float, alert: float, *, higher_is_worse: bool = True, strict: bool = False) -> Stepper:
    """What says of a value which levels it reaches.

    A value reaches a level at or beyond its threshold (`strict`: only beyond it) and is off the level once
    it is better than the threshold by 10 % of the distance between both. ValueError where `alert` is not
    worse than `watch`.
    """
    sign = 1.0 if higher_is_worse else -1.0
    at_watch, at_alert = sign * watch, sign * alert
    if not in_order(watch, alert, higher_is_worse=higher_is_worse):
        raise ValueError(f"alert {alert:g} is not worse than watch {watch:g}")
    band = EXIT_BAND * (at_alert - at_watch)
    slack = ROUNDING * max(1.0, abs(watch), abs(alert))

    def step(value: float) -> Step:
        badness = sign * value
        return Step(
            watch=badness > at_watch if strict else badness >= at_watch,
            alert=badness > at_alert if strict else badness >= at_alert,
            off_watch=badness <= at_watch - band + slack,
            off_alert=badness <= at_alert - band + slack,
        )

    return step


def flagged(flags: Sequence[Level | None], *, confirm: int = 2) -> tuple[Level, ...]:
    """The level after each flag: the same counting, without a band, because a flag is on or off."""
    return run(map(flag_step, flags), confirm)


def flag_step(flag: Level | None) -> Step | None:
    """What a flag says; None where it is unknown."""
    if flag is None or flag is Level.UNKNOWN:
        return None
    watch, alert = flag is not Level.OK, flag is Level.ALERT
    return Step(watch=watch, alert=alert, off_watch=not watch, off_alert=not alert)


_BY_SEVERITY = WORST_FIRST[::-1]


def turns_of(check: Check, values: Sequence[float], level: Level) -> tuple[Turn, ...]:
    """Every other level of a numeric check, worse ones first, the nearest of either kind first.

    A worse level is entered at its threshold, a better one where the value is off the worse ones by the exit
    band, in both cases for `confirm` observations in a row (METHODOLOGY.md#checks). Empty for flags and information.
    """
    if check.kind is not CheckKind.NUMERIC or check.watch is None or check.alert is None or level is Level.UNKNOWN:
        return ()
    at, band = _BY_SEVERITY.index(level), EXIT_BAND * (check.alert - check.watch)
    entered = {Level.WATCH: check.watch, Level.ALERT: check.alert}
    left = {Level.WATCH: check.alert - band, Level.OK: check.watch - band}
    slack = ROUNDING * max(1.0, abs(check.watch), abs(check.alert))
    sign = 1.0 if check.higher_is_worse else -1.0
    reaches = operator.gt if check.strict else operator.ge

    def turn(other: Level, at: float, *, worse: bool) -> Turn:
        there = takewhile(
            lambda value: reaches(sign * value, sign * at) if worse else sign * value <= sign * at + slack,
            reversed(values),
        )
        count = sum(1 for _ in there)
        side = "above" if worse is check.higher_is_worse else "below"
        beyond = worse and check.strict
        return Turn(other, at, side, at - values[-1], max(1, check.confirm - count), count > 0, beyond)

    worse = [turn(other, entered[other], worse=True) for other in _BY_SEVERITY[at + 1 :]]
    better = [turn(other, left[other], worse=False) for other in reversed(_BY_SEVERITY[:at])]
    return (*worse, *better)
