"""What is told of the feeds: how each is, whether its prices stand still, and who stands in for whom."""

from datetime import datetime

from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.instrument import kind_of
from rotation_tui.domain.wording import counted
from rotation_tui.workers.feed import Feed
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.prints import JUDGED, Standing, standing_of, still_words
from rotation_tui.workers.wakes import Wakes

_NAMED = 3
"""Up to so many symbols are named in an event; more are counted."""


class Health:
    """What was told of the feeds so far, so that only what changed is told again."""

    def __init__(self, given: Given, followed: Followed, wakes: Wakes) -> None:
        self._given = given
        self._followed = followed
        self._wakes = wakes
        self._states: dict[str, FeedState] = {}
        self._remarked: set[str] = set()
        self._stood: set[str] = set()
        self._funds_stood: dict[str, frozenset[str]] = {}
        self._givers: dict[str, int] = {}

    def publish(self, feed: Feed) -> None:
        """Put the feed's health into the store, and an event where its state changed for better or worse."""
        if feed.has_papers_alone and not feed.asked and not self._followed.fundamentals:
            return  # it waits for nobody
        standing = self.standing(feed)
        still = self._still(feed, standing) if standing.kinds else None
        part = self._still_in_part(feed, standing) if still is None and standing.funds else None
        health = feed.health(self._given.now(), still or part, in_part=part is not None)
        before, stood = self._states.get(feed.name), feed.name in self._stood
        self._states[feed.name] = health.state
        self._given.store.put_feed(health)
        stands = still is not None and health.fault == still
        if stands and not stood:
            self._stood.add(feed.name)
            self._given.tell(f"{feed.name}: {still}", "watch")
        elif still is None and stood:
            self._stood.discard(feed.name)
            self._given.tell(f"{feed.name} has new prices again")
        self._tell_of_funds(feed, standing, part)
        if health.state is FeedState.DOWN and before is not FeedState.DOWN:
            self._given.tell(f"{feed.name}: {health.fault}", "watch")
        elif before is FeedState.DOWN and health.state in (FeedState.LIVE, FeedState.DEGRADED):
            self._given.tell(f"{feed.name} answers again")

    def standing(self, feed: Feed) -> Standing:
        """What of the feed's prices has not moved though it should have, and since when.

        What is followed no more is not asked for, so it need not move. What is at hand without a network, files and
        the simulation, is as new as it is made.
        """
        told = {symbol: feed.told[symbol] for symbol in self._symbols() if symbol in feed.told}
        if feed.local or not told:
            return Standing()
        studies = self._given.store.snapshot().studies.tickers

        def dollars(symbol: str) -> float | None:
            return studies[symbol].median_dollar_volume if symbol in studies else None

        return standing_of(told, self._given.calendar, dollars)

    def look_at_prints(self) -> None:
        """Let later feeds be asked for what stands still, now that the turnover of funds is known anew."""
        for feed in self._given.feeds:
            if self.standing(feed).funds:
                self.publish(feed)
                self._wakes.later(feed)

    def gives(self, feed: Feed, symbols: tuple[str, ...]) -> None:
        """Note that the prices of `symbols` are this feed's by now, and tell where it stands in for an earlier one."""
        instruments = {i.symbol: i for i in self._followed.universe.instruments}
        stood_in: dict[int, list[str]] = {}
        for symbol in symbols:
            before = self._givers.get(symbol)
            if before is None:
                instrument = instruments.get(symbol)
                offering = (f.order for f in self._given.earlier(feed) if instrument and f.offers_price(instrument))
                before = min(offering, default=feed.order)
            self._givers[symbol] = feed.order
            if before < feed.order:
                stood_in.setdefault(before, []).append(symbol)
        names = {f.order: f.name for f in self._given.feeds}
        for order, taken in stood_in.items():
            what = ", ".join(taken) if len(taken) <= _NAMED else counted(len(taken), "symbol")
            self._given.tell(f"{feed.name} takes over {what} from {names[order]}")

    def remark(self, text: str) -> None:
        """An event that is told once a run."""
        if text not in self._remarked:
            self._remarked.add(text)
            self._given.tell(text, "watch")

    def _symbols(self) -> list[str]:
        """Whose prints say how a feed is: not those of visitors, which may trade at other hours."""
        return [i.symbol for i in self._followed.universe.own.instruments]

    def _still(self, feed: Feed, standing: Standing) -> str:
        whole = {kind_of(s) for s in self._symbols() if s in feed.told} & set(JUDGED) == set(standing.kinds)
        others = [f for f in self._given.feeds if f is not feed and not f.local and f.told and f.prices()]
        moving = not others or any(not self.standing(f).kinds for f in others)
        return still_words(standing, whole=whole, alone=moving, now=self._given.now())

    def _still_in_part(self, feed: Feed, standing: Standing) -> str:
        """A halt of one fund looks like this too, unless another source has, or may yet tell, a newer print."""
        others = [f for f in self._given.feeds if f is not feed and not f.local and f.prices()]
        offered = {i.symbol: i for i in self._followed.universe.instruments}

        def may_move(symbol: str, since: datetime) -> bool:
            return any(
                f.told[symbol].quote.as_of > since
                if symbol in f.told
                else f.offers_price(offered[symbol]) and not f.lacks(symbol, self._given.now())
                for f in others
                if symbol in offered
            )

        moving = any(may_move(symbol, since) for symbol, since in standing.funds.items())
        return still_words(standing, whole=False, alone=moving, now=self._given.now())

    def _tell_of_funds(self, feed: Feed, standing: Standing, part: str | None) -> None:
        """An event where a fund stops or moves again; a halt of all says nothing of single ones."""
        if standing.kinds:
            return
        before, stand = self._funds_stood.get(feed.name, frozenset()), frozenset(standing.funds)
        self._funds_stood[feed.name] = stand
        if part is not None and stand - before:
            self._given.tell(f"{feed.name}: {part}", "watch")
        for symbol in sorted((before - stand).intersection(self._symbols())):
            self._given.tell(f"{feed.name} has new prices of {symbol} again")
