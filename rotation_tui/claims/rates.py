"""What the central bank did, and whether it reached those who owe (C10-C12)."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

from rotation_tui.claims.base import Claim, ClaimInputs, Definition, every, holds, near, some, told
from rotation_tui.claims.figures import aged, either, from_filings, legs, needing_first, sourced
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.figures import PEAK_YEAR
from rotation_tui.domain.inputs import Filings, Members, SeriesId
from rotation_tui.domain.wording import bare, signed
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import at, lower_end, moves_of, target_range, year_earlier, years_before

CHAPTER = "Rates"
STEP_PP = 0.25
CUTS, LOWER, UPPER = 3, 3.50, 3.75
_CENT = 0.005
_FILED = (Members("IWM"), Members("IVV"), Filings("interest"))


def _larger(measure: str, words: str, inputs: ClaimInputs) -> ClaimValue:
    """Whether small caps' figure is above the large ones', both told by hand."""
    small, large = legs(inputs, measure)
    why = f"{words} {small.value:g} vs {large.value:g}{aged(inputs, small, large)}"
    return sourced(small.value - large.value, holds(small.value > large.value), why, small, large)


def policy_finding(change: float, *, lower: float | None, upper: float, in_2025: bool) -> Finding:
    """C11: in 2025 three cuts to 3.50-3.75; in later years whether the net of all moves is below 0."""
    cuts = -round(change / STEP_PP)
    if in_2025 and cuts > 0:
        to_range = near(upper, UPPER, _CENT) and lower is not None and near(lower, LOWER, _CENT)
        return Finding.CONFIRMED if cuts == CUTS and to_range else Finding.MIXED
    if cuts == 0:
        return Finding.MIXED
    return holds(cuts > 0)


def _cuts(inputs: ClaimInputs) -> ClaimValue:
    upper = inputs.current("DFEDTARU")
    day = upper.dates[-1]
    change = upper.last - at(upper, date(day.year - 1, 12, 31))[1]
    lower = lower_end(inputs.current, day)
    finding = policy_finding(change, lower=lower, upper=upper.last, in_2025=day.year == 2025)
    moves = moves_of(upper)
    counted = moves.counted if moves and moves.counted else "no move"
    last = f", last {moves.last_bp} bp on {moves.last_day}" if moves and moves.last_day else ""
    moved = f"{counted} in {day.year}, {signed(100 * change, 0)} bp to {target_range(upper.last, lower)} %{last}"
    return told(change, finding, moved, upper)


def _lower(series_id: str, words: str, inputs: ClaimInputs) -> ClaimValue:
    line = inputs.current(series_id)
    before = year_earlier(line)
    why = f"{words} {bare(line.last, 2)} vs {bare(before, 2)} % a year ago"
    return told(line.last - before, holds(line.last < before), why, line)


def _coverage(inputs: ClaimInputs) -> ClaimValue:
    with needing_first("coverage"):
        found = from_filings(inputs, "coverage", "coverage_before")
    words = f"EBIT {bare(found.small)}x interest vs {bare(found.large)}x a year ago"
    return found.value(found.small - found.large, holds(found.small > found.large), words)


def _passed_on(inputs: ClaimInputs) -> ClaimValue:
    """What of the policy rate's change since the year of its peak has come into the effective rate."""
    with needing_first("pass-through"):
        found = from_filings(inputs, "rate_since_peak")
        policy = inputs.series("DFEDTARU")
        mean = [fmean(v for day, v in policy if low < day <= high) for low, high in _year_and_peak(found.as_of, policy)]
    change = mean[0] - mean[1]
    if abs(change) < STEP_PP:
        raise NotKnown(f"pass-through: the policy rate is where it was in {PEAK_YEAR}")
    small, large = found.small / change, found.large / change
    words = f"pass-through {small:.2f} vs {large:.2f} of {signed(change, 2)} pp since {PEAK_YEAR}"
    return found.value(small - large, holds(small > large), words)


def _year_and_peak(end: date, policy: Line) -> tuple[tuple[date, date], ...]:
    """The twelve months up to a day and the year of the peak; NotKnown where the series does not reach back so far."""
    peak = date(PEAK_YEAR - 1, 12, 31), date(PEAK_YEAR, 12, 31)
    if policy.dates[0] > peak[1] or policy.dates[-1] < end - timedelta(days=7):
        raise NotKnown(f"needs DFEDTARU of {PEAK_YEAR} to {end}")
    return (years_before(end, 1), end), peak


def _lending(inputs: ClaimInputs) -> ClaimValue:
    line = inputs.current("DRTSCIS")
    return told(line.last, holds(line.last <= 0), f"banks tightening {signed(line.last)} %", line)


CLAIMS: Sequence[Claim] = (
    Claim(
        "C10", CHAPTER, "Small caps carry more floating-rate debt", "about 30-41 % vs 6 %",
        (
            Definition("SHARE", "share of floating-rate debt, small above large, by hand", "pp",
                       lambda inputs: _larger("floating_share", "floating %", inputs)),
            Definition("PASS", "change of the effective rate by change of the policy rate, small above large", "",
                       either(_passed_on, lambda inputs: _larger("pass_through", "pass-through", inputs))),
        ),
        inputs=(SeriesId("DFEDTARU"), *_FILED),
        combine=every(),
        rule="both the share and the pass-through are larger for small caps",
        unit="pp",
    ),
    Claim(
        "C11", CHAPTER, "Three Fed cuts in 2025, to 3.50-3.75 %", "3 cuts, 3.50-3.75 %",
        (Definition("CUTS", "target range against the end of the year before: three cuts in 2025, later any in net",
                    "pp", _cuts),),
        inputs=(SeriesId("DFEDTARU"), SeriesId("DFEDTARL")),
    ),
    Claim(
        "C12", CHAPTER, "Lower rates lifted the crushing weight of debt", "3 of 4 signs of relief",
        (
            Definition("POLICY", "upper end of the target range lower than a year before", "pp",
                       lambda inputs: _lower("DFEDTARU", "Fed", inputs)),
            Definition("2Y", "2-year Treasury yield lower than a year before", "pp",
                       lambda inputs: _lower("DGS2", "2y", inputs)),
            Definition("COVERAGE", "EBIT over interest of small caps, higher than a year before", "x", _coverage),
            Definition("LENDING", "banks that tighten for small firms less those that ease, at most 0", "%", _lending),
        ),
        inputs=(SeriesId("DFEDTARU"), SeriesId("DGS2"), SeriesId("DRTSCIS"), *_FILED),
        combine=some(3),
        rule="3 of 4 hold; denied once 3 cannot hold",
        unit="of 4",
    ),
)  # fmt: skip
