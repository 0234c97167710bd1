"""Inputs of claims for tests: made by hand, or read from the real history with the studies of their day."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from rotation_tui.checks.base import Inputs
from rotation_tui.checks.evaluate import all_checks, evaluate
from rotation_tui.claims import audit as auditing
from rotation_tui.claims.audit import all_claims
from rotation_tui.claims.base import Claim, ClaimInputs
from rotation_tui.claims.figures import ARTICLE_ENTRIES
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.claim import ClaimResult, ClaimValue, ConsensusEntry
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.results import SpreadStudy
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Spread
from rotation_tui.studies.rotation_history import study_rotation
from rotation_tui.studies.spreads import study_spread
from rotation_tui.studies.verdict import study_verdict
from tests.checks.material import FETCHED, FRED, INDEX, TOTAL, closes, history, observed

ARTICLE = date(2025, 12, 30)


def inputs(
    bars: Sequence[Bars] = (), observations: Sequence[Observations] = (), as_of: date = ARTICLE, **more: Any
) -> ClaimInputs:
    """Inputs of the given bars and observations, without entries unless they are given."""
    return ClaimInputs(
        bars={(b.symbol, b.basis): b for b in bars},
        observations={o.series_id: o for o in observations},
        calendar=nyse(),
        as_of=as_of,
        **more,
    )


def price(symbol: str, values: Sequence[float], last: date = ARTICLE) -> Bars:
    """Price closes on the sessions that end with `last`."""
    return closes(symbol, values, Basis.PRICE, last)


def between(symbol: str, points: dict[date, float], last: date = ARTICLE, basis: Basis = Basis.PRICE) -> Bars:
    """Closes on all sessions from the first of `points` to `last`, each as high as the point before it."""
    days = nyse().sessions(min(points), last)
    marks = sorted(points)
    values = tuple(points[max(mark for mark in marks if mark <= day)] for day in days)
    return Bars(symbol, basis, days, values, "test", FETCHED)


def told(index: str, measure: str, value: float, **more: Any) -> ConsensusEntry:
    """An entry of the article's date on one basis."""
    given: dict[str, Any] = {"period": "NTM", "basis": "incl. losses", "as_of": ARTICLE, "source": "test"}
    return ConsensusEntry(index, measure, value=value, **(given | more))


def both(measure: str, small: float, large: float, **more: Any) -> tuple[ConsensusEntry, ConsensusEntry]:
    """Entries of both legs."""
    return told("R2000", measure, small, **more), told("SPX", measure, large, **more)


def one(claim_id: str, given: ClaimInputs) -> ClaimResult:
    """One claim NOW, without a THEN."""
    claim = next(claim for claim in all_claims() if claim.id == claim_id)
    return audit(given, None, [claim])[0]


def audit(now: ClaimInputs, then: ClaimInputs | None = None, claims: Sequence[Claim] = ()) -> tuple[ClaimResult, ...]:
    """Claims, all of them by default, from the inputs of both columns."""
    asked = claims or all_claims()
    return auditing.audit(asked, now, None if then is None else auditing.judged(asked, then))


def part(result: ClaimResult, name: str, *, then: bool = False) -> ClaimValue:
    """What one definition of a claim comes to."""
    found = next(d for d in result.definitions if d.name == name)
    return found.then if then else found.now


@cache
def _everything() -> tuple[tuple[Bars, ...], tuple[Observations, ...]]:
    bars = [
        Bars(symbol, Basis.TOTAL, tuple(column), tuple(column.values()), "history", FETCHED)
        for symbol, column in history(TOTAL).items()
    ]
    for symbol, column in history(INDEX).items():
        name = symbol.removesuffix("_px")
        bars.append(Bars(name, Basis.PRICE, tuple(column), tuple(column.values()), "history", FETCHED))
    return tuple(bars), tuple(observed(series_id, column) for series_id, column in history(FRED).items())


@cache
def real(as_of: date = ARTICLE) -> ClaimInputs:
    """Everything that the real history holds on a day, with the studies, checks and verdict of that day."""
    bars, observations = _everything()
    seen = [b.until(as_of) for b in bars]
    plain = Inputs({(b.symbol, b.basis): b for b in seen}, {o.series_id: o for o in observations}, nyse(), as_of)
    legs = plain.bars["RUT", Basis.PRICE], plain.bars["SPX", Basis.PRICE]
    risk = evaluate(all_checks(), plain, {})
    return inputs(
        seen,
        observations,
        as_of,
        consensus=ARTICLE_ENTRIES,
        spreads={"RUT-SPX": spread(*legs)},
        risk=risk.groups,
        verdict=study_verdict(study_rotation(*legs, nyse()), None, risk),
    )


def spread(small: Bars, large: Bars) -> SpreadStudy:
    """The study of a pair."""
    return study_spread(Spread(f"{small.symbol}-{large.symbol}", small.symbol, large.symbol), small, large, nyse())


def about(value: float, tolerance: float = 1e-8) -> Any:
    """What equals a number but for rounding."""
    return pytest.approx(value, rel=tolerance, abs=tolerance)


def days(count: int) -> timedelta:
    """So many calendar days."""
    return timedelta(days=count)
