"""One feed's life as seen from outside: is it answering, what is wrong, when is it asked again."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import (
    HasBars,
    HasFilings,
    HasHoldings,
    HasMinutes,
    HasQuotes,
    HasSeries,
    HasStream,
    Misconfigured,
    Occupied,
    Passing,
    Provider,
    ProviderFault,
    RateLimited,
    Unreachable,
    Untroubled,
)
from rotation_tui.store.market_store import history_name
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.prints import Told

PASSING_FOR = timedelta(minutes=1)
"""How long what was not given for the source's own trouble is left to the next feed."""
MISSING_FOR = timedelta(minutes=30)
"""How long a symbol that a feed does not give is left to the next feed before it is tried again."""
OCCUPIED_FOR = timedelta(seconds=10)
"""How long a connection that another program has is left to it before it is looked at again, on this computer."""


class Job(StrEnum):
    """What a feed is asked for; a source may be in trouble with one and well with another.

    Where a loop alone asks for something, it names that by a word of its own.
    """

    QUOTES = "quotes"
    HISTORY = "history"
    SERIES = "macro series"
    STREAM = "stream"
    MINUTES = "minutes"
    HOLDINGS = "holdings"
    FILINGS = "filings"
    CLOSES = "closes of members"


class Trouble(Struct, frozen=True):
    """A fault that goes on `since` its first failure; until `retry_at` nothing is asked."""

    since: datetime
    failures: int
    words: str
    retry_at: datetime


