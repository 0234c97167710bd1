"""Volatility: what protection costs, for large and for small caps."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Origin, freshest
from rotation_tui.checks.line import Line


def _vix(inputs: Inputs) -> Line:
    return freshest(inputs, lambda i: i.closes("VIX"), lambda i: i.series("VIXCLS"))


CHECKS: Sequence[Check] = (
    Check(
        id="V1",
        title="VIX",
        inputs=("VIX", "VIXCLS"),
        formula="Cboe volatility index, last close",
        unit="index",
        watch=20.0,
        alert=30.0,
        series=_vix,
        why=lambda value, _: f"VIX {value:.1f}",
        origin=Origin.MEASURED,
        reference="1999-2025 q80 25.0, q90 29.6",
    ),
)
