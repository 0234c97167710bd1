"""`snapshot --follow`: a whole line whenever the board has changed, until it is stopped, as its exit code says."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.patience import PATIENCE_S

FOLLOW = (sys.executable, "-m", "rotation_tui", "snapshot", "--demo", "--format", "json", "--follow", "--every", "0.5")

Following = subprocess.Popen[bytes]


@pytest.fixture
def following(home: Path) -> Iterator[Following]:
    assert home.exists()
    with subprocess.Popen(FOLLOW, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as process:
        yield process
        process.kill()


@pytest.mark.whole
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)]
)
def test_a_line_a_change_until_a_signal_ends_it(following: Following, number: signal.Signals, code: int) -> None:
    assert following.stdout is not None
    boards = [json.loads(following.stdout.readline()) for _ in range(3)]
    times = [board.pop("generated_at") for board in boards]
    assert times == sorted(set(times))
    assert boards[0] != boards[1] != boards[2]
    assert {board["mode"] for board in boards} == {"demo"}
    following.send_signal(number)
    assert following.wait(PATIENCE_S) == code
    rest = following.stdout.read()
    assert rest == b"" or rest.endswith(b"}\n"), "no half line is left behind"


@pytest.mark.whole
@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_it_ends_where_nobody_reads_any_more(following: Following) -> None:
    assert following.stdout is not None
    assert json.loads(following.stdout.readline())["schema"] == 2
    following.stdout.close()
    assert following.wait(PATIENCE_S) == 141


@pytest.mark.parametrize(
    "arguments",
    [(), ("--format", "csv"), ("--format", "json", "--as-of", "2025-01-02"), ("--format", "json", "--schema")],
)
def test_what_cannot_be_followed_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("snapshot", "--follow", *arguments)
    assert result.exit_code == 2
    assert "--format json" in result.stderr
