"""Where tests find the recordings, shapes and history that are not part of this project."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared"


def path(*parts: str) -> Path:
    """Path below the shared folder; skips the test where it is absent, fails it in CI."""
    found = ROOT.joinpath(*parts)
    if not found.exists():
        message = f"{'/'.join(parts)} is not beside this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found
