"""Two symbols on the sessions that both have: every statistic of a pair is made from these rows."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import unlike
from rotation_tui.domain.refusal import RefusedValueError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Closes of both legs on their common sessions, ascending; never empty."""

    dates: tuple[date, ...]
    small: Array
    large: Array
    basis: Basis

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def ratio(self) -> Array:
        """Small over large."""
        return self.small / self.large

    @property
    def log_ratio(self) -> Array:
        """Natural logarithm of the ratio."""
        log: Array = np.log(self.small) - np.log(self.large)
        return log


def join(small: Bars, large: Bars) -> Pair:
    """The rows whose sessions both legs have (inner join, nothing filled in).

    Raises RefusedValueError where the legs are in different units, one leg holds prices and the other total
    returns, or no session is common.
    """
    mixed = unlike(small.symbol, large.symbol)
    if mixed is not None:
        raise RefusedValueError(mixed)
    if small.basis is not large.basis:
        raise RefusedValueError(
            f"{small.symbol} is on {small.basis} and {large.symbol} on {large.basis} closes: not comparable"
        )
    if not small.dates or not large.dates:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no session in common")
    # Most pairs differ in where they begin and end only, and comparing tuples is cheaper than looking up days.
    first, last = max(small.dates[0], large.dates[0]), min(small.dates[-1], large.dates[-1])
    mine, theirs = (slice(bisect_left(leg.dates, first), bisect_right(leg.dates, last)) for leg in (small, large))
    dates, near, far = small.dates[mine], small.closes_in(mine), large.closes_in(theirs)
    if dates != large.dates[theirs]:
        other = dict(zip(large.dates[theirs], far, strict=True))
        rows = [(d, s, other[d]) for d, s in zip(dates, near, strict=True) if d in other]
        dates, near, far = tuple(r[0] for r in rows), tuple(r[1] for r in rows), tuple(r[2] for r in rows)
    if not dates:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no session in common")
    return Pair(dates, np.array(near, dtype=np.float64), np.array(far, dtype=np.float64), small.basis)
