"""Where tests find the recordings, shapes and history that are not part of this project."""

import os
from pathlib import Path

import pytest

REQUIRED = os.environ.get("ROTATION_TUI_MATERIAL") == "required"
"""Whether absent material fails a test: `.ci/run` says so and nobody else. Read once: tests empty their environment."""
ROOT = Path(__file__).resolve().parents[2] / "shared"


def path(*parts: str) -> Path:
    """Path below the shared folder; skips the test where it is absent, fails it where it is REQUIRED."""
    found = ROOT.joinpath(*parts)
    if not found.exists():
        message = f"{'/'.join(parts)} is not beside this checkout"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    return found
