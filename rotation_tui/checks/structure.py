"""Structure and calendar: what bends prices for reasons of its own. WATCH is the worst these say."""

from collections.abc import Sequence
from datetime import date

from rotation_tui.checks.base import Check, CheckKind, Inputs, Origin
from rotation_tui.domain.reading import Level
from rotation_tui.domain.wording import counted
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown

_AROUND = 10
_FIRST_SESSIONS = 10
_BAD_SHARE = 20.0
_VERY_BAD_SHARE = 40.0


def _told(inputs: Inputs, value: float, watch: bool, source: str) -> Line:
    line = Line((inputs.as_of,), (value,), (source,), freshness.CLOSE)
    return line.flagged([Level.WATCH if watch else Level.OK])


def _reconstitution(inputs: Inputs) -> Line:
    days = sorted(inputs.reconstitutions)
    if not days:
        raise NotKnown("needs reconstitution dates")
    nearest = min(days, key=lambda day: abs((day - inputs.as_of).days))
    ahead = inputs.calendar.age(inputs.as_of, nearest)
    behind = inputs.calendar.age(nearest, inputs.as_of)
    near = max(ahead, behind) <= _AROUND
    if not near and not days[0] <= inputs.as_of <= days[-1]:  # beyond the list nobody knows
        raise NotKnown(f"needs dates {f'before {days[0]}' if ahead else f'after {days[-1]}'}")
    return _told(inputs, float(ahead - behind), near, "config")


def _reconstitution_words(sessions: float, _: str) -> str:
    if abs(sessions) > _AROUND:
        return "no reconstitution near"
    if sessions == 0:
        return "reconstitution now"
    return f"reconstitution {counted(abs(sessions), 'session')} {'ahead' if sessions > 0 else 'ago'}"


def _january(inputs: Inputs) -> Line:
    day = inputs.as_of
    passed = len(inputs.calendar.sessions(date(day.year, 1, 1), day))
    return _told(inputs, float(passed), passed <= _FIRST_SESSIONS, "calendar")


def _january_words(session: float, _: str) -> str:
    return f"January, session {session:.0f}" if session <= _FIRST_SESSIONS else "not early January"


def _data_quality(inputs: Inputs) -> Line:
    judged = [(check, reading) for check, reading in inputs.results if check.fed]
    if not judged:
        raise NotKnown("needs other checks")
    bad = [
        check
        for check, reading in judged
        if reading.level is Level.UNKNOWN or not inputs.doubtful.isdisjoint(each.id for each in check.inputs)
    ]
    share = 100.0 * len(bad) / len(judged)
    return _told(inputs, share, share >= _BAD_SHARE, "checklist").noted(f"{len(bad)} of {len(judged)}")


CHECKS: Sequence[Check] = (
    Check(
        id="S1",
        title="Reconstitution",
        inputs=(),
        formula="sessions to the nearest reconstitution listed in the config; WATCH within 10",
        unit="sessions",
        series=_reconstitution,
        why=_reconstitution_words,
        kind=CheckKind.FLAG,
        confirm=1,
        origin=Origin.SOURCED,
        reference="FTSE Russell: fourth Friday of June, from 2026 also second Friday of December",
    ),
    Check(
        id="S2",
        title="Data quality",
        inputs=(),
        formula="share of checks with a feed that are unknown or read doubtful values; at most WATCH",
        unit="%",
        watch=_BAD_SHARE,
        alert=_VERY_BAD_SHARE,
        series=_data_quality,
        why=lambda _, note: f"{note} checks unknown",
        kind=CheckKind.FLAG,
        confirm=1,
    ),
    Check(
        id="S3",
        title="January effect",
        inputs=(),
        formula="the first 10 sessions of the year",
        unit="session",
        series=_january,
        why=_january_words,
        kind=CheckKind.FLAG,
        confirm=1,
        origin=Origin.SOURCED,
        reference="seasonal studies of small caps",
    ),
)
