"""A run whose config names a hub: what it says and does where the hub cannot be heard at all."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app import at_hub
from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, FeedSettings, Loaded, ProviderSettings
from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.domain.fundamentals import Progress
from rotation_tui.domain.quote import Quote
from rotation_tui.hub.following import Hears
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import STATE, HubAddress, connected
from rotation_tui.hub.publishing import Publisher
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.tape.message import MarketMoment
from tests.hub.redis_server import NEEDED, RedisServer
from tests.tape.states import ABOUT
from tests.workers.fakes import until

NEEDS_REDIS = pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here")


def told_by(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, own: bool = True, silence_s: float = 0.2
) -> Run:
    """A run that is told by a hub, soon thinks it silent, and whose own feed nobody answers."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setattr(at_hub, "_LOOK_S", 0.01)
    return prepare(at_desk(url, own=own, silence_s=silence_s), Wish())


def at_desk(url: str, *, own: bool, silence_s: float = 0.2) -> Loaded:
    """A config that names a hub, and an own feed that nobody answers if wished."""
    hub = FeedSettings(provider="hub", name="desk", url=url, silence_s=silence_s)
    feeds = (hub, FeedSettings(provider="cboe")) if own else (hub,)
    nobody = {"cboe": ProviderSettings(base_url="http://127.0.0.1:1")}
    return Loaded(Config(feeds=feeds, providers=nobody), None)


