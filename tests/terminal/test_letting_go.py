"""Once the terminal is given back nothing of ours reaches it, whatever the app still asks for and however it ends."""

import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import pytest

from rotation_tui.terminal.title import RESTORE
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

BEFORE = "what was there before"
LAST = b"\x1b[?1049l\x1b[?25h\x1b[?1004l"
BY_FORCE = b"\x1b[?1049l\x1b[?25h"
both_drivers = pytest.mark.parametrize("driver", ["own", "textual"])


@contextmanager
def late(driver: str, what: str) -> Iterator[PtySession]:
    """The late app below a line of a shell's."""
    command = ["/bin/sh", "-c", f'echo {BEFORE}; exec "$@"', "sh", sys.executable, "-m", "tests.terminal.late_app"]
    with PtySession([*command, driver, what]) as session:
        session.wait_for("turn")
        session.press("i")
        session.wait_until(lambda: session.emulator.title != "", "the app's title")
        if what != "draws":
            session.settle()
        yield session


@both_drivers
@pytest.mark.parametrize("what", ["asks", "replies", "stops", "continues"])
def test_what_comes_after_the_terminal_is_given_back_stays_undone(driver: str, what: str) -> None:
    with late(driver, what) as session:
        session.press("q")
        session.wait_until(lambda: session.process.poll() is not None or session.is_stopped(), "the end")
        assert session.exit_code() == 0
        assert session.not_restored() == []
        assert session.raw.endswith(LAST)
        assert session.screen_text().strip() == BEFORE


@both_drivers
def test_an_end_that_hangs_behind_it_is_forced(driver: str) -> None:
    with late(driver, "hangs") as session:
        session.press("q")
        session.wait_until(lambda: session.raw.endswith(LAST), "the terminal to be given back")
        for _ in range(2):  # the second does not wait for the grace
            session.signal(signal.SIGTERM)
        assert session.exit_code() == 143
        assert session.not_restored() == []
        assert session.screen_text().strip() == BEFORE
        assert session.raw.endswith(LAST)


@pytest.mark.parametrize("what", ["amid", "behind"])
def test_an_end_by_force_that_cuts_in_gives_back_all_and_the_title_once(what: str) -> None:
    with late("own", what) as session:
        session.press("q")
        session.wait_until(lambda: b"\x1b[?2004l" in session.raw, "the first half")
        for _ in range(2):
            session.signal(signal.SIGTERM)
        assert session.exit_code() == 143
        assert session.not_restored() == []
        assert session.screen_text().strip() == BEFORE
        assert session.raw.count(RESTORE.encode()) == 1, "twice takes the title of who was there before"


@both_drivers
def test_no_frame_follows_on_an_end_by_force(driver: str) -> None:
    with late(driver, "draws") as session:
        session.wait_for("turn 9")
        for _ in range(2):
            session.signal(signal.SIGTERM)
        assert session.exit_code() == 143
        assert session.not_restored() == []
        after = session.raw.partition(BY_FORCE)[2]
        # what the line's own echo makes of a reply that came too late is none of the program's words
        assert re.sub(rb"\^\[\[\d+;\d+R", b"", after) == b"\x1b[23;2t"


def test_a_reply_from_afar_does_not_end_up_on_the_shells_line() -> None:
    command = ["/bin/sh", "-c", '"$@"; echo over; cat', "sh", sys.executable, "-m", "tests.terminal.screen_app"]
    with PtySession([*command, "--patient"]) as session:
        session.wait_for("turn 0")
        session.settle()
        session.answers_after_s = 0.6
        session.press("n")
        session.wait_for("turn 1")
        session.press("q")
        session.wait_for("over")
        session.wait_until(lambda: not any(isinstance(t, Timer) for t in threading.enumerate()), "all replies")
        session.send("typed\r")
        session.wait_for("typed\ntyped")
        assert session.screen_text().split() == ["over", "typed", "typed"]
