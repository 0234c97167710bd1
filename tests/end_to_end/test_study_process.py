"""The process of the studies, as it is seen from outside the real program."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.home import Home, answered, feeds_well, quit_cleanly
from tests.terminal.pty_session import PtySession

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
]


def children(session: PtySession) -> list[int]:
    """Processes that make studies for the program."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == session.process.pid and b"rotation_tui.evaluation" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def is_studied(screen: str) -> bool:
    return "ROTATION" in screen and answered(screen) and feeds_well(screen)


@pytest.fixture
def started(full_home: Home) -> Callable[[], PtySession]:
    return lambda: full_home.start("demo", "--seed", "7", columns=120, rows=44)


def test_the_monitor_never_loads_what_studies_need_and_their_process_ends(
    started: Callable[[], PtySession], full_home: Home
) -> None:
    with started() as session:
        session.wait_for(is_studied)
        session.wait_until(lambda: not children(session), "the end of the process")
        loaded = Path("/proc", str(session.process.pid), "maps").read_text()
        assert "/pandas/" not in loaded
        assert "/numpy/" not in loaded
        quit_cleanly(session)
    assert full_home.log() == ""


def test_one_that_is_killed_in_the_past_is_replaced_and_a_killed_monitor_leaves_none(
    started: Callable[[], PtySession],
) -> None:
    with started() as session:
        session.wait_for(is_studied)
        session.press("[")
        session.wait_for("Indexes 2025-12-29")  # the day alone stands on the last line as soon as it is being made
        (first,) = children(session)
        os.kill(first, signal.SIGKILL)
        session.wait_until(lambda: first not in living(session), "its end")
        session.press("[")  # told where the process was at work, else made by another one
        session.wait_for(lambda seen: "Indexes 2025-12-26" in seen or "the key tries again" in seen)
        session.press("[")
        session.wait_until(lambda: bool(living(session)), "another process")
        (second,) = living(session)
        os.kill(session.process.pid, signal.SIGKILL)
        session.wait_until(lambda: not Path("/proc", str(second)).exists(), "the end of what it started")


def living(session: PtySession) -> list[int]:
    """Those of them that have not ended."""
    found = []
    for pid in children(session):
        with contextlib.suppress(OSError):
            if "State:\tZ" not in Path("/proc", str(pid), "status").read_text():
                found.append(pid)
    return found
