"""What the config means: universe, paths, the line a fault points at."""

import json
import os
import random
import re
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli

from rotation_tui.cli.schemas import config_schema
from rotation_tui.config.load import load, parse, require_theme
from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import shipped

HERE = Path(__file__).parent


def test_a_named_file_must_exist_and_the_usual_one_need_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = tmp_path / "config.toml"
    monkeypatch.setattr("rotation_tui.config.schema.config_path", lambda: absent)
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "dark"\n[poll]\nopen = ' + "9" * 5000, r":3: holds a number, date or time that cannot be read"),
        ("[poll]\nopen = 0x" + "f" * 5000, r":2: poll.open: a number of thousands of figures does not fit"),
        ("\nx = " + "[" * 2000 + "]" * 2000, r":2: lists or tables stand too deep in each other"),
        ("\nx = " + "{a=" * 2000 + "1" + "}" * 2000, r":2: lists or tables stand too deep in each other"),
        ('[network]\nca_file = "~nobody-of-this-name/x"', r":2: network\.ca_file: .* a user whose home is not known"),
        ('[[feeds]]\nprovider = "csv_file"\npath = "~nobody-of-this-name/x"', r":3: feeds\[1\]\.path: .* a user whose"),
        ('[[feeds]]\nprovider = "csv_file"\npath = "a\\u0000b"', r":3: feeds\[1\]\.path: .* character that no path"),
        ("# " + "x" * 1_000_000, r"more than 1000 kB"),
    ],
    ids=["figures", "a number", "lists", "tables", "a home", "the home of a file", "a path", "a long file"],
)
def test_what_no_reader_can_take_is_a_fault_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigFault, match=words):
        load(file)


def test_a_config_from_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text('theme = "light"'))
    writer.start()
    assert load(pipe).config.theme == "light"
    writer.join()


VALUES = (
    "nan", "-inf", "1e400", '""', '"\\u0000"', '"~nobody/x"', "1979-05-27", "0001-01-01", "9999-12-31", "07:32:00",
    "[]", "{}", "true", "-1", "0", '"a' * 3, "[[1]]", "{a={b=1}}", "99999999999999999999", '"http://[::1"',
    '"http://a:99999"', "9" * 5000, "[" * 500 + "]" * 500, "0x" + "f" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_a_config_fault_comes_of_a_spoilt_file(seed: int) -> None:
    rng = random.Random(seed)
    example = re.sub(
        r"(?m)^#(?=(?!ca_file)[a-z_]+ = |\[)", "", shipped("config.example.toml").read_text(encoding="utf-8")
    )
    places = list(re.finditer(r"(?m)^\w+ = (.*)$", example))
    for _ in range(25):
        place = rng.choice(places)
        spoilt = example[: place.start(1)] + rng.choice(VALUES) + example[place.end(1) :]
        at = rng.randrange(len(spoilt))
        spoilt = spoilt if rng.random() < 0.6 else spoilt[:at] + rng.choice("[{\"'\0\x1b=.") + spoilt[at + 1 :]
        with suppress(ConfigFault):
            universe(parse(spoilt))


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


def test_the_schema_calls_a_source_a_feed_whatever_its_class_is_called() -> None:
    schema = json.loads(config_schema())
    assert schema["$defs"]["Config"]["properties"]["feeds"]["items"] == {"$ref": "#/$defs/Feed"}
    assert schema["$defs"]["Feed"]["title"] == "Feed"


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
