"""The first paint: the last known board, before anything else is there."""

import re
import signal
import time
from pathlib import Path

import pytest

from rotation_tui.terminal.first_paint import TAKE_SCREEN
from rotation_tui.terminal.guard import CLEAR_SCREEN
from tests.end_to_end.home import SMALL_BOARD, Home, feeds_well, price_shown, quit_cleanly
from tests.terminal.emulator import Emulator
from tests.terminal.pty_session import PtySession
from tests.upstream.market import UpstreamMarket
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal


_TRIES = 10
"""On a busy machine a signal comes later than it is sent."""


def is_filled(screen: str) -> bool:
    return price_shown(screen, "RUT") not in (None, "?") and feeds_well(screen)


@pytest.fixture(scope="module")
def state(market: UpstreamMarket, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of a user who has left the program with everything known."""
    market.hold()
    with Upstream(market) as upstream:
        home = Home(tmp_path_factory.mktemp("known"), upstream, filled=filled, tables=SMALL_BOARD)
        with home.start() as session:
            session.wait_for(is_filled)
            quit_cleanly(session)
    market.restore()
    return home.state


@pytest.fixture
def known(state: Path, upstream: Upstream, tmp_path: Path) -> Home:
    """That user, who starts it again while nothing answers."""
    upstream.kill()
    return Home(tmp_path, upstream, filled=state, tables=SMALL_BOARD)


def is_drawn(screen: str) -> bool:
    return price_shown(screen, "RUT") not in (None, "?")


def opened(session: PtySession) -> None:
    session.wait_until(lambda: b" quit" in session.raw, "the first paint")


def pictures(raw: bytes, columns: int, rows: int) -> list[str]:
    """The screen after every 200 bytes from the first whole picture on."""
    emulator, seen = Emulator(columns, rows), []
    first = raw.index(b" quit") + 20
    for start, end in [(0, first), *((at, at + 200) for at in range(first, len(raw), 200))]:
        emulator.feed(raw[start:end])
        seen.append("\n".join(emulator.lines()))
    return seen


def test_the_board_stands_before_textual_does_and_never_gives_way_to_a_blank_screen(known: Home) -> None:
    with known.start() as session:
        session.wait_for("yahoo: ")
        session.wait_until(lambda: b"\x1b[?1004h" in session.raw, "Textual")
        quit_cleanly(session)
        raw = session.raw
    whole, textual = raw.index(b" quit"), raw.index(b"\x1b[?1004h")  # what it asks for first
    assert whole < textual
    assert raw.count(TAKE_SCREEN.encode()) == 1
    left = raw.rindex(CLEAR_SCREEN.encode())
    assert len(raw[textual:left]) < whole / 2  # that no feed answers, not the board once more
    shown = [price_shown(picture, "RUT") for picture in pictures(raw[:left], 120, 44)]
    assert len(set(shown)) == 1, shown
    assert shown[0] not in (None, "?")
    assert not re.search("WARNING|ERROR|CRITICAL", known.log())  # that a source does not answer is none


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_an_end_in_between_leaves_the_terminal_whole(known: Home, number: signal.Signals, code: int) -> None:
    with known.start() as session:
        opened(session)
        session.signal(number)
        assert session.exit_code() == code
        assert session.not_restored() == []
        assert session.screen_text().strip() == ""


def test_keys_that_come_early_are_obeyed_and_not_echoed(known: Home) -> None:
    with known.start() as session:
        opened(session)
        session.press("3")
        session.wait_for("Relative rotation")
        assert session.lines()[0].startswith(" ")  # an echo would stand where the cursor was left
        quit_cleanly(session)


def test_ctrl_z_in_between_waits(known: Home) -> None:
    for _ in range(_TRIES):
        with known.start() as session:
            opened(session)
            session.signal(signal.SIGTSTP)
            session.wait_for(lambda seen: is_drawn(seen) or not seen.strip())
            session.press("q")
            session.wait_until(lambda: session.process.poll() is not None or session.is_stopped(), "the end")
            if session.process.poll() is None:  # the signal came when all was up already, and stopped it, as it should
                session.signal(signal.SIGCONT)
                continue
            assert session.exit_code() == 0
            assert session.not_restored() == []
            return
    raise AssertionError(f"of {_TRIES} signals none came in between")


def test_a_terminal_that_does_not_read_holds_no_start_up(known: Home) -> None:
    with known.start() as session:
        session.pause_reading()
        time.sleep(1.5)  # longer than it has patience, which shows nowhere outside
        session.resume_reading()
        session.wait_for(is_drawn)
        quit_cleanly(session)


def test_it_is_drawn_without_colours_where_none_are_wanted(known: Home) -> None:
    with known.start(env={"NO_COLOR": "1"}) as session:
        session.wait_for(is_drawn)
        assert b"38;5;" not in session.raw
        assert b"38;2;" not in session.raw
        quit_cleanly(session)


def test_another_size_in_between_is_drawn_anew(known: Home) -> None:
    with known.start() as session:
        opened(session)
        session.resize(100, 30)
        session.wait_for(lambda seen: is_drawn(seen) and seen.splitlines()[29].startswith(" 1 overview"))
        quit_cleanly(session)
