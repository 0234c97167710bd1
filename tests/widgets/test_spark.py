"""Sparklines and rulers: averaged slots, a gap is a gap, sides of the base line, and only the last cell is of now."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from rotation_tui.widgets.cells import Row, width_of
from rotation_tui.widgets.glyphs import ASCII, BRAILLE_BITS, UNICODE, Glyphs
from rotation_tui.widgets.spark import STROKES, averaged, ruler, spark

BLOCKS = replace(UNICODE, spark="blocks")
EVERY = (UNICODE, BLOCKS, ASCII)
GAPS = (None, math.nan, math.inf, -math.inf)
numbers = st.floats(allow_nan=False, allow_infinity=False)
values = st.lists(st.one_of(st.sampled_from(GAPS), numbers), max_size=80)
bases = st.one_of(st.none(), numbers, st.lists(st.one_of(st.none(), numbers), max_size=30))
glyphs = st.sampled_from(EVERY)


def text(row: Row) -> str:
    return "".join(span.text for span in row)


def drawn(points: Sequence[float | None], width: int, of: Glyphs = UNICODE, base: float | None = None) -> str:
    (row,) = spark(points, width, of, base=base)
    return text(row)


def heights(rows: Sequence[str]) -> list[list[int]]:
    """The heights of the dots in each column of dots, from the ground."""
    columns: list[list[int]] = []
    for cells in zip(*reversed(rows), strict=True):
        for side in BRAILLE_BITS:
            lit = [4 * up + y for up, cell in enumerate(cells) for y, bit in enumerate(side) if _bits(cell) & bit]
            columns.append(lit)
    return columns


def _bits(cell: str) -> int:
    return 0 if cell == " " else ord(cell) - 0x2800


def tones(row: Row) -> list[str]:
    return [span.tone for span in row for _ in span.text]


@given(values, st.integers(-2, 40), glyphs, bases, st.one_of(st.none(), numbers), st.booleans())
def test_a_line_is_as_wide_as_asked_whatever_it_is_given(
    points: list[float | None], width: int, of: Glyphs, base: float | list[float | None] | None,
    last: float | None, tall: bool,
) -> None:  # fmt: skip
    rows = spark(points, width, of, base=base, last=last, tall=tall)
    assert len(rows) == (2 if tall and of is UNICODE else 1)
    for row in rows:
        assert width_of(row) == max(0, width)
        assert all(cell_len(c) == 1 and (c.isascii() or of is not ASCII) for c in text(row))


@given(values, st.integers(1, 20), bases, st.booleans())
def test_lines_under_each_other_never_touch(
    points: list[float | None], width: int, base: float | list[float | None] | None, tall: bool
) -> None:
    rows = [text(row) for row in spark(points, width, UNICODE, base=base, last=1.0, tall=tall)]
    assert max((y for column in heights([r[:-1] for r in rows]) for y in column), default=0) < 4 * len(rows) - 1
    assert "█" not in text(spark(points, width, BLOCKS, base=base)[0])


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=200), st.integers(2, 20), glyphs, st.floats(-1e9, 1e9))
def test_what_comes_now_changes_the_last_cell_and_no_other(
    points: list[float], width: int, of: Glyphs, last: float
) -> None:
    for tall in (False, True):
        before = spark(points, width, of, base=0.0, last=points[-1], tall=tall)
        after = spark(points, width, of, base=0.0, last=last, tall=tall)
        assert [text(r)[:-1] for r in before] == [text(r)[:-1] for r in after]
        assert [tones(r)[:-1] for r in before] == [tones(r)[:-1] for r in after]
        assert "".join(text(r)[-1] for r in after).strip() == of.point


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=100), st.integers(1, 12))
def test_slots_are_averaged_and_never_sampled(points: list[float | None], count: int) -> None:
    slots = averaged(points, count)
    assert len(slots) == count
    known = [v for v in points if v is not None]
    if known:
        told = [v for v in slots if v is not None]
        assert min(known) - 1e-6 <= min(told) <= max(told) <= max(known) + 1e-6
    else:
        assert slots == [None] * count


def test_a_day_among_many_weighs_as_one() -> None:
    """A line of the last value of each slot would show the peak of one day as the height of a month."""
    assert averaged([0.0] * 9 + [10.0] + [0.0] * 10, 2) == [1.0, 0.0]
    assert averaged([1.0, None, 3.0, math.nan, None, None], 2) == [2.0, None]
    assert averaged([1.0, 2.0], 4) == [None, None, 1.0, 2.0]


@pytest.mark.parametrize("of", EVERY, ids=lambda g: g.spark)
@pytest.mark.parametrize("points", [[], [None], [math.nan, None, math.inf]], ids=repr)
def test_nothing_known_is_blank(points: list[float | None], of: Glyphs) -> None:
    assert drawn(points, 5, of) == "     "


@pytest.mark.parametrize(
    ("points", "blocks", "strokes"),
    [
        ([1.0, 2.0, 3.0, 4.0], "▁▃▅▇", "_.'\""),
        ([4.0, 3.0, 2.0, 1.0], "▇▅▃▁", "\"'._"),
        ([7.0, 7.0, 7.0, 7.0], "▄▄▄▄", "----"),
        ([1.0, None, math.nan, 4.0], "▁  ▇", '_  "'),
        ([5.0], "   ▄", "   -"),
        ([-1.0, -3.0], "  ▇▁", '  "_'),
    ],
)
def test_what_is_drawn_in_blocks_and_strokes(points: list[float | None], blocks: str, strokes: str) -> None:
    assert drawn(points, 4, BLOCKS) == blocks
    assert drawn(points, 4, ASCII) == strokes


@pytest.mark.parametrize(
    ("points", "base", "line"),
    [
        ([5.0] * 8, None, "⠤⠤⠤⠤"),
        ([5.0], None, "   ⠠"),
        ([0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0], None, "⣀⠤⠒⠤"),
        ([0.0, 0.0, None, None, 2.0, 2.0, math.nan, 2.0], None, "⣀ ⠒⠐"),
        ([2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0], 0.0, "⡒⠒⡒⠒"),
        ([-2.0, -2.0, -2.0, -2.0, -2.0, -2.0, -2.0, -2.0], 0.0, "⣂⣀⣂⣀"),
        ([None, None, None, None, None, None, 1.0, 1.0], 1.0, "⠄ ⠄⠤"),
    ],
)
def test_what_is_drawn_in_braille(points: list[float | None], base: float | None, line: str) -> None:
    assert drawn(points, 4, UNICODE, base) == line


def test_the_side_of_the_base_line_is_told_by_place_and_by_colour() -> None:
    for of in EVERY:
        (row,) = spark([3.0] * 8 + [-3.0] * 8, 8, of, base=0.0, last=-3.0)
        assert tones(row)[:3] == ["gain"] * 3
        assert tones(row)[-3:] == ["loss", "loss", "bright"]
    assert drawn([3.0, 3.0, -3.0, -3.0], 4, BLOCKS, 0.0) == "▇▇▁▁"
    assert drawn([0.0, 3.0, -3.0, 1.5], 4, ASCII, 0.0) == "-\"_'"
    assert {span.tone for span in spark([1.0, 2.0] * 3, 3, UNICODE)[0]} == {"spark"}, "no base, no better side"


def test_a_base_line_may_move() -> None:
    rising = tuple(float(n) for n in range(100))
    (row,) = spark(rising, 10, UNICODE, base=tuple(v + (20 if v < 50 else -20) for v in rising[::2]))
    assert tones(row) == ["loss"] * 5 + ["gain"] * 5
    low, high = heights([drawn(rising, 10, UNICODE, 50.0)])[0], heights([text(row)])[0]
    assert min(low) <= min(high)
    assert text(spark(rising, 10, UNICODE, base=())[0]) == drawn(rising, 10), "of what is not known nothing is drawn"


def test_a_tall_line_has_seven_heights() -> None:
    rows = spark([float(n) for n in range(14)], 7, UNICODE, tall=True)
    assert [max(column) for column in heights([text(r) for r in rows])][::2] == [0, 1, 2, 3, 4, 5, 6]
    upper, lower = spark([0.0] * 10 + [9.0] * 10, 6, UNICODE, base=0.0, last=9.0, tall=True)
    assert (text(upper)[-1], text(lower)[-1]) == ("●", " ")


def test_ten_thousand_points_in_eight_cells() -> None:
    points = tuple(math.sin(n / 1000) - 2 for n in range(10_000))
    line = drawn(points, 8)
    assert len(line) == 8
    assert {min(column) for column in heights([line])} <= {0, 1, 2}


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.booleans())
def test_a_higher_value_is_never_drawn_lower(points: list[float], tall: bool) -> None:
    apart = [v for point in points for v in (point, None)]  # no point is joined to another
    rows = [text(row) for row in spark(apart, len(points), UNICODE, tall=tall)]
    placed = [column for column in heights(rows) if column]
    assert all(len(column) == 1 for column in placed)
    by_value = sorted(zip(points, placed, strict=True))
    assert [column for _, column in by_value] == sorted(placed)


def test_lines_are_made_once_for_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    import rotation_tui.widgets.spark as module

    points = tuple(float(n % 7) for n in range(504))
    first = spark(points, 24, UNICODE, base=3.0, last=1.0)
    monkeypatch.setattr(module, "averaged", lambda *_: pytest.fail("added up again"))
    assert spark(points, 24, UNICODE, base=3.0, last=1.0) == first
    assert spark(points, 24, UNICODE, base=3.0, last=5.0)[0][:-1] == first[0][:-1]


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1), st.integers(-1, 40), glyphs)
def test_a_ruler_is_as_wide_as_asked_and_its_mark_stands_between_its_ends(
    a: float, b: float, share: float, width: int, of: Glyphs
) -> None:
    low, high = min(a, b), max(a, b)
    line = text(ruler(low + share * (high - low), low, high, width, of))
    assert len(line) == max(0, width)
    if width >= 3:
        assert (line[0], line[-1]) == (of.ruler_left, of.ruler_right)
        assert line[1:-1].count(of.point) == 1
        assert line.count(of.tick) <= (low < 0 < high)


def test_a_ruler() -> None:
    def at(value: float | None, low: float | None = -5.0, high: float | None = 5.0, of: Glyphs = UNICODE) -> str:
        return text(ruler(value, low, high, 13, of))

    assert at(-5.0) == "├●────┼─────┤"
    assert at(0.0) == "├─────●─────┤"
    assert at(2.0) == "├─────┼─●───┤"
    assert at(9.0) == "├─────┼────●┤"
    assert at(-2.0, -5.0, -1.0) == "├────────●──┤", "zero is not inside"
    assert at(3.0, 3.0, 3.0) == "├─────●─────┤"
    assert at(2.0, of=ASCII) == "|-----+-*---|"
    assert at(None) == at(1.0, None) == " " * 13


def test_strokes_are_told_from_each_other() -> None:
    assert len(set(STROKES)) == len(STROKES)
    assert STROKES.isascii()
