"""Tax law and what it does for small firms (C13-C14)."""

from collections.abc import Sequence
from datetime import date

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, holds, told
from rotation_tui.claims.figures import SMALL, aged, either, from_filings, latest, legs, needing, needing_first, sourced
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import Filings, Members, SeriesId
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.measures import year_on_year

CHAPTER = "Fiscal"
_SIGNED = date(2025, 7, 4)


def _law(_: ClaimInputs) -> ClaimValue:
    why = "law of July 2025: $4.5 tn of tax cuts, 100 % bonus depreciation for good, §179 limit $2.5 m"
    return ClaimValue(None, _SIGNED, Finding.STATIC, why, "public law")


def capex_finding(small: float, large: float, median: float) -> Finding:
    """C14: capital spending of small caps grows faster than of large ones and than its own 5-year median."""
    return holds(small > large and small > median)


def _filed_capex(inputs: ClaimInputs) -> ClaimValue:
    with needing_first("capex"):
        found = from_filings(inputs, "capex_growth")
        median = inputs.measured("IWM", "capex_growth_median")[1]
    why = f"capex y/y {signed(found.small)} vs {signed(found.large)} %, median {signed(median)}"
    return found.value(found.small - found.large, capex_finding(found.small, found.large, median), why)


def _capex(inputs: ClaimInputs) -> ClaimValue:
    with needing("capex: needs filings"):
        small, large = legs(inputs, "capex_growth")
        median = latest(inputs, SMALL, "capex_growth_median_5y")
    why = f"capex y/y {signed(small.value)} vs {signed(large.value)} %, median {signed(median.value)}"
    finding = capex_finding(small.value, large.value, median.value)
    used = (small, large, median)
    return sourced(small.value - large.value, finding, why + aged(inputs, *used), *used)


def _orders(inputs: ClaimInputs) -> ClaimValue:
    line = inputs.current("NEWORDER")
    growth = year_on_year(line)
    return told(growth, holds(growth > 0), f"core capital goods orders {signed(growth)} % y/y", line)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C13", CHAPTER, "Tax law: permanent bonus depreciation, higher expensing", "$4.5 tn, 100 %, $2.5 m",
        (Definition("LAW", "a fact of law, not measured", "", _law),),
    ),
    Claim(
        "C14", CHAPTER, "The law helps small, capital-intensive firms most", "capex y/y above large and its 5-y median",
        (
            Definition("CAPEX", "capital spending y/y: small above large and above its 5-year median", "pp",
                       either(_filed_capex, _capex)),
            Definition("ORDERS", "orders of core capital goods above a year before, not counted", "%", _orders),
        ),
        inputs=(SeriesId("NEWORDER"), Members("IWM"), Members("IVV"), Filings("capital spending")),
    ),
)  # fmt: skip
