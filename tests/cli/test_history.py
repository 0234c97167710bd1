"""`rotation-tui history` as scripts get it: rows, keys, exit codes, and what it says beside them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

WEEK = ("history", "--demo", "--from", "2025-12-15", "--to", "2025-12-19")


@pytest.mark.whole
def test_a_row_a_session(run: Run) -> None:
    result = run(*WEEK)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 0
    assert [row["session"] for row in rows] == [f"2025-12-{day}" for day in (15, 16, 17, 18, 19)]
    assert {"leads.side", "verdict.regime", "verdict.score", "RUT-SPX.YTD", "IWM-SPY.z", "risk.C"} <= set(rows[0])
    assert "5 sessions, 2025-12-15 to 2025-12-19" in result.stderr


@pytest.mark.whole
def test_each_column_is_named_as_in_the_conditions_of_alerts(run: Run, home: Path) -> None:
    columns = run(*WEEK).stdout.splitlines()[0].split(",")
    alerts = "".join(f'[[alerts]]\nname = "{name}"\nwhen = "{name} changes"\n' for name in columns[1:])
    (home / "mine.toml").write_text(alerts)
    assert run("config", "check", "--config", str(home / "mine.toml")).output == f"OK {home / 'mine.toml'}\n"


@pytest.mark.whole
def test_a_session_is_told_as_the_snapshot_of_that_day(run: Run) -> None:
    told: dict[str, Any] = json.loads(run(*WEEK, "--format", "json").stdout)[-1]
    alone: dict[str, Any] = json.loads(run("snapshot", "--demo", "--as-of", "2025-12-19", "--format", "json").stdout)
    assert told["session"] == alone["as_of"]
    for name, value in told["verdict"].items():
        if name != "leads":
            assert alone["verdict"][name] == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)
    for name, value in told["verdict"]["leads"].items():
        expected = alone["verdict"]["leads"][name]
        assert value == (pytest.approx(expected, rel=1e-9) if isinstance(expected, float) else expected), name
    for mine, theirs in zip(told["spreads"], alone["spreads"], strict=True):
        assert mine["windows"] == pytest.approx(theirs["windows"], rel=1e-9)
        assert [mine["z"], mine["percentile"], mine["ratio"]] == pytest.approx(
            [theirs["z"], theirs["percentile"], theirs["ratio"]], rel=1e-9
        )
    assert {g["id"]: g["level"] for g in told["risk"]} == {g["id"]: g["level"] for g in alone["risk"]}


@pytest.mark.whole
def test_days_without_a_close_are_no_data(run: Run) -> None:
    result = run("history", "--demo", "--from", "1995-01-03", "--to", "1995-02-01")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "no data at all" in result.stderr


@pytest.mark.whole
@pytest.mark.slow
def test_an_unknown_margin_is_no_zero_and_has_its_reason(run: Run) -> None:
    result = run("history", "--demo", "--from", "2004-12-31", "--to", "2005-01-04", "--format", "json")
    first = json.loads(result.stdout)[0]["spreads"][0]
    assert result.exit_code == 3
    assert first["windows"]["YTD"] is None
    assert first["reasons"]["YTD"]
    assert "unknown or stale" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("--to", "2025-01-01"), ("--from", "2025-02-01", "--to", "2025-01-01"), ("--from", "2025-01-01", "--seed", "3")],
)
def test_what_cannot_be_meant_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("history", *arguments).exit_code == 2
