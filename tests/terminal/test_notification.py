"""Notifications by the terminal: each kind as its terminals know it, wrapped for tmux, and harmless."""

import pytest

from rotation_tui.terminal.notification import kind_of, notification


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ({"TERM": "xterm-256color"}, "9"),
        ({"TERM": "xterm-kitty"}, "99"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm.app"}, "9"),
    ],
)
def test_each_terminal_is_told_in_its_own_way(env: dict[str, str], kind: str) -> None:
    assert kind_of(env) == kind
    assert notification("title", "words", env).startswith(f"\x1b]{kind};")


def test_within_tmux_it_is_wrapped_so_that_it_can_be_handed_on() -> None:
    bare = notification("title", "words", {"TERM": "xterm"})
    wrapped = notification("title", "words", {"TERM": "xterm", "TMUX": "/tmp/x,1,0"})
    assert wrapped == "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\"


@pytest.mark.parametrize("kind", ["foot", "xterm", "xterm-kitty"])
def test_nothing_of_the_words_drives_the_terminal(kind: str) -> None:
    plain = notification("title", "words", {"TERM": kind})
    odd = notification("ti\x1b]0;x\x07tle", "wo\x1b\\rds;x\x9c\n", {"TERM": kind})
    for control in ("\x1b", "\x07", "\x9c", "\n"):
        assert odd.count(control) == plain.count(control)
    assert odd.count(";") == plain.count(";")
    assert len(notification("t" * 900, "w" * 900, {"TERM": kind})) < 600
