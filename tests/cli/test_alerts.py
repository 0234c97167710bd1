"""`rotation-tui alerts`: what is said of alerts, what they would have told, and one alert by a real webhook once."""

import asyncio
import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.claims.audit import all_claims
from rotation_tui.config.load import parse
from rotation_tui.config.schema import Loaded
from rotation_tui.domain.alert import Delivery
from rotation_tui.domain.bars import Basis
from rotation_tui.store.alert_book import AlertBook
from tests.alerts.receiver import Receiver, receiving
from tests.cli.conftest import Run
from tests.patience import PATIENCE_S

ALERTS = """
[[alerts]]
name = "level"
when = "RUT.last crosses 2500"
rest = ""

[[alerts]]
name = "down"
when = "RUT.change_pct < -1"
rest = ""

[[alerts]]
name = "above its mean"
when = "RUT.from_200d_pct > 5"
rest = ""
"""
FIRST, LAST = "2025-12-04", "2025-12-12"


def written(folder: Path, text: str) -> str:
    file = folder / "alerts.toml"
    file.write_text(text)
    return str(file)


def test_each_alert_is_told_with_what_it_reads(run: Run, home: Path) -> None:
    result = run("alerts", "check", "--config", written(home, ALERTS))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "OK level: RUT.last crosses 2500, now unknown; to screen"
    assert len(result.stdout.splitlines()) == 3


@pytest.mark.parametrize("command", ["check", "watch", "test"])
def test_without_an_alert_there_is_nothing_to_do_and_that_is_said(run: Run, home: Path, command: str) -> None:
    result = run("alerts", command, "--config", written(home, '[[feeds]]\nprovider = "simulated"\n'))
    assert result.exit_code == 2
    assert "there is no alert" in result.stderr
    assert "the key A makes one" in result.stderr


@pytest.mark.parametrize(("keys", "said"), [('"f4"', "has them, and the key f4 makes one\n"), ("[]", "has them\n")])
def test_the_key_that_makes_an_alert_is_the_users(run: Run, home: Path, keys: str, said: str) -> None:
    result = run("alerts", "check", "--config", written(home, f"[keys]\nnew_alert = {keys}\n"))
    assert result.stderr.endswith(said)


def test_one_of_the_users_own_making_that_cannot_be_read_is_named(run: Run, home: Path) -> None:
    (home / "state" / "rotation-tui").mkdir(parents=True)
    kept = {"format": 1, "alerts": [{"name": "mine", "when": "RTU > 1"}]}
    (home / "state" / "rotation-tui" / "alerts.json").write_text(json.dumps(kept))
    result = run("alerts", "check", "--config", written(home, ALERTS))
    assert result.exit_code == 2
    assert 'alert mine is not watched for: nothing on the board is called "RTU", did you mean "RUT"?' in result.stderr


def test_no_address_of_a_channel_is_printed(run: Run, home: Path) -> None:
    text = (
        '[channels.phone]\nkind = "slack"\nurl = "https://hooks.example/geheim"\n'
        '[channels.mine]\nkind = "command"\ncommand = ["curl", "-H", "geheim"]\n'
    )
    shown = run("config", "show", "--config", written(home, text))
    assert 'url = "***"' in shown.stdout
    assert '"curl",' in shown.stdout
    assert "geheim" not in shown.output
    for wrong in ('url = ["https://hooks.example/geheim"]', 'url = "hooks.example/geheim"', 'urll = "geheim"'):
        refused = run("config", "check", "--config", written(home, f'[channels.phone]\nkind = "json"\n{wrong}\n'))
        assert refused.exit_code == 2
        assert "geheim" not in refused.output


@pytest.mark.whole
@pytest.mark.slow
def test_past_sessions_tell_what_a_separate_computation_does(run: Run, home: Path) -> None:
    """From the closes alone: crossings of a level, days of a fall, and rises above the mean of 200."""
    result = run("alerts", "test", "--demo", "--format", "json", "--from", FIRST, "--to", LAST,
                 "--config", written(home, ALERTS))  # fmt: skip
    assert result.exit_code == 0, result.output
    told = {(firing["alert"], firing["at"][:10]) for firing in json.loads(result.stdout)}
    assert told == reckoned(asyncio.run(closes()))
    assert told


YEAR = ("2024-12-30", "2025-12-29")
OF_A_YEAR = """
[[tickers]]
id = "RUT"
symbol = "RUT"
[[tickers]]
id = "SPX"
symbol = "SPX"
[[spreads]]
id = "RUT-SPX"
small = "RUT"
large = "SPX"
[risk]
skip = [{checks}]
[claims]
skip = [{claims}]
[[alerts]]
name = "level"
when = "RUT.last crosses 2300"
rest = ""
[[alerts]]
name = "down"
when = "RUT.change_pct < -1"
rest = ""
[[alerts]]
name = "ratio"
when = "RUT-SPX.ratio_vs_200d_pct > 0.5"
back = -0.5
rest = ""
"""


