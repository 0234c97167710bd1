"""Dollar and trade: currency, tariffs and how uncertain they are."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs
from rotation_tui.domain.inputs import SeriesId, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line, is_no_relation
from rotation_tui.evidence.measures import QUARTER, TEN_YEARS_OF_MONTHS, YEAR, in_order


def _broad(inputs: Inputs) -> Line:
    return inputs.series("DTWEXBGS").growth(QUARTER).noted("dollar")


def _fund(inputs: Inputs) -> Line:
    (fund,) = inputs.together("UUP")
    return fund.growth(QUARTER).noted("UUP")


def _dollar(inputs: Inputs) -> Line:
    return in_order(inputs, _broad, _fund)


def _sensitivity(inputs: Inputs) -> Line:
    small, large, dollar = (line.growth(1) for line in inputs.together("IWM", "SPY", "UUP"))
    return small.minus(large).correlation(dollar, YEAR)


def _tariff(inputs: Inputs) -> Line:
    rate = inputs.series("B235RC1Q027SBEA").over(inputs.series("A255RC1Q027SBEA")).scaled(100.0)
    return rate.change(1).noted(f"tariff rate {rate.last:.1f}%, ")


CHECKS: Sequence[Check] = (
    Check(
        id="X1",
        title="Dollar",
        inputs=(SeriesId("DTWEXBGS"), Symbol("UUP")),
        formula="63-day change of the broad dollar index; of UUP where it is not to be had",
        unit="%",
        watch=3.0,
        alert=5.0,
        series=_dollar,
        why=lambda value, note: f"{note} {signed(value)}% in 63d",
    ),
    Check(
        id="X2",
        title="Dollar sensitivity",
        inputs=(Symbol("IWM"), Symbol("SPY"), Symbol("UUP")),
        formula="252-session correlation of daily IWM less SPY total returns with UUP",
        unit="corr",
        watch=-0.20,
        alert=-0.40,
        higher_is_worse=False,
        series=_sensitivity,
        why=lambda value, _: f"vs UUP corr {signed(value, 2)}{', no relation' * is_no_relation(value, YEAR)}",
    ),
    Check(
        id="X3",
        title="Effective tariff",
        inputs=(SeriesId("B235RC1Q027SBEA"), SeriesId("A255RC1Q027SBEA")),
        formula="customs duties over imports of goods, change in a quarter",
        unit="pp",
        watch=1.0,
        alert=3.0,
        series=_tariff,
        why=lambda value, note: f"{note}{signed(value)}pp q/q",
        confirm=1,
    ),
    Check(
        id="X4",
        title="Trade uncertainty",
        inputs=(SeriesId("EPUTRADE"),),
        formula="trade policy uncertainty index, percentile of 120 months",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=lambda inputs: inputs.series("EPUTRADE").percentile(TEN_YEARS_OF_MONTHS),
        why=lambda value, _: f"trade uncertainty p{value:.0f} of 10y",
        confirm=1,
        reference="own history",
    ),
)
