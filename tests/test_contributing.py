"""The worked examples of CONTRIBUTING.md, put where they say and held to the contract of their kind."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```", PAGE, re.M | re.S))
"""Code by the file it is for, which the first line of each block names."""
COPIED = ("rotation_tui", "tests", "themes", "pyproject.toml", "config.example.toml", "requirements.lock")

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the examples in their places, and METHODOLOGY.md written anew."""
    folder = tmp_path_factory.mktemp("project")
    for name in (*COPIED, *(page.name for page in ROOT.glob("*.md"))):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy2(ROOT / name, folder / name)
    for name, code in EXAMPLES.items():
        assert not (folder / name).exists(), f"{name} is there already"
        (folder / name).write_text(code, encoding="utf-8")
    told = run(folder, "tests.methodology")
    assert told.returncode == 0, told.stderr
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A module of the copy, or of what is installed; no material stands beside a copy."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    env = outside | {"PYTHONPATH": str(folder), "ROTATION_TUI_MATERIAL": "optional"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_block_of_python_names_its_file_and_every_kind_has_one() -> None:
    assert len(EXAMPLES) == PAGE.count("```python\n")
    folders = {str(Path(name).parent) for name in EXAMPLES}
    assert folders >= {f"rotation_tui/{kind}" for kind in ("providers", "panes", "checks")}


@pytest.mark.parametrize(
    ("files", "chosen", "at_least"),
    [
        pytest.param("tests/providers/test_contract.py tests/live/test_asking.py", "example_bank", 35, id="source"),
        pytest.param("tests/panes/test_contract.py", "records", 10, id="pane"),
        pytest.param("tests/checks/test_evaluate.py", "C7", 3, id="check"),
        pytest.param("tests/test_methodology.py", "tables_are or each_place", 2, id="methodology"),
        pytest.param(
            "tests/test_architecture.py", "not_his or no_part or grows_past or has_an_entry", 4, id="architecture"
        ),
    ],
)
def test_an_example_keeps_the_contract_of_its_kind(project: Path, files: str, chosen: str, at_least: int) -> None:
    said = run(project, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", chosen, *files.split())
    assert said.returncode == 0, said.stdout
    passed = re.search(r"(\d+) passed", said.stdout)
    assert passed is not None
    assert int(passed[1]) >= at_least, f"only {passed[0]}: is the example found?"


def test_an_example_that_breaks_its_contract_is_seen(project: Path) -> None:
    name = "rotation_tui/providers/example_bank.py"
    broken = EXAMPLES[name].replace("if row.id == INDEX", "")
    assert broken != EXAMPLES[name]
    (project / name).write_text(broken, encoding="utf-8")
    try:
        told = ("-k", "example_bank and something_else", "tests/providers/test_contract.py")
        said = run(project, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *told)
    finally:
        (project / name).write_text(EXAMPLES[name], encoding="utf-8")
    assert said.returncode == 1, said.stdout
