"""What the loops of all feeds share while the desk is open."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.feed import Event, FeedState
from rotation_tui.domain.instrument import Instrument, kind_of
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.wording import counted
from rotation_tui.store.market_store import BarsKey, MarketStore, history_name
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.days import Days
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.prints import JUDGED, Standing, standing_of, still_words

_NAMED = 3
"""Up to so many symbols are named in an event; more are counted."""
_OFFERED_BY_NOBODY = "no configured feed offers it"


@dataclass(slots=True)
class Context:
    """Store, feeds and clock of one run, and who has to look again when something fails.

    `now` is the time at which sources are asked (real time, or the simulated market's). `as_of` trims everything that
    enters the store, so that nothing after that date can leak in. `histories` are the bars of every feed by its
    order, as far as they count, `told` what came; `judges` look again at what had no witness yet. `observed` are the
    macro series of every feed as far as they count, `series_ids` are the series that are wanted. `generation` moves
    with every refresh; an answer to a question of an older generation is dropped. `contradictions` are the times at
    which a price spoke against the history of its symbol.
    """

    store: MarketStore
    feeds: tuple[Feed, ...]
    universe: Universe
    calendar: Calendar
    cadence: Cadence
    now: Callable[[], datetime]
    as_of: date | None = None
    generation: int = 0
    wakes: dict[str, list[asyncio.Event]] = field(default_factory=dict)
    quarantined: dict[str, str] = field(default_factory=dict)
    histories: dict[BarsKey, dict[int, Bars]] = field(default_factory=dict)
    told: dict[BarsKey, dict[int, Bars]] = field(default_factory=dict)
    judges: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    observed: dict[str, dict[int, Observations]] = field(default_factory=dict)
    days: Days = field(default_factory=Days)
    series_ids: tuple[str, ...] = ()
    bars_moved: asyncio.Event = field(default_factory=asyncio.Event)
    contradictions: dict[str, datetime] = field(default_factory=dict)
    _states: dict[str, FeedState] = field(default_factory=dict)
    _remarked: set[str] = field(default_factory=set)
    _stood: set[str] = field(default_factory=set)
    _funds_stood: dict[str, frozenset[str]] = field(default_factory=dict)
    _givers: dict[str, int] = field(default_factory=dict)

    def earlier(self, feed: Feed) -> tuple[Feed, ...]:
        """The feeds that come before `feed` in the order of failover."""
        return tuple(f for f in self.feeds if f.order < feed.order)

    def wake_later(self, feed: Feed) -> None:
        """Make the feeds behind `feed` look for work that it left."""
        for other in self.feeds:
            if other.order > feed.order:
                self.wake(other)

    def wake(self, feed: Feed) -> None:
        """Make all loops of one feed look for work now."""
        for event in self.wakes.get(feed.name, ()):
            event.set()

    def wake_event(self, feed: Feed) -> asyncio.Event:
        """A new event by which one loop of `feed` is woken."""
        event = asyncio.Event()
        self.wakes.setdefault(feed.name, []).append(event)
        return event

    def publish(self, feed: Feed) -> None:
        """Put the feed's health into the store, and an event where its state changed for better or worse."""
        standing = self.standing(feed)
        still = self._still(feed, standing) if standing.kinds else None
        part = self._still_in_part(feed, standing) if still is None and standing.funds else None
        health = feed.health(self.now(), still or part, in_part=part is not None)
        before, stood = self._states.get(feed.name), feed.name in self._stood
        self._states[feed.name] = health.state
        self.store.put_feed(health)
        stands = still is not None and health.fault == still
        if stands and not stood:
            self._stood.add(feed.name)
            self.store.put_event(Event(self.now(), f"{feed.name}: {still}", "watch"))
        elif still is None and stood:
            self._stood.discard(feed.name)
            self.store.put_event(Event(self.now(), f"{feed.name} has new prices again"))
        self._tell_of_funds(feed, standing, part)
        if health.state is FeedState.DOWN and before is not FeedState.DOWN:
            self.store.put_event(Event(self.now(), f"{feed.name}: {health.fault}", "watch"))
        elif before is FeedState.DOWN and health.state in (FeedState.LIVE, FeedState.DEGRADED):
            self.store.put_event(Event(self.now(), f"{feed.name} answers again"))

    def standing(self, feed: Feed) -> Standing:
        """What of the feed's prices has not moved though it should have, and since when.

        What is at hand without a network, files and the simulation, is as new as it is made.
        """
        if feed.local or not feed.told:
            return Standing()
        studies = self.store.snapshot().studies.tickers

        def dollars(symbol: str) -> float | None:
            return studies[symbol].median_dollar_volume if symbol in studies else None

        return standing_of(feed.told, self.calendar, dollars)

    def look_at_prints(self) -> None:
        """Let later feeds be asked for what stands still, now that the turnover of funds is known anew."""
        for feed in self.feeds:
            if self.standing(feed).funds:
                self.publish(feed)
                self.wake_later(feed)

    def _still(self, feed: Feed, standing: Standing) -> str:
        whole = {kind_of(symbol) for symbol in feed.told} & set(JUDGED) == set(standing.kinds)
        others = [f for f in self.feeds if f is not feed and not f.local and f.told and f.prices()]
        moving = not others or any(not self.standing(f).kinds for f in others)
        return still_words(standing, whole=whole, alone=moving, now=self.now())

    def _still_in_part(self, feed: Feed, standing: Standing) -> str:
        """A halt of one fund looks like this too, unless another source has, or may yet tell, a newer print."""
        others = [f for f in self.feeds if f is not feed and not f.local and f.prices()]
        offered = {i.symbol: i for i in self.universe.instruments}

        def may_move(symbol: str, since: datetime) -> bool:
            return any(
                f.told[symbol].quote.as_of > since
                if symbol in f.told
                else f.offers_price(offered[symbol]) and not f.lacks(symbol, self.now())
                for f in others
                if symbol in offered
            )

        moving = any(may_move(symbol, since) for symbol, since in standing.funds.items())
        return still_words(standing, whole=False, alone=moving, now=self.now())

    def _tell_of_funds(self, feed: Feed, standing: Standing, part: str | None) -> None:
        """An event where a fund stops or moves again; a halt of all says nothing of single ones."""
        if standing.kinds:
            return
        before, stand = self._funds_stood.get(feed.name, frozenset()), frozenset(standing.funds)
        self._funds_stood[feed.name] = stand
        if part is not None and stand - before:
            self.store.put_event(Event(self.now(), f"{feed.name}: {part}", "watch"))
        for symbol in sorted(before - stand):
            self.store.put_event(Event(self.now(), f"{feed.name} has new prices of {symbol} again"))

    def contradicted(self, symbol: str) -> None:
        """Note that a price speaks against the history of `symbol`, which may have been restated since."""
        now = self.now()
        before = self.contradictions.get(symbol)
        if before is None or now - before > MISSING_FOR:
            self.contradictions[symbol] = now
            for feed in self.feeds:
                self.wake(feed)

    def given(self, feed: Feed, symbols: tuple[str, ...]) -> None:
        """Note that the prices of `symbols` are this feed's by now, and tell where it stands in for an earlier one."""
        instruments = {i.symbol: i for i in self.universe.instruments}
        stood_in: dict[int, list[str]] = {}
        for symbol in symbols:
            before = self._givers.get(symbol)
            if before is None:
                instrument = instruments.get(symbol)
                offering = (f.order for f in self.earlier(feed) if instrument and f.offers_price(instrument))
                before = min(offering, default=feed.order)
            self._givers[symbol] = feed.order
            if before < feed.order:
                stood_in.setdefault(before, []).append(symbol)
        names = {f.order: f.name for f in self.feeds}
        for order, taken in stood_in.items():
            what = ", ".join(taken) if len(taken) <= _NAMED else counted(len(taken), "symbol")
            self.store.put_event(Event(self.now(), f"{feed.name} takes over {what} from {names[order]}"))

    def quarantine(self, name: str, doubt: str | None) -> None:
        """Note that the data of `name` are refused (`doubt` says why), or that they are fine again."""
        if self.quarantined.get(name) == doubt:
            return
        if doubt is None:
            self.quarantined.pop(name, None)
        else:
            self.quarantined[name] = doubt
            self.store.put_event(Event(self.now(), f"{name} in quarantine: {doubt}", "alert"))
        self.doubts()

    def witnesses(self, bars: Bars, order: int) -> tuple[Sequence[Bars], Sequence[Bars]]:
        """Other feeds' histories of the same, and those of its peers."""
        others = [b for n, b in self.told.get((bars.symbol, bars.basis), {}).items() if n != order]
        keys = [(peer, basis) for peer in self.universe.peers(bars.symbol) for basis in Basis]
        return others, [b for key in keys for b in self.told.get(key, {}).values()]

    def quotes_beside(self, symbol: str) -> tuple[Quote, ...]:
        """What all feeds told last of a symbol and of its peers."""
        names = (symbol, *self.universe.peers(symbol))
        return tuple(f.told[name].quote for name in names for f in self.feeds if name in f.told)

    async def judge_again(self) -> None:
        """Look again at what had no witness yet, now that more has been told."""
        for judge in self.judges:
            await judge()

    def remark(self, text: str) -> None:
        """An event that is told once a run."""
        if text not in self._remarked:
            self._remarked.add(text)
            self.store.put_event(Event(self.now(), text, "watch"))

    @contextmanager
    def keeping(self, what: str) -> Iterator[None]:
        """Around a write to disk: a disk that refuses is told of and ends nothing."""
        try:
            yield
        except OSError as fault:
            self.quarantine(what, f"cannot be written: {fault.strerror}")
        else:
            self.quarantine(what, None)

    def doubts(self) -> None:
        """Tell the store which symbols are refused, and which symbols, histories and series no feed gives."""
        self.store.put_doubts(self.quarantined, self._given_by_nobody())

    def _given_by_nobody(self) -> Mapping[str, str]:
        why = self._why_no_quote if self.as_of is None else self._why_no_close
        of_symbols = ((i.symbol, why(i)) for i in self.universe.instruments)
        of_histories = ((history_name(i.symbol), self._why_no_history(i)) for i in self.universe.with_bars)
        of_series = ((name, self._why_no_series(name)) for name in self.series_ids)
        return {name: reason for name, reason in (*of_symbols, *of_histories, *of_series) if reason is not None}

    def _why_no_series(self, series_id: str) -> str | None:
        now = self.now()
        offering = [f for f in self.feeds if f.offers_series(series_id)]
        if offering and all(f.lacks(series_id, now) or not f.able(Job.SERIES) for f in offering):
            return _why_not(offering[0], series_id, now)
        return None

    def _why_no_history(self, instrument: Instrument) -> str | None:
        now, name = self.now(), history_name(instrument.symbol)
        offering = [f for f in self.feeds if f.offers_bars(instrument)]
        if not offering:
            return _OFFERED_BY_NOBODY
        if all(f.lacks(name, now) or not f.able(Job.HISTORY) for f in offering):
            return _why_not(offering[0], name, now)
        return None

    def _why_no_quote(self, instrument: Instrument) -> str | None:
        now = self.now()
        offering = [f for f in self.feeds if f.offers_price(instrument)]
        if not offering:
            return _OFFERED_BY_NOBODY
        if all(f.lacks(instrument.symbol, now) or not f.prices() for f in offering):
            return _why_not(offering[0], instrument.symbol, now)
        return None

    def _why_no_close(self, instrument: Instrument) -> str | None:
        """Of a past day there are no quotes: the history has to have its close."""
        now, name = self.now(), history_name(instrument.symbol)
        known = [h for (symbol, _), by_feed in self.histories.items() if symbol == instrument.symbol
                 for h in by_feed.values()]  # fmt: skip
        if any(bars.dates for bars in known):
            return None
        offering = [f for f in self.feeds if f.offers_bars(instrument)]
        if not offering:
            return _OFFERED_BY_NOBODY
        if known:
            return f"no close up to {self.as_of}"
        lacking = [f for f in offering if f.lacks(name, now) or not f.able(Job.HISTORY)]
        return _why_not(lacking[0], name, now) if lacking else None

    def asked_about(self, feed: Feed) -> datetime:
        """The moment whose data are asked of a feed: what is at hand as of the past day, sources as of now."""
        return self.now() if self.as_of is None or not feed.local else end_of(self.as_of)


def _why_not(feed: Feed, name: str, now: datetime) -> str:
    if feed.lacks(name, now):
        why = feed.missing[name][0]
        return why if why.startswith(f"{feed.name}: ") else f"{feed.name}: {why}"
    return f"{feed.name}: {feed.words(now)}"
