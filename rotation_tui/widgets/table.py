"""Tables: columns that are left out by rank where the width does not suffice, rows sorted by any of them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from msgspec import Struct

from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Answering, Answers, Row, Span, cut, fit, left, measured, right

T = TypeVar("T")
SORT = "sort "
"""What a click on a column's name does, before the key of the column."""
MARK = "*"
"""Behind a number of which the row's detail has more to say."""


class Column(Struct, Generic[T], frozen=True):
    """One column: `cell` makes its content for a width, `value` what it is sorted by, `rank` 0 stays longest.

    `grow` columns take what width is left. Text is left-aligned with `left`, numbers are right-aligned. Where it sorts,
    text begins with the smallest and numbers with the largest, unless they are `low_first`. Several spans are taken as
    they are; `below` makes those of the row's second line of text. `words` say in a line what stands in it.
    """

    key: str
    header: str
    width: int
    cell: Callable[[T, int], Span | Row]
    value: Callable[[T], float | str | None] | None = None
    rank: int = 0
    left: bool = False
    grow: int = 0
    low_first: bool = False
    below: Callable[[T, int], Row] | None = None
    words: str = ""


class Order(Struct, frozen=True):
    """Which column rows are sorted by; None keeps the order they come in."""

    key: str | None = None
    reverse: bool = False


_Generation = defaultdict[Hashable, dict[int, tuple[object, Row]]]


class RowCache:
    """Rows by what they were made of, told by identity, which costs less than comparing or making them again.

    Whoever holds one throws it away once anything has changed that a row depends on besides its `shape` and thing.
    """

    def __init__(self) -> None:
        self._now = self._before = _Generation(dict)

    def next_frame(self) -> None:
        """Let go what the frame before had no use for."""
        self._before, self._now = self._now, _Generation(dict)

    def of(self, shape: Hashable, thing: T, make: Callable[[T], Row]) -> Row:
        """The row of this very thing in this shape, made where it is new."""
        return self.all(shape, (thing,), make)[0]

    def all(self, shape: Hashable, things: Sequence[T], make: Callable[[T], Row]) -> list[Row]:
        """The rows of these things: what is looked up once is the shape, which takes longer than its things."""
        before, now = self._before[shape], self._now[shape]
        rows = []
        for thing in things:
            key = id(thing)
            found = now[key] if key in now else before.get(key)
            # an entry holds its thing, so no other can have come to the same address
            if found is None:
                found = (thing, make(thing))
            now[key] = found
            rows.append(found[1])
        return rows


_AS_THEY_STAND = Order()


def orders(columns: Sequence[Column[T]]) -> tuple[Order, ...]:
    """The orders that a table of these columns can be put in, as the columns stand."""
    return tuple(Order(c.key, not (c.left or c.low_first)) for c in columns if c.value is not None)


_FEW = 3
"""Columns of growth that a name may lack to be whole, and has before others share what is spare."""


