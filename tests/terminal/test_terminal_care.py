"""Whatever happens to the program, its terminal and the link between, the terminal is given back whole."""

import ctypes
import inspect
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import App
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.linux_driver import LinuxDriver

from rotation_tui.terminal.guard import TerminalCare, backlog, exit_code
from rotation_tui.terminal.signals import ENDING
from tests.terminal.processes import session_members
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

APP = [sys.executable, "-m", "tests.terminal.bare_app"]
IGNORE_HANGUP = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", *APP]
LAST_LINE = "the last line"
GONE_AT_ONCE = """
import os, sys, time
from tests.terminal.bare_app import main
os.write(1, b"here")
while os.isatty(0): time.sleep(0.01)
sys.exit(main([]))
"""


@pytest.fixture
def session() -> Iterator[PtySession]:
    with PtySession(APP) as started:
        started.wait_for(LAST_LINE)
        yield started


@pytest.fixture
def hasty() -> Iterator[PtySession]:
    """The app, which takes no time for an end in good order."""
    with PtySession([*APP, "--grace", "0.5"]) as started:
        started.wait_for(LAST_LINE)
        yield started


def threads_of(session: PtySession, *, count: int) -> str:
    """Names of Textual's threads; `count` is what the app has counted, so that an old answer is not taken."""
    session.press("t")
    session.wait_for(f"{count}: ")
    return next(line for line in session.lines() if line.startswith(f"{count}: ")).removeprefix(f"{count}: ")


@pytest.mark.parametrize("number", [*ENDING, signal.SIGINT])
def test_a_signal_ends_it_cleanly(session: PtySession, number: signal.Signals) -> None:
    assert not session.restored()
    session.signal(number)
    assert session.exit_code() == 128 + number
    assert session.not_restored() == []
    assert session.screen_text().strip() == "goodbye"


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+c", 130)])
def test_a_key_ends_it_cleanly(session: PtySession, key: str, code: int) -> None:
    session.press(key)
    assert session.exit_code() == code
    assert session.not_restored() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_program_whose_loop_stands_still(hasty: PtySession, number: signal.Signals) -> None:
    hasty.press("b")
    hasty.wait_for("blocked")
    hasty.signal(number)
    assert hasty.exit_code() == 128 + number
    assert hasty.not_restored() == []


def test_a_second_signal_does_not_wait_for_the_grace() -> None:
    with PtySession([*APP, "--grace", "3600"]) as session:
        session.wait_for(LAST_LINE)
        session.press("b")
        session.wait_for("blocked")
        session.signal(signal.SIGTERM)
        session.settle()  # two that come together are one
        with pytest.raises(AssertionError, match="still running"):
            session.exit_code(0.3)
        session.signal(signal.SIGTERM)
        assert session.exit_code() == 143
        assert session.not_restored() == []


@pytest.mark.parametrize("command", [APP, IGNORE_HANGUP], ids=["hangup", "hangup ignored"])
def test_a_vanished_terminal_ends_it_with_its_state_saved(command: list[str], tmp_path: Path) -> None:
    words = tmp_path / "words"
    with PtySession([*command, "--last-words", str(words)]) as session:
        session.wait_for(LAST_LINE)
        session.hang_up()
        assert session.exit_code() == 129
        assert words.read_text() == "saved"


def test_a_terminal_that_vanishes_before_all_stands_ends_it_too() -> None:
    early = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-c", GONE_AT_ONCE]
    with PtySession(early) as session:
        session.wait_for("here")
        session.hang_up()
        assert session.exit_code(20) == 129


def test_a_stop_from_outside_starts_no_second_reader(session: PtySession) -> None:
    before = threads_of(session, count=0)
    for _ in range(2):
        session.signal(signal.SIGSTOP)
        session.wait_until(session.is_stopped, "the program to stop")
        frames = session.emulator.frames
        session.signal(signal.SIGCONT)
        session.wait_until(lambda seen=frames: session.emulator.frames > seen, "a repaint")  # type: ignore[misc]
        session.settle()
    session.press("k")
    session.wait_for("counted 1")
    assert threads_of(session, count=1) == before == "textual-input textual-output"


def test_a_signal_that_another_thread_takes_wakes_the_loop(session: PtySession) -> None:
    threads_of(session, count=0)
    session.settle()
    program = session.process.pid
    other = next(int(task.name) for task in Path(f"/proc/{program}/task").iterdir() if task.name != str(program))
    frames = session.emulator.frames
    assert ctypes.CDLL(None).tgkill(program, other, signal.SIGCONT) == 0
    session.wait_until(lambda: session.emulator.frames > frames, "a repaint")
    assert ctypes.CDLL(None).tgkill(program, other, signal.SIGTERM) == 0
    assert session.exit_code(20) == 143


@pytest.fixture
def shell() -> Iterator[PtySession]:
    with PtySession(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "shell> "}) as started:
        started.wait_for("shell>")
        yield started


def modes_left_on(shell: PtySession) -> set[str]:
    """Modes on at a prompt of bash, which turns bracketed paste on for itself."""
    return {wrong for wrong in shell.not_restored() if wrong.startswith("mode")} - {"mode 2004 is on"}


def start_in(shell: PtySession, prefix: str = "") -> None:
    shell.send(f"{prefix}{' '.join(APP)}\r")
    shell.wait_for(LAST_LINE)


