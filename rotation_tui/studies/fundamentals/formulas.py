"""The formulas of earnings, interest and debt, on numbers of single companies or of a basket."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

AGREE_WITHIN = 0.005
"""Two ways to twelve months agree where they differ by at most this share of the larger one."""


def price_earnings(weights: Numbers, yields: Numbers, *, profitable: bool = False) -> float | None:
    """Price over earnings of a basket: Σw / Σ(w × earnings yield), yields as shares of the price.

    `profitable` leaves out who earns nothing or less. None where the earnings of what is left are 0 or less
    (METHODOLOGY.md#quality).
    """
    if profitable:
        weights, yields = weights[yields > 0], yields[yields > 0]
    earned = float(weights @ yields)
    return float(weights.sum()) / earned if earned > 0 else None


class Unprofitable(NamedTuple):
    """Who earns nothing or less: percent of the companies, and of their weight."""

    by_count: float
    by_weight: float


def unprofitable(weights: Numbers, income: Numbers) -> Unprofitable | None:
    """None without a company."""
    if not len(income) or weights.sum() <= 0:
        return None
    losing = income <= 0
    return Unprofitable(100 * float(losing.mean()), 100 * float(weights[losing].sum() / weights.sum()))


class Growth(NamedTuple):
    """Growth in percent, None on a base of 0 or less, and the change itself, which has a meaning there too."""

    percent: float | None
    change: float


def growth(base: float, now: float) -> Growth:
    """From `base` to `now`."""
    return Growth(100 * (now / base - 1) if base > 0 else None, now - base)


def fourth_quarter(year: Numbers, first: Numbers, second: Numbers, third: Numbers) -> Numbers:
    """The quarter of which no report tells: the year less the other three."""
    return year - (first + second + third)


def by_year_to_date(year: Numbers, since: Numbers, before: Numbers) -> Numbers:
    """Twelve months by the other way: the fiscal year, and what is new of the next one less the same of this one."""
    return year + since - before


def agree(one: Numbers, other: Numbers) -> NDArray[np.bool_]:
    """Whether two ways to the same figure agree; what cannot be told does."""
    largest = np.maximum(np.abs(one), np.abs(other))
    return ~(np.abs(one - other) > AGREE_WITHIN * largest)


class Cover(NamedTuple):
    """EBIT over interest of all who pay any, and the percent of them whose EBIT is below it.

    `times` and `short` are None where nobody pays; `free` are those that pay none.
    """

    times: float | None
    short: float | None
    payers: int
    free: int


def interest_cover(ebit: Numbers, interest: Numbers) -> Cover:
    """Of companies whose EBIT and interest are both known."""
    pays = interest > 0
    count, free = int(pays.sum()), int((interest == 0).sum())
    if not count:
        return Cover(None, None, 0, free)
    times = float(ebit[pays].sum() / interest[pays].sum())
    return Cover(times, 100 * float((ebit[pays] < interest[pays]).mean()), count, free)


def effective_rate(interest: float, opening: float, closing: float) -> float | None:
    """Interest of twelve months over the mean of opening and closing debt, in percent; None without debt."""
    owed = (opening + closing) / 2
    return 100 * interest / owed if owed > 0 else None
