"""What trading the members of a fund costs, from closes, highs, lows and volumes (METHODOLOGY.md#member-liquidity)."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from rotation_tui.domain.breadth import LiquidityDay
from rotation_tui.studies.pair import Array
from rotation_tui.studies.relative_strength import YEAR, percentile

MONTH = 21
THIN_BELOW = 1e6
"""Dollars a day below which a member is hard to trade."""
_LEAST_SHARE = 0.8
_BILLION = 1e9
_DAYS = 5


def impacts_of(closes: Array, volumes: Array) -> Array:
    """Amihud's |log return| by dollars traded, per billion; NaN on first days and on days without volume."""
    found = np.full(closes.shape, np.nan)
    dollars = closes * volumes
    traded = np.where(dollars > 0, dollars, np.nan)
    found[:, 1:] = np.abs(np.diff(np.log(closes), axis=1)) / traded[:, 1:] * _BILLION
    return found


def squares_of(closes: Array, highs: Array, lows: Array) -> Array:
    """Abdi and Ranaldo's squared spread of each day and the one before, at the later one; NaN on first days."""
    found = np.full(closes.shape, np.nan)
    middles, logs = (np.log(highs) + np.log(lows)) / 2, np.log(closes)
    found[:, 1:] = 4 * (logs - middles)[:, :-1] * (logs[:, :-1] - middles[:, 1:])
    return found


def means_of(daily: Array, n: int) -> Array:
    """Mean of `n` days at each one; NaN where fewer than four in five are known."""
    found = np.full(daily.shape, np.nan)
    for end in range(n, daily.shape[1] + 1):  # a window at a time: all of them at once take n times the room
        window = daily[:, end - n : end]
        count = (~np.isnan(window)).sum(axis=1)
        known = count >= _LEAST_SHARE * n
        found[known, end - 1] = np.nansum(window[known], axis=1) / count[known]
    return found


def liquidity_of(
    dates: Sequence[date],
    closes: Array,
    beside: tuple[Array | None, Array | None, Array | None],
    weights: Array,
    least: float,
) -> tuple[LiquidityDay, ...]:
    """Of the last days; none where nothing is told `beside` the closes: highs, lows and volumes.

    A row a member, NaN is unknown; a day of which fewer than `least` members are known says nothing.
    """
    highs, lows, volumes = beside
    blank = np.full(len(dates), np.nan)
    impacts, spreads = blank, blank
    if volumes is not None:
        impacts = _middle(means_of(impacts_of(closes, volumes), MONTH), least)
    if highs is not None and lows is not None:
        # the mean of daily roots: the root of the mean is 0 in every other month, and nothing can be told against it
        daily = np.sqrt(np.maximum(squares_of(closes, highs, lows), 0))
        spreads = _middle(100 * means_of(daily, MONTH - 1), least)
    if volumes is None and (highs is None or lows is None):
        return ()
    found = []
    for end in range(max(1, len(dates) - _DAYS + 1), len(dates) + 1):
        impact, spread = float(impacts[end - 1]), float(spreads[end - 1])
        year, usual = _year(impacts, end), float(np.median(_year(spreads, end)))
        rank = None if np.isnan(year).any() else percentile(year, impact)
        thin = np.nan if volumes is None else _thin(closes[:, :end] * volumes[:, :end], weights, least)
        ratio = spread / usual if usual > 0 else np.nan
        found.append(LiquidityDay(dates[end - 1], _told(impact), rank, _told(spread), _told(ratio), _told(thin)))
    return tuple(found)


def _middle(values: Array, least: float) -> Array:
    """The median of the members on each day that enough of them have."""
    found = np.full(values.shape[1], np.nan)
    enough = (~np.isnan(values)).sum(axis=0) >= least
    if enough.any():
        found[enough] = np.nanmedian(values[:, enough], axis=0)
    return found


def _thin(dollars: Array, weights: Array, least: float) -> float:
    """Percent of the weight that trades less than it should, by the median of the last month."""
    month = dollars[:, -MONTH:]
    known = (~np.isnan(month)).sum(axis=1) >= _LEAST_SHARE * MONTH
    if known.sum() < least or not weights[known].sum() > 0:
        return float("nan")
    thin = np.nanmedian(month[known], axis=1) < THIN_BELOW
    return float(100 * weights[known][thin].sum() / weights[known].sum())


def _year(daily: Array, end: int) -> Array:
    """The 252 days up to `end`, unknown where there are not so many."""
    return daily[end - YEAR : end] if end >= YEAR else np.full(1, np.nan)


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
