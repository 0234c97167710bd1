"""Rates and funding: what the central bank does, what the market expects, what borrowers pay."""

from collections.abc import Sequence
from datetime import date

from rotation_tui.checks.base import Check, Inputs, Kind, Origin
from rotation_tui.checks.line import Line, NotKnown
from rotation_tui.domain.results import Level

_STEP = 0.25
_BASE_GAP_DAYS = 7


def since_year_start(line: Line) -> Line:
    """Change of each value from the last one of the year before (K04).

    Values of a year whose base is missing, or more than 7 days before the year's start, are left out.
    """
    bases: dict[int, float] = {}
    for day, value in line:
        if (date(day.year + 1, 1, 1) - day).days <= _BASE_GAP_DAYS + 1:
            bases[day.year + 1] = value
    rows = [(day, value - bases[day.year]) for day, value in line if day.year in bases]
    if not rows:
        raise NotKnown("needs a value before the year's start")
    return Line(tuple(day for day, _ in rows), tuple(change for _, change in rows), line.sources, line.limit)


def moves_of_a_quarter(change: float) -> int:
    """How many moves of 25 bp a change of the policy rate is; cuts are negative."""
    return round(change / _STEP)


def _policy_flag(change: float) -> Level:
    moves = moves_of_a_quarter(change)
    return Level.ALERT if moves > 0 else Level.WATCH if moves == 0 else Level.OK


def _policy(inputs: Inputs) -> Line:
    upper = inputs.series("DFEDTARU")
    line = since_year_start(upper)
    try:
        lower = dict(inputs.series("DFEDTARL")).get(line.dates[-1])
    except NotKnown:
        lower = None
    note = f"{upper.last:.2f}" if lower is None else f"{lower:.2f}-{upper.last:.2f}"
    return line.flagged([_policy_flag(change) for change in line.values]).noted(note)


def _policy_words(change: float, target: str) -> str:
    moves = moves_of_a_quarter(change)
    if moves == 0:
        return f"{target} · no cuts this year"
    word = "cut" if moves < 0 else "hike"
    return f"{target} · {abs(moves)} {word}{'s' if abs(moves) > 1 else ''} this year"


CHECKS: Sequence[Check] = (
    Check(
        id="F1",
        title="Policy rate vs year start",
        inputs=("DFEDTARU", "DFEDTARL"),
        formula="upper end of the target range less its last value of the year before",
        unit="pp",
        watch=0.0,
        alert=0.25,
        series=_policy,
        why=_policy_words,
        kind=Kind.FLAG,
        origin=Origin.HOUSE,
        reference="the thesis needs cuts; none is WATCH, a hike is ALERT",
    ),
)
