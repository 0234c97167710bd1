"""Line charts: exact in size, honest about gaps and extremes, joined without leaps."""

import itertools
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.widgets import raster
from rotation_tui.widgets.axis import date_ticks, ticks, time_ticks
from rotation_tui.widgets.cells import Row, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from rotation_tui.widgets.plot import Annotation, Plot, Scale, Trace, plot

WIDTH, HEIGHT = 60, 12
both_glyphs = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
values = st.lists(st.none() | st.floats(), min_size=1, max_size=300)


def days(count: int) -> tuple[date, ...]:
    return tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(count))


def chart(line: Sequence[float | None], glyphs: Glyphs = UNICODE, width: int = WIDTH, height: int = HEIGHT) -> Plot:
    return plot([Trace(tuple(line), "spark")], days(len(line)), width, height, glyphs=glyphs)


def text(row: Row) -> str:
    return "".join(span.text for span in row)


def ink(drawn: Plot) -> set[tuple[int, int]]:
    """Row and column of the field of every cell that the line passes."""
    found = set()
    for y, row in enumerate(drawn.rows):
        tones = [span.tone for span in row for _ in span.text]
        found |= {(y, x - drawn.start) for x, tone in enumerate(tones) if tone == "spark"}
    return found


@settings(max_examples=60, deadline=None)
@given(values, values, st.integers(0, 90), st.integers(0, 20), st.booleans(), st.sampled_from([UNICODE, ASCII]))
def test_a_plot_fills_its_place_exactly_whatever_the_values(
    one: list[float | None], other: list[float | None], width: int, height: int, log: bool, glyphs: Glyphs
) -> None:
    count = min(len(one), len(other))
    traces = [Trace(tuple(one[:count]), "highlight", "a\x1b["), Trace(tuple(other[:count]), "dim", "小型株")]
    annotations = [Annotation(0, value, "^", "watch") for value in one[:1] if value is not None]
    drawn = plot(traces, days(count), width, height, scale=Scale(log, 100.0), annotations=annotations, glyphs=glyphs)
    assert len(drawn.rows) == height
    everywhere = [drawn.with_cursor(column, "|", "bright") for column in {0, len(drawn.points) - 1} if drawn.points]
    for row in (*drawn.rows, *itertools.chain(*everywhere)):
        assert width_of(row) == width
        assert text(row).isprintable()
    assert list(drawn.points) == sorted(drawn.points)
    assert not drawn.points or drawn.points[-1] == count - 1


@both_glyphs
def test_a_flat_line_lies_in_the_middle_and_one_point_at_the_right(glyphs: Glyphs) -> None:
    rows = {y for y, _ in ink(chart([7.0] * 40, glyphs))}
    assert len(rows) == 1
    assert abs(rows.pop() - (HEIGHT - 1) / 2) <= 1
    point = chart([7.0], glyphs)
    assert [x for _, x in ink(point)] == [len(point.points) - 1]


@both_glyphs
def test_nothing_is_drawn_across_a_gap(glyphs: Glyphs) -> None:
    line = [1.0] * 100 + [None, math.nan, *[None] * 98] + [2.0] * 100
    drawn = chart(line, glyphs)
    columns = {x for _, x in ink(drawn)}
    third = len(drawn.points) // 3
    assert columns.isdisjoint(range(third + 1, 2 * third))
    assert columns >= {*range(third), *range(2 * third + 2, len(drawn.points))}


@both_glyphs
@pytest.mark.parametrize("spike", [3, 777, 1234, 4996])
def test_thinning_loses_no_extreme(spike: int, glyphs: Glyphs) -> None:
    line = [10.0] * 5000
    line[spike], line[spike + 2] = 20.0, 0.0
    drawn = chart(line, glyphs)
    at = next(x for x, point in enumerate(drawn.points) if point >= spike)
    top = {x for y, x in ink(drawn) if y == 0}
    assert len(top) == 1
    assert abs(top.pop() - at) <= 1
    assert any(y == HEIGHT - 2 for y, _ in ink(drawn))


