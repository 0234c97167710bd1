"""The verdict's signs of earnings and valuation: by what was filed, else by what was told by hand on one basis."""

from collections.abc import Callable

from rotation_tui.claims.base import ClaimInputs
from rotation_tui.claims.figures import from_filings, legs
from rotation_tui.evidence.line import NotKnown


def earnings_ahead(inputs: ClaimInputs) -> bool | None:
    """Whether earnings of small caps grow faster than those of large ones; None where that is not known."""
    return _first(
        lambda: _filed(inputs, "growth", lambda small, large: small > large),
        lambda: _told(inputs, "ttm_growth", lambda small, large: small > large),
        lambda: _told(inputs, "eps_growth", lambda small, large: small > large),
    )


def discounted(inputs: ClaimInputs) -> bool | None:
    """Whether small caps cost less of their earnings than large ones, measured alike; None where that is not known."""
    return _first(
        lambda: _filed(inputs, "pe_profitable", lambda small, large: small < large),
        lambda: _told(inputs, "fwd_pe", lambda small, large: 0 < small < large),
    )


def _first(*ways: Callable[[], bool]) -> bool | None:
    for way in ways:
        try:
            return way()
        except NotKnown:
            continue
    return None


def _filed(inputs: ClaimInputs, measure: str, holds: Callable[[float, float], bool]) -> bool:
    found = from_filings(inputs, measure)
    return holds(found.small, found.large)


def _told(inputs: ClaimInputs, measure: str, holds: Callable[[float, float], bool]) -> bool:
    small, large = legs(inputs, measure)
    if not small.same_basis(large):
        raise NotKnown(f"{measure} is not measured alike")
    return holds(small.value, large.value)
