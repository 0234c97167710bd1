"""Volatility: what protection costs, for large and for small caps."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Origin, freshest
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.evidence.line import Line

_MONTH = 21
_TWO_YEARS = 504


def _vix(inputs: Inputs) -> Line:
    return freshest(inputs, lambda i: i.closes("VIX"), lambda i: i.series("VIXCLS"))


def _rvx(inputs: Inputs) -> Line:
    return freshest(inputs, lambda i: i.closes("RVX"), lambda i: i.series("RVXCLS"))


def _small_cap_premium(inputs: Inputs) -> Line:
    return _rvx(inputs).minus(_vix(inputs)).percentile(_TWO_YEARS)


def _realised(inputs: Inputs) -> Line:
    small, large = (line.log_returns().deviation(_MONTH) for line in inputs.together("IWM", "SPY"))
    return small.over(large)


CHECKS: Sequence[Check] = (
    Check(
        id="V1",
        title="VIX",
        inputs=(Symbol("VIX"), SeriesId("VIXCLS")),
        formula="Cboe volatility index, last close",
        unit="index",
        watch=20.0,
        alert=30.0,
        series=_vix,
        why=lambda value, _: f"VIX {value:.1f}",
        origin=Origin.MEASURED,
        reference="1999-2025 q80 25.0, q90 29.6",
    ),
    Check(
        id="V2",
        title="Small-cap premium",
        inputs=(Symbol("RVX"), SeriesId("RVXCLS"), Symbol("VIX"), SeriesId("VIXCLS")),
        formula="RVX less VIX, percentile of 504 days",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_small_cap_premium,
        why=lambda value, _: f"RVX less VIX p{value:.0f} of two years",
        origin=Origin.HOUSE,
        reference="own history",
    ),
    Check(
        id="V3",
        title="Realised volatility ratio",
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
        origin=Origin.HOUSE,
        reference="from 1 on the curve is inverted",
    ),
)
