"""Columns of watch lists: each list chooses among them, and the one that sorts joins in."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from rotation_tui.board.contract import WatchedRow, WatchListRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.domain.watchlist import COLUMNS, EXCESS
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import Space, tone_of
from rotation_tui.panes.ticker_columns import (
    AGE,
    age_cell,
    day_cell,
    extended_columns,
    line_cell,
    named_hours,
    record_cell,
    studied,
    window_cell,
    without_windows,
)
from rotation_tui.panes.window_columns import window_name, window_words
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Span, cut
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.table import Column

SYMBOL = "symbol"
"""Key of the first column, which every list has."""
_LINE = 20


def columns_of(
    listed: WatchListRow, periods: Mapping[str, str], space: Space, order: str = ""
) -> list[Column[WatchedRow]]:
    """The columns of a list in its own order, dearest first; `order` is the key of one that joins in to sort."""
    every = {column.key: column for column in every_column(listed, periods, space)}
    chosen = [key for key in listed.columns if key in every]
    if order in every and order not in (*chosen, SYMBOL):
        chosen.append(order)
    named = named_hours(listed.rows) or not listed.rows
    if not any(_age(row, space).text for row in listed.rows):
        chosen = [key for key in chosen if key != "age"]
    kept = [key for key in chosen if named or not key.startswith("ext") or key == order]
    first = every[SYMBOL]
    return [first, *(_ranked(every[key], 1 + at) for at, key in enumerate(kept))]


def _ranked(column: Column[WatchedRow], rank: int) -> Column[WatchedRow]:
    return replace(column, rank=rank)


def every_column(listed: WatchListRow, periods: Mapping[str, str], space: Space) -> Sequence[Column[WatchedRow]]:
    """All columns there are, in the order in which the config names them."""
    bench = cut(listed.benchmark, 6)
    minus = space.glyphs.minus

    def number(
        key: str,
        title: str,
        width: int,
        of: Callable[[WatchedRow], float | None],
        text: Callable[[float | None], str] = figures.signed,
    ) -> Column[WatchedRow]:
        def cell(row: WatchedRow, _: int) -> Span:
            return Span("", "dim") if without_windows(row) else Span(text(of(row)), studied(row, "dim"))

        return Column(key, title, width, cell, of, words=COLUMNS[key])

    def window(at: Window) -> Column[WatchedRow]:
        if at is Window.D1:
            return Column(at.value, "day", 8, lambda r, _: day_cell(r, space), lambda r: r.change_pct,
                          words="change of the regular session, %, against the close before")  # fmt: skip
        title = window_name(at, periods)
        return Column(at.value, title, max(6, len(title)), lambda r, _: window_cell(r, at),
                      lambda r: r.windows[at.value], words=window_words(at, "return, %,"))  # fmt: skip

    def excess(at: Window) -> Column[WatchedRow]:
        name = "day" if at is Window.D1 else window_name(at, periods)
        title = f"{name}{minus}{bench}"

        def cell(row: WatchedRow, _: int) -> Span:
            value = row.excess[at.value]
            if without_windows(row) or row.symbol == listed.benchmark:
                return Span("", "dim")
            tone = "gain" if value is not None and value > 0 else "loss" if value is not None and value < 0 else "dim"
            return Span(figures.signed(value), studied(row, tone if value is not None else "unknown"))

        return Column(f"{EXCESS}{at.value}", title, max(6, len(title)), cell, lambda r: r.excess[at.value],
                      words=f"{name} less that of {listed.benchmark}, percentage points")  # fmt: skip

    def text(key: str, width: int, of: Callable[[WatchedRow], str], grow: int = 0) -> Column[WatchedRow]:
        return Column(key, key, width, lambda r, w: Span(cut(of(r), w), "dim"), lambda r: of(r) or None,
                      left=True, grow=grow, words=COLUMNS[key])  # fmt: skip

    longest = max((len(row.symbol) for row in listed.rows), default=0)
    tags = max((len(row.tag) for row in listed.rows), default=0)
    names = max((len(row.name) for row in listed.rows), default=0)
    notes = max((len(row.your_note) for row in listed.rows), default=0)
    outside: list[Column[WatchedRow]] = list(extended_columns(space, named_hours(listed.rows), 0))  # type: ignore[arg-type]
    return [
        Column(SYMBOL, "", min(10, max(5, longest)), lambda r, _: Span(r.symbol, tone_of(r.state, "text")),
               lambda r: r.symbol, left=True, words=f"the symbol; {key_of('enter')} opens it"),
        text("name", min(22, max(8, names)), lambda r: r.name, grow=min(20, max(0, names - 22))),
        text("tag", min(12, max(5, tags)), lambda r: r.tag),
        Column("last", "last", 10, lambda r, _: Span(figures.amount(r.last), tone_of(r.state, "bright")),
               lambda r: r.last, words=COLUMNS["last"]),
        *(window(at) for at in Window),
        *(excess(at) for at in Window),
        number("200d", "200d %", 6, lambda r: r.from_200d_pct),
        number("high52", "52w hi", 6, lambda r: r.from_year_high_pct),
        number("low52", "52w lo", 7, lambda r: r.from_year_low_pct),
        number("range52", "52w %", 5, lambda r: r.year_range_pct, lambda v: figures.amount(v, 0)),
        Column("record", "record", 7, lambda r, _: record_cell(r), lambda r: r.from_record_pct,
               words=COLUMNS["record"]),
        _amount("volume", "volume", lambda r: r.volume),
        _amount("dollars", "$ a day", lambda r: r.median_dollar_volume),
        *outside,
        Column("ex_date", "ex div", 10, lambda r, _: _paid(r, _day(r)), _day, words=COLUMNS["ex_date"]),
        Column("dividend", "div", 6, lambda r, _: _paid(r, r.dividend and figures.significant(r.dividend)),
               lambda r: r.dividend, words=COLUMNS["dividend"]),
        Column("age", "", AGE, lambda r, _: _age(r, space), None, words=COLUMNS["age"]),
        Column("spark", "2 years", _LINE, lambda r, w: line_cell(r, w, space), None, left=True, grow=20,
               words=COLUMNS["spark"]),
        text("note", min(20, max(6, notes)), lambda r: r.your_note, grow=max(0, notes - 20)),
    ]  # fmt: skip


def _day(row: WatchedRow) -> str | None:
    return None if row.ex_date is None else str(row.ex_date)


def _paid(row: WatchedRow, text: str | float | None) -> Span:
    """Something about dividends, of which an index has none."""
    if kind_of(row.symbol) is not Kind.ETF:
        return Span("", "dim")
    return Span(figures.UNKNOWN, "unknown") if text is None else Span(str(text), "dim")


def _amount(key: str, title: str, of: Callable[[WatchedRow], float | None]) -> Column[WatchedRow]:
    """A large number in short; blank where there is none to be known, as of an index."""

    def cell(row: WatchedRow, _: int) -> Span:
        value = of(row)
        if value is None:
            return Span("" if row.study_state is not State.UNKNOWN else figures.UNKNOWN, "dim")
        return Span(figures.short(value), studied(row, "dim"))

    return Column(key, title, 7, cell, of, words=COLUMNS[key])


def _age(row: WatchedRow, space: Space) -> Span:
    return age_cell(row, space, extended=False)
