"""A dated line of values and the arithmetic on it; every result knows its sources."""

import math
import operator
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.reading import Level
from rotation_tui.domain.series import TimeSpan

_NO_VARIATION = 1e-24


def least_relation(count: int) -> float:
    """2/√n, about two standard errors of a correlation of `count` pairs that have nothing to do with each other."""
    return 2.0 / math.sqrt(count)


def is_no_relation(correlation: float, count: int) -> bool:
    """Whether a correlation of `count` pairs is too small to say that there is one (METHODOLOGY.md#claim-c25)."""
    return abs(correlation) < least_relation(count)


def mid_rank(ordered: Sequence[float], value: float) -> float:
    """Mid-rank percentile (0-100) of a value among ascending ones, itself included."""
    return 100.0 * (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2.0 / len(ordered)


class NotKnown(LookupError):
    """A value cannot be computed; the message is the reason a reader sees."""


class Line(Struct, frozen=True):
    """Values by date, ascending and never empty, who supplied them and how old the last may get.

    `note` is text told along with the last value, `beside` what else belongs to it where there is room. `title`
    is what these values are called where a check has several lines to choose from. `flags` are levels that the line
    itself says, one a value, for checks that are flags. Raises NotKnown where it would be empty.
    """

    dates: tuple[date, ...]
    values: tuple[float, ...]
    sources: tuple[str, ...]
    limit: TimeSpan
    note: str = ""
    flags: tuple[Level, ...] | None = None
    title: str = ""
    beside: str = ""

    @classmethod
    def of(cls, rows: Sequence[tuple[date, float]], sources: tuple[str, ...], limit: TimeSpan) -> "Line":
        """The line of dated values."""
        return cls(tuple(day for day, _ in rows), tuple(value for _, value in rows), sources, limit)

    def __post_init__(self) -> None:
        if not self.dates:
            raise NotKnown("no values yet")
        if not all(map(math.isfinite, self.values)):
            raise NotKnown("a result is not finite")

    def __iter__(self) -> Iterator[tuple[date, float]]:
        return zip(self.dates, self.values, strict=True)

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def last(self) -> float:
        return self.values[-1]

    @property
    def newest(self) -> "Line":
        """The last value alone."""
        flags = None if self.flags is None else self.flags[-1:]
        return replace(self, dates=self.dates[-1:], values=self.values[-1:], flags=flags)

    def noted(self, note: str) -> "Line":
        return replace(self, note=note)

    def told(self, *, title: str = "", beside: str = "") -> "Line":
        """The same line under another title, or with more to say; what is empty stays as it is."""
        return replace(self, title=title or self.title, beside=beside or self.beside)

    def flagged(self, flags: Sequence[Level]) -> "Line":
        """The same line with a level for each value."""
        return replace(self, flags=tuple(flags))

    def map(self, function: Callable[[float], float]) -> "Line":
        return Line(self.dates, tuple(map(function, self.values)), self.sources, self.limit)

    def scaled(self, factor: float) -> "Line":
        return self.map(lambda value: value * factor)

    def with_(self, other: "Line", function: Callable[[float, float], float]) -> "Line":
        """`function` of both lines' values on the dates that both have; the age limit is this line's."""
        sources = tuple(dict.fromkeys(self.sources + other.sources))
        if self.dates == other.dates:
            return Line(self.dates, tuple(map(function, self.values, other.values)), sources, self.limit)
        theirs = dict(other)
        rows = [(day, function(value, theirs[day])) for day, value in self if day in theirs]
        if not rows:
            raise NotKnown("no day in common")
        return Line.of(rows, sources, self.limit)

    def shared(self, other: "Line") -> "Line":
        """This line on the days of both."""
        return self.with_(other, lambda mine, _: mine)

    def minus(self, other: "Line") -> "Line":
        """This line minus another on the days of both."""
        return self.with_(other, lambda a, b: a - b)

    def over(self, other: "Line") -> "Line":
        """This line divided by another on the days of both."""
        return self.with_(other, lambda a, b: a / b)

    def rolled(self, length: int, function: Callable[[Sequence[float]], float]) -> "Line":
        """`function` of every full window of `length` values; NotKnown below one full window."""
        self._require(length)
        found = (function(self.values[end - length : end]) for end in range(length, len(self) + 1))
        return Line(self.dates[length - 1 :], tuple(found), self.sources, self.limit)

    def mean(self, length: int) -> "Line":
        self._require(length)
        center, sums, _ = self._sums()
        means = (center + (sums[end] - sums[end - length]) / length for end in range(length, len(self) + 1))
        return Line(self.dates[length - 1 :], tuple(means), self.sources, self.limit)

    def deviation(self, length: int) -> "Line":
        """Sample standard deviation (n − 1) of the last `length` values."""
        self._require(length)
        _, sums, squares = self._sums()
        found: list[float] = []
        for end in range(length, len(self) + 1):
            total = sums[end] - sums[end - length]
            spread = squares[end] - squares[end - length] - total * total / length
            found.append(math.sqrt(max(spread, 0.0) / (length - 1)))
        return Line(self.dates[length - 1 :], tuple(found), self.sources, self.limit)

    def own_deviation(self, length: int, *, least: int) -> "Line":
        """Sample standard deviation of each value's last `length` values, itself included.

        Windows grow up to `length`; the first result needs `least` values, of which not all may be the same.
        """
        self._require(least)
        _, sums, squares = self._sums()
        found: list[float] = []
        for end in range(least, len(self) + 1):
            start = max(0, end - length)
            count, total = end - start, sums[end] - sums[start]
            spread = (squares[end] - squares[start] - total * total / count) / (count - 1)
            if spread < _NO_VARIATION:
                raise NotKnown("no variation")
            found.append(math.sqrt(spread))
        return Line(self.dates[least - 1 :], tuple(found), self.sources, self.limit)

    def _sums(self) -> tuple[float, list[float], list[float]]:
        """Mean of all values, and running sums of the distances from it and of their squares.

        Windows are differences of these: linear in the rows, where a sum a window took a second in all.
        """
        center = math.fsum(self.values) / len(self)
        away = [value - center for value in self.values]
        return center, [0.0, *accumulate(away)], [0.0, *accumulate(x * x for x in away)]

    def change(self, length: int) -> "Line":
        """Difference to the value `length` values earlier."""
        return self.rolled(length + 1, lambda window: window[-1] - window[0])

    def growth(self, length: int) -> "Line":
        """Percent change from the value `length` values earlier."""
        return self.rolled(length + 1, lambda window: 100.0 * (window[-1] / window[0] - 1.0))

    def log_returns(self) -> "Line":
        """Log change from value to value."""
        return self.rolled(2, lambda window: math.log(window[1] / window[0]))

    def below_high(self, length: int) -> "Line":
        """Percent below the highest of the last `length` values: 0 at the high, negative under it."""
        return self.rolled(length, lambda window: 100.0 * (window[-1] / max(window) - 1.0))

    def above_low(self, length: int) -> "Line":
        """Percent above the lowest of the last `length` values (METHODOLOGY.md#check-e3)."""
        return self.rolled(length, lambda window: 100.0 * (window[-1] / min(window) - 1.0))

    def against_mean(self, length: int) -> "Line":
        """Percent above the mean of the last `length` values."""
        return self.over(self.mean(length)).map(lambda ratio: 100.0 * (ratio - 1.0))

    def correlation(self, other: "Line", length: int) -> "Line":
        """Correlation with another line over the last `length` common dates; NotKnown without variation."""
        product = self.with_(other, operator.mul).mean(length)
        mine, theirs = self.shared(other), other.shared(self)
        covariance = product.minus(mine.mean(length).with_(theirs.mean(length), operator.mul))
        scale = mine.deviation(length).with_(theirs.deviation(length), operator.mul)
        if min(scale.values) < _NO_VARIATION:
            raise NotKnown("no variation")
        sample = length / (length - 1)
        return covariance.with_(scale, lambda c, s: sample * c / s)

    def percentile(self, length: int, *, least: int | None = None) -> "Line":
        """Mid-rank percentile (0-100) of each value among the last `length`, itself included.

        Windows grow up to `length`; the first result needs `least` values (default `length`).
        """
        least = length if least is None else least
        self._require(least)
        window: deque[float] = deque()
        ordered: list[float] = []
        ranks = []
        for value in self.values:
            if len(window) == length:
                del ordered[bisect_left(ordered, window.popleft())]
            window.append(value)
            insort(ordered, value)
            ranks.append(mid_rank(ordered, value))
        return Line(self.dates[least - 1 :], tuple(ranks[least - 1 :]), self.sources, self.limit)

    def _require(self, length: int) -> None:
        if len(self) < length:
            raise NotKnown(f"needs {length} values, have {len(self)}")
