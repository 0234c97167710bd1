"""A source that does what it is told, a clock that is moved by hand, and a desk of such sources."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.domain.universe import Spread, Ticker, Universe
from rotation_tui.providers.base import Provider, QuoteReply, SeriesReply, UnknownSymbol
from rotation_tui.store.last_known import LastKnown
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.context import Context
from rotation_tui.workers.desk import Desk
from rotation_tui.workers.evaluate import Evaluator
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.studying import Studying
from rotation_tui.workers.tap import Tap
from tests.patience import PATIENCE_S

NYSE = nyse()
MORNING = datetime(2026, 3, 3, 15, tzinfo=UTC)
"""A Tuesday, 10:00 in New York."""
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
CADENCE = Cadence(open_s=30, pre_post_s=60, closed_s=900)
UNIVERSE = Universe(
    tuple(Ticker(symbol, Instrument.of(symbol)) for symbol in ("IWM", "SPY")), (Spread("IWM-SPY", "IWM", "SPY"),), ()
)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **passed: float) -> None:
        self.at += timedelta(**passed)


def history(symbol: str, last: date = MONDAY, rows: int = 60, source: str = "first", start: float = 100.0) -> Bars:
    """Closes that rise by 0.1 a session up to `last`."""
    days = NYSE.sessions(NYSE.offset(last, 1 - rows), last)
    closes = tuple(round(start + n / 10, 1) for n in range(rows))
    return Bars(symbol, Basis.PRICE, days, closes, source, datetime(2026, 3, 3, 1, tzinfo=UTC))


class Named(Provider, Protocol):
    """A source that says what its feed is called."""

    @property
    def name(self) -> str:
        """The feed's name."""


@dataclass
class FakeProvider:
    """Scripted source. It quotes `prices` as printed at `printed` (None: when it is asked; `printed_of` for single
    symbols) beside the `previous` close of the session before, has `bars` up to the day of asking and `observations`.
    `faults` raises by job; where `gate` is set every answer waits for it, those of one job for theirs in `gates`.
    """

    name: str = "first"
    prices: dict[str, float] = field(default_factory=dict)
    bars_of: dict[str, Bars] = field(default_factory=dict)
    observations: dict[str, Observations] = field(default_factory=dict)
    faults: dict[Job, Exception] = field(default_factory=dict)
    fault_of: dict[str, Exception] = field(default_factory=dict)
    silent_about: set[str] = field(default_factory=set)
    printed: datetime | None = None
    printed_of: dict[str, datetime] = field(default_factory=dict)
    delay_s: int = 0
    gate: asyncio.Event | None = None
    gates: dict[Job, asyncio.Event] = field(default_factory=dict)
    previous: dict[str, float] = field(default_factory=dict)
    offers: Callable[[str], bool] = lambda _: True
    calls: list[tuple[Job, tuple[str, ...], date | None]] = field(default_factory=list)
    closed: bool = False

    def count(self, job: Job) -> int:
        return sum(call[0] is job for call in self.calls)

    def asked_for(self, job: Job) -> Counter[str]:
        return Counter(name for kind, names, _ in self.calls if kind is job for name in names)

    def offers_quotes(self, instrument: Instrument) -> bool:
        return self.offers(instrument.symbol)

    def offers_bars(self, instrument: Instrument) -> bool:
        return self.offers(instrument.symbol)

    def offers_series(self, series_id: str) -> bool:
        return self.offers(series_id)

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        symbols = tuple(i.symbol for i in instruments)
        answer = [self._quote(s, now) for s in symbols if s in self.prices]
        await self._answer(Job.QUOTES, symbols, None)
        missing = {s: f"{self.name} has no {s}" for s in symbols if s not in {*self.prices, *self.silent_about}}
        return QuoteReply(tuple(answer), missing)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        symbol = instrument.symbol
        await self._answer(Job.HISTORY, (symbol,), since)
        if symbol in self.fault_of:
            raise self.fault_of[symbol]
        if symbol not in self.bars_of:
            raise UnknownSymbol(f"{self.name} does not know {symbol}")
        known = self.bars_of[symbol].until(now.astimezone(EASTERN).date())
        return (replace(known if since is None else known.since(since), fetched_at=now),)

    async def series(self, series_ids: Sequence[str], since: date | None, now: datetime) -> SeriesReply:  # noqa: ARG002
        await self._answer(Job.SERIES, tuple(series_ids), since)
        given = tuple(self.observations[s] for s in series_ids if s in self.observations)
        missing = {s: "not here" for s in series_ids if s not in {*self.observations, *self.silent_about}}
        return SeriesReply(given, missing)

    def requests_last_hour(self) -> int:
        return len(self.calls)

    async def close(self) -> None:
        self.closed = True

    async def _answer(self, job: Job, names: tuple[str, ...], since: date | None) -> None:
        self.calls.append((job, names, since))
        gate = self.gates.get(job, self.gate)
        if gate is not None:
            await gate.wait()
        else:
            await asyncio.sleep(0)
        if job in self.faults:
            raise self.faults[job]

    def _quote(self, symbol: str, now: datetime) -> Quote:
        printed = self.printed_of.get(symbol) or self.printed or now - timedelta(seconds=self.delay_s)
        session, before = printed.astimezone(EASTERN).date(), self.previous.get(symbol)
        return Quote(
            symbol, self.prices[symbol], printed, session, self.name, self.delay_s,
            previous_close=before, previous_session=None if before is None else NYSE.previous(session),
        )  # fmt: skip


