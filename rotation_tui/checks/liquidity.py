"""Liquidity: what trading small caps costs, and how much of them trades."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from rotation_tui.checks.base import Check, Inputs, Origin
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.breadth import LiquidityDay
from rotation_tui.domain.inputs import Members, Symbol, Unfed
from rotation_tui.evidence import freshness
from rotation_tui.evidence.line import Line, NotKnown
from rotation_tui.evidence.measures import MONTH, TWO_YEARS, YEAR

_LEAST_SHARE = 0.8
_BILLION = 1e9
_ROOTS = 3.0 - 2.0 * math.sqrt(2.0)


def price_impacts(closes: Sequence[float], volumes: Sequence[float | None]) -> list[float | None]:
    """Amihud's |log return| by dollars traded, per billion, for each day (METHODOLOGY.md#check-l1).

    None on the first day and on days without volume, which say nothing; 0 on a flat day with volume.
    """
    impacts: list[float | None] = [None]
    for before, close, volume in zip(closes, closes[1:], volumes[1:], strict=False):
        impacts.append(abs(math.log(close / before)) / (close * volume) * _BILLION if volume else None)
    return impacts


def mean_of_known(window: Sequence[float | None], least: int) -> float | None:
    """Mean of the known values, None where fewer than `least` are."""
    known = [value for value in window if value is not None]
    return math.fsum(known) / len(known) if known and len(known) >= least else None


def two_day_spread(before: tuple[float, float, float], day: tuple[float, float]) -> float | None:
    """Corwin and Schultz's bid-ask spread as a share, from high, low and close of a day and high and low of the next.

    A gap over night is taken out of the next day first, in logarithms (METHODOLOGY.md#check-l5). Below 0 where the
    range of two days is as wide as their trend; None where a day has no range.
    """
    (high, low, close), (next_high, next_low) = before, day
    if not 0 < low < high or not 0 < next_low < next_high:
        return None
    h0, l0, c0, h1, l1 = (math.log(price) for price in (high, low, close, next_high, next_low))
    gap = l1 - c0 if c0 < l1 else h1 - c0 if c0 > h1 else 0.0
    h1, l1 = h1 - gap, l1 - gap
    beta = (h0 - l0) ** 2 + (h1 - l1) ** 2
    gamma = (max(h0, h1) - min(l0, l1)) ** 2
    alpha = (math.sqrt(2.0 * beta) - math.sqrt(beta)) / _ROOTS - math.sqrt(gamma / _ROOTS)
    return 2.0 * (math.exp(alpha) - 1.0) / (1.0 + math.exp(alpha))


def _range_stress(inputs: Inputs) -> Line:
    bars = inputs.completed("IWM", Basis.PRICE)
    if bars.highs is None or bars.lows is None:
        raise NotKnown("needs IWM highs and lows")
    days = list(zip(bars.highs, bars.lows, bars.closes, strict=True))
    spreads: list[float | None] = [None]
    for (high, low, close), (next_high, next_low, _) in pairwise(days):
        known = None not in (high, low, next_high, next_low)
        found = two_day_spread((high or 0.0, low or 0.0, close), (next_high or 0.0, next_low or 0.0)) if known else None
        spreads.append(None if found is None else max(0.0, found))
    return _monthly(bars, spreads).percentile(TWO_YEARS)


def _monthly(bars: Bars, daily: Sequence[float | None]) -> Line:
    """Mean of 21 sessions of which four in five are known."""
    least = math.ceil(_LEAST_SHARE * MONTH)
    means = [mean_of_known(daily[end - MONTH : end], least) for end in range(MONTH, len(daily) + 1)]
    rows = [(day, m) for day, m in zip(bars.dates[MONTH - 1 :], means, strict=True) if m is not None]
    return Line.of(rows, (bars.source,), freshness.CLOSE)


def _traded(inputs: Inputs) -> tuple[Bars, Sequence[float | None]]:
    bars = inputs.completed("IWM", Basis.PRICE)
    if bars.volumes is None:
        raise NotKnown("needs IWM volume")
    return bars, bars.volumes


def _impact(inputs: Inputs) -> Line:
    bars, volumes = _traded(inputs)
    return _monthly(bars, price_impacts(bars.closes, volumes)).percentile(TWO_YEARS)


def _turnover(inputs: Inputs) -> Line:
    bars, volumes = _traded(inputs)
    days = zip(bars.dates, bars.closes, volumes, strict=True)
    rows = [(day, close * volume) for day, close, volume in days if volume]
    dollars = Line.of(rows, (bars.source,), freshness.CLOSE)
    return dollars.mean(MONTH).over(dollars.rolled(YEAR, median))


_BESIDE = Unfed("members' highs, lows, volume", "IWM")


_OfDay = Callable[[LiquidityDay], float | None]


def _of_members(value: _OfDay, measure: _OfDay, sessions: int) -> Callable[[Inputs], Line]:
    """A value of each of the last days, that rests on so many sessions of a measure.

    Where the source tells closes alone, no more holdings would help.
    """

    def series(inputs: Inputs) -> Line:
        found = None if inputs.fundamentals is None else inputs.fundamentals.breadth_of("IWM")
        if found is None or all(measure(day) is None for day in found.liquidity):
            raise NotKnown(f"needs {_BESIDE.id}")
        breadth = inputs.breadth("IWM")
        days = [(day.session, known) for day in breadth.liquidity if (known := value(day)) is not None]
        if not days or days[-1][0] != breadth.liquidity[-1].session:
            raise NotKnown(f"needs {sessions} sessions of members")
        line = Line.of(days, (breadth.source,), freshness.CLOSE)
        return line.told(beside=f"of today's sample of {breadth.sampled}, on days before as well")

    return series


CHECKS: Sequence[Check] = (
    Check(
        id="L1",
        title="Price impact of IWM",
        inputs=(Symbol("IWM"),),
        formula="21-session mean of |log return| by dollars traded (Amihud), percentile of 504",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_impact,
        why=lambda value, _: f"price impact p{value:.0f} of two years",
        origin=Origin.MEASURED,
        reference="reached in 13% and 5% of the sample",
    ),
    Check(
        id="L2",
        title="Price impact of members",
        inputs=(Members("IWM"), _BESIDE),
        formula="median over a sample of IWM's members of their 21-session mean of |log return| by dollars traded "
        "(Amihud), percentile of 252",
        series=_of_members(lambda day: day.impact_percentile, lambda day: day.impact, 273),
        unit="percentile",
        watch=80.0,
        alert=95.0,
        why=lambda value, _: f"members' price impact p{value:.0f}",
        reference="own history",
    ),
    Check(
        id="L3",
        title="Trading spread of members",
        inputs=(Members("IWM"), _BESIDE),
        formula="median over a sample of IWM's members of the bid-ask spread that 21 sessions' closes, highs and lows "
        "imply (Abdi-Ranaldo, mean of two-day estimates), over its 252-session median",
        series=_of_members(lambda day: day.spread_ratio, lambda day: day.spread_pct, 272),
        unit="ratio",
        watch=1.5,
        alert=2.0,
        why=lambda value, _: f"spreads {value:.2f}× their median",
        reference="levels are biased, ratios usable",
    ),
    Check(
        id="L4",
        title="Turnover",
        inputs=(Symbol("IWM"),),
        formula="mean dollars traded in IWM of 21 sessions over the median of 252",
        unit="ratio",
        watch=0.70,
        alert=0.50,
        higher_is_worse=False,
        strict=True,
        series=_turnover,
        why=lambda value, _: f"turnover {value:.2f}× its median",
    ),
    Check(
        id="L5",
        title="Range stress",
        inputs=(Symbol("IWM"),),
        formula="21-session mean of the spread that daily ranges of IWM imply (Corwin-Schultz), percentile of 504",
        unit="percentile",
        watch=80.0,
        alert=95.0,
        series=_range_stress,
        why=lambda value, _: f"range stress p{value:.0f} of two years",
        reference="own history",
    ),
    Check(
        id="L6",
        title="Thin names",
        inputs=(Members("IWM"), _BESIDE),
        formula="weight of members of a sample with a 21-session median turnover below $1m a day, of those known",
        series=_of_members(lambda day: day.thin_pct, lambda day: day.thin_pct, 21),
        unit="%",
        watch=5.0,
        alert=10.0,
        why=lambda value, _: f"{value:.1f}% in thin names",
    ),
)
