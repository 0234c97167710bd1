"""Home field: where revenues come from, the dollar and tariffs (C24-C26)."""

from collections.abc import Sequence
from math import fsum

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, holds, told
from rotation_tui.claims.figures import SMALL
from rotation_tui.claims.pairs import index_pair
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line, NotKnown, is_no_relation, least_relation, mid_rank
from rotation_tui.evidence.measures import MONTH, QUARTER, TEN_YEARS_OF_MONTHS, YEAR, tail

CHAPTER = "Home"
EXPOSED_BELOW = -0.1
TENSE_PERCENTILE = 80.0
LEAST_MONTHS = 8
_ROWS_OF_TEN_YEARS = 2700


def _domestic(inputs: ClaimInputs) -> ClaimValue:
    """By hand and of any age: where revenue comes from moves slowly and nobody publishes it."""
    known = [e for e in inputs.consensus if e.measure == "domestic_revenue" and e.as_of <= inputs.today]
    small = [e for e in known if e.index == SMALL]
    large = [e for e in known if e.index != SMALL]
    if not small:
        raise NotKnown(f"needs a [[consensus]] entry {SMALL} domestic_revenue")
    newest = max(small, key=lambda e: e.as_of)
    versus = f" vs {max(large, key=lambda e: e.as_of).value:g} % of the S&P 500" if large else ""
    why = f"about {newest.value:g} % of revenue at home{versus}, as told {newest.as_of}"
    return ClaimValue(newest.value, newest.as_of, Finding.STATIC, why, newest.source)


def dollar_finding(correlation: float, days: int) -> Finding:
    """C25: insulated from 0 on, exposed below −0.1; neither between them, nor where so many days show no relation."""
    if is_no_relation(correlation, days):
        return Finding.MIXED
    if correlation >= 0:
        return Finding.CONFIRMED
    return Finding.DENIED if correlation < EXPOSED_BELOW else Finding.MIXED


def _moves(inputs: ClaimInputs) -> tuple[Line, Line]:
    """Daily returns of IWM less SPY and of UUP on their common sessions."""
    small, large, dollar = inputs.together("IWM", "SPY", "UUP", rows=YEAR + QUARTER)
    return inputs.fresh(small.growth(1).minus(large.growth(1))), inputs.fresh(dollar.growth(1))


def _dollar(window: int, inputs: ClaimInputs) -> ClaimValue:
    spread, dollar = _moves(inputs)
    line = tail(spread, window).correlation(dollar, window)
    beta = line.last * tail(spread, window).deviation(window).last / tail(dollar, window).deviation(window).last
    words = f"a {'strong' if line.last < 0 else 'weak'} dollar hurts small caps"
    if is_no_relation(line.last, window):
        words = f"no relation, under {least_relation(window):.2f}"
    why = f"ρ{window} {signed(line.last, 2)}, β {signed(beta, 2)}: {words}"
    return told(line.last, dollar_finding(line.last, window), why, line)


def tension_finding(difference: float, months: int) -> Finding:
    """C26: more margin in tense months, of which there must be eight."""
    return Finding.UNKNOWN if months < LEAST_MONTHS else holds(difference > 0)


def _tariffs(inputs: ClaimInputs) -> ClaimValue:
    tension = tail(inputs.current("EPUTRADE"), TEN_YEARS_OF_MONTHS)
    small, large, pair = index_pair(inputs, rows=_ROWS_OF_TEN_YEARS)
    margin = small.growth(MONTH).minus(large.growth(MONTH))
    ends = {(day.year, day.month): value for day, value in margin}
    ordered = sorted(tension.values)
    tense: list[float] = []
    calm: list[float] = []
    for day, value in tension:
        spread = ends.get((day.year, day.month))
        if spread is not None:
            high = mid_rank(ordered, value) >= TENSE_PERCENTILE
            (tense if high else calm).append(spread)
    if not tense or not calm:
        raise NotKnown(f"needs {LEAST_MONTHS} tense months, have {len(tense)}")
    difference = fsum(tense) / len(tense) - fsum(calm) / len(calm)
    why = f"{pair} {signed(difference)} pp a month in {len(tense)} tense months against {len(calm)} others"
    return told(difference, tension_finding(difference, len(tense)), why, tension, margin)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C24", CHAPTER, "Revenues come in their vast majority from home", "about 80 % vs 60 %",
        (Definition("REVENUE", "share of domestic revenue as told, not measured", "%", _domestic),),
    ),
    Claim(
        "C25", CHAPTER, "Small caps are insulated from the dollar", "correlation ≥ 0",
        (
            Definition("RHO252", "correlation of daily IWM less SPY with UUP, 252 sessions: insulated from 0, no "
                       "relation under 2/√n", "corr",
                       lambda inputs: _dollar(YEAR, inputs)),
            Definition("RHO63", "the same over 63 sessions", "corr", lambda inputs: _dollar(QUARTER, inputs)),
        ),
        inputs=(Symbol("IWM"), Symbol("SPY"), Symbol("UUP")),
    ),
    Claim(
        "C26", CHAPTER, "Tariffs give small caps the home-field advantage", "more margin in tense months, n ≥ 8",
        (Definition("TENSION", "mean 21-session spread in months of trade uncertainty from p80 on, less other months",
                    "pp", _tariffs),),
        inputs=(SeriesId("EPUTRADE"), Symbol("RUT"), Symbol("SPX"), Symbol("IWM"), Symbol("SPY")),
    ),
)  # fmt: skip
