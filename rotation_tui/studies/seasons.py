"""Seasonality: what the months of the year made of a pair on average, and whether that is more than chance."""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from rotation_tui.domain.results import Season
from rotation_tui.studies.months import Months

YEARS = 10
"""Years that a month needs before anything is said of it."""
ERRORS = 2.0
"""Standard errors from zero beyond which an average is told apart from it."""


def seasons(made: Months) -> tuple[Season, ...]:
    """January to December by the completed months of a pair (METHODOLOGY.md#seasons)."""
    complete = made.completed[-1] if made.completed else 0
    by_month: dict[int, list[float]] = {month: [] for month in range(1, 13)}
    for month, margin in zip(made.of_year[:complete], made.margins[:complete].tolist(), strict=True):
        if not math.isnan(margin):
            by_month[month].append(margin)
    return tuple(season(month, margins) for month, margins in by_month.items())


def season(month: int, margins: Sequence[float]) -> Season:
    """One month of the year by its margins, one a year, in pp; the error is that of their mean."""
    years = len(margins)
    mean = fmean(margins) if years else None
    error = stdev(margins) / math.sqrt(years) if years > 1 else None
    apart = None if mean is None or error is None or years < YEARS else abs(mean) > ERRORS * error
    return Season(month, mean, error, years, sum(margin > 0 for margin in margins), apart)
