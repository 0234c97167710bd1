"""What the risk checks say: levels, one reading a check, and the level of a group; `results` hands them on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """What a check says."""

    OK = "OK"
    WATCH = "WATCH"
    ALERT = "ALERT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class InputReading:
    """A series or symbol that a check reads: its newest value as it was known, the date of it and who gave it.

    Value, date and source are None where nothing gives it; `stale` says its age where it is too old.
    """

    id: str
    value: float | None
    as_of: date | None
    source: str | None
    stale: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
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


@dataclass(frozen=True, slots=True)
class Reading:
    """One check's answer. `why` is one line with the number in it.

    `history` are past values, oldest first, `history_dates` their dates. `informs` marks a check that has no
    level of its own and no vote in its group. `deviations` is the value in standard deviations of its own past, for
    a check that is judged by these; `watch` and `alert` are then as many of them, in the unit of the value. `beside`
    is what else is told of the value where there is room.
    """

    id: str
    title: str
    group: str
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
    history: tuple[float, ...] = ()
    higher_is_worse: bool = True
    history_dates: tuple[date, ...] = ()
    inputs: tuple[InputReading, ...] = ()
    turns: tuple[Turn, ...] = ()
    informs: bool = False
    deviations: float | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class GroupReading:
    """A group of checks with the level that follows from them; `known` of `total` were fed."""

    id: str
    title: str
    level: Level
    known: int
    total: int
    line: str
    readings: tuple[Reading, ...]
