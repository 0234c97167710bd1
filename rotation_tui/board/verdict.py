"""The verdict as a row of the board."""

from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.results import Verdict
from rotation_tui.domain.verdict import Regime, RunCounter, Sign, Transition, WayOut

NO_VERDICT = "needs the history of both legs"


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the score."""

    id: str
    raw: float | None
    mapped: float | None
    weight: float
    contribution: float | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The regime with its score and what it rests on; counters and ways out are of the price-only score."""

    regime: Regime
    since: date | None
    age_sessions: int | None
    score: float | None
    price_only_score: float | None
    coverage: float
    sustained: str
    terms: tuple[TermRow, ...]
    warning: str
    pair: str = ""
    base_rate: str = ""
    missing: tuple[str, ...] = ()
    counters: tuple[RunCounter, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    signs: tuple[Sign, ...] = ()
    transitions: tuple[Transition, ...] = ()
    as_of: date | None = None


def verdict_row(verdict: Verdict | None, *, stale: bool = False) -> VerdictRow:
    """The row of a verdict, and of none; a `stale` one, on closes too old by now, is UNKNOWN."""
    if verdict is None:
        return VerdictRow(Regime.UNKNOWN, None, None, None, None, 0.0, NO_VERDICT, (), "")
    if stale:
        terms = tuple(TermRow(t.id, None, None, t.weight, None) for t in verdict.terms)
        why = f"stale, closes end {verdict.as_of}"
        return VerdictRow(
            Regime.UNKNOWN, None, None, None, None, 0.0, why, terms, verdict.warning, verdict.pair,
            as_of=verdict.as_of,
        )  # fmt: skip
    return VerdictRow(
        verdict.regime,
        verdict.since,
        verdict.age_sessions,
        verdict.score,
        verdict.price_only_score,
        verdict.coverage,
        verdict.sustained,
        tuple(TermRow(t.id, t.raw, t.mapped, t.weight, t.contribution) for t in verdict.terms),
        verdict.warning,
        verdict.pair,
        verdict.base_rate,
        verdict.missing,
        verdict.counters,
        verdict.ways_out,
        verdict.signs,
        tuple(Transition(session, regime) for session, regime in verdict.transitions),
        verdict.as_of,
    )
