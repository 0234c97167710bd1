"""One object a day, and one tuple a run of days, for all histories."""

from bisect import bisect_left
from collections import OrderedDict
from datetime import date

_MOST_RUNS = 256


class Days:
    """Dates that are equal become the same objects: the histories of a default universe hold some 280,000."""

    def __init__(self) -> None:
        self._days: list[date] = []  # ascending; a dict of them would take a third of a megabyte
        self._runs: OrderedDict[tuple[int, date, date], tuple[date, ...]] = OrderedDict()

    def shared(self, dates: tuple[date, ...]) -> tuple[date, ...]:
        """Equal dates, the same objects as in all other answers."""
        if not dates:
            return dates
        key = (len(dates), dates[0], dates[-1])
        known = self._runs.get(key)
        if known != dates:
            known = self._known(dates)
            for before in list(self._runs):  # at once, for what is read from disk comes by another thread
                shorter = before[1] == dates[0] and before[0] < len(dates)
                if shorter and self._runs.get(before) == dates[: before[0]]:  # each session makes every run longer
                    self._runs.pop(before, None)
            self._runs[key] = known
            if len(self._runs) > _MOST_RUNS:
                self._runs.popitem(last=False)
        return known

    def _known(self, dates: tuple[date, ...]) -> tuple[date, ...]:
        """The days as they are known, those that are new among them from now on."""
        days, new = self._days, list[date]()
        known = []
        for day in dates:
            at = bisect_left(days, day)
            if at < len(days) and days[at] == day:
                known.append(days[at])
            else:
                known.append(day)
                new.append(day)
        if new:
            self._days = sorted([*days, *new])
        return tuple(known)
