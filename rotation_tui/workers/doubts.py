"""What is refused, and what nobody gives: the store is told of both, with the reasons."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import HasOutlines
from rotation_tui.store.market_store import FILINGS, closes_name, history_name, holdings_name
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.histories import Histories
from rotation_tui.workers.wakes import Wakes

T = TypeVar("T")

_OFFERED_BY_NOBODY = "no configured feed offers it"


class Doubts:
    """What is refused at the moment, with the reasons, and which prices have spoken against a history."""

    def __init__(self, given: Given, followed: Followed, wakes: Wakes, histories: Histories) -> None:
        self._given = given
        self._followed = followed
        self._wakes = wakes
        self._histories = histories
        self._quarantined: dict[str, str] = {}
        self._contradictions: dict[str, datetime] = {}

    def quarantine(self, name: str, doubt: str | None) -> None:
        """Note that the data of `name` are refused (`doubt` says why), or that they are fine again."""
        if self._quarantined.get(name) == doubt:
            return
        if doubt is None:
            self._quarantined.pop(name, None)
        else:
            self._quarantined[name] = doubt
            self._given.tell(f"{name} in quarantine: {doubt}", "alert")
        self.tell()

    def forget(self, symbols: Set[str]) -> None:
        """Let go of what was refused of symbols."""
        names = [*symbols, *map(history_name, symbols)]
        for name in [n for n in self._quarantined if n in names or n.rpartition(" from ")[0] in names]:
            del self._quarantined[name]
        for symbol in symbols:
            self._contradictions.pop(symbol, None)
        self.tell()

    def contradict(self, symbol: str) -> None:
        """Note that a price speaks against the history of `symbol`, which may have been restated since."""
        now = self._given.now()
        before = self._contradictions.get(symbol)
        if before is None or now - before > MISSING_FOR:
            self._contradictions[symbol] = now
            self._wakes.everybody()

    def contradicted_at(self, symbol: str) -> datetime | None:
        """When a price last spoke against the history of `symbol`, None where none has."""
        return self._contradictions.get(symbol)

    @contextmanager
    def keeping(self, what: str) -> Iterator[None]:
        """Around a write to disk: a disk that refuses is told of and ends nothing."""
        try:
            yield
        except OSError as fault:
            self.quarantine(what, f"cannot be written: {fault.strerror}")
        else:
            self.quarantine(what, None)

    def tell(self) -> None:
        """Tell the store which symbols are refused, and which symbols, histories and series no feed gives."""
        self._given.store.put_doubts(self._quarantined, self._given_by_nobody())

    def _given_by_nobody(self) -> Mapping[str, str]:
        return {name: why for name, why in self._failing_of_all() if why is not None}

    def _failing_of_all(self) -> Iterator[tuple[str, str | None]]:
        followed, universe = self._followed, self._followed.universe
        if self._given.as_of is None:
            yield from self._failing(((i.symbol, i) for i in universe.instruments), Feed.offers_price, Feed.prices)
        else:
            yield from ((i.symbol, self._why_no_close(i)) for i in universe.instruments)
        with_bars = ((history_name(i.symbol), i) for i in universe.with_bars)
        yield from self._failing(with_bars, Feed.offers_bars, lambda f: f.able(Job.HISTORY))
        series = ((name, name) for name in followed.series_ids)
        yield from self._failing(series, Feed.offers_series, lambda f: f.able(Job.SERIES), unoffered=None)
        glances = ((glance.name, glance) for glance in followed.glances)
        yield from self._failing(glances, Feed.offers_minutes, lambda f: f.able(Job.MINUTES))
        if followed.fundamentals and self._given.as_of is None:
            yield from self._documents_failing()

    def _documents_failing(self) -> Iterator[tuple[str, str | None]]:
        for fund in self._followed.funds:
            holdings, closes = [(holdings_name(fund), fund)], [(closes_name(fund), fund)]
            yield from self._failing(holdings, Feed.offers_holdings, lambda f: f.able(Job.HOLDINGS))
            yield from self._failing(closes, _tells_outlines, lambda f: f.able(Job.CLOSES), unoffered=None)
        yield from self._failing([(FILINGS, FILINGS)], _offers_filings, lambda f: f.able(Job.FILINGS))

    def _failing(
        self,
        named: Iterable[tuple[str, T]],
        offers: Callable[[Feed, T], bool],
        able: Callable[[Feed], bool],
        *,
        unoffered: str | None = _OFFERED_BY_NOBODY,
    ) -> Iterator[tuple[str, str | None]]:
        """What no feed gives of what is `named`, and what is wrong with the first feed that offers it.

        What feeds offer is asked each time, for it may change, but no further than the first one that gives it: every
        answer to a question asks this of all that is followed.
        """
        now = self._given.now()
        feeds = [(feed, able(feed)) for feed in self._given.feeds]
        for name, what in named:
            first = None
            for feed, fit in feeds:
                if not offers(feed, what):
                    continue
                if fit and not feed.lacks(name, now):
                    break
                first = first or feed
            else:
                yield name, unoffered if first is None else _why_not(first, name, now)

    def _why_no_close(self, instrument: Instrument) -> str | None:
        """Of a past day there are no quotes: the history has to have its close."""
        now, name = self._given.now(), history_name(instrument.symbol)
        known = self._histories.counted(instrument.symbol)
        if any(bars.dates for bars in known):
            return None
        offering = [f for f in self._given.feeds if f.offers_bars(instrument)]
        if not offering:
            return _OFFERED_BY_NOBODY
        if known:
            return f"no close up to {self._given.as_of}"
        lacking = [f for f in offering if f.lacks(name, now) or not f.able(Job.HISTORY)]
        return _why_not(lacking[0], name, now) if lacking else None


def _tells_outlines(feed: Feed, _: str) -> bool:
    return isinstance(feed.bars, HasOutlines)


def _offers_filings(feed: Feed, _: str) -> bool:
    return feed.offers_filings()


def _why_not(feed: Feed, name: str, now: datetime) -> str:
    if feed.lacks(name, now):
        why = feed.missing[name][0]
        return why if why.startswith(f"{feed.name}: ") else f"{feed.name}: {why}"
    return f"{feed.name}: {feed.words(now)}"
