"""A terminal whose replies come late is spared by itself, and gets everything back when they come in time."""

import re
import sys
import time

import pytest

from tests.end_to_end.home import ROOT, Home, quit_cleanly
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

MARK = "SLOW LINK"
OF_256 = re.compile(rb"[34]8;[25];")
IMPATIENT = """
import rotation_tui.app.bandwidth as b
b.CALM_S, b.FAST_REPLIES = 1, 4
from rotation_tui.__main__ import main
main()
"""
"""The program with a second and four replies until a fast link is believed, instead of two minutes and ten."""
FAST_DEMO = ("demo", "--speed", "20")


def frames(session: PtySession, seconds: float) -> int:
    """How many frames the program sends in that time."""
    before = session.raw.count(b"\x1b[6n")
    time.sleep(seconds)
    return session.raw.count(b"\x1b[6n") - before


def test_late_replies_spare_the_link_and_prompt_ones_give_everything_back(full_home: Home) -> None:
    command = [sys.executable, "-c", IMPATIENT, *FAST_DEMO]
    with PtySession(command, columns=120, rows=40, env=full_home.environment(), cwd=ROOT) as session:
        session.wait_for("RUT")
        assert MARK not in session.lines()[0]
        assert OF_256.search(session.raw)
        session.answers_after_s = 1.0
        session.wait_for(lambda seen: MARK in seen.splitlines()[0], 20)
        session.wait_for("frames in a row took over")
        session.answers_after_s = 0.0
        time.sleep(1.2)  # the reply that is under way, and what was drawn before it
        spared = len(session.raw)
        assert frames(session, 3) <= 4
        assert not OF_256.search(session.raw[spared:])
        session.wait_for(lambda seen: MARK not in seen.splitlines()[0], 20)
        session.wait_for("no frame took over")
        session.wait_until(lambda: OF_256.search(session.raw[spared:]) is not None, "all colours")
        quit_cleanly(session)
    assert len(re.findall("(?:slow|fast) link: ", full_home.log())) == 2


def test_a_link_can_be_spared_from_the_start(full_home: Home) -> None:
    with full_home.start(*FAST_DEMO, "--low-bandwidth") as session:
        session.wait_for("RUT")
        session.wait_for(MARK)
        assert frames(session, 4) <= 5
        session.press("t")
        session.wait_for(lambda _: frames(session, 0.5) == 0)
        assert not OF_256.search(session.raw)
        quit_cleanly(session)


def test_a_slow_link_is_not_spared_where_that_is_forbidden(full_home: Home) -> None:
    with full_home.start(*FAST_DEMO, env={"ROTATION_TUI_LOW_BANDWIDTH": "0"}) as session:
        session.wait_for("RUT")
        session.answers_after_s = 0.8
        frames(session, 5)
        assert MARK not in session.screen_text()
        quit_cleanly(session)
