"""Measures of one leg against another on arrays of completed closes (METHODOLOGY.md#spreads).

Arrays are float64 with NaN for unknown and have the length of their input. A single answer is None where
the window is not full enough or nothing varies; standard deviations have ddof 1.
"""

from math import sqrt

import numpy as np

from rotation_tui.domain.results import Breakout, YearExtreme
from rotation_tui.studies.pair import Array

FLAT = 1e-12
"""A standard deviation below this is zero with rounding errors."""
FULL_ENOUGH = 0.8
"""Share of a window that must be known for a correlation, a beta or a tracking volatility."""
YEAR = 252
"""Sessions of a year, by which daily volatility is told for a year."""


def rolling_mean(values: Array, n: int) -> Array:
    """Mean of the last `n` values at every row; the first n - 1 rows are NaN. `values` hold no NaN."""
    out = np.full(len(values), np.nan)
    if len(values) >= n:
        # A running sum instead of a mean a row; at 10,000 rows its rounding stays below 1e-12.
        sums = np.concatenate(([0.0], np.cumsum(values)))
        out[n - 1 :] = (sums[n:] - sums[:-n]) / n
    return out


def z_score(values: Array, n: int, minimum: int | None = None) -> float | None:
    """Distance of the last value from the mean of the last `n` (itself included), in standard deviations.

    None where the last value is unknown, fewer than `minimum` (default `n`) are known, or all are equal.
    """
    window = values[-n:]
    known = window[~np.isnan(window)]
    if len(window) == 0 or np.isnan(window[-1]) or len(known) < max(minimum or n, 2):
        return None
    sd = known.std(ddof=1)
    return None if sd < FLAT else float((window[-1] - known.mean()) / sd)


def percentile(history: Array, x: float) -> float | None:
    """Mid-rank percentile of `x` in `history`, which contains it: 100 (#below + half of #equal) / n."""
    known = history[~np.isnan(history)]
    if len(known) == 0 or np.isnan(x):
        return None
    return float(100 * ((known < x).sum() + 0.5 * (known == x).sum()) / len(known))


def drawdown_series(values: Array) -> Array:
    """Distance from the highest value so far in percent, zero or below, at every row."""
    down: Array = (values / np.maximum.accumulate(values) - 1) * 100
    return down


def year_extreme(values: Array, n: int = YEAR) -> YearExtreme:
    """Whether the last of `values`, which hold no NaN, is an extreme of `n` (METHODOLOGY.md#stat-extreme)."""
    window = values[-n:]
    if len(window) < n:
        return YearExtreme.UNKNOWN
    low, high = window.min(), window.max()
    if low == high or low < window[-1] < high:
        return YearExtreme.INSIDE
    return YearExtreme.HIGH if window[-1] == high else YearExtreme.LOW


def distance_from_mean(values: Array, n: int) -> Array:
    """Distance from the mean of the last `n` values in percent, at every row."""
    distance: Array = (values / rolling_mean(values, n) - 1) * 100
    return distance


def breakout_states(values: Array, n: int = 200, buffer: float = 0.01, closes: int = 3) -> list[Breakout]:
    """Where each row stands against the mean of `n`: sticky, changed by `closes` rows beyond the buffer.

    The first row beyond the buffer sets the state directly; before it the state is UNKNOWN.
    """
    mean = rolling_mean(values, n)
    # NaN compares false, so that rows without a full mean count as inside the buffer.
    sides = (values > mean * (1 + buffer)).astype(int) - (values < mean * (1 - buffer)).astype(int)
    state, run, before = Breakout.UNKNOWN, 0, 0
    states: list[Breakout] = []
    for side in sides.tolist():
        run = run + 1 if side == before else 1
        before = side
        if side and (run >= closes or state is Breakout.UNKNOWN):
            state = Breakout.ABOVE if side > 0 else Breakout.BELOW
        states.append(state)
    return states


def correlation(x: Array, y: Array, minimum: int) -> float | None:
    """Pearson correlation of the rows known on both sides."""
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if len(x) < max(minimum, 2) or x.std(ddof=1) < FLAT or y.std(ddof=1) < FLAT:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))


def beta(small: Array, large: Array, minimum: int) -> float | None:
    """Covariance over the variance of large, of the rows known on both sides."""
    both = ~(np.isnan(small) | np.isnan(large))
    small, large = small[both], large[both]
    if len(large) < max(minimum, 2) or large.std(ddof=1) < FLAT:
        return None
    return float(np.cov(small, large, ddof=1)[0, 1] / large.var(ddof=1))


def log_margin(small: Array, large: Array, slope: float = 1.0) -> float:
    """ln of what small made from the first to the last row, less `slope` times ln of what large made.

    With the beta of the two it is the beta-adjusted margin (METHODOLOGY.md#stat-beta-adjusted), with 1 the plain one
    in the same logs.
    """
    return float(np.log(small[-1] / small[0]) - slope * np.log(large[-1] / large[0]))


def tracking_volatility(small: Array, large: Array, minimum: int) -> float | None:
    """Standard deviation of daily returns of small less large, for a year; in their unit."""
    apart = small - large
    apart = apart[~np.isnan(apart)]
    if len(apart) < max(minimum, 2):
        return None
    sd = apart.std(ddof=1)
    return None if sd < FLAT else float(sd * sqrt(YEAR))


def vol_adjusted(spread: float, volatility: float, n: int) -> float:
    """A spread over `n` sessions in yearly tracking volatilities of the same unit, scaled to those sessions."""
    return spread / (volatility * sqrt(n / YEAR))


def streaks(differences: Array) -> Array:
    """Length of the run of one sign that ends at each row, with that sign; zero ends a run.

    Unknown rows are left out, so that the result may be shorter than its input. Differences below 1e-9
    count as zero.
    """
    signs = np.sign(np.round(differences[~np.isnan(differences)], 9))
    rows = np.arange(len(signs), dtype=np.float64)
    starts = np.concatenate(([True], signs[1:] != signs[:-1]))[: len(signs)]
    first = np.maximum.accumulate(np.where(starts, rows, 0.0))
    lengths: Array = (rows - first + 1) * signs
    return lengths


def in_deviations(changes: Array, window: int = 252) -> float | None:
    """The last of `changes`, in standard deviations of the `window` before it.

    It is not among them, so that it does not measure itself. None without a full window, of which 80 % are known.
    """
    before = changes[-1 - window : -1]
    known = before[~np.isnan(before)]
    if len(before) < window or len(known) < FULL_ENOUGH * window or np.isnan(changes[-1]):
        return None
    sd = known.std(ddof=1)
    return None if sd < FLAT else float(changes[-1] / sd)
