"""Credit: what weak borrowers pay, and what trades with them."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Origin
from rotation_tui.checks.line import Line
from rotation_tui.checks.wording import signed

_QUARTER = 63


def _high_yield(inputs: Inputs) -> Line:
    line = inputs.series("BAMLH0A0HYM2")
    if len(line) <= _QUARTER:
        return line
    return line.noted(f" · {signed(100.0 * line.change(_QUARTER).last, 0)} in 63d")


CHECKS: Sequence[Check] = (
    Check(
        id="C1",
        title="High-yield spread",
        inputs=("BAMLH0A0HYM2",),
        formula="ICE BofA US high-yield option-adjusted spread, level",
        unit="%",
        watch=4.5,
        alert=6.0,
        series=_high_yield,
        why=lambda value, note: f"HY {100.0 * value:.0f}bp{note}",
        origin=Origin.MEASURED,
        reference="1999-2025 median 4.67, q80 6.90",
    ),
)
