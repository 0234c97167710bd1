"""A run whose config names a hub: what it says and does where the hub cannot be heard at all."""

import sys
from pathlib import Path

import pytest

from rotation_tui.app import at_hub
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, FeedSettings, Loaded, ProviderSettings
from rotation_tui.domain.feed import FeedState
from rotation_tui.hub.link import STATE
from tests.hub.redis_server import NEEDED, RedisServer
from tests.workers.fakes import until


def told_by(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, own: bool = True) -> Run:
    """A run that is told by a hub, soon thinks it silent, and whose own feed nobody answers."""
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setattr(at_hub, "_LOOK_S", 0.01)
    hub = FeedSettings(provider="hub", name="desk", url=url, silence_s=0.2)
    feeds = (hub, FeedSettings(provider="cboe")) if own else (hub,)
    nobody = {"cboe": ProviderSettings(base_url="http://127.0.0.1:1")}
    return prepare(Loaded(Config(feeds=feeds, providers=nobody), None), Wish())


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


@pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here")
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