@pytest.mark.parametrize("own", [True, False])
async def test_without_the_client_it_says_what_to_install_and_asks_its_own_feeds(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    run = told_by("redis://127.0.0.1:1", tmp_path, monkeypatch, own=own)
    await run.desk.open()
    try:
        await until(lambda: bool(run.store.snapshot().feeds))
        desk = next(feed for feed in run.store.snapshot().feeds if feed.name == "desk")
        assert desk.state is FeedState.DOWN
        assert desk.fault == "the client of Redis and Valkey is not installed: pip install 'rotation-tui[desk]'"
        if own:
            await until(lambda: not run.desk.rests)
            await until(lambda: any("own feeds are asked" in event.text for event in run.store.snapshot().events))
        assert not run.is_told
    finally:
        await run.desk.close()


@NEEDS_REDIS
@pytest.mark.parametrize(
    ("version", "then"),
    [
        ("2", "the server tells version 2 and this program knows 1; update this one"),
        ("0", "the server tells version 0 and this program knows 1; update the server"),
    ],
)
async def test_a_server_of_another_version_is_refused_by_name_and_own_feeds_are_asked(
    version: str, then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RedisServer(tmp_path) as redis:
        with redis.client() as client:
            client.hset(STATE, mapping={"v": version, "e": "other", "whole": b"p?", "whole_at": "0-0"})
        run = told_by(redis.url, tmp_path, monkeypatch)
        await run.desk.open()
        try:
            await until(lambda: any(feed.fault == then for feed in run.store.snapshot().feeds))
            await until(lambda: not run.desk.rests)
            await until(lambda: any("own feeds are asked" in event.text for event in run.store.snapshot().events))
            assert run.store.snapshot().quotes == {}
            desk = next(feed for feed in run.store.snapshot().feeds if feed.name == "desk")
            assert (desk.state, desk.fault) == (FeedState.DOWN, then)
        finally:
            await run.desk.close()


@pytest.mark.parametrize("own", [True, False])
async def test_what_was_known_at_the_start_is_of_nobody_until_the_server_speaks(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told_by("redis://127.0.0.1:1", tmp_path, monkeypatch, own=own, silence_s=3600)
    now = datetime.now(UTC)
    before.store.put_quotes([Quote("IWM", 250.0, now, now.date(), "yahoo")], now)
    before.desk.save()
    desk = at_desk("redis://127.0.0.1:1", own=own, silence_s=3600)
    scene = set_scene(desk, Wish())
    assert "IWM" in scene.store.snapshot().quotes
    scene.await_word()
    assert scene.store.snapshot().is_unheard("IWM"), "on the first screen"

    run = told_by("redis://127.0.0.1:1", tmp_path, monkeypatch, own=own, silence_s=3600)
    seen: list[Snapshot] = []
    run.store.shown_to(seen.append)
    await run.desk.open()
    try:
        await until(lambda: states(run.store.snapshot()) == {"desk": FeedState.DOWN})
        assert all("IWM" in held.quotes and held.is_unheard("IWM") for held in seen)
    finally:
        await run.desk.close()
    after = set_scene(desk, Wish()).store
    assert after.snapshot().is_unheard("IWM"), "a status line is of what was saved"
    later = datetime.now(UTC)
    after.put_quotes([Quote("IWM", 250.0, now, now.date(), "yahoo")], later)
    assert not after.snapshot().is_unheard("IWM"), "somebody else is asked from now on"


class Scripted:
    """A follower that hears these words, those of one list each time that it begins, and then none."""

    leader = "a-server"

    def __init__(self, *words: list[Hears]) -> None:
        self._words = list(words)

    def __call__(self, _: object) -> "Scripted":
        return self

    async def words(self) -> AsyncIterator[Hears]:
        for heard in self._words.pop(0):
            yield heard
        await asyncio.Event().wait()


def moment_of(price: float) -> MarketMoment:
    now, store = datetime.now(UTC), MarketStore()
    store.put_quotes([Quote("IWM", price, now, now.date(), "yahoo")], now)
    return MarketMoment(now, store.snapshot(), ABOUT)


@pytest.mark.parametrize("begun", [[], [1.0]], ids=["at the start", "later on"])
async def test_a_server_that_speaks_again_after_a_beginning_too_old_tells_all_of_it(
    begun: list[float], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that nothing has changed says nothing of what was thrown away."""
    run = told_by("redis://127.0.0.1:1", tmp_path, monkeypatch, silence_s=3600)
    before = [Hears(moment_of(price), begins=True) for price in begun]
    old = [Hears(moment_of(2.0), begins=True, silent_s=7200), Hears(None)]
    monkeypatch.setattr(at_hub, "Follower", Scripted([*before, *old], [Hears(moment_of(3.0), begins=True)]))
    monkeypatch.setattr(at_hub, "_LOOK_S", 3600)
    monkeypatch.setattr(at_hub, "_RETRY_S", (0.01,))
    boards: list[list[float]] = []
    rest = run.desk.rest

    async def resting(*, told: bool) -> None:
        if told:
            boards.append([quote.price for quote in run.store.snapshot().quotes.values()])
        await rest(told=told)

    monkeypatch.setattr(run.desk, "rest", resting)
    await run.desk.open()
    try:
        await until(lambda: [quote.price for quote in run.store.snapshot().quotes.values()] == [3.0])
        await until(run.desk.fed)
        assert boards == [*([begun] if begun else []), [3.0]], "a board counts as told once it is"
    finally:
        await run.desk.close()


async def test_a_server_that_was_never_heard_has_no_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = told_by("redis://127.0.0.1:1", tmp_path, monkeypatch, own=False)
    await run.desk.open()
    try:
        old = "desk: no word yet, what is shown is old; nobody else can be asked"
        await until(lambda: any(event.text == old for event in run.store.snapshot().events))
        assert (run.silence or "").endswith("there is no word yet")
    finally:
        await run.desk.close()


class Telling:
    """A server without a desk that says something all the time until it is `silent`; its clock may be `ahead`."""

    def __init__(self, url: str) -> None:
        self._redis = connected(HubAddress(url), "a-server")
        self.store = MarketStore()
        now = datetime.now(UTC)
        for name, state in (("yahoo", FeedState.LIVE), ("cboe", FeedState.DEGRADED), ("fred", FeedState.OFF)):
            self.store.put_feed(FeedHealth(name, state, now, retry_at=now + timedelta(minutes=1)))
        self.store.put_progress("sec filings", Progress(3, 7, 1.5))
        self._speaks = False
        self.ahead = timedelta()
        self._task: asyncio.Task[None] | None = None

    def speak(self) -> None:
        self._speaks = True
        self._task = asyncio.create_task(self._speak())

    async def silent(self) -> None:
        assert self._task is not None
        self._speaks = False
        await asyncio.gather(self._task, return_exceptions=True)

    async def _speak(self) -> None:
        lease = Lease(self._redis)
        assert await lease.take()
        publisher, n = Publisher(self._redis, lease), 0
        while self._speaks:
            n += 1
            now = datetime.now(UTC) + self.ahead
            self.store.put_quotes([Quote("IWM", 250 + n / 100, now, now.date(), "yahoo")], now)
            await publisher.tell(MarketMoment(now, self.store.snapshot(), ABOUT))
            await lease.take()
            await asyncio.sleep(0.01)
        await lease.leave()

    async def close(self) -> None:
        with contextlib.suppress(Exception):
            await self._redis.aclose()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as running:
        yield running


@pytest.fixture
async def server(redis: RedisServer) -> AsyncIterator[Telling]:
    made = Telling(redis.url)
    made.speak()
    yield made
    await made.silent()
    await made.close()


def states(snapshot: Snapshot) -> dict[str, FeedState]:
    return {feed.name: feed.state for feed in snapshot.feeds}


LIVE = {"desk": FeedState.LIVE, "yahoo": FeedState.LIVE, "cboe": FeedState.DEGRADED, "fred": FeedState.OFF}
GONE = dict.fromkeys(LIVE, FeedState.DOWN) | {"fred": FeedState.OFF}


@NEEDS_REDIS
async def test_what_a_silent_server_told_counts_no_more_until_it_speaks_again(
    redis: RedisServer, server: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = told_by(redis.url, tmp_path, monkeypatch, own=False, silence_s=0.5)
    kept: list[bool] = []
    monkeypatch.setattr(run.desk, "save_soon", lambda: kept.append(run.store.snapshot().is_unheard("IWM")))
    await run.desk.open()
    try:
        for _ in range(2):
            await until(lambda: states(run.store.snapshot()) == LIVE)
            assert True not in kept[-1:], "a status bar shows that it is live again"
            held = run.store.snapshot()
            assert (held.unheard, set(held.progress)) == (None, {"sec filings"})
            assert not held.is_unheard("IWM")
            assert run.silence is None
            await server.silent()
            await until(lambda: states(run.store.snapshot()) == GONE)
            held = run.store.snapshot()
            assert held.is_unheard("IWM")
            assert kept[-1], "a status bar shows that as well"
            assert held.progress == {}, "nobody fetches any more"
            assert all(feed.retry_at is None for feed in held.feeds if feed.state is FeedState.DOWN)
            assert "no word since" in (run.silence or "")
            await until(lambda: any("nobody else can be asked" in event.text for event in run.store.snapshot().events))
            assert run.is_told, "what is shown is what the server told, old as it is"
            server.speak()
        await until(lambda: states(run.store.snapshot()) == LIVE)
        await until(lambda: any("the server tells again" in event.text for event in run.store.snapshot().events))
    finally:
        await run.desk.close()


@NEEDS_REDIS
async def test_a_server_that_is_late_makes_its_feeds_late(
    redis: RedisServer, server: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hub, "_LATE_S", 0.5)
    run = told_by(redis.url, tmp_path, monkeypatch, silence_s=3600)
    await run.desk.open()
    try:
        await until(lambda: states(run.store.snapshot()) == LIVE)
        await server.silent()
        late = dict.fromkeys(LIVE, FeedState.LATE) | {"fred": FeedState.OFF}
        await until(lambda: states(run.store.snapshot()) == late)
        assert run.store.snapshot().unheard is None, "it may come back any moment"
        server.speak()
        await until(lambda: states(run.store.snapshot()) == LIVE)
    finally:
        await run.desk.close()


@NEEDS_REDIS
async def test_to_wait_longer_before_others_are_asked_makes_nothing_live_that_is_not(
    redis: RedisServer, server: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_hub, "SILENCE_S", 0.5)
    run = told_by(redis.url, tmp_path, monkeypatch, silence_s=3600)
    await run.desk.open()
    try:
        await until(lambda: states(run.store.snapshot()) == LIVE)
        await server.silent()
        redis.kill()
        await until(lambda: states(run.store.snapshot()) == GONE)
        assert run.desk.rests
        assert run.store.snapshot().is_unheard("IWM")
    finally:
        await run.desk.close()


@NEEDS_REDIS
@pytest.mark.parametrize("own", [True, False])
async def test_what_a_dead_server_left_behind_is_never_shown_as_live(
    own: bool, redis: RedisServer, server: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with redis.client() as client:
        await until(lambda: client.hget(STATE, "whole") is not None)
        await server.silent()
        last = client.xrevrange("rotation-tui:changes", count=1)[0][0]
        await until(lambda: client.time()[0] > int(last.partition(b"-")[0]) / 1000 + 0.5)
    run = told_by(redis.url, tmp_path, monkeypatch, own=own, silence_s=0.5)
    seen: list[Snapshot] = []
    run.store.shown_to(seen.append)
    await run.desk.open()
    try:
        if own:
            await until(lambda: not run.desk.rests)
            assert run.store.snapshot().quotes == {}, "it is all of the own feeds"
        else:
            await until(lambda: "IWM" in run.store.snapshot().quotes)
        for held in seen:
            assert FeedState.LIVE not in states(held).values()
            assert held.quotes == {} or held.is_unheard("IWM")
        server.speak()
        await until(lambda: states(run.store.snapshot()) == LIVE)
        assert run.desk.rests
        assert not run.store.snapshot().is_unheard("IWM")
    finally:
        await run.desk.close()


@NEEDS_REDIS
@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=2)])
async def test_prices_that_the_own_feeds_have_not_confirmed_stay_unheard(
    ahead: timedelta, redis: RedisServer, server: Telling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ahead = ahead
    run = told_by(redis.url, tmp_path, monkeypatch, silence_s=0.5)
    await run.desk.open()
    try:
        await until(lambda: states(run.store.snapshot()) == LIVE)
        await server.silent()
        await until(lambda: not run.desk.rests)
        store = run.store
        assert store.snapshot().is_unheard("IWM")
        now = datetime.now(UTC)
        store.put_quotes([replace(store.snapshot().quotes["IWM"], price=1.0)], now)
        assert not store.snapshot().is_unheard("IWM")
    finally:
        await run.desk.close()
