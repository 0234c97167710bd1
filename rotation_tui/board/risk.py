"""What a trader says about the checklist, on the board alone: checks that are muted, and checks by hand."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.reading import LINE_WIDTH, Checklist, GroupReading, Level, Reading, summed_up
from rotation_tui.domain.wording import clipped

MANUAL = "M"
"""Id of the group of manual checks; it stands last and is no part of any computed level."""


class ManualCheck(Struct, frozen=True):
    """A line that a trader wrote: it counts until its date, then it is UNKNOWN and asks to be looked at."""

    text: str
    level: Level
    until: date


def muted(checklist: Checklist, mute: Mapping[str, date], today: date) -> Checklist:
    """The checklist with those checks marked that are muted; such a one keeps its level and neither raises its group
    nor speaks for it.
    """

    def marked(group: GroupReading) -> GroupReading:
        until = {c.id: mute[c.id] for c in group.checks if c.id in mute and mute[c.id] >= today}
        if not until:
            return group
        checks = tuple(replace(c, muted_until=until.get(c.id)) for c in group.checks)
        heard = [c for c in checks if c.muted_until is None]
        level, line = (
            summed_up(heard, checklist.informing)
            if heard
            else (Level.UNKNOWN, clipped(f"all muted: {checks[0].why}", LINE_WIDTH))
        )
        return replace(group, checks=checks, level=level, line=line)

    return replace(checklist, groups=tuple(map(marked, checklist.groups)))


def by_hand(manual: tuple[ManualCheck, ...], today: date) -> tuple[GroupReading, ...]:
    """The group of the manual checks, where there are any."""
    if not manual:
        return ()
    checks = tuple(_reading(number, check, today) for number, check in enumerate(manual, 1))
    level, line = summed_up(checks)
    known = sum(check.level is not Level.UNKNOWN for check in checks)
    return (GroupReading(MANUAL, "By hand", level, checks, known, len(checks), line),)


def _reading(number: int, check: ManualCheck, today: date) -> Reading:
    past = today > check.until
    return Reading(
        id=f"{MANUAL}{number}",
        title=check.text,
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
