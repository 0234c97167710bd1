"""A server that polls, a real redis-server, and terminals that ask nobody."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.home import SMALL_BOARD, Home, answered, quit_cleanly, shows
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
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield server


class Room:
    """A desk: servers with one upstream, terminals with another one, which nobody should ever ask."""

    def __init__(self, folder: Path, filled: Path, redis: RedisServer, polled: Upstream, own: Upstream) -> None:
        self._folder, self._filled, self._redis = folder, filled, redis
        self.polled, self.own = polled, own

    def server(self, name: str) -> PtySession:
        """A server whose histories are on its disk."""
        return self._user(name, self.polled, filled=self._filled).start("serve")

    def terminal(self, name: str, *arguments: str, silence_s: float = 60, own: bool = True) -> PtySession:
        """A terminal that starts from an empty disk."""
        return self._user(name, self.own, silence_s=silence_s, own=own).start(*arguments)

    def _user(
        self, name: str, upstream: Upstream, *, silence_s: float = 60, own: bool = True, filled: Path | None = None
    ) -> Home:
        home = Home(self._folder / name, upstream, tables=SMALL_BOARD, filled=filled)
        hub = f'[[feeds]]\nprovider = "hub"\nurl = "{self._redis.url}"\nsilence_s = {silence_s}\n'
        feeds = "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("yahoo", "cboe")) if own else ""
        home.config.write_text(f"{home.config.read_text('utf-8')}\n{hub}{feeds}", encoding="utf-8")
        return home


@pytest.fixture
def room(
    tmp_path: Path, market: UpstreamMarket, upstream: Upstream, filled: Path, redis: RedisServer
) -> Iterator[Room]:
    with Upstream(market) as own:
        yield Room(tmp_path, filled, redis, upstream, own)


def leads(screen: str) -> bool:
    return "leads, and tells" in screen


def stands_by(screen: str) -> bool:
    return "stands by" in screen


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
