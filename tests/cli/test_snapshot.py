"""`snapshot` as scripts use it: the contract, its exit codes, and boards of past days."""

import csv
import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Drawable
from rotation_tui.cli import snapshot as program
from rotation_tui.cli.options import Options, SnapshotRequest
from rotation_tui.cli.tabular import as_csv
from tests import shared_material
from tests.boards import FULL
from tests.cli.conftest import Run, board_of, snapshot

pytestmark = pytest.mark.whole

Taken = tuple[Board, Callable[[str], Drawable | None]]

WINDOWS = {"1D", "1W", "1M", "3M", "6M", "1Y", "21d", "63d", "126d", "252d", "MTD", "QTD", "HALF", "YTD"}
KEYS = {
    "schema", "mode", "generated_at", "as_of", "session", "verdict", "tickers", "spreads", "sectors", "risk",
    "drivers", "claims", "feeds",
}  # fmt: skip
ROWS = {
    "tickers": "id symbol name last change_pct windows record_close record_date from_record_pct is_record as_of "
    "source delay_s state marks",
    "spreads": "id small large windows z percentile ratio ratio_vs_200d_pct breakout drawdown_pct beta correlation "
    "streak months_won_of_6 widest_since basis as_of state marks",
    "sectors": "id sector tracks side windows excess_pp pair pair_spread_pp rank rank_change rs_ratio rs_momentum "
    "quadrant as_of source state marks",
    "risk": "id title level checks",
    "drivers": "id title value unit change as_of source state",
    "claims": "id text definition then now why",
    "feeds": "name state last_success fault requests_last_hour budget_per_hour",
}
ADDED = {
    "spreads": "log_ratio beta_adjusted_pp vol_adjusted correlation_63 drawdown_252_pct drawdown_since_2020_pct "
    "year_extreme months_won_of_12 moves reasons percentile_n percentile_windows z_windows log_margin_pp total",
    "sectors": "last year_range_pct median_dollar_volume illiquid heading speed right_side heading_daily speed_daily "
    "right_side_daily rotation rotation_daily reasons benchmark",
    "rotation": "preset symbol benchmark rs_ratio rs_momentum quadrant heading speed right_side points why",
}
"""What a board has beyond the contract, so that what is on screen can be had by scripts as well."""
DEFINITIONS = {"CAL", "HALF", "ROLL126", "ROLL252", "STREAK"}


def closes(folder: Path, *, until: str | None = None) -> Path:
    """A config whose only feed is the real index closes, whole or as they were on a day."""
    source = shared_material.path("history", "index_close_2005_2025.csv")
    lines = source.read_text(encoding="utf-8").splitlines()
    kept = [lines[0], *(line for line in lines[1:] if until is None or line[:10] <= until)]
    (folder / "closes.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(
        '[[feeds]]\nprovider = "csv_file"\npath = "closes.csv"\nkind = "close"\n'
        'columns = { IWM_px = "IWM", SPY_px = "SPY", QQQ_px = "QQQ" }\n',
        encoding="utf-8",
    )
    return config


def row(board: dict[str, Any], table: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in board[table] if r["id"] == name)
    return found


