"""Whole boards of the demo and of past days stay what they were, until a change means to change them."""

import json
from pathlib import Path

import pytest

from tests.golden.boards import FILE, NAMES, digest, digests

KEPT = json.loads(FILE.read_text(encoding="utf-8"))
OFTEN = {"demo 7", "real 2025-12-30"}


@pytest.mark.parametrize(
    "name", [name if name in OFTEN else pytest.param(name, marks=pytest.mark.slow) for name in NAMES]
)
@pytest.mark.whole
def test_a_board_is_what_it_was(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = digests(name, tmp_path, monkeypatch)
    assert found == KEPT[name], "meant? then python -m tests.golden.boards, and the reason into the commit"


def test_a_digest_tells_values_apart() -> None:
    values: tuple[object, ...] = (
        {"a": None},
        {"a": 0},
        {"a": 0.5},
        {"a": 0.50000001},
        {"a": "0.5"},
        {"a": [0.5]},
        {"b": 0.5},
        {"a": []},
    )
    assert len({digest(value) for value in values}) == len(values)
    assert digest({"a": 1 / 3}) == digest({"a": 1 / 3 + 1e-15})
