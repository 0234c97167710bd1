"""How numbers and sentences are written."""

import pytest

from rotation_tui.domain.wording import bare, clipped, signed


@pytest.mark.parametrize(
    ("text", "width", "seen"),
    [
        ("realised 23.5 vs 9.1 %", 30, "realised 23.5 vs 9.1 %"),
        ("realised 23.5 vs 9.1 %", 16, "realised 23.5…"),
        ("realised 23.5 vs 9.1 %", 14, "realised 23.5…"),
        ("realised 23.5 vs 9.1 %", 13, "realised…"),
        ("all muted: unprofitable", 12, "all muted…"),
        ("unprofitable", 6, "unpro…"),
    ],
)
def test_a_clipped_sentence_ends_with_a_whole_word(text: str, width: int, seen: str) -> None:
    assert clipped(text, width) == seen


@pytest.mark.parametrize(("value", "told"), [(0.5, "0.5"), (-0.54, "−0.5"), (-0.01, "0.0"), (12, "12.0")])
def test_a_number_has_the_minus_of_the_others(value: float, told: str) -> None:
    assert bare(value) == told
    assert signed(value).endswith(told)
