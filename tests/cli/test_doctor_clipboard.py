"""What `doctor` says of copying, in a terminal, within tmux as it is set, and on a console."""

import pytest

from rotation_tui.cli.doctor import clipboard
from rotation_tui.cli.doctor.command import Severity


@pytest.mark.parametrize(
    ("term", "options", "words", "remedy"),
    [
        ("xterm-256color", None, "sent as OSC 52", "clipboard access"),
        ("tmux-256color", {"set-clipboard": "on"}, "copies go to tmux", ""),
        ("tmux-256color", {"set-clipboard": "external", "allow-passthrough": "on"}, "lets them pass", ""),
        ("tmux-256color", {"set-clipboard": "external"}, "lets no copy pass", "set-clipboard on"),
        ("linux", None, "nothing is copied on a console", "the key e"),
    ],
)
def test_it_says_what_is_in_the_way_of_a_copy(
    monkeypatch: pytest.MonkeyPatch, term: str, options: dict[str, str] | None, words: str, remedy: str
) -> None:
    monkeypatch.setenv("TERM", term)
    if options is None:
        monkeypatch.delenv("TMUX", raising=False)
    else:
        monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
        monkeypatch.setattr(clipboard, "tmux_option", lambda name: options.get(name, "off"))
    (told,) = clipboard.diagnostics()
    assert told.severity is Severity.NOTE, "a copy that does not arrive is no fault of the monitor"
    assert words in told.text
    assert remedy in told.remedy
