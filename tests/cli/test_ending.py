"""How commands end: exit codes, one line on standard error, the log, pipes and signals."""

import logging
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import click
import pytest

from rotation_tui.cli import logs
from rotation_tui.cli.program import cli
from tests.cli.conftest import Run
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.whole

PROGRAM = (sys.executable, "-m", "rotation_tui")
HEAVY = (
    "textual", "rich", "httpx", "pandas", "numpy", "plotext", "msgspec", "asyncio", "ssl", "logging",
    "rotation_tui.providers", "rotation_tui.domain",
)  # fmt: skip


class Fails:
    """A command that ends as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.how: BaseException = RuntimeError()
        monkeypatch.setitem(cli.commands, "fails", click.Command("fails", callback=self._fail))

    def _fail(self) -> None:
        raise self.how


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Fails:
    return Fails(monkeypatch)


def test_an_unexpected_fault_is_one_line_and_a_traceback_in_the_log(run: Run, fails: Fails, home: Path) -> None:
    fails.how = ValueError("two\nlines")
    log = home / "deep" / "my.log"
    result = run("--log-file", str(log), "fails")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"rotation-tui: unexpected ValueError: two lines; see {log}\n"
    assert "Traceback (most recent call last)" in log.read_text()
    assert "ValueError: two\nlines" in log.read_text()


def test_a_fault_is_told_even_where_no_log_can_be_written(run: Run, fails: Fails, home: Path) -> None:
    fails.how = RuntimeError()
    (home / "file").touch()
    result = run("--log-file", str(home / "file" / "my.log"), "fails")
    assert result.exit_code == 1
    assert "unexpected RuntimeError" in result.stderr
    assert "the log cannot be written" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_ctrl_c_is_130(run: Run, fails: Fails) -> None:
    fails.how = KeyboardInterrupt()
    assert run("fails").exit_code == 130


def test_a_full_disk_behind_standard_output_is_an_error_of_ours() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([*PROGRAM, "config", "schema"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_closed_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        ended = subprocess.run([*PROGRAM, "config", "schema"], stdout=write, stderr=subprocess.PIPE, text=True)
    finally:
        os.close(write)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131), (signal.SIGUSR1, 138)],
)
def test_signals_end_a_command_with_their_code(number: signal.Signals, code: int) -> None:
    waits = """
import time
from concurrent.futures import ThreadPoolExecutor
import click
from rotation_tui.__main__ import main
from rotation_tui.cli.program import cli
def wait(how):
    ThreadPoolExecutor(1).submit(time.sleep, 3600 if how == "stuck" else 0)
    print("ready", flush=True)
    while True:  # a signal just before one long sleep would be seen after it only
        time.sleep(0.05)
cli.add_command(click.Command("wait", callback=wait, params=[click.Argument(["how"])]))
main()
"""
    how = "stuck" if number is signal.SIGTERM else "free"
    with subprocess.Popen([sys.executable, "-c", waits, "wait", how], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        try:
            assert process.wait(PATIENCE_S) == code
        finally:
            process.kill()


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["snapshot", "--help"], ["config", "--help"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    look = (
        "import sys\nfrom rotation_tui.cli.program import cli\n"
        f"try: cli.main({args!r})\nexcept SystemExit as end: assert end.code == 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], len(sys.modules), file=sys.stderr)"
    )
    seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stderr
    names, count = seen.rsplit("]", 1)
    assert names == "["
    assert int(count) < 220


def test_the_log_goes_to_its_file_and_never_to_the_terminal(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = home / "new" / "x.log"
    logs.start(log, "info")
    assert not log.parent.exists()
    logging.getLogger("rotation_tui.somewhere").info("a feed is down")
    logging.getLogger("httpx").info("GET this, GET that")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", stacklevel=1)
    logs.stop()
    text = log.read_text()
    assert "INFO rotation_tui.somewhere: a feed is down" in text
    assert "old ways" in text
    assert "GET" not in text
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_is_lost_in_silence(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (home / "file").touch()
    logs.start(home / "file" / "x.log", "debug")
    logging.getLogger("rotation_tui").error("nobody hears this")
    assert capfd.readouterr() == ("", "")


def test_the_log_stays_small(home: Path) -> None:
    logs.start(home / "x.log", "warning")
    for _ in range(45):
        logging.getLogger("rotation_tui").warning("x" * 100_000)
    assert sorted(file.name for file in home.iterdir()) == ["x.log", "x.log.1", "x.log.2"]
    assert sum(file.stat().st_size for file in home.iterdir()) <= 3_000_000


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)], ids=str)
@pytest.mark.parametrize("command", [["config", "locate"], ["--theme", "none", "config", "check"], []], ids=str)
def test_a_standard_stream_that_is_closed_is_no_fault_of_ours(
    home: Path, closed: tuple[int, ...], command: list[str]
) -> None:
    shut = " ".join(f"{number}>&-" for number in closed)
    script = f'"$@" {shut}; echo "code $?" >> {home / "code"}'
    subprocess.run(["/bin/sh", "-c", script, "sh", *PROGRAM, "--log-file", str(home / "log"), *command], check=True)
    assert (home / "code").read_text() == ("code 0\n" if command[-1:] == ["locate"] else "code 2\n")
    assert not (home / "log").exists()


HANGS = """
import os, socket, time
def hang(*args, **more):
    os.write(2, b"asked\\n")  # whole, however many threads ask at once
    time.sleep(3600)
socket.getaddrinfo = hang
from rotation_tui.__main__ import main
main()
"""


@pytest.mark.parametrize(("timeout", "interrupted", "code"), [("3", False, 4), ("3000", True, 130)])
def test_a_name_server_that_hangs_holds_no_end_up(home: Path, timeout: str, interrupted: bool, code: int) -> None:
    config = home / "one.toml"
    config.write_text('[[feeds]]\nprovider = "yahoo"\n')
    command = [sys.executable, "-c", HANGS, "snapshot", "--timeout", timeout, "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == b"asked\n"
            if interrupted:
                process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == code
        finally:
            process.kill()
