"""What the doctor tells of a hub: whether it is reached, who leads, how old its last word is, who is connected."""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from redis import Redis

from rotation_tui import __version__
from rotation_tui.domain.hub import PASSWORD
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import CHANGES, LEASE, SERVER, STATE, TERMINAL, HubAddress, connected, whoami
from rotation_tui.hub.publishing import Publisher
from rotation_tui.store.market_store import MarketStore
from rotation_tui.tape.message import MarketMoment
from tests.cli.conftest import Run
from tests.hub.redis_server import NEEDED, RedisServer
from tests.tape.states import ABOUT, START

pytestmark = pytest.mark.skipif(NEEDED is None, reason="there is no redis-server or valkey-server here")

Doctor = Callable[..., Result]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield server


@pytest.fixture
def doctor(run: Run, home: Path) -> Doctor:
    """Run the doctor where the config names a hub and nothing else."""

    def doctor(url: str, **env: str) -> Result:
        file = home / "mine.toml"
        file.write_text(f'[[feeds]]\nprovider = "hub"\nname = "desk"\nurl = "{url}"\n')
        return run("doctor", "--config", str(file), **env)

    return doctor


def told(result: Result) -> str:
    """The report without its line breaks."""
    return re.sub(r"\n {18}", " ", result.stdout)


def lead(server: RedisServer) -> None:
    """Have a server lead that told something, for as long as the test takes."""

    async def tell() -> None:
        redis = connected(HubAddress(server.url), SERVER)
        lease = Lease(redis)
        assert await lease.take()
        await Publisher(redis, lease).tell(MarketMoment(START, MarketStore().snapshot(), ABOUT))
        await redis.aclose()

    asyncio.run(tell())
    with server.client() as client:
        client.persist(LEASE)


def test_who_leads_what_it_tells_and_who_listens(hub: RedisServer, doctor: Doctor) -> None:
    lead(hub)
    names = f"{SERVER}:a:1", f"{SERVER}:a:1", f"{TERMINAL}:b:1", f"{TERMINAL}:b:2"
    clients = [Redis(port=hub.port, client_name=name) for name in names]
    for client in clients:
        client.ping()
    text = told(doctor(hub.url))
    assert f"ok    desk        {hub.url} is reached on this computer" in text
    assert re.search(rf"ok    desk        {whoami()} leads and tells since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", text)
    assert re.search(r"ok    desk        its last word is \d+\.\d s old", text)
    assert f"ok    desk        rotation-tui {__version__} tells messages of version 1" in text
    assert "ok    desk        1 server and 2 terminals connected" in text
    assert "its clock" not in text
    for client in clients:
        client.close()


def test_nobody_leads_and_nothing_was_told(hub: RedisServer, doctor: Doctor) -> None:
    result = doctor(hub.url)
    assert "warn  desk        no server leads: nothing new is told; start `rotation-tui serve`" in told(result)
    assert "warn  desk        nothing was ever told here" in told(result)
    assert result.exit_code == 3


def test_a_server_that_says_nothing_more_and_one_of_another_version(hub: RedisServer, doctor: Doctor) -> None:
    lead(hub)
    with hub.client() as client:
        client.hset(STATE, "v", "9")
        client.delete(CHANGES)
        client.xadd(CHANGES, {"v": "1"}, id="1700000000000-1")
    text = told(doctor(hub.url))
    assert re.search(r"warn  desk        its last word is \d{7,}\.\d s old; a server says something every 3 s", text)
    assert "FAULT desk" in text
    assert "messages of version 9; this one reads 1: update servers and terminals together" in text


def test_a_hub_that_is_gone_and_one_that_hangs(hub: RedisServer, doctor: Doctor) -> None:
    hub.pause()
    result = doctor(hub.url)
    assert f"FAULT desk        {hub.url}: the hub does not answer" in told(result)
    hub.kill()
    result = doctor(hub.url)
    assert f"FAULT desk        {hub.url}: the hub cannot be reached" in told(result)
    assert result.exit_code == 3


def test_a_user_who_may_not_count_is_told_the_rest_and_no_password_is_shown(hub: RedisServer, doctor: Doctor) -> None:
    lead(hub)
    with hub.client() as client:
        client.acl_setuser("reader", enabled=True, passwords=["+se-cret"], keys=["*"],
                           categories=["+@all", "-@dangerous"])  # fmt: skip
    text = told(doctor(hub.url.replace("//", "//reader@"), **{PASSWORD: "se-cret"}))
    assert f"{whoami()} leads" in text
    assert PASSWORD not in text, "it is a variable that stands for something"
    assert "-     desk        this user is not allowed to count who is connected" in text
    text = told(doctor(hub.url.replace("//", "//reader:wrong-one@")))
    assert "FAULT desk" in text
    assert "refuses user or password; see its users.acl" in text
    assert "wrong-one" not in text


def test_the_client_that_is_not_installed_is_named(
    hub: RedisServer, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    text = told(doctor(hub.url))
    assert "the client of Redis and Valkey is not installed: pip install 'rotation-tui[desk]'" in text


def test_a_config_with_a_hub_is_checked(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text('[[feeds]]\nprovider = "hub"\nurl = "rediss://desk.example"\n[[feeds]]\nprovider = "alpaca"\n')
    result = run("--config", str(file), "config", "check")
    assert '"hub"' not in result.output
    assert "feeds[2].provider" in result.output, "it is the second that has no key"


def test_serve_without_the_client_says_what_to_install(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    file = home / "mine.toml"
    file.write_text('[[feeds]]\nprovider = "hub"\nurl = "redis://127.0.0.1:1"\n')
    result = run("--config", str(file), "serve")
    assert result.exit_code == 1
    assert result.stderr == (
        "rotation-tui: the client of Redis and Valkey is not installed: pip install 'rotation-tui[desk]'\n"
    )
