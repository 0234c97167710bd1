"""One history of a symbol or macro series from all feeds that have it."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from rotation_tui.domain.bars import COLUMNS, Bars, Column, all_splits, last_dividends
from rotation_tui.domain.observation import Observations
from rotation_tui.store.shelf import OVERLAP_ROWS, agree

T = TypeVar("T", Bars, Observations)

_UNIT = 0.015
_RELATIVE = 1e-3


def united(histories: Iterable[Bars]) -> Bars | None:
    """The histories, given in the order of failover, as one; None where there is none.

    Rows of an earlier feed count; a later one adds the sessions that it lacks, and what columns lack, where the two
    agree on the sessions they share. Where they do not, the one that goes on longer stands.
    """
    return _one(histories, agree, _filled)


def united_series(histories: Iterable[Observations]) -> Observations | None:
    """The same of a macro series: an earlier feed's rows count, a later one adds those before and after.

    Two agree where the last days that they share differ by no more than a hundredth, in the unit of the
    series, or a thousandth of the value: one corrected yield parts nobody, another base year does.
    """
    return _one(histories, _meet, _extended)


def _one(histories: Iterable[T], agree: Callable[[T, T], bool], joined: Callable[[T, T], T]) -> T | None:
    whole: T | None = None
    for one in histories:
        if not one.dates:
            continue
        if whole is None:
            whole = one
        elif agree(whole, one):
            whole = joined(whole, one)
        elif one.dates[-1] > whole.dates[-1]:
            whole = one
    return whole


def _filled(first: Bars, other: Bars) -> Bars:
    dates = tuple(sorted({*first.dates, *other.dates}))
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = _by_day(other, name) | _by_day(first, name)
        columns[name] = tuple(map(values.get, dates)) if values else None
    return replace(
        other if other.dates[-1] > first.dates[-1] else first,
        dates=dates,
        splits=all_splits(other.splits, first.splits),
        dividends=last_dividends(other.dividends, first.dividends),
        **columns,
    )


def _by_day(bars: Bars, name: str) -> dict[date, float]:
    column: Column | None = getattr(bars, name)
    known = zip(bars.dates, column, strict=True) if column is not None else ()
    return {day: value for day, value in known if value is not None}


def _meet(first: Observations, other: Observations) -> bool:
    known = dict(zip(first.dates, first.values, strict=True))
    rows = zip(reversed(other.dates), reversed(other.values), strict=True)
    shared = list(islice(((known[day], value) for day, value in rows if day in known), OVERLAP_ROWS))
    return bool(shared) and all(math.isclose(a, b, rel_tol=_RELATIVE, abs_tol=_UNIT) for a, b in shared)


def _extended(first: Observations, other: Observations) -> Observations:
    before, after = bisect_left(other.dates, first.dates[0]), bisect_right(other.dates, first.dates[-1])
    newest = other if after < len(other.dates) else first
    return Observations(
        first.series_id,
        other.dates[:before] + first.dates + other.dates[after:],
        other.values[:before] + first.values + other.values[after:],
        newest.source,
        newest.fetched_at,
        other.complete_since if before else first.complete_since,
    )
