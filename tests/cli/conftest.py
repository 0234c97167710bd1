"""A home of one's own for every test of the command line: nothing is read from or written to the real one."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from filelock import FileLock

from rotation_tui.cli import logs
from rotation_tui.cli.program import cli
from tests.patience import PATIENCE_S

Run = Callable[..., Result]

EVENING = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's home, empty, with no setting of the outside in the environment."""
    mine = ("ROTATION_TUI_", "XDG_", "NO_COLOR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT", "TMUX", "STY")
    for name in os.environ:
        if name.upper().startswith(mine):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture(autouse=True)
def _log_closed() -> Iterator[None]:
    """The log is the process's own; give it back as it was."""
    root = logging.getLogger()
    level, raising = root.level, logging.raiseExceptions
    yield
    logs.stop()
    root.setLevel(level)
    logging.raiseExceptions = raising


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def run(*args: str, **env: str) -> Result:
        return CliRunner().invoke(cli, args, env=env, prog_name="rotation-tui")

    return run


def snapshot(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "ROTATION_TUI_"))}
    env |= {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "XDG_CONFIG_HOME": str(home / "config")}
    command = [sys.executable, "-m", "rotation_tui", "snapshot", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=3 * PATIENCE_S, check=False)


def board_of(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    board: dict[str, Any] = json.loads(result.stdout)
    return board


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The board of the demo as scripts get it; made once for all workers, as it takes seconds."""
    own = tmp_path_factory.getbasetemp()
    file = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo.json"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            result = snapshot(tmp_path_factory.mktemp("demo"), "--demo", "--format", "json")
            assert result.returncode == 0, result.stderr
            file.write_text(result.stdout, encoding="utf-8")
    board: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return board


@pytest.fixture
def one_evening() -> Iterator[None]:
    """A Wednesday in November after the close, for commands of this process that read the clock."""
    with time_machine.travel(EVENING.timestamp()):
        yield
