"""Volatility: what protection costs, for large and for small caps."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Origin
from rotation_tui.domain.inputs import Symbol
from rotation_tui.evidence.line import Line
from rotation_tui.evidence.measures import MONTH, RVX, TWO_YEARS, VIX, rvx, vix


def _small_cap_premium(inputs: Inputs) -> Line:
    return rvx(inputs).minus(vix(inputs)).percentile(TWO_YEARS)


def _realised(inputs: Inputs) -> Line:
    small, large = (line.log_returns().deviation(MONTH) for line in inputs.together("IWM", "SPY"))
    return small.over(large)


CHECKS: Sequence[Check] = (
    Check(
        id="V1",
        title="VIX",
        inputs=VIX,
        formula="Cboe volatility index, last close",
        unit="index",
        watch=20.0,
        alert=30.0,
        series=vix,
        why=lambda value, _: f"VIX {value:.1f}",
        origin=Origin.MEASURED,
        reference="1999-2025 q80 25.0, q90 29.6",
    ),
    Check(
        id="V2",
        title="Small-cap premium",
        inputs=(*RVX, *VIX),
        formula="RVX less VIX, percentile of 504 days",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_small_cap_premium,
        why=lambda value, _: f"RVX less VIX p{value:.0f} of two years",
        reference="own history",
    ),
    Check(
        id="V3",
        title="Volatility ratio",
        inputs=(Symbol("IWM"), Symbol("SPY")),
        formula="standard deviation of 21 daily log total returns, IWM over SPY",
        unit="ratio",
        watch=1.72,
        alert=2.10,
        series=_realised,
        why=lambda value, _: f"small/large volatility {value:.2f}",
        origin=Origin.MEASURED,
        reference="2007-2026 median 1.39, q80 1.72, q95 2.10",
    ),
    Check(
        id="V4",
        title="Term structure",
        inputs=(Symbol("VIX"), Symbol("VIX3M")),
        formula="VIX over VIX3M",
        unit="ratio",
        watch=0.95,
        alert=1.00,
        series=lambda inputs: inputs.closes("VIX").over(inputs.closes("VIX3M")),
        why=lambda value, _: f"VIX/VIX3M {value:.2f}",
        reference="from 1 on the curve is inverted",
    ),
)
