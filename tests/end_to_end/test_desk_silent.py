"""A terminal with nobody to ask but its server, and the server falls silent while the exchange trades."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.end_to_end.desk import Room, leads
from tests.end_to_end.home import answered, feeds_well, quit_cleanly, shows
from tests.hub.redis_server import NEEDED, RedisServer
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here"),
]

Prices = Callable[..., dict[str, str]]
SHOWN = ("RUT", "SPX", "IWM", "SPY")


@pytest.fixture
def trading(market: UpstreamMarket, upstream: Upstream) -> Iterator[None]:
    """The exchange is open: it is the next morning, an hour after the bell, and the last prints are minutes old."""
    del upstream
    until_morning = timedelta(hours=13)
    market.shift += until_morning
    market.hold(market.moment() - timedelta(minutes=2))
    yield
    market.shift -= until_morning


def says(session: PtySession, *words: str) -> None:
    session.wait_for(lambda seen: all(word in seen for word in words))


@pytest.mark.usefixtures("trading")
def test_nothing_that_a_silent_server_told_is_shown_as_live(
    room: Room, market: UpstreamMarket, prices: Prices, redis: RedisServer
) -> None:
    with room.server("first") as first:
        first.wait_for(leads)
        with room.terminal("one", own=False, silence_s=15) as one:  # longer than a busy machine holds a server up
            one.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and feeds_well(seen) and answered(seen))
            first.signal(signal.SIGKILL)
            one.wait_for(lambda seen: re.search(r"m old .* NO FEED", seen.split("\n", 1)[0]) is not None)
            one.press("6")
            one.wait_for(lambda seen: {"hub", "yahoo"} <= down_in(seen))
            says(one, "told by hub, of which there is no word since", "nobody else can be asked")
            one.press("r")
            says(one, "nobody can be asked")
            one.wait_until(lambda: kept(room) == "STALE", "what a status bar is told")
            assert "STALE" in status_line(room)

            with room.terminal("another", "snapshot", "--format", "json", own=False, silence_s=5) as taken:
                assert taken.exit_code() == 3, taken.raw.decode()[-3000:]
                assert b'"LIVE"' not in taken.raw, "it comes upon what a dead server has left behind"
                assert b'"DOWN"' in taken.raw
                assert b'"STALE"' in taken.raw

            with room.server("second") as second:
                second.wait_for(leads)
                market.scale("RUT", 1.01)
                market.hold(market.moment())
                one.press("1")
                one.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and feeds_well(seen))
                redis.kill()
                one.wait_for(lambda seen: "NO FEED" in seen.split("\n", 1)[0])
                redis.start()
                one.wait_for(feeds_well)
                quit_cleanly(one)
                assert "STALE" not in status_line(room), "it was written at the end"
    assert room.own.seen() == []


@pytest.mark.usefixtures("trading")
def test_a_start_without_a_word_makes_nothing_live_of_what_was_known(
    room: Room, prices: Prices, redis: RedisServer
) -> None:
    with room.server("first") as first:
        first.wait_for(leads)
        with room.terminal("one", own=False) as one:
            one.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and feeds_well(seen) and answered(seen))
            quit_cleanly(one)
            assert kept(room) not in ("STALE", "UNKNOWN"), "it was told a moment ago"
            assert "STALE" not in status_line(room)
        redis.kill()
    with room.terminal("one", own=False) as again:
        again.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
        again.press("6")
        again.wait_for(lambda seen: "hub" in down_in(seen))
        quit_cleanly(again)
    assert "STALE" in status_line(room)


def kept(room: Room) -> str:
    """How far the answer can be trusted that a monitor leaves for status bars; to ask for their line is a process."""
    state: str = json.loads((room.state("one") / "headline.json").read_text("utf-8"))["state"]
    return state


def status_line(room: Room) -> str:
    with room.terminal("one", "statusline") as line:
        line.exit_code()
        return line.raw.decode()


def down_in(screen: str) -> set[str]:
    """The feeds that a screen says are down."""
    return {words[0] for line in screen.splitlines() if (words := line.strip("│| ").split()) and "DOWN" in words[1:2]}
