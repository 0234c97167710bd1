"""The golden cases are part of the project: there, told apart, and each with an answer."""

import json
from pathlib import Path

CASES = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))


def test_every_case_has_an_id_of_its_own_and_an_answer() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids)) >= 76
    for case in CASES:
        assert set(case) - {"reason"} == {"id", "title", "input", "output", "note"}, case["id"]
        assert case.get("reason") != "", case["id"]
