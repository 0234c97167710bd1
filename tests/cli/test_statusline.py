"""`rotation-tui statusline` as a status bar gets it: cheap while it is fresh, and never old without saying so."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from msgspec.structs import replace

from rotation_tui.app.headlines import headline_of
from rotation_tui.board.contract import Board
from rotation_tui.domain.session import nyse
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Leader, Regime
from rotation_tui.store.headline import Headline, keep_headline
from tests.boards import FULL
from tests.cli.conftest import Run
from tests.patience import PATIENCE_S

NOW = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
"""A Thursday, an hour after the opening."""
LINE = Headline(
    1, NOW - timedelta(seconds=12), NOW + timedelta(minutes=3), "RUT-SPX", Leader.SMALL, 4.64, -0.5, 0.3,
    State.LIVE, Regime.ROTATION, 7, 56.2,
)  # fmt: skip


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "state" / "rotation-tui"


def _line(run: Run, *arguments: str, at: datetime = NOW) -> tuple[str, int]:
    with time_machine.travel(at, tick=False):
        result = run("statusline", *arguments)
    return result.stdout, result.exit_code


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("plain", "SMALL half +4.6 YTD −0.5 ROTATION 7d score +56 12s\n"),
        ("tmux", "#[fg=colour71]SMALL#[default] half +4.6 YTD −0.5 ROTATION 7d score +56 12s\n"),
        ("polybar", "%{F#5faf5f}SMALL%{F-} half +4.6 YTD −0.5 ROTATION 7d score +56 12s\n"),
    ],
)
def test_the_answer_in_one_line(run: Run, folder: Path, form: str, expected: str) -> None:
    keep_headline(folder, LINE)
    assert _line(run, "--format", form) == (expected, 0)


def test_waybar_gets_text_tooltip_and_class(run: Run, folder: Path) -> None:
    keep_headline(folder, LINE)
    told = json.loads(_line(run, "--format", "waybar-json")[0])
    assert told["class"] == "good"
    assert told["text"].startswith("SMALL half +4.6")
    assert "2026-11-19 15:29:48 UTC" in told["tooltip"]


def test_what_is_old_says_so_and_how_old_it_is(run: Run, folder: Path) -> None:
    keep_headline(folder, LINE)
    line, code = _line(run, "--format", "tmux", at=NOW + timedelta(hours=2))
    assert code == 3
    assert line.startswith("#[fg=colour244]SMALL")
    assert line.endswith("#[fg=colour244]OLD 2h#[default]\n")


def test_a_clock_that_was_put_back_makes_it_old(run: Run, folder: Path) -> None:
    keep_headline(folder, LINE)
    line, code = _line(run, at=NOW - timedelta(hours=5))
    assert (code, "OLD" in line) == (3, True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"side": Leader.UNKNOWN, "half_pp": None, "state": State.UNKNOWN}, "WHO LEADS? half ?"),
        ({"state": State.STALE}, "STALE 12s"),
        ({"pair": "IWM-SPY"}, "SMALL IWM-SPY half"),
        ({"waiting": 2}, "score +56 !2 12s"),
        ({"regime": Regime.UNKNOWN, "age_sessions": None, "score": None}, "YTD −0.5 score ? 12s"),
    ],
)
def test_what_is_unknown_stale_or_waits_is_told(run: Run, folder: Path, changed: dict[str, object], words: str) -> None:
    keep_headline(folder, replace(LINE, **changed))
    assert words in _line(run)[0]


def test_nothing_is_known_and_nobody_is_asked(run: Run) -> None:
    result = run("statusline")
    assert (result.stdout, result.exit_code) == ("WHO LEADS?\n", 4)
    assert "--timeout asks the feeds" in result.stderr


def test_a_file_that_cannot_be_used_is_set_aside(run: Run, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "headline.json").write_text('{"format": 1, "saved_at": "yesterday"}')
    result = run("statusline")
    assert result.exit_code == 4
    assert "headline.json" in result.stderr
    assert (folder / "headline.json.unreadable").exists()


@pytest.mark.whole
def test_with_a_timeout_the_feeds_are_asked(run: Run, home: Path, folder: Path) -> None:
    config = home / "config.toml"
    config.write_text('[[feeds]]\nprovider = "simulated"\n[risk]\nskip = []\n')
    result = run("--config", str(config), "statusline", "--timeout", "60")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.split()[0] in ("SMALL", "LARGE", "MIXED", "LEVEL")
    assert (folder / "headline.json").exists(), "the next one finds it"


@pytest.mark.parametrize(
    ("at", "old_from"),
    [
        (datetime(2026, 11, 19, 15, 30, tzinfo=UTC), datetime(2026, 11, 19, 15, 33, tzinfo=UTC)),  # open
        (datetime(2026, 11, 19, 14, 0, tzinfo=UTC), datetime(2026, 11, 19, 14, 33, tzinfo=UTC)),  # before it opens
        (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), datetime(2026, 11, 23, 14, 33, tzinfo=UTC)),  # over a week-end
    ],
)
def test_a_line_holds_until_prices_must_have_moved(at: datetime, old_from: datetime) -> None:
    assert headline_of(_at(FULL, at), nyse()).old_from == old_from


def _at(board: Board, at: datetime) -> Board:
    state = nyse().state(at)
    session = replace(
        board.session, phase=state.phase, next_change=state.next_change, next_phase=state.next_phase, date=date.min
    )
    return replace(board, generated_at=at, session=session)


def test_a_fresh_line_loads_nothing_that_takes_its_time(folder: Path) -> None:
    now = datetime.now(UTC)
    keep_headline(folder, replace(LINE, saved_at=now, old_from=now + timedelta(hours=1)))
    code = (
        "import sys\nfrom rotation_tui.cli.program import cli\n"
        "try:\n    cli.main(['statusline'])\nexcept SystemExit as end:\n    code = end.code\n"
        "print(code, *sorted(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env=dict(os.environ), capture_output=True, text=True,
        timeout=PATIENCE_S, check=True,
    ).stdout.splitlines()  # fmt: skip
    code_of, *modules = told[1].split()
    assert code_of == "0"
    heavy = ("pandas", "numpy", "textual", "httpx", "rich.console", "asyncio", "logging.handlers")
    ours = ("rotation_tui.board", "rotation_tui.config.schema", "rotation_tui.app", "rotation_tui.studies")
    assert [m for m in modules if m.startswith((*heavy, *ours))] == []
