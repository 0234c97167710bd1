"""A source that answers and whose prints stand still: it is late, and what it gives falls to the next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from rotation_tui.domain.instrument import Instrument, Kind, kind_of
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.universe import Ticker, Universe
from rotation_tui.evaluation import evaluate as evaluation
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.question import Question
from rotation_tui.studies.tickers import study_ticker
from rotation_tui.workers.feed import Job
from rotation_tui.workers.prints import Standing, Told, funds_standing, standing_since, still_words
from tests.workers.fakes import (
    MORNING,
    NYSE,
    UNIVERSE,
    FakeProvider,
    MovableClock,
    a_while,
    full_provider,
    history,
    trading,
    until,
)
from tests.workers.fakes import (
    TUESDAY as THEN,
)

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
HALF_DAY, THANKSGIVING = date(2026, 11, 27), date(2026, 11, 26)
THIN = {"PSCU": 300_000.0, "IWM": 5e9}


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=EASTERN)


def _since(asked: datetime, delay: int = 0, **printed: datetime) -> set[Kind]:
    """The kinds that stand still where a feed told these prints at one moment."""
    told = {s: Told(Quote(s, 1.0, p, p.date(), "x", delay), asked) for s, p in printed.items()}
    found = {kind: standing_since(told, kind, NYSE, THIN.get) for kind in Kind if kind is not Kind.FUTURE}
    for kind, since in found.items():
        assert since is None or since == max(p for s, p in printed.items() if kind_of(s) is kind)
    return {kind for kind, since in found.items() if since is not None}


@pytest.mark.parametrize(
    ("asked", "printed", "delay", "still"),
    [
        (at(TUESDAY, "14:30"), at(TUESDAY, "10:05"), 0, True),
        (at(MONDAY, "10:27"), at(FRIDAY, "16:00"), 0, True),
        (at(TUESDAY, "14:30"), at(TUESDAY, "14:16"), 0, False),
        (at(TUESDAY, "14:30"), at(TUESDAY, "14:01"), 900, False),
        (at(TUESDAY, "14:30"), at(TUESDAY, "13:59"), 900, True),
        (at(MONDAY, "09:45"), at(FRIDAY, "16:00"), 0, False),
        (at(MONDAY, "09:59"), at(FRIDAY, "16:00"), 900, False),
        (at(MONDAY, "10:01"), at(FRIDAY, "16:00"), 900, True),
        (at(MONDAY, "08:00"), at(FRIDAY, "16:00"), 0, False),
        (at(THANKSGIVING, "12:00"), at(WEDNESDAY, "16:00"), 0, False),
        (at(HALF_DAY, "15:00"), at(HALF_DAY, "13:00"), 0, False),
        (at(HALF_DAY, "15:00"), at(HALF_DAY, "11:00"), 0, True),
        (at(TUESDAY, "17:00"), at(TUESDAY, "10:05"), 0, True),
        (at(TUESDAY, "17:00"), at(TUESDAY, "15:52"), 0, False),
        (at(date(2026, 11, 22), "12:00"), at(FRIDAY, "10:05"), 0, True),
    ],
    ids=[
        "at five past ten", "Friday's", "a quarter of an hour", "delayed", "delayed and still", "at the open",
        "at the open, delayed", "after the open, delayed", "before the open", "holiday", "half day", "half day, still",
        "never reached the close", "saw the close", "on a Sunday",
    ],
)  # fmt: skip
def test_prints_stand_still_where_the_exchange_traded_on(
    asked: datetime, printed: datetime, delay: int, still: bool
) -> None:
    assert _since(asked, delay, IWM=printed, SPY=printed - timedelta(hours=1)) == ({Kind.ETF} if still else set())


def test_the_newest_print_of_a_kind_tells_and_no_thin_fund_does() -> None:
    now, old, new = at(TUESDAY, "14:30"), at(TUESDAY, "10:05"), at(TUESDAY, "14:29")
    assert _since(now, PSCU=old) == set()
    assert _since(now, PSCU=new, IWM=old) == set()
    assert _since(now, IWM=old, SPY=new) == set()
    assert _since(now, RUT=new, IWM=old, VIX=old) == {Kind.ETF, Kind.VOLATILITY}


def test_a_print_from_the_future_proves_nothing() -> None:
    quotes = [Quote("IWM", 1.0, at(WEDNESDAY, "10:00"), WEDNESDAY, "x"), Quote("SPY", 1.0, at(TUESDAY, "10:05"),
              TUESDAY, "x")]  # fmt: skip
    told = {q.symbol: Told(q, at(TUESDAY, "14:30")) for q in quotes}
    assert standing_since(told, Kind.ETF, NYSE, THIN.get) == at(TUESDAY, "10:05")


def test_futures_prove_nothing() -> None:
    told = {"RTY=F": Told(Quote("RTY=F", 1.0, at(FRIDAY, "10:05"), FRIDAY, "x"), at(TUESDAY, "14:30"))}
    assert all(standing_since(told, kind, NYSE, THIN.get) is None for kind in Kind if kind is not Kind.FUTURE)


def test_the_words_tell_what_since_when_and_whether_anything_else_moves() -> None:
    now, since = at(MONDAY, "10:27"), at(FRIDAY, "16:00")
    assert still_words(Standing({Kind.ETF: since}), whole=True, alone=True, now=now).startswith(
        "no new price since Fri 16:00 New York"
    )
    part = still_words(Standing({Kind.ETF: at(MONDAY, "09:40")}), whole=False, alone=False, now=now)
    assert part.startswith("no new price of funds since 09:40 New York")
    assert part.endswith("no other source has one: trading may be halted")


OLD = MORNING - timedelta(minutes=20)
"""Ten minutes after the open; it is 10:00."""


async def test_what_stands_still_is_late_and_falls_to_the_next_until_it_moves() -> None:
    first, second = full_provider(printed=OLD), full_provider("second", prices={"IWM": 107.0, "SPY": 107.5})
    async with trading(first, second) as desk:
        await desk.settled()
        assert desk.source_of("IWM") == desk.source_of("SPY") == "second"
        state, fault = desk.health("first")
        assert state == "LATE"
        assert str(fault).startswith("no new price since 09:40 New York")
        assert "halted" not in str(fault)
        assert desk.health("second")[0] == "LIVE"
        assert f"first: {fault}" in desk.event_texts
        first.printed = None
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("first") == ("LIVE", None))
        desk.clock.move(seconds=40)
        await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "first")
        await until(lambda: desk.health("second")[0] == "OFF")
        assert "first has new prices again" in desk.event_texts


async def test_a_price_that_stood_still_is_borne_out_no_longer_than_prices_moved() -> None:
    first = full_provider(printed=OLD, delay_s=0)
    async with trading(first) as desk:
        await desk.settled()
        assert dict(desk.now.checked) == {"IWM": OLD, "SPY": OLD}
        first.printed = None
        desk.clock.move(seconds=40)
        await until(lambda: desk.now.checked["IWM"] == desk.clock.at)


async def test_a_feed_that_moved_and_stops_falls_behind_by_itself() -> None:
    first, second = full_provider(), full_provider("second", prices={"IWM": 107.0, "SPY": 107.5})
    async with trading(first, second) as desk:
        await desk.settled()
        assert second.count(Job.QUOTES) == 0
        first.printed = MORNING
        for _ in range(40):
            desk.clock.move(seconds=40)
            await until(lambda: desk.first.due is None or desk.first.due > desk.clock.at)
            if second.count(Job.QUOTES):
                break
        assert timedelta(minutes=15) < desk.clock.at - MORNING < timedelta(minutes=18)
        await until(lambda: desk.source_of("IWM") == "second")


async def test_where_no_source_moves_it_is_said_once_and_nothing_flaps() -> None:
    """A halt of the whole market, which begins at 10:00."""
    first, second = full_provider(printed=MORNING), full_provider("second", printed=MORNING)
    async with trading(first, second, clock=MovableClock(MORNING + timedelta(minutes=16))) as desk:
        await desk.settled()
        for _ in range(10):
            desk.clock.move(seconds=40)
            await a_while()
        for name in ("first", "second"):
            state, fault = desk.health(name)
            assert (state, str(fault).rpartition("; ")[2]) == ("LATE", "no other source has one: trading may be halted")
        assert desk.source_of("IWM") in ("first", "second")
        assert desk.now.checked["IWM"] == MORNING
        assert len(desk.event_texts) <= 5
        assert not any("again" in text for text in desk.event_texts)
        for feed in (first, second):
            feed.printed = None
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("first") == ("LIVE", None))


async def test_only_the_kind_that_stands_still_falls_to_the_next() -> None:
    both = Universe(tuple(Ticker(s, Instrument.of(s)) for s in ("IWM", "RUT")), (), ())
    prices = {"IWM": 106.0, "RUT": 2500.0}
    first, second = full_provider(prices=prices), full_provider("second", prices=prices)
    first.printed_of = {"IWM": OLD}
    async with trading(first, second, universe=both) as desk:
        await desk.settled()
        assert (desk.source_of("IWM"), desk.source_of("RUT")) == ("second", "first")
        assert str(desk.health("first")[1]).startswith("no new price of funds since 09:40")
        assert second.asked_for(Job.QUOTES)["RUT"] == 0


async def test_a_file_is_as_new_as_it_is_made() -> None:
    file = full_provider("file", printed=OLD - timedelta(days=1))
    async with trading(file, local=("file",)) as desk:
        await desk.settled()
        assert desk.health("file") == ("LIVE", None)


@pytest.mark.parametrize(
    ("symbol", "dollars", "printed", "asked", "delay", "stands"),
    [
        ("IWM", 5e9, "10:05", "14:30", 0, True),
        ("IWM", 5e9, "14:15", "14:30", 0, False),
        ("IWM", 5e9, "14:14", "14:30", 0, True),
        ("IWM", 5e9, "14:00", "14:30", 900, False),
        ("IWM", 5e9, "13:59", "14:30", 900, True),
        ("IWM", 5e9, "15:50", "18:00", 0, False),
        ("IWM", 5e9, "10:05", "18:00", 0, True),
        ("PSCU", 3e5, "10:05", "14:30", 0, False),
        ("PSCU", None, "10:05", "14:30", 0, False),
        ("RTY=F", 5e9, "10:05", "14:30", 0, False),
    ],
)
def test_a_fund_that_is_known_to_trade_all_day_answers_for_itself(
    symbol: str, dollars: float | None, printed: str, asked: str, delay: int, *, stands: bool
) -> None:
    prints = {symbol: at(TUESDAY, printed), "SPY": at(TUESDAY, asked) - timedelta(seconds=delay)}
    told = {s: Told(Quote(s, 1.0, p, p.date(), "x", delay), at(TUESDAY, asked)) for s, p in prints.items()}
    turnover = {symbol: dollars, "SPY": 3e10}
    expected = {symbol: prints[symbol]} if stands else {}
    assert funds_standing(told, NYSE, turnover.get) == expected
    assert standing_since(told, Kind.ETF, NYSE, turnover.get) is None


@pytest.mark.parametrize(
    ("names", "words"),
    [("IWM", "IWM"), ("SPY IWM", "IWM and SPY"), ("SPY IWM QQQ MDY IJR", "IJR, IWM, MDY and 2 more")],
)
def test_the_words_name_the_funds(names: str, words: str) -> None:
    standing = Standing(funds={name: at(TUESDAY, "10:05") for name in names.split()})
    told = still_words(standing, whole=False, alone=True, now=at(TUESDAY, "14:30"))
    assert told == f"no new price of {words} since 10:05 New York, while the exchange was open"


@pytest.fixture
def turnover(studied: list[Question], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    """Studies that tell of each fund what is traded of it, and no more."""

    def evaluate_tickers(question: Question, _: Auditor) -> Studies:
        bars = question.snapshot.bars.values()
        return Studies(THEN, question.now, {b.symbol: study_ticker(b, NYSE) for b in bars})

    monkeypatch.setattr(evaluation, "evaluate", evaluate_tickers)


def _busy(name: str = "first", volume: float = 1e6, **more: object) -> FakeProvider:
    """A source whose funds trade as much as `volume` shares of 100 dollars a day tell."""
    bars = {s: replace(history(s, THEN, source=name), volumes=(volume,) * 60) for s in ("IWM", "SPY")}
    return full_provider(name, bars_of=bars, **more)


WORDS = "no new price of IWM since 09:40 New York, while the exchange was open"
HALTED = f"{WORDS}; no other source has one: trading may be halted"


@pytest.mark.usefixtures("turnover")
async def test_one_fund_that_stands_still_falls_to_the_next_until_it_moves() -> None:
    first, second = _busy(printed_of={"IWM": OLD}), _busy("second", prices={"IWM": 107.0, "SPY": 107.5})
    async with trading(first, second) as desk:
        await desk.settled()
        assert (desk.source_of("IWM"), desk.source_of("SPY")) == ("second", "first")
        assert desk.now.checked["IWM"] == desk.clock.at
        assert second.asked_for(Job.QUOTES)["SPY"] == 0
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("first") == ("DEGRADED", WORDS))
        first.printed_of = {}
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("first") == ("LIVE", None))
        desk.clock.move(seconds=40)
        await until(lambda: desk.source_of("IWM") == "first")
        assert "first has new prices of IWM again" in desk.event_texts


@pytest.mark.usefixtures("turnover")
async def test_a_fund_that_is_followed_no_more_stands_still_no_more() -> None:
    async with trading(_busy(printed_of={"IWM": OLD})) as desk:
        await desk.settled()
        await until(lambda: desk.health("first") == ("DEGRADED", HALTED))
        desk.desk.follow(Universe(UNIVERSE.tickers[1:], (), ()))
        await until(lambda: desk.health("first") == ("LIVE", None))
        assert not any("again" in text for text in desk.event_texts)


@pytest.mark.usefixtures("turnover")
@pytest.mark.parametrize("alone", [True, False])
async def test_a_fund_that_no_source_has_newer_may_be_halted_and_nothing_flaps(*, alone: bool) -> None:
    feeds = [_busy(printed_of={"IWM": OLD}), _busy("second", printed_of={"IWM": OLD})][: 1 if alone else 2]
    async with trading(*feeds) as desk:
        await desk.settled()
        for _ in range(6):
            desk.clock.move(seconds=40)
            await a_while()
        await until(lambda: desk.health("first") == ("DEGRADED", HALTED))
        assert desk.source_of("IWM") == "first"
        assert desk.now.checked["IWM"] == OLD
        told = [text for text in desk.event_texts if "IWM" in text or "no new price" in text]
        assert len(told) == len(feeds)
        assert not any("again" in text or "takes over" in text for text in told)


@pytest.mark.usefixtures("turnover")
@pytest.mark.parametrize("make", [lambda: _busy(volume=1e3), full_provider], ids=["thin", "turnover unknown"])
async def test_a_fund_that_may_not_have_traded_is_judged_by_its_sources_answer(
    make: Callable[[], FakeProvider],
) -> None:
    first, second = make(), full_provider("second")
    first.printed_of = {"IWM": OLD}
    async with trading(first, second) as desk:
        await desk.settled()
        assert desk.health("first") == ("LIVE", None)
        assert (desk.source_of("IWM"), desk.now.checked["IWM"]) == ("first", desk.clock.at)
        assert second.count(Job.QUOTES) == 0
