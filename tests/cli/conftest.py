"""A home of one's own for every test of the command line: nothing is read from or written to the real one."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rotation_tui.cli import logs
from rotation_tui.cli.program import cli

Run = Callable[..., Result]


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
