"""A store to which everything happens that can happen to one, and the states that it goes through."""

from collections.abc import Callable, Iterable
from dataclasses import replace as replaced
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.alert import Alert, AlertRow, Stand
from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.fundamentals import Fundamentals, Progress
from rotation_tui.domain.minutes import Glance, Minutes
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.quote import Extended, Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import Phase
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.tape.message import About, MarketMoment

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SYMBOLS = ("RUT", "IWM", "SPY", "BRK-B")
DAYS = tuple(date(2026, 1, 2) + timedelta(days=n) for n in range(40))

ABOUT = About(universe(Config()))
Act = Callable[[MarketStore, datetime], object]

_prices = st.one_of(
    st.floats(0.01, 90_000.0).map(lambda price: round(price, 2)),
    st.floats(0.0001, 5.0).map(lambda price: round(price, 5)),
    st.floats(1e-9, 1e12),
    st.sampled_from([100.5, 243.52999877929688, 0.1 + 0.2, 1e300, 5e-324]),
)
_symbols = st.sampled_from(SYMBOLS)


def quote(symbol: str, price: float, at: datetime) -> Quote:
    return Quote(symbol, price, at, START.date(), "yahoo", previous_close=101.25, previous_session=date(2026, 2, 27))


def bars(symbol: str, closes: Iterable[float], at: datetime, basis: Basis = Basis.PRICE, skip: int = 0) -> Bars:
    values = tuple(closes)
    days = DAYS[skip : skip + len(values)]
    gaps = tuple(None if n % 3 == 0 else value for n, value in enumerate(values))
    return Bars(
        symbol, basis, days, values, "yahoo", at, highs=gaps, volumes=tuple(1e6 + n for n in range(len(values)))
    )


@st.composite
def acts(draw: st.DrawFn) -> Act:
    """One thing that happens to a store."""
    act: Act = draw(st.sampled_from(ACTS))(draw)
    return act


def _quotes(draw: st.DrawFn) -> Act:
    told = draw(st.dictionaries(_symbols, _prices, max_size=4))
    back = draw(st.integers(-5, 3_000_000))
    more = draw(st.booleans())

    def act(store: MarketStore, now: datetime) -> object:
        at = now - timedelta(microseconds=back)
        quotes = [quote(symbol, price, at) for symbol, price in told.items()]
        if more:
            quotes = [replace(q, day_high=q.price, extended=Extended(q.price, at, Phase.POST)) for q in quotes]
        return store.put_quotes(quotes, now)

    return act


def _bars(draw: st.DrawFn) -> Act:
    symbol, basis = draw(_symbols), draw(st.sampled_from(Basis))
    closes = draw(st.lists(_prices.filter(lambda price: price < 1e200), max_size=12))
    grown, outline, split = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    skip = draw(st.integers(0, 2))

    def act(store: MarketStore, now: datetime) -> object:
        before = store.snapshot().bars.get((symbol, basis))
        values = (*before.closes[:20], *closes) if grown and before is not None else closes
        made = replaced(bars(symbol, values, now, basis, skip), outline=outline)
        return store.put_bars([replaced(made, splits=(Split(DAYS[3], 2.0),), last_print=now) if split else made])

    return act


def _series(draw: st.DrawFn) -> Act:
    values = draw(st.lists(st.floats(-1e6, 1e6), max_size=12))
    name = draw(st.sampled_from(("DGS10", "NFCI")))
    return lambda store, now: store.put_observations(
        [Observations(name, DAYS[: len(values)], tuple(values), "fred", now)]
    )


def _minutes(draw: st.DrawFn) -> Act:
    glance, closes = Glance(draw(_symbols), draw(st.sampled_from((1, 5)))), draw(st.lists(_prices, max_size=6))
    kept = [close for close in closes if close < 1e200]
    times = tuple(1.7e9 + 60 * n for n in range(len(kept)))
    return lambda store, now: store.put_minutes(
        glance, Minutes(glance.symbol, 60, times, tuple(kept), "cboe", now, 900)
    )


def _feeds(draw: st.DrawFn) -> Act:
    name, state = draw(st.sampled_from(("yahoo", "cboe"))), draw(st.sampled_from(FeedState))
    fault, used = draw(st.none() | st.just("no answer")), draw(st.integers(0, 300))
    known = draw(st.booleans())
    return lambda store, now: store.put_feed(FeedHealth(name, state, now if known else None, fault, used, 300))


def _words(draw: st.DrawFn) -> Act:
    words = draw(st.dictionaries(_symbols, st.text(max_size=5), max_size=2))
    text = draw(st.none() | st.text(max_size=5))
    which = draw(st.integers(0, 5))

    def act(store: MarketStore, now: datetime) -> object:
        if which == 0:
            return store.put_doubts(words, {"DGS10": "nobody has it"})
        if which == 1:
            return store.put_unstudied(text)
        if which == 2:
            return store.put_progress("sec filings", Progress(3, 7, 1.5) if text else None)
        if which == 4:
            held = store.snapshot()
            return store.put_standing(held.feeds, held.progress, now if text else None)
        if which == 3:
            row = AlertRow("small", Alert(name="small", when="RUT.last > 1"), Stand.ARMED, why=text)
            return store.put_alerts((row,) if text else ())
        for n in range(len(words) * 60):
            store.put_event(Event(now, f"{text} {n}"))
        return None

    return act


def _studies(draw: st.DrawFn) -> Act:
    told, answered = draw(st.none() | st.just(Fundamentals(DAYS[0], "made of"))), draw(st.booleans())

    def act(store: MarketStore, now: datetime) -> object:
        store.put_asked()
        return answered and store.put_studies(Studies(now.date(), now, fundamentals=told))

    return act


def _gone(draw: st.DrawFn) -> Act:
    symbol, what = draw(_symbols), draw(st.integers(0, 2))

    gone = (lambda store: store.drop_quote(symbol), lambda store: store.forget({symbol}), MarketStore.forget_feeds)
    return lambda store, _: gone[what](store)


ACTS: tuple[Callable[[st.DrawFn], Act], ...] = (
    _quotes, _quotes, _quotes, _bars, _bars, _series, _minutes, _feeds, _words, _studies, _gone,
)  # fmt: skip


def moments(told: Iterable[tuple[int, Act]]) -> list[MarketMoment]:
    """The states that a store goes through, with the microseconds between them, and what boards are about."""
    store, now, about, seen = MarketStore(), START, ABOUT, list[MarketMoment]()
    seen.append(MarketMoment(now, store.snapshot(), about))
    store.shown_to(lambda snapshot: seen.append(MarketMoment(now, snapshot, about)))
    for microseconds, act in told:
        now += timedelta(microseconds=microseconds)
        if microseconds % 7 == 0:
            about = replace(about, muted={"C1": now.date()}, looked=("XLF",) if microseconds % 2 else ())
        act(store, now)
    return seen


def comparable(snapshot: Snapshot) -> Snapshot:
    """Without results, which whoever listens works out anew, and where documents lie, which is not told."""
    return replace(snapshot, studies=Studies(), documents={})
