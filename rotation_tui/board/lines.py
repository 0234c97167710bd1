"""The past of a pair or of one symbol, for charts; beside the board, because only what is looked at is needed."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from math import nan
from operator import truediv

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import Kind, canonical, kind_of, unlike
from rotation_tui.domain.packed import WithGaps, kept
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot

MEAN = 200


class Lines(Struct, frozen=True, eq=False):
    """Closes of both legs on the sessions that both have, oldest first; all columns are equally long.

    `ratio` is small over large, `mean` its mean over the last 200 sessions, None before there are so many. `turnover`
    is what was traded in both legs, in dollars; there is none where a leg is no fund, since an index has no shares.
    Of an `outline` the highest is no record, for the years before are not there. Columns are arrays, a quarter of the
    size of a tuple of floats.
    """

    small: str
    large: str
    basis: Basis
    dates: tuple[date, ...]
    small_closes: Sequence[float]
    large_closes: Sequence[float]
    ratio: Sequence[float]
    mean: Sequence[float | None]
    turnover: Sequence[float | None] | None = None
    outline: bool = False

    @property
    def name(self) -> str:
        """The pair as it is written on screen."""
        return f"{self.small}/{self.large}"

    def until(self, last: date) -> "Lines | None":
        """The same lines without what came after `last`; None where nothing is left."""
        n = bisect_right(self.dates, last)
        if n == 0:
            return None
        return replace(
            self,
            dates=self.dates[:n],
            small_closes=self.small_closes[:n],
            large_closes=self.large_closes[:n],
            ratio=self.ratio[:n],
            mean=self.mean[:n],
            turnover=_first(self.turnover, n),
        )


class PriceLine(Struct, frozen=True, eq=False):
    """Closes of one symbol, oldest first, and what else its history has of each session; all equally long.

    `mean` is that of the last 200 closes, None before there are so many; `outline` as in `Lines`.
    """

    symbol: str
    basis: Basis
    dates: tuple[date, ...]
    closes: Sequence[float]
    mean: Sequence[float | None]
    highs: Sequence[float | None] | None = None
    lows: Sequence[float | None] | None = None
    volumes: Sequence[float | None] | None = None
    outline: bool = False
    opens: Sequence[float | None] | None = None

    @property
    def name(self) -> str:
        """The symbol as it is written on screen."""
        return self.symbol

    def until(self, last: date) -> "PriceLine | None":
        """The same line without what came after `last`; None where nothing is left."""
        n = bisect_right(self.dates, last)
        if n == 0:
            return None
        return replace(
            self,
            dates=self.dates[:n],
            closes=self.closes[:n],
            mean=self.mean[:n],
            highs=_first(self.highs, n),
            lows=_first(self.lows, n),
            volumes=_first(self.volumes, n),
            opens=_first(self.opens, n),
        )


Drawable = Lines | PriceLine
"""What a chart can be drawn of."""


def _first(column: Sequence[float | None] | None, n: int) -> Sequence[float | None] | None:
    return None if column is None else column[:n]


def price_line(bars: Bars) -> PriceLine | None:
    """The line of one symbol; None where there is no close."""
    if not bars.dates:
        return None
    return PriceLine(
        bars.symbol,
        bars.basis,
        bars.dates,
        kept(bars, "closes").unpacked(),
        _rolling_mean(bars.closes),
        _column(bars, "highs"),
        _column(bars, "lows"),
        _column(bars, "volumes"),
        bars.outline,
        _column(bars, "opens"),
    )


def _column(bars: Bars, name: str) -> Sequence[float | None] | None:
    column = kept(bars, name)
    if column is None:
        return None
    doubles: array[float] = column.unpacked()
    return WithGaps(doubles) if column.has_gaps else doubles


def pair_lines(small: Bars, large: Bars) -> Lines:
    """Lines of a pair; RefusedValueError for mixed units or bases, or legs without a common session."""
    if (mixed := unlike(small.symbol, large.symbol)) is not None:
        raise RefusedValueError(mixed)
    if small.basis is not large.basis:
        raise RefusedValueError(f"{small.symbol} is {small.basis}, {large.symbol} is {large.basis}")
    dates, small_closes, large_closes = _common(small, large)
    if not dates:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no common session")
    ratio = array("d", map(truediv, small_closes, large_closes))
    return Lines(
        small.symbol,
        large.symbol,
        small.basis,
        dates,
        small_closes,
        large_closes,
        ratio,
        _rolling_mean(ratio),
        _turnover(small, large, dates),
        small.outline or large.outline,
    )


def _common(small: Bars, large: Bars) -> "tuple[tuple[date, ...], array[float], array[float]]":
    """The sessions that both have, with the closes of each."""
    columns = [kept(leg, "closes").unpacked() for leg in (small, large)]
    n = min(len(small), len(large))
    if n and small.dates[-n:] == large.dates[-n:]:  # as a rule, and then nothing is gone through row by row
        shorter = small if len(small) == n else large
        return shorter.dates, columns[0][-n:], columns[1][-n:]
    rows = dict(zip(large.dates, range(len(large)), strict=True))
    both = [(row, rows[day]) for row, day in enumerate(small.dates) if day in rows]
    return (
        tuple(small.dates[row] for row, _ in both),
        array("d", (columns[0][row] for row, _ in both)),
        array("d", (columns[1][row] for _, row in both)),
    )


def _turnover(small: Bars, large: Bars, dates: tuple[date, ...]) -> Sequence[float | None] | None:
    """Closes times volumes of both legs; unknown on a day that lacks one of them."""
    if any(kind_of(leg.symbol) is not Kind.ETF or leg.volumes is None for leg in (small, large)):
        return None
    traded = [
        {d: None if v is None else c * v for d, c, v in zip(leg.dates, leg.closes, leg.volumes or (), strict=True)}
        for leg in (small, large)
    ]
    both = [(traded[0][day], traded[1][day]) for day in dates]
    return WithGaps(array("d", [nan if a is None or b is None else a + b for a, b in both]))


def _rolling_mean(values: Sequence[float]) -> WithGaps:
    means = array("d")
    total = 0.0
    for i, value in enumerate(values):
        total += value - (values[i - MEAN] if i >= MEAN else 0.0)
        means.append(total / MEAN if i >= MEAN - 1 else nan)
    return WithGaps(means)


def lines_of(name: str, universe: Universe, snapshot: Snapshot) -> Drawable | None:
    """What is drawn of a configured pair, of any `A/B` or `A-B`, or of a symbol or the id of its row.

    None where there is no history of it, or of one of its legs. Prices stand before total returns.
    """
    spread = next((s for s in universe.spreads if s.id == name), None)
    symbol = None if spread is not None else _symbol(name, universe, snapshot)
    legs = (spread.small, spread.large) if spread else parsed(name)
    for basis in (Basis.PRICE, Basis.TOTAL):
        if symbol is not None:
            if (bars := snapshot.bars.get((symbol, basis))) is not None:
                return price_line(bars)
            continue
        small, large = (snapshot.bars.get((leg, basis)) for leg in legs or ("", ""))
        if small is not None and large is not None:
            try:
                return pair_lines(small, large)
            except RefusedValueError:
                return None
    return None


def _symbol(name: str, universe: Universe, snapshot: Snapshot) -> str | None:
    """The one symbol that is meant, None where it may be a pair: BRK-B is one where there is a history of it."""
    symbol = universe.ids.get(name.upper(), canonical(name))
    known = any((symbol, basis) in snapshot.bars for basis in Basis)
    return symbol if known else None


def parsed(text: str) -> tuple[str, str] | None:
    """The two symbols of "A/B" or "A-B"; None where it is no pair."""
    for mark in ("/", "-"):
        small, found, large = text.partition(mark)
        if found and small.strip() and large.strip() and canonical(small) != canonical(large):
            return canonical(small), canonical(large)
    return None
