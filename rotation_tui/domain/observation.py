"""Macro series: dated observations that are not prices."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime

from rotation_tui.domain import refusal
from rotation_tui.domain.packed import pack


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
        values = self.values
        if len(self.dates) != len(values):
            raise refusal.RefusedValueError(f"{self.series_id}: dates and values differ in length")
        for value in values:
            refusal.finite(self.series_id, value)
        if any(a >= b for a, b in zip(self.dates, self.dates[1:], strict=False)):
            raise refusal.RefusedValueError(f"{self.series_id}: dates are not ascending")

    def until(self, last: date) -> "Observations":
        """The same series without the observations after `last`."""
        n = bisect_right(self.dates, last)
        if n == len(self.dates):
            return self
        return Observations(
            self.series_id, self.dates[:n], self.values[:n], self.source, self.fetched_at, self.complete_since
        )


pack(Observations, "values")
