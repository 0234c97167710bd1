"""Macro series: dated observations that are not prices."""

import math
import operator
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, datetime

from rotation_tui.domain import refusal
from rotation_tui.domain.packed import kept, pack


@dataclass(frozen=True, slots=True)
class Observations:
    """A series as published: `dates` ascending, `values` finite; days without a value are left out.

    `complete_since` says that the source limits the series to dates from there on (a percentile is then
    of that span). Raises RefusedValueError for values that are not finite or dates that do not ascend.
    """

    series_id: str
    dates: tuple[date, ...]
    values: tuple[float, ...]
    source: str
    fetched_at: datetime
    complete_since: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", refusal.utc(f"{self.series_id} fetched_at", self.fetched_at))
        values = kept(self, "values")
        if values is None or len(self.dates) != len(values.numbers):
            raise refusal.RefusedValueError(f"{self.series_id}: dates and values differ in length")
        # A sum is finite where all are: a series is cut and checked many times a study.
        if not math.isfinite(sum(values.numbers)):
            for value in self.values:
                refusal.finite(self.series_id, value)
        if not all(map(operator.lt, self.dates, self.dates[1:])):
            raise refusal.RefusedValueError(f"{self.series_id}: dates are not ascending")

    def tells(self, other: "Observations") -> bool:
        """Whether `other` has the same observations, whoever told them and when."""
        ours, theirs = kept(self, "values"), kept(other, "values")
        return self.dates == other.dates and bool(ours.tells(theirs))

    def until(self, last: date) -> "Observations":
        """The same series without the observations after `last`."""
        n = bisect_right(self.dates, last)
        if n == len(self.dates):
            return self
        return replace(self, dates=self.dates[:n], values=kept(self, "values", slice(0, n)))


pack(Observations, "values")
