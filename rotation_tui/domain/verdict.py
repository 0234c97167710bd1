"""The verdict: score, regime, and how far the next change is."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

MIN_COVERAGE = 0.6
"""Share of the weight that must be known for a score (METHODOLOGY.md#score)."""
PRICE_TERMS = ("trend", "mom6", "mom3", "persist", "absolute")
"""Terms that follow from closes alone: the price-only score."""
REQUIRED_TERMS = ("trend", "mom6")
"""Terms without which there is no score, whatever the coverage."""


class Regime(StrEnum):
    """State of the rotation (METHODOLOGY.md#regime)."""

    NO_ROTATION = "NO ROTATION"
    EMERGING = "EMERGING"
    ROTATION = "ROTATION"
    CONSOLIDATION = "CONSOLIDATION"
    REVERSAL = "REVERSAL"
    UNKNOWN = "UNKNOWN"


class Side(StrEnum):
    """On which side of its threshold a condition holds."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BELOW = "<"


class RunCounter(Struct, frozen=True):
    """How many completed closes in a row the price-only score has been on one side of a threshold."""

    id: str
    side: Side
    threshold: float
    closes: int
    needed: int


class WayOut(Struct, frozen=True):
    """A way out of the regime: to where, and by which counter; None is whatever the score.

    `rests` is the number of closes that must pass before this way opens, 0 where it is open.
    """

    to: Regime
    counter: str | None
    rests: int = 0


class Transition(Struct, frozen=True):
    """The session at whose close a regime began."""

    session: date
    regime: Regime


class Sign(Struct, frozen=True):
    """One of the five signs that a rotation lasts (METHODOLOGY.md#sustained); `holds` is None where that is unknown."""

    name: str
    holds: bool | None


class Term(Struct, frozen=True):
    """One term of the score: raw value, mapped to -1..+1, weight and contribution to the score in points."""

    id: str
    raw: float | None
    mapped: float | None
    weight: float
    contribution: float | None


class Verdict(Struct, frozen=True):
    """The composite score with all its terms, the regime and the separate line on how lasting it is.

    `as_of` is the last session that both legs have. `counters` and `ways_out` are of the price-only score, by
    which alone regimes change; both are empty where the regime is unknown.
    """

    regime: Regime
    since: date | None
    age_sessions: int | None
    score: float | None
    price_only_score: float | None
    coverage: float
    sustained: str
    terms: tuple[Term, ...]
    warning: str
    pair: str = ""
    base_rate: str = ""
    missing: tuple[str, ...] = ()
    counters: tuple[RunCounter, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    signs: tuple[Sign, ...] = ()
    transitions: tuple[Transition, ...] = ()
    as_of: date | None = None
