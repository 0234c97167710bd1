"""Whether the widest margin in over a decade is true, from its definitions (METHODOLOGY.md#widest)."""

from collections.abc import Mapping

from rotation_tui.domain.claim import Finding
from rotation_tui.domain.results import SAME_AS_CALENDAR, WidestSince

CONFIRMED_FROM, DENIED_TO = 3, 1


def counted(found: WidestSince | None) -> bool:
    """Whether a definition is a fact of its own: from January to June the half-year is the year."""
    return found is None or found.note != SAME_AS_CALENDAR


def decade_finding(over: int, unknown: int) -> Finding:
    """From how many of the counted definitions are over a decade and how many nobody can tell."""
    if over >= CONFIRMED_FROM:
        return Finding.CONFIRMED
    if over + unknown <= DENIED_TO:
        return Finding.DENIED
    return Finding.MIXED if over > DENIED_TO and over + unknown < CONFIRMED_FROM else Finding.UNKNOWN


def decade(widest: Mapping[str, WidestSince]) -> Finding:
    """The same from the definitions by name."""
    told = [found.over_a_decade for found in widest.values() if counted(found)]
    return decade_finding(told.count(True), told.count(None))
