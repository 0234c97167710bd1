"""However the real program ends or is put aside, the terminal is whole and what is worth it is on disk."""

import shlex
import signal

import pytest

from tests.end_to_end.home import PROGRAM, ROOT, Home, feeds_well, price_shown
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal


def is_filled(screen: str) -> bool:
    return price_shown(screen, "RUT") not in (None, "?") and feeds_well(screen)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_it_with_the_terminal_whole(quick_home: Home, number: signal.Signals, code: int) -> None:
    with quick_home.start() as session:
        session.wait_for(is_filled)
        session.wait_until(lambda: "| feeds ok" in session.emulator.title, "a title that answers")
        session.signal(number)
        assert session.exit_code() == code
        assert session.not_restored() == []
        assert session.screen_text().strip() == ""
    assert (quick_home.state / "last_known.json").exists()
    assert quick_home.log() == ""


def test_a_vanished_terminal_ends_it_with_its_state_saved(quick_home: Home) -> None:
    with quick_home.start() as session:
        session.wait_for(is_filled)
        session.hang_up()
        assert session.exit_code() == 129
    assert (quick_home.state / "last_known.json").exists()


def test_ctrl_z_gives_the_shell_its_terminal_and_fg_brings_the_board_back(quick_home: Home) -> None:
    env = quick_home.environment() | {"PS1": "shell> "}
    command = ["bash", "--norc", "--noprofile", "-i"]
    with PtySession(command, columns=120, rows=40, env=env, cwd=ROOT) as shell:
        shell.wait_for("shell>")
        shell.send(f"{shlex.join(PROGRAM)}\r")
        shell.wait_for(is_filled)
        shell.press("ctrl+z")
        shell.wait_for("Stopped")
        wrong = [mode for mode in shell.not_restored() if mode.startswith("mode")]
        assert set(wrong) <= {"mode 2004 is on"}  # bash's own
        shell.send("echo typed $((40 + 2))\r")
        shell.wait_for("typed 42")
        shell.send("fg\r")
        shell.wait_for(is_filled)
        shell.press("3")
        shell.wait_for("large caps: S&P 500")
        shell.press("q")
        shell.wait_for(lambda seen: seen.rstrip().endswith("shell>"))  # the prompts before are there at once
        shell.send("echo code $?\r")
        shell.wait_for("code 0")


LATE = """
import asyncio
from textual.app import App
from rotation_tui.app.monitor import Monitor
from rotation_tui.__main__ import main
close, pump = App._close_all, Monitor._pump
named = None
def name_anew(self):
    pump(self)
    if named is not None:
        self._title._next_at = 0.0
        self._title.show(object(), lambda: "late")
        named.set()
async def close_late(self):
    global named
    named = asyncio.Event()
    await named.wait()
    await asyncio.sleep(0)
    await close(self)
Monitor._pump, App._close_all = name_anew, close_late
Monitor.action_freeze = lambda self: 1 / 0
main()
"""
"""A beat falls between the moment the terminal is given back and the end, and the title is due."""


@pytest.mark.parametrize("how", ["q", "f", "ctrl+c", "a signal"])
def test_a_last_beat_leaves_no_title(quick_home: Home, how: str) -> None:
    command = ["/bin/sh", "-c", 'echo what was here; exec "$@"', "sh", PROGRAM[0], "-c", LATE, "demo"]
    with PtySession(command, columns=120, rows=40, env=quick_home.environment(), cwd=ROOT) as session:
        session.wait_until(lambda: session.emulator.title != "", "the program's title")
        if how == "a signal":
            session.signal(signal.SIGTERM)
        else:
            session.press(how)
        assert session.exit_code() == {"q": 0, "f": 1, "ctrl+c": 130, "a signal": 143}[how]
        assert session.not_restored() == []
        assert session.screen_text().startswith("what was here")


BROKEN = """
from rotation_tui.app.monitor import Monitor
from rotation_tui.__main__ import main
Monitor.action_freeze = lambda self: 1 / 0
main()
"""


def test_a_fault_that_nobody_foresaw_is_one_line_and_its_frames_are_in_the_log(quick_home: Home) -> None:
    command = [PROGRAM[0], "-c", BROKEN, "demo"]
    with PtySession(command, columns=120, rows=40, env=quick_home.environment(), cwd=ROOT) as session:
        session.wait_for("RUT")
        session.wait_until(lambda: b"\x1b[?2004h" in session.raw, "the program's own loop")
        session.press("f")
        assert session.exit_code() == 1
        assert session.not_restored() == []
        assert "rotation-tui: unexpected ZeroDivisionError: division by zero; see" in session.screen_text()
        assert "Traceback" not in session.screen_text()
    assert "Traceback (most recent call last)" in quick_home.log()
    assert "ZeroDivisionError: division by zero" in quick_home.log()
