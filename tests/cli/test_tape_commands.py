"""`record`, `replay` and `alerts test --tape` on the command line: what they print, refuse and end with."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.tape.files import Session

ALERTS = """
[[alerts]]
name = "high"
when = "RUT.last > 150"
rest = ""

[[alerts]]
name = "never"
when = "RUT.last > 1000"
"""


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """Prices from 100 to 200, a second apart."""
    path = tmp_path / "session.tape"
    session = Session(path).begin()
    for price in range(100, 201):
        session.tick(float(price))
    session.end()
    return path


def last(printed: str) -> float:
    board = json.loads(printed)
    assert board["mode"] == "replay"
    value: float = next(row["last"] for row in board["tickers"] if row["id"] == "RUT")
    return value


@pytest.mark.parametrize(
    ("to", "price"),
    [(None, 200.0), ("10:00:31", 130.0), ("+1m1s", 160.0), ("2026-03-02T15:00:11Z", 110.0), ("23:00", 200.0)],
)
def test_the_board_of_any_time_is_printed(run: Run, tape: Path, to: str | None, price: float) -> None:
    result = run("replay", "--format", "json", *(("--to", to) if to else ()), str(tape))
    assert last(result.stdout) == price
    assert "2026-03-02 15:00:00 to " in result.stderr
    assert "no answer was known" in result.stderr  # of 30 closes none follows


def test_csv_and_text_are_printed_as_of_a_snapshot(run: Run, tape: Path) -> None:
    assert "RUT" in run("replay", "--format", "csv", "--table", "tickers", str(tape)).stdout
    text = run("replay", "--format", "text", str(tape)).stdout
    assert "REPLAY" in text.splitlines()[0]


def test_what_alerts_would_have_told_is_told_with_its_moment(run: Run, tape: Path, home: Path) -> None:
    config = home / "alerts.toml"
    config.write_text(ALERTS)
    result = run("alerts", "test", "--tape", str(tape), "--config", str(config))
    assert result.exit_code == 0
    told, summary = result.stdout.splitlines()
    assert told.startswith("2026-03-02 15:00:52 UTC  high: RUT.last 151")
    assert summary.endswith("2026-03-02 15:00 to 2026-03-02 15:01 UTC; 1 rule silent")
    in_json = json.loads(run("alerts", "test", "--tape", str(tape), "--config", str(config), "--format", "json").stdout)
    assert [firing["alert"] for firing in in_json] == ["high"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("record", "--for", "3s", "x.tape"), "they need --headless"),
        (("record", "--headless", "--for", "soon", "x.tape"), "allowed: a time above 0, such as 45s, 90m or 6h30m"),
        (("record", "--headless", "--for", "0s", "x.tape"), "allowed: a time above 0"),
        (("record", "--keep", "3", "x.tape"), "it needs --daily or --max-size"),
        (("record", "--seed", "3", "x.tape"), "they need --demo"),
        (("replay", "--to", "14:30", "x.tape"), "it needs --format"),
        (("replay", "--table", "tickers", "--format", "json", "x.tape"), "it needs --format csv"),
        (("alerts", "test", "--tape", "x.tape", "--demo"), "without --from, --to and --demo"),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize("command", [("replay", "--format", "json"), ("alerts", "test", "--tape")])
def test_a_file_that_cannot_be_read_is_named(run: Run, home: Path, command: tuple[str, ...]) -> None:
    missing = home / "gone.tape"
    result = run(*command, str(missing))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"rotation-tui: {missing} cannot be read: No such file or directory\n"


def test_a_time_that_is_none_is_refused_with_those_that_are(run: Run, tape: Path) -> None:
    result = run("replay", "--format", "json", "--from", "noon", str(tape))
    assert result.exit_code == 2
    assert result.stderr.startswith('rotation-tui: "noon" is no time of a tape; allowed: 14:30')


def test_without_a_terminal_a_replay_says_what_does_without(run: Run, tape: Path) -> None:
    result = run("replay", str(tape))
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr
