"""Bars in columns: the largest fills the height, what is there is seen, what is unknown is not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.widgets import figures
from rotation_tui.widgets.columns import bars
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs


@given(
    st.lists(st.none() | st.floats(), max_size=50), st.integers(1, 8), st.sampled_from([UNICODE, ASCII]), st.booleans()
)
def test_every_line_has_a_character_a_column(
    sizes: list[float | None], height: int, glyphs: Glyphs, hanging: bool
) -> None:
    lines = bars(sizes, height, glyphs, hanging=hanging)
    assert len(lines) == height
    assert all(len(line) == len(sizes) for line in lines)
    assert glyphs is UNICODE or all(line.isascii() for line in lines)
    foot = lines[0] if hanging else lines[-1]
    for size, here in zip(sizes, foot, strict=True):
        seen = size is not None and math.isfinite(size) and size > 0
        assert (here != " ") == seen


def test_the_largest_fills_the_height_and_half_of_it_half() -> None:
    assert bars([8.0, 4.0, None, 1.0], 2, UNICODE) == ("█   ", "██ ▂")
    assert bars([8.0, 4.0, None, 1.0], 2, UNICODE, hanging=True) == ("⣿⣿ ⠉", "⣿   ")
    assert bars([8.0, 4.0, 0.0, 1.0], 2, ASCII) == ("#   ", "## .")
    assert bars([8.0, 4.0, 0.0, 1.0], 2, ASCII, hanging=True) == ("## '", "#   ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "?"), (0.0, "0"), (999.0, "999"), (1000.0, "1.00k"), (34_567_890.0, "34.6m"), (999_700.0, "1.00m"),
     (1.5e9, "1.50bn"), (123e9, "123bn"), (2e12, "2.00tn")],
)  # fmt: skip
def test_large_numbers_have_three_digits_and_a_word(value: float | None, text: str) -> None:
    assert figures.short(value) == text