def full_provider(name: str = "first", **more: object) -> FakeProvider:
    """A source that has everything of the small universe."""
    bars = {symbol: history(symbol, TUESDAY, source=name) for symbol in ("IWM", "SPY")}
    return replace(FakeProvider(name, {"IWM": 106.0, "SPY": 106.5}, bars), **more)  # type: ignore[arg-type]


@dataclass
class FakeStream:
    """A source of a stream alone that says what it is told to say: replies, a fault, or that it is done (None)."""

    name: str = "stream"
    offers: Callable[[str], bool] = lambda _: True
    opened: list[tuple[str, ...]] = field(default_factory=list)
    closed: int = 0
    to_tell: "asyncio.Queue[QuoteReply | Exception | None]" = field(default_factory=asyncio.Queue)

    def offers_stream(self, instrument: Instrument) -> bool:
        return self.offers(instrument.symbol)

    async def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        self.opened.append(tuple(i.symbol for i in instruments))
        try:
            while (told := await self.to_tell.get()) is not None:
                if isinstance(told, Exception):
                    raise told
                assert all(quote.as_of <= now() for quote in told.quotes)
                yield told
        finally:
            self.closed += 1

    def tell(
        self,
        at: datetime = MORNING,
        missing: dict[str, str] | None = None,
        withdrawn: Collection[str] = (),
        remarks: tuple[str, ...] = (),
        **prices: float,
    ) -> None:
        session = at.astimezone(EASTERN).date()
        quotes = (Quote(symbol, price, at, session, self.name, 0) for symbol, price in prices.items())
        self.to_tell.put_nowait(QuoteReply(tuple(quotes), missing or {}, frozenset(withdrawn), remarks))

    def end(self, fault: Exception | None = None) -> None:
        self.to_tell.put_nowait(fault)

    def requests_last_hour(self) -> int:
        return len(self.opened)

    async def close(self) -> None:
        """Nothing is open but the stream, which is closed by who opened it."""


@dataclass
class Trading:
    """An open desk with all that a test looks at."""

    desk: Desk
    context: Context
    store: MarketStore
    clock: MovableClock

    @property
    def now(self) -> Snapshot:
        return self.store.snapshot()

    @property
    def first(self) -> Feed:
        """The feed that comes before all others."""
        return self.context.given.feeds[0]

    @property
    def event_texts(self) -> list[str]:
        return [event.text for event in self.now.events]

    def source_of(self, symbol: str) -> str | None:
        quote = self.now.quotes.get(symbol)
        return None if quote is None else quote.source

    def health(self, name: str) -> tuple[str, str | None]:
        feed = next(f for f in self.now.feeds if f.name == name)
        return feed.state.value, feed.fault

    async def settled(self) -> None:
        await until(self.desk.settled)


@asynccontextmanager
async def trading(
    *providers: Named,
    clock: MovableClock | None = None,
    folder: Path | None = None,
    universe: Universe = UNIVERSE,
    series: tuple[str, ...] = (),
    as_of: date | None = None,
    local: Collection[str] = (),
    tap: Tap | None = None,
    studying: Studying | None = None,
    funds: tuple[str, ...] = (),
) -> AsyncIterator[Trading]:
    """A desk of these sources, in this order of failover, open for as long as the block runs.

    With `funds` it follows what they hold, and filings.
    """
    clock = clock or MovableClock()
    last_known = None if folder is None else LastKnown(folder / "last_known.json", "abc")
    store = MarketStore(last_known.read() if last_known is not None else None)
    feeds = tuple(Feed(p.name, p, order, p.name in local) for order, p in enumerate(providers))
    given = Given(store, feeds, NYSE, CADENCE, clock.now, as_of, tap)
    context = Context.of(given, Followed(universe, series, funds=funds, fundamentals=bool(funds)))
    evaluator = Evaluator(context, Rules(), clock.now, studying)
    shelves = None if folder is None else folder / "history"
    desk = Desk(context, evaluator, shelves, last_known, polls_quotes=as_of is None)
    await desk.open()
    try:
        yield Trading(desk, context, store, clock)
    finally:
        await desk.close()


async def until(condition: Callable[[], object], limit_s: float = PATIENCE_S) -> None:
    """Wait until `condition` holds; AssertionError where it does not in time."""
    ends = asyncio.get_running_loop().time() + limit_s
    while not condition():
        assert asyncio.get_running_loop().time() < ends, "it did not happen in time"
        await asyncio.sleep(0.002)


LOOK_S = 0.004
"""How often loops look at the clock in these tests."""


async def a_while() -> None:
    """Turns enough for every loop to look at the clock several times, however slow the machine is."""
    for _ in range(10):
        await asyncio.sleep(1.25 * LOOK_S)


def quoted(snapshot: Snapshot) -> Mapping[str, float]:
    """Prices in the store."""
    return {symbol: quote.price for symbol, quote in snapshot.quotes.items()}
