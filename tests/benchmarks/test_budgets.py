"""Costs that have nothing to do with the machine's speed; `python -m tests.benchmarks` shows all of them."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.benchmarks import screens
from tests.benchmarks.meter import settle
from tests.benchmarks.paint import LARGE, LEAST_INK, ink
from tests.benchmarks.rows import Row, as_json, percentile, table
from tests.benchmarks.stage import CLOSED, COLUMNS, OPEN, ROWS, Stage, staged

HEAVY = {"pandas", "numpy", "plotext", "httpx"}
MOST_MODULES = 490
"""Python's and Textual's; 466 on Python 3.11. A jump means that something heavy has come in. Our own are not counted:
they are small, and cutting one in two costs nothing that could be measured.
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage for all tests here, because filling a user's history takes seconds."""
    with staged(tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.mark.terminal
def test_few_modules_are_loaded_before_the_first_paint(stage: Stage) -> None:
    with stage.actor(stage.user(None)) as actor:
        actor.begin()
        modules = actor.report(30).modules
    assert "rotation_tui.terminal.driver" in modules
    assert HEAVY.isdisjoint(name.partition(".")[0] for name in modules)
    assert sum(not name.startswith("rotation_tui") for name in modules) <= MOST_MODULES


@pytest.mark.slow  # `cli/test_large_screens.py` asks as much of the board that is drawn; here a process draws it
def test_a_large_screen_is_used(tmp_path: Path) -> None:
    assert ink(LARGE, {"XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}) >= LEAST_INK


@pytest.mark.terminal
@pytest.mark.slow
def test_a_changed_cell_costs_few_bytes(stage: Stage) -> None:
    options = {"seconds": 4.0, "symbols": 7}
    with stage.actor(stage.user(OPEN), load="cells", options=options) as actor:
        settle(actor.session, 3)
        before = actor.session.raw
        actor.begin()
        actor.report(30)
        settle(actor.session)
        after = actor.session.raw[len(before) :]
    changes = list(screens.changes(before, after, COLUMNS, ROWS))
    figures = sum(change.figures for change in changes)
    assert figures > 100
    assert len(after) / figures <= 16


@pytest.mark.terminal
@pytest.mark.slow
def test_nothing_is_written_while_nothing_changes(stage: Stage) -> None:
    with stage.actor(stage.user(CLOSED), CLOSED) as actor:
        settle(actor.session, 5)
        while not 3 < (datetime.now(UTC) + stage.market.shift).second < 48:  # the countdown steps with the minute
            time.sleep(0.2)
        written = actor.session.bytes_written
        time.sleep(8)
        assert actor.session.bytes_written == written


@pytest.mark.terminal
@pytest.mark.slow
def test_a_burst_is_one_frame_and_a_refresh_few_requests(stage: Stage) -> None:
    options = {"quotes": 10_000, "times": 2}
    with stage.actor(stage.user(OPEN), load="burst", options=options) as actor:
        settle(actor.session, 3)
        actor.begin()
        report = actor.report(60)
        assert report.figures["fewest_frames"] == report.figures["most_frames"] == 1
        asked = stage.upstream.count("yahoo")
        actor.session.press("r")
        time.sleep(4)
        assert 0 < stage.upstream.count("yahoo") - asked <= 4


def test_figures_that_change_are_counted_by_frame() -> None:
    before = b"\x1b[2J\x1b[1;1HRUT 100.00 +1.0\x1b[2;1HSPX 50.00 -0.1"
    after = b"\x1b[1;5H101.50" + screens.END_OF_FRAME + b"\x1b[2;5H51.00 +0" + screens.END_OF_FRAME
    found = list(screens.changes(before, after, 20, 3))
    assert [(change.figures, set(change.lines)) for change in found] == [(1, {0}), (2, {1})]
    assert sum(change.length for change in found) == len(after)
    assert screens.frames(after) == 2
    assert screens.final(before + after, 20, 3)[:2] == ["RUT 101.50 +1.0", "SPX 51.00 +0.1"]


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_percentiles_are_values_that_were_measured(share: float, value: float) -> None:
    assert percentile(range(1, 101), share) == value


def test_the_table_says_what_holds() -> None:
    rows = [Row("bytes", "12", "at most 16", True, figures={"bytes": 12.0}), Row("CPU", "9 %", "at most 8 %", False)]
    lines = table(rows).splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["yes", "NO"]
    assert '"holds": false' in as_json(rows, {"cores": "2"})


@pytest.mark.terminal
@pytest.mark.slow
def test_a_start_without_state_studies_in_waves_and_asks_for_each_history_once(stage: Stage) -> None:
    before = stage.upstream.count("yahoo")
    with stage.actor(stage.user(None), load="arrivals", options={"seconds": 58}) as actor:
        actor.begin()
        told = actor.report(120).figures
    asked = Counter(request.path for request in stage.upstream.seen("yahoo")[before:])
    charts = {path: times for path, times in asked.items() if "chart" in path}
    assert set(charts.values()) == {1}
    assert asked.total() - len(charts) <= 5  # sparks: of outlines and of prices
    assert told["studies"] <= 6
