"""Tables: columns give way by rank, numbers are shown whole or not at all, rows sort both ways."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from rotation_tui.widgets.cells import Row, Span, width_of
from rotation_tui.widgets.table import (
    Column,
    Order,
    RowCache,
    fitting,
    header,
    line,
    lines,
    lines_below,
    ordered,
    orders,
)


@dataclass(frozen=True)
class Item:
    name: str
    value: float | None


def number(key: str, width: int, rank: int, grow: int = 0) -> Column[Item]:
    def cell(item: Item, _: int) -> Span:
        return Span("?" if item.value is None else f"{item.value:,.2f}")

    return Column(key, key, width, cell, lambda i: i.value, rank, grow=grow)


NAME: Column[Item] = Column("name", "name", 6, lambda i, _: Span(i.name), lambda i: i.name, 0, left=True, grow=10)
COLUMNS = [NAME, number("last", 9, 0), number("day", 7, 1, grow=2), number("year", 7, 3), number("beta", 5, 9)]
values = st.one_of(st.none(), st.floats(-1e15, 1e15, allow_nan=False))
items = st.builds(Item, st.text("AB界", min_size=1, max_size=12), values)


@given(st.integers(1, 120), items)
def test_every_line_is_as_wide_as_its_header(width: int, item: Item) -> None:
    columns = fitting(COLUMNS, width)
    head, body = "".join(s.text for s in header(columns)), "".join(s.text for s in line(columns, item))
    assert cell_len(head) == cell_len(body) <= width + 1  # the blank after the last column
    assert columns[0][0] is NAME


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (60, ["name", "last", "day", "year", "beta"]),
        (38, ["name", "last", "day", "year", "beta"]),
        (37, ["name", "last", "day", "year"]),
        (31, ["name", "last", "day"]),
        (23, ["name", "last"]),
        (10, ["name"]),
    ],
)
def test_columns_leave_by_rank(width: int, kept: list[str]) -> None:
    assert [c.key for c, _ in fitting(COLUMNS, width)] == kept


@pytest.mark.parametrize(
    ("width", "kept"),
    [(37, ["name", "last", "day", "beta"]), (23, ["name", "last", "beta"]), (21, ["name", "beta"]), (10, ["name"])],
)
def test_the_column_that_sorts_stays(width: int, kept: list[str]) -> None:
    assert [c.key for c, _ in fitting(COLUMNS, width, Order("beta"))] == kept
    assert [c.key for c, _ in fitting(COLUMNS, 23, Order("no such column"))] == ["name", "last"]


@given(st.integers(1, 120))
def test_growing_columns_take_the_spare_width_and_no_more(width: int) -> None:
    chosen = fitting(COLUMNS, width)
    for column, given_width in chosen:
        assert min(column.width, width) <= given_width <= column.width + column.grow
    if len(chosen) > 1:
        assert sum(w + 1 for _, w in chosen) - 1 <= width


@given(values, st.integers(1, 24))
def test_a_number_is_whole_or_not_there(value: float | None, width: int) -> None:
    (span,) = line([(number("last", width, 0), width)], Item("x", value))
    whole = "?" if value is None else f"{value:,.2f}"
    assert span.text.strip() == (whole if len(whole) <= width else "#" * width)


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    assert line([(NAME, 6)], Item("Russell 2000", None))[0].text == "Russe… "


@given(st.lists(items, max_size=12), st.booleans())
def test_the_unknown_comes_last_either_way(rows: list[Item], reverse: bool) -> None:
    found = ordered(rows, COLUMNS, Order("last", reverse), lambda i: i.name)
    assert sorted(found, key=repr) == sorted(rows, key=repr)
    known = [i.value for i in found if i.value is not None]
    assert known == sorted(known, reverse=reverse)
    assert all(i.value is None for i in found[len(known) :])


@pytest.mark.parametrize("reverse", [False, True])
def test_ties_are_alphabetical_either_way(reverse: bool) -> None:
    rows = [Item(name, value) for name, value in (("C", 1.0), ("A", 1.0), ("D", None), ("B", None), ("E", 0.0))]
    found = "".join(i.name for i in ordered(rows, COLUMNS, Order("last", reverse), lambda i: i.name))
    assert found == ("ACEBD" if reverse else "EACBD")


def test_words_sort_from_the_first_and_numbers_from_the_largest() -> None:
    rank = replace(COLUMNS[1], key="rank", low_first=True)
    drawn = replace(COLUMNS[2], key="spark", value=None)
    assert orders([NAME, COLUMNS[1], rank, drawn]) == (Order("name"), Order("last", reverse=True), Order("rank"))


@pytest.mark.parametrize("order", [Order(), Order("no such column", True)])
def test_without_a_column_rows_keep_their_order(order: Order) -> None:
    rows = [Item("B", 1.0), Item("A", 2.0)]
    assert ordered(rows, COLUMNS, order, lambda i: i.name) == rows


def test_the_column_that_sorts_is_bright_in_the_header() -> None:
    spans = header(fitting(COLUMNS, 60), Order("day"))
    assert [s.tone for s in spans] == ["header", "header", "bright", "header", "header"]
    assert re.fullmatch(r"name +last +day▲ +year +beta ", "".join(s.text for s in spans))


@pytest.mark.parametrize("key", [c.key for c in COLUMNS if c.value is not None])
def test_the_arrow_of_the_column_that_sorts_moves_no_name(key: str) -> None:
    columns = fitting(COLUMNS, 60)
    plainly = "".join(s.text for s in header(columns))
    for order, arrow in ((Order(key), "▲"), (Order(key, reverse=True), "▼")):
        text = "".join(s.text for s in header(columns, order))
        assert len(text) == len(plainly)
        assert text.count(arrow) == 1
        if key != columns[-1][0].key:
            assert text.replace(arrow, " ") == plainly


def test_the_mark_of_a_number_stands_behind_its_column_and_moves_no_digit() -> None:
    def drawn(*texts: str) -> str:
        columns: list[Column[str]] = [Column(t, t, 5, lambda _, __, text=t: Span(text)) for t in texts]  # type: ignore[misc]
        return "".join(s.text for s in line(fitting(columns, 40), ""))

    assert drawn("+1.2*", "-3.4", "+99.9*", "x") == " +1.2* -3.4 +99.9*    x "
    assert drawn("+1.2", "-3.4*") == " +1.2 -3.4* ", "the blank behind the last column may lie outside the pane"
    assert drawn("+999.9*", "x") == "#####*    x ", "what has no room is still marked"


def test_a_cell_of_several_tones_fills_its_column_and_may_be_two_rows_tall() -> None:
    def pieces(item: Item, _: int) -> Row:
        return (Span("ab", "gain"), Span(item.name, "bright"))

    tall: Column[Item] = Column("tall", "tall", 5, pieces, left=True, below=lambda _, w: (Span("-" * (w - 1), "loss"),))
    columns = fitting([NAME, tall, COLUMNS[1]], 60)
    item, cache = Item("C", 1.0), RowCache()
    (upper,), (lower,) = lines(columns, [item], cache), lines_below(columns, [item], cache)
    at = "".join(s.text for s in upper).index("abC   ")
    assert [(s.text, s.tone) for s in upper if s.tone in ("gain", "bright")] == [("ab", "gain"), ("C", "bright")]
    assert "".join(s.text for s in lower).rstrip() == " " * at + "----"
    assert width_of(upper) == width_of(lower)
    cache.next_frame()
    assert lines_below(columns, [item], cache)[0] is lower


def test_what_was_coming_is_there_once_it_has_come_though_its_item_is_the_same() -> None:
    item, cache, columns = Item("C", None), RowCache(), fitting(COLUMNS[:2], 20)
    shown = []
    for is_coming in (True, False, True):
        shown.append(lines(columns, [item], cache, lambda _, late=is_coming: late))  # type: ignore[misc]
        cache.next_frame()
    assert ["".join(s.text for s in row).split() for (row,) in shown] == [["C", "…"], ["C", "?"], ["C", "…"]]


def test_a_name_that_lacks_a_few_columns_has_them_before_others_share_the_rest() -> None:
    name = Column[Item]("name", "name", 6, lambda i, _: Span(i.name), left=True, grow=3)
    words = Column[Item]("words", "words", 6, lambda i, _: Span(i.name), left=True, grow=40)
    widths = [[given for _, given in fitting([words, name], width)] for width in (13, 15, 16, 30)]
    assert widths == [[6, 6], [6, 8], [6, 9], [20, 9]]
