"""The window's title: named while the program has the terminal, given back however it ends, sent seldom and clean."""

import signal
import sys

import pytest

from rotation_tui.terminal.title import EVERY_S, WindowTitle, has_title, named
from tests.terminal.pty_session import PtySession

APP = [sys.executable, "-m", "tests.terminal.screen_app", "--unchecked"]


@pytest.mark.terminal
@pytest.mark.parametrize("how", ["key", "signal", "force"])
def test_however_it_ends_the_window_has_its_own_title_again(how: str) -> None:
    with PtySession(["/bin/sh", "-c", "printf '\\033]2;mine\\007'; exec \"$@\"", "sh", *APP]) as session:
        session.wait_for("turn 0")
        session.wait_until(lambda: session.emulator.title == "mine", "a title from before")
        session.press("i")
        session.wait_until(lambda: session.emulator.title == "SMALL ]2;evil+4.6 half", "the title")
        assert session.not_restored()
        if how == "force":
            session.press("k")
            session.wait_for("hangs")
            session.signal(signal.SIGTERM)
        if how == "key":
            session.press("q")
        else:
            session.signal(signal.SIGTERM)
        session.exit_code()
        assert session.emulator.title == "mine"
        assert session.not_restored() == []


@pytest.mark.parametrize(
    ("term", "is_sent"),
    [("xterm-256color", True), ("tmux-256color", True), ("screen", True), ("alacritty", True), ("linux", False),
     ("dumb", False), ("vt220", False), ("", False), ("cons25", False)],
)  # fmt: skip
def test_a_console_gets_no_title(term: str, is_sent: bool) -> None:
    assert has_title({"TERM": term}) is is_sent
    assert has_title({}) is False


def test_what_a_terminal_would_obey_is_taken_out_and_what_is_long_is_cut() -> None:
    assert named("a\x1b]0;b\x07\n\x9cc") == "\x1b]2;a]0;b c\x1b\\"
    assert len(named("x" * 500)) < 80


def test_it_is_sent_when_it_changes_and_not_more_often_than_that() -> None:
    sent: list[str] = []
    clock = [100.0]
    title = WindowTitle(sent.append, lambda: clock[0])

    def show(text: str) -> None:
        title.show(text, lambda: text)

    show("one")
    show("one")
    show("two")
    show("three")
    assert sent == ["one"]
    clock[0] += EVERY_S
    show("three")
    assert sent == ["one", "three"]
    clock[0] += EVERY_S
    show("three")
    assert sent == ["one", "three"]


def test_words_are_made_once_for_what_they_are_about() -> None:
    made: list[str] = []

    def words() -> str:
        made.append("words")
        return made[-1]

    title = WindowTitle(lambda _: None, lambda: 0.0)
    about = object()
    for _ in range(3):
        title.show(about, words)
    assert len(made) == 1