@dataclass(slots=True)
class Feed:
    """A provider in service, with its standing in the order of failover.

    `local` feeds (files, simulation) cost nothing and are asked for all they offer. `missing` maps a
    symbol or series to why this feed does not give it and until when it is left to others. `troubles` has
    the faults that go on, by job, and under None those of the source as a whole: out of reach, or a pause
    that it asked for. `told` is its last answer about every symbol, believed or not,
    `doubted` why what of it is not. `quotes`, `bars`, `minutes`, `series`, `stream`, `holdings` and `filings` are the
    provider as what it is asked for, None where it has none of that. `streaming` are the symbols that its stream has
    told since it was opened.
    """

    name: str
    provider: Provider
    order: int
    local: bool
    budget_per_hour: int | None = None
    last_success: datetime | None = None
    due: datetime | None = None
    asked: bool = False
    missing: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    troubles: dict[str | None, Trouble] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    doubted: dict[str, str] = field(default_factory=dict)
    quotes: HasQuotes | None = field(init=False, repr=False)
    bars: HasBars | None = field(init=False, repr=False)
    minutes: HasMinutes | None = field(init=False, repr=False)
    series: HasSeries | None = field(init=False, repr=False)
    stream: HasStream | None = field(init=False, repr=False)
    holdings: HasHoldings | None = field(init=False, repr=False)
    filings: HasFilings | None = field(init=False, repr=False)
    streaming: set[str] = field(default_factory=set)
    _untroubled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # asked once: a source gets no methods while it runs, and Python 3.11 takes 20 us a question, 38 for a no
        source = self.provider
        self.quotes = source if isinstance(source, HasQuotes) else None
        self.bars = source if isinstance(source, HasBars) else None
        self.minutes = source if isinstance(source, HasMinutes) else None
        self.series = source if isinstance(source, HasSeries) else None
        self.stream = source if isinstance(source, HasStream) else None
        self.holdings = source if isinstance(source, HasHoldings) else None
        self.filings = source if isinstance(source, HasFilings) else None

    @property
    def has_papers_alone(self) -> bool:
        """Whether it has holdings or filings and nothing else."""
        prices = (self.quotes, self.bars, self.minutes, self.series, self.stream)
        return all(has is None for has in prices) and (self.holdings is not None or self.filings is not None)

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Whether it can quote the instrument."""
        return self.quotes is not None and self.quotes.offers_quotes(instrument)

    def offers_price(self, instrument: Instrument) -> bool:
        """Whether it can quote the instrument or be listened to for it."""
        return self.offers_quotes(instrument) or (self.stream is not None and self.stream.offers_stream(instrument))

    def offers_bars(self, instrument: Instrument) -> bool:
        """Whether it has daily history of the instrument."""
        return self.bars is not None and self.bars.offers_bars(instrument)

    def offers_minutes(self, glance: Glance) -> bool:
        """Whether it has prices of every minute of what is looked at."""
        return self.minutes is not None and self.minutes.offers_minutes(Instrument.of(glance.symbol), glance.days)

    def offers_series(self, series_id: str) -> bool:
        """Whether it has the macro series."""
        return self.series is not None and self.series.offers_series(series_id)

    def offers_holdings(self, fund: str) -> bool:
        """Whether it has what the fund holds."""
        return self.holdings is not None and self.holdings.offers_holdings(fund)

    def offers_filings(self) -> bool:
        """Whether it has what companies have filed."""
        return self.filings is not None and self.filings.offers_filings()

    def able(self, job: str) -> bool:
        """Whether others may leave work of this kind to this feed."""
        return None not in self.troubles and job not in self.troubles

    def prices(self) -> bool:
        """Whether it may be asked for prices, or listened to for them."""
        asked, heard = self.quotes is not None, self.stream is not None
        return (asked and self.able(Job.QUOTES)) or (heard and self.able(Job.STREAM))

    def gives_price(self, instrument: Instrument, now: datetime) -> bool:
        """Whether others may leave the instrument's price to it: its stream has told it, or it is polled."""
        if self.lacks(instrument.symbol, now):
            return False
        return instrument.symbol in self.streaming or (self.able(Job.QUOTES) and self.offers_quotes(instrument))

    def rests_until(self, job: str, now: datetime) -> datetime | None:
        """When the feed may be asked again, None where it may be asked now."""
        known = [self.troubles[key] for key in (None, job) if key in self.troubles]
        # a clock that was set back must not make a pause of seconds one of months
        ends = [trouble.retry_at for trouble in known if trouble.since <= now + CLOCK_SLACK]
        latest = max(ends, default=now)
        return latest if latest > now else None

    def lacks(self, name: str, now: datetime) -> bool:
        """Whether the feed lately said that it does not have `name`."""
        return name in self.missing and now < self.missing[name][1] <= now + MISSING_FOR + CLOCK_SLACK

    def answered(self, job: str, now: datetime, missing: Mapping[str, str], asked: tuple[str, ...]) -> None:
        """A good answer came; `missing` of what was `asked` was not in it.

        It does not end a pause of the source that began while the question was under way.
        """
        self.last_success = now
        self.troubles.pop(job, None)
        whole = self.troubles.get(None)
        if whole is not None and whole.retry_at <= now:
            del self.troubles[None]
        for name in asked:
            if name in missing:
                rest = PASSING_FOR if isinstance(missing[name], Passing) else MISSING_FOR
                self.lacking(name, missing[name], now + rest)
                if isinstance(missing[name], Untroubled):
                    self._untroubled.add(name)
            else:
                self.missing.pop(name, None)

    def failed(self, job: str, fault: ProviderFault, now: datetime, cadence: Cadence) -> datetime:
        """No good answer came; returns when to ask again."""
        # a stream has a connection of its own, mostly to a host of its own
        lost = isinstance(fault, Unreachable) and job != Job.STREAM
        whole = fault.pause_s is not None or lost or isinstance(fault, RateLimited | Misconfigured)
        key = None if whole else job
        before = self.troubles.get(key)
        # loops that fail side by side are one failure
        again = before is not None and before.retry_at <= now
        failures = 1 if before is None else before.failures + again
        retry = cadence.after_failure(now, failures)
        if isinstance(fault, Occupied):
            retry = now + OCCUPIED_FOR * cadence.speed
        if fault.pause_s is not None:
            retry = max(retry, now + timedelta(seconds=fault.pause_s * cadence.speed))
        if before is not None:
            retry = max(retry, before.retry_at)
        since = now if before is None else before.since
        self.troubles[key] = Trouble(since, failures, plain_text(str(fault)), retry)
        return retry

    def would_stand_by(self, now: datetime) -> bool:
        """Whether `stand_by` may change anything: to find out that nobody needs the feed costs more than this."""
        overdue = self.due is not None and self.due <= now
        over = any(trouble.retry_at <= now for trouble in self.troubles.values())
        return over or (
            not self.troubles and (self.asked or self.due is not None) and (overdue or self.last_success is None)
        )

    def stand_by(self, now: datetime) -> None:
        """Nobody needs the feed: it is not late, and troubles whose pause is over are nobody's any more."""
        over = [key for key, trouble in self.troubles.items() if trouble.retry_at <= now]
        for key in over:
            del self.troubles[key]
        overdue = self.due is not None and self.due <= now
        if not self.troubles and (over or overdue or self.last_success is None):
            self.asked, self.due = False, None

    def lacking(self, name: str, why: str, until: datetime) -> None:
        """The feed does not give `name`, or nothing that can be used; it is left to others `until` then."""
        self.missing[name] = (plain_text(why), until)
        self._untroubled.discard(name)

    def doubt(self, name: str, why: str, until: datetime) -> None:
        """What the feed told of `name` is not believed; it is left to others `until` then."""
        self.lacking(name, why, until)
        self.doubted[name] = why

    def believe(self, name: str) -> None:
        """What the feed told of `name` is believed, after all where it was not."""
        if self.doubted.pop(name, None) is not None:
            self.missing.pop(name, None)

    def forget(self, symbols: Set[str]) -> None:
        """Let go of what was told of symbols, and of why they are not given."""
        for symbol in symbols:
            for known in (self.told, self.doubted, self.missing):
                known.pop(symbol, None)
            self.missing.pop(history_name(symbol), None)

    def health(self, now: datetime, still: str | None = None, *, in_part: bool = False) -> FeedHealth:
        """The feed's line on the screen; `still` says that what it answers does not move, `in_part` a few funds."""
        retry_at = min((t.retry_at for t in self.troubles.values()), default=None)
        state, words = self._state(now), self.words(now)
        if still is not None and in_part and state is FeedState.LIVE:
            state, words = FeedState.DEGRADED, still
        elif still is not None and in_part and state is FeedState.DEGRADED:
            words = f"{still}; {words}"
        elif still is not None and not in_part and state not in (FeedState.DOWN, FeedState.OFF):
            state, words = FeedState.LATE, still
        return FeedHealth(
            self.name, state, self.last_success, words,
            self.provider.requests_last_hour(), self.budget_per_hour, retry_at,
        )  # fmt: skip

    def _state(self, now: datetime) -> FeedState:
        if self.troubles:
            newest = max(t.since for t in self.troubles.values())
            answers = None not in self.troubles and self.last_success is not None and self.last_success > newest
            return FeedState.DEGRADED if answers else FeedState.DOWN
        if not self.asked:
            return FeedState.OFF
        if self.last_success is None:
            return FeedState.LATE
        if self.due is not None and now > self.due + timedelta(seconds=60):
            return FeedState.LATE
        troubled = not self._untroubled.issuperset(self._lacks_now(now))
        return FeedState.DEGRADED if troubled else FeedState.LIVE

    def _lacks_now(self, now: datetime) -> list[str]:
        return [name for name, (_, until) in self.missing.items() if until > now]

    def words(self, now: datetime) -> str | None:
        """What is wrong, None where nothing is."""
        if self.troubles:
            key = None if None in self.troubles else max(self.troubles, key=lambda k: self.troubles[k].since)
            words = self.troubles[key].words
            return f"{key}: {words}" if self._state(now) is FeedState.DEGRADED else words
        lacks = self._lacks_now(now)
        if not lacks:
            return None
        more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
        return f"gives no {', '.join(lacks[:3])}{more}: {self.missing[lacks[0]][0]}"
