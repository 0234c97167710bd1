"""`rotation-tui positions`: lists, tables for programs, trades, and what is hidden."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from rotation_tui.domain.session import nyse
from tests.cli.conftest import Run

CLOSES = """
[[feeds]]
provider = "csv_file"
path = "closes.csv"
[[positions]]
symbol = "IWM"
quantity = 60
cost = 200
[[positions]]
symbol = "SPY"
quantity = 50
cost = 500
"""


def config(home: Path, more: str = "") -> str:
    days = nyse().sessions(date(2025, 3, 3), date(2026, 11, 18))
    rows = [f"{day},{250 + n % 7},{700 + n % 5}" for n, day in enumerate(days)]
    (home / "closes.csv").write_text("date,IWM,SPY\n" + "\n".join(rows) + "\n", encoding="utf-8")
    file = home / "config.toml"
    file.write_text(more + CLOSES, encoding="utf-8")
    return str(file)


@pytest.mark.usefixtures("one_evening")
@pytest.mark.whole
def test_what_is_held_is_listed_and_json_hides_only_on_request(run: Run, home: Path) -> None:
    file = config(home, "[display]\nprivate = true\n")
    text = run("--config", file, "positions").stdout
    assert "IWM" in text
    assert "shares" not in text
    told = json.loads(run("--config", file, "positions", "--format", "json").stdout)
    assert [row["quantity"] for row in told["positions"]] == [60, 50]
    hidden = json.loads(run("--config", file, "positions", "--format", "json", "--private").stdout)
    assert [row["quantity"] for row in hidden["positions"]] == [None, None]
    assert hidden["portfolio"]["value"] is None
    assert hidden["portfolio"]["small_share"] is not None


@pytest.mark.usefixtures("one_evening")
@pytest.mark.whole
def test_the_trades_to_a_tilt_are_a_table_for_programs(run: Run, home: Path) -> None:
    file = config(home)
    found = run("--config", file, "positions", "rebalance", "--target", "40", "--format", "csv")
    assert found.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [(row["action"], row["symbol"]) for row in rows] == [("sell", "SPY"), ("buy", "IWM")]
    text = run("--config", file, "positions", "rebalance", "--target", "40", "--private").stdout
    assert "no order is made here" in text
    assert rows[0]["amount"].partition(".")[0] not in text.replace(",", "")
    without = run("--config", file, "positions", "rebalance")
    assert without.exit_code == 2
    assert "target_small" in without.stderr


@pytest.mark.usefixtures("one_evening")
def test_who_holds_nothing_is_told_how_to(run: Run, home: Path) -> None:
    file = home / "empty.toml"
    file.write_text("", encoding="utf-8")
    found = run("--config", str(file), "positions")
    assert found.exit_code == 2
    assert "[[positions]]" in found.stderr


def test_config_check_opens_files_of_positions(run: Run, home: Path) -> None:
    (home / "mine.csv").write_text("Symbol,Qty\nIWM,5\nGONE,0\n", encoding="utf-8")
    file = home / "config.toml"
    file.write_text('[[positions_files]]\npath = "mine.csv"\n', encoding="utf-8")
    found = run("--config", str(file), "config", "check")
    assert "OK mine.csv: IWM of 1 row" in found.stdout
    assert "left out: line 3: GONE has a quantity of 0" in found.stdout
    (home / "mine.csv").write_text("Symbol,Qty\nIWM,1.234\n", encoding="utf-8")
    refused = run("--config", str(file), "config", "check")
    assert refused.exit_code == 2
    assert 'decimal = "."' in refused.output
