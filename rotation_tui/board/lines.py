"""The past of a pair, for charts; beside the board, because only what is looked at is needed."""

from bisect import bisect_right
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import canonical, unlike
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot

MEAN = 200


class Lines(Struct, frozen=True, eq=False):
    """Closes of both legs on the sessions that both have, oldest first; all columns are equally long.

    `ratio` is small over large, `mean` its mean over the last 200 sessions, None before there are so many.
    """

    small: str
    large: str
    basis: Basis
    dates: tuple[date, ...]
    small_closes: tuple[float, ...]
    large_closes: tuple[float, ...]
    ratio: tuple[float, ...]
    mean: tuple[float | None, ...]

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
        )


def pair_lines(small: Bars, large: Bars) -> Lines:
    """Lines of a pair; RefusedValueError for mixed units or bases, or legs without a common session."""
    if (mixed := unlike(small.symbol, large.symbol)) is not None:
        raise RefusedValueError(mixed)
    if small.basis is not large.basis:
        raise RefusedValueError(f"{small.symbol} is {small.basis}, {large.symbol} is {large.basis}")
    other = dict(zip(large.dates, large.closes, strict=True))
    rows = [(d, c, other[d]) for d, c in zip(small.dates, small.closes, strict=True) if d in other]
    if not rows:
        raise RefusedValueError(f"{small.symbol} and {large.symbol} have no common session")
    ratio = tuple(a / b for _, a, b in rows)
    return Lines(
        small.symbol,
        large.symbol,
        small.basis,
        tuple(d for d, _, _ in rows),
        tuple(a for _, a, _ in rows),
        tuple(b for _, _, b in rows),
        ratio,
        _rolling_mean(ratio),
    )


def _rolling_mean(values: tuple[float, ...]) -> tuple[float | None, ...]:
    means: list[float | None] = []
    total = 0.0
    for i, value in enumerate(values):
        total += value - (values[i - MEAN] if i >= MEAN else 0.0)
        means.append(total / MEAN if i >= MEAN - 1 else None)
    return tuple(means)


def lines_of(pair: str, universe: Universe, snapshot: Snapshot) -> Lines | None:
    """Lines of a configured pair, or of any `A/B` or `A-B` of symbols with history; None where a leg has none."""
    spread = next((s for s in universe.spreads if s.id == pair), None)
    legs = (spread.small, spread.large) if spread else parsed(pair)
    if legs is None:
        return None
    for basis in (Basis.PRICE, Basis.TOTAL):
        small, large = (snapshot.bars.get((leg, basis)) for leg in legs)
        if small is not None and large is not None:
            try:
                return pair_lines(small, large)
            except RefusedValueError:
                return None
    return None


def parsed(text: str) -> tuple[str, str] | None:
    """The two symbols of "A/B" or "A-B"; None where it is no pair."""
    for mark in ("/", "-"):
        small, found, large = text.partition(mark)
        if found and small.strip() and large.strip() and canonical(small) != canonical(large):
            return canonical(small), canonical(large)
    return None
