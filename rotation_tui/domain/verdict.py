"""The verdict: score, regime, and how far the next change is."""

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from rotation_tui.domain.state import State

MIN_COVERAGE = 0.6
"""Share of the weight that must be known for a score (METHODOLOGY.md#score)."""
PRICE_TERMS = ("trend", "mom6", "mom3", "persist", "absolute")
"""Terms that follow from closes alone: the price-only score."""
MOST_UNKNOWN = 1
"""So many of the five signs may be unknown for a rotation to be called SUSTAINED."""
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


class Leader(StrEnum):
    """Who leads (METHODOLOGY.md#leads): MIXED where half and year differ, NEITHER where both are about level."""

    SMALL = "SMALL"
    LARGE = "LARGE"
    MIXED = "MIXED"
    NEITHER = "NEITHER"
    UNKNOWN = "UNKNOWN"


class Course(StrEnum):
    """What the last month did to a lead: TURNING where it took more than is left of it."""

    GROWING = "growing"
    HOLDING = "holding"
    FADING = "fading"
    TURNING = "turning"


class Provisional(Struct, frozen=True):
    """`have` of `want` daily histories are there, so that what is told may change yet."""

    have: int
    want: int


class Leads(Struct, frozen=True):
    """Who leads, from the margins of `pair`, small minus large in percentage points over HALF, YTD and 1M.

    `half_side` and `year_side` are who leads over each of the two. `state` is that of the pair's row, `as_of` the
    time from which on nothing newer is known. `course` is null where no side leads; `reasons` tells why a value
    is null.
    """

    side: Leader
    half_pp: float | None
    ytd_pp: float | None
    month_pp: float | None
    provisional: Provisional | None = None
    half_side: Leader = Leader.UNKNOWN
    year_side: Leader = Leader.UNKNOWN
    course: Course | None = None
    pair: str = ""
    state: State = State.UNKNOWN
    as_of: datetime | None = None
    reasons: dict[str, str] | None = None


class Verdict(Struct, frozen=True):
    """The composite score with all its terms, the regime and the separate line on how lasting it is.

    `as_of` is the last session that both legs have. `counters` and `ways_out` are of the price-only score, by
    which alone regimes change; both are empty where the regime is unknown. `leads` moves with prices, so the board
    puts it here: a study leaves it out.
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
    leads: Leads | None = None
