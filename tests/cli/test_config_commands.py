"""`config init|check|show|schema|locate`."""

import json
from pathlib import Path

import pytest

from rotation_tui.config.load import parse
from rotation_tui.config.schema import Config
from rotation_tui.toml_file.read import shipped
from tests.cli.conftest import Run

EXAMPLE = shipped("config.example.toml").read_text(encoding="utf-8")


def test_init_writes_the_example_to_the_usual_place(run: Run, home: Path) -> None:
    file = home / "config" / "rotation-tui" / "config.toml"
    assert run("config", "init").output == f"{file}\n"
    assert file.read_text(encoding="utf-8") == EXAMPLE
    assert run("config", "check").output == f"OK {file}\n"


@pytest.mark.parametrize("content", ["theme = 3", ""])
def test_init_never_overwrites(run: Run, home: Path, content: str) -> None:
    file = home / "mine.toml"
    file.write_text(content)
    result = run("config", "init", "--config", str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"rotation-tui: {file}: exists already; nothing was written\n"
    assert file.read_text() == content


def test_init_says_where_it_cannot_write(run: Run, home: Path) -> None:
    (home / "file").touch()
    result = run("--config", str(home / "file" / "config.toml"), "config", "init")
    assert result.exit_code == 2
    assert f"{home}/file/config.toml: cannot be written: " in result.stderr


def test_check_says_that_there_is_no_file(run: Run, home: Path) -> None:
    result = run("config", "check")
    assert result.exit_code == 0
    assert result.output == f"OK built-in defaults, there is no {home}/config/rotation-tui/config.toml\n"


def test_check_names_file_line_key_and_remedy(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text('theme = "dark"\n[poll]\nopne = 5\n')
    result = run("config", "check", ROTATION_TUI_CONFIG=str(file))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f'rotation-tui: {file}:3: poll.opne: unknown key, did you mean "open"?; allowed: open, pre_post, closed\n'
    )


def own_files(home: Path, **files: str) -> Path:
    """A config that names these files as feeds, in this order."""
    tables = ""
    for name, text in files.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
        tables += f'[[feeds]]\nprovider = "csv_file"\npath = "{name}.csv"\n'
    config = home / "mine.toml"
    config.write_text(tables)
    return config


def test_check_opens_every_file_and_says_how_it_reads_it(run: Run, home: Path) -> None:
    config = own_files(home, german="Date;IWM;SPY\n25.11.2025;295,46;705,40\n", plain="date,RUT\n2025-11-25,2410.5\n")
    result = run("config", "check", "--config", str(config))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f'OK {config}\nOK german.csv: IWM, SPY up to 2025-11-25; separator ";", decimal ",", day before month\n'
        'OK plain.csv: RUT up to 2025-11-25; separator ",", decimal "."\n'
    )


def test_check_refuses_files_that_cannot_be_read_each_with_its_place(run: Run, home: Path) -> None:
    config = own_files(
        home,
        sound="date,RUT\n2025-11-25,2410.5\n",
        foreign="date,ABC,DEF\n2025-11-25,1,2\n",
        several="Date,IWM,SPY\n03/04/2025,295.46,705.40\n",
        cells="date,IWM,SPY,QQQ\n2025-11-25,x,705.40,y\n",
        blank="date,IWM\n2025-11-25,NaN\n",
    )
    with config.open("a") as file:
        file.write('[[feeds]]\nprovider = "csv_file"\npath = "absent.csv"\n')
    result = run("config", "check", "--config", str(config))
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    for line, (number, at, words) in zip(
        said,
        [
            (2, 6, "none of its titles is a symbol of the board: ABC, DEF"),
            (3, 9, 'line 2: "03/04/2025" may be 3 April 2025'),
            (4, 12, 'line 2, column IWM: "x" is not a price (and 1 more such column)'),
            (5, 15, "holds no value at all"),
            (6, 18, "absent.csv: No such file"),
        ],
        strict=True,
    ):
        assert line.startswith(f"rotation-tui: {config}:{at}: feeds[{number}].path: ")
        assert words in line


def test_check_looks_at_the_options_too(run: Run) -> None:
    result = run("config", "check", "--theme", "drak")
    assert result.exit_code == 2
    assert result.stderr.startswith('rotation-tui: --theme: no theme "drak", did you mean "dark"')


