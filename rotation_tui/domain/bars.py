"""Completed daily bars of one symbol on one basis."""

import math
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any, Final

from msgspec import Struct

from rotation_tui.domain import refusal
from rotation_tui.domain.packed import kept, pack, part
from rotation_tui.domain.session import Calendar


class Basis(StrEnum):
    """What a close holds: the price (split-adjusted only) or the total return (dividends put back)."""

    PRICE = "price"
    TOTAL = "total"


Column = tuple[float | None, ...]
COLUMNS: Final = ("closes", "opens", "highs", "lows", "volumes")
"""What `Bars` have of each session; all but the closes may be unknown."""


class Split(Struct, frozen=True):
    """A split on record: `ratio` shares for one from `session` on (1.5 for 3 for 2), None where it is not told.

    Raises RefusedValueError for a ratio that is not finite and positive.
    """

    session: date
    ratio: float | None = None

    def __post_init__(self) -> None:
        if self.ratio is not None:
            refusal.price("split ratio", self.ratio)


def all_splits(*known: Iterable[Split]) -> tuple[Split, ...]:
    """The splits of several records, one a session; a later record goes before, one with a ratio before one without."""
    by_session: dict[date, Split] = {}
    for split in chain(*known):
        if split.ratio is not None or split.session not in by_session:
            by_session[split.session] = split
    return tuple(by_session[session] for session in sorted(by_session))


class Dividend(Struct, frozen=True):
    """A dividend: dollars a share, of which one bought from `session` on gets nothing. Raises RefusedValueError."""

    session: date
    amount: float

    def __post_init__(self) -> None:
        refusal.price("dividend", self.amount)


_DIVIDENDS = 4
"""A year of them, as most funds and companies pay them."""


def last_dividends(*known: Iterable[Dividend]) -> tuple[Dividend, ...]:
    """The last ones of several records, ascending; a later record goes before."""
    by_session = {dividend.session: dividend for dividend in chain(*known)}
    return tuple(by_session[session] for session in sorted(by_session)[-_DIVIDENDS:])


