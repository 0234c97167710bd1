"""Levels of all checks over many sessions at once, each as `evaluate` says it on that day alone.

What the line of a check leaves open on a session is read by itself, which takes as long as it does on the board.
"""

import dataclasses
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from msgspec.structs import replace

from rotation_tui.checks import hysteresis
from rotation_tui.checks.base import GROUPS, LEAST_OWN, TEN_YEARS, Check, CheckKind, Inputs
from rotation_tui.checks.evaluate import LAST_GROUP, blank_reading, checks_but, read, with_limits
from rotation_tui.checks.hysteresis import Step
from rotation_tui.checks.whole import UNCLEAR, UNKNOWN, Stretch, Whole
from rotation_tui.domain.reading import Checklist, GroupReading, Level, Reading, group_level
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line

_LEAST_SPREAD = 1e-18
"""A variance of a line's own past below which it may be none at all."""
_EVERY = (Level.OK, Level.WATCH, Level.ALERT, Level.UNKNOWN)


class Rolling:
    """Checklists of `days`, ascending sessions; `as_of` is the last session with a close by each of them.

    `inputs` are those of the last one. Readings have a level and no words.
    """

    def __init__(
        self,
        inputs: Inputs,
        skip: Collection[str],
        thresholds: Mapping[str, tuple[float, float]],
        days: Sequence[date],
        as_of: Sequence[date],
    ) -> None:
        self._thresholds = thresholds
        self._days = days
        self._checks = checks_but(skip)
        self._informing = frozenset(check.id for check in self._checks if check.kind is CheckKind.INFO)
        self._told = {check.id: _readings(check) for check in self._checks}
        self._whole = Whole(inputs, days, as_of)
        rolls = (check for check in self._checks if check.group != LAST_GROUP)
        self._rolled = {check.id: _Rolled.of(check, self._whole, thresholds.get(check.id)) for check in rolls}

    def at(self, number: int) -> Checklist:
        """The checklist of one of the days, by its place among them."""
        past = self._whole.past(number)
        groups: list[GroupReading] = []
        results: list[tuple[Check, Reading]] = []
        for group, title in GROUPS.items():
            members = [check for check in self._checks if check.group == group]
            if not members:
                continue
            readings = tuple(self._reading(check, number, past, tuple(results)) for check in members)
            results += zip(members, readings, strict=True)
            level = group_level([each.level for each in readings if each.id not in self._informing])
            known = sum(each.level is not Level.UNKNOWN for each in readings)
            groups.append(GroupReading(group, title, level, readings, known, len(readings)))
        return Checklist(tuple(groups), informing=self._informing)

    def _reading(self, check: Check, number: int, past: Inputs, results: tuple[tuple[Check, Reading], ...]) -> Reading:
        rolled = self._rolled.get(check.id)
        level = None if rolled is None else rolled.level(number, self._days[number])
        if level is None:
            given = dataclasses.replace(past, results=results) if check.group == LAST_GROUP else past
            level = read(check, given, self._thresholds.get(check.id)).reading.level
        return self._told[check.id][level]


def _readings(check: Check) -> dict[Level, Reading]:
    blank = blank_reading(check, replaced=False)
    return {level: replace(blank, level=level) for level in _EVERY}


@dataclass(frozen=True, slots=True)
class _Latched:
    """One level along a line: whether it is on after each row, and the first row of those that decided it.

    -1 where no rows in a row have decided it yet; then the first row of the line does.
    """

    reached: Sequence[bool]
    on: Sequence[bool]
    since: Sequence[int]

    @classmethod
    def of(cls, reached: Sequence[bool], left: Sequence[bool], confirm: int) -> "_Latched":
        on, since = list[bool](), list[int]()
        state, begun, there, off = False, -1, 0, 0
        for row, (is_reached, is_left) in enumerate(zip(reached, left, strict=True)):
            there, off = there + 1 if is_reached else 0, off + 1 if is_left else 0
            if there >= confirm or off >= confirm:
                state, begun = there >= confirm, row - confirm + 1
            on.append(state)
            since.append(begun)
        return cls(reached, on, since)

    def at(self, row: int, start: int, sure: int) -> bool | None:
        """Whether the level is on at a row of the line that begins at `start`, None where that is not certain."""
        if self.since[row] >= sure:
            return self.on[row]
        return self.reached[start] if start == sure else None


