"""On a terminal of any size and kind nothing crashes, nothing wraps, and nothing is left behind."""

import random
import re
import time
from collections.abc import Mapping

import pytest

from tests.end_to_end.home import Home, quit_cleanly
from tests.terminal.emulator import Emulator
from tests.terminal.pty_session import PtySession

pytestmark = pytest.mark.terminal

MARGIN = 9
TOO_SMALL = "rotation-tui needs"


def outside(raw: bytes, columns: int, rows: int) -> str:
    """What the bytes write beyond this size, seen on a terminal that is larger: there it would have wrapped."""
    larger = Emulator(columns + MARGIN, rows + MARGIN)
    larger.feed(raw)
    return "".join(line[columns:] for line in larger.lines()[:rows]) + "".join(larger.lines()[rows:])


def fits(session: PtySession) -> bool:
    """Whether all of the board stands on the screen, however wide it is."""
    lines = session.lines()
    return "RUT" in session.screen_text() and lines[-1].strip().endswith("quit") and bool(lines[0])


def left_on_a_console(session: PtySession) -> str:
    """What stays on a terminal that has no other screen to go back from."""
    console = Emulator(session.emulator.columns, session.emulator.rows)
    console.feed(session.raw.replace(b"\x1b[?1049h", b"").replace(b"\x1b[?1049l", b""))
    return "".join(console.lines()).strip()


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        (20, 5, TOO_SMALL),
        (240, 90, "RUT"),
        pytest.param(500, 200, "RUT", marks=pytest.mark.slow),
        pytest.param(1, 1, "", marks=pytest.mark.slow),
        pytest.param(7, 200, "", marks=pytest.mark.slow),
        pytest.param(500, 3, TOO_SMALL, marks=pytest.mark.slow),
    ],
)
def test_no_size_is_left_by_what_is_drawn(quick_home: Home, columns: int, rows: int, words: str) -> None:
    with quick_home.start(columns=columns, rows=rows) as session:
        session.wait_for(words)
        session.wait_until(lambda: b"\x1b[?2004h" in session.raw, "the program's own loop")
        for key in ("2", "?", "escape", "ctrl+p", "escape", "v"):
            session.press(key)
            session.settle()
        assert outside(session.raw, columns, rows) == ""
        quit_cleanly(session)
    assert quick_home.log() == ""


def test_fifty_sizes_a_second_end_in_a_whole_board(quick_home: Home) -> None:
    chance = random.Random(5)
    with quick_home.start("demo", "--speed", "20", columns=120, rows=40) as session:
        session.wait_for(lambda _: fits(session))
        for _ in range(100):
            session.resize(chance.choice((1, 20, 59, 80, 122, 300)), chance.choice((1, 5, 18, 40, 90)))
            time.sleep(0.02)  # fifty a second, or fewer where the machine is slower
        session.resize(100, 30)
        session.wait_for(lambda _: fits(session) and all(len(line) <= 100 for line in session.lines()))
        session.press("f")
        session.wait_for("FROZEN")
        session.settle()
        before, drawn = session.lines(), len(session.raw)
        session.press("ctrl+l")
        session.wait_until(lambda: len(session.raw) > drawn + 1000, "every cell anew")
        session.settle()
        assert session.lines()[:-1] == before[:-1], "the last line answers the key"
        assert outside(session.raw[drawn:], 100, 30) == ""
        quit_cleanly(session)
    assert quick_home.log() == ""


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "linux"},
        {"TERM": "screen"},
        {"TERM": "xterm-16color"},
        pytest.param({"TERM": None}, marks=pytest.mark.slow),
        pytest.param({"TERM": "no-such-terminal"}, marks=pytest.mark.slow),
        {"LANG": "C"},
        {"LANG": None, "LC_ALL": "POSIX", "TERM": "screen"},
        pytest.param({"LANG": "xx_YY.nonsense"}, marks=pytest.mark.slow),
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_every_kind_of_terminal_is_given_back_whole(quick_home: Home, env: Mapping[str, str | None]) -> None:
    with quick_home.start(columns=80, rows=24, env=env) as session:
        session.wait_for(lambda _: fits(session))
        session.press("2", "t", "1")
        session.settle()
        session.wait_for(lambda seen: "Sectors" in seen and fits(session))
        assert outside(session.raw, 80, 24) == ""
        if env.get("TERM") == "linux" or "UTF-8" not in (env.get("LANG", "C.UTF-8") or ""):
            assert session.raw.isascii()
        if env.get("TERM") in ("linux", "screen", "xterm-16color"):
            assert not re.search(rb"[34]8;[25];", session.raw)
        quit_cleanly(session)
        assert left_on_a_console(session) == ""
    assert quick_home.log() == ""


def test_a_terminal_that_cannot_move_its_cursor_is_told_what_can_be_had(quick_home: Home) -> None:
    with quick_home.start("demo", env={"TERM": "dumb"}) as session:
        assert session.exit_code() == 2
        assert "TERM=dumb" in session.screen_text()
        assert "rotation-tui snapshot" in session.screen_text().replace("\n", "")
        assert b"\x1b" not in session.raw
