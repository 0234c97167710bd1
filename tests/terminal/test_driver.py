"""The driver shows what Textual's own shows, for fewer bytes, and a terminal that does not read delays nobody."""

import contextlib
import inspect
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from rotation_tui.terminal.driver import ScreenDriver
from rotation_tui.terminal.input_driver import InputDriver
from tests.terminal.processes import session_members
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

APP = [sys.executable, "-m", "tests.terminal.screen_app"]
COLOURS = {
    "256": {},
    "truecolor": {"COLORTERM": "truecolor"},
    "16": {"TEXTUAL_COLOR_SYSTEM": "standard"},
    "none": {"NO_COLOR": "1"},
}


def start(*options: str, **environment: str | None) -> PtySession:
    return PtySession([*APP, *options], env=environment)


@pytest.fixture
def session() -> Iterator[PtySession]:
    with start() as started:
        started.wait_for("turn 0")
        yield started


def cells(session: PtySession) -> list[list[pyte.screens.Char]]:
    screen = session.emulator.screen
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


def turn(session: PtySession, count: int) -> None:
    session.press("n")
    session.wait_for(f"turn {count}")


def told(session: PtySession) -> dict[str, str]:
    session.press("t")
    session.wait_for(" told")
    line = next(line for line in session.lines() if line.endswith(" told"))
    words = line.split()
    return dict(zip(words[::2], words[1::2], strict=False))


def walk(session: PtySession) -> Iterator[str]:
    """What a user does with the app, by the names of the steps."""
    session.wait_for("turn 0")
    for count in (1, 2, 3):
        turn(session, count)
        yield f"turn {count}"
    session.press("w")
    session.wait_for("end")
    yield "wide characters"
    session.press("w")
    session.wait_for("the screen is well")
    yield "wide characters gone"
    session.press("d")
    session.wait_for("a ticker")
    yield "dialog"
    session.press("I", "W", "M")
    session.wait_for("IWM")
    yield "input"
    session.press("escape")
    session.wait_gone("IWM")
    yield "dialog closed"
    for columns, rows in ((60, 20), (90, 26)):
        session.resize(columns, rows)
        session.wait_until(lambda at=rows - 1: session.lines()[at] == "turn 3", "the last row")  # type: ignore[misc]
        yield f"{columns} by {rows}"


def settled(session: PtySession) -> list[list[pyte.screens.Char]]:
    """The screen once the program is at rest."""
    session.settle()
    return cells(session)


@pytest.mark.parametrize("colours", COLOURS)
def test_it_shows_what_the_stock_driver_shows(colours: str) -> None:
    with start(**COLOURS[colours]) as own, start("--stock", **COLOURS[colours]) as stock:
        for step, _ in zip(walk(own), walk(stock), strict=True):
            own.wait_until(lambda: cells(own) == cells(stock), f"the same cells after {step}")
        assert told(own)["faults"] == "0"
        assert own.bytes_written < stock.bytes_written
        for session in (own, stock):
            session.press("q")
            assert session.exit_code() == 0
            assert session.not_restored() == []


def test_a_quiet_screen_costs_nothing(session: PtySession) -> None:
    settled(session)
    before = session.bytes_written
    time.sleep(1)
    assert session.bytes_written == before


def test_replies_of_the_terminal_are_no_keys_and_tell_the_round_trip(session: PtySession) -> None:
    began = time.monotonic()
    for count in (1, 2, 3):
        turn(session, count)
    assert b"\x1b[6n" in session.raw
    facts = told(session)
    assert facts["keys"] == "n,n,n,t"
    assert 0 <= int(facts["trip"]) <= 1 + 1000 * (time.monotonic() - began)


def test_a_terminal_that_stops_reading_delays_nobody_and_is_current_at_once(tmp_path: Path) -> None:
    report = tmp_path / "turns"

    def turns() -> int:
        return report.stat().st_size

    def shown(text: str) -> int:
        return int(re.findall(r"turn (\d+)", text)[-1])

    with start("--stream", "20", "--cells", "90", "--report", str(report), "--unchecked") as session:
        session.wait_for("turn 5")
        session.pause_reading()
        before, stalled_at = turns(), session.bytes_written
        session.wait_until(lambda: turns() >= before + 60, "the program to go on while its terminal does not read")
        now = turns()
        session.resume_reading()
        session.wait_for(lambda text: shown(text) >= now)
        late = shown(session.screen_text()) - now  # as many more frames, where this test was kept from looking
        assert session.bytes_written - stalled_at < 20_000 + 2_000 * late


def test_what_others_wrote_on_the_screen_goes_with_a_repaint(session: PtySession) -> None:
    before = settled(session)
    session.press("s")
    session.wait_for("broadcast message")
    session.press("r")
    session.wait_gone("broadcast message")
    session.wait_until(lambda: cells(session) == before, "the screen as before")


def test_a_size_that_comes_back_at_once_is_drawn_anew(session: PtySession) -> None:
    turn(session, 1)
    before = settled(session)
    session.resize(40, 12)
    session.resize(80, 24)
    session.wait_until(lambda: cells(session) == before, "the screen as before")


def test_ctrl_z_and_fg_bring_the_screen_back() -> None:
    with PtySession(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "shell> "}) as shell:
        shell.wait_for("shell>")
        shell.send(" ".join(APP) + "\r")
        shell.wait_for("turn 0")
        turn(shell, 1)
        shell.press("w")
        shell.wait_for("end")
        before = settled(shell)
        shell.press("ctrl+z")
        shell.wait_for("Stopped")
        shell.wait_until(lambda: shell.foreground() == shell.process.pid, "the shell in front")
        assert "R" not in shell.lines()[-1]
        shell.send("fg\r")
        shell.wait_for("turn 1")
        shell.wait_until(lambda: cells(shell) == before, "the screen as before")
        assert told(shell)["faults"] == "0"
        shell.press("q")
        shell.wait_for("fg\n" + " ".join(APP) + "\nshell>")


