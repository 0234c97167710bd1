"""Absent material: a skip for whoever has a checkout alone, a failure in the project's own gate."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import shared_material

ROOT = Path(__file__).resolve().parents[1]
OUTCOME = """
import pathlib, _pytest.outcomes
from tests import shared_material
shared_material.ROOT = pathlib.Path("nowhere")
try:
    shared_material.path("history")
except _pytest.outcomes.OutcomeException as outcome:
    print(type(outcome).__name__, outcome)
"""


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [({}, "Skipped"), ({"CI": "true"}, "Skipped"), ({"ROTATION_TUI_MATERIAL": "required"}, "Failed")],
)
def test_absent_material_fails_where_it_is_required_and_nowhere_else(environment: dict[str, str], outcome: str) -> None:
    outside = {name: value for name, value in os.environ.items() if name not in ("CI", "ROTATION_TUI_MATERIAL")}
    run = subprocess.run(
        [sys.executable, "-c", OUTCOME], cwd=ROOT, env=outside | environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == f"{outcome} history is not beside this checkout"


def test_what_is_there_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    monkeypatch.setattr(shared_material, "ROOT", tmp_path)
    assert shared_material.path("history") == tmp_path / "history"


def test_the_gate_requires_it() -> None:
    assert "\nexport ROTATION_TUI_MATERIAL=${ROTATION_TUI_MATERIAL:-required}\n" in (ROOT / ".ci" / "run").read_text()
