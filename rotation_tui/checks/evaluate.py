"""From inputs to readings: every check, its level, and the level of its group."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from rotation_tui.checks import hysteresis
from rotation_tui.checks.base import GROUPS, LEAST_OWN, TEN_YEARS, Check, CheckKind, Inputs, no_feed
from rotation_tui.checks.hysteresis import turns_of
from rotation_tui.domain.inputs import Unfed, ids_of
from rotation_tui.domain.reading import (
    LINE_WIDTH,
    WORST_FIRST,
    Checklist,
    GroupReading,
    Level,
    Reading,
    Trail,
    summed_up,
)
from rotation_tui.domain.wording import signed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown

HISTORY = 252
"""Past values kept with a reading."""

LAST_GROUP = tuple(GROUPS)[-1]


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check that a module of this package lists in CHECKS, in the order of groups."""
    package = importlib.import_module("rotation_tui.checks")
    modules = [importlib.import_module(f"{package.__name__}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
    found = [check for module in modules for check in getattr(module, "CHECKS", ())]
    order = {group: place for place, group in enumerate(GROUPS)}
    return tuple(sorted(found, key=lambda check: order[check.group]))


def checks_but(skip: Collection[str]) -> tuple[Check, ...]:
    return tuple(check for check in all_checks() if check.id not in skip)


def evaluate(checks: Sequence[Check], inputs: Inputs, thresholds: Mapping[str, tuple[float, float]]) -> Checklist:
    """The checks group by group, without the groups that have none; never raises for what a check does.

    `thresholds` replaces (watch, alert) by check id.
    """
    groups: list[GroupReading] = []
    results: list[tuple[Check, Reading]] = []
    trails: dict[str, Trail] = {}
    informing = frozenset(check.id for check in checks if check.kind is CheckKind.INFO)
    for group, title in GROUPS.items():
        members = [check for check in checks if check.group == group]
        if not members:
            continue
        if group == LAST_GROUP:
            inputs = dataclasses.replace(inputs, results=tuple(results))
        answers = [read(check, inputs, thresholds.get(check.id)) for check in members]
        readings = tuple(answer.reading for answer in answers)
        trails |= {answer.reading.id: answer.trail for answer in answers if answer.trail is not None}
        results.extend(zip(members, readings, strict=True))
        level, line = summed_up(readings, informing)
        known = sum(reading.level is not Level.UNKNOWN for reading in readings)
        groups.append(GroupReading(group, title, level, readings, known, len(readings), line))
    return Checklist(tuple(groups), trails, informing)


class Answer(NamedTuple):
    """One check's reading, and its past where it has one."""

    reading: Reading
    trail: Trail | None = None


def read(check: Check, inputs: Inputs, changed: tuple[float, float] | None = None) -> Answer:
    """One check's reading; UNKNOWN with the reason where it is not fed, too old, or its code fails."""
    judged = check if changed is None else with_limits(check, changed)
    blank = blank_reading(judged, replaced=changed is not None and changed != (check.watch, check.alert))
    try:
        blank = replace(blank, inputs=tuple(inputs.newest(each) for each in check.inputs))
        if changed is not None and check.kind is not CheckKind.NUMERIC:
            raise ValueError("it has no thresholds to change")
        if check.series is no_feed:
            raise NotKnown(f"needs {' '.join(sorted(ids_of(Unfed, check.inputs)))}")
        line = judged.series(inputs)
        stale = freshness.overdue(line.dates[-1], inputs.today, line.limit, inputs.calendar)
        scale = line.own_deviation(TEN_YEARS, least=LEAST_OWN) if judged.own_deviations else None
        scaled = line if scale is None else line.over(scale)
        level, at_once = _levels(judged, scaled)[-1], _levels(judged, scaled.newest)[-1]
        why = judged.why(line.last, line.note)
        if scale is not None:
            why += f", {signed(scaled.last)} sd"
            blank, judged, scaled = _in_units(blank, judged, scaled, scale, len(line))
        why = _explained(why, level, at_once)
    except NotKnown as missing:
        return Answer(replace(blank, why=_because(str(missing), check, inputs)))
    except Exception as fault:  # a check's own fault must show in its row and take nothing else down
        return Answer(replace(blank, why=f"failed: {fault or type(fault).__name__}"))
    told = replace(
        blank,
        title=line.title or blank.title,
        beside=", ".join(filter(None, (line.beside, blank.beside))),
        as_of=line.dates[-1],
        source=" + ".join(line.sources),
    )
    trail = Trail(line.dates[-HISTORY:], line.values[-HISTORY:])
    if stale is not None:
        return Answer(replace(told, why=_because(stale, check, inputs)), trail)
    turns = turns_of(judged, scaled.values, level)
    return Answer(replace(told, level=level, value=line.last, why=why, turns=turns), trail)


def with_limits(check: Check, changed: tuple[float, float]) -> Check:
    """The check with (watch, alert) of a trader: in the unit of the value, whatever the check's own are in."""
    return replace(check, watch=changed[0], alert=changed[1], own_deviations=False)


def _in_units(blank: Reading, check: Check, scaled: Line, scale: Line, rows: int) -> tuple[Reading, Check, Line]:
    """Reading, check and line with limits of as many standard deviations as they are today, in the value's unit."""
    one = scale.last
    watch, alert = (None if limit is None else round(limit * one, 2) for limit in (check.watch, check.alert))
    beside = f"one standard deviation is {one:.2f} {check.unit}, of {min(rows, TEN_YEARS):,} sessions"
    told = replace(blank, watch=watch, alert=alert, deviations=scaled.last, beside=beside)
    return told, replace(check, watch=watch, alert=alert), scaled.scaled(one)


def _levels(check: Check, line: Line) -> tuple[Level, ...]:
    if check.kind is CheckKind.INFO:
        return (Level.OK,) * len(line)
    if check.kind is CheckKind.FLAG:
        if line.flags is None:
            raise ValueError("a flag without levels")
        return hysteresis.flagged(line.flags, confirm=check.confirm)
    if check.watch is None or check.alert is None:
        raise ValueError("a numeric check without thresholds")
    return hysteresis.numeric(
        line.values,
        check.watch,
        check.alert,
        higher_is_worse=check.higher_is_worse,
        strict=check.strict,
        confirm=check.confirm,
    )


def _because(why: str, check: Check, inputs: Inputs) -> str:
    """Why a check is UNKNOWN, with what the source of an input said where no feed gives it."""
    said = next((inputs.withheld[each.id] for each in check.inputs if each.id in inputs.withheld), None)
    return why if said is None else f"{why} ({said})"


def _explained(why: str, level: Level, at_once: Level) -> str:
    """The reason, and why the level is not the one that the value alone would have."""
    if level is at_once:
        return why
    worse = WORST_FIRST.index(level) < WORST_FIRST.index(at_once)
    told = f"{why}, {'held' if worse else 'unconfirmed'}"
    return told if len(told) <= LINE_WIDTH else why


def blank_reading(check: Check, *, replaced: bool) -> Reading:
    """The reading of a check of which nothing is known yet; `replaced` says that its limits are a trader's."""
    return Reading(
        id=check.id,
        title=check.title,
        level=Level.UNKNOWN,
        value=None,
        unit=check.unit,
        watch=None if check.own_deviations else check.watch,
        alert=None if check.own_deviations else check.alert,
        as_of=None,
        source=None,
        why="",
        formula=check.formula,
        threshold_source="config" if replaced else check.threshold_source,
        house_default=check.house_default and not replaced,
        thresholds_changed=replaced,
        higher_is_worse=check.higher_is_worse,
    )
