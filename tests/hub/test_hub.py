"""What a server tells through a real redis-server is what a terminal hears, whatever becomes of either."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.hub import publishing
from rotation_tui.hub.following import Follower, Hears, Unheard
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import CHANGES, LEASE, STATE, HubAddress, HubFault, HubRefusal, asked, connected
from rotation_tui.hub.publishing import NotLeading, Publisher
from rotation_tui.store.market_store import MarketStore
from rotation_tui.tape.message import MarketMoment
from tests.hub.redis_server import NEEDED, RedisServer
from tests.tape.states import ABOUT, START, bars, quote

pytestmark = pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as running:
        yield running


class Teller:
    """A server without a desk: a store, and what tells it."""

    def __init__(self, server: RedisServer) -> None:
        self.redis = connected(HubAddress(server.url), "a-server")
        self.lease = Lease(self.redis)
        self.publisher = Publisher(self.redis, self.lease)
        self.store = MarketStore()
        self.price = 100.0

    async def lead(self) -> None:
        assert await self.lease.take()
        self.publisher = Publisher(self.redis, self.lease)

    async def tell(self) -> MarketMoment:
        """Let a price move, and tell it."""
        self.price += 1
        self.store.put_quotes([quote("IWM", self.price, START)], START + timedelta(seconds=self.price))
        moment = MarketMoment(START + timedelta(seconds=self.price), self.store.snapshot(), ABOUT)
        await self.publisher.tell(moment)
        return moment


@pytest.fixture
async def teller(server: RedisServer) -> AsyncIterator[Teller]:
    made = Teller(server)
    made.store.put_bars([bars("IWM", (100.0, 101.0, 102.0), START)])
    yield made
    await made.redis.aclose()


async def hears(server: RedisServer, **more: Any) -> AsyncIterator[Hears]:
    redis = connected(HubAddress(server.url), "a-terminal", **more)
    try:
        async for word in Follower(redis).words():
            yield word
    finally:
        await redis.aclose()


async def until(words: AsyncIterator[Hears], moment: MarketMoment) -> Hears:
    """The word that tells a moment."""
    async with asyncio.timeout(20):
        async for word in words:
            if word.moment is not None and word.moment.snapshot.quotes == moment.snapshot.quotes:
                return word
    raise AssertionError("the words have an end")


async def test_a_terminal_begins_where_the_server_stands_and_goes_on_with_it(
    server: RedisServer, teller: Teller
) -> None:
    await teller.lead()
    for _ in range(3):
        moment = await teller.tell()
    words = hears(server)
    first = await until(words, moment)
    assert first.moment is not None
    assert first.moment.snapshot.bars == moment.snapshot.bars
    teller.store.put_bars([bars("SPY", (5.0, 6.0), START)])
    moment = await teller.tell()
    heard = await until(words, moment)
    assert heard.moment is not None
    assert heard.moment.snapshot.bars == moment.snapshot.bars
    assert not heard.begins


async def test_what_one_begins_with_is_not_taken_for_all_that_was_told(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    earlier = await teller.tell()
    first = await anext(hears(server))
    assert first.moment is not None
    assert (first.begins, first.is_current) == (True, True)
    teller.store.put_bars([bars("SPY", (5.0, 6.0), START)])  # told as a change, what one begins with is still the first
    moment = await teller.tell()
    words = hears(server)
    first, second = await anext(words), await anext(words)
    assert first.moment is not None
    assert second.moment is not None
    assert (first.begins, first.is_current, first.moment.snapshot.quotes) == (True, False, earlier.snapshot.quotes)
    assert (second.is_current, second.moment.snapshot.bars) == (True, moment.snapshot.bars)


async def test_one_round_trip_begins(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    moment = await teller.tell()
    with server.client() as watching, watching.monitor() as seen:
        words = hears(server)
        await until(words, moment)
        commands = []
        while "XREAD" not in (command := str(seen.next_command()["command"]).split()[0].upper()):
            commands.append(command)
            if command == "HGETALL":
                break
    assert [c for c in commands if c not in ("CLIENT", "HELLO", "AUTH", "SELECT")] == ["HGETALL"]


async def test_one_server_leads_and_the_next_one_follows_when_it_leaves(server: RedisServer) -> None:
    first, second = Teller(server), Teller(server)
    assert await first.lease.take()
    assert not await second.lease.take()
    assert second.lease.holder == first.lease.holder
    await first.lease.leave()
    assert await second.lease.take()
    assert not await first.lease.take()
    for each in (first, second):
        await each.redis.aclose()


async def test_nobody_is_known_to_lead_while_the_hub_is_gone(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    assert teller.lease.holder is not None
    server.kill()
    for _ in range(2):  # the first may find its connection cut
        with pytest.raises(HubFault) as gone:
            await teller.lease.take()
    assert str(gone.value) == "the hub cannot be reached: Connection refused"
    assert teller.lease.holder is None


async def test_a_server_that_was_held_up_adds_nothing(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    await teller.tell()
    with server.client() as redis:
        redis.set(LEASE, "another one 1 token")  # as if ours had lapsed meanwhile, and we had not noticed yet
        length = redis.xlen(CHANGES)
        before = redis.hgetall(STATE)
        assert teller.lease.is_held
        with pytest.raises(NotLeading):
            await teller.tell()
        assert not teller.lease.is_held
        assert redis.xlen(CHANGES) == length
        assert redis.hgetall(STATE) == before


async def test_a_terminal_goes_on_with_the_next_server(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    words = hears(server)
    await until(words, await teller.tell())
    await teller.lease.leave()
    other = Teller(server)
    other.price = 500.0
    await other.lead()
    word = await until(words, await other.tell())
    assert word.begins
    await other.redis.aclose()


async def test_large_changes_fill_no_memory_and_a_beginning_stays_among_those_kept(
    server: RedisServer, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MOST_BYTES", 40_000)
    monkeypatch.setattr(publishing, "_LEAST_CHANGES", 8)
    await teller.lead()
    for n in range(150):
        at = START + timedelta(seconds=n)
        teller.store.put_quotes([quote(f"S{s}", 50 + s + (n * s % 89) / 100, at) for s in range(300)], at)
        moment = await teller.tell()
    assert 8 <= teller.publisher.kept < 40
    with server.client() as redis:
        assert redis.xlen(CHANGES) < 2 * teller.publisher.kept
        assert redis.memory_usage(CHANGES) < 3 * 40_000
    word = await until(hears(server), moment)
    assert word.moment is not None
    assert word.moment.snapshot.bars == moment.snapshot.bars


async def test_a_price_that_a_source_takes_back_is_gone_from_terminals_too(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    words, shown = hears(server), MarketStore()
    teller.store.put_quotes([quote("SPY", 500.0, START)], START)
    first = await until(words, await teller.tell())
    assert first.moment is not None
    shown.put_told(first.moment.snapshot)
    assert set(shown.snapshot().quotes) == {"IWM", "SPY"}
    teller.store.drop_quote("SPY")
    later = await until(words, await teller.tell())
    assert later.moment is not None
    assert not later.begins
    shown.put_told(later.moment.snapshot)
    assert set(shown.snapshot().quotes) == {"IWM"}
    await until(hears(server), MarketMoment(START, teller.store.snapshot(), ABOUT))  # who begins behind it as well


async def test_a_terminal_that_is_too_far_behind_begins_anew(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    words = hears(server)
    await until(words, await teller.tell())
    for _ in range(30):
        moment = await teller.tell()
    with server.client() as redis:
        redis.xtrim(CHANGES, maxlen=2, approximate=False)
    await teller.publisher._keep_whole(moment)
    word = await until(words, moment)
    assert word.moment is not None
    assert word.moment.snapshot.bars == moment.snapshot.bars


async def test_a_hub_that_was_emptied_is_filled_again(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    words = hears(server)
    await until(words, await teller.tell())
    server.kill()
    with pytest.raises(HubFault):
        await teller.tell()
    with pytest.raises(HubFault, match="cannot be reached"):
        await until(words, MarketMoment(START, replace(teller.store.snapshot(), quotes={}), ABOUT))
    server.start()
    await teller.lead()
    moment = await teller.tell()
    assert (await until(hears(server), moment)).begins


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"v": "2"}, "version 2 and this program knows 1; update this one"),
        ({"v": "0"}, "update the server"),
        ({"whole": b"p\xc1"}, "cannot be read"),
        ({"whole": b"z1234"}, "cannot be unpacked"),
        ({"whole": b"x"}, "nobody here knows"),
        ({"whole_at": None}, "cannot be read"),
    ],
)
async def test_what_nobody_can_read_is_refused_with_a_reason(
    server: RedisServer, teller: Teller, given: dict[str, Any], said: str
) -> None:
    await teller.lead()
    moment = await teller.tell()
    with server.client() as redis:
        for name, value in given.items():
            redis.hdel(STATE, name) if value is None else redis.hset(STATE, name, value)
    with pytest.raises(Unheard, match=said):
        await until(hears(server), moment)


async def test_a_change_that_nobody_can_read_is_refused(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    words = hears(server)
    await until(words, await teller.tell())
    with server.client() as redis:
        redis.xadd(CHANGES, {"v": "1", "e": teller.publisher.epoch, "m": b"p\x81"})
    with pytest.raises(Unheard, match="cannot be read"):
        await until(words, MarketMoment(START, replace(teller.store.snapshot(), quotes={}), ABOUT))


async def test_a_full_hub_says_so(server: RedisServer, teller: Teller) -> None:
    await teller.lead()
    await teller.tell()
    with server.client() as redis:
        redis.config_set("maxmemory", "1mb")
    with pytest.raises(HubRefusal, match="no memory left"):
        await teller.tell()


async def test_a_copy_that_cannot_be_written_to_says_so(server: RedisServer, teller: Teller) -> None:
    with server.client() as redis:
        redis.replicaof("127.0.0.1", 1)
    with pytest.raises(HubRefusal, match="copy that nothing can be written to"):
        await teller.lease.take()


async def test_a_wrong_password_says_so_and_a_right_one_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    with RedisServer(folder, "--requirepass", "se-cret") as closed:
        address = HubAddress(closed.url.replace("//", "//:wrong@"))
        assert "wrong" not in address.shown
        redis = connected(address, "somebody")
        with pytest.raises(HubRefusal, match="refuses user or password") as refused:
            await asked(redis.ping())
        assert "wrong" not in str(refused.value)
        await redis.aclose()
        monkeypatch.setenv("ROTATION_TUI_HUB_PASSWORD", "se-cret")
        redis = connected(HubAddress(closed.url), "somebody")
        assert await asked(redis.ping())
        await redis.aclose()


async def test_a_hub_that_hangs_is_a_fault_in_time(server: RedisServer) -> None:
    redis = connected(HubAddress(server.url), "somebody", answer_s=0.3)
    assert await asked(redis.ping())
    server.pause()
    with pytest.raises(HubFault, match="does not answer"):
        await asked(redis.ping())
    server.go_on()
    with contextlib.suppress(HubFault):
        await redis.aclose()


async def test_the_large_beginning_is_kept_anew_only_where_something_large_has_changed(
    server: RedisServer, teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotation_tui.hub.publishing._WHOLE_EVERY_S", 0.0)
    await teller.lead()
    await teller.tell()
    with server.client() as redis:
        first = redis.hget(STATE, "whole_at")
        for _ in range(3):
            await teller.tell()
        assert redis.hget(STATE, "whole_at") == first
        teller.store.put_bars([bars("SPY", (5.0, 6.0), START)])
        await teller.tell()
        assert redis.hget(STATE, "whole_at") != first
