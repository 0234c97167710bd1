"""What the files of `deploy/desk` let each user do, and that who is not let in is told so."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError

from rotation_tui.domain.hub import PASSWORD
from rotation_tui.hub.following import Follower
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import (
    CHANGES,
    LEASE,
    SERVER,
    STATE,
    TERMINAL,
    HubAddress,
    HubFault,
    HubRefusal,
    asked,
    connected,
)  # fmt: skip
from rotation_tui.hub.publishing import Publisher
from rotation_tui.hub.standing import standing_of
from rotation_tui.store.market_store import MarketStore
from rotation_tui.tape.message import MarketMoment
from tests.hub.deployed import DESK, DeployedHub, able
from tests.hub.redis_server import NEEDED
from tests.patience import PATIENCE_S
from tests.tape.states import ABOUT, START

pytestmark = pytest.mark.skipif(able() is not None, reason=str(able()))

WRITING: dict[str, Callable[[Redis], Any]] = {
    "set": lambda redis: redis.set(LEASE, "mine"),
    "del": lambda redis: redis.delete(LEASE),
    "expire": lambda redis: redis.expire(LEASE, 1),
    "hset": lambda redis: redis.hset(STATE, "v", "9"),
    "hdel": lambda redis: redis.hdel(STATE, "v"),
    "xadd": lambda redis: redis.xadd(CHANGES, {"v": "1"}),
    "xtrim": lambda redis: redis.xtrim(CHANGES, maxlen=0),
    "rename": lambda redis: redis.rename(STATE, CHANGES),
    "another": lambda redis: redis.set("something", "else"),
    "eval": lambda redis: redis.eval("return redis.call('set', KEYS[1], 'mine')", 1, LEASE),
    "flush": lambda redis: redis.flushall(),
    "config": lambda redis: redis.config_set("maxmemory", "1mb"),
    "acl": lambda redis: redis.acl_setuser("terminal", enabled=True, nopass=True, categories=["+@all"]),
    "publish": lambda redis: redis.publish("rotation-tui", "x"),
    "kill": lambda redis: redis.client_kill_filter(_type="normal"),
    "shutdown": lambda redis: redis.shutdown(nosave=True),
    "clients": lambda redis: redis.client_list(),
    "others": lambda redis: redis.get("something"),
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[DeployedHub]:
    with DeployedHub(tmp_path) as running:
        yield running


async def test_a_server_tells_and_counts_and_a_terminal_hears(
    hub: DeployedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = Path(hub.certificate)
    monkeypatch.setenv(PASSWORD, hub.passwords["SERVER_PASSWORD"])
    serving = connected(HubAddress(hub.url_of("server"), certificate), SERVER)
    lease = Lease(serving)
    assert await lease.take()
    moment = MarketMoment(START, MarketStore().snapshot(), ABOUT)
    await Publisher(serving, lease).tell(moment)
    monkeypatch.setenv(PASSWORD, hub.passwords["TERMINAL_PASSWORD"])
    told = connected(HubAddress(hub.url_of("terminal"), certificate), TERMINAL)
    async for word in Follower(told).words():
        assert word.begins
        break
    seen = await standing_of(told)
    assert seen.leader == lease.holder
    assert (seen.servers, seen.terminals) == (None, None), "it may not count"
    counted = await standing_of(serving)
    assert (counted.servers, counted.terminals) == (1, 1), "both say who they are"
    await lease.leave()
    for redis in (serving, told):
        await redis.aclose()


@pytest.mark.parametrize("what", WRITING)
def test_a_terminal_writes_nothing_and_sees_nothing_else(shared: DeployedHub, what: str) -> None:
    with shared.client("terminal") as redis, pytest.raises(NoPermissionError):
        WRITING[what](redis)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedHub]:
    """One hub for all that change nothing about it."""
    with DeployedHub(tmp_path_factory.mktemp("hub")) as running:
        yield running


async def test_nobody_is_let_in_without_password_nor_goes_by_a_certificate_that_nobody_vouches_for(
    shared: DeployedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = Path(shared.certificate)
    monkeypatch.delenv(PASSWORD, raising=False)
    nobody = connected(HubAddress(f"rediss://127.0.0.1:{shared.port}", certificate), TERMINAL)
    with pytest.raises(HubRefusal):
        await asked(nobody.get(LEASE))
    await nobody.aclose()
    monkeypatch.setenv(PASSWORD, shared.passwords["TERMINAL_PASSWORD"])
    plain = connected(HubAddress(f"redis://terminal@127.0.0.1:{shared.port}"), TERMINAL)
    unknown = connected(HubAddress(shared.url_of("terminal")), TERMINAL)
    for redis, why in ((plain, "hub"), (unknown, "certificate")):
        with pytest.raises(HubFault, match=why):
            await asked(redis.get(LEASE))
        await redis.aclose()


def test_passwords_that_nobody_has_put_there_let_nobody_in(tmp_path: Path) -> None:
    users = (DESK / "users.acl").read_text(encoding="utf-8")
    assert users.count("#put-here") == 2
    assert users.startswith("user default off ")
    command = [str(NEEDED), "--port", "0", "--unixsocket", str(tmp_path / "hub"), "--aclfile", str(DESK / "users.acl")]
    started = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert started.returncode != 0
    assert "password hash must be" in started.stdout
