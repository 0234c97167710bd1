"""Everything that a chart can be drawn of: what was typed, pairs, tickers, sector funds, with their day.

The chart follows it.
"""

from rotation_tui.board.contract import Board, SpreadRow, TickerRow
from rotation_tui.domain.instrument import told_kind
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.panes.base import NOWHERE, Dated, Pane, Space, coming, dated_rows, local_stamp, tone_of
from rotation_tui.panes.conditions import of_either
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.window_columns import all_windows, window_text
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Rows, Span
from rotation_tui.widgets.table import Column, answering, fitting, header, lines, ordered, orders

_TOLD_FROM = 20
"""Columns from which on the keys of what was typed stand below it."""
_FEW = 12
"""Rows with which it is of use; what is not in sight is scrolled to."""


def _columns(space: Space) -> list[Column[Dated]]:
    def name(row: Dated, _: int) -> Span:
        first = "-" if isinstance(row, SpreadRow) else ""
        text = row.id.replace(first, space.glyphs.minus, 1) if first else row.id
        return Span(text, tone_of(row.state, "text"))

    def day(row: Dated, _: int) -> Span:
        change = row.windows[Window.D1.value]
        if change is None:
            return Span(figures.UNKNOWN, "unknown")
        tone = "gain" if change > 0 else "loss" if change < 0 else "flat"
        return Span(window_text(row, Window.D1), tone_of(row.state, tone if row.current else "dim"))

    def last(row: Dated, _: int) -> Span:
        text = figures.significant(row.ratio_now) if isinstance(row, SpreadRow) else figures.amount(row.last)
        return Span(text, tone_of(row.state, "dim"))

    return [
        Column("id", "", 7, name, lambda r: r.id, 0, left=True, grow=6),
        Column("last", "last", 9, last, None, 2),
        Column("1D", "day", 5, day, lambda r: r.windows[Window.D1.value], 1),
    ]


def draw(board: Board, space: Space) -> Face:
    """What was typed first, then pairs, tickers, sector funds and symbols of watch lists."""
    known = _columns(space)
    columns = fitting(known, space.width, space.order)
    rows = ordered(list(dated_rows(board).values()), known, space.order, lambda r: r.id)
    drawn = lines(columns, rows, space.row_cache, lambda r: _is_coming(board, r))
    typed = f"{space.key('K')} keeps, {space.key('x')} lets go" if board.looked and space.width >= _TOLD_FROM else ""
    return Face(
        "Charts",
        tuple(drawn),
        tuple(row.id for row in rows),
        typed,
        header(columns, space.order),
        answers=answering(known, rows, lambda r: r.id),
    )


def _is_coming(board: Board, row: Dated) -> bool:
    return coming(board, *((row.small, row.large) if isinstance(row, SpreadRow) else (row.symbol,)))


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """What the row is and its windows; the screens of pairs and sectors tell more."""
    row = dated_rows(board).get(row_id)
    if row is None:
        return GONE
    if isinstance(row, SpreadRow):
        what = f"{row.small} minus {row.large}, pp"
        lines_ = [
            ("what", what),
            ("ratio", f"{figures.significant(row.ratio_now)}, of the last closes {figures.significant(row.ratio)}"),
        ]
    else:
        what = row.name if isinstance(row, TickerRow) else f"{row.sector}, {row.tracks}"
        lines_ = [
            ("what", row.symbol if what == row.symbol else f"{row.symbol}, {what}"),
            ("last", f"{figures.amount(row.last)}  {row.state.value}, {local_stamp(row.as_of, space)}"),
        ]
    if row in board.looked:
        kind = "" if told_kind(row.id) is not None else ", its kind unknown: judged as a fund is"
        lines_.append(("typed", f"beside the config{kind}; {space.key('K')} keeps it, {space.key('x')} lets it go"))
    lines_ += all_windows(row, board.periods)
    if row.study_as_of is not None:
        lines_.append(("closes", f"to {row.study_as_of}{', stale' if row.study_state is State.STALE else ''}"))
    if row.why:
        lines_.append(("why ?", row.why))
    return facts(lines_)


PANE = Pane(
    "symbols",
    "Charts",
    draw,
    lambda board: min(_FEW, len(dated_rows(board)) + 1),
    4,
    detail,
    orders(_columns(NOWHERE)),
    most=lambda board: len(dated_rows(board)) + 1,
    weight=1,
    reads=("spreads", "tickers", "sectors", "looked", "watchlists", "loading"),
    told_at=lambda _: "chart",
    table=lambda board: dated_rows(board).values(),
    alert=of_either,
)
