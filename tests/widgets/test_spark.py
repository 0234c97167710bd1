"""Sparklines: a gap is a blank, a flat line lies in the middle, the newest value stands at the right."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.widgets.spark import spark

GAPS = (None, math.nan, math.inf, -math.inf)
values = st.lists(st.one_of(st.sampled_from(GAPS), st.floats(allow_nan=False, allow_infinity=False)), max_size=80)


@given(values, st.integers(-2, 40), st.booleans())
def test_a_line_is_as_wide_as_asked_whatever_it_is_given(points: list[float | None], width: int, blocks: bool) -> None:
    line = spark(points, width, blocks=blocks)
    assert len(line) == max(0, width)
    allowed = set(" ▁▂▃▄▅▆▇█") if blocks else set(" _.-'")
    assert set(line) <= allowed


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("points", [[], [None], [math.nan, None, math.inf]])
def test_nothing_known_is_blank(points: list[float | None], blocks: bool) -> None:
    assert spark(points, 5, blocks=blocks) == "     "


@pytest.mark.parametrize(
    ("points", "in_blocks", "ascii_line"),
    [
        ([1.0, 2.0, 3.0, 4.0], "▁▃▆█", "_.-'"),
        ([4.0, 3.0, 2.0, 1.0], "█▆▃▁", "'-._"),
        ([7.0, 7.0, 7.0, 7.0], "▄▄▄▄", "...."),
        ([1.0, None, math.nan, 4.0], "▁  █", "_  '"),
        ([5.0], "   ▄", "   ."),
        ([-1e308, 1e308], "  ▁█", "  _'"),
    ],
)
def test_what_is_drawn(points: list[float | None], in_blocks: str, ascii_line: str) -> None:
    assert spark(points, 4) == in_blocks
    assert spark(points, 4, blocks=False) == ascii_line


def test_gaps_are_never_zeros() -> None:
    low = spark([100.0, None, 101.0], 3, blocks=False)
    assert low == "_ '"


def test_a_long_series_ends_at_its_last_value() -> None:
    rising = [float(n) for n in range(1_000)]
    assert spark([*rising[:-1], -1e6], 6, blocks=False)[-1] == "_"
    assert spark(rising, 8, blocks=False) == "__..--''"