@pytest.mark.slow
def test_a_year_of_sessions_tells_what_a_separate_computation_does(run: Run, home: Path) -> None:
    """A level that is crossed, days of a fall, a ratio above its mean that has to come back before it counts anew."""
    checks, claims = (", ".join(f'"{one.id}"' for one in all_of()) for all_of in (all_checks, all_claims))
    config = written(home, OF_A_YEAR.format(checks=checks, claims=claims))
    result = run("alerts", "test", "--demo", "--format", "json", "--from", YEAR[0], "--to", YEAR[1], "--config", config)
    assert result.exit_code == 0, result.output
    found = {(firing["alert"], firing["at"][:10]) for firing in json.loads(result.stdout)}
    assert found == reckoned_over_a_year(*(dict(zip(*asyncio.run(closes(symbol)), strict=True)) for symbol in LEGS))
    assert {name for name, _ in found} == {"level", "down", "ratio"}
    assert len(found) > 10


LEGS = ("RUT", "SPX")


def reckoned_over_a_year(small: dict[date, float], large: dict[date, float]) -> set[tuple[str, str]]:
    """The same from the closes alone, in plain arithmetic."""
    days = sorted(small.keys() & large.keys())
    ratios = [small[day] / large[day] for day in days]
    found, side, fell, above = set[tuple[str, str]](), "", False, False
    for at, day in enumerate(days):
        if not YEAR[0] <= str(day) <= YEAR[1]:
            continue
        price, before = small[day], small[days[at - 1]]
        now = "above" if price > 2300 else "below" if price < 2300 else side
        if side and now != side:
            found.add(("level", str(day)))
        falls = 100 * (price / before - 1) < -1
        if falls and not fell:
            found.add(("down", str(day)))
        over = 100 * (ratios[at] / (sum(ratios[at - 199 : at + 1]) / 200) - 1)
        if over > 0.5 and not above:
            found.add(("ratio", str(day)))
            above = True
        above = above and over > -0.5
        side, fell = now, falls
    return found


@pytest.mark.whole
def test_a_table_of_them_is_printed_for_scripts(run: Run, home: Path) -> None:
    result = run("snapshot", "--demo", "--format", "csv", "--table", "alerts", "--config", written(home, ALERTS))
    rows = [dict(row) for row in csv.DictReader(io.StringIO(result.stdout))]
    assert (rows[0]["id"], rows[0]["alert.when"]) == ("level", "RUT.last crosses 2500")
    assert {row["stand"] for row in rows} <= {"armed", "confirming"}
    assert all(float(row["value"]) for row in rows)


async def closes(symbol: str = "RUT") -> tuple[tuple[date, ...], tuple[float, ...]]:
    prepared = prepare(Loaded(parse(""), None), Wish(demo_seed=7, demo_speed=None))
    await prepared.desk.open()
    try:
        await prepared.settled(PATIENCE_S)
        bars = prepared.store.snapshot().bars[symbol, Basis.PRICE]
        return tuple(bars.dates), tuple(bars.closes)
    finally:
        await prepared.desk.close()


def reckoned(history: tuple[tuple[date, ...], tuple[float, ...]]) -> set[tuple[str, str]]:
    days, prices = history
    found, before = set[tuple[str, str]](), dict[str, object]()
    for at, day in enumerate(days):
        if not FIRST <= str(day) <= LAST:
            continue
        mean = sum(prices[at - 199 : at + 1]) / 200
        now: dict[str, object] = {
            "level": prices[at] > 2500,
            "down": prices[at] / prices[at - 1] < 0.99,
            "above its mean": prices[at] > 1.05 * mean,
        }
        for name, value in now.items():
            step = name == "level"
            if (step and name in before and value != before[name]) or (not step and value and not before.get(name)):
                found.add((name, str(day)))
        before = now
    return found


WATCHED = """
[[feeds]]
provider = "simulated"

[[alerts]]
name = "up"
when = "feeds.simulated is LIVE"
to = ["phone"]

[channels.phone]
kind = "json"
url = "{url}"
timeout_s = 100
"""


@asynccontextmanager
async def watching(home: Path, receiver: Receiver, *more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real program, which watches without a screen."""
    config = written(home, WATCHED.format(url=receiver.url))
    command = (sys.executable, "-m", "rotation_tui", "alerts", "watch", "--config", config, *more)
    running = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


@pytest.mark.whole
async def test_one_alert_arrives_once_over_a_failure_a_kill_and_a_restart(home: Path) -> None:
    async with receiving("500 Oops", None) as there:
        async with watching(home, there, "--once") as first:
            out, told = await first.communicate()
            assert first.returncode == 3, told
        assert b"up: feeds.simulated is LIVE" in out
        assert b"phone: HTTP 500" in told
        assert b"SECRET" not in out + told
        assert len(there.posts) == 1

        # the next program tries again, and is killed while it waits for the answer
        wait_for_no_one(home)
        async with watching(home, there) as second, asyncio.timeout(PATIENCE_S):
            while len(there.posts) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            second.send_signal(signal.SIGKILL)
            await second.wait()

        async with watching(home, there, "--once") as third:
            out, told = await third.communicate()
            assert third.returncode == 0
        assert b"whether it arrived is not known" in told
        assert out == b"", "it was told"
        assert len(there.posts) == 2
    assert {json.loads(post.body)["id"] for post in there.posts} == {json.loads(there.posts[0].body)["id"]}


def wait_for_no_one(home: Path) -> None:
    """Let what is to be tried again later be tried at once."""
    book = AlertBook(home / "state" / "rotation-tui")
    (errand,) = book.claim("phone", datetime.now(UTC) + timedelta(minutes=30), 1)
    book.settle(errand, Delivery.FIRED)
