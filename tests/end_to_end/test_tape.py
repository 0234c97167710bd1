"""A session of the real program on a tape, and the tape in the real program again."""

import json
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.domain.feed import FeedState
from rotation_tui.tape.frames import NoTape
from rotation_tui.tape.message import HeardMessage
from tests.end_to_end.home import PROGRAM, ROOT, Home
from tests.patience import PATIENCE_S
from tests.tape.files import heard
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

ITS_OWN = ("mode", "since")
"""What a replay says of itself."""


@pytest.fixture
def home(tmp_path: Path, upstream: Upstream, filled: Path) -> Home:
    return Home(tmp_path, upstream, filled=filled, poll_s=1)


def environment(home: Home) -> dict[str, str]:
    changed = os.environ | home.environment()
    return {name: value for name, value in changed.items() if value is not None}


def printed(home: Home, *arguments: str, code: int = 0) -> str:
    """What the program prints."""
    done = subprocess.run(
        [*PROGRAM, *arguments], capture_output=True, text=True, env=environment(home), cwd=ROOT, timeout=PATIENCE_S,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout


def told(tape: Path) -> list[HeardMessage]:
    try:
        return heard(tape)
    except (FileNotFoundError, NoTape):
        return []


def until(tape: Path, true: Callable[[list[HeardMessage]], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    size = -1
    while True:  # all of it is read again where it has grown: the program that writes it wants the processor too
        before, size = size, tape.stat().st_size if tape.exists() else 0
        if size != before and true(told(tape)):
            return
        assert time.monotonic() < ends
        time.sleep(0.2)


def recorded(home: Home, tape: Path, during: Callable[[], None]) -> dict[str, Any]:
    """The last board of a session that is recorded while something happens."""
    command = [*PROGRAM, "record", "--headless", "--format", "json", str(tape)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment(home), cwd=ROOT) as recording:
        during()
        recording.send_signal(signal.SIGINT)
        out, _ = recording.communicate(timeout=PATIENCE_S)
    assert recording.returncode == 130
    board: dict[str, Any] = json.loads(out)
    return board


def replayed(home: Home, tape: Path, *more: str, code: int = 0) -> dict[str, Any]:
    board: dict[str, Any] = json.loads(printed(home, "replay", "--format", "json", *more, str(tape), code=code))
    return board


def is_in(*states: FeedState) -> Callable[[list[HeardMessage]], bool]:
    """Whether the first feed is in one of these states by now."""

    def now(found: list[HeardMessage]) -> bool:
        feeds = found[-1].moment.snapshot.feeds if found else ()
        return any(feed.name == "yahoo" and feed.state in states for feed in feeds)

    return now


def prices_of(symbol: str, found: list[HeardMessage]) -> set[float]:
    quotes = (one.moment.snapshot.quotes.get(symbol) for one in found)
    return {quote.price for quote in quotes if quote is not None}


def test_a_replay_ends_with_the_board_that_the_session_ended_with(home: Home, upstream: Upstream) -> None:
    tape = home.folder / "session.tape"

    def during() -> None:
        until(tape, lambda found: any(one.studied for one in found))
        upstream.market.scale("RUT", 1.01)
        until(tape, lambda found: len(prices_of("RUT", found)) > 1)
        upstream.kill()
        until(tape, is_in(FeedState.DOWN))
        upstream.start()
        until(tape, is_in(FeedState.LIVE, FeedState.DEGRADED))  # what broke with it is another's for a minute

    before = recorded(home, tape, during)
    asked = len(upstream.seen())
    after = replayed(home, tape)
    assert (before["mode"], after["mode"]) == ("live", "replay")
    assert {k: v for k, v in after.items() if k not in ITS_OWN} == {k: v for k, v in before.items() if k not in ITS_OWN}
    assert after["verdict"]["score"] is not None
    assert "yahoo answers again" in [event["text"] for event in after["events"]]
    # elsewhere, with a folder of state and a config of one's own, it has the same rows
    elsewhere = Home(home.folder / "elsewhere", upstream, tables='[[tickers]]\nid = "NDX"\nsymbol = "NDX"\n')
    there = replayed(elsewhere, tape)
    assert [row["id"] for row in there["tickers"]] == [row["id"] for row in before["tickers"]]
    assert there["verdict"] == before["verdict"]
    # and is judged by the limits that are there
    checks = {check["id"]: check for group in before["risk"] for check in group["checks"]}
    limits = f"watch = {checks['V1']['value'] / 4}\nalert = {checks['V1']['value'] / 2}\n"
    strict = Home(home.folder / "strict", upstream, tables=f"[risk.thresholds.V1]\n{limits}")
    judged = {check["id"]: check for group in replayed(strict, tape)["risk"] for check in group["checks"]}
    assert (checks["V1"]["level"], judged["V1"]["level"]) == ("OK", "ALERT")
    assert len(upstream.seen()) == asked  # a replay asks nobody


def test_a_file_that_is_no_tape_ends_with_a_sentence(home: Home) -> None:
    file = home.folder / "closes.csv"
    file.write_text("date,close\n")
    for content, why in (("date,close\n", "is no tape of rotation-tui"), ("", "is empty")):
        file.write_text(content)
        done = subprocess.run(
            [*PROGRAM, "replay", "--format", "json", str(file)], capture_output=True, text=True,
            env=environment(home), cwd=ROOT, timeout=PATIENCE_S,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"rotation-tui: {file} {why}\n"


def test_a_full_disk_is_said_while_it_is_recorded_and_at_the_end(home: Home) -> None:
    tape = home.folder / "session.tape"
    limit = 64 * 1024  # histories alone take more
    command = [*PROGRAM, "record", "--headless", "--demo", "--for", "6s", str(tape)]

    def with_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    done = subprocess.run(
        command, capture_output=True, text=True, env=environment(home), cwd=ROOT, timeout=PATIENCE_S,
        preexec_fn=with_little_room,
    )  # fmt: skip
    assert done.returncode == 3
    said = done.stderr.splitlines()
    assert said[0] == "rotation-tui: recording into session.tape"
    assert "rotation-tui: the recording waits: File too large; what comes is kept, and tried again each second" in said
    assert re.fullmatch(rf"rotation-tui: {tape} ends at .* UTC: the disk did not take the rest", said[-1])
    assert tape.stat().st_size == limit
