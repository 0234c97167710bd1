"""A run whose config names a hub: what it says and does where the hub cannot be heard at all."""

import sys
from pathlib import Path

import pytest

from rotation_tui.app import at_hub
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, FeedSettings, Loaded, ProviderSettings
from rotation_tui.domain.feed import FeedState
from tests.workers.fakes import until


@pytest.mark.parametrize("own", [True, False])
async def test_without_the_client_it_says_what_to_install_and_asks_its_own_feeds(
    own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(at_hub, "_LOOK_S", 0.01)
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    hub = FeedSettings(provider="hub", name="desk", url="redis://127.0.0.1:1", silence_s=0.2)
    feeds = (hub, FeedSettings(provider="cboe")) if own else (hub,)
    nobody = {"cboe": ProviderSettings(base_url="http://127.0.0.1:1")}
    run = prepare(Loaded(Config(feeds=feeds, providers=nobody), None), Wish())
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
