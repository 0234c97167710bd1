"""The simulated macro series: the Fed's true steps, rough levels for the rest."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice

from rotation_tui.domain.series import NEVER, SERIES, Frequency
from rotation_tui.providers.simulated import facts
from rotation_tui.providers.simulated import macro_facts as macro
from rotation_tui.providers.simulated.market import Market
from rotation_tui.providers.simulated.noise import noise, noises, tied

FIRST = date(facts.SHORT_FIRST_YEAR + 1, 1, 1)
"""No series has an observation before this day."""

_CHANGES = tuple(macro.TARGET_UPPER)
_UPPER = tuple(macro.TARGET_UPPER.values())
_COMPUTED = frozenset({"DFEDTARU", "IC4WSA", "SAHMREALTIME", "T10Y3MM"})


def offers(series_id: str) -> bool:
    return series_id in SERIES and (
        series_id in _COMPUTED
        or any(series_id in known for known in (macro.LEVELS, macro.LINKED, macro.DIFFERENCES, macro.CLOSES))
    )


class Macro:
    """The macro series that go with one simulated market."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._years: dict[tuple[str, int], list[float]] = {}

    def observations(self, series_id: str, newest: date) -> tuple[tuple[date, ...], tuple[float, ...]]:
        """All dates and values up to `newest`; KeyError for a series that is not offered."""
        days = self._days(series_id, newest)
        if series_id == "SAHMREALTIME":
            return self._sahm(newest)
        if series_id == "IC4WSA":
            days = days[3:]  # the first three have no four weeks
            weeks = (tuple(day - timedelta(days=7 * ago) for ago in range(4)) for day in days)
            return tuple(days), tuple(sum(self._sample("ICSA", day) for day in four) / 4 for four in weeks)
        if series_id == "T10Y3MM":
            return tuple(days), tuple(self._mean_of_month("T10Y3M", day) for day in days)
        if series_id in macro.EVERY_DAY:
            _, factor, offset, digits = macro.LINKED.get(series_id, ("", 1.0, 0.0, 2))
            return tuple(days), tuple(round(_upper(day) * factor + offset, digits) for day in days)
        if SERIES[series_id].frequency is Frequency.DAILY:
            years = (self._year(series_id, year) for year in range(FIRST.year, newest.year + 1))
            return tuple(days), tuple(islice(chain.from_iterable(years), len(days)))
        return tuple(days), tuple(self._sample(series_id, day) for day in days)

    def _days(self, series_id: str, newest: date) -> list[date]:
        """Dates on which the series has an observation."""
        frequency = SERIES[series_id].frequency
        if frequency is Frequency.WEEKLY:
            weekday = 5 if series_id in macro.ON_SATURDAY else 4
            return list(_every(FIRST + timedelta(days=(weekday - FIRST.weekday()) % 7), newest, 7))
        if frequency is not Frequency.DAILY:
            months = range(1, 13, 1 if frequency is Frequency.MONTHLY else 3)
            firsts = (date(year, month, 1) for year in range(FIRST.year, newest.year + 1) for month in months)
            holes = NEVER.get(series_id, frozenset())
            return [day for day in firsts if day <= newest and day not in holes]
        if series_id in macro.EVERY_DAY:
            return list(_every(FIRST, newest, 1))
        return list(self._market.calendar.sessions(FIRST, newest))

    def _sample(self, series_id: str, day: date) -> float:
        """An observation of a slower series: its path at the last session of the week or (first) month.

        In days before the first session of a year, the value of that session.
        """
        if SERIES[series_id].frequency is not Frequency.WEEKLY:
            day = self._market.calendar.last_of_month(day.year, day.month)
        row = bisect_right(self._market.sessions(day.year), day) - 1
        return self._year(series_id, day.year)[max(0, row)]

    def _year(self, series_id: str, year: int) -> list[float]:
        """Values at all sessions of a year."""
        key = (series_id, year)
        if key not in self._years:
            self._years[key] = self._make_year(series_id, year)
        return self._years[key]

    def _make_year(self, series_id: str, year: int) -> list[float]:
        if series_id == "DFEDTARU":
            return [_upper(day) for day in self._market.sessions(year)]
        if series_id in macro.CLOSES:
            return list(self._market.closes(macro.CLOSES[series_id], year))
        if series_id in macro.LINKED:
            base, factor, offset, digits = macro.LINKED[series_id]
            return [round(value * factor + offset, digits) for value in self._year(base, year)]
        if series_id in macro.DIFFERENCES:
            pair = (self._year(leg, year) for leg in macro.DIFFERENCES[series_id])
            return [round(long - short, 2) + 0.0 for long, short in zip(*pair, strict=True)]
        path = self._path(series_id, year)
        if series_id == "DGS3MO":
            path = [
                max(0.01, upper - 0.125 + above)
                for upper, above in zip(self._year("DFEDTARU", year), path, strict=True)
            ]
        digits = macro.LEVELS[series_id].digits
        return [round(value, digits) for value in path]

    def _path(self, series_id: str, year: int) -> list[float]:
        """A level between its year ends, correlated with shares and bonds."""
        seed, level = self._market.seed, macro.LEVELS[series_id]
        n = len(self._market.sessions(year))
        rest = math.sqrt(1 - level.market**2 - level.rates**2)
        shocks = (noises(n, seed, name, year) for name in ("market", "RATES", series_id))
        moves = [
            level.step * (level.market * m + level.rates * r + rest * own) for m, r, own in zip(*shocks, strict=True)
        ]
        path = tied(self._end(series_id, year - 1), self._end(series_id, year), moves, [1.0] * n)
        return [value if value >= level.least else 2 * level.least - value for value in path]

    def _end(self, series_id: str, year: int) -> float:
        level = macro.LEVELS[series_id]
        if year <= facts.LAST_YEAR:
            return level.ends[year - facts.SHORT_FIRST_YEAR]
        moved = 6 * level.step * noise(self._market.seed, "year", series_id, year)
        return max(level.least, self._end(series_id, year - 1) + moved)

    def _mean_of_month(self, series_id: str, first: date) -> float:
        last = self._market.calendar.last_of_month(first.year, first.month)
        sessions = self._market.sessions(first.year)
        values = self._year(series_id, first.year)[bisect_left(sessions, first) : bisect_right(sessions, last)]
        return round(sum(values) / len(values), 2) + 0.0  # never -0.0

    def _sahm(self, newest: date) -> tuple[tuple[date, ...], tuple[float, ...]]:
        """Three-month mean of unemployment less its lowest of the twelve months before (METHODOLOGY.md#check-e1).

        A month that was not published is left out of its means.
        """
        months = list(_months(newest))
        rates = dict(zip(*self.observations("UNRATE", newest), strict=True))
        means: dict[date, float] = {}
        for at in range(2, len(months)):
            known = [rates[month] for month in months[at - 2 : at + 1] if month in rates]
            means[months[at]] = sum(known) / len(known)
        rows = {
            month: round(means[month] - min(means[before] for before in months[at - 12 : at]), 2)
            for at, month in enumerate(months)
            if at >= 14 and month in rates
        }
        return tuple(rows), tuple(rows.values())


def _upper(day: date) -> float:
    return _UPPER[bisect_right(_CHANGES, day) - 1]


def _every(first: date, last: date, step: int) -> Iterator[date]:
    return (first + timedelta(days=days) for days in range(0, (last - first).days + 1, step))


def _months(newest: date) -> Iterator[date]:
    years = range(FIRST.year, newest.year + 1)
    return (day for year in years for month in range(1, 13) if (day := date(year, month, 1)) <= newest)
