"""What is believed does not depend on the order in which prices and histories come."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.domain.quote import Quote
from rotation_tui.store.market_store import MarketStore
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.given import Followed, Given
from rotation_tui.workers.judging import judge_again, take
from tests.workers.fakes import (
    CADENCE,
    MONDAY,
    MORNING,
    NYSE,
    TUESDAY,
    UNIVERSE,
    FakeProvider,
    a_while,
    full_provider,
    history,
    quoted,
    trading,
    until,
)

CLOSES = history("IWM", MONDAY)
"""IWM closed at 105.90 on Monday."""
HALVED = replace(CLOSES, closes=tuple(c / 2 for c in CLOSES.closes), splits=(Split(TUESDAY, 2.0),))


def _quote(source: str, price: float, before: float | None = None, minutes: int = 0) -> Quote:
    return Quote(
        "IWM", price, MORNING - timedelta(minutes=minutes), TUESDAY, source,
        previous_close=before, previous_session=None if before is None else MONDAY,
    )  # fmt: skip


TRUE, SPLIT = _quote("first", 106.0, 105.9), _quote("first", 53.0, 52.95)
OTHER, OTHER_SPLIT = _quote("second", 106.2, 105.9, minutes=3), _quote("second", 53.1, 52.95, minutes=3)
BARE = _quote("second", 53.1)

Step = Callable[[Context], None]


def _told(quote: Quote) -> Step:
    def step(context: Context) -> None:
        feed = next(f for f in context.given.feeds if f.name == quote.source)
        take(context, feed, [quote], context.given.now())

    return step


def _came(bars: Bars) -> Step:
    def step(context: Context) -> None:
        context.given.store.put_bars([bars])
        judge_again(context, [bars.symbol])

    return step


def _outcome(*steps: Step) -> tuple[object, ...]:
    """What is shown, refused and left to others in the end."""
    feeds = tuple(Feed(name, FakeProvider(name), order, local=False) for order, name in enumerate(("first", "second")))
    context = Context.of(Given(MarketStore(), feeds, NYSE, CADENCE, lambda: MORNING), Followed(UNIVERSE))
    for step in steps:
        step(context)
    now = context.given.store.snapshot()
    return (
        quoted(now), dict(now.quarantined),
        tuple((f.name, dict(f.doubted), f.lacks("IWM", MORNING)) for f in context.given.feeds),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ((_told(TRUE), _came(CLOSES)), 106.0),
        ((_told(SPLIT), _came(CLOSES)), None),
        ((_told(SPLIT), _came(HALVED)), 53.0),
        ((_told(TRUE), _told(OTHER), _came(CLOSES)), 106.0),
        ((_told(SPLIT), _told(OTHER), _came(CLOSES)), 106.2),
        ((_told(SPLIT), _told(OTHER_SPLIT), _came(CLOSES)), None),
        ((_told(SPLIT), _told(OTHER), _came(HALVED)), 53.0),
        ((_told(TRUE), _told(OTHER_SPLIT), _came(CLOSES)), 106.0),
        ((_told(TRUE), _told(BARE), _came(CLOSES)), 106.0),
    ],
    ids=[
        "true",
        "split",
        "split in both",
        "two true",
        "one split",
        "two split",
        "one not split",
        "second split",
        "jump",
    ],
)
def test_every_order_of_arrival_ends_alike(steps: tuple[Step, ...], shown: float | None) -> None:
    ends = [_outcome(*order) for order in permutations(steps)]
    assert all(end == ends[0] for end in ends)
    assert ends[0][0] == ({} if shown is None else {"IWM": shown})
    assert bool(ends[0][1]) is (shown is None)


def test_a_restated_history_releases_what_it_had_contradicted() -> None:
    shown, refused, feeds = _outcome(_told(SPLIT), _came(CLOSES), _came(HALVED))
    assert (shown, refused) == ({"IWM": 53.0}, {})
    assert feeds == (("first", {}, False), ("second", {}, False))


def test_a_price_of_before_is_judged_when_the_history_comes() -> None:
    """What was saved is shown at the start, and no feed has told it in this run."""
    store = MarketStore()
    store.put_quotes([SPLIT], MORNING)
    context = Context.of(Given(store, (), NYSE, CADENCE, lambda: MORNING), Followed(UNIVERSE))
    _came(CLOSES)(context)
    assert quoted(store.snapshot()) == {}
    assert "first says 53.00" in store.snapshot().quarantined["IWM"]


@pytest.mark.parametrize("first_job", [Job.QUOTES, Job.HISTORY], ids=["price first", "history first"])
async def test_on_the_day_of_a_split_no_order_shows_a_fall(first_job: Job) -> None:
    """Until the source has put its history right, which it is asked for again because the price contradicts it."""
    gates = {job: asyncio.Event() for job in (Job.QUOTES, Job.HISTORY)}
    first = full_provider(prices={"IWM": 53.0, "SPY": 106.5}, gates=gates, previous={"IWM": 52.95})
    async with trading(first) as desk:
        gates[first_job].set()
        other = Job.HISTORY if first_job is Job.QUOTES else Job.QUOTES
        await until(lambda: desk.now.quotes if first_job is Job.QUOTES else len(desk.now.bars) == 2)
        gates[other].set()
        await until(lambda: "IWM" in desk.now.quarantined)
        await desk.settled()
        assert quoted(desk.now) == {"SPY": 106.5}
        whole = history("IWM", TUESDAY)
        first.bars_of["IWM"] = replace(whole, closes=tuple(c / 2 for c in whole.closes), splits=(Split(TUESDAY, 2.0),))
        desk.clock.move(minutes=32)
        await until(lambda: quoted(desk.now) == {"IWM": 53.0, "SPY": 106.5})
        assert desk.now.bars["IWM", Basis.PRICE].close(-1) == pytest.approx(52.9)
        assert desk.now.quarantined == {}
        asked = first.asked_for(Job.HISTORY)["IWM"]
        desk.clock.move(minutes=2)
        await a_while()
        assert first.asked_for(Job.HISTORY)["IWM"] == asked