@pytest.mark.parametrize("prefix", ["", "sh -c '\"$@\"; exit $?' sh "], ids=["itself", "through a wrapper"])
def test_ctrl_z_gives_the_shell_a_whole_terminal_and_fg_repaints(shell: PtySession, prefix: str) -> None:
    start_in(shell, prefix)
    before = threads_of(shell, count=0)
    for count in (1, 2):
        shell.press("ctrl+z")
        wait_stopped(shell)
        shell.wait_until(lambda: modes_left_on(shell) == set(), "the modes to be given back")
        shell.send(f"echo typed $((40 + {count}))\r")
        shell.wait_for(f"typed {40 + count}")
        shell.send("fg\r")
        shell.wait_for(LAST_LINE)
        shell.wait_for("the terminal is well")
        shell.press("k")
        shell.wait_for(f"counted {count}")
    assert threads_of(shell, count=2) == before
    shell.press("q")
    shell.wait_for("goodbye")


def wait_stopped(shell: PtySession) -> None:
    """Wait until the program is stopped and the shell has its terminal back, so that it reads what is typed."""
    shell.wait_for("Stopped")
    shell.wait_until(lambda: shell.foreground() == shell.process.pid, "the shell in front")


def test_bg_leaves_the_shell_alone(shell: PtySession) -> None:
    start_in(shell)
    shell.press("ctrl+z")
    wait_stopped(shell)
    for count in (1, 2):
        shell.send(f"clear; bg; while jobs | grep -q Running; do sleep 0.05; done; echo stopped {count}\r")
        shell.wait_for(f"\nstopped {count}")
    shell.send("fg\r")
    shell.wait_for(LAST_LINE)
    shell.press("k")
    shell.wait_for("counted 1")


def test_a_signal_ends_a_program_whose_terminal_does_not_read(shell: PtySession) -> None:
    shell.send(f"{' '.join(APP)} --frames --ungated --grace 0.5\r")
    shell.wait_for(LAST_LINE)
    (program,) = set(session_members(shell.process.pid)) - {shell.process.pid}
    shell.pause_reading()
    time.sleep(0.5)  # the kernel's buffer and the writer's queue fill up, which shows nowhere outside
    os.kill(program, signal.SIGTERM)
    shell.wait_until(lambda: program not in session_members(shell.process.pid), "the program to end")
    shell.resume_reading()
    shell.wait_for("shell>")
    shell.send("echo code $?\r")
    shell.wait_for("code 143")
    assert modes_left_on(shell) == set()


def test_kill_ends_a_suspended_program(shell: PtySession) -> None:
    start_in(shell)
    shell.press("ctrl+z")
    wait_stopped(shell)
    shell.send("kill %1; while kill -0 %1 2>&-; do sleep 0.05; done\r")
    shell.wait_for("Exit 143")
    shell.send("echo typed $((40 + 2))\r")
    shell.wait_for("typed 42")


def test_ctrl_z_without_a_shell_to_return_to_changes_nothing(session: PtySession) -> None:
    frames = session.emulator.frames
    session.press("ctrl+z")
    session.wait_until(lambda: session.emulator.frames > frames, "a repaint")
    session.settle()  # a key pressed in between is thrown away with all that a shell might have read
    session.press("k")
    session.wait_for("counted 1")
    assert not session.is_stopped()


def test_redirected_errors_do_not_take_the_screen_along(tmp_path: Path) -> None:
    errors = tmp_path / "errors.log"
    with PtySession(APP, stderr_to=errors) as session:
        session.wait_for(LAST_LINE)
        session.press("q")
        assert session.exit_code() == 0
        assert session.not_restored() == []
    assert errors.read_text() == "goodbye\n"


def test_a_terminal_that_stops_reading_does_not_stall_the_loop(tmp_path: Path) -> None:
    report = tmp_path / "report"
    with PtySession([*APP, "--frames", "--report", str(report)]) as session:
        session.wait_for(LAST_LINE)
        session.pause_reading()

        def after_a_key() -> tuple[int, int]:
            before = report.read_text() if report.exists() else ""
            session.press("k")
            session.wait_until(lambda: report.exists() and report.read_text() not in ("", before), "the key's report")
            counted, waiting = report.read_text().split()
            return int(counted), int(waiting)

        while not after_a_key()[1]:  # until a frame waits for the terminal
            pass
        counted, _ = after_a_key()
        for more in range(1, 21):
            time.sleep(0.05)  # a frame's time: one that were written all the same would fill the queue and block
            assert after_a_key()[0] == counted + more, "no key is lost while the terminal does not read"
        session.resume_reading()
        session.wait_for(f"counted {counted + 20}")


def test_backlog_is_zero_without_a_terminal() -> None:
    app = App[None]()
    assert backlog(app) == 0
    assert exit_code(app) == 1
    app.exit(return_code=7)
    assert exit_code(app) == 7


async def test_a_headless_app_leaves_without_touching_the_signals_of_its_host() -> None:
    care = TerminalCare()
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGTSTP, signal.SIGCONT)]
    app = App[None]()
    async with app.run_test() as pilot:
        care.attach(app)
        care.leave(3)
        await pilot.pause()
    care.detach()
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGTSTP, signal.SIGCONT)] == before
    assert app.return_code == 3


def test_textual_still_has_the_names_that_are_not_promised() -> None:
    app = App[None]()
    writer = WriterThread(sys.stdout)
    writer.write("kept until the thread starts")
    driver = inspect.getsource(LinuxDriver)
    found = {
        "_driver": hasattr(app, "_driver"),
        "attrs_before": "self.attrs_before = termios.tcgetattr(" in driver,
        "_writer_thread": "self._writer_thread = WriterThread(" in driver,
        "_queue": writer._queue.qsize() == 1 and writer._queue.maxsize == MAX_QUEUED_WRITES,
        "_handle_exception": callable(app._handle_exception),
    }
    assert found == dict.fromkeys(found, True)
