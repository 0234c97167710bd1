"""`chart` as scripts and mails use it: exact in size, plain unless colours are asked for, and about what was named."""

import re
from pathlib import Path

import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers import simulated
from tests.cli.conftest import Run

pytestmark = pytest.mark.whole

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Symbols whose history is asked for."""
    symbols: set[str] = set()
    bars = simulated.Simulated.bars

    async def noted(self: simulated.Simulated, instrument: Instrument, *rest: object) -> object:
        symbols.add(instrument.symbol)
        return await bars(self, instrument, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(simulated.Simulated, "bars", noted)
    return symbols


def test_a_pair_is_drawn_in_its_size_and_nothing_else_is_asked_for(run: Run, asked: set[str]) -> None:
    result = run("chart", "IWM/SPY", "--demo", "--size", "72x18")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.removesuffix("\n").split("\n")
    assert len(lines) == 18
    assert {len(line) for line in lines[1:-1]} == {72}
    assert re.fullmatch(r"IWM/SPY 1Y to 2025-12-29: 0\.3594, -4\.1 %, mean of 200 sessions \(·\)…", lines[0])
    assert "·" in result.stdout.split("\n", 1)[1]
    assert "⡇" in result.stdout
    assert "Nov" in lines[-1]
    assert asked == {"IWM", "SPY"}


def test_colours_are_those_of_the_theme_and_only_where_they_are_asked_for(run: Run) -> None:
    arguments = ("chart", "RUT-SPX", "--demo", "--frame", "ytd", "--size", "60x12")
    plain, *coloured = (run(*arguments, *more).stdout for more in ((), ("--color", "256"), ("--color", "16")))
    assert "\x1b" not in plain
    for text, codes in zip(coloured, ({"38;5;110", "38;5;247"}, {"36", "39"}), strict=True):
        assert ESCAPE.sub("", text) == plain
        assert set(re.findall(r"\x1b\[([0-9;]*)m", text)) == codes | {"0"}


@pytest.mark.slow
def test_in_ascii_and_in_one_symbol_and_at_any_size(run: Run) -> None:
    titles = {"60x14": "RUT 5Y to 2025-12-29", "20x6": "RUT 5Y to~", "9x3": "RUT 5Y", "1x1": ""}  # no part of a date
    for size, title in titles.items():
        result = run("chart", "rut", "--demo", "--frame", "5Y", "--size", size, "--ascii")
        assert result.exit_code == 0
        assert result.stdout.isascii()
        assert result.stdout.startswith(title)
        assert ("20x6 is the least" in result.stderr) is (size in ("9x3", "1x1"))
    assert "?" not in run("chart", "IWM", "--demo", "--ascii").stdout


def test_what_is_no_pair_or_has_no_history_says_why(run: Run, tmp_path: Path) -> None:
    assert run("chart", "VIX/SPY", "--demo").exit_code == 2
    assert "different units" in run("chart", "VIX/SPY", "--demo").stderr
    (tmp_path / "closes.csv").write_text("Date,IWM\n2025-01-02,1.5\n2025-01-03,1.6\n")
    (tmp_path / "c.toml").write_text('[[feeds]]\nprovider = "csv_file"\npath = "closes.csv"\nkind = "close"\n')
    result = run("chart", "SPY", "--config", str(tmp_path / "c.toml"))
    assert result.exit_code == 4
    assert result.stderr.startswith("rotation-tui: no history of SPY")
    assert run("chart", "IWM", "--config", str(tmp_path / "c.toml")).exit_code == 0
