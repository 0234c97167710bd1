"""What the config means: universe, paths, the line a fault points at."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from rotation_tui.cli.config_schema import config_schema
from rotation_tui.config import Config
from rotation_tui.config_fault import ConfigFault
from rotation_tui.config_load import load, parse, require_theme, universe
from rotation_tui.config_place import line_of

HERE = Path(__file__).parent


def test_a_named_file_must_exist_and_the_usual_one_need_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = tmp_path / "config.toml"
    monkeypatch.setattr("rotation_tui.config.config_path", lambda: absent)
    assert load(None).path is None
    with pytest.raises(ConfigFault, match="config init"):
        load(absent)
    absent.write_text('theme = "light"')
    assert load(None).config.theme == "light"


def test_a_file_that_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'theme = "d\xe4rk"')
    with pytest.raises(ConfigFault, match=r"latin\.toml: is not UTF-8"):
        load(tmp_path / "latin.toml")
    with pytest.raises(ConfigFault, match="cannot be read"):
        load(tmp_path)


def test_a_byte_order_mark_of_a_windows_editor_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbftheme = "light"\r\n')
    assert load(file).config.theme == "light"


def test_a_theme_may_be_a_file_beside_the_config(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "mine"')
    with pytest.raises(ConfigFault, match=r":1: theme: no theme \"mine\"; there are: .*dark"):
        load(file)
    (tmp_path / "themes").mkdir()
    (tmp_path / "themes" / "mine.toml").touch()
    assert load(file).config.theme == "mine"
    require_theme("mine", tmp_path / "themes")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("theme", 2), ("display.color", 5), ("display.ascii", 4), ("feeds[1].provider", 8),
        ("feeds[2].path", 11), ("feeds[2].kind", 10), ("feeds", 7), ("poll.open", 6), ("network.proxy", None),
        ("providers.csv.file.base_url", 13), ("layout.overview[2]", 15),
    ],
)  # fmt: skip
def test_a_key_is_found_where_it_stands(key: str, line: int | None) -> None:
    text = """# theme = "no"
theme = "dark"
[ display ]  # comment
"ascii" = true
color="256"
[poll] # open = 3 stands nowhere, so the table is meant
[[feeds]]
provider = "yahoo"
# color = 1
[[ feeds ]]
path = "x"
[providers."csv.file"]
base_url = "x"
[layout]
overview = [
  "a", 3,
]
"""
    assert line_of(key, text) == line


def test_symbols_are_canonical_and_ticker_ids_stand_for_their_symbols() -> None:
    made = universe(load(HERE / "valid" / "own_board.toml").config)
    assert [(t.id, t.symbol) for t in made.tickers] == [("SMALL", "RUT")]
    assert [(s.small, s.large) for s in made.spreads] == [("RUT", "SPY")]


def test_futures_are_lines_without_history() -> None:
    assert universe(Config()).with_bars == universe(Config()).instruments
    with_futures = universe(parse("display = { futures = true }"))
    quoted_only = set(with_futures.instruments) - set(with_futures.with_bars)
    assert {i.symbol for i in quoted_only} == {"RTY=F", "ES=F"}


def test_each_large_fund_stands_once_behind_the_small_ones() -> None:
    sectors = universe(Config()).sectors
    large = [s.id for s in sectors if s.side == "large"]
    assert large == ["XLF", "XLI", "XLV", "XLE", "XLK", "XLY", "XLP", "XLB", "XLU", "XLC", "XLRE"]
    assert sectors[-len(large) :] == tuple(s for s in sectors if s.side == "large")


def _as_schema_sees(file: Path) -> dict[str, Any]:
    """What the file holds as JSON has it: dates are text there."""
    plain: dict[str, Any] = json.loads(json.dumps(tomli.loads(file.read_text(encoding="utf-8")), default=str))
    return plain


@pytest.mark.parametrize("file", sorted(HERE.glob("valid/*.toml")), ids=lambda file: file.stem)
def test_the_schema_accepts_what_we_accept(file: Path) -> None:
    jsonschema.validate(_as_schema_sees(file), json.loads(config_schema()))


@pytest.mark.parametrize("name", ["unknown_key", "wrong_type", "poll_too_fast", "csv_wrong_kind", "feeds_as_table"])
def test_the_schema_refuses_what_has_a_wrong_form(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_as_schema_sees(HERE / "invalid" / f"{name}.toml"), json.loads(config_schema()))


def test_every_key_has_a_description_in_the_schema() -> None:
    tables = json.loads(config_schema())["$defs"]
    silent = [
        f"{table}.{key}"
        for table, definition in tables.items()
        for key, value in definition["properties"].items()
        if "description" not in value and table != "Config"
    ]
    assert silent == []
    assert "high_contrast" in tables["Config"]["properties"]["theme"]["description"]
