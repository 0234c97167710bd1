"""What the members of an index are measured by: cost of trading, concentration, dispersion.

Checks of members are read off studies of many of them at once, which come to the same.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean, median, quantiles, stdev
from typing import NamedTuple

LEAST_BARS = 3
"""Bars without which there is no estimate of a spread."""

HighLowClose = tuple[float, float, float]
OpenHighLowClose = tuple[float, float, float, float]


class RangeSpread(NamedTuple):
    """Abdi and Ranaldo's spread as a share: from the mean over the days, and as the mean of two-day estimates."""

    monthly: float
    two_day: float


def range_spread(bars: Sequence[HighLowClose]) -> RangeSpread | None:
    """Bid-ask spread from closes and the middles of the ranges around them; None with fewer than 3 bars.

    4 (c - e)(c - e') with c the logarithm of a close and e, e' the middles of its day and the next; negative means
    and, for the second estimate, negative days count as 0. Abdi and Ranaldo, RFS 2017
    (METHODOLOGY.md#member-range-spread).
    """
    squares = squared_spreads(bars)
    if len(bars) < LEAST_BARS:
        return None
    return RangeSpread(math.sqrt(max(0.0, fmean(squares))), fmean(math.sqrt(max(0.0, s)) for s in squares))


def squared_spreads(bars: Sequence[HighLowClose]) -> list[float]:
    """The squared spread of each day but the last, which may be negative."""
    middles = [(math.log(high) + math.log(low)) / 2 for high, low, _ in bars]
    closes = [math.log(close) for _, _, close in bars]
    return [4 * (c - e) * (c - after) for c, e, after in zip(closes, middles, middles[1:], strict=False)]


def edge(bars: Sequence[OpenHighLowClose]) -> float | None:
    """Signed bid-ask spread as a share by the EDGE estimator; None where bars are few or say nothing.

    Ardia, Guidotti and Kroencke, JFE 2024; as `bidask` 2.1.0, whose answer is the absolute value. A negative
    one is a spread too small to be seen (METHODOLOGY.md#member-edge).
    """
    if len(bars) < LEAST_BARS:
        return None
    logs = [tuple(map(math.log, bar)) for bar in bars]
    days = [_EdgeDay.of(before, day) for before, day in pairwise(logs)]
    trades = [day.trades for day in days]
    share = fmean(trades)
    at_open = fmean(d.trades * (d.open_off_high + d.open_off_low) for d in days)
    at_close = fmean(d.trades * (d.close_off_high + d.close_off_low) for d in days)
    if sum(trades) < 2 or not at_open or not at_close:
        return None

    def centred(of: Callable[[_EdgeDay], float]) -> list[float]:
        mean = fmean(map(of, days)) / share
        return [of(day) - mean * day.trades for day in days]

    d1, d3, d5 = centred(lambda d: d.r1), centred(lambda d: d.r3), centred(lambda d: d.r5)
    rows = list(zip(days, d1, d3, d5, strict=True))
    first = [-4 / at_open * a * day.r2 - 4 / at_close * b * day.r4 for day, a, b, _ in rows]
    second = [-4 / at_open * a * day.r5 - 4 / at_close * c * day.r4 for day, a, _, c in rows]
    square = _weighted(first, second)
    return math.copysign(math.sqrt(abs(square)), square)


class _EdgeDay(NamedTuple):
    """Log returns between the prices and middles of two days, and what of the day was off its extremes."""

    r1: float
    r2: float
    r3: float
    r4: float
    r5: float
    trades: bool
    open_off_high: bool
    open_off_low: bool
    close_off_high: bool
    close_off_low: bool

    @classmethod
    def of(cls, before: tuple[float, ...], day: tuple[float, ...]) -> "_EdgeDay":
        _, high1, low1, close1 = before
        opened, high, low, _ = day
        middle, middle1 = (high + low) / 2, (high1 + low1) / 2
        return cls(
            middle - opened, opened - middle1, middle - close1, close1 - middle1, opened - close1,
            high != low or low != close1, opened != high, opened != low, close1 != high1, close1 != low1,
        )  # fmt: skip


def _weighted(first: Sequence[float], second: Sequence[float]) -> float:
    """Mean of both estimates, each weighted by the other's variance."""
    (e1, v1), (e2, v2) = ((fmean(x), fmean(n * n for n in x) - fmean(x) ** 2) for x in (first, second))
    return (v2 * e1 + v1 * e2) / (v1 + v2) if v1 + v2 > 0 else (e1 + e2) / 2


class Concentration(NamedTuple):
    """How much the largest weigh, in percent; the Herfindahl index of weights as shares; the names it amounts to."""

    top: float
    herfindahl: float
    effective: float


def concentration(weights: Sequence[float], top: int = 10) -> Concentration | None:
    """Of weights in percent (METHODOLOGY.md#member-concentration); None where none is above 0."""
    held = sorted((weight for weight in weights if weight > 0), reverse=True)
    if not held:
        return None
    herfindahl = math.fsum((weight / 100) ** 2 for weight in held)
    return Concentration(math.fsum(held[:top]), herfindahl, 1 / herfindahl)


class Dispersion(NamedTuple):
    """Spread of members' returns about each other, in their unit; `known` is of how many."""

    deviation: float
    quartile_range: float
    absolute: float
    known: int


def dispersion(returns: Sequence[float | None]) -> Dispersion | None:
    """Standard deviation, range between quartiles and median absolute deviation; None with fewer than 2 known.

    METHODOLOGY.md#member-dispersion.
    """
    known = [value for value in returns if value is not None]
    if len(known) < 2:
        return None
    low, _, high = quantiles(known, n=4, method="inclusive")
    centre = median(known)
    return Dispersion(stdev(known), high - low, median(abs(value - centre) for value in known), len(known))
