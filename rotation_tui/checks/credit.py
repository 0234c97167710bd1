"""Credit: what weak borrowers pay, and what trades with them."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Origin, SeriesFunction
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line
from rotation_tui.evidence.measures import QUARTER, TWO_YEARS, freshest

_THREE_YEARS = 756
_DAYS_OF_A_YEAR = 365.25


def _high_yield(inputs: Inputs) -> Line:
    line = inputs.series("BAMLH0A0HYM2")
    if len(line) <= QUARTER:
        return line
    return line.noted(f" · {signed(100.0 * line.change(QUARTER).last, 0)} in 63d")


def _high_yield_change(inputs: Inputs) -> Line:
    return inputs.series("BAMLH0A0HYM2").change(QUARTER).map(lambda change: round(change, 4))


def _tail(inputs: Inputs) -> Line:
    gap = inputs.series("BAMLH0A3HYC").minus(inputs.series("BAMLH0A1HYBB"))
    first, last = gap.dates[-_THREE_YEARS:][0], gap.dates[-1]
    limited = any(inputs.known(series_id).complete_since is not None for series_id in ("BAMLH0A3HYC", "BAMLH0A1HYBB"))
    years = f"{(last - first).days / _DAYS_OF_A_YEAR:.1f}y{', all there is' if limited else ''}"
    return gap.percentile(_THREE_YEARS, least=TWO_YEARS).noted(years)


def _proxy(bonds: str) -> SeriesFunction:
    def ratio(inputs: Inputs) -> Line:
        high_yield, safer = inputs.together("HYG", bonds)
        return high_yield.over(safer).against_mean(50).noted(f"HYG/{bonds}")

    return ratio


def _live_proxy(inputs: Inputs) -> Line:
    return freshest(inputs, _proxy("IEI"), _proxy("LQD"))


def _regional_banks(inputs: Inputs) -> Line:
    banks, market = inputs.together("KRE", "SPY")
    return banks.over(market).below_high(126)


CHECKS: Sequence[Check] = (
    Check(
        id="C1",
        title="High-yield spread",
        inputs=(SeriesId("BAMLH0A0HYM2"),),
        formula="ICE BofA US high-yield option-adjusted spread, level",
        unit="%",
        watch=4.5,
        alert=6.0,
        series=_high_yield,
        why=lambda value, note: f"HY {100.0 * value:.0f}bp{note}",
        origin=Origin.MEASURED,
        reference="1999-2025 median 4.67, q80 6.90",
    ),
    Check(
        id="C2",
        title="High-yield spread change",
        inputs=(SeriesId("BAMLH0A0HYM2"),),
        formula="change of the high-yield spread in 63 observations",
        unit="pp",
        watch=0.75,
        alert=1.25,
        series=_high_yield_change,
        why=lambda value, _: f"HY {signed(100.0 * value, 0)}bp in 63d",
        origin=Origin.MEASURED,
        reference="1999-2025 q80 0.53, q90 1.24",
    ),
    Check(
        id="C3",
        title="Tail credit",
        inputs=(SeriesId("BAMLH0A3HYC"), SeriesId("BAMLH0A1HYBB")),
        formula="spread of CCC less that of BB bonds, percentile of up to 3 years: FRED keeps no more of them",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_tail,
        why=lambda value, note: f"CCC−BB p{value:.0f} of {note}",
    ),
    Check(
        id="C4",
        title="Live credit proxy",
        inputs=(Symbol("HYG"), Symbol("IEI"), Symbol("LQD")),
        formula="HYG over IEI (or LQD), total return, against its 50-session mean",
        unit="%",
        watch=-1.0,
        alert=-2.5,
        higher_is_worse=False,
        strict=True,
        series=_live_proxy,
        why=lambda value, note: f"{note} {signed(value)}% vs 50d mean",
    ),
    Check(
        id="C5",
        title="Regional banks",
        inputs=(Symbol("KRE"), Symbol("SPY")),
        formula="KRE over SPY, total return, below its 126-session high",
        unit="%",
        watch=-10.0,
        alert=-20.0,
        higher_is_worse=False,
        series=_regional_banks,
        why=lambda value, _: f"KRE/SPY {signed(value)}% from 126d high",
        reference="March 2023 was of this kind",
    ),
    Check(
        id="C6",
        title="Credit conditions",
        inputs=(SeriesId("NFCICREDIT"),),
        formula="Chicago Fed credit subindex, level",
        unit="index",
        watch=0.0,
        alert=0.5,
        series=lambda inputs: inputs.series("NFCICREDIT"),
        why=lambda value, _: f"credit subindex {signed(value, 2)}",
        origin=Origin.SOURCED,
        reference="Chicago Fed: 0 is the average",
    ),
)
