"""Live prices: who is asked, who takes over, and what never reaches the store."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from rotation_tui.domain.quote import Quote
from rotation_tui.providers.base import (
    BadReply,
    Misconfigured,
    ProviderFault,
    RateLimited,
    Refused,
    ServerFault,
    Unreachable,
)
from rotation_tui.workers.feed import Job
from tests.workers.fakes import (
    MORNING,
    TUESDAY,
    FakeProvider,
    MovableClock,
    Trading,
    a_while,
    full_provider,
    history,
    quoted,
    trading,
    until,
)

FAULTS = [
    Unreachable("no answer in 10 s"),
    ServerFault("HTTP 503"),
    Refused("HTTP 403"),
    BadReply("a web page", pause_s=900),
    BadReply("not JSON"),
    RateLimited("HTTP 429", pause_s=60),
    Misconfigured("no such file"),
]


async def test_one_source_that_answers_is_enough() -> None:
    first, second = full_provider(), full_provider("second")
    async with trading(first, second) as desk:
        await desk.settled()
        assert quoted(desk.now) == {"IWM": 106.0, "SPY": 106.5}
        assert desk.now.checked["IWM"] == MORNING
        assert second.calls == []
        assert desk.health("first") == ("LIVE", None)
        assert desk.health("second") == ("OFF", None)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{type(f).__name__}-{f.pause_s}")
async def test_on_a_fault_the_next_feed_takes_over_until_the_first_answers_again(fault: ProviderFault) -> None:
    first, second = full_provider(), full_provider("second")
    first.faults[Job.QUOTES] = fault
    async with trading(first, second) as desk:
        await until(lambda: desk.source_of("IWM") == "second")
        assert desk.health("first") == ("DOWN", str(fault))
        assert any(str(fault) in text for text in desk.event_texts)
        first.faults.clear()
        desk.clock.move(minutes=20)
        await until(lambda: desk.health("first") == ("LIVE", None))
        desk.clock.move(seconds=40)  # an answer of the second may have been under way
        await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "first")
        assert "first answers again" in desk.event_texts
        asked = second.count(Job.QUOTES)
        for _ in range(3):
            desk.clock.move(minutes=2)
            await a_while()
        assert second.count(Job.QUOTES) == asked


async def test_a_takeover_is_told_once_it_has_taken_place_and_once_only() -> None:
    gate = asyncio.Event()
    first, second = full_provider(), full_provider("second", gate=gate)
    first.faults[Job.QUOTES] = ServerFault("HTTP 503")

    def told(desk: Trading) -> list[str]:
        return [text for text in desk.event_texts if "takes over" in text]

    async with trading(first, second) as desk:
        await until(lambda: second.count(Job.QUOTES) == 1)
        assert desk.health("first")[0] == "DOWN"
        assert told(desk) == [], "it has been asked and has given nothing yet"
        gate.set()
        await until(lambda: desk.source_of("IWM") == "second")
        assert told(desk) == ["second takes over IWM, SPY from first"]
        for asked in (2, 3):
            desk.clock.move(seconds=31)
            await until(lambda asked=asked: second.count(Job.QUOTES) >= asked)  # type: ignore[misc]
        await until(lambda: not any(loop.busy for _, loop in desk.desk._loops))
        assert len(told(desk)) == 1


async def test_a_pause_that_the_source_asked_for_is_kept() -> None:
    first = full_provider()
    first.faults[Job.QUOTES] = RateLimited("HTTP 429", pause_s=600)
    async with trading(first) as desk:
        await until(lambda: desk.health("first")[0] == "DOWN" and first.count(Job.HISTORY) <= 2)
        await a_while()
        calls = len(first.calls)
        desk.clock.move(seconds=599)
        desk.desk.refresh()
        await a_while()
        assert len(first.calls) == calls
        first.faults.clear()
        desk.clock.move(seconds=2)
        await until(lambda: desk.source_of("IWM") == "first")


async def test_a_source_in_trouble_is_asked_ever_less() -> None:
    first = full_provider()
    first.faults[Job.QUOTES] = ServerFault("HTTP 500")
    async with trading(first) as desk:
        await until(lambda: first.count(Job.QUOTES) == 1)
        waits = []
        for n in range(2, 6):
            waited = 0
            while first.count(Job.QUOTES) < n:
                desk.clock.move(seconds=1)
                waited += 1
                assert waited < 400
                await asyncio.sleep(0.005)
            waits.append(waited)
        assert all(1.5 < later / earlier < 2.6 for earlier, later in pairwise(waits[1:]))


async def test_what_one_feed_lacks_comes_from_the_next_and_is_said() -> None:
    first, second = full_provider(), full_provider("second")
    del first.prices["SPY"]
    async with trading(first, second) as desk:
        await desk.settled()
        assert (desk.source_of("IWM"), desk.source_of("SPY")) == ("first", "second")
        assert second.asked_for(Job.QUOTES) == {"SPY": 1}
        assert desk.health("first") == ("DEGRADED", "gives no SPY: first has no SPY")
        first.prices["SPY"] = 106.7
        desk.clock.move(minutes=31)
        await until(lambda: desk.source_of("SPY") == "first")


async def test_a_symbol_left_out_without_a_word_counts_as_missing() -> None:
    first, second = full_provider(silent_about={"SPY"}), full_provider("second")
    del first.prices["SPY"]
    async with trading(first, second) as desk:
        await until(lambda: desk.source_of("SPY") == "second")


async def test_a_symbol_that_nobody_gives_says_why() -> None:
    first, second = full_provider(), full_provider("second", offers=lambda s: s == "IWM")
    del first.prices["SPY"]
    async with trading(first, second) as desk:
        await desk.settled()
        assert desk.now.missing == {"SPY": "first: first has no SPY"}


async def test_where_every_source_is_down_each_symbol_names_the_fault() -> None:
    first = full_provider(faults=dict.fromkeys(Job, Unreachable("no route to host")))
    async with trading(first) as desk:
        await until(lambda: desk.now.missing)
        assert {desk.now.missing[name] for name in ("IWM", "SPY")} == {"first: no route to host"}
        first.faults.clear()
        desk.clock.move(minutes=1)
        await until(lambda: len(desk.now.quotes) == 2 and not desk.now.missing)


async def test_an_exception_that_nobody_foresaw_is_said_and_another_feed_takes_over() -> None:
    first, second = full_provider(), full_provider("second")
    first.faults[Job.QUOTES] = KeyError("chart")
    async with trading(first, second) as desk:
        await until(lambda: desk.source_of("IWM") == "second")
        assert desk.health("first") == ("DOWN", "KeyError: 'chart'")
        assert any("KeyError" in e.text and e.severity == "alert" for e in desk.now.events)
        await a_while()
        assert first.count(Job.QUOTES) == 1
        await desk.settled()
        first.faults.clear()
        desk.clock.move(seconds=30)
        await until(lambda: desk.health("first")[0] == "LIVE")
        desk.clock.move(seconds=40)
        await until(lambda: desk.source_of("IWM") == "first")


async def test_an_answer_to_a_question_from_before_a_refresh_is_dropped() -> None:
    old, new = asyncio.Event(), asyncio.Event()
    first = full_provider(gate=old)
    async with trading(first) as desk:
        await until(lambda: first.count(Job.QUOTES) == first.count(Job.HISTORY) == 1)
        desk.desk.refresh()
        first.prices["IWM"], first.gate = 107.0, new
        old.set()
        await until(lambda: first.count(Job.QUOTES) == 2)
        await a_while()
        assert quoted(desk.now) == {}
        assert dict(desk.now.bars) == {}
        new.set()
        await desk.settled()
        assert quoted(desk.now)["IWM"] == 107.0
        assert len(desk.now.bars) == 2


async def test_a_slow_source_holds_nobody_else_up() -> None:
    slow = full_provider(gate=asyncio.Event(), offers=lambda s: s == "IWM")
    second = full_provider("second")
    async with trading(slow, second) as desk:
        await until(lambda: desk.source_of("SPY") == "second")
        assert desk.source_of("IWM") is None
        assert not desk.desk.settled()


async def test_a_feed_that_should_have_answered_is_late() -> None:
    first = full_provider()
    async with trading(first) as desk:
        await desk.settled()
        first.gate = asyncio.Event()
        desk.clock.move(seconds=33)
        await until(lambda: first.count(Job.QUOTES) == 2)
        assert desk.health("first")[0] == "LIVE"
        desk.clock.move(seconds=61)
        await until(lambda: desk.health("first")[0] == "LATE")


async def test_polls_follow_the_phase_and_wake_for_the_open() -> None:
    clock = MovableClock(MORNING - timedelta(minutes=31))  # a minute before the open
    first = full_provider()
    async with trading(first, clock=clock) as desk:
        await desk.settled()
        clock.move(seconds=50)
        await a_while()
        assert first.count(Job.QUOTES) == 1
        clock.move(seconds=13)
        await until(lambda: first.count(Job.QUOTES) == 2)
        await a_while()
        clock.move(seconds=34)
        await until(lambda: first.count(Job.QUOTES) == 3)


async def test_an_impossible_jump_is_quarantined_named_and_told_by_another_source() -> None:
    first, second = full_provider(), full_provider("second")
    async with trading(first) as desk:
        await desk.settled()
        first.prices["IWM"] = 170.0
        desk.clock.move(seconds=40)
        await until(lambda: "IWM" in desk.now.quarantined)
        assert "IWM" not in desk.now.quotes
        assert "first says 170.00, +61%" in desk.now.quarantined["IWM"]
        assert any("IWM in quarantine" in e.text and e.severity == "alert" for e in desk.now.events)
        assert desk.source_of("SPY") == "first"
    first.calls.clear()
    async with trading(first, second) as desk:
        await until(lambda: desk.source_of("IWM") == "second" and not desk.now.quarantined)
        desk.clock.move(minutes=32)  # the liar is asked again, and the true price stays
        await until(lambda: first.asked_for(Job.QUOTES)["IWM"] == 2)
        await a_while()
        assert quoted(desk.now)["IWM"] == 106.0
        assert desk.now.quarantined == {}
        assert sum("in quarantine" in text for text in desk.event_texts) == 1


async def test_a_print_from_the_future_cannot_hide_those_to_come() -> None:
    first = full_provider(printed=MORNING + timedelta(days=1))
    async with trading(first) as desk:
        await until(lambda: "IWM" in desk.now.quarantined)
        assert "future" in desk.now.quarantined["IWM"]
        await desk.settled()
        first.printed = None
        desk.clock.move(minutes=31)
        await until(lambda: quoted(desk.now) == {"IWM": 106.0, "SPY": 106.5})
        assert desk.now.quarantined == {}


async def test_an_older_print_of_the_source_that_takes_over_does_not_go_back_in_time() -> None:
    first, second = full_provider(), full_provider("second", prices={"IWM": 1.0, "SPY": 1.0}, delay_s=900)
    second.prices = {"IWM": 105.0, "SPY": 105.0}
    async with trading(first, second) as desk:
        await desk.settled()
        first.faults[Job.QUOTES] = ServerFault("HTTP 500")
        desk.clock.move(seconds=40)
        await until(lambda: second.count(Job.QUOTES) == 1)
        await a_while()
        assert quoted(desk.now)["IWM"] == 106.0
        assert desk.now.checked["IWM"] == MORNING
        first.faults[Job.QUOTES] = ServerFault("HTTP 500")
        desk.clock.move(minutes=16)
        await until(lambda: quoted(desk.now)["IWM"] == 105.0)


def test_the_fake_is_honest() -> None:
    """The scripted source prints what it is told, or these tests would show nothing."""
    provider = FakeProvider(prices={"IWM": 1.0})
    quote = provider._quote("IWM", MORNING)
    assert quote == Quote("IWM", 1.0, MORNING, TUESDAY, "first")
    assert history("IWM").closes[-1] == 105.9
