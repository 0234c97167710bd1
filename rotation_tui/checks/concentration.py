"""Concentration: whether a few giants carry the market."""

from collections.abc import Sequence

from rotation_tui.checks.base import LEAST_OWN, TEN_YEARS, Check, Inputs, SeriesFunction
from rotation_tui.domain.inputs import Members, Symbol
from rotation_tui.domain.wording import signed
from rotation_tui.evidence.line import Line
from rotation_tui.evidence.measures import QUARTER, YEAR, freshest

_MEAN = 200


def _equal_weight(inputs: Inputs) -> Line:
    equal, weighted = inputs.together("RSP", "SPY", rows=TEN_YEARS + _MEAN)
    ratio = equal.over(weighted)
    over_low = 100 * (ratio.last / min(ratio.values[-YEAR:]) - 1)
    return ratio.against_mean(_MEAN).told(beside=f"{over_low:.1f} % over its lowest of {YEAR} sessions")


def _under_mean(value: float, _: str) -> str:
    return f"RSP/SPY {abs(value):.1f}% {'under' if value < 0 else 'over'} 200d"


def _lead_of(giants: str) -> SeriesFunction:
    def gap(inputs: Inputs) -> Line:
        large, small = inputs.together(giants, "IWM", rows=TEN_YEARS + QUARTER)
        return inputs.with_a_past(large.growth(QUARTER).minus(small.growth(QUARTER)), LEAST_OWN).noted(giants)

    return gap


CHECKS: Sequence[Check] = (
    Check(
        id="K1",
        title="S&P 500 top ten",
        inputs=(Members("IVV"),),
        formula="weight of the ten largest companies",
        series=lambda inputs: inputs.line_of("IVV", "top10"),
        unit="%",
        watch=35.0,
        alert=40.0,
        why=lambda value, _: f"top ten weigh {value:.1f}%",
    ),
    Check(
        id="K2",
        title="Equal weight",
        inputs=(Symbol("RSP"), Symbol("SPY")),
        formula="RSP over SPY, total return, against its 200-session mean, in standard deviations of that in "
        "its own ten years",
        unit="%",
        watch=-1.0,
        alert=-2.0,
        higher_is_worse=False,
        own_deviations=True,
        series=_equal_weight,
        why=_under_mean,
        reference="1 and 2 standard deviations",
    ),
    Check(
        id="K3",
        title="Russell 2000 top ten",
        inputs=(Members("IWM"),),
        formula="weight of the ten largest companies",
        series=lambda inputs: inputs.line_of("IWM", "top10"),
        unit="%",
        watch=6.0,
        alert=10.0,
        why=lambda value, _: f"top ten weigh {value:.1f}%",
    ),
    Check(
        id="K4",
        title="Lead of the giants",
        inputs=(Symbol("MAGS"), Symbol("XLG"), Symbol("IWM")),
        formula="63-session total return of MAGS (of XLG where that is too young) less that of IWM, in standard "
        "deviations of such differences in its own ten years",
        unit="pp",
        watch=1.0,
        alert=2.0,
        own_deviations=True,
        series=lambda inputs: freshest(inputs, _lead_of("MAGS"), _lead_of("XLG")),
        why=lambda value, note: f"{note} over IWM {signed(value)}pp",
        reference="1 and 2 standard deviations",
    ),
)