def test_the_demo_board_has_every_key_of_the_contract(demo: dict[str, Any]) -> None:
    assert demo.keys() >= KEYS
    assert demo["schema"] == 2
    assert demo["mode"] == "demo"
    assert demo["session"].keys() >= {"phase", "next_change", "early_close"}
    for table, keys in ROWS.items():
        assert demo[table], table
        for entry in demo[table]:
            assert entry.keys() >= set(keys.split()), (table, entry.get("id"))
    for table, keys in ADDED.items():
        for entry in demo[table]:
            assert entry.keys() >= set(keys.split()), (table, entry.get("id"))
    assert [t["preset"] for t in demo["rotation"]] == ["weekly", "daily"]
    assert demo["leaders"].keys() == {"HALF", "YTD"}
    assert demo["periods"] == {}
    pairs = {s["id"]: s for s in demo["spreads"]}
    assert pairs["IWM-SPY"]["basis"] == pairs["RUT-SPX"]["basis"] == "price"
    assert pairs["IWM-SPY"]["total"]["windows"].keys() == WINDOWS
    assert pairs["IWM-SPY"]["total"]["windows"]["1Y"] != pairs["IWM-SPY"]["total"]["price"]["1Y"]
    assert pairs["RUT-SPX"]["total"]["why"] == "no dividend-adjusted closes of RUT and SPX"
    assert all(0 <= count <= 4 for count in demo["leaders"].values())
    for table in ("tickers", "spreads", "sectors"):
        assert all(entry["windows"].keys() == WINDOWS for entry in demo[table])
    assert all(entry["widest_since"].keys() == DEFINITIONS for entry in demo["spreads"])
    assert [t["id"] for t in demo["tickers"]] == ["RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "QQQ", "RSP", "IJR"]
    assert [s["id"] for s in demo["spreads"]] == ["RUT-SPX", "IWM-SPY", "IWM-QQQ", "IJR-SPY", "RSP-SPY"]
    assert len(demo["claims"]) == 32


@pytest.mark.slow
def test_another_seed_is_another_market(demo: dict[str, Any], tmp_path: Path) -> None:
    other = board_of(snapshot(tmp_path, "--demo", "--seed", "8", "--format", "json"))
    assert other["tickers"] != demo["tickers"]


@pytest.fixture(scope="module")
def made() -> dict[SnapshotRequest, Taken]:
    """Boards made in this process, with the histories of their pairs, by what they show."""
    return {}


@pytest.fixture
def run_again(run: Run, made: dict[SnapshotRequest, Taken], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process, where one board is made once for all formats."""
    make = program._taken

    async def once(options: Options, request: SnapshotRequest) -> Taken:
        whatever = dataclasses.replace(request, format="", columns=0, rows=0)
        if whatever not in made:
            made[whatever] = await make(options, request)
        return made[whatever]

    monkeypatch.setattr(program, "_taken", once)
    return run


def test_the_demo_board_is_the_same_in_every_process(demo: dict[str, Any], run_again: Run) -> None:
    assert json.loads(run_again("snapshot", "--demo", "--format", "json").stdout) == demo


def test_the_demo_board_fits_the_schema(demo: dict[str, Any], tmp_path: Path) -> None:
    schema = json.loads(snapshot(tmp_path, "--schema").stdout)
    jsonschema.validate(demo, schema, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**demo, "tickers": [{"id": "RUT"}]}, schema, cls=jsonschema.Draft202012Validator)


def test_published_figures_of_2025(tmp_path: Path) -> None:
    config = str(closes(tmp_path))
    past = {
        day: snapshot(tmp_path, "--config", config, "--as-of", day, "--format", "json")
        for day in ("2025-12-29", "2025-12-30", "2025-12-31")
    }
    assert {r.returncode for r in past.values()} == {3}, "RSP and IJR have no closes in that file"
    boards = {day: board_of(result) for day, result in past.items()}
    rut = {day: row(board, "tickers", "RUT") for day, board in boards.items()}
    assert rut["2025-12-30"]["windows"]["YTD"] == pytest.approx(12.13, abs=0.005)
    assert rut["2025-12-29"]["windows"]["HALF"] == pytest.approx(15.85, abs=0.005)
    assert row(boards["2025-12-29"], "tickers", "SPX")["windows"]["HALF"] == pytest.approx(11.29, abs=0.005)
    assert (rut["2025-12-31"]["record_close"], rut["2025-12-31"]["record_date"]) == (2590.61, "2025-12-11")
    spread = row(boards["2025-12-31"], "spreads", "RUT-SPX")
    assert spread["windows"]["YTD"] == pytest.approx(-5.10, abs=0.005)
    assert spread["windows"]["HALF"] == pytest.approx(3.79, abs=0.005)
    assert spread["widest_since"]["HALF"]["since"].startswith("2020")
    assert all(found["over_a_decade"] is False for found in spread["widest_since"].values())
    found = {c["id"]: c["then"]["finding"] for c in boards["2025-12-31"]["claims"]}
    assert {found[name] for name in ("C01", "C03", "C04", "C05")} == {"CONFIRMED"}
    assert (found["C06"], found["C07"]) == ("MIXED", "DENIED")


def test_nothing_after_the_date_leaks_in(tmp_path: Path) -> None:
    """The past board of the whole file is, value by value, that of a file which ends there."""
    whole, short = tmp_path / "whole", tmp_path / "short"
    boards = []
    for folder, until in ((whole, None), (short, "2020-06-05")):
        folder.mkdir()
        config = str(closes(folder, until=until))
        result = snapshot(folder, "--config", config, "--as-of", "2020-06-07", "--format", "json")
        board = board_of(result)
        assert (board["mode"], board["as_of"]) == ("as-of", "2020-06-05"), "a Sunday stands for the Friday before"
        for feed in board["feeds"]:
            feed["last_success"] = None  # the wall clock
        boards.append(board)
    assert boards[0] == boards[1]


def test_exit_codes(tmp_path: Path) -> None:
    config = str(closes(tmp_path))
    early = snapshot(tmp_path, "--config", config, "--as-of", "2004-06-01", "--format", "json")
    assert early.returncode == 4
    assert "no data at all" in early.stderr
    for day in ("1978-01-01", "1900-01-01"):  # the very start of the session table, and before it
        assert snapshot(tmp_path, "--config", config, "--as-of", day, "--format", "json").returncode == 4, day
    assert snapshot(tmp_path, "--as-of", "yesterday").returncode == 2
    beyond = snapshot(tmp_path, "--as-of", "2031-01-02")
    assert beyond.returncode == 2
    assert "is yet to come; allowed: a day up to" in beyond.stderr
    broken = tmp_path / "broken.toml"
    broken.write_text("[poll]\nopne = 3\n", encoding="utf-8")
    refused = snapshot(tmp_path, "--config", str(broken))
    assert refused.returncode == 2
    assert "broken.toml" in refused.stderr
    assert 'did you mean "open"' in refused.stderr


@pytest.mark.parametrize("kind", ["text", "csv", "svg"])
def test_other_formats_show_the_same_market(kind: str, demo: dict[str, Any], run_again: Run) -> None:
    out = run_again("snapshot", "--demo", "--format", kind).stdout
    last = row(demo, "tickers", "RUT")["last"]
    assert (repr(last) if kind == "csv" else f"{last:,.2f}") in out
    assert kind == "csv" or "simulated between a few published closes" in out.replace("&#160;", " ")


def test_a_size_without_room_draws_the_request_for_more_and_says_so(tmp_path: Path) -> None:
    result = snapshot(tmp_path, "--demo", "--size", "40x10")
    assert result.returncode == 0
    assert "needs at least 60x18" in result.stdout
    assert "40x10 has no room for a board; 60x18 is the least" in result.stderr


def test_the_csv_says_who_leads() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(FULL))))
    told = {(row["id"], row["measure"]): row["value"] for row in rows if row["table"] == "verdict"}
    leads = FULL.verdict.leads
    assert leads is not None
    assert told["leads", "side"] == leads.side.value
    assert told["leads", "half"] == repr(leads.half_pp)
    assert told["regime", "regime"] == FULL.verdict.regime.value
