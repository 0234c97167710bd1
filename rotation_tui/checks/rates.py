"""Rates and funding: what the central bank does, what the market expects, what borrowers pay."""

import operator
from collections.abc import Sequence

from rotation_tui.checks.base import Check, CheckKind, Inputs, Origin
from rotation_tui.domain.inputs import Filings, Members, SeriesId, Symbol
from rotation_tui.domain.reading import LINE_WIDTH, Level
from rotation_tui.domain.wording import bare, signed
from rotation_tui.evidence.line import Line, is_no_relation
from rotation_tui.evidence.measures import (
    QUARTER,
    Moves,
    lower_end,
    market_path,
    moves_of,
    since_year_start,
    target_range,
    yield_digits,
)

_STEP = 0.25


def moves_of_a_quarter(change: float) -> int:
    """How many moves of 25 bp a change of the policy rate is; cuts are negative."""
    return round(change / _STEP)


def _policy_flag(change: float) -> Level:
    moves = moves_of_a_quarter(change)
    return Level.ALERT if moves > 0 else Level.WATCH if moves == 0 else Level.OK


def _policy(inputs: Inputs) -> Line:
    upper = inputs.series("DFEDTARU")
    line = since_year_start(upper)
    target = target_range(upper.last, lower_end(inputs.beside, line.dates[-1]))
    moves = moves_of(upper)
    flags = [_policy_flag(change) for change in line.values]
    return line.flagged(flags).noted(target if moves is None else policy_words(target, moves))


def _rate_beta(inputs: Inputs) -> Line:
    small, large, bonds = (line.growth(1) for line in inputs.together("IWM", "SPY", "TLT"))
    spread = small.minus(large)
    correlation = spread.correlation(bonds, QUARTER)
    beta = correlation.with_(spread.deviation(QUARTER).over(bonds.deviation(QUARTER)), operator.mul)
    unrelated = is_no_relation(correlation.last, QUARTER)
    return correlation.noted(", no relation" if unrelated else f", beta {signed(beta.last, 2)}")


def policy_words(target: str, moves: Moves) -> str:
    """The range, this year's moves both ways with their net, and the last one, in as many words as a line has."""
    last = moves.last_day
    if not moves.counted:
        return f"Fed at {target} since {last.day} {last:%b %Y}" if last else f"Fed {target}, no move this year"
    briefly = f"{moves.counted} to {target}"
    told = f"{moves.counted}, {moves.net_bp}bp to {target}" if moves.net_bp else briefly
    dated = f"{told}, {last.day} {last:%b}" if last else told
    return next((words for words in (dated, told) if len(words) <= LINE_WIDTH), briefly)


CHECKS: Sequence[Check] = (
    Check(
        id="F1",
        title="Policy rate this year",
        inputs=(SeriesId("DFEDTARU"), SeriesId("DFEDTARL")),
        formula="upper end of the target range less its last value of the year before",
        unit="pp",
        watch=0.0,
        alert=0.25,
        series=_policy,
        why=lambda _, told: told,
        kind=CheckKind.FLAG,
        reference="the thesis needs cuts; in net none is WATCH, a rise is ALERT",
    ),
    Check(
        id="F2",
        title="Market path",
        inputs=(SeriesId("DGS2"), SeriesId("DFEDTARU"), SeriesId("DFEDTARL")),
        formula="2-year Treasury yield less the middle of the target range",
        unit="pp",
        watch=0.25,
        alert=0.75,
        series=market_path,
        why=lambda value, _: f"2y {signed(value, 2)}pp vs policy rate",
        reference="about one and three rises of 25 bp",
    ),
    Check(
        id="F3",
        title="Long-rate shock",
        inputs=(SeriesId("DGS10"),),
        formula="change of the 10-year Treasury yield in 63 observations",
        unit="pp",
        watch=0.55,
        alert=0.75,
        series=lambda inputs: inputs.series("DGS10").change(QUARTER).map(yield_digits),
        why=lambda value, _: f"10y {signed(value, 2)}pp in 63d",
        origin=Origin.MEASURED,
        reference="1999-2025 q90 0.57, q95 0.76",
    ),
    Check(
        id="F4",
        title="Real rate",
        inputs=(SeriesId("DFII10"),),
        formula="10-year inflation-indexed Treasury yield, level",
        unit="%",
        watch=2.2,
        alert=2.5,
        series=lambda inputs: inputs.series("DFII10"),
        why=lambda value, _: f"10y real yield {bare(value, 2)}%",
        origin=Origin.MEASURED,
        reference="2003-2025 q90 2.20, q95 2.36",
    ),
    Check(
        id="F5",
        title="Interest not covered",
        inputs=(Members("IWM"), Filings("operating income"), Filings("interest")),
        formula="share of interest payers with EBIT below interest, without financials and real estate",
        series=lambda inputs: inputs.line_of("IWM", "short_of_interest"),
        unit="%",
        watch=25.0,
        alert=35.0,
        why=lambda value, _: f"{value:.0f}% earn less than interest",
        origin=Origin.SOURCED,
        reference="404 of 1,981 firms in 2018",
    ),
    Check(
        id="F6",
        title="Interest rate paid",
        inputs=(Members("IWM"), Filings("interest"), Filings("debt")),
        formula="interest of twelve months over average debt of the Russell 2000, without financials and real estate",
        series=lambda inputs: inputs.line_of("IWM", "effective_rate"),
        unit="%",
        watch=6.0,
        alert=7.0,
        why=lambda value, _: f"small caps pay {value:.1f}%",
        origin=Origin.SOURCED,
        reference="7.1 in 2024, highest since 2003",
    ),
    Check(
        id="F7",
        title="Rate beta",
        inputs=(Symbol("IWM"), Symbol("SPY"), Symbol("TLT")),
        formula="63-session correlation and beta of daily IWM less SPY total returns with TLT",
        unit="corr",
        series=_rate_beta,
        why=lambda value, note: f"vs TLT corr {signed(value, 2)}{note}",
        kind=CheckKind.INFO,
        reference="information only",
    ),
)
