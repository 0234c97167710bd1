"""Index tickers: last, day, windows, distance from the record close."""

from collections.abc import Mapping

from rotation_tui.board.contract import Board, Mode, TickerRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import NOWHERE, Pane, Space, coming, shows_age, tone_of
from rotation_tui.panes.conditions import of_price
from rotation_tui.panes.history.face import with_chart
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.past import DISTANCE, LEAST_LINE, ink_of, longest, titles_of, with_distance
from rotation_tui.panes.ticker_columns import (
    AGE,
    age_cell,
    day_cell,
    extended_columns,
    named_hours,
    record_cell,
    ticker_facts,
    window_cell,
)
from rotation_tui.panes.window_columns import window_name, window_words
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.spark import spark
from rotation_tui.widgets.table import Column, answering, fitting, header, legend, lines, ordered, orders

_WINDOWS = (
    (Window.W1, 5), (Window.M1, 1), (Window.M3, 4), (Window.M6, 2), (Window.Y1, 6), (Window.MTD, 7), (Window.QTD, 8),
    (Window.HALF, 1), (Window.YTD, 0),
)  # fmt: skip
"""Windows that have a column, and its rank; those in sessions stand in the detail."""
_FIGURES = 57
"""Columns of the figures that stand before a line: name, last, day, 1M, 6M, half, YTD and the record."""
_WITH_DISTANCE = 24
_OUTSIDE = 8
"""Rank of the change outside regular hours, that of its price and of its time after it."""


def _columns(
    space: Space, periods: Mapping[str, str], *, old: bool, told: bool, hours: str = "", apart: bool = False
) -> list[Column[TickerRow]]:
    """All columns; those of `hours` outside the regular ones where there are prices of them, `apart` from the age."""

    def window(at: Window, rank: int) -> Column[TickerRow]:
        name = window_name(at, periods)
        return Column(at.value, name, max(5, len(name)), lambda r, _: window_cell(r, at), lambda r: r.windows[at.value],
                      rank, grow=1, words=window_words(at, "return, %,"))  # fmt: skip

    def last(row: TickerRow, _: int) -> Span:
        first = row.id == "RUT"
        tone = tone_of(row.state, "bright" if first else "text")
        return Span(figures.amount(row.last), tone, bold=first and row.state is not State.STALE)

    def name(row: TickerRow, _: int) -> Span:
        streams = row.streamed and row.state is State.LIVE
        return Span(
            f"{row.id}{space.glyphs.cursor * bool(streams)}", "highlight" if row.id in ("RUT", "SPX") else "text"
        )

    roomy = space.width - _FIGURES - (1 + AGE if told else 0) > _WITH_DISTANCE
    least = _WITH_DISTANCE if roomy else LEAST_LINE

    def two_years(row: TickerRow, width: int) -> Row:
        ink = ink_of(row)
        cells = width - 1 - DISTANCE if roomy else width
        (line,) = spark(row.spark, cells, space.glyphs, base=row.mean_line, last=row.last, ink=ink)
        return with_distance(line, row.from_200d_pct, space.glyphs, ink) if roomy else line

    return [
        Column("id", "", 5, name, lambda r: r.id, 0, left=True,
               words=f"the ticker, with › where its price is streamed; {key_of('enter')} opens it"),
        Column("name", "", 24, lambda r, _: Span(r.name, "dim"), None, 9 if space.full else 20,
               left=True, words="what it is"),
        Column("last", "last", 10, last, lambda r: r.last, 0, words="last price, in index points or dollars"),
        Column("1D", "day", 8, lambda r, _: day_cell(r, space), lambda r: r.change_pct, 0,
               words=window_words(Window.D1, "change, %,")),
        *(window(at, rank) for at, rank in _WINDOWS),
        Column("record", "record", 7, lambda r, _: record_cell(r), lambda r: r.from_record_pct, 0,
               words="price against the highest close so far; REC: that close is the last one"),
        *(extended_columns(space, hours, _OUTSIDE) if hours else ()),
        *((Column("age", "", AGE, lambda r, _: age_cell(r, space, extended=not apart), None, 0 if old else 3,
                  words="how late or how old the price is, and its change before or after hours"),) if told else ()),
        Column("spark", longest(least, *titles_of(space.glyphs, "price")), least, two_years, None, 3, True, grow=24,
               words="closes of two years around their mean of 200 sessions, and how far the last is from it"),
    ]  # fmt: skip


