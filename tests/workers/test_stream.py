"""Streams: what is told by itself is taken, what is not is polled, and a stream that is lost is stood in for."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.universe import Ticker
from rotation_tui.providers.base import Occupied, ProviderFault, ServerFault, Unreachable
from rotation_tui.workers.feed import Job
from tests.workers.fakes import (
    MORNING,
    UNIVERSE,
    FakeProvider,
    FakeStream,
    a_while,
    full_provider,
    quoted,
    trading,
    until,
)


def seconds(count: float) -> datetime:
    return MORNING + timedelta(seconds=count)


async def test_what_a_stream_tells_is_on_the_board_and_an_older_print_is_not() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: quoted(desk.now) == {"IWM": 106.0, "SPY": 106.5})
        await desk.settled()
        desk.clock.move(seconds=3)
        stream.tell(at=seconds(2), IWM=106.2)
        stream.tell(at=seconds(1), IWM=106.1)
        await until(lambda: desk.now.quotes["IWM"].as_of == seconds(2))
        stream.tell(at=seconds(1), IWM=106.1, SPY=106.6)
        await until(lambda: quoted(desk.now) == {"IWM": 106.2, "SPY": 106.6})
        assert desk.health("stream") == ("LIVE", None)
        assert stream.opened == [("IWM", "SPY")]
    assert stream.closed == 1


async def test_what_a_stream_has_not_told_is_polled_until_it_does() -> None:
    stream, second = FakeStream(), full_provider("second")
    async with trading(stream, second) as desk:
        await until(lambda: len(desk.now.quotes) == 2)
        assert desk.source_of("IWM") == "second"
        desk.clock.move(seconds=1)
        stream.tell(at=seconds(1), IWM=106.1)
        await until(lambda: desk.source_of("IWM") == "stream")
        before = len(second.calls)
        desk.clock.move(seconds=40)
        await until(lambda: len(second.calls) > before)
        assert second.calls[-1][1] == ("SPY",)
        assert desk.source_of("IWM") == "stream"


async def test_a_source_with_both_polls_what_its_stream_does_not_tell() -> None:
    both = Both()
    async with trading(both) as desk:
        both.heard.tell(missing={"SPY": "thirty symbols at most"}, IWM=106.0)
        await until(lambda: "stream of SPY: thirty" in str(desk.health("both")[1]))
        desk.clock.move(seconds=40)
        await until(lambda: both.polled.calls[-1][1] == ("SPY",))
        await desk.settled()
        both.heard.end(Unreachable("the stream is cut"))
        await until(lambda: "the stream is cut" in str(desk.health("both")[1]))
        await until(lambda: both.polled.calls[-1][1] == ("IWM", "SPY"))
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("both") == ("DEGRADED", "stream: the stream is cut"))


async def test_what_a_stream_tells_after_all_is_no_more_said_to_be_lacking() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(missing={"SPY": "not subscribed yet"}, IWM=106.0)
        await until(lambda: desk.health("stream") == ("DEGRADED", "gives no stream of SPY: not subscribed yet"))
        desk.clock.move(seconds=1)
        stream.tell(at=seconds(1), SPY=106.5)
        await until(lambda: desk.source_of("SPY") == "stream")
        desk.clock.move(seconds=40)
        await until(lambda: desk.health("stream") == ("LIVE", None))


async def test_trouble_with_polls_is_over_where_the_stream_tells_all() -> None:
    both = Both()
    both.polled.faults[Job.QUOTES] = ServerFault("polls are in trouble")
    async with trading(both) as desk:
        await until(lambda: "polls are in trouble" in str(desk.health("both")[1]))
        both.heard.tell(IWM=106.0, SPY=106.5)
        await until(lambda: len(desk.now.quotes) == 2)
        desk.clock.move(seconds=120)
        await until(lambda: desk.health("both") == ("LIVE", None))


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Unreachable("the connection is lost"), "the connection is lost"), (None, "stream ended its stream")],
    ids=["lost", "ended"],
)
async def test_a_stream_that_is_over_is_stood_in_for_at_once_and_opened_again_later(
    fault: ProviderFault | None, words: str
) -> None:
    stream, second = FakeStream(), full_provider("second")
    async with trading(stream, second) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "stream")
        stream.end(fault)
        await until(lambda: desk.health("stream") == ("DOWN", words))
        desk.clock.move(seconds=1)
        await until(lambda: desk.source_of("IWM") == "second")
        assert stream.opened == [("IWM", "SPY")]
        desk.clock.move(seconds=6)
        await until(lambda: len(stream.opened) == 2)
        stream.tell(at=seconds(7), IWM=106.3, SPY=106.7)
        await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "stream")
        assert desk.health("stream") == ("LIVE", None)


async def test_an_open_stream_bears_out_what_it_has_told_by_saying_nothing() -> None:
    """A fund that trades every twenty minutes is not stale in between, as it is not where it is polled."""
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: len(desk.now.checked) == 2)
        desk.clock.move(minutes=5)
        await until(lambda: set(desk.now.checked.values()) == {seconds(300)})
        stream.end(Unreachable("the connection is lost"))
        await until(lambda: desk.health("stream")[0] == "DOWN")
        desk.clock.move(minutes=5)
        await a_while()
        assert set(desk.now.checked.values()) == {seconds(300)}


async def test_a_burst_is_taken_together() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await desk.settled()
        desk.clock.move(seconds=1)
        before = desk.now.revision
        for cents in range(1000):
            stream.tell(at=seconds(cents / 1000), IWM=106 + cents / 1000)
        await until(lambda: desk.now.quotes["IWM"].price == 106.999)
        assert desk.now.revision - before < 50


async def test_what_is_withdrawn_gives_way_to_what_stands() -> None:
    stream, second = FakeStream(), full_provider("second", prices={"IWM": 105.5})
    second.printed = MORNING - timedelta(seconds=20)
    async with trading(stream, second) as desk:
        stream.tell(at=seconds(-9), IWM=106.0)
        await until(lambda: desk.source_of("IWM") == "stream")
        stream.tell(at=seconds(-1), IWM=119.0)
        await until(lambda: desk.now.quotes["IWM"].price == 119.0)
        stream.tell(at=seconds(-9), withdrawn={"IWM"}, remarks=("IWM 119.00 was cancelled; 106.00 stands",), IWM=106.0)
        await until(lambda: desk.now.quotes["IWM"].price == 106.0)
        assert "stream: IWM 119.00 was cancelled; 106.00 stands" in desk.event_texts
        polled = len(second.calls)
        stream.tell(withdrawn={"IWM"}, remarks=("IWM 106.00 was cancelled; none before it is known",))
        await until(lambda: desk.source_of("IWM") == "second")
        assert desk.now.quotes["IWM"].price == 105.5
        await until(lambda: len(second.calls) > polled)


async def test_a_price_says_whether_it_was_streamed() -> None:
    both = Both()
    both.polled.printed = MORNING - timedelta(seconds=30)
    async with trading(both) as desk:
        await until(lambda: len(desk.now.quotes) == 2)
        both.heard.tell(IWM=106.1)
        await until(lambda: desk.now.quotes["IWM"].price == 106.1)
        assert {s: q.streamed for s, q in desk.now.quotes.items()} == {"IWM": True, "SPY": False}


async def test_a_connection_that_another_monitor_has_is_looked_at_again_soon_and_polls_go_on() -> None:
    both = Both()
    both.heard.end(Occupied("another of your monitors listens"))
    async with trading(both) as desk:
        await until(lambda: "another of your monitors listens" in str(desk.health("both")[1]))
        await until(lambda: desk.source_of("IWM") == "both")

        async def passing(condition: Callable[[], bool]) -> float:
            """Seconds of the clock until something is so: the loop may come to an end that was told at any of them."""
            began = desk.clock.now()

            def moved() -> bool:
                desk.clock.move(seconds=1)
                return condition()

            await until(moved)
            return (desk.clock.now() - began).total_seconds()

        for opened in range(2, 9):
            both.heard.end(Occupied("another of your monitors listens"))
            took = await passing(lambda count=opened: len(both.heard.opened) >= count)  # type: ignore[misc]
            assert took < 120, "as after a fault, ever later"
        both.heard.tell(at=desk.clock.now(), IWM=106.1, SPY=106.4)
        await passing(lambda: desk.now.quotes["IWM"].streamed)


async def test_what_happened_while_a_stream_was_broken_is_polled_at_once() -> None:
    both = Both()
    async with trading(both) as desk:
        both.heard.tell(IWM=106.0, SPY=106.5)
        await until(lambda: desk.now.quotes.get("IWM") and desk.now.quotes["IWM"].streamed)
        both.heard.end(Unreachable("the connection is lost"))
        await until(lambda: "the connection is lost" in str(desk.health("both")[1]))
        await until(lambda: both.polled.calls[-1][1] == ("IWM", "SPY"))
        await a_while()
        polled = both.polled.count(Job.QUOTES)
        desk.clock.move(seconds=6)
        await until(lambda: len(both.heard.opened) == 2)
        both.heard.tell()
        await until(lambda: both.polled.count(Job.QUOTES) == polled + 1)


async def test_a_clock_that_is_set_back_holds_no_stream_up() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: len(desk.now.checked) == 2)
        desk.clock.move(minutes=-5)
        stream.tell(at=seconds(-400), IWM=105.0)
        await until(lambda: set(desk.now.checked.values()) == {seconds(-300)})
        assert quoted(desk.now) == {"IWM": 106.0, "SPY": 106.5}


async def test_what_was_typed_is_listened_to_before_all_else() -> None:
    stream = FakeStream()
    async with trading(stream, universe=replace(UNIVERSE, visitors=(Instrument.of("NVDA"),))):
        await until(lambda: stream.opened)
        assert stream.opened[0] == ("NVDA", "IWM", "SPY")


async def test_more_symbols_are_listened_to_by_a_new_connection_though_not_at_once() -> None:
    stream = FakeStream()
    grown = replace(UNIVERSE, tickers=(*UNIVERSE.tickers, Ticker("QQQ", Instrument.of("QQQ"))))
    async with trading(stream) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await desk.settled()
        desk.desk.follow(grown)
        await a_while()
        assert len(stream.opened) == 1
        desk.clock.move(seconds=31)
        await until(lambda: stream.opened[1:] == [("IWM", "SPY", "QQQ")])
        assert stream.closed == 1


async def test_a_stream_is_closed_when_an_earlier_feed_gives_everything_again() -> None:
    first, stream = full_provider(), FakeStream()
    first.faults[Job.QUOTES] = Unreachable("no route")
    async with trading(first, stream) as desk:
        await until(lambda: len(stream.opened) == 1)
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: desk.source_of("IWM") == "stream")
        del first.faults[Job.QUOTES]
        desk.clock.move(minutes=1)
        await until(lambda: desk.source_of("IWM") == "first")
        desk.clock.move(seconds=6)
        await until(lambda: stream.closed == 1)


async def test_a_stream_stands_aside_for_what_an_earlier_feed_gives_again_and_goes_on_with_the_rest() -> None:
    first, stream = full_provider(offers=lambda symbol: symbol == "IWM"), FakeStream()
    first.faults[Job.QUOTES] = Unreachable("no route")
    async with trading(first, stream) as desk:
        await until(lambda: desk.health("first")[0] == "DOWN")
        desk.clock.move(seconds=31)
        await until(lambda: stream.opened[-1:] == [("IWM", "SPY")])
        stream.tell(IWM=106.0, SPY=106.5)
        await until(lambda: desk.source_of("IWM") == desk.source_of("SPY") == "stream")
        opened = len(stream.opened)
        del first.faults[Job.QUOTES]
        desk.clock.move(minutes=1)
        await until(lambda: desk.source_of("IWM") == "first")
        desk.clock.move(seconds=6)
        await until(lambda: desk.context.given.feeds[1].streaming == {"SPY"})
        desk.clock.move(seconds=2)
        stream.tell(at=seconds(98), IWM=107.0, SPY=107.5)
        await until(lambda: desk.now.quotes["SPY"].price == 107.5)
        assert desk.source_of("IWM") == "first"
        assert (len(stream.opened), stream.closed) == (opened, opened - 1)


async def test_a_poll_that_comes_late_does_not_undo_what_the_stream_has_told() -> None:
    both = Both()
    both.polled.gates[Job.QUOTES] = asyncio.Event()
    both.polled.printed = MORNING - timedelta(minutes=15)
    async with trading(both) as desk:
        await until(lambda: both.polled.count(Job.QUOTES) == 1)
        both.heard.tell(IWM=106.1, SPY=106.6)
        await until(lambda: quoted(desk.now) == {"IWM": 106.1, "SPY": 106.6})
        both.polled.gates[Job.QUOTES].set()
        await desk.settled()
        desk.clock.move(minutes=2)
        await until(lambda: set(desk.now.checked.values()) == {seconds(120)})
        assert quoted(desk.now) == {"IWM": 106.1, "SPY": 106.6}


async def test_what_nobody_foresaw_in_a_stream_is_told_and_it_is_opened_again() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.end(ZeroDivisionError("division by zero"))
        await until(lambda: any("stream, stream: ZeroDivisionError" in text for text in desk.event_texts))
        desk.clock.move(minutes=1)
        await until(lambda: len(stream.opened) == 2)


async def test_a_desk_does_not_wait_long_for_what_a_stream_has_never_told() -> None:
    stream = FakeStream()
    async with trading(stream) as desk:
        stream.tell(IWM=106.0)
        await until(lambda: desk.source_of("IWM"))
        await a_while()
        assert not desk.desk.settled()
        desk.clock.move(seconds=6)
        await desk.settled()


async def test_prices_of_a_past_day_are_not_listened_to() -> None:
    stream, second = FakeStream(), full_provider("second")
    async with trading(stream, second, as_of=MORNING.date()) as desk:
        await desk.settled()
        assert stream.opened == []


class Both:
    """A source that is polled and listened to."""

    name = "both"

    def __init__(self) -> None:
        self.polled: FakeProvider = full_provider(self.name)
        self.heard = FakeStream(self.name)
        self.offers_quotes = self.polled.offers_quotes
        self.offers_stream = self.heard.offers_stream
        self.quotes = self.polled.quotes
        self.stream = self.heard.stream
        self.requests_last_hour = self.polled.requests_last_hour
        self.close = self.polled.close
