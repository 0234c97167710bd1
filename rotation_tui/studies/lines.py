"""What the short lines of tables are drawn from: means of a few values each, in plain Python."""

from collections.abc import Sequence
from math import isfinite
from statistics import fmean

SESSIONS = 504
"""Closes of a line of two years."""
MEAN = 200
"""Closes of the mean that is the base line of a price or of a ratio."""
STEP = 6
"""Sessions that each value of such a base line is the mean of."""


def in_steps(values: Sequence[float], step: int) -> tuple[float | None, ...]:
    """Means of what is finite of `step` values each, None where that is nothing; the last is of the newest ones."""
    means: list[float | None] = []
    for start in range(len(values) % step, len(values), step):
        known = [value for value in values[start : start + step] if isfinite(value)]
        means.append(fmean(known) if known else None)
    return tuple(means)


def running_means(values: Sequence[float], n: int) -> list[float]:
    """The mean of the last `n` values at each of them, NaN before there are so many."""
    means: list[float] = []
    total = 0.0
    for at, value in enumerate(values):
        total += value - (values[at - n] if at >= n else 0.0)
        means.append(total / n if at >= n - 1 else float("nan"))
    return means
