"""What would change a check's level: the thresholds it is near, and how many observations are still wanting."""

from collections.abc import Callable, Sequence
from itertools import takewhile

from rotation_tui.checks.base import Check, Kind
from rotation_tui.checks.hysteresis import EXIT_BAND, ROUNDING
from rotation_tui.domain.results import Level, Turn

_BY_SEVERITY = (Level.OK, Level.WATCH, Level.ALERT)


def turns_of(check: Check, values: Sequence[float], level: Level) -> tuple[Turn, ...]:
    """Every other level of a numeric check, worse ones first, the nearest of either kind first.

    A worse level is entered at its threshold, a better one where the value is off the worse ones by the exit
    band, in both cases for `confirm` observations in a row (METHODOLOGY.md#checks). Empty for flags and information.
    """
    if check.kind is not Kind.NUMERIC or check.watch is None or check.alert is None or level is Level.UNKNOWN:
        return ()
    at = _BY_SEVERITY.index(level)
    entered = {Level.WATCH: check.watch, Level.ALERT: check.alert}
    worse = [_worse(check, values, other, entered[other]) for other in _BY_SEVERITY[at + 1 :]]
    band = EXIT_BAND * (check.alert - check.watch)
    left = {Level.WATCH: check.alert - band, Level.OK: check.watch - band}
    slack = ROUNDING * max(1.0, abs(check.watch), abs(check.alert))
    better = [_better(check, values, other, left[other], slack) for other in reversed(_BY_SEVERITY[:at])]
    return (*worse, *better)


def _worse(check: Check, values: Sequence[float], level: Level, at: float) -> Turn:
    sign = 1.0 if check.higher_is_worse else -1.0

    def reached(value: float) -> bool:
        return sign * value > sign * at if check.strict else sign * value >= sign * at

    return _turn(check, values, level, at, reached, up=check.higher_is_worse, beyond=check.strict)


def _better(check: Check, values: Sequence[float], level: Level, at: float, slack: float) -> Turn:
    sign = 1.0 if check.higher_is_worse else -1.0
    return _turn(check, values, level, at, lambda v: sign * v <= sign * at + slack, up=not check.higher_is_worse)


def _turn(
    check: Check,
    values: Sequence[float],
    level: Level,
    at: float,
    reached: Callable[[float], bool],
    *,
    up: bool,
    beyond: bool = False,
) -> Turn:
    there = sum(1 for _ in takewhile(reached, reversed(values)))
    more = max(1, check.confirm - there)
    return Turn(level, at, "above" if up else "below", at - values[-1], more, there > 0, beyond)
