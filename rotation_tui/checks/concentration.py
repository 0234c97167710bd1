"""Concentration: whether a few giants carry the market."""

from collections.abc import Sequence

from rotation_tui.checks.base import Check, Inputs, Kind, Origin, SeriesFunction, freshest, not_fed
from rotation_tui.domain.line import Line
from rotation_tui.domain.results import Level
from rotation_tui.domain.wording import signed

_MEAN = 200
_YEAR = 252
_UNDER_MEAN = -1.0


def _equal_weight(inputs: Inputs) -> Line:
    equal, weighted = inputs.together("RSP", "SPY")
    ratio = equal.over(weighted)
    over_low = ratio.above_low(_YEAR)
    # The mean is known earlier than the low: the line starts where both are.
    gap = ratio.against_mean(_MEAN).with_(over_low, lambda percent, _: percent)
    flags = [equal_weight_flag(*both) for both in zip(gap.values, over_low.values, strict=True)]
    return gap.flagged(flags)


def equal_weight_flag(against_mean: float, over_low: float) -> Level:
    """ALERT at the low of a year, WATCH more than 1 % under the mean; both arguments in percent."""
    if over_low == 0.0:
        return Level.ALERT
    return Level.WATCH if against_mean < _UNDER_MEAN else Level.OK


def _under_mean(value: float, _: str) -> str:
    return f"RSP/SPY {abs(value):.1f}% {'under' if value < 0 else 'over'} 200d"


def _lead_of(giants: str) -> SeriesFunction:
    def gap(inputs: Inputs) -> Line:
        large, small = inputs.together(giants, "IWM")
        return large.growth(63).minus(small.growth(63)).noted(giants)

    return gap


CHECKS: Sequence[Check] = (
    Check(
        id="K1",
        title="Top ten of the S&P 500",
        inputs=("holdings",),
        formula="weight of the ten largest members",
        unit="%",
        watch=35.0,
        alert=40.0,
        series=not_fed("holdings"),
        why=lambda value, _: f"top ten weigh {value:.1f}%",
        fed=False,
        origin=Origin.HOUSE,
        reference="",
    ),
    Check(
        id="K2",
        title="Equal weight",
        inputs=("RSP", "SPY"),
        formula="RSP over SPY against its 200-session mean; ALERT at a 252-session low",
        unit="%",
        watch=_UNDER_MEAN,
        higher_is_worse=False,
        series=_equal_weight,
        why=_under_mean,
        kind=Kind.FLAG,
        origin=Origin.HOUSE,
        reference="",
    ),
    Check(
        id="K3",
        title="Top ten of the Russell 2000",
        inputs=("holdings",),
        formula="weight of the ten largest members",
        unit="%",
        watch=6.0,
        alert=10.0,
        series=not_fed("holdings"),
        why=lambda value, _: f"top ten weigh {value:.1f}%",
        fed=False,
        origin=Origin.HOUSE,
        reference="",
    ),
    Check(
        id="K4",
        title="Lead of the giants",
        inputs=("MAGS", "XLG", "IWM"),
        formula="63-session return of MAGS (or XLG) less that of IWM",
        unit="pp",
        watch=5.0,
        alert=10.0,
        series=lambda inputs: freshest(inputs, _lead_of("MAGS"), _lead_of("XLG")),
        why=lambda value, note: f"{note} over IWM {signed(value)}pp in 63d",
        origin=Origin.HOUSE,
        reference="",
    ),
)
