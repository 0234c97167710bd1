"""Results too old to stand as of now: they are unknown, and say since when."""

from msgspec.structs import replace

from rotation_tui.board.marks import Moment, too_old
from rotation_tui.domain.claim import ClaimResult, ClaimValue, Finding
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.reading import GroupReading, Level, Reading
from rotation_tui.domain.results import DriverReading, Rotation, Studies
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Regime, Verdict

NO_VERDICT = Verdict(Regime.UNKNOWN, None, None, None, None, 0.0, "needs the history of both legs", (), "")


def verdict_at(moment: Moment, verdict: Verdict | None) -> Verdict:
    """The verdict where its closes still count, else an UNKNOWN one: of its terms the weights are left."""
    if verdict is None:
        return NO_VERDICT
    if verdict.as_of is None or not too_old(verdict.as_of, moment):
        return verdict
    return replace(
        NO_VERDICT,
        sustained=f"stale, closes end {verdict.as_of}",
        terms=tuple(replace(term, raw=None, mapped=None, contribution=None) for term in verdict.terms),
        warning=verdict.warning,
        pair=verdict.pair,
        as_of=verdict.as_of,
    )


def rotation_at(moment: Moment, rotation: Rotation) -> Rotation:
    """The rotation, marked where it ends too long ago."""
    stale = rotation.as_of is not None and too_old(rotation.as_of, moment)
    return replace(rotation, stale=True) if stale else rotation


def fundamentals_at(moment: Moment, known: Fundamentals | None) -> Fundamentals | None:
    """The same, breadth marked where its closes end too long ago."""
    if known is None or not any(too_old(found.as_of, moment) for found in known.breadth):
        return known
    marked = (replace(found, stale=too_old(found.as_of, moment)) for found in known.breadth)
    return replace(known, breadth=tuple(marked))


def expired(studies: Studies, moment: Moment) -> str | None:
    """Why levels, findings and drivers do not count any more, None where they do.

    What is judged each day anew is not when the studies could not run: a saved board, or histories that are gone.
    """
    if studies.computed_at is None or studies.computed_at >= moment.now:
        return None
    judged = moment.calendar.last_completed(studies.computed_at)
    return f"stale: not judged since {judged}" if too_old(judged, moment) else None


def unjudged(studies: Studies, why: str) -> Studies:
    """The results with every level, and every finding of NOW, unknown for that reason."""
    return replace(
        studies,
        risk=replace(studies.risk, groups=tuple(_group(group, why) for group in studies.risk.groups)),
        drivers=tuple(_driver(driver) for driver in studies.drivers),
        claims=tuple(_claim(claim, why) for claim in studies.claims),
    )


def _driver(driver: DriverReading) -> DriverReading:
    return driver if driver.value is None else replace(driver, state=State.STALE)


def _group(group: GroupReading, why: str) -> GroupReading:
    checks = tuple(_reading(reading, why) for reading in group.checks)
    return replace(group, level=Level.UNKNOWN, known=0, line=why, checks=checks)


def _reading(reading: Reading, why: str) -> Reading:
    return replace(reading, level=Level.UNKNOWN, value=None, why=why, turns=())


def _claim(claim: ClaimResult, why: str) -> ClaimResult:
    """Findings that wait for no new data, the static ones, stay as they are."""
    if claim.now.finding is Finding.STATIC:
        return claim
    definitions = tuple(replace(d, now=_unknown(d.now, why)) for d in claim.definitions)
    return replace(claim, now=_unknown(claim.now, why), why=why, definitions=definitions)


def _unknown(value: ClaimValue, why: str) -> ClaimValue:
    return replace(value, value=None, finding=Finding.UNKNOWN, why=why)
