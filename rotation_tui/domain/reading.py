"""What the risk checks say: levels, one reading a check, and the level and line of a group that follow from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from rotation_tui.domain.packed import pack, pack_days
from rotation_tui.domain.wording import clipped

LINE_WIDTH = 34
"""Characters that a group's line may have."""


class Level(StrEnum):
    """What a check says."""

    OK = "OK"
    WATCH = "WATCH"
    ALERT = "ALERT"
    UNKNOWN = "UNKNOWN"


class InputReading(Struct, frozen=True):
    """A series or symbol that a check reads: its newest value as it was known, the date of it and who gave it.

    Value, date and source are None where nothing gives it; `stale` says its age where it is too old.
    """

    id: str
    value: float | None
    as_of: date | None
    source: str | None
    stale: str | None = None


class Turn(Struct, frozen=True):
    """What would change a check to `level`: a value at `at` or on its `side` for `more` further observations.

    `away` is how far the value has to go, `at` less the value. `reached` says that the newest value is there
    and only has not been so often enough. `beyond` says that a value of exactly `at` is not enough.
    """

    level: Level
    at: float
    side: str
    away: float
    more: int
    reached: bool = False
    beyond: bool = False


class Reading(Struct, frozen=True):
    """One check's answer. `why` is one line with the number in it.

    `inputs` are what it reads, `turns` what would change its level, empty for a flag. `deviations` is the value in
    standard deviations of its own past, for a check that is judged by these; `watch` and `alert` are then as many of
    them, in the unit of the value. `beside` is what else is told of the value where there is room.
    """

    id: str
    title: str
    level: Level
    value: float | None
    unit: str
    watch: float | None
    alert: float | None
    as_of: date | None
    source: str | None
    why: str
    formula: str = ""
    threshold_source: str = ""
    house_default: bool = False
    thresholds_changed: bool = False
    muted_until: date | None = None
    higher_is_worse: bool = True
    inputs: tuple[InputReading, ...] = ()
    turns: tuple[Turn, ...] = ()
    deviations: float | None = None
    beside: str = ""


class GroupReading(Struct, frozen=True):
    """A group of checks with the level that follows from them; `known` of `total` were fed."""

    id: str
    title: str
    level: Level
    checks: tuple[Reading, ...]
    known: int = 0
    total: int = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """The past of a check: values by date, oldest first, both columns equally long."""

    dates: tuple[date, ...]
    values: tuple[float, ...]


pack_days(Trail, "dates")
pack(Trail, "values")


class Checklist(Struct, frozen=True):
    """All groups as the checks make them, and what stands beside the readings, by the id of a check.

    `trails` has the past of each check that has one, `informing` are those that have no vote in their group.
    """

    groups: tuple[GroupReading, ...] = ()
    trails: Mapping[str, Trail] = field(default_factory=dict)
    informing: frozenset[str] = frozenset()


WORST_FIRST = (Level.ALERT, Level.WATCH, Level.OK)


def group_level(levels: Sequence[Level]) -> Level:
    """Level of a group from those of its checks, UNKNOWN ones not counted (METHODOLOGY.md#groups)."""
    known = [level for level in levels if level is not Level.UNKNOWN]
    if not known:
        return Level.UNKNOWN
    alerts = known.count(Level.ALERT)
    if alerts >= 2 or (alerts == 1 and len(known) <= 2):
        return Level.ALERT
    worse_than_ok = alerts + known.count(Level.WATCH)
    return Level.WATCH if alerts or 2 * worse_than_ok >= len(known) else Level.OK


def summed_up(readings: Sequence[Reading], informing: Collection[str] = ()) -> tuple[Level, str]:
    """Level and line of a group that consists of these readings, of which `informing` ones have no vote.

    The line is why of its worst reading, the first of its kind because headlines come first. A group that is OK is
    told by a reading that is, with the count of those that are not.
    """
    level = group_level([reading.level for reading in readings if reading.id not in informing])
    voting = [reading for reading in readings if reading.id not in informing] or list(readings)
    if level is not Level.OK:
        worst = (reading for of in WORST_FIRST for reading in voting if reading.level is of)
        return level, clipped(next(worst, voting[0]).why, LINE_WIDTH)
    calm = [reading.why for reading in voting if reading.level is Level.OK]
    known = [reading for reading in voting if reading.level is not Level.UNKNOWN]
    loud = sum(reading.level is not Level.OK for reading in known)
    more = f", {loud}/{len(known)} watch" if loud else ""
    room = LINE_WIDTH - 1 - len(more) if more else LINE_WIDTH  # half an overview has a column less
    return level, clipped(next((why for why in calm if len(why) <= room), calm[0]), room) + more
