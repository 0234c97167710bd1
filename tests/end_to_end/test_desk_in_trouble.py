"""A desk whose hub hangs, is full and comes back empty."""

import contextlib
import itertools
from collections.abc import Callable

import pytest

from tests.end_to_end.desk import Room, leads, stands_by
from tests.end_to_end.home import quit_cleanly, shows
from tests.hub.redis_server import NEEDED, RedisServer
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here"),
]

Prices = Callable[..., dict[str, str]]
SHOWN = ("RUT", "SPX", "IWM", "SPY")


@pytest.mark.slow
def test_two_servers_and_five_terminals_survive_a_hub_that_hangs_is_full_and_comes_back_empty(
    room: Room, market: UpstreamMarket, prices: Prices, redis: RedisServer
) -> None:
    """Whatever becomes of the hub, all show the same prices in the end, and nobody but who leads has asked for them."""
    with Upstream(market) as other, contextlib.ExitStack() as stack:
        first = stack.enter_context(room.server("first"))
        first.wait_for(leads)
        second = stack.enter_context(room.server("second", other))
        second.wait_for(stands_by)
        servers = first, second
        terminals = [stack.enter_context(room.terminal(f"t{n}", silence_s=300)) for n in range(5)]

        def all_show() -> None:
            for session in terminals:
                session.wait_for(lambda seen: shows(seen, prices(*SHOWN)))

        def has_said(words: bytes) -> bool:
            return any(words in server.raw for server in servers)

        all_show()
        redis.pause()  # longer than the lease lasts
        first.wait_until(lambda: b"the hub does not answer" in first.raw, "the fault")
        second.wait_until(lambda: b"the hub does not answer" in second.raw, "the fault")
        redis.go_on()
        market.scale("RUT", 1.01)
        all_show()

        with redis.client() as client:
            client.config_set("maxmemory", "1mb")
        first.wait_until(lambda: has_said(b"no memory left"), "the fault")
        with redis.client() as client:
            client.config_set("maxmemory", "0")
        market.scale("SPX", 1.01)
        all_show()

        redis.kill()
        for server in servers:
            server.wait_until(lambda of=server: b"cannot be reached" in of.raw, "the fault")  # type: ignore[misc]
        redis.start()
        market.scale("IWM", 1.01)
        all_show()

        asked = sorted([(r.at, 1) for r in room.polled.seen()] + [(r.at, 2) for r in other.seen()])
        turns = sum(one[1] != next_one[1] for one, next_one in itertools.pairwise(asked))
        led = sum(server.raw.count(b"leads, and tells") for server in servers)
        assert turns < led, "one asks after the other, never both at a time"
        assert room.own.seen() == []
        for session in terminals:
            quit_cleanly(session)
