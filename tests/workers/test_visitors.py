"""A symbol that is looked at beside the config: fetched like any other, let go of without a trace."""

import asyncio
from functools import partial

from rotation_tui.board.marks import QUOTE_LIMIT
from rotation_tui.domain.bars import Basis
from rotation_tui.evaluation.question import Question
from rotation_tui.providers.base import UnknownSymbol
from rotation_tui.store.market_store import history_name
from rotation_tui.workers.feed import Job
from rotation_tui.workers.quotes import UNSEEN_EVERY
from tests.workers.fakes import TUESDAY, UNIVERSE, FakeProvider, full_provider, history, trading, until

PAIRS = UNIVERSE.spreads
LOOKING = UNIVERSE.looking_at(PAIRS, ("AAPL",))


def source(**prices: float) -> FakeProvider:
    """A source that has AAPL too."""
    first = full_provider()
    first.prices |= {"AAPL": 106.1, **prices}
    first.bars_of["AAPL"] = history("AAPL", TUESDAY)
    return first


async def test_what_is_looked_at_is_fetched_and_studied_and_asks_nothing_else_again(studied: list[Question]) -> None:
    first = source()
    async with trading(first) as desk:
        await desk.settled()
        asked = first.asked_for(Job.HISTORY)
        desk.desk.follow(LOOKING)
        await until(lambda: "AAPL" in desk.now.quotes and ("AAPL", Basis.PRICE) in desk.now.bars)
        await desk.settled()
        assert first.asked_for(Job.HISTORY) - asked == {"AAPL": 1}
        assert ("AAPL", Basis.PRICE) in studied[-1].snapshot.bars


async def test_what_is_let_go_of_leaves_nothing_behind() -> None:
    first = source()
    async with trading(first) as desk:
        await desk.settled()
        desk.desk.follow(LOOKING)
        await until(lambda: ("AAPL", Basis.PRICE) in desk.now.bars and "AAPL" in desk.now.quotes)
        await desk.settled()
        revision = desk.store.bars_revision
        desk.desk.follow(UNIVERSE)
        assert "AAPL" not in desk.now.quotes
        assert "AAPL" not in desk.now.checked
        assert {symbol for symbol, _ in desk.now.bars} == {"IWM", "SPY"}
        assert "AAPL" not in desk.first.told
        assert desk.store.bars_revision == revision, "nothing is studied for that"
        desk.desk.follow(LOOKING)
        await until(lambda: ("AAPL", Basis.PRICE) in desk.now.bars)
        assert first.asked_for(Job.HISTORY)["AAPL"] == 2


async def test_an_answer_that_comes_after_it_was_let_go_of_is_dropped() -> None:
    first = source()
    async with trading(first) as desk:
        await desk.settled()
        first.gate = asyncio.Event()
        desk.desk.follow(LOOKING)
        await until(lambda: first.asked_for(Job.HISTORY)["AAPL"] and first.calls[-1][1] != ("IWM", "SPY"))
        desk.desk.follow(UNIVERSE)
        first.gate.set()
        first.gate = None
        await desk.settled()
        assert ("AAPL", Basis.PRICE) not in desk.now.bars
        assert "AAPL" not in desk.now.quotes


async def test_a_symbol_that_no_source_knows_says_so_in_its_place() -> None:
    first = full_provider(fault_of={"NEVER": UnknownSymbol("first does not know NEVER")})
    async with trading(first) as desk:
        await desk.settled()
        desk.desk.follow(UNIVERSE.looking_at(PAIRS, ("NEVER",)))
        await until(lambda: "NEVER" in desk.now.missing and history_name("NEVER") in desk.now.missing)
        assert "first does not know NEVER" in desk.now.missing[history_name("NEVER")]
        desk.desk.follow(UNIVERSE)
        assert not {"NEVER", history_name("NEVER")} & set(desk.now.missing)


async def test_a_visitor_bears_out_no_move_of_others() -> None:
    """IWM falls by 40 % without a witness; that the visitor falls by as much is none."""
    first = source(IWM=63.0, AAPL=64.0)
    async with trading(first, universe=LOOKING) as desk:
        await until(lambda: "IWM" in desk.now.quarantined)


async def test_a_quote_that_nobody_sees_is_asked_for_seldom() -> None:
    first = source()
    async with trading(first) as desk:
        await desk.settled()
        desk.desk.follow(LOOKING)
        desk.desk.see(frozenset({"AAPL"}))
        await until(lambda: "AAPL" in desk.now.quotes)
        asked = first.asked_for(Job.QUOTES)
        for poll in range(1, 4):
            desk.desk.refresh()
            await until(partial(lambda n: first.asked_for(Job.QUOTES)["IWM"] >= asked["IWM"] + n, poll))
        assert first.asked_for(Job.QUOTES)["AAPL"] == asked["AAPL"], "others are polled without it"
        desk.desk.see(frozenset())
        desk.desk.refresh()
        await until(lambda: first.asked_for(Job.QUOTES)["AAPL"] > asked["AAPL"])


async def test_a_hidden_quote_is_asked_for_before_it_is_stale() -> None:
    assert UNSEEN_EVERY < QUOTE_LIMIT
