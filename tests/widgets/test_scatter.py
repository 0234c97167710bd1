"""The scatter: exact sizes, what hides what, labels that keep clear of each other, and gaps that stay gaps."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.widgets.cells import plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from rotation_tui.widgets.scatter import Axis, Caption, Drawn, Path, Point, ScatterChart, scatter

AXIS = Axis(-1.0, 1.0, ((-1.0, "-1.0"), (0.0, "0.0"), (1.0, "1.0")))
BARE = Axis(-1.0, 1.0)
BRAILLE = re.compile("[\u2800-\u28ff]")

wild = st.floats(allow_nan=True, allow_infinity=True)
texts = st.text(max_size=8)


def chart(*points: Point, paths: tuple[Path, ...] = (), axis: Axis = BARE) -> ScatterChart:
    return ScatterChart(axis, axis, paths, points)


def lines_of(drawn: Drawn) -> list[str]:
    return ["".join(s.text for s in row) for row in drawn.rows]


@given(
    st.lists(st.tuples(wild, wild, texts), max_size=6),
    st.integers(0, 40),
    st.integers(0, 12),
    st.sampled_from([UNICODE, ASCII]),
)
def test_any_chart_is_exactly_as_large_as_asked(
    spots: list[tuple[float, float, str]], width: int, height: int, glyphs: Glyphs
) -> None:
    points = tuple(Point(x, y, "*", label=label) for x, y, label in spots)
    path = Path(tuple((x, y) for x, y, _ in spots))
    whole = ScatterChart(AXIS, AXIS, (path,), points, (Caption("up left", -1, 1), Caption("x", 1, 0)), (0.0, 0.0))
    drawn = scatter(whole, width, height, glyphs)
    assert len(drawn.rows) == height
    for row in drawn.rows:
        assert width_of(row) == width
        assert all(s.text.isprintable() for s in row)


@pytest.mark.parametrize(
    ("x", "y", "column", "line"),
    [(-1, 1, 0, 0), (1, 1, 20, 0), (-1, -1, 0, 10), (1, -1, 20, 10), (0, 0, 10, 5), (9, -9, 20, 10), (-9, 0, 0, 5)],
)
def test_points_stand_where_their_values_are_or_at_the_edge(x: float, y: float, column: int, line: int) -> None:
    found = lines_of(scatter(chart(Point(x, y, "o")), 21, 11))
    assert [(at, text.index("o")) for at, text in enumerate(found) if "o" in text] == [(line, column)]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_drawn_and_interrupts_a_path(bad: float) -> None:
    assert not plain(scatter(chart(Point(bad, 0, "o", label="LOST"), Point(0, bad, "o")), 20, 9).rows).strip()
    whole = chart(paths=(Path(((-1, -1), (0, 0), (1, 1))),))
    broken = chart(paths=(Path(((-1, -1), (bad, 0), (1, 1))),))
    assert BRAILLE.search(plain(scatter(whole, 20, 9).rows))
    assert not plain(scatter(broken, 20, 9).rows).strip()


def test_a_path_runs_from_corner_to_corner() -> None:
    found = lines_of(scatter(chart(paths=(Path(((-1, -1), (1, 1))),)), 8, 4, ASCII))
    assert found[0].endswith(".")
    assert found[-1].startswith(".")
    assert all("." in line for line in found)


def test_the_first_path_and_the_first_point_keep_their_place() -> None:
    way = ((-1.0, 0.0), (1.0, 0.0))
    drawn = scatter(chart(paths=(Path(way, "highlight"), Path(way, "faint"))), 12, 3)
    assert {s.tone for row in drawn.rows for s in row if BRAILLE.search(s.text)} == {"highlight"}
    drawn = scatter(chart(Point(0, 0, "a", "highlight"), Point(0, 0, "b")), 11, 3)
    assert "a" in plain(drawn.rows)
    assert "b" not in plain(drawn.rows)


def test_labels_give_way_to_each_other_and_to_points() -> None:
    close = [Point(0, 0, "o", label="AAAA"), Point(0.05, 0, "o", label="BBBB"), Point(0, 0.2, "o", label="CCCC")]
    drawn = scatter(chart(*close), 41, 11)
    text = plain(drawn.rows)
    assert drawn.unplaced == ()
    assert all(text.count(name) == 1 for name in ("AAAA", "BBBB", "CCCC"))
    assert text.count("o") == 3
    assert not re.search(r"[A-C]o|o[A-C]|AB|BA|AC|CA|BC|CB", text.replace("\n", " "))


def test_a_label_without_room_is_handed_back() -> None:
    crowd = [Point(0, 0, "o", label=f"NAME{n}") for n in range(9)]
    drawn = scatter(chart(*crowd), 9, 3)
    text = plain(drawn.rows)
    assert drawn.unplaced
    for n in range(9):
        assert (f"NAME{n}" in text) is not (f"NAME{n}" in drawn.unplaced)


def test_a_label_goes_where_it_hides_no_path() -> None:
    way = Path(((0.0, 0.0), (1.0, 0.0)))
    drawn = scatter(chart(Point(0, 0, "o", label="NAME"), paths=(way,)), 41, 11)
    assert "NAME o" in plain(drawn.rows)


def test_captions_stand_at_their_edges_and_labels_keep_clear() -> None:
    captions = (Caption("nw", -1, 1), Caption("se", 1, -1), Caption("up", 0, 1), Caption("right", 1, 0))
    point = Point(-0.9, 1, "o", label="NAME")
    drawn = scatter(ScatterChart(BARE, BARE, (), (point,), captions, (0.0, 0.0)), 41, 11)
    found = lines_of(drawn)
    assert found[0].startswith("nwo")
    assert "NAME" not in found[0][:4]
    assert found[10].endswith("se")
    assert found[0][20:24] == "│ up"
    assert found[4].endswith("right")
    assert found[5][20] == "┼"


def test_axes_have_their_texts_where_the_values_are() -> None:
    found = lines_of(scatter(ScatterChart(AXIS, AXIS, cross=(0.0, 0.0)), 45, 12))
    assert found[0].startswith(" 1.0 ")
    assert found[5].startswith(" 0.0 ")
    assert found[10].startswith("-1.0 ")
    assert found[11].strip().split() == ["-1.0", "0.0", "1.0"]
    assert found[5].index("┼") == found[11].index("0.0", found[11].index("-1.0") + 4) + 1
    assert found[11].endswith("1.0")


def test_ascii_is_ascii() -> None:
    whole = ScatterChart(AXIS, AXIS, (Path(((-1, -1), (1, 1))),), (Point(0, 0, "o", label="A"),), cross=(0.0, 0.0))
    text = plain(scatter(whole, 30, 10, ASCII).rows)
    assert text.isascii()
    assert BRAILLE.search(plain(scatter(replace(whole), 30, 10, UNICODE).rows))
