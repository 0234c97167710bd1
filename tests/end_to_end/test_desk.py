"""A server that polls, a real redis-server, and terminals that ask nobody."""

import contextlib
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from rotation_tui.domain.hub import PASSWORD
from tests.end_to_end.desk import Room, Way, leads, stands_by
from tests.end_to_end.home import answered, quit_cleanly, shows
from tests.hub.deployed import DeployedHub, able
from tests.hub.redis_server import NEEDED, RedisServer
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here"),
]

Prices = Callable[..., dict[str, str]]
SHOWN = ("RUT", "SPX", "IWM", "SPY")


def test_terminals_show_what_the_server_tells_and_ask_nobody(
    room: Room, market: UpstreamMarket, prices: Prices
) -> None:
    with room.server("server") as server:
        server.wait_for(leads)
        with room.terminal("one") as one, room.terminal("two", own=False) as two:
            for session in (one, two):
                session.wait_for(lambda seen: shows(seen, prices(*SHOWN)) and answered(seen))
            market.scale("RUT", 1.01)
            for session in (one, two):
                session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
                quit_cleanly(session)
        assert room.own.seen() == []
        server.signal(signal.SIGTERM)
        assert server.exit_code() == 143


@pytest.mark.skipif(able() is not None, reason=str(able()))
def test_a_desk_works_by_the_files_that_set_one_up(
    tmp_path: Path, filled: Path, market: UpstreamMarket, upstream: Upstream, prices: Prices
) -> None:
    folder = tmp_path / "hub"
    folder.mkdir()
    with DeployedHub(folder) as hub, Upstream(market) as own:
        serving, told = (
            Way(hub.url_of(user), hub.certificate, {PASSWORD: hub.passwords[f"{user.upper()}_PASSWORD"]})
            for user in ("server", "terminal")
        )
        room = Room(tmp_path, filled, serving, told, upstream, own)
        with room.server("server") as server:
            server.wait_for(leads)
            with room.terminal("one") as one:
                one.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
                market.scale("RUT", 1.01)
                one.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
                quit_cleanly(one)
            assert own.seen() == []


def test_another_server_goes_on_where_one_was_killed(room: Room, market: UpstreamMarket, prices: Prices) -> None:
    with room.server("first") as first:
        first.wait_for(leads)
        with room.server("second") as second, contextlib.ExitStack() as stack:
            second.wait_for(stands_by)
            terminals = [stack.enter_context(room.terminal(f"t{n}")) for n in range(5)]
            for session in terminals:
                session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
            first.signal(signal.SIGKILL)
            assert second.wait_for(leads) < 10
            market.scale("SPX", 1.01)
            for session in terminals:
                session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
                quit_cleanly(session)
            assert room.own.seen() == []


def test_a_terminal_asks_its_own_feeds_while_the_hub_is_gone_and_rests_again_when_it_is_back(
    room: Room, market: UpstreamMarket, prices: Prices, redis: RedisServer
) -> None:
    with room.server("server") as server:
        server.wait_for(leads)
        with room.terminal("one", silence_s=5) as one:
            one.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
            redis.kill()
            one.press("6")
            one.wait_for("own feeds are asked")
            one.press("1")
            market.scale("RUT", 1.02)
            one.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
            assert room.own.seen()
            redis.start()
            one.press("6")
            one.wait_for("own feeds rest")
            one.press("1")
            asked = len(room.own.seen())
            market.scale("RUT", 1.03)
            one.wait_for(lambda seen: shows(seen, prices(*SHOWN)))
            assert len(room.own.seen()) == asked
            quit_cleanly(one)
