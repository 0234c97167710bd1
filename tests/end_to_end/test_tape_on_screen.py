"""A tape on the screen of the real program: recorded with the monitor, played with its keys."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.home import Home, answered, price_shown, quit_cleanly
from tests.tape.files import Session
from tests.tape.states import SYMBOLS

pytestmark = pytest.mark.terminal


def test_a_session_that_was_recorded_on_the_screen_is_played_there(quick_home: Home) -> None:
    tape = quick_home.folder / "session.tape"
    with quick_home.start("record", str(tape)) as session:
        session.wait_for(answered)
        shown = price_shown(session.screen_text(), "RUT")
        session.press("6")
        session.wait_for("recording into session.tape")
        quit_cleanly(session)
    with quick_home.start("replay", str(tape), "--speed", "3600") as session:
        session.wait_for(answered)
        session.press("1")
        session.wait_for(lambda seen: price_shown(seen, "RUT") == shown)
        for key in ("2", "3", "4", "5", "6", "7", "8", "9", "0", "v", "1"):
            session.press(key)
            session.wait_for(lambda seen: " REPLAY " in seen.split("\n", 1)[0])
        session.wait_for(lambda seen: re.search(r"^ [\d:]+ end .*100% of ", seen, re.M) is not None)
        session.press("6")
        session.wait_for(lambda seen: re.search(r"tape: .* states", seen) is not None)
        session.press("r")
        session.wait_for("a tape asks no source")
        quit_cleanly(session)
    assert quick_home.log() == ""


def test_keys_of_a_tape_are_answered_and_do_what_they_say(quick_home: Home, tmp_path: Path) -> None:
    tape = tmp_path / "session.tape"
    recorded = Session(tape).begin()
    for price in range(100, 300):
        recorded.tick(float(price))
    recorded.end()
    with quick_home.start("replay", str(tape), "--from", "+10s") as session:
        session.wait_for(lambda seen: re.search(r"^ 10:00:1\d 1x ", seen, re.M) is not None)
        session.press(";")
        session.wait_for("stands at 10:00:")
        session.press("@")
        session.wait_for("from the beginning")
        session.press(*"10:01:30", "enter")
        session.wait_for("to 10:01:30")
        session.wait_for(lambda seen: price_shown(seen, SYMBOLS[0]) == "189.00")
        session.press("'")
        session.wait_for(lambda seen: price_shown(seen, SYMBOLS[0]) == "190.00")
        session.press("{")
        session.wait_for(lambda seen: price_shown(seen, SYMBOLS[0]) == "130.00")
        session.press(">")
        session.wait_for("2 times as fast, once it goes on")
        session.press(")")
        session.wait_for("to the next event")
        session.wait_for(lambda seen: price_shown(seen, SYMBOLS[0]) == "299.00")
        quit_cleanly(session)


def test_what_cannot_be_played_leaves_the_terminal_whole(quick_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "closes.csv"
    file.write_text("date,close\n")
    with quick_home.start("replay", str(file)) as session:
        assert session.exit_code() == 2
        assert "is no tape of rotation-tui" in session.screen_text().replace("\n", "")
        assert session.not_restored() == []
    tape = tmp_path / "session.tape"
    Session(tape).begin().end()
    with quick_home.start("replay", str(tape), "--from", "noon") as session:
        assert session.exit_code() == 2
        assert session.not_restored() == []
    recording = Session(tape).begin()
    with quick_home.start("record", str(tape)) as session:
        assert session.exit_code() == 2
        assert "is being recorded into by another" in session.screen_text().replace("\n", "")
        assert session.not_restored() == []
    recording.end()
