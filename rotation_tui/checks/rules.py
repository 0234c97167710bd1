"""What a trader changed about the checklist: checks left out, muted, with other thresholds, or by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from rotation_tui.domain.results import GroupReading, Level, Reading
from rotation_tui.domain.wording import clipped

MANUAL = "M"
"""Id of the group of manual checks; it stands last and is no part of any computed level."""


@dataclass(frozen=True, slots=True)
class ManualCheck:
    """A line that a trader wrote: it counts until its date, then it is UNKNOWN and asks to be looked at."""

    text: str
    level: Level
    until: date


@dataclass(frozen=True, slots=True)
class Rules:
    """The config's `[risk]` table: `thresholds` are (watch, alert) by check id, `mute` maps an id to a date,
    `reconstitutions` are the days on which indexes are made anew.
    """

    skip: frozenset[str] = frozenset()
    thresholds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    mute: Mapping[str, date] = field(default_factory=dict)
    manual: tuple[ManualCheck, ...] = ()
    reconstitutions: tuple[date, ...] = ()

    def also_muting(self, more: Mapping[str, date]) -> "Rules":
        """The same rules with more checks muted; the later date counts where a check is muted twice."""
        both = {check: max(self.mute.get(check, until), until) for check, until in more.items()}
        return replace(self, mute={**self.mute, **both}) if more else self


def muted(groups: tuple[GroupReading, ...], mute: Mapping[str, date], today: date) -> tuple[GroupReading, ...]:
    """The groups with muted checks marked; a muted check keeps its level and neither raises its group nor speaks
    for it.
    """
    from rotation_tui.checks.evaluate import LINE_WIDTH, group_level, telling

    def marked(group: GroupReading) -> GroupReading:
        until = {r.id: mute[r.id] for r in group.readings if r.id in mute and mute[r.id] >= today}
        if not until:
            return group
        readings = tuple(replace(r, muted_until=until.get(r.id)) for r in group.readings)
        heard = [r for r in readings if r.muted_until is None]
        level = group_level([r.level for r in heard if not r.informs])
        line = telling(heard, level) if heard else clipped(f"all muted: {readings[0].why}", LINE_WIDTH)
        return replace(group, readings=readings, level=level, line=line)

    return tuple(marked(group) for group in groups)


def with_manual(
    groups: tuple[GroupReading, ...], manual: tuple[ManualCheck, ...], today: date
) -> tuple[GroupReading, ...]:
    """The groups, and one of the manual checks behind them."""
    from rotation_tui.checks.evaluate import group_level, telling

    if not manual:
        return groups
    readings = tuple(_reading(number, check, today) for number, check in enumerate(manual, 1))
    known = [r.level for r in readings if r.level is not Level.UNKNOWN]
    level = group_level(known)
    group = GroupReading(MANUAL, "By hand", level, len(known), len(readings), telling(readings, level), readings)
    return (*groups, group)


def _reading(number: int, check: ManualCheck, today: date) -> Reading:
    past = today > check.until
    return Reading(
        id=f"{MANUAL}{number}",
        title=check.text,
        group=MANUAL,
        level=Level.UNKNOWN if past else check.level,
        value=None,
        unit="",
        watch=None,
        alert=None,
        as_of=check.until,
        source="by hand",
        why=f"was set until {check.until}" if past else f"{check.text}, until {check.until}",
        formula="set by hand in the config",
        threshold_source="by hand",
    )
