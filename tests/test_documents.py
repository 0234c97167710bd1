"""What the documents say is so: files, tests, commands, options, keys, settings, tables and the picture."""

import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
import tomli
from click.testing import CliRunner

from rotation_tui import plugins
from rotation_tui.cli import logs
from rotation_tui.cli.program import cli
from rotation_tui.config.environment import unknown_in
from rotation_tui.config.load import parse
from rotation_tui.providers.base import Provider, ProviderPart
from rotation_tui.screens.keymap import ACTIONS
from rotation_tui.screens.keys import KEYS
from tests.pictures.__main__ import tour
from tests.test_architecture import EVERYTHING, TABLE, May

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "rotation_tui"
DOCUMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "ARCHITECTURE.md", "METHODOLOGY.md", "CONTRIBUTING.md")
}
README, ARCHITECTURE = DOCUMENTS["README.md"], DOCUMENTS["ARCHITECTURE.md"]
PROGRAM = "rotation-tui"
COMMANDS_OF_OTHERS = {"python3", "uv", "uvx", "tmux", "pipx", "cp", "systemctl", "loginctl", "docker"}

_TEST_COMMAND = re.compile(r"^python3 -m venv .*pytest$", re.M)
"""As `.ci/run` finds it."""
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
_ENDINGS = (".py", ".toml", ".md", ".lock", ".svg")


def spans(text: str) -> list[str]:
    """Everything between backticks outside fenced blocks."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", plain)]


def blocks(text: str, language: str) -> list[str]:
    """Fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def paths(text: str) -> set[str]:
    """Files and folders that a document names, and the targets of its links; `file::test` as it stands."""
    named = {s for s in spans(text) if _PATH.fullmatch(s.split("::")[0])}
    named = {s for s in named if "/" in s or s.split("::")[0].endswith(_ENDINGS)}
    named = {s for s in named if not s.startswith(".venv/")}
    return named | {t for t in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in t}


def rows(text: str, header: str) -> list[list[str]]:
    """Cells of the table below a header line."""
    assert text.count(f"\n{header}\n") == 1, f"no single table {header}"
    table = text.split(f"\n{header}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def command_lines() -> list[str]:
    """Every command line of ours that README shows, in blocks and between backticks."""
    shown = [line for block in blocks(README, "sh") for part in block.splitlines() for line in part.split(" && ")]
    lines = [line.removeprefix(".venv/bin/") for line in [*shown, *spans(README)]]
    return list(dict.fromkeys(line for line in lines if line.split()[0] == PROGRAM))


def option_names() -> set[str]:
    """Every option of every command."""
    found: set[str] = set()
    commands: list[click.Command] = [cli]
    while commands:
        command = commands.pop()
        found |= {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        commands += command.commands.values() if isinstance(command, click.Group) else []
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_exists(document: str) -> None:
    named = paths(DOCUMENTS[document])
    assert named
    for path in named:
        file, _, test = path.partition("::")
        found = next((base / file for base in (ROOT, PACKAGE) if (base / file).exists()), None)
        assert found is not None, f"{document}: there is no {file}"
        assert not test or f"def {test}(" in found.read_text(encoding="utf-8"), f"{document}: there is no {path}"


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_can_be_parsed(line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program == PROGRAM
    command: click.Command = cli
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        assert arguments[0] in command.commands, f"{line}: there is no {arguments[0]}"
        command = command.commands[arguments.pop(0)]
    command.make_context(line, arguments)


def test_every_option_and_variable_that_is_named_exists() -> None:
    options = {s.split()[0] for s in spans(README) if s.startswith("--")}
    assert options
    assert options <= option_names()
    others = "MATERIAL=|COMPLETE="  # the tests' and click's
    for variable in re.findall(rf"ROTATION_TUI_(?!{others})(\w+)", README):
        is_key = not unknown_in({f"ROTATION_TUI_{variable}": ""})
        assert is_key or "--" + variable.lower().replace("_", "-") in option_names()


def test_only_programs_that_a_reader_has_are_called() -> None:
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    first = {part.split()[0] for line in lines for part in line.split(" && ")}
    assert {name for name in first if not name.startswith(".venv/bin/")} <= COMMANDS_OF_OTHERS | {PROGRAM}


def test_one_line_is_the_test_command() -> None:
    assert len(_TEST_COMMAND.findall(README)) == 1
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"grep -E '{_TEST_COMMAND.pattern}' README.md" in gate
    extras = set(re.findall(r"\.\[(\w+)\]", README))
    assert extras <= set(tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])


def test_the_key_table_is_that_of_the_program() -> None:
    expected = [[f"`{k.shown}`", k.words] for k in KEYS if k.words]
    table = "\n".join(f"| {key} | {words} |" for key, words in expected)
    assert rows(README, "| key | does |") == expected, f"the table should be\n{table}"


def test_every_action_that_a_key_can_be_given_is_named() -> None:
    listed = README.split("What keys do is called ")[1].split("\n\n")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == ACTIONS


@pytest.mark.parametrize("block", blocks(README, "toml"))
def test_every_piece_of_config_is_accepted(block: str) -> None:
    parse(block)


def test_each_networked_source_is_named_with_its_budget() -> None:
    parts: list[ProviderPart[Provider]] = [
        plugins.load("rotation_tui.providers", name, "PROVIDER")
        for name in plugins.declaring("rotation_tui.providers", "PROVIDER")
    ]
    budgets = {f"`{p.name}`": f"{p.endpoint.max_per_hour} times an hour" for p in parts if p.endpoint is not None}
    assert {feed: budget for feed, _, budget in rows(README, "| feed | gives | asked at most |")} == budgets
    assert {s for s in spans(README) if s in {p.name for p in parts}} == {p.name for p in parts}


def test_each_theme_and_marker_is_named() -> None:
    themes = {file.stem for file in (ROOT / "themes").glob("*.toml")}
    assert themes <= set(spans(README))
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = {line.split(":")[0] for line in project["tool"]["pytest"]["ini_options"]["markers"]}
    assert markers <= set(spans(README))


def test_the_import_table_is_the_law() -> None:
    expected = [_import_row(name, may) for name, may in TABLE.items()]
    assert rows(ARCHITECTURE, "| package | own packages | third party | why |") == expected


def _import_row(name: str, may: May) -> list[str]:
    own = "everything" if may.own == EVERYTHING else ", ".join(may.own) or "-"
    return [name, own, ", ".join(may.others) or "-", may.because]


def picture_text(svg: str) -> list[str]:
    """The texts of a picture in reading order."""
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.whole
def test_the_picture_is_what_the_program_draws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    command = next(line for line in command_lines() if "svg" in line)
    try:
        drawn = CliRunner().invoke(cli, shlex.split(command)[1:])
    finally:
        logs.stop()
    assert drawn.exit_code == 0, drawn.output
    file, film = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    kept = (ROOT / file).read_text(encoding="utf-8")
    assert picture_text(kept) == picture_text(drawn.stdout), f"made anew by: {command} > {file}"
    shown = (ROOT / film).read_text(encoding="utf-8")
    assert len(shown) < 1_000_000
    assert picture_text(shown) == picture_text(tour()), "made anew by: python -m tests.pictures"
