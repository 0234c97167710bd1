"""Variables of the environment: one for every key, found from the types, before the file and behind the options."""

import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from click.testing import CliRunner

from rotation_tui.cli.program import cli
from rotation_tui.config.environment import PREFIX, names, set_in, unknown_in
from rotation_tui.config.load import load
from rotation_tui.config.schema import Config, as_plain
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.types import fields_of, table_of

DEFAULTS = as_plain(Config())


def keys() -> list[str]:
    """Every key that no list has, as the file has it."""
    found = []
    for table, kind in fields_of(Config).items():
        inner = table_of(kind)
        found += [table] if inner is None else [f"{table}.{name}" for name in fields_of(inner)]
    return found


def written(value: Any) -> str:
    """As it stands behind `=` in a file; text without quotes."""
    return value if isinstance(value, str) else tomli_w.dumps({"v": value}).partition("=")[2].strip()


@pytest.mark.parametrize("key", keys())
def test_every_key_has_its_variable_in_which_its_default_means_the_same(key: str, tmp_path: Path) -> None:
    name = PREFIX + key.replace(".", "_").upper()
    assert name in names()
    value: Any = DEFAULTS
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value not in (None, "", {}, []):
        inline = msgspec.json.encode(value).decode() if key in ("feeds", "tickers", "spreads", "sectors") else None
        text = written(value) if inline is None else tables(value)
        loaded = load(empty(tmp_path), {name: text})
        assert loaded.config == Config()
        assert loaded.variables == {key: name}


def tables(rows: list[dict[str, Any]]) -> str:
    """A list of tables in one line."""
    inner = ("{ " + ", ".join(f"{k} = {written_in(v)}" for k, v in row.items()) + " }" for row in rows)
    return f"[{', '.join(inner)}]"


def written_in(value: Any) -> str:
    if value == {}:
        return "{}"
    return tomli_w.dumps({"v": value}).partition("=")[2].strip()


def empty(folder: Path, text: str = "") -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


def test_a_variable_comes_before_the_file_and_the_rest_of_a_table_stays(tmp_path: Path) -> None:
    file = empty(tmp_path, '[display]\ntimes = "local"\nascii = true\n')
    display = load(file, {"ROTATION_TUI_DISPLAY_TIMES": "exchange"}).config.display
    assert (display.times, display.ascii) == ("exchange", True)


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("POLL_OPEN", "45", "poll.open", 45),
        ("DISPLAY_ASCII", "on", "display.ascii", True),
        ("DISPLAY_ASCII", "false", "display.ascii", False),
        ("DISPLAY_COLOR", "256", "display.color", "256"),
        ("LAYOUT_HIDDEN", '["feeds"]', "layout.hidden", ["feeds"]),
        ("RISK_MUTE", "{ E3 = 2030-01-31 }", "risk.mute", {"E3": datetime.date(2030, 1, 31)}),
        ("FEEDS", '[{ provider = "cboe" }]', "feeds", [{"provider": "cboe"}]),
        ("PROVIDERS_FRED_CONTACT", "me@example.com", "providers.fred.contact", "me@example.com"),
        ("PROVIDERS_FRED_TIMEOUT_S", "3", "providers.fred.timeout_s", 3),
        ("CHANNELS_PHONE_URL", "https://ntfy.example/x", "channels.Phone.url", "https://ntfy.example/x"),
    ],
)
def test_values_are_written_as_in_the_file_and_text_without_quotes(name: str, text: str, key: str, value: Any) -> None:
    (found,) = set_in({PREFIX + name: text}, {"channels": {"Phone": {}}})
    assert (found.key, found.value, found.why_not) == (key, value, None)


def test_one_that_is_empty_counts_as_none() -> None:
    assert list(set_in({"ROTATION_TUI_POLL_OPEN": ""}, {})) == []


@pytest.mark.parametrize("text", ["[1", "1\nx = 2", "3 apples", "}"])
def test_what_is_no_value_is_refused_by_the_name_of_the_variable(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigFault, match=r"^ROTATION_TUI_POLL_OPEN: poll.open: is no value; allowed: "):
        load(empty(tmp_path), {"ROTATION_TUI_POLL_OPEN": text})


def test_what_a_variable_may_not_say_is_refused_as_in_the_file(tmp_path: Path) -> None:
    env = {"ROTATION_TUI_POLL_OPEN": "0.01", "ROTATION_TUI_FEEDS": '[{ provider = "yahooo" }]'}
    with pytest.raises(ConfigFault) as refused:
        load(empty(tmp_path), env)
    said = [str(one) for one in refused.value.every]
    assert any(one.startswith("ROTATION_TUI_POLL_OPEN: poll.open: 0.01 does not fit") for one in said)
    assert any(one.startswith('ROTATION_TUI_FEEDS: feeds[1].provider: no provider "yahooo"') for one in said)


def test_what_stands_for_nothing_is_known() -> None:
    env = {"ROTATION_TUI_POLL_OPE": "1", "ROTATION_TUI_POLL_OPEN": "1", "PATH": "", "ROTATION_TUI_PROVIDERS_X_Y": "1"}
    assert unknown_in(env) == ("ROTATION_TUI_POLL_OPE", "ROTATION_TUI_PROVIDERS_X_Y")


def test_config_check_names_it_with_the_nearest_and_goes_on(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        cli,
        ["config", "check", "--config", str(empty(tmp_path))],
        env={"ROTATION_TUI_POLL_OPE": "1", "ROTATION_TUI_THEME": "dark", "ROTATION_TUI_LOG_LEVEL": "info"},
    )
    assert told.exit_code == 0
    assert 'ROTATION_TUI_POLL_OPE: no option and no key has this variable, did you mean "ROTATION_TUI_POLL_OPEN"?' in (
        told.output
    )
    assert "ROTATION_TUI_LOG_LEVEL:" not in told.output


def test_config_check_tells_every_fault_and_ends_with_2(tmp_path: Path) -> None:
    file = empty(tmp_path, "[poll]\nopen = 0\nclosed = 0\n")
    told = CliRunner().invoke(cli, ["config", "check", "--config", str(file)], env={"ROTATION_TUI_POLL_PRE_POST": "0"})
    assert told.exit_code == 2
    for place in (f"{file}:2: poll.open", f"{file}:3: poll.closed", "ROTATION_TUI_POLL_PRE_POST: poll.pre_post"):
        assert place in told.output


def test_config_show_says_where_each_value_comes_from(tmp_path: Path) -> None:
    file = empty(tmp_path, "[poll]\nopen = 5\npre_post = 6\n[display]\nfutures = true\n")
    env = {"ROTATION_TUI_POLL_OPEN": "7", "ROTATION_TUI_ASCII": "1", "ROTATION_TUI_LAYOUT_OVERVIEW": '["indexes"]'}
    told = CliRunner().invoke(cli, ["config", "show", "--config", str(file), "--theme", "light"], env=env)
    assert told.exit_code == 0
    comments = {
        line.partition(" = ")[0]: line.partition("  # ")[2] for line in told.output.splitlines() if "  # " in line
    }
    assert comments == {
        "theme": "--theme",
        "ascii": "ROTATION_TUI_ASCII",
        "futures": "config.toml:5",
        "open": "ROTATION_TUI_POLL_OPEN",
        "pre_post": "config.toml:3",
        "overview": "ROTATION_TUI_LAYOUT_OVERVIEW",
    }
    again = empty(tmp_path, told.output.partition("\n")[2] if told.output.startswith("#") else told.output)
    assert load(again, {}).config.poll.open == 7
