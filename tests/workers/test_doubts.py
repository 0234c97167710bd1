"""What nobody gives is told as it is at the moment: a lack ends by time alone, and sources grow and recover."""

from datetime import timedelta

import pytest

from rotation_tui.providers.base import BadReply, ProviderFault, Unreachable
from rotation_tui.store.market_store import MarketStore, history_name
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.given import Followed, Given
from tests.workers.fakes import CADENCE, MORNING, NYSE, UNIVERSE, FakeProvider, MovableClock

SOON = MORNING + timedelta(minutes=5)


class Told:
    """Feeds of fake sources, and what is told of them when it is asked."""

    def __init__(self, *providers: FakeProvider) -> None:
        self.clock = MovableClock()
        self.feeds = tuple(Feed(p.name, p, order, local=False) for order, p in enumerate(providers))
        given = Given(MarketStore(None), self.feeds, NYSE, CADENCE, self.clock.now)
        self._context = Context.of(given, Followed(UNIVERSE, ("DGS10",)))

    def missing(self) -> dict[str, str]:
        self._context.doubts.tell()
        return dict(self._context.given.store.snapshot().missing)


def test_a_lack_ends_when_its_time_is_over() -> None:
    told, lacking = Told(FakeProvider()), {"SPY", history_name("IWM"), "DGS10"}
    for name in lacking:
        told.feeds[0].lacking(name, "sold out", SOON)
    assert told.missing() == dict.fromkeys(lacking, "first: sold out")
    told.clock.move(minutes=4, seconds=59)
    assert told.missing() == dict.fromkeys(lacking, "first: sold out")
    told.clock.move(seconds=1)
    assert told.missing() == {}


def test_a_lack_of_a_clock_that_ran_ahead_is_none() -> None:
    told = Told(FakeProvider())
    told.feeds[0].lacking("SPY", "sold out", MORNING + MISSING_FOR)
    assert set(told.missing()) == {"SPY"}
    told.clock.move(hours=-3)
    assert told.missing() == {}


@pytest.mark.parametrize(
    ("job", "fault", "names"),
    [
        (Job.QUOTES, BadReply("no"), {"IWM", "SPY"}),
        (Job.HISTORY, BadReply("no"), {history_name("IWM"), history_name("SPY")}),
        (Job.SERIES, BadReply("no"), {"DGS10"}),
        (Job.QUOTES, Unreachable("no"), {"IWM", "SPY", history_name("IWM"), history_name("SPY"), "DGS10"}),
    ],
)
def test_a_source_that_is_well_again_gives_again(job: Job, fault: ProviderFault, names: set[str]) -> None:
    told = Told(FakeProvider())
    (feed,) = told.feeds
    assert told.missing() == {}
    feed.failed(job, fault, MORNING, CADENCE)
    assert set(told.missing()) == names
    told.clock.move(hours=1)
    feed.answered(job, told.clock.now(), {}, ())
    assert told.missing() == {}


def test_the_first_feed_that_offers_it_says_why_where_all_fail() -> None:
    carried = [{"IWM"}, {"SPY", "DGS10"}, {"SPY", "DGS10"}]
    told = Told(*(FakeProvider(n, offers=c.__contains__) for n, c in zip(("a", "b", "c"), carried, strict=True)))
    assert told.missing() == {}
    for feed in told.feeds:
        feed.lacking("SPY", f"{feed.name} is sold out", SOON)
    assert told.missing() == {"SPY": "b: b is sold out"}
    told.feeds[2].missing.clear()
    assert told.missing() == {}
    told.feeds[2].failed(Job.QUOTES, Unreachable("no route"), MORNING, CADENCE)
    assert told.missing()["SPY"] == "b: b is sold out"


def test_what_sources_offer_is_asked_each_time() -> None:
    carried = {"IWM", "SPY"}
    told = Told(FakeProvider(offers=carried.__contains__))
    assert told.missing() == {}  # of a series that nobody offers the study tells
    carried.remove("SPY")
    assert told.missing()["SPY"] == "no configured feed offers it"
    carried.add("SPY")
    assert told.missing() == {}


def test_what_is_given_is_asked_of_no_other_feed() -> None:
    asked: list[str] = []

    def offers(name: str) -> bool:
        asked.append(name)
        return True

    told = Told(FakeProvider("a"), FakeProvider("b", offers=offers))
    assert told.missing() == {}
    assert asked == []
    told.feeds[0].lacking("SPY", "sold out", SOON)
    assert told.missing() == {}
    assert asked == ["SPY"]
