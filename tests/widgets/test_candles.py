"""Candles: exact in size, a rise and a fall told apart without colour, and nothing drawn that is not known."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.widgets.candles import Candle, candles
from rotation_tui.widgets.cells import Row, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from rotation_tui.widgets.plot import Annotation, Plot, Scale

both_glyphs = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
prices = st.floats(0.5, 1e6)
unknown = st.none() | prices


def drawn(made: Sequence[Candle], width: int = 40, height: int = 12, glyphs: Glyphs = UNICODE) -> Plot:
    days = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(len(made)))
    mean = (None,) * len(made)
    return candles(made, mean, days, width, height, scale=Scale(log=True), tones=("gain", "loss"), glyphs=glyphs)


def text(row: Row) -> str:
    return "".join(span.text for span in row)


def column(plot: Plot, at: int = -1) -> str:
    """The field's characters from top to bottom in one column."""
    return "".join(text(row)[plot.start :][at] for row in plot.rows[:-1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(prices, unknown, unknown, unknown), min_size=1, max_size=80),
    st.integers(1, 90), st.integers(1, 20), st.sampled_from([UNICODE, ASCII]),
)  # fmt: skip
def test_candles_fill_their_place_exactly_whatever_is_known(
    rows: list[tuple[float, float | None, float | None, float | None]], width: int, height: int, glyphs: Glyphs
) -> None:
    made = [Candle(n, *row) for n, row in enumerate(rows)]
    plot = drawn(made, width, height, glyphs)
    assert len(plot.rows) == height
    for row in plot.rows:
        assert width_of(row) == width
        assert glyphs is UNICODE or text(row).isascii()
    assert list(plot.points) == sorted(plot.points)
    assert not plot.points or plot.points[-1] == len(made) - 1


@both_glyphs
def test_a_rise_is_hollow_and_a_fall_is_filled(glyphs: Glyphs) -> None:
    made = [Candle(0, close=110.0, open=100.0, high=115.0, low=95.0), Candle(1, 100.0, 110.0, 115.0, 95.0)]
    plot = drawn(made, glyphs=glyphs)
    rise, fall = column(plot, 0), column(plot)
    hollow, filled, wick = ("┃", "█", "│") if glyphs is UNICODE else ("o", "#", "|")
    assert hollow in rise
    assert filled not in rise
    assert filled in fall
    assert hollow not in fall
    assert wick in rise
    assert wick in fall
    tones = {
        span.tone for row in plot.rows[:-1] for span in row if span.text.strip() and not span.text.strip()[0].isdigit()
    }
    assert tones == {"gain", "loss"}


@both_glyphs
def test_without_an_open_there_is_the_range_with_the_close_and_no_body(glyphs: Glyphs) -> None:
    plot = drawn([Candle(0, 105.0, None, 115.0, 95.0)] * 2, glyphs=glyphs)
    here = column(plot)
    assert not set(here) & set("┃█╽╿o#")
    assert here.count("┤" if glyphs is UNICODE else "+") == 1
    assert len(here.strip()) > 3


def test_a_close_alone_is_a_mark_and_no_range() -> None:
    plot = drawn([Candle(0, 100.0, 90.0, 110.0, 80.0), Candle(1, 100.0)])
    assert len(column(plot).strip()) == 1


def test_the_oldest_and_the_newest_stand_at_the_edges() -> None:
    plot = drawn([Candle(n, 100.0 + n, 99.0 + n) for n in range(5)], width=60)
    assert column(plot, 0).strip()
    assert column(plot).strip()
    assert sum(bool(column(plot, x).strip()) for x in range(len(plot.points))) == 5


def test_of_more_candles_than_columns_the_newest_stand() -> None:
    plot = drawn([Candle(n, 100.0 + n, 99.0 + n) for n in range(300)], width=60)
    assert plot.points[-1] == 299
    assert plot.points[0] == 300 - len(plot.points)


def test_the_mark_stands_above_its_candle() -> None:
    made = [Candle(n, 100.0, 99.0, 130.0 if n == 3 else 101.0, 98.0) for n in range(9)]
    days = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(9))
    plot = candles(made, (None,) * 9, days, 60, 12, scale=Scale(), tones=("gain", "loss"), glyphs=UNICODE,
                   annotations=[Annotation(3, 100.0, "▲", "watch")])  # fmt: skip
    assert re.match("▲[╷│╻]", column(plot, plot.points.index(3)).strip())
