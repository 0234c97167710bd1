"""Where the labels of a plot's axes stand: round numbers up the side, dates along the foot."""

import math
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from itertools import pairwise

_DECADES = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0))
_LOG_FROM = 5.0
"""Times that the highest is of the lowest, from which round numbers are 1, 2, 5, 10 and not evenly spaced."""


def is_flat(low: float, high: float) -> bool:
    """Whether two values are the same but for what arithmetic left behind."""
    return high - low <= 1e-12 * max(1.0, abs(low), abs(high))


def ticks(low: float, high: float, most: int, *, log: bool = False) -> tuple[tuple[float, ...], int]:
    """Round numbers from `low` to `high`, `most` or fewer, and the decimals that tell them apart.

    At least one stands wherever `most` allows it: where no round number lies in so narrow a range, the middle.
    """
    if most < 1 or low > high or not math.isfinite(high - low):
        return (), 0
    if log and low > 0 and high / low >= _LOG_FROM:
        found = _decades(low, high, most)
        if found:
            return found, max(0, -math.floor(math.log10(found[0])))
    if not is_flat(low, high):
        step = 10.0 ** math.floor(math.log10((high - low) / most))
        for times in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0):
            width = step * times
            first, last = math.ceil(low / width - 1e-9), math.floor(high / width + 1e-9)
            if 1 <= last - first + 1 <= most:
                return tuple(min(high, max(low, n * width)) for n in range(first, last + 1)), _decimals(width)
    middle = (low + high) / 2
    return (middle,), _decimals(max(high - low, abs(middle) / 1000, 1e-9))


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _decades(low: float, high: float, most: int) -> tuple[float, ...]:
    """The densest of 1-2-5, 1-3 and 1 times powers of ten that fits, empty where none does."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in reversed(_DECADES):
        found = tuple(f * 10.0**p for p in powers for f in factors if low <= f * 10.0**p <= high)
        if 2 <= len(found) <= most:
            return found
    return ()


def _years(count: int) -> Callable[[date], Hashable]:
    return lambda day: day.year // count


def _months(count: int) -> Callable[[date], Hashable]:
    return lambda day: (day.year, (day.month - 1) // count)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _month(day: date) -> str:
    return str(day.year) if day.month == 1 else f"{day:%b}"


_PERIODS: tuple[tuple[Callable[[date], Hashable], Callable[[date], str]], ...] = (
    (lambda day: day, _day),
    (lambda day: day.isocalendar()[:2], _day),
    *((_months(n), _month) for n in (1, 2, 3, 6)),
    *((_years(n), lambda day: str(day.year)) for n in (1, 2, 5, 10, 20, 50)),
)
"""Periods, shortest first, and how the first day in each is written."""


_HOURS = (1, 2, 3, 4, 6, 12)


def time_ticks(times: Sequence[datetime]) -> tuple[tuple[int, str], ...]:
    """Column and text of each label, of a line whose every column stands for one of `times`, in order.

    Within a day by the hours that fit, over several days by the day with its month or without; the last time stands
    alone where none begins.
    """
    several = bool(times) and times[0].date() != times[-1].date()
    kinds: list[tuple[Callable[[datetime], Hashable], Callable[[datetime], str]]] = [
        (lambda at: at.date(), _day),
        (lambda at: at.date(), lambda at: str(at.day)),
    ]
    if not several:
        kinds = [(_every(n), lambda at: f"{at:%H}:00") for n in _HOURS]
    for key, text in kinds:
        keys = [key(at) for at in times]
        begun = ((at, text(times[at])) for at in range(1, len(times)) if keys[at] != keys[at - 1])
        found = tuple((at, name) for at, name in begun if at + len(name) <= len(times))
        if found and all(at + len(name) + 2 <= other for (at, name), (other, _) in pairwise(found)):
            return found
    last = f"{times[-1]:%H:%M}" if times else ""
    return ((len(times) - len(last), last),) if 0 < len(last) <= len(times) else ()


def _every(hours: int) -> Callable[[datetime], Hashable]:
    return lambda at: (at.date(), at.hour // hours)


def date_ticks(dates: Sequence[date]) -> tuple[tuple[int, str], ...]:
    """Column and text of each label, of a line whose every column stands for one of `dates`, in order.

    A period is named where it begins, by the shortest kind of period whose names all fit. The last date stands
    alone where none begins.
    """
    width = len(dates)
    for key, text in _PERIODS:
        keys = [key(day) for day in dates]
        begun = ((at, text(dates[at])) for at in range(1, width) if keys[at] != keys[at - 1])
        found = tuple((at, name) for at, name in begun if at + len(name) <= width)
        if found and all(at + len(name) + 2 <= other for (at, name), (other, _) in pairwise(found)):
            return found
    if not dates or width < len(str(dates[-1])):
        return ()
    return ((width - len(str(dates[-1])), str(dates[-1])),)
