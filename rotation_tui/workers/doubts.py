"""What is refused, and what nobody gives: the store is told of both, with the reasons."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import datetime

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Glance
from rotation_tui.providers.base import HasOutlines
from rotation_tui.store.market_store import FILINGS, closes_name, history_name, holdings_name
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.histories import Histories
from rotation_tui.workers.wakes import Wakes

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
        why = self._why_no_quote if self._given.as_of is None else self._why_no_close
        of_symbols = ((i.symbol, why(i)) for i in self._followed.universe.instruments)
        of_histories = ((history_name(i.symbol), self._why_no_history(i)) for i in self._followed.universe.with_bars)
        of_series = ((name, self._why_no_series(name)) for name in self._followed.series_ids)
        of_minutes = ((glance.name, self._why_no_minutes(glance)) for glance in self._followed.glances)
        all_of_it = (*of_symbols, *of_histories, *of_series, *of_minutes, *self._why_no_documents())
        return {name: reason for name, reason in all_of_it if reason is not None}

    def _why_no_documents(self) -> Iterator[tuple[str, str | None]]:
        if not self._followed.fundamentals or self._given.as_of is not None:
            return
        for fund in self._followed.funds:
            offering, name = [f for f in self._given.feeds if f.offers_holdings(fund)], holdings_name(fund)
            yield name, self._why_all_fail(name, offering, lambda f: f.able(Job.HOLDINGS))
            telling = [f for f in self._given.feeds if isinstance(f.bars, HasOutlines)]
            if telling:
                name = closes_name(fund)
                yield name, self._why_all_fail(name, telling, lambda f: f.able(Job.CLOSES))
        offering = [f for f in self._given.feeds if f.offers_filings()]
        yield FILINGS, self._why_all_fail(FILINGS, offering, lambda f: f.able(Job.FILINGS))

    def _why_no_series(self, series_id: str) -> str | None:
        offering = [f for f in self._given.feeds if f.offers_series(series_id)]
        return self._why_all_fail(series_id, offering, lambda f: f.able(Job.SERIES)) if offering else None

    def _why_no_minutes(self, glance: Glance) -> str | None:
        offering = [f for f in self._given.feeds if f.offers_minutes(glance)]
        return self._why_all_fail(glance.name, offering, lambda f: f.able(Job.MINUTES))

    def _why_no_history(self, instrument: Instrument) -> str | None:
        offering = [f for f in self._given.feeds if f.offers_bars(instrument)]
        return self._why_all_fail(history_name(instrument.symbol), offering, lambda f: f.able(Job.HISTORY))

    def _why_no_quote(self, instrument: Instrument) -> str | None:
        offering = [f for f in self._given.feeds if f.offers_price(instrument)]
        return self._why_all_fail(instrument.symbol, offering, Feed.prices)

    def _why_all_fail(self, name: str, offering: Sequence[Feed], able: Callable[[Feed], bool]) -> str | None:
        """What is wrong with the first feed that offers `name`, where no other gives it; None where one does."""
        now = self._given.now()
        if not offering:
            return _OFFERED_BY_NOBODY
        if all(f.lacks(name, now) or not able(f) for f in offering):
            return _why_not(offering[0], name, now)
        return None

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


def _why_not(feed: Feed, name: str, now: datetime) -> str:
    if feed.lacks(name, now):
        why = feed.missing[name][0]
        return why if why.startswith(f"{feed.name}: ") else f"{feed.name}: {why}"
    return f"{feed.name}: {feed.words(now)}"
