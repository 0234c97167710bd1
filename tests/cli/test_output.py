"""What comes from outside never drives the terminal behind standard output or standard error, and data stay true."""

import ast
import csv
import io
import json
import re
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.cli import output
from rotation_tui.cli.output import in_json, in_toml, shown
from rotation_tui.widgets.spreadsheet import in_cell
from tests.cli.conftest import Run

BAD = "\x1b]52;c;SU5K\x07\x9b2J\x7f\u202e"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
CODE = Path(output.__file__).resolve().parents[1]

texts = st.text(st.characters(codec="utf-8", include_characters="\x1b\x9b\u202e\U000e0001[]=\n"))


@given(texts)
def test_no_text_for_people_drives_a_terminal(text: str) -> None:
    assert not OBEYED.search(shown(text))
    assert shown(text).count("\n") == text.count("\n")


@given(st.lists(texts))
def test_json_and_toml_mean_the_same_and_drive_no_terminal(values: list[str]) -> None:
    import msgspec
    import tomli_w

    as_json, as_toml = in_json(msgspec.json.encode(values).decode()), in_toml(tomli_w.dumps({"a": values}))
    assert not OBEYED.search(as_json + as_toml)
    assert json.loads(as_json) == values
    assert tomli.loads(as_toml) == {"a": values}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+1", "'+1"), ("-x", "'-x"), ("-5.3", "-5.3"),
        ("-1e-05", "-1e-05"), ("\x1b=1", "'=1"), ("IWM", "IWM"), ("", ""), ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula(text: str, cell: str) -> None:
    assert in_cell(text) == cell


@pytest.fixture
def hostile(home: Path) -> str:
    """A config whose names hold what a terminal obeys."""
    file = home / "bad.toml"
    escaped = "".join(f"\\u{ord(c):04x}" for c in BAD)
    file.write_text(
        f'sectors = []\n[[feeds]]\nprovider = "csv_file"\nname = "F{escaped}"\npath = "none.csv"\nkind = "close"\n'
        f'[[tickers]]\nid = "=I{escaped}"\nsymbol = "IWM"\n[[spreads]]\nid = "S"\nsmall = "IWM"\nlarge = "SPY"\n'
    )
    return str(file)


@pytest.mark.parametrize(
    "command",
    [
        ("config", "show"),
        ("config", "check"),
        ("config", "locate"),
        ("doctor",),
        ("snapshot", "--timeout", "0.1"),
        ("snapshot", "--timeout", "0.1", "--format", "csv"),
        ("snapshot", "--timeout", "0.1", "--format", "json"),
        ("snapshot", "--timeout", "0.1", "--format", "svg"),
        ("snapshot", "--as-of", BAD),
        ("snapshot", f"--{BAD}"),
        (f"no{BAD}",),
        ("--theme", BAD, "config", "check"),
    ],
    ids=lambda command: " ".join(command).replace(BAD, "BAD"),
)
def test_no_command_hands_on_what_a_terminal_obeys(run: Run, hostile: str, command: tuple[str, ...]) -> None:
    result = run("--config", hostile, *command)
    assert not OBEYED.search(result.stdout + result.stderr)
    assert result.exit_code in (0, 2, 3, 4)


def test_a_row_of_the_csv_is_what_it_was_but_for_formulas(run: Run, hostile: str) -> None:
    rows = list(
        csv.reader(io.StringIO(run("--config", hostile, "snapshot", "--timeout", "0.1", "--format", "csv").stdout))
    )
    assert rows[1][:3] == ["ticker", "'=I]52;c;SU5K2J", "last"]


@pytest.mark.whole
def test_there_is_one_door() -> None:
    doors = {"cli/output.py", "terminal/driver.py", "app/picture.py"}  # the self-check of tests; a page in memory
    for file in CODE.rglob("*.py"):
        if str(file.relative_to(CODE)) in doors:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            assert name not in ("print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write"), (
                file,
                name,
            )
