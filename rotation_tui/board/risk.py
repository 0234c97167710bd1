"""The board's rows of the risk checklist; `contract` hands them on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.results import GroupReading, InputReading, Level, Reading, Turn


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One risk check. `inputs` are what it reads, `turns` what would change its level, empty for a flag.

    `deviations` is the value in standard deviations of its own past for a check that is judged by these, and
    `beside` what else is told of the value.
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


def risk_rows(groups: Sequence[GroupReading]) -> tuple[RiskRow, ...]:
    """A row a group, with a row a check."""
    return tuple(
        RiskRow(g.id, g.title, g.level, tuple(map(_check_row, g.readings)), g.known, g.total, g.line) for g in groups
    )


def _check_row(reading: Reading) -> CheckRow:
    return CheckRow(
        id=reading.id,
        title=reading.title,
        level=reading.level,
        value=reading.value,
        unit=reading.unit,
        watch=reading.watch,
        alert=reading.alert,
        as_of=reading.as_of,
        source=reading.source,
        why=reading.why,
        formula=reading.formula,
        threshold_source=reading.threshold_source,
        house_default=reading.house_default,
        thresholds_changed=reading.thresholds_changed,
        muted_until=reading.muted_until,
        higher_is_worse=reading.higher_is_worse,
        inputs=reading.inputs,
        turns=reading.turns,
        deviations=reading.deviations,
        beside=reading.beside,
    )
