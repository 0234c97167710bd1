"""A tap sees every reply on its way to the store, as it came, and whatever it does the board goes on."""

from datetime import timedelta

from msgspec.structs import replace

from rotation_tui.providers.base import QuoteReply, SeriesReply, Unreachable
from rotation_tui.workers.feed import Job
from rotation_tui.workers.tap import Tapped
from tests.workers.fakes import MORNING, FakeStream, full_provider, trading, until
from tests.workers.test_series import series


async def test_a_tap_sees_every_reply_with_its_feed_its_kind_and_its_time() -> None:
    seen: list[Tapped] = []
    stream, second = FakeStream(), full_provider("second")
    second.observations["DGS10"] = series("DGS10", {"2026-02-27": 4.2})
    async with trading(stream, second, series=("DGS10",), tap=seen.append) as desk:
        stream.tell(IWM=106.0, SPY=106.5)
        await desk.settled()
        of = {job: [each for each in seen if each.job is job] for job in Job}
        assert all(each.at == MORNING for each in seen)
        told = (replace(desk.first.told[symbol].quote, streamed=False) for symbol in ("IWM", "SPY"))
        assert [(each.feed, each.reply) for each in of[Job.STREAM]] == [("stream", QuoteReply(tuple(told)))]
        assert {each.feed for job in (Job.QUOTES, Job.HISTORY, Job.SERIES) for each in of[job]} == {"second"}
        assert [each.reply for each in of[Job.SERIES]] == [SeriesReply((second.observations["DGS10"],))]
        # as the source gave it, with the session that is still running
        histories = [bars for each in of[Job.HISTORY] if isinstance(each.reply, tuple) for bars in each.reply]
        assert {bars.symbol: bars.dates[-1] for bars in histories} == dict.fromkeys(("IWM", "SPY"), MORNING.date())
        desk.clock.move(seconds=2)
        stream.tell(at=MORNING + timedelta(seconds=1), IWM=106.1)
        await until(lambda: desk.now.quotes["IWM"].price == 106.1)
        assert (seen[-1].job, seen[-1].at) == (Job.STREAM, MORNING + timedelta(seconds=2))


async def test_what_is_refused_and_what_is_believed_are_seen_alike() -> None:
    seen: list[Tapped] = []
    first = full_provider(prices={"IWM": 10.6, "SPY": 106.5})
    async with trading(first, tap=seen.append) as desk:
        await desk.settled()
        assert "IWM" in desk.now.quarantined
        first_reply = next(each.reply for each in seen if isinstance(each.reply, QuoteReply))
        assert [quote.price for quote in first_reply.quotes] == [10.6, 106.5]


async def test_a_tap_that_fails_is_told_once_and_takes_nothing_down() -> None:
    working, written = False, list[Tapped]()

    def tap(reply: Tapped) -> None:
        if not working:
            raise OSError("no space left on device")
        written.append(reply)

    first = full_provider()
    async with trading(first, tap=tap) as desk:
        await desk.settled()
        assert len(desk.now.bars) == len(desk.now.quotes) == 2
        assert desk.health("first") == ("LIVE", None)
        assert desk.event_texts.count("tap: OSError: no space left on device") == 1
        working = True
        desk.clock.move(seconds=40)
        await until(lambda: written)
        working = False
        desk.clock.move(seconds=40)
        await until(lambda: desk.event_texts.count("tap: OSError: no space left on device") == 2)


async def test_a_source_that_fails_gives_a_tap_nothing() -> None:
    seen: list[Tapped] = []
    async with trading(full_provider(faults=dict.fromkeys(Job, Unreachable("no route"))), tap=seen.append) as desk:
        await desk.settled()
        assert seen == []
