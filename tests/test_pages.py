"""The man page and the completions are those of the program, and the tools that read them take them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rotation_tui.cli.program import cli
from rotation_tui.screens.keys import KEYS
from tests import pages

MADE = pages.made()
ROTATION_TUI = Path(sys.executable).with_name("rotation-tui")

needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"there is no {name} here")
    for name in ("mandoc", "bash", "zsh", "fish")
}


@pytest.mark.parametrize("path", MADE)
def test_what_is_installed_is_of_this_program(path: str) -> None:
    there = (pages.FOLDER / path).read_text(encoding="utf-8")
    assert there == MADE[path], "made anew by: python -m tests.pages"


def test_nothing_else_is_installed_beside_them() -> None:
    assert {str(p.relative_to(pages.FOLDER)) for p in pages.FOLDER.rglob("*") if p.is_file()} == set(MADE)


def test_the_page_has_every_command_option_and_key() -> None:
    page = MADE["man/man1/rotation-tui.1"].replace("\\-", "-").replace("\\e", "\\")
    for name, command in pages.commands_of(cli):
        assert f".SS {name}" in page or name == pages.NAME
        for param in command.params:
            assert all(option in page for option in param.opts if option.startswith("--")), (name, param.name)
    assert all(f".B {key.shown}" in page for key in KEYS if key.shown)
    assert "ROTATION_TUI_LOG_FILE" in page


@needs["mandoc"]
def test_the_page_is_well_made() -> None:
    page = pages.FOLDER / "man/man1/rotation-tui.1"
    found = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True, check=False)
    assert found.stdout + found.stderr == ""


@needs["bash"]
def test_bash_completes_commands_options_and_themes(tmp_path: Path) -> None:
    (tmp_path / "rotation-tui").symlink_to(ROTATION_TUI)
    script = pages.FOLDER / pages.COMPLETIONS["bash"]
    for words, wanted in (
        (["rotation-tui", "al"], ["alerts"]),
        (["rotation-tui", "alerts", "wat"], ["watch"]),
        (["rotation-tui", "snapshot", "--for"], ["--format"]),
        (["rotation-tui", "snapshot", "--format", "sv"], ["svg"]),
        (["rotation-tui", "--theme", "blue"], ["blue_orange"]),
    ):
        given = " ".join(f"'{word}'" for word in words)
        ask = (
            f"source {script}; COMP_WORDS=({given}); COMP_CWORD={len(words) - 1}; "
            '_rotation_tui_completion rotation-tui; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        got = subprocess.run(
            ["bash", "--norc", "-c", ask], capture_output=True, text=True, check=True, env=_env(tmp_path)
        )
        assert got.stdout.split() == wanted


@needs["fish"]
def test_fish_completes_commands(tmp_path: Path) -> None:
    (tmp_path / "rotation-tui").symlink_to(ROTATION_TUI)
    script = pages.FOLDER / pages.COMPLETIONS["fish"]
    got = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C 'rotation-tui dem'"],
        capture_output=True, text=True, check=True, env=_env(tmp_path),
    )  # fmt: skip
    assert got.stdout.split("\t")[0].strip() == "demo"


@needs["zsh"]
def test_zsh_takes_the_script() -> None:
    subprocess.run(["zsh", "-n", pages.FOLDER / pages.COMPLETIONS["zsh"]], check=True)


def _env(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
