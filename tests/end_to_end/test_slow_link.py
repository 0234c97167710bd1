"""A terminal whose replies come late is spared by itself, and gets everything back when they come in time."""

import re
import sys
import time

import pytest

from rotation_tui.terminal.bandwidth import SLOW_S
from tests.end_to_end.home import ROOT, Home, quit_cleanly
from tests.patience import slowness
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

MARK = "SLOW LINK"
OF_256 = re.compile(rb"[34]8;[25];")
IMPATIENT = """
import rotation_tui.terminal.bandwidth as b, rotation_tui.terminal.writer as w
b.CALM_S, b.FAST_REPLIES = {calm_s}, 4
b.SLOW_S, b.FAST_S = b.SLOW_S * {times}, b.FAST_S * {times}
w._FIRST_REPLY_S, w._REPLY_S = w._FIRST_REPLY_S * {times}, w._REPLY_S * {times}
from rotation_tui.__main__ import main
main()
"""
"""The program with seconds and four replies until a fast link is believed, instead of two minutes and ten; and with
limits for a reply that are some times as long where the machine has other things to do."""
AUTO = {"ROTATION_TUI_LOW_BANDWIDTH": None}
FAST_DEMO = ("demo", "--speed", "20")


def frames_a_second(session: PtySession, seconds: float) -> float:
    """How many frames the program sends in that time."""
    before, began = session.raw.count(b"\x1b[6n"), time.monotonic()
    time.sleep(seconds)
    return (session.raw.count(b"\x1b[6n") - before) / (time.monotonic() - began)


def test_late_replies_spare_the_link_and_prompt_ones_give_everything_back(full_home: Home) -> None:
    times = 1 if slowness() < 1.5 else 6
    command = [sys.executable, "-c", IMPATIENT.format(times=times, calm_s=4 * times - 3), *FAST_DEMO]
    env = full_home.environment() | AUTO
    with PtySession(command, columns=120, rows=40, env=env, cwd=ROOT) as session:
        session.wait_for("RUT")
        assert MARK not in session.lines()[0]
        assert OF_256.search(session.raw)
        session.answers_after_s = 1.4 * SLOW_S * times
        session.wait_for(lambda seen: MARK in seen.splitlines()[0])
        session.wait_for("frames in a row took over")
        session.answers_after_s = 0.0
        time.sleep(1.7 * SLOW_S * times)  # the reply that is under way, and what was drawn before it
        spared = len(session.raw)
        # on a busy machine frames that were held up may come in one go at first
        session.wait_until(lambda: frames_a_second(session, 3) <= 1.34, "one frame a second")
        assert not OF_256.search(session.raw[spared:])
        session.wait_for(lambda seen: MARK not in seen.splitlines()[0])
        session.wait_for("no frame took over")
        session.wait_until(lambda: OF_256.search(session.raw[spared:]) is not None, "all colours")
        quit_cleanly(session)
    assert len(re.findall("(?:slow|fast) link: ", full_home.log())) == 2


def test_a_link_can_be_spared_from_the_start(full_home: Home) -> None:
    with full_home.start(*FAST_DEMO, "--low-bandwidth") as session:
        session.wait_for("RUT")
        session.wait_for(MARK)
        assert frames_a_second(session, 4) <= 1.26
        session.press("t")
        session.settle()
        assert not OF_256.search(session.raw)
        quit_cleanly(session)


def test_a_slow_link_is_not_spared_where_that_is_forbidden(full_home: Home) -> None:
    with full_home.start(*FAST_DEMO, env={"ROTATION_TUI_LOW_BANDWIDTH": "0"}) as session:
        session.wait_for("RUT")
        session.answers_after_s = 1.2 * SLOW_S
        for _ in range(5):
            sent = session.raw.count(b"\x1b[6n")
            session.wait_until(lambda sent=sent: session.raw.count(b"\x1b[6n") > sent, "a frame")  # type: ignore[misc]
        assert MARK not in session.screen_text()
        quit_cleanly(session)