class _Rolled:
    """One check over all sessions."""

    def __init__(self, check: Check, whole: Whole, stretches: Sequence[Stretch]) -> None:
        self._check = check
        self._calendar = whole.inputs.calendar
        self._stretches = [(stretch, _judge(check, stretch.line)) for stretch in stretches]

    @classmethod
    def of(cls, check: Check, whole: Whole, changed: tuple[float, float] | None) -> "_Rolled | None":
        """None where the check has to be read by itself on every session: its code fails, or its limits do not fit."""
        if changed is not None and check.kind is not CheckKind.NUMERIC:
            return None
        judged = check if changed is None else with_limits(check, changed)
        try:
            return cls(judged, whole, whole.stretches(judged.series))
        except Exception:  # a check's own fault is told of each session by itself
            return None

    def level(self, number: int, day: date) -> Level | None:
        """The level on a session, None where it has to be read by itself."""
        for stretch, judge in self._stretches:
            if (count := stretch.counts[number]) is not None:
                if count == UNKNOWN:
                    return Level.UNKNOWN
                if count == UNCLEAR or judge is None or (line := stretch.line) is None:
                    return None
                newest = line.dates[count - 1]
                if newest < day and freshness.overdue(newest, day, line.limit, self._calendar) is not None:
                    return Level.UNKNOWN
                return judge.level(count - 1, stretch.starts[number], stretch.sure[number])
        return None


class _Judge:
    """Levels along a line whose limits stand."""

    def __init__(self, steps: Sequence[Step], confirm: int) -> None:
        self._watch = _Latched.of([s.watch for s in steps], [s.off_watch for s in steps], confirm)
        self._alert = _Latched.of([s.alert for s in steps], [s.off_alert for s in steps], confirm)

    def level(self, row: int, start: int, sure: int) -> Level | None:
        watch, alert = (latch.at(row, start, sure) for latch in (self._watch, self._alert))
        return None if watch is None or alert is None else _worst(watch=watch, alert=alert)


class _OwnJudge:
    """Levels along a line that is measured by its own past, which begins with the rows of that day.

    So each session has limits of its own for all the rows before it: they are looked at from the newest one on, until
    enough of them in a row have decided.
    """

    def __init__(self, check: Check, line: Line) -> None:
        assert check.watch is not None
        assert check.alert is not None
        self._step = hysteresis.stepper(
            check.watch, check.alert, higher_is_worse=check.higher_is_worse, strict=check.strict
        )
        self._confirm = check.confirm
        self._values = line.values
        centre = math.fsum(line.values) / len(line)
        away = [value - centre for value in line.values]
        self._sums = [0.0, *accumulate(away)]
        self._squares = [0.0, *accumulate(each * each for each in away)]

    def level(self, row: int, start: int, sure: int) -> Level | None:
        if start != sure:
            return None
        first = start + LEAST_OWN - 1
        if row < first:
            return Level.UNKNOWN
        found: list[bool] = []
        for alert in (False, True):
            on = self._latched(row, start, first, alert=alert)
            if on is None:
                return None
            found.append(on)
        return _worst(watch=found[0], alert=found[1])

    def _latched(self, row: int, start: int, first: int, *, alert: bool) -> bool | None:
        there = off = 0
        for at in range(row, first - 1, -1):
            step = self._at(at, start)
            if step is None:
                return None
            there = there + 1 if (step.alert if alert else step.watch) else 0
            off = off + 1 if (step.off_alert if alert else step.off_watch) else 0
            if there >= self._confirm or off >= self._confirm:
                return there >= self._confirm
        step = self._at(first, start)
        return None if step is None else (step.alert if alert else step.watch)

    def _at(self, row: int, start: int) -> Step | None:
        begin = max(start, row + 1 - TEN_YEARS)
        count, total = row + 1 - begin, self._sums[row + 1] - self._sums[begin]
        spread = (self._squares[row + 1] - self._squares[begin] - total * total / count) / (count - 1)
        return None if spread < _LEAST_SPREAD else self._step(self._values[row] / math.sqrt(spread))


class _Told:
    """Information, which has no levels."""

    def level(self, _row: int, _start: int, _sure: int) -> Level:
        return Level.OK


def _judge(check: Check, line: Line | None) -> "_Judge | _OwnJudge | _Told | None":
    """What tells the levels of a check along its line, None where each session has to be read by itself."""
    if line is None:
        return None
    if check.kind is CheckKind.INFO:
        return _Told()
    if check.own_deviations:
        return _OwnJudge(check, line)
    steps = list(_steps(check, line))
    known = [step for step in steps if step is not None]
    return _Judge(known, check.confirm) if len(known) == len(steps) else None


def _steps(check: Check, line: Line) -> Iterator[Step | None]:
    if check.kind is CheckKind.FLAG:
        return map(hysteresis.flag_step, line.flags or [None])
    assert check.watch is not None
    assert check.alert is not None
    step = hysteresis.stepper(check.watch, check.alert, higher_is_worse=check.higher_is_worse, strict=check.strict)
    return map(step, line.values)


def _worst(*, watch: bool, alert: bool) -> Level:
    return Level.ALERT if alert else Level.WATCH if watch else Level.OK