def fitting(columns: Sequence[Column[T]], width: int, order: Order = _AS_THEY_STAND) -> list[tuple[Column[T], int]]:
    """The columns that fit into `width`, dearest first out, with their final widths; one blank between.

    The one that sorts stays as long as the first one does: an order that nobody sees would be a riddle.
    """

    def cost(at: int) -> tuple[int, int]:
        sorts = columns[at].key == order.key and columns[at].value is not None
        return (-1 if sorts or not at else columns[at].rank, at)

    spare = width + 1 - sum(c.width + 1 for c in columns)
    left_out = set()
    for at in sorted(range(1, len(columns)), key=cost, reverse=True):
        if spare >= 0:
            break
        left_out.add(at)
        spare += columns[at].width + 1
    chosen = [c for at, c in enumerate(columns) if at not in left_out]
    widths = {c.key: min(c.width, width) for c in chosen}
    growing = sorted((c for c in chosen if c.grow), key=lambda c: c.grow)
    for waiting, column in zip(range(len(growing), 0, -1), growing, strict=True):
        few = column.left and column.grow <= _FEW
        extra = max(0, min(column.grow, spare if few else spare // waiting))
        widths[column.key] += extra
        spare -= extra
    return [(c, widths[c.key]) for c in chosen]


def legend(columns: Sequence[tuple[Column[T], int]]) -> tuple[tuple[str, str], ...]:
    """Name and words of each column that has words."""
    return tuple((column.header or column.key.replace("_", " "), column.words) for column, _ in columns if column.words)


def header(columns: Sequence[tuple[Column[T], int]], order: Order = _AS_THEY_STAND) -> Row:
    """The line of column names; the one that sorts is bright and has an arrow: down where the largest is first.

    The arrow stands in the blank behind the column, so that the name keeps its place over the numbers.
    """
    spans = []
    for at, (column, width) in enumerate(columns, 1):
        sorts = order.key == column.key and column.value is not None
        arrow = ("▼" if order.reverse else "▲") if sorts else ""
        act = "" if column.value is None else f"{SORT}{column.key}"
        text = _title(column.header, width, arrow, left_aligned=column.left, last=at == len(columns))
        spans.append(Span(text, "bright" if sorts else "header", act=act))
    return tuple(spans)


@lru_cache(128)
def _title(name: str, width: int, arrow: str, *, left_aligned: bool, last: bool) -> str:
    """A column's name over it, with the blank behind."""
    gap = " "
    if arrow and (left_aligned or last):
        name = cut(name, width - 1) + arrow
    else:
        name, gap = cut(name, width), arrow or gap
    return (left(name, width) if left_aligned else right(name, width)) + gap


def lines(
    columns: Sequence[tuple[Column[T], int]],
    items: Sequence[T],
    cache: RowCache,
    coming: Callable[[T], bool] | None = None,
) -> list[Row]:
    """The rows of a table; an item that is the same object as last time costs nothing.

    What is unknown of an item whose data are still `coming` is written so.
    """
    shape = tuple((column.key, width) for column, width in columns)
    rows = cache.all(shape, items, lambda i: line(columns, i))
    if coming is None:
        return rows
    return [cache.of("coming", row, _awaited) if coming(i) else row for i, row in zip(items, rows, strict=True)]


def _awaited(row: Row) -> Row:
    return tuple(
        span._replace(text=span.text.replace(figures.UNKNOWN, figures.COMING))
        if span.text.strip() == figures.UNKNOWN
        else span
        for span in row
    )


def line(columns: Sequence[tuple[Column[T], int]], item: T) -> Row:
    """One row of the table. The mark of a number stands in the blank behind its column, so that digits stay aligned."""
    spans: list[Span] = []
    last = len(columns)
    for at, (column, width) in enumerate(columns, 1):
        cell = column.cell(item, width)
        if isinstance(cell, Span):
            spans += _placed(cell, width, column.left, at == last)
        else:
            spans += (*fit(cell, width), _BLANK)
    return tuple(spans)


@lru_cache(1024)
def _placed(cell: Span, width: int, left_aligned: bool, last: bool) -> Row:
    """A cell in its column, with the blank behind that or the mark in it.

    Remembered, for most cells of a row say what they said before its price moved; all sectors, pairs and indexes
    together have some 900.
    """
    mark = " "
    if left_aligned:
        text = left(cut(cell.text, width), width)
    else:
        number, size = measured(cell.text)
        if number.endswith(MARK) and not (last and size <= width):
            number, size, mark = number[:-1], size - 1, MARK
        # a number is never shown in part
        text = " " * (width - size) + number if size <= width else "#" * width
    if cell.tone == "alert":  # in themes that draw it in reverse it ends where its column does
        return cell._replace(text=text), Span(mark)
    return (cell._replace(text=text + mark),)


_BLANK = Span(" ")


def lines_below(columns: Sequence[tuple[Column[T], int]], items: Sequence[T], cache: RowCache) -> list[Row]:
    """What stands under each of the rows: the lower halves of what is two rows tall."""
    shape = ("below", *((column.key, width) for column, width in columns))
    return cache.all(shape, items, lambda i: _below(columns, i))


def _below(columns: Sequence[tuple[Column[T], int]], item: T) -> Row:
    spans: list[Span] = []
    for column, width in columns:
        spans += fit(column.below(item, width) if column.below is not None else (), width)
        spans.append(Span(" "))
    return tuple(spans)


def answering(columns: Sequence[Column[T]], items: Sequence[T], name: Callable[[T], str]) -> Answering:
    """What these rows can be asked by: every column that has a value, by its key and by its name."""

    def made() -> Answers:
        values = {column.key: column.value for column in columns if column.value is not None}
        names = {key.casefold(): key for key in values}
        for column in columns:
            title = column.header.casefold().replace("−", "-").strip()
            if column.key in values and title:
                names.setdefault(title, column.key)
        by_id = {name(item): item for item in items}

        def value(row: str, key: str) -> float | str | None:
            return values[key](by_id[row]) if row in by_id else None

        def is_number(key: str) -> bool | None:
            known = (value(row, key) for row in by_id)
            return next((not isinstance(found, str) for found in known if found is not None), None)

        return Answers(names, value, is_number)

    return Answering(made)


def ordered(items: Sequence[T], columns: Sequence[Column[T]], order: Order, name: Callable[[T], str]) -> list[T]:
    """`items` sorted; what is unknown comes last either way, ties are alphabetical."""
    column = next((c for c in columns if c.key == order.key and c.value is not None), None)
    if column is None or column.value is None:
        return list(items)
    value = column.value
    known = [(value(item), item) for item in items]
    there = [(v, item) for v, item in known if v is not None]
    absent = [item for v, item in known if v is None]
    by_name = sorted(there, key=lambda pair: name(pair[1]))
    by_value = sorted(by_name, key=lambda pair: pair[0], reverse=order.reverse)
    return [item for _, item in by_value] + sorted(absent, key=name)
