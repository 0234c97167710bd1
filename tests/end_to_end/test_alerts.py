"""One alert arrives exactly once: at the terminal, at a server of each kind, at a command, whatever ends in between."""

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.end_to_end.home import PROGRAM, ROOT, SMALL_BOARD, Home, quit_cleanly
from tests.end_to_end.program import SHIFT_S
from tests.end_to_end.receivers import KINDS, Receivers
from tests.terminal.pty_session import PtySession
from tests.upstream.server import Upstream

pytestmark = pytest.mark.terminal

ALERT = """
[[alerts]]
name = "breakout"
when = "RUT.last > {limit:.2f}"
note = "look at IWM"
to = [{to}]
"""
CHANNEL = """
[channels.{kind}]
kind = "{kind}"
url = "{url}"
"""
COMMAND = """
[channels.command]
kind = "command"
command = ["{python}", "-c", "import sys; open({file!r}, 'a').write(sys.stdin.read() + chr(10))", "GEHEIM-ARGUMENT"]
"""
OSC = rb"\x1b\](9|777|99);([^\x07\x1b]*)\x1b\\"
OTHER = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""Any OSC, which a BEL may end."""
PASSED = re.compile(rb"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\")


@pytest.fixture
def there() -> Iterator[Receivers]:
    with Receivers() as receivers:
        yield receivers


def home_of(folder: Path, upstream: Upstream, filled: Path, to: str, tables: str = "", poll_s: float = 0.5) -> Home:
    limit = upstream.market.last("RUT").price * 1.02
    alert = ALERT.format(limit=limit, to=", ".join(f'"{name}"' for name in to.split()))
    return Home(folder, upstream, filled=filled, tables=SMALL_BOARD + alert + tables, poll_s=poll_s)


def comes_true(upstream: Upstream) -> None:
    upstream.market.scale("RUT", 1.05)


def called(raw: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
    """How often the bell rang, and the notifications by kind and words, as a terminal takes them: not within tmux."""
    seen = PASSED.sub(b"", raw)
    return OTHER.sub(b"", seen).count(b"\x07"), re.findall(OSC, seen)


def rows(session: PtySession) -> str:
    """The row of the alert on the feeds screen."""
    return next((line for line in session.lines() if " breakout " in line), "")


NINE = [(b"9", b"rotation-tui: breakout: RUT.last ")]
TERMINALS: dict[str, tuple[Mapping[str, str | None], str, list[tuple[bytes, bytes]]]] = {
    "told by nothing": ({}, "", NINE),
    "as configured": ({}, '[display]\nnotification = "777"\n', [(b"777", b"notify;rotation-tui: breakout;RUT.last ")]),
    "told by the terminal": (
        {"TERM": "xterm-kitty"}, "", [(b"99", b"d=0;rotation-tui: breakout"), (b"99", b"d=1:p=body;RUT.last ")],
    ),
    "within tmux": ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}, "", NINE),
}  # fmt: skip


@pytest.mark.parametrize("terminal", TERMINALS)
def test_bell_and_notification_reach_the_terminal_once(
    tmp_path: Path, upstream: Upstream, filled: Path, terminal: str
) -> None:
    env, settings, expected = TERMINALS[terminal]
    home = home_of(tmp_path, upstream, filled, "screen bell desktop", settings)
    with home.start(columns=200, env=env) as session:
        session.press("6")
        session.wait_for(lambda _: "armed" in rows(session))
        assert called(session.raw) == (0, [])
        comes_true(upstream)
        session.wait_for(lambda _: "screen, bell, desktop" in rows(session))
        session.settle()
        raw = session.raw
        quit_cleanly(session)
    if "TMUX" in env:
        assert called(raw) == (1, []), "tmux drops what is not wrapped for it"
        (wrapped,) = PASSED.findall(raw)
        raw = raw.replace(wrapped, b"") + wrapped.replace(b"\x1b\x1b", b"\x1b")
    rung, told = called(raw)
    assert rung == 1
    assert [(kind, part in words) for (kind, words), (_, part) in zip(told, expected, strict=True)] == [
        (kind, True) for kind, _ in expected
    ]
    assert home.log() == ""


def outside(there: Receivers, file: Path) -> str:
    servers = "".join(CHANNEL.format(kind=kind, url=there.url(kind)) for kind in KINDS)
    return servers + COMMAND.format(python=sys.executable, file=str(file))


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def bodies(there: Receivers) -> dict[str, int]:
    """How many of the accepted posts of each kind are about the alert."""
    words: dict[str, Callable[[bytes], str]] = {
        "ntfy": bytes.decode, "slack": lambda body: json.loads(body)["text"],
        "discord": lambda body: json.loads(body)["content"], "json": lambda body: json.loads(body)["text"],
    }  # fmt: skip
    return {kind: sum("look at IWM" in words[kind](body) for body in there.accepted(kind)) for kind in KINDS}


ONCE = dict.fromkeys(KINDS, 1)


def test_each_channel_gets_it_once_over_failures_a_kill_and_a_restart(
    tmp_path: Path, upstream: Upstream, filled: Path, there: Receivers
) -> None:
    got = tmp_path / "got"
    home = home_of(tmp_path, upstream, filled, f"screen bell command {' '.join(KINDS)}", outside(there, got))
    there.answer = lambda _: 500
    with home.start(columns=240) as session:
        session.press("6")
        session.wait_for(lambda _: "armed" in rows(session))
        comes_true(upstream)
        session.wait_for(lambda _: "HTTP 500, again at" in rows(session))
        session.wait_until(lambda: there.refused() == {*KINDS} and len(lines(got)) == 1, "all channels to be tried")
        session.wait_for(lambda _: "screen, bell, command" in rows(session))
        assert called(session.raw)[0] == 1
        session.signal(signal.SIGKILL)
        session.exit_code()
    assert bodies(there) == dict.fromkeys(KINDS, 0)
    there.answer = lambda _: 200
    later = {SHIFT_S: str(float(str(home.environment()[SHIFT_S])) + 120)}
    with home.start(columns=240, env=later) as session:
        session.press("6")
        session.wait_until(lambda: bodies(there) == ONCE, "each server to have it")
        session.wait_for(lambda _: all(kind in rows(session) for kind in KINDS) and "HTTP" not in rows(session))
        session.settle()
        assert called(session.raw)[0] == 0
        quit_cleanly(session)
    assert bodies(there) == ONCE
    assert len(lines(got)) == 1
    assert json.loads(lines(got)[0])["row"]["id"] == "RUT"
    for written in (home.log(), *(file.read_text(errors="replace") for file in home.state.glob("*.json"))):
        assert "GEHEIM" not in written


def test_what_came_true_without_a_screen_calls_at_the_next_terminal_once_though_the_watcher_was_killed(
    tmp_path: Path, upstream: Upstream, filled: Path
) -> None:
    home = home_of(tmp_path, upstream, filled, "screen bell desktop")
    watcher = PtySession([*PROGRAM, "alerts", "watch"], columns=120, env=home.environment(), cwd=ROOT)
    with watcher:
        watcher.wait_for("watching for 1 alert")
        comes_true(upstream)
        watcher.wait_for("breakout: RUT.last")
        watcher.signal(signal.SIGKILL)
        watcher.exit_code()
        assert called(watcher.raw) == (0, [])
    for expected in (1, 0):
        with home.start(columns=240) as session:
            session.press("6")
            session.wait_for(lambda _, session=session: "screen, bell, desktop" in rows(session))  # type: ignore[misc]
            session.settle()
            rung, told = called(session.raw)
            assert (rung, len(told)) == (expected, expected)
            quit_cleanly(session)


def test_of_two_monitors_one_calls_and_both_tell_how_it_stands(
    tmp_path: Path, upstream: Upstream, filled: Path, there: Receivers
) -> None:
    got = tmp_path / "got"
    # both share what Yahoo may be asked in a second, so neither may want all of it
    channels = f"bell desktop command {' '.join(KINDS)}"
    home = home_of(tmp_path, upstream, filled, channels, outside(there, got), poll_s=3)
    with home.start(columns=240) as one, home.start(columns=240) as two:
        for session in (one, two):
            session.press("6")
            session.wait_for(lambda _, session=session: "armed" in rows(session))  # type: ignore[misc]
        comes_true(upstream)
        for session in (one, two):
            session.wait_for(lambda _, session=session: all(  # type: ignore[misc]
                name in rows(session) for name in ("true since", "bell", "desktop", "command", *KINDS)))  # fmt: skip
            session.settle()
        calls = [called(session.raw) for session in (one, two)]
        assert sum(rung for rung, _ in calls) == 1
        assert sum(len(told) for _, told in calls) == 1
        assert bodies(there) == ONCE
        assert len(lines(got)) == 1
        quit_cleanly(one)
        quit_cleanly(two)