def draw(board: Board, space: Space) -> Face:
    """All tickers, most important first."""
    old, hours = any(map(shows_age, board.tickers)), named_hours(board.tickers)
    told = any(age_cell(row, space).text for row in board.tickers)
    known = _columns(space, board.periods, old=old, told=told, hours=hours)
    columns = fitting(known, space.width, space.order)
    if any(column.key == "ext_pct" for column, _ in columns):  # then the age has no need to say it as well
        told = any(age_cell(row, space, extended=False).text for row in board.tickers)
        known = _columns(space, board.periods, old=old, told=told, hours=hours, apart=True)
        columns = fitting(known, space.width, space.order)
    rows = ordered(board.tickers, known, space.order, lambda r: r.id)
    return Face(
        "Indexes",
        tuple(lines(columns, rows, space.row_cache, lambda r: coming(board, r.symbol))),
        tuple(row.id for row in rows),
        _subtitle(board),
        header(columns, space.order),
        _note(board, space.width),
        legend(columns),
        answering(known, board.tickers, lambda r: r.id),
    )


def _subtitle(board: Board) -> str:
    """From whom, and how far it can be trusted."""
    sources = list(dict.fromkeys(r.source for r in board.tickers if r.source))
    states = {State.STALE if r.study_state is State.STALE else r.state for r in board.tickers}
    worst = next((s for s in (State.STALE, State.DELAYED, State.CLOSED, State.LIVE) if s in states), None)
    words = {State.STALE: "partly stale", State.DELAYED: "partly delayed", State.CLOSED: "closed", State.LIVE: "live"}
    if not sources:
        return "no data yet"
    if board.mode is Mode.DEMO:
        return sources[0]  # "simulated live" would be a word too much
    return f"{', '.join(sources)} {words[worst]}" if worst else sources[0]


def _note(board: Board, width: int) -> Row:
    row = next((r for r in board.tickers if kind_of(r.symbol) is not Kind.VOLATILITY), None)
    if row is None or row.record_close is None or row.record_date is None:
        return ()
    since = row.sessions_since_record
    ago = "" if since is None else f", {counted(since, 'session')} ago" if since else ", the last close"
    if row.study_state is State.STALE:
        ago = f", closes end {row.study_as_of.day} {row.study_as_of:%b}" if row.study_as_of else ""
    elif "record" in row.marks:
        ago = f" {row.marks['record']}"
    day = f"{row.record_date.day} {row.record_date:%b %Y}"
    return (Span(cut(f"{row.id} record close {figures.amount(row.record_close)}, {day}{ago}", width), "faint"),)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """What a ticker is, how its numbers were made, from what, as of when, from whom."""
    row = next((r for r in board.tickers if r.id == row_id), None)
    if row is None:
        return GONE
    told = facts(ticker_facts(row, board, space))
    return with_chart(row.id, told, board, space, stale=State.STALE in (row.state, row.study_state))


PANE = Pane(
    "indexes",
    "Indexes",
    draw,
    lambda board: len(board.tickers) + 2,
    4,
    detail,
    orders(_columns(NOWHERE, {}, old=False, told=False)),
    reads=("tickers", "loading", "periods"),
    pinned=lambda board: tuple(row.id for row in board.tickers[:2]),
    told_at=lambda _: "windows",
    table=lambda board: board.tickers,
    alert=of_price,
)
