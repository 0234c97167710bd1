"""Channels out of the terminal, to receivers on this computer and real commands; no secret stands in what is said."""

import json
import logging
import os
import signal
import sys
import types
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.alerts.command import Apprise, Command
from rotation_tui.alerts.outbox import SENT, Outcome
from rotation_tui.alerts.webhook import Webhook
from rotation_tui.app.outlets import outside
from rotation_tui.domain.alert import ChannelSettings, Firing
from rotation_tui.providers.base import Surroundings
from tests.alerts.material import at
from tests.alerts.receiver import receiving
from tests.workers.fakes import until

FIRING = Firing("abc123", "small & <large>", at(0), "RUT-SPX.z 2.13 (RUT-SPX.z > 2)", "RUT-SPX.z > 2", 2.13, "look",
                "alert", ("phone",), {"id": "RUT-SPX", "z": 2.13})  # fmt: skip


async def posted(kind: Any, url: str, folder: Path, timeout_s: float = 20) -> Outcome:
    hook = Webhook("phone", ChannelSettings(kind=kind, url=url, timeout_s=timeout_s), Surroundings(None, folder))
    try:
        return await hook.send(FIRING)
    finally:
        await hook.close()


async def test_each_service_gets_what_it_understands(tmp_path: Path) -> None:
    async with receiving() as there:
        for kind in ("ntfy", "slack", "discord", "json"):
            assert await posted(kind, there.url, tmp_path) == SENT
    ntfy, slack, discord, plain = there.posts
    line = "small & <large>: RUT-SPX.z 2.13 (RUT-SPX.z > 2) (look)"
    assert {post.path for post in there.posts} == {"/hooks/SECRET-TOKEN"}
    assert (ntfy.headers["title"], ntfy.headers["priority"], ntfy.body.decode()) == ("small & <large>", "high", line)
    assert json.loads(slack.body) == {"text": line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
    assert json.loads(discord.body) == {"content": line, "allowed_mentions": {"parse": []}}
    told = json.loads(plain.body)
    assert (told["text"], told["alert"], told["value"], told["row"]["id"]) == (line, "small & <large>", 2.13, "RUT-SPX")
    assert plain.headers["idempotency-key"] == "abc123"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("500 Oops", Outcome(False, "HTTP 500", again=True)),
        ("429 Slow\r\nRetry-After: 90", Outcome(False, "HTTP 429", again=True, wait=timedelta(seconds=90))),
        ("404 No", Outcome(False, "HTTP 404: the address or what stands in it is not taken")),
        ("302 Go\r\nLocation: /else", Outcome(False, "HTTP 302: it sends us on, which is not followed")),
    ],
)
async def test_what_is_answered_says_whether_to_try_again(answer: str, expected: Outcome, tmp_path: Path) -> None:
    async with receiving(answer) as there:
        assert await posted("json", there.url, tmp_path) == expected
    assert len(there.posts) == 1


async def test_one_that_gives_no_answer_may_have_it_and_is_not_asked_again(tmp_path: Path) -> None:
    async with receiving(None) as there:
        outcome = await posted("json", there.url, tmp_path, timeout_s=0.3)
    assert outcome == Outcome(False, "no answer in 0.3 s; whether it arrived is not known")


async def test_one_that_is_not_there_is_tried_again_and_its_address_is_not_told(tmp_path: Path) -> None:
    async with receiving() as there:
        url = there.url
    gone = await posted("json", url, tmp_path)
    assert gone.again
    nowhere = await posted("json", "http://secret-token.invalid/hooks/SECRET", tmp_path)
    assert nowhere.again
    assert "secret" not in (gone.why + nowhere.why).lower()


async def test_no_address_comes_into_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with receiving("500 Oops") as there:
        await posted("slack", there.url, tmp_path)
        await posted("slack", there.url, tmp_path)
    assert "SECRET" not in caplog.text


def script(folder: Path, text: str) -> tuple[str, ...]:
    file = folder / "script.py"
    file.write_text(text)
    return sys.executable, str(file)


async def run(*command: str, timeout_s: float = 60) -> Outcome:
    return await Command("script", ChannelSettings(kind="command", command=command, timeout_s=timeout_s)).send(FIRING)


async def test_a_command_gets_the_alert_and_its_row_on_its_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "told.json"
    text = f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read()); print('x' * 100000)"
    assert await run(*script(tmp_path, text)) == SENT
    told = json.loads(out.read_text())
    assert (told["alert"], told["row"]) == ("small & <large>", {"id": "RUT-SPX", "z": 2.13})


async def test_no_shell_is_between_a_command_and_its_arguments(tmp_path: Path) -> None:
    out = tmp_path / "arguments"
    text = f"import sys; open({str(out)!r}, 'w').write(repr(sys.argv[1:]))"
    assert await run(*script(tmp_path, text), "$HOME; touch x", "`id`") == SENT
    assert out.read_text() == repr(["$HOME; touch x", "`id`"])


async def test_a_command_that_does_not_exist_fails_or_does_not_end_is_told_in_words(tmp_path: Path) -> None:
    assert (await run("no-such-program-here")).why == "there is no program no-such-program-here"
    failed = await run(*script(tmp_path, "import sys; sys.exit('\\x1b[31mno line')"))
    assert failed.why.endswith("ended with 1: [31mno line")
    assert not failed.again, "it was told of the alert"
    (tmp_path / "plain").write_text("x")
    assert "cannot be started" in (await run(str(tmp_path / "plain"))).why


async def test_a_command_that_never_ends_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    text = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(out)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    outcome = await run(*script(tmp_path, text), timeout_s=3)
    assert outcome.why.endswith("did not end in 3 s and was killed")
    if out.exists():  # a slow machine may have killed it before it had a child
        await until(lambda: not runs(out.read_text()))  # a signal that kills is sent, and not waited for


def runs(pid: str) -> bool:
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and ") Z " not in state.read_text()


async def test_what_a_command_leaves_in_the_background_is_left_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "pid"
    text = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)'])\n"
        f"open({str(out)!r}, 'w').write(str(child.pid))\n"
    )
    assert await run(*script(tmp_path, text)) == SENT
    pid = out.read_text()
    assert runs(pid)
    os.kill(int(pid), signal.SIGKILL)


async def test_apprise_is_asked_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = ChannelSettings(kind="apprise", url="service://SECRET")
    monkeypatch.setitem(sys.modules, "apprise", None)
    missing = await Apprise("phone", settings).send(FIRING)
    assert missing.why == "apprise is not installed: pip install 'rotation-tui[apprise]'"
    told: list[tuple[str, str]] = []

    class Library:
        def add(self, url: str) -> bool:
            return url.startswith("service:")

        async def async_notify(self, *, title: str, body: str) -> bool:
            told.append((title, body))
            return True

    module = types.ModuleType("apprise")
    module.Apprise = Library  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "apprise", module)
    assert await Apprise("phone", settings).send(FIRING) == SENT
    assert told == [("small & <large>", FIRING.line)]
    odd = await Apprise("phone", ChannelSettings(kind="apprise", url="odd://SECRET")).send(FIRING)
    assert odd.why == "apprise does not know an address of this kind"


def test_every_kind_of_the_config_has_a_channel(tmp_path: Path) -> None:
    kinds = ("ntfy", "slack", "discord", "json", "command", "apprise")
    tables = {kind: ChannelSettings(kind=kind, url="http://x", command=("x",), max_per_hour=7) for kind in kinds}  # type: ignore[arg-type]
    made = outside(tables, Surroundings(None, tmp_path))
    assert [channel.name for channel in made] == list(kinds)
    assert {channel.per_hour for channel in made} == {7}