def test_a_signal_ends_it_although_the_terminal_does_not_read() -> None:
    with PtySession(["bash", "--norc", "--noprofile", "-i"], env={"PS1": "shell> "}) as shell:
        shell.wait_for("shell>")
        shell.send(" ".join(APP) + " --stream 20 --cells 90\r")
        shell.wait_for("turn 5")
        (program,) = set(session_members(shell.process.pid)) - {shell.process.pid}
        shell.pause_reading()
        time.sleep(0.7)  # until the kernel's buffer is full, which shows nowhere outside
        os.kill(program, signal.SIGTERM)
        shell.wait_until(lambda: program not in session_members(shell.process.pid), "the program to end")
        shell.resume_reading()
        _types_again(shell)
        assert {wrong for wrong in shell.not_restored() if wrong.startswith("mode")} <= {"mode 2004 is on"}


def _types_again(shell: PtySession) -> None:
    """The shell obeys. A program that is ended by force cannot wait for the terminal's answer to its last question,
    which the shell then finds on its line; ctrl+c takes it away, as it would for a user.
    """
    for _ in range(20):
        shell.press("ctrl+c")
        time.sleep(0.3)  # the kernel throws away what comes right behind an interrupt
        shell.send("echo typed $((40 + 2))\r")
        with contextlib.suppress(AssertionError):
            shell.wait_for("typed 42", 6)
            return
    raise AssertionError(f"the shell does not obey:\n{shell.screen_text()}")


def test_a_vanished_terminal_ends_it(session: PtySession) -> None:
    session.hang_up()
    assert session.exit_code() == 129


def test_the_bell_rings(session: PtySession) -> None:
    session.press("b")
    session.wait_until(lambda: b"\a" in session.raw, "the bell")
    assert told(session)["keys"] == "b,t"


@pytest.mark.parametrize("stray", [b"\xfc", b"\x1b[M#\x99(", b"\x1b[52;1:3u", b"\x1b[99q\x1b]0;q\x07\x9b"], ids=repr)
def test_stray_bytes_press_nothing_and_end_nothing(session: PtySession, stray: bytes) -> None:
    session.send(stray)
    session.press("n")
    session.wait_for("turn 1")
    assert told(session)["keys"] == "n,t"


def test_a_mouse_in_pixels_is_given_back_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(LinuxDriver, "stop_application_mode", lambda _: written.append("the rest"))
    driver = InputDriver.__new__(InputDriver)
    monkeypatch.setattr(driver, "write", written.append)
    monkeypatch.setattr(driver, "disable_input", lambda: None)
    driver._is_named, driver._is_silent, driver._pointer = False, False, ""
    for in_pixels in (True, False):
        driver._mouse_pixels = in_pixels
        driver.stop_application_mode()
    assert written == ["\x1b[?1016l", "the rest", "the rest"]
    assert "self._mouse_pixels = True" in inspect.getsource(LinuxDriver)


def test_textual_still_does_what_it_does_not_promise() -> None:
    start = inspect.getsource(LinuxDriver.start_application_mode)
    assert "signal.signal(signal.SIGWINCH" in start
    assert "self.write(" in start
    assert "self.process_message(event)" in inspect.getsource(LinuxDriver.run_input_thread)
    assert "self.run_input_thread()" in inspect.getsource(LinuxDriver._run_input_thread)
    assert "self._in_band_window_resize = True" in inspect.getsource(LinuxDriver.process_message)
    assert {"mouse_pixels", "terminal_size", "terminal_pixel_size", "last_x", "last_y"} <= set(vars(XTermParser()))
    (position,) = XTermParser().feed("\x1b[3;7R")
    assert isinstance(position, events.CursorPosition)


@pytest.mark.parametrize(
    ("ours", "promised", "shared"),
    [
        (
            ScreenDriver,
            {"flush", "close", "process_message", "disable_input", "start_application_mode", "stop_application_mode"},
            {"attrs_before"},  # what it gives back
        ),
        (
            InputDriver,
            {"write", "close", "process_message", "disable_input", "start_application_mode", "stop_application_mode",
             "run_input_thread", "_enable_mouse_support"},
            {"_mouse_pixels"},  # once more what it is after the mouse is in cells
        ),
    ],
)  # fmt: skip
def test_no_name_of_a_driver_hides_one_of_textual(
    ours: type[LinuxDriver], promised: set[str], shared: set[str]
) -> None:
    overridden = {name for name in vars(ours) if hasattr(LinuxDriver, name)}
    assert {name for name in overridden if not name.startswith(("__", "_abc_"))} == promised
    assigned = re.compile(r"self\.(\w+)(?:: [^=\n]+)? = ")
    theirs = set(assigned.findall(inspect.getsource(LinuxDriver) + inspect.getsource(Driver)))
    assert theirs & set(assigned.findall(inspect.getsource(ours))) == shared


@pytest.mark.parametrize("mouse", [True, False])
def test_cells_that_the_mouse_only_passes_are_not_asked_for(mouse: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    driver = object.__new__(InputDriver)
    driver._mouse = mouse
    monkeypatch.setattr(driver, "write", written.append)
    monkeypatch.setattr(driver, "flush", lambda: None)
    driver._enable_mouse_support()
    assert ("\x1b[?1000h" in "".join(written)) == mouse
    assert "1003" not in "".join(written)
