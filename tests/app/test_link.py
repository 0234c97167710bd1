"""What characters a terminal gets: nothing that it would turn into another."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

from rotation_tui.app.link import ascii_because, link_of, spark_of
from rotation_tui.config.schema import Display


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"LANG": "en_US.UTF-8"}, None),
        ({"LANG": "en_US.utf8", "TERM": "screen"}, None),
        ({}, None),
        ({"TERM": "xterm-256color"}, None),
        ({"LANG": "C"}, "LANG=C is no UTF-8 locale"),
        ({"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, "LC_ALL=POSIX is no UTF-8 locale"),
        ({"LANG": "de_DE.ISO-8859-1", "LC_CTYPE": "de_DE.UTF-8"}, None),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, "TERM=linux has no lines and bars"),
        ({"TERM": "screen-256color"}, "no locale is set, and screen takes that for ASCII"),
        ({"TERM": "tmux-256color"}, "no locale is set, and tmux takes that for ASCII"),
        ({"TERM": "xterm", "STY": "1234.pts"}, "no locale is set, and screen takes that for ASCII"),
        ({"TERM": "xterm", "TMUX": "/nowhere,1,0"}, "no locale is set, and tmux takes that for ASCII"),
        ({"TERM": "xterm", "TMUX": "/nowhere,1,0", "LANG": ""}, "no locale is set, and tmux takes that for ASCII"),
        ({"TERM": "xterm", "TMUX": "/nowhere,1,0", "LANG": "C.UTF-8"}, None),
    ],
    ids=repr,
)
def test_ascii_is_drawn_where_more_would_be_lost(
    env: Mapping[str, str], why: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG", "TERM", "STY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert ascii_because(os.environ) == why
    assert link_of(Display()).ascii == (why is not None)
    assert link_of(Display(ascii=True)).ascii


@pytest.mark.parametrize(
    ("clients", "is_lost"), [("1", False), ("0", True), ("1\\n0", True), ("", False), ("unknown", False)]
)
def test_tmux_is_asked_what_it_sends_to_its_terminals(
    clients: str, is_lost: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmux").write_text(f'#!/bin/sh\n[ "$2 $5" = "/tmp/tmux-0/x %3" ] && printf "{clients}\\n"\n')
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    env = {"TERM": "tmux", "TMUX": "/tmp/tmux-0/x,17,0", "TMUX_PANE": "%3", "LC_ALL": "C.UTF-8"}
    assert (ascii_because(env) is not None) == is_lost


def test_a_tmux_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmux").write_text("#!/bin/sh\nexec sleep 100\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert ascii_because({"TMUX": "/tmp/x,17,0", "TMUX_PANE": "%3", "LANG": "C.UTF-8"}) is None


@pytest.mark.parametrize(
    ("config", "term", "drawn"),
    [
        ("braille", "xterm-256color", "braille"),
        ("braille", "", "braille"),
        ("braille", "vt220", "blocks"),
        ("braille", "putty-256color", "blocks"),
        ("blocks", "xterm", "blocks"),
        ("ascii", "vt220", "ascii"),
    ],
)
def test_a_terminal_without_braille_gets_blocks(
    config: Literal["braille", "blocks", "ascii"], term: str, drawn: str
) -> None:
    assert spark_of(Display(spark=config), {"TERM": term}) == drawn
