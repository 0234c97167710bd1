"""The score of the verdict: eight terms, each mapped to -1..+1 and weighted (METHODOLOGY.md#score)."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from rotation_tui.domain.reading import Checklist, Level
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.verdict import MIN_COVERAGE, REQUIRED_TERMS, Term
from rotation_tui.studies.months import months
from rotation_tui.studies.pair import Array, Pair
from rotation_tui.studies.relative_strength import rolling_mean

MEAN_SESSIONS = 200


class TermRule(Struct, frozen=True):
    """Weight of a term and its map: (raw - centre) / scale, clipped to -1..+1."""

    weight: float
    centre: float
    scale: float

    def mapped(self, raw: Array) -> Array:
        """Raw values on the scale of the score; NaN stays NaN."""
        clipped: Array = np.clip((raw - self.centre) / self.scale, -1, 1)
        return clipped


# Scales are rounded long-run standard deviations, not fitted to episodes.
RULES: Mapping[str, TermRule] = {
    "trend": TermRule(25, 0, 0.05),
    "mom6": TermRule(25, 0, 0.10),
    "mom3": TermRule(10, 0, 0.07),
    "persist": TermRule(10, 3, 3),
    "absolute": TermRule(10, 0, 0.10),
    "breadth": TermRule(10, 50, 30),
    "sectors": TermRule(5, 0.5, 0.5),
    "backdrop": TermRule(5, 0, 1),
}
_TOTAL_WEIGHT = sum(rule.weight for rule in RULES.values())


class Score(Struct, frozen=True):
    """Terms in order, the score over the known ones, -100 to +100, and the share of weight they have."""

    terms: tuple[Term, ...]
    value: float | None
    coverage: float


def price_raws(pair: Pair, calendar: Calendar) -> dict[str, Array]:
    """Raw values of the terms that follow from closes alone, at every row; NaN where unknown."""
    log_ratio, log_small = pair.log_ratio, np.log(pair.small)
    return {
        "trend": log_ratio - rolling_mean(log_ratio, MEAN_SESSIONS),
        "mom6": pair.log_change(126),
        "mom3": pair.log_change(63),
        "persist": months(pair, calendar).hits(6),
        "absolute": log_small - rolling_mean(log_small, MEAN_SESSIONS),
    }


def score_series(raws: Mapping[str, Array]) -> Array:
    """Score at every row from the terms given; NaN where it is unknown."""
    mapped = {name: RULES[name].mapped(raw) for name, raw in raws.items()}
    weight = sum(RULES[name].weight * ~np.isnan(term) for name, term in mapped.items())
    total = sum(RULES[name].weight * np.nan_to_num(term) for name, term in mapped.items())
    known = np.asarray(weight) >= MIN_COVERAGE * _TOTAL_WEIGHT
    for name in REQUIRED_TERMS:
        known &= ~np.isnan(mapped[name])
    out: Array = np.where(known, 100 * total / np.where(known, weight, 1), np.nan)
    return out


def score(raws: Mapping[str, float | None]) -> Score:
    """Score of one moment; a term that is None or not named is unknown and takes no part.

    The value is None where less than 60 % of the weight is known, or trend or mom6 is not; contributions
    add up to it.
    """
    known = {name: raw for name in RULES if (raw := raws.get(name)) is not None}
    weight = sum(RULES[name].weight for name in known)
    enough = weight >= MIN_COVERAGE * _TOTAL_WEIGHT and all(name in known for name in REQUIRED_TERMS)
    terms = tuple(_term(name, known.get(name), weight if enough else None) for name in RULES)
    value = sum(term.contribution or 0.0 for term in terms) if enough else None
    return Score(terms, value, weight / _TOTAL_WEIGHT)


def _term(name: str, raw: float | None, known_weight: float | None) -> Term:
    rule = RULES[name]
    if raw is None:
        return Term(name, None, None, rule.weight, None)
    mapped = float(rule.mapped(np.array([raw]))[0])
    points = None if known_weight is None else 100 * rule.weight * mapped / known_weight
    return Term(name, raw, mapped, rule.weight, points)


UNCOUNTED = frozenset({"S"})
"""Groups that say nothing of the economy: structure, with the quality of data."""


def backdrop(risk: Checklist) -> float | None:
    """Mean over the known checks that have a vote of OK = +1, WATCH = 0, ALERT = -1; None where none is known."""
    points = {Level.OK: 1, Level.WATCH: 0, Level.ALERT: -1}
    levels = [
        points[reading.level]
        for group in risk.groups
        if group.id not in UNCOUNTED
        for reading in group.checks
        if reading.level in points and reading.id not in risk.informing
    ]
    return sum(levels) / len(levels) if levels else None