@settings(max_examples=40, deadline=None)
@given(values, st.booleans())
def test_a_line_passes_every_dot_and_leaps_over_none(line: list[float | None], braille: bool) -> None:
    clean = raster.drawable(line, log=False)
    known = [v for v in clean if v is not None]
    if not known:
        return
    across, up = (2, 4) if braille else (1, 1)
    room = raster.Field(30, 9, len(line), min(known), max(known), False, across, up)
    runs = raster.runs_of(clean, room)
    drawn = raster.draw(runs, room, braille=braille)
    bits = ((64, 4, 2, 1), (128, 32, 16, 8)) if braille else ((1,),)
    wide, tall = room.size
    lit = {
        (x, y) for x in range(wide) for y in range(tall) if drawn[8 - y // up][x // across] & bits[x % across][y % up]
    }
    assert lit >= set(itertools.chain(*runs))
    for run in runs:
        for a, b in itertools.pairwise(run):
            assert joined(a, b, lit), "from one dot to the next every step is a neighbour"


def joined(a: raster.Dot, b: raster.Dot, lit: set[raster.Dot]) -> bool:
    """Whether a way leads from a to b over neighbouring dots, within the rectangle that the two span."""
    within = {
        d for d in lit if min(a[0], b[0]) <= d[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= d[1] <= max(a[1], b[1])
    }
    reached, found = {a}, {a}
    while found:
        found = {(x + i, y + j) for x, y in found for i in (-1, 0, 1) for j in (-1, 0, 1)} & within - reached
        reached |= found
    return b in reached


def test_where_lines_meet_the_first_one_is_seen_and_both_are_drawn() -> None:
    rising, falling = tuple(float(n) for n in range(50)), tuple(float(50 - n) for n in range(50))
    drawn = plot([Trace(rising, "gain"), Trace(falling, "loss")], days(50), WIDTH, HEIGHT)
    tones = [span.tone for row in drawn.rows for span in row]
    assert tones.count("gain") > 5
    assert tones.count("loss") > 5


def test_the_field_begins_after_the_numbers_and_ends_before_the_names() -> None:
    traces = [Trace((1000.0, 2000.0), "gain", "up"), Trace((2000.0, 1000.0), "loss", "down")]
    drawn = plot(traces, days(2), 70, HEIGHT)
    sides = [text(row)[: drawn.start] for row in drawn.rows]
    assert {"1,000", "2,000"} <= {side.strip() for side in sides}
    assert all(side == f"{side.strip():>{drawn.start - 1}} " for side in sides), "numbers are right-aligned"
    assert drawn.start + len(drawn.points) + len(" down") == 70
    assert text(drawn.rows[0]).endswith(" up  ")
    assert text(drawn.rows[-2]).endswith(" down")


def test_a_mark_stands_over_its_value_and_the_cursor_in_its_column() -> None:
    line = (1.0, 2.0, 9.0, 2.0, 1.0)
    drawn = plot([Trace(line, "spark")], days(5), WIDTH, HEIGHT, annotations=[Annotation(2, 9.0, "▲", "watch")])
    (at,) = [(y, text(row).index("▲") - drawn.start) for y, row in enumerate(drawn.rows) if "▲" in text(row)]
    assert at[0] == 0
    assert (1, at[1]) in ink(drawn)
    for column in (0, 20, len(drawn.points) - 1):
        for row in drawn.with_cursor(column, "│", "bright")[:-1]:
            tones = [(s.tone, s.reverse) for s in row for _ in s.text]
            assert [x for x, (tone, _) in enumerate(tones) if tone == "bright"] == [drawn.start + column]
            assert text(row)[drawn.start + column] == "│" or tones[drawn.start + column][1]
        assert drawn.with_cursor(column, "│", "bright")[-1] == drawn.rows[-1]


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers(1, 12), st.booleans())
def test_ticks_are_within_the_range_few_and_told_apart(low: float, span: float, most: int, log: bool) -> None:
    high = low + span
    found, decimals = ticks(low, high, most, log=log)
    assert 1 <= len(found) <= most
    edge = 1e-6 * max(1.0, span)
    assert all(low - edge <= value <= high + edge for value in found)
    texts = [f"{value:.{decimals}f}" for value in found]
    assert len(set(texts)) == len(texts)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("low", "high", "most", "log", "expected"),
    [
        (92.0, 107.0, 8, False, (92, 94, 96, 98, 100, 102, 104, 106)),
        (-37.5, 0.7, 5, False, (-30, -20, -10, 0)),
        (80.0, 2400.0, 5, True, (100, 200, 500, 1000, 2000)),
        (80.0, 2400.0, 3, True, (100, 300, 1000)),
        (0.351, 0.369, 4, True, (0.355, 0.36, 0.365)),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, log: bool, expected: tuple[float, ...]) -> None:
    assert ticks(low, high, most, log=log)[0] == pytest.approx(expected)


@given(st.dates(date(1990, 1, 1), date(2020, 1, 1)), st.integers(1, 5000), st.integers(1, 200))
def test_dates_along_the_foot_never_touch_or_leave_the_line(first: date, span: int, width: int) -> None:
    line = [first + timedelta(days=span * n // width) for n in range(width)]
    end = -2
    for column, name in date_ticks(line):
        assert column >= end + 2
        assert line[column].year == int(name) if name.isdecimal() else name[:1] != " "
        end = column + len(name)
    assert end <= width


def test_a_year_is_named_where_it_begins() -> None:
    line = [date(2023, 12, 20) + timedelta(days=n) for n in range(120)]
    found = dict(date_ticks(line))
    assert {line[at]: name for at, name in found.items()}[date(2024, 1, 1)] in ("2024", "1 Jan")
    assert all(line[at].day == 1 or name.split()[0] == str(line[at].day) for at, name in found.items())


@pytest.mark.whole
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=4, unique=True), st.integers(3, 12))
def test_names_beside_a_chart_stand_in_the_order_of_their_values(ends: list[float], height: int) -> None:
    lines = [Trace((0.0, value), "spark", f"line{at}") for at, value in enumerate(ends)]
    rows = [text(row) for row in plot(lines, days(2), WIDTH, height).rows]
    found = [at for row in rows for at in range(len(ends)) if f"line{at}" in row]
    shown = sorted(found)
    assert found == sorted(shown, key=lambda at: -ends[at])
    assert len(found) == min(len(ends), height - 1), "as many names as there are rows"


@both_glyphs
def test_two_limits_in_one_row_are_named_the_right_way_round(glyphs: Glyphs) -> None:
    """Where lower is worse the alert lies below the watch, however close they are."""
    line = Trace(tuple(float(n) for n in range(60)), "spark")
    limits = [Trace((at,) * 60, name, name) for name, at in (("watch", 30.2), ("alert", 30.0))]
    rows = [text(row) for row in plot([line, *limits], days(60), WIDTH, HEIGHT, glyphs=glyphs).rows]
    at = {name: next(y for y, row in enumerate(rows) if name in row) for name in ("watch", "alert")}
    assert at["alert"] == at["watch"] + 1


def moments(*days: int, hours: float = 6.5, columns: int = 100) -> list[datetime]:
    """So many columns of sessions from 9:30 on days of June, evenly."""
    each = columns // len(days)
    return [
        datetime(2026, 6, day, 9, 30, tzinfo=UTC) + timedelta(hours=hours * n / each)
        for day in days
        for n in range(each)
    ]


@pytest.mark.parametrize(
    ("times", "names"),
    [
        (moments(18), ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"]),
        (moments(18, columns=40), ["10:00", "12:00", "14:00"]),
        (moments(18, hours=0.2), ["09:41"]),
        (moments(15, 16, 17), ["16 Jun", "17 Jun"]),
        (moments(15, 16, 17, 18, columns=24), ["16", "17", "18"]),
        ([], []),
    ],
)
def test_times_are_named_by_the_hour_and_several_days_by_their_date(times: list[datetime], names: list[str]) -> None:
    found = time_ticks(times)
    assert [name for _, name in found] == names
    assert all(at + len(name) <= len(times) for at, name in found)


def test_a_faint_line_down_stands_behind_what_is_drawn_and_labels_at_the_foot() -> None:
    made = plot([Trace(tuple(map(float, range(40))), "text")], [date(2026, 1, 1)] * 40, 40, 8)
    ruled = made.with_lines([3, 5], "|").with_foot([(0, "one"), (10, "two")])
    assert [width_of(row) for row in ruled.rows] == [40] * 8
    assert plain(ruled.rows[-1:]).split() == ["one", "two"]
    drawn = [plain((row,)).ljust(40) for row in made.rows[:-1]]
    for before, row in zip(drawn, ruled.rows, strict=False):
        after = plain((row,)).ljust(40)
        for column in (3, 5):
            at = made.start + column
            assert after[at] == ("|" if before[at] == " " else before[at])