@dataclass(frozen=True, slots=True)
class Bars:
    """Daily closes of `symbol`, ascending, one row a session; other columns where the source has them.

    `closes` are on `basis`; `opens`, `highs`, `lows` and `volumes` have the same length or are None. `splits` are those
    on record, ascending, `dividends` the last four that its source told, beside prices alone. `last_print` is the time
    of the last row's final trade where the source tells it. An `outline` stands in until the history is there: the
    closes of some recent years, so that nothing may be said from it of all that went before, as a record is. Raises
    RefusedValueError where rows are not ascending, lengths differ or a close is not finite and positive.
    """

    symbol: str
    basis: Basis
    dates: tuple[date, ...]
    closes: tuple[float, ...]
    source: str
    fetched_at: datetime
    highs: Column | None = None
    volumes: Column | None = None
    splits: tuple[Split, ...] = ()
    last_print: datetime | None = None
    lows: Column | None = None
    outline: bool = False
    opens: Column | None = None
    dividends: tuple[Dividend, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fetched_at", refusal.utc(f"{self.symbol} fetched_at", self.fetched_at))
        for name in COLUMNS:
            column = kept(self, name)
            if column is not None and len(column.numbers) != len(self.dates):
                raise refusal.RefusedValueError(
                    f"{self.symbol}: {len(self.dates)} dates but {len(column.numbers)} {name}"
                )
        # A sum is finite where all are: a history is cut and checked many times a study.
        closes = kept(self, "closes")
        if closes and closes.numbers and not (min(closes.numbers) > 0 and math.isfinite(sum(closes.numbers))):
            for close in self.closes:
                refusal.price(f"{self.symbol} close", close)
        if not all(map(operator.lt, self.dates, self.dates[1:])):
            raise refusal.RefusedValueError(f"{self.symbol}: dates are not ascending")

    def __len__(self) -> int:
        return len(self.dates)

    def close(self, row: int) -> float:
        """The close of one row; `closes` would unpack them all."""
        close: float = self.closes_in(slice(row, row + 1 or None))[0]
        return close

    def closes_in(self, rows: slice) -> tuple[float, ...]:
        """The closes of some rows, with the others left alone."""
        closes: tuple[float, ...] = part(self, "closes", rows)
        return closes

    def row_until(self, last: date) -> int:
        """The row of the latest session that is not after `last`; -1 where there is none."""
        return bisect_right(self.dates, last) - 1

    def tells(self, other: "Bars") -> bool:
        """Whether `other` has the same rows, splits and dividends, whoever told them and when."""
        if (self.dates, self.splits, self.dividends) != (other.dates, other.splits, other.dividends):
            return False
        for name in COLUMNS:
            ours, theirs = kept(self, name), kept(other, name)
            if ours is None or theirs is None:
                if ours is not theirs:
                    return False
            elif not ours.tells(theirs):
                return False
        return True

    def until(self, last: date) -> "Bars":
        """The same bars without the rows and dividends after `last`."""
        n = self.row_until(last) + 1
        bars = self if n == len(self.dates) else self._rows(slice(0, n))
        told = tuple(dividend for dividend in self.dividends if dividend.session <= last)
        return bars if told == self.dividends else replace(bars, dividends=told)

    def tail(self, rows: int) -> "Bars":
        return self if len(self) <= rows else self._rows(slice(len(self) - rows, None))

    def since(self, first: date) -> "Bars":
        """The same bars without the rows before `first`."""
        n = bisect_left(self.dates, first)
        return self if n == 0 else self._rows(slice(n, None))

    def _rows(self, rows: slice) -> "Bars":
        ends_same = rows.stop is None
        return replace(
            self,
            dates=self.dates[rows],
            last_print=self.last_print if ends_same else None,
            **{name: kept(self, name, rows) for name in COLUMNS},
        )


pack(Bars, *COLUMNS)


def _of_sessions(bars: Bars, calendar: Calendar) -> Bars:
    """`bars` without rows of week-ends and holidays, where a source filled them in; they are no sessions."""
    strangers = frozenset(calendar.no_sessions(bars.dates))
    if not strangers:
        return bars
    rows = [row for row in range(len(bars.dates)) if row not in strangers]
    known = {name: getattr(bars, name) for name in COLUMNS}
    columns: dict[str, Any] = {name: column and tuple(column[i] for i in rows) for name, column in known.items()}
    return replace(
        bars,
        dates=tuple(bars.dates[i] for i in rows),
        **columns,
        last_print=bars.last_print if rows and rows[-1] == len(bars.dates) - 1 else None,
    )


_SETTLED = timedelta(hours=1)
"""So long after a close every source has told it; a fund whose last trade was earlier did not trade again."""


def completed(bars: Bars, calendar: Calendar, now: datetime) -> Bars:
    """`bars` without a row that is still being made at `now`, and without rows of days that are no session.

    A row of an earlier session is final. The row of the session of `now` is final once the close has
    passed and the source's last print is at or after it (a feed with 15 minutes of delay shows the price of
    15:45 at 16:00), or once the source was asked an hour after the close.
    """
    bars = _of_sessions(bars, calendar)
    if not bars.dates:
        return bars
    last = bars.dates[-1]
    final = calendar.last_completed(now)
    if last > final:
        return replace(bars.until(final), dividends=bars.dividends)  # one of today is known before its close
    printed_early = bars.last_print is not None and bars.last_print < calendar.close_at(last)
    asked_late = bars.fetched_at >= calendar.close_at(last) + _SETTLED
    if last == final and printed_early and not asked_late:
        return replace(bars.until(calendar.previous(last)), dividends=bars.dividends)
    return bars


_LARGE = math.log(1.3)
"""Beyond this no day's market move hides which side of a split a close is on."""


def applied(bars: Bars) -> Bars:
    """`bars` with every split of a known ratio in all closes before it.

    The source does that itself as a rule; then nothing changes. Where the close of the split's session stands to
    the one before as the ratio wants it, not as a day's move, rows before it are divided (volumes multiplied).
    """
    for split in reversed(bars.splits):
        row = bisect_left(bars.dates, split.session)
        if split.ratio is not None and 0 < row < len(bars) and _is_open(bars, row, split.ratio):
            bars = _divided(bars, row, split)
    return bars


def _is_open(bars: Bars, row: int, ratio: float) -> bool:
    """Whether the move into `row` is the split rather than the market's.

    Halfway between the two decides; a split as small as 11 for 10 has to be met closely, for markets move so far.
    """
    asked, move = -math.log(ratio), math.log(bars.close(row) / bars.close(row - 1))
    return abs(move - asked) < abs(asked) * (0.5 if abs(asked) > _LARGE else 0.25)


def _divided(bars: Bars, row: int, split: Split) -> Bars:
    ratio = split.ratio or 1.0

    def before(column: Column | None, factor: float) -> Column | None:
        if column is None:
            return None
        return tuple(None if v is None else v * factor for v in column[:row]) + column[row:]

    closes = bars.closes
    return replace(
        bars,
        closes=tuple(close / ratio for close in closes[:row]) + closes[row:],
        highs=before(bars.highs, 1 / ratio),
        lows=before(bars.lows, 1 / ratio),
        opens=before(bars.opens, 1 / ratio),
        volumes=before(bars.volumes, ratio),
    )
