"""The verdict: score, regime, and how far anybody can say that it lasts (METHODOLOGY.md#sustained)."""

from collections.abc import Sequence

from msgspec import Struct

from rotation_tui.domain.reading import Checklist, GroupReading, Level
from rotation_tui.domain.verdict import MOST_UNKNOWN, PRICE_TERMS, Regime, Sign, Verdict
from rotation_tui.domain.wording import counted
from rotation_tui.studies.leaderboard import PairsLed
from rotation_tui.studies.rotation_history import MIN_CLOSES, RotationHistory
from rotation_tui.studies.score import UNCOUNTED, Score, backdrop, score

WARNING = (
    "Describes what has happened. Since 1988 this score had no measurable power to predict relative returns "
    "(n=153 quarters, t=0.4; as of 2026-11). Not advice."
)
EPISODES = (
    *(12, 31, 64, 65, 69, 83, 90, 95, 106, 107, 119, 124),
    *(131, 149, 189, 206, 261, 263, 318, 329, 362, 386, 402),
)
"""Lengths in sessions of the 23 completed episodes of 1988-2025; a research constant of 2026-11."""
LASTING = 252
_BRIEF = 126
_BREADTH_PCT = 55.0


class Survival(Struct, frozen=True):
    """Of `of` episodes `reached` were alive at an age, and the share `p` of these lasted."""

    reached: int
    of: int
    p: float | None


def survival(age: int, lengths: Sequence[int] = EPISODES, lasting: int = LASTING) -> Survival:
    """Share of the episodes alive at `age` that went on to last `lasting` sessions; `p` is None without any."""
    alive = [length for length in lengths if length >= age]
    lasted = sum(length >= lasting for length in alive)
    return Survival(len(alive), len(lengths), lasted / len(alive) if alive else None)


def study_verdict(
    history: RotationHistory,
    pairs: PairsLed | None = None,
    risk: Checklist | None = None,
    breadth_pct: float | None = None,
    earnings_ahead: bool | None = None,
    discounted: bool | None = None,
) -> Verdict:
    """The verdict on the closes of `history` and on whatever else is known; None is unknown.

    `breadth_pct` is the share of Russell 2000 members above their 200-session mean, `earnings_ahead`
    whether trailing small-cap earnings grow faster on a matched sample, `discounted` whether small caps are
    cheaper on an equal basis. Regime, age and transitions follow from closes alone.
    """
    risk = risk or Checklist()
    raws: dict[str, float | None] = {
        **history.raws,
        "breadth": breadth_pct,
        "sectors": None if pairs is None else pairs.share,
        "backdrop": backdrop(risk),
    }
    full = score(raws)
    evidence = {
        "ratio at a 252-session high within 63": history.new_high,
        "breadth of 55 % and two thirds of the pairs": _broad(breadth_pct, pairs),
        "earnings growth": earnings_ahead,
        "risk groups": _calm(risk.groups),
        "valuation discount": discounted,
    }
    unknown_terms = tuple(term.id for term in full.terms if term.raw is None)
    return Verdict(
        regime=history.regime,
        since=history.since,
        age_sessions=history.age,
        score=full.value,
        price_only_score=price_only(history).value,
        coverage=full.coverage,
        sustained=_sustained(history, evidence),
        terms=full.terms,
        warning=WARNING,
        pair=history.pair,
        missing=(*unknown_terms, *(name for name, holds in evidence.items() if holds is None)),
        base_rate=_base_rate(history.episode_age),
        transitions=history.transitions,
        counters=history.counters,
        ways_out=history.ways_out,
        as_of=history.last_session,
        signs=tuple(Sign(name, holds) for name, holds in evidence.items()),
    )


def price_only(history: RotationHistory) -> Score:
    """The score of closes alone, the only one that has a past."""
    return score({name: history.raws.get(name) for name in PRICE_TERMS})


def _broad(breadth_pct: float | None, pairs: PairsLed | None) -> bool | None:
    wide = None if breadth_pct is None else breadth_pct >= _BREADTH_PCT
    led = None if pairs is None else pairs.broad
    if wide is False or led is False:
        return False
    return True if wide and led else None


def _calm(groups: Sequence[GroupReading]) -> bool | None:
    """Whether at most one risk group is at ALERT; None while fewer than half of them are known."""
    levels = [group.level for group in groups if group.id not in UNCOUNTED]
    alerts, known = levels.count(Level.ALERT), sum(level is not Level.UNKNOWN for level in levels)
    if alerts > 1:
        return False
    return True if known and 2 * known >= len(levels) else None


def _sustained(history: RotationHistory, evidence: dict[str, bool | None]) -> str:
    """SUSTAINED, TEMPORARY or UNDECIDED with the reason; never from the score."""
    holds = sum(value is True for value in evidence.values())
    unknown = [name for name, value in evidence.items() if value is None]
    age = history.episode_age
    if history.regime is Regime.UNKNOWN:
        return f"UNDECIDED: the state needs {MIN_CLOSES} closes, have {history.rows}"
    if age is not None:
        if age >= LASTING and holds >= 4 and len(unknown) <= MOST_UNKNOWN:
            return f"SUSTAINED: {counted(age, 'session')} old, {holds} of {len(evidence)} signs hold"
        told = f"; unknown: {', '.join(unknown)}" if unknown else ""
        same = age == history.age  # else the regime has a day of its own, for CONSOLIDATION ends no episode
        aged = f"{age} of {LASTING} sessions {'old' if same else 'since ROTATION began'}"
        return f"UNDECIDED: {aged}, {holds} of {len(evidence)} signs hold{told}"
    if history.regime is Regime.REVERSAL and history.last_episode is not None:
        word = "TEMPORARY" if history.last_episode < _BRIEF else "UNDECIDED"
        return f"{word}: reversed after {counted(history.last_episode, 'session')}"
    emerged = history.regime is Regime.NO_ROTATION and history.before is Regime.EMERGING
    if emerged and history.before_age is not None and history.before_age < _BRIEF:
        return f"TEMPORARY: faded {counted(history.before_age, 'session')} after emerging"
    return "UNDECIDED: no episode is running"


def _base_rate(age: int | None) -> str:
    found = survival(age or 0)
    told = f"{found.of} completed episodes of 1988-2025"
    if not age:
        return f"{_lasted(found)} of {told} lasted {LASTING} sessions ({_percent(found)})"
    if found.p is None:
        return f"none of {told} reached {counted(age, 'session')}"
    reached = f"{found.reached} of {told} reached {counted(age, 'session')}"
    if age >= LASTING:
        return reached
    return f"{reached}, {_lasted(found)} of these {LASTING} ({_percent(found)})"


def _lasted(found: Survival) -> int:
    return round((found.p or 0.0) * found.reached)


def _percent(found: Survival) -> str:
    return f"{100 * (found.p or 0.0):.0f} %"
