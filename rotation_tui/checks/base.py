"""What a check is, and what it may look at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from msgspec import Struct

from rotation_tui.domain.inputs import Input, Unfed
from rotation_tui.domain.reading import Reading
from rotation_tui.evidence.evidence import Evidence
from rotation_tui.evidence.line import Line, NotKnown

GROUPS = {
    "E": "Economy", "F": "Rates", "C": "Credit", "V": "Volatility", "L": "Liquidity",
    "Q": "Quality", "X": "Dollar", "K": "Concentration", "S": "Structure",
}  # fmt: skip
"""Groups in the order in which they are shown; the last one is computed from the others' readings."""


@dataclass(frozen=True, slots=True)
class Inputs(Evidence):
    """Everything checks are computed from.

    `doubtful` names symbols and series whose values diverge between sources or are quarantined, `withheld`
    those that no feed gives, with the reason.
    `reconstitutions` are the days of index reconstitution, which follow from no rule that has held.
    `results` are the other groups' checks and readings while the last group is computed.
    """

    doubtful: frozenset[str] = frozenset()
    withheld: Mapping[str, str] = field(default_factory=dict)
    reconstitutions: tuple[date, ...] = ()
    results: "tuple[tuple[Check, Reading], ...]" = field(default=(), repr=False)


TEN_YEARS = 2520
"""Sessions of its own past that a move is measured against."""
LEAST_OWN = 504
"""House default of the sessions below which a past says nothing of what is usual."""

SeriesFunction = Callable[[Inputs], Line]


def no_feed(_: Inputs) -> Line:
    """For checks whose data no feed supplies yet; their inputs say what that is."""
    raise NotKnown("needs data")


class CheckKind(StrEnum):
    """How a check gets its level: two thresholds, a flag of its line, or not at all (always OK if known)."""

    NUMERIC = "numeric"
    FLAG = "flag"
    INFO = "info"


class Origin(StrEnum):
    """Where thresholds come from."""

    SOURCED = "sourced"
    MEASURED = "measured"
    HOUSE = "house default"


class Check(Struct, frozen=True):
    """One row of the checklist.

    `inputs` are what it reads (what to fetch; of alternatives one is enough), `series`
    computes its line in `unit`. `watch` and `alert` are thresholds of NUMERIC checks, reached at or beyond
    (`strict`: only beyond); FLAG checks name them for the reader. `confirm` observations in a row change
    the level. `why` says the last value and its note in at most eight words and 34 characters. How old the last
    value may get travels with the line.
    `own_deviations` says that `watch` and `alert` count standard deviations of the line's own ten years.
    """

    id: str
    title: str
    inputs: tuple[Input, ...]
    formula: str
    unit: str
    why: Callable[[float, str], str]
    series: SeriesFunction = no_feed
    origin: Origin = Origin.HOUSE
    reference: str = ""
    watch: float | None = None
    alert: float | None = None
    higher_is_worse: bool = True
    strict: bool = False
    kind: CheckKind = CheckKind.NUMERIC
    confirm: int = 2
    own_deviations: bool = False

    @property
    def group(self) -> str:
        """The group's id: the letter its own id starts with."""
        return self.id[0]

    @property
    def fed(self) -> bool:
        """Whether feeds supply all that it reads."""
        return not any(isinstance(each, Unfed) for each in self.inputs)

    @property
    def threshold_source(self) -> str:
        return f"{self.origin.value}: {self.reference}" if self.reference else self.origin.value

    @property
    def house_default(self) -> bool:
        return self.origin is Origin.HOUSE
