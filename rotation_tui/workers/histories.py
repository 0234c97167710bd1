"""What every feed has told of histories and series: as it came, and as far as it counts."""

from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from itertools import product

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.observation import Observations
from rotation_tui.store.market_store import BarsKey
from rotation_tui.workers.days import Days
from rotation_tui.workers.feed import Feed
from rotation_tui.workers.given import Followed
from rotation_tui.workers.union import united, united_series


class Histories:
    """Histories and series of all feeds by their order; loops put in their own, and one united comes out.

    `days` are the days that all of them share.
    """

    def __init__(self, followed: Followed) -> None:
        self.days = Days()
        self._followed = followed
        self._told: dict[BarsKey, dict[int, Bars]] = {}
        self._counted: dict[BarsKey, dict[int, Bars]] = {}
        self._series: dict[str, dict[int, Observations]] = {}
        self._judges: list[Callable[[], Awaitable[None]]] = []

    def tell(self, feed: Feed, histories: Iterable[Bars]) -> None:
        """Put in what a feed told, which bears others out whether or not it counts."""
        for bars in histories:
            self._told.setdefault((bars.symbol, bars.basis), {})[feed.order] = bars

    def count(self, feed: Feed, bars: Bars) -> Bars | None:
        """Put in what counts of a feed's history; returns the history of all feeds, None where it has no row."""
        by_feed = self._counted.setdefault((bars.symbol, bars.basis), {})
        by_feed[feed.order] = bars
        return united(by_feed[order] for order in sorted(by_feed))

    def count_series(self, feed: Feed, series: Observations) -> Observations | None:
        """The same of a macro series."""
        by_feed = self._series.setdefault(series.series_id, {})
        by_feed[feed.order] = series
        return united_series(by_feed[order] for order in sorted(by_feed))

    def forget(self, symbols: Set[str]) -> None:
        """Let go of the histories of symbols."""
        for symbol, basis in product(symbols, Basis):
            self._told.pop((symbol, basis), None)
            self._counted.pop((symbol, basis), None)

    def counted(self, symbol: str) -> list[Bars]:
        """What counts of a symbol, of all feeds."""
        return [bars for basis in Basis for bars in self._counted.get((symbol, basis), {}).values()]

    def witnesses(self, bars: Bars, feed: Feed) -> tuple[Sequence[Bars], Sequence[Bars]]:
        """Other feeds' histories of the same, and those of its peers."""
        others = [b for n, b in self._told.get((bars.symbol, bars.basis), {}).items() if n != feed.order]
        keys = [(peer, basis) for peer in self._followed.universe.peers(bars.symbol) for basis in Basis]
        return others, [b for key in keys for b in self._told.get(key, {}).values()]

    def judged_by(self, judge: Callable[[], Awaitable[None]]) -> None:
        """Have `judge` called when more has been told: it looks again at what had no witness yet."""
        self._judges.append(judge)

    async def judge_again(self) -> None:
        """Look again at what had no witness yet, now that more has been told."""
        for judge in self._judges:
            await judge()
