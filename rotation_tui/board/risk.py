"""The board's rows of the risk checklist; `contract` hands them on."""

from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.results import Level


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One risk check."""

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


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One group of checks."""

    id: str
    title: str
    level: Level
    checks: tuple[CheckRow, ...]
    known: int = 0
    total: int = 0
    line: str = ""
