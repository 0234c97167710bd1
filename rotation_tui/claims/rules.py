"""From measures to findings; unknown parts never decide anything."""

from collections.abc import Sequence

from rotation_tui.claims.base import ClaimInputs, Combine
from rotation_tui.domain.claim import ClaimValue, Finding


def holds(condition: bool) -> Finding:
    """CONFIRMED or DENIED."""
    return Finding.CONFIRMED if condition else Finding.DENIED


def near(value: float, claimed: float, tolerance: float) -> bool:
    """Whether `value` is within `tolerance` of `claimed`, its ends included; float dust is not counted."""
    return round(abs(value - claimed), 9) <= tolerance


def all_of(parts: Sequence[ClaimValue]) -> Finding:
    """CONFIRMED if all are, DENIED if all are, MIXED if they disagree; UNKNOWN while an unknown one decides."""
    findings = [part.finding for part in parts]
    known = {finding for finding in findings if finding is not Finding.UNKNOWN}
    if len(known) > 1 or Finding.MIXED in known:
        return Finding.MIXED
    if Finding.UNKNOWN in findings or not known:
        return Finding.UNKNOWN
    return known.pop()


def at_least(needed: int, parts: Sequence[ClaimValue]) -> Finding:
    """CONFIRMED once `needed` hold, DENIED once so many cannot hold any more."""
    holding = sum(part.finding is Finding.CONFIRMED for part in parts)
    unknown = sum(part.finding is Finding.UNKNOWN for part in parts)
    if holding >= needed:
        return Finding.CONFIRMED
    return Finding.UNKNOWN if holding + unknown >= needed else Finding.DENIED


def every(count: int | None = None) -> Combine:
    """The first `count` parts have to agree (`all_of`); the value is that of the first of them."""

    def combine(_: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
        return _joined(all_of(parts[:count]), parts[0].value, parts[:count])

    return combine


def counted(needed: int) -> Combine:
    """`needed` of the parts have to hold (`at_least`); the value is how many do, None where none is known."""

    def combine(_: ClaimInputs, parts: Sequence[ClaimValue]) -> ClaimValue:
        known = [part for part in parts if part.finding is not Finding.UNKNOWN]
        holding = float(sum(part.finding is Finding.CONFIRMED for part in known))
        return _joined(at_least(needed, parts), holding if known else None, parts)

    return combine


def _joined(finding: Finding, value: float | None, parts: Sequence[ClaimValue]) -> ClaimValue:
    known = [part for part in parts if part.as_of is not None]
    sources = dict.fromkeys(source for part in known for source in (part.source or "").split(" + ") if source)
    as_of = min((part.as_of for part in known if part.as_of is not None), default=None)
    return ClaimValue(value, as_of, finding, joined_why(parts), " + ".join(sources) or None)


def joined_why(parts: Sequence[ClaimValue]) -> str:
    """The parts' reasons, each once."""
    return " · ".join(dict.fromkeys(part.why for part in parts))
