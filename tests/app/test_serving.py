"""What a server hands on is the same object for as long as it says the same."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.app import serving
from rotation_tui.app.scene import Wish
from rotation_tui.app.serving import Server
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.hub.following import Hears
from rotation_tui.hub.link import HubAddress
from rotation_tui.workers.ending import ended
from tests.hub.redis_server import NEEDED, RedisServer
from tests.workers.fakes import until


def test_what_boards_are_about_is_one_object_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    run = prepare(Loaded(Config(), None), Wish(), serves=True)
    server = Server(run, HubAddress("redis://localhost"), print)
    first = server._moment().about
    assert server._moment().about is first, "another one has all histories told anew"
    run.scope = replace(run.scope, fetches=True)
    assert server._moment().about.fetches


class DeafFollower:
    """Loses its first cancellation, as a client may that is cancelled just when an answer has come."""

    def __init__(self, redis: object) -> None:
        del redis

    async def words(self) -> AsyncIterator[Hears]:
        while True:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            await asyncio.Event().wait()
            yield Hears(None)


@pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here")
async def test_a_server_leads_though_what_it_followed_loses_its_cancellation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(serving, "Follower", DeafFollower)
    run = prepare(Loaded(Config(feeds=()), None), Wish(), serves=True)
    said: list[str] = []
    with RedisServer(tmp_path) as redis:
        server = asyncio.create_task(Server(run, HubAddress(redis.url), said.append).run())
        await until(lambda: any(sentence.startswith("leads") for sentence in said))
        await ended([server])
