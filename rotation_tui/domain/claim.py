"""What the claim audit says, and the figures it is told by hand."""

from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from rotation_tui.domain import refusal


class Finding(StrEnum):
    """What the audit finds of a claim."""

    CONFIRMED = "CONFIRMED"
    DENIED = "DENIED"
    MIXED = "MIXED"
    UNKNOWN = "UNKNOWN"
    STATIC = "STATIC"


class ClaimValue(Struct, frozen=True):
    """What a claim, or one measure of it, comes to on one day.

    `as_of` is the session or date that the value itself is of; `why` is one line with the numbers in it, or what is
    missing.
    """

    value: float | None
    as_of: date | None
    finding: Finding
    why: str = ""
    source: str | None = None


class DefinitionResult(Struct, frozen=True):
    """One way to measure a claim: its name, what it measures in words, and both columns."""

    name: str
    measure: str
    unit: str
    then: ClaimValue
    now: ClaimValue


class ClaimResult(Struct, frozen=True):
    """One claim, THEN (at the close before the article) and NOW.

    `definition` says how the headline is judged; `definitions` are the single measures behind it, the only
    one where there is no choice. `why` is the one of NOW.
    """

    id: str
    text: str
    definition: str
    then: ClaimValue
    now: ClaimValue
    why: str
    chapter: str = ""
    claimed: str = ""
    unit: str = ""
    definitions: tuple[DefinitionResult, ...] = ()


MEASURES = {
    "fwd_pe": "x",
    "eps_growth": "%",
    "ttm_growth": "%",
    "realised_growth": "%",
    "realised_growth_ex_swing": "%",
    "realised_growth_ex_hc": "%",
    "floating_share": "%",
    "pass_through": "ratio",
    "capex_growth": "%",
    "capex_growth_median_5y": "%",
    "flow_63s": "%",
    "top10_weight": "%",
    "domestic_revenue": "%",
}
"""Measures that claims read from entries, with their units."""

_INDEXES = {"R2000": "R2000", "RUT": "R2000", "RUSSELL 2000": "R2000", "SPX": "SPX", "SP500": "SPX", "S&P 500": "SPX"}


class ConsensusEntry(Struct, frozen=True):
    """A figure that nobody publishes for free, as somebody read it somewhere.

    `index` is R2000 or SPX (other spellings are understood), `measure` one of MEASURES, `period` such as NTM
    or CY2026. Raises RefusedValueError without basis, source or a finite value, and for what is unknown.
    """

    index: str
    measure: str
    period: str
    value: float
    basis: str
    as_of: date
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        index = _INDEXES.get(self.index.strip().upper())
        if index is None:
            raise refusal.RefusedValueError(f"consensus index {self.index!r}: allowed are {', '.join(_INDEXES)}")
        force_setattr(self, "index", index)
        if self.measure not in MEASURES:
            raise refusal.RefusedValueError(f"consensus measure {self.measure!r}: allowed are {', '.join(MEASURES)}")
        refusal.finite(f"consensus {self.measure}", self.value)
        for field in ("basis", "source"):
            text = refusal.plain_text(getattr(self, field)).strip()
            if not text:
                raise refusal.RefusedValueError(f"consensus {self.index} {self.measure} has no {field}")
            force_setattr(self, field, text)

    @property
    def basis_known(self) -> bool:
        """Whether the basis says on what the figure is measured."""
        return "unspecified" not in self.basis.lower()

    def same_basis(self, other: "ConsensusEntry") -> bool:
        """Whether both figures are known to be measured alike."""
        return self.basis_known and self.basis.casefold() == other.basis.casefold()