def test_show_prints_what_is_in_effect_as_a_config_file(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text('theme = "light"\n[[feeds]]\nprovider = "yahoo"\n')
    result = run("config", "show", "--config", str(file), "--ascii")
    shown = parse(result.stdout)
    assert (shown.theme, shown.display.ascii, len(shown.feeds)) == ("light", True, 1)
    assert shown.tickers == Config().tickers
    assert "columns" not in result.stdout
    assert result.stderr == f"# {file}\n"


def test_show_prints_nothing_of_a_faulty_config(run: Run, home: Path) -> None:
    (home / "mine.toml").write_text("theme = [")
    result = run("config", "show", "--config", str(home / "mine.toml"))
    assert (result.exit_code, result.stdout) == (2, "")


def test_schema_is_json_schema_even_when_the_config_is_faulty(run: Run, home: Path) -> None:
    (home / "mine.toml").write_text("theme = [")
    result = run("config", "schema", "--config", str(home / "mine.toml"))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$ref"] == "#/$defs/Config"


def test_locate_tells_five_places_and_makes_none(run: Run, home: Path) -> None:
    lines = dict(line.split() for line in run("config", "locate").output.splitlines())
    state = f"{home}/state/rotation-tui"
    assert lines == {
        "config": f"{home}/config/rotation-tui/config.toml",
        "themes": f"{home}/config/rotation-tui/themes",
        "state": state,
        "history": f"{state}/history",
        "log": f"{state}/rotation-tui.log",
    }
    assert list(home.iterdir()) == []


def test_a_faulty_file_stays_as_it_is_whatever_is_run(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text("[display\n")
    before = file.stat()
    for command in (("check",), ("show",), ("init",), ("locate",)):
        run("config", *command, "--config", str(file))
    assert (file.read_text(), file.stat().st_mtime_ns) == ("[display\n", before.st_mtime_ns)


def test_no_password_is_printed(run: Run, home: Path) -> None:
    file = home / "mine.toml"
    file.write_text(
        '[network]\nproxy = "http://me:geheim@proxy:3128"\n[providers.fred]\nbase_url = "https://me:geheim@a.test/x"\n'
    )
    result = run("config", "show", "--config", str(file))
    assert result.exit_code == 0
    assert 'proxy = "http://me:***@proxy:3128"' in result.stdout
    assert 'base_url = "https://me:***@a.test/x"' in result.stdout
    assert "# passwords are not shown\n" in result.stderr
    assert "geheim" not in result.output


@pytest.mark.parametrize(
    "text",
    [
        '[network]\nproxy = "ftp://me:geheim@proxy:3128"\n',
        '[network]\nproxy = "me:geheim@proxy:3128"\n',
        '[network]\nproxy = ["http://me:geheim@proxy:3128"]\n',
        '[providers.fred]\nbase_url = "http://me:geheim@[x"\n',
    ],
)
def test_no_password_stands_in_what_is_wrong(run: Run, home: Path, text: str) -> None:
    file = home / "mine.toml"
    file.write_text(text)
    result = run("config", "check", "--config", str(file))
    assert result.exit_code == 2
    assert "geheim" not in result.output
    option = run("config", "check", "--proxy", "ftp://me:geheim@proxy:3128")
    assert (option.exit_code, "geheim" in option.output) == (2, False)


@pytest.mark.parametrize("name", ["user_agent", "contact"])
@pytest.mark.parametrize("value", ["a\\nX-Evil: 1", "M\u00fcller", " a"])
def test_a_name_that_cannot_be_sent_is_refused(run: Run, home: Path, name: str, value: str) -> None:
    file = home / "mine.toml"
    file.write_text(f'[providers.fred]\n{name} = "{value}"\n', encoding="utf-8")
    result = run("config", "check", "--config", str(file))
    assert result.exit_code == 2
    assert f":2: providers.fred.{name}: " in result.stderr
    assert "allowed: plain ASCII text in one line" in result.stderr


def test_a_table_of_companies_beside_the_config_is_looked_at(run: Run, home: Path) -> None:
    config, table = home / "mine.toml", home / "map.toml"
    config.write_text('theme = "dark"')
    table.write_text("[companies]\nBRKB = 1067983\n")
    result = run("config", "check", "--config", str(config))
    assert result.output == f"OK {config}\nOK {table}: 1 tickers\n"
    table.write_text('[companies]\nBRKB = "Berkshire"\n')
    result = run("config", "check", "--config", str(config))
    assert result.exit_code == 2
    assert f"{table}:2: companies.BRKB: " in result.output


def test_themes_beside_the_config_are_looked_at(run: Run, home: Path) -> None:
    config, folder = home / "mine.toml", home / "themes"
    config.write_text('theme = "dark"')
    folder.mkdir()
    (folder / "good.toml").write_text(shipped("themes/dark.toml").read_text())
    result = run("config", "check", "--config", str(config))
    assert result.output == f"OK {config}\nOK theme good\n"
    (folder / "bad.toml").write_text(shipped("themes/dark.toml").read_text().replace("[market]", '[market]\nfoo = "x"'))
    result = run("config", "check", "--config", str(config))
    assert result.exit_code == 2
    assert f"{folder / 'bad.toml'}:" in result.stderr
    assert "OK theme good" in result.stdout, "one is no reason to say nothing of the others"
