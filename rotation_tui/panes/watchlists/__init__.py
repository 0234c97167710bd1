"""Watch lists: one at a time, with the columns and the benchmark that it chooses; a key steps to the next one."""

import textwrap
from collections.abc import Mapping

from rotation_tui.board.contract import Board, WatchedRow, WatchListRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.domain.watchlist import COLUMNS
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import NOWHERE, Pane, Setting, Space, coming, shows_age
from rotation_tui.panes.conditions import of_price
from rotation_tui.panes.history.face import with_chart
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.ticker_columns import ticker_facts
from rotation_tui.panes.watchlists.columns import SYMBOL, columns_of, every_column
from rotation_tui.panes.window_columns import window_name
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Rows, Span
from rotation_tui.widgets.table import Order, answering, fitting, header, legend, lines, ordered, orders

LISTED = "watch list"
"""Name of the setting that has the name of the list in sight, as `screens.view` knows it."""
LIST = Setting(
    LISTED, "p", (), "watch list",
    more=lambda board: tuple(listed.name for listed in board.watchlists),
    on=lambda board, _: len(board.watchlists) > 1,
)  # fmt: skip
_NONE = (
    "No watch list yet.",
    "n adds a symbol here and writes it into your config: KRE #banks what it is for",
    "",
    "or write one yourself:",
    "  [[watchlists]]",
    '  name = "banks"',
    '  symbols = ["KRE", { symbol = "KBE", note = "banks", tag = "rates" }]',
)
_FEW = 16
"""Rows that a list asks for; what is not in sight is scrolled to."""
_EVERY = WatchListRow("", "", tuple(COLUMNS), "", ())
"""A list with every column."""


def chosen(board: Board, settings: Mapping[str, str]) -> WatchListRow | None:
    """The list that is shown: the one that was stepped to, else the first; None where there is none."""
    name = settings.get(LIST.name, "")
    return next((listed for listed in board.watchlists if listed.name == name), next(iter(board.watchlists), None))


def draw(board: Board, space: Space) -> Face:
    """The rows of the list in its order, or in the one that was chosen by key."""
    listed = chosen(board, space.settings)
    if listed is None:
        told = [part for line in _NONE for part in _folded(line, space)]
        return Face("Watch lists", tuple((Span(line, "dim"),) for line in told), (None,) * len(told))
    order = space.order if space.order.key else order_of(listed)
    known = columns_of(listed, board.periods, space, order.key or "")
    columns = fitting(known, space.width, order)
    rows = ordered(listed.rows, known, order, lambda r: r.symbol)
    drawn = lines(columns, rows, space.row_cache, lambda r: _is_coming(board, r))
    ids: tuple[str | None, ...] = tuple(row.id for row in rows)
    if not rows:
        drawn, ids = [(Span("no symbol in this list; n adds one", "dim"),)], (None,)
    return Face(
        _title(board, listed, tight=space.tight), tuple(drawn), ids, _subtitle(listed), header(columns, order), (),
        legend(columns),
        answering(every_column(listed, board.periods, space), listed.rows, lambda r: r.id),
    )  # fmt: skip


def _folded(line: str, space: Space) -> list[str]:
    """A line in as many as it needs; what follows its first one stands deeper, as the config may have it."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    return textwrap.wrap(line, max(20, space.width), subsequent_indent=indent) or [""]


def _is_coming(board: Board, row: WatchedRow) -> bool:
    """Whether its history is still on its way; the board waits for that of no visitor."""
    return coming(board, row.symbol) or (row.study_as_of is None and row.why is None)


def order_of(listed: WatchListRow) -> Order:
    """The order that the list asks for: numbers from the largest, words from A, turned by a minus."""
    key = listed.sort.removeprefix("-")
    found = next((order for order in _ORDERS if order.key == key), Order())
    return Order(found.key, not found.reverse) if listed.sort.startswith("-") else found


def _title(board: Board, listed: WatchListRow, *, tight: bool) -> str:
    names = [each.name for each in board.watchlists]
    if tight:  # the names of columns stand beside it
        return listed.name if len(names) == 1 else f"{listed.name} {names.index(listed.name) + 1}/{len(names)}"
    if len(names) == 1:
        return f"Watch list {listed.name}"
    at = names.index(listed.name)
    return f"Watch list {listed.name}, {at + 1} of {len(names)}, next {names[(at + 1) % len(names)]}"


def _subtitle(listed: WatchListRow) -> str:
    """How many symbols, what they are against, and how far their prices can be trusted."""
    old = sum(map(shows_age, listed.rows))
    unknown = sum(row.state is State.UNKNOWN for row in listed.rows)
    said = [counted(len(listed.rows), "symbol"), f"against {listed.benchmark}"]
    said += [f"{old} old"] if old else []
    said += [f"{unknown} unknown"] if unknown else []
    return ", ".join(said)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """The user's words, then all that is told of a ticker, and what only a list tells."""
    listed = chosen(board, space.settings)
    row = None if listed is None else next((row for row in listed.rows if row.id == row_id), None)
    if listed is None or row is None:
        return GONE
    words = [("tag", row.tag), ("note", row.your_note)]
    told = [(name, text) for name, text in words if text]
    told += ticker_facts(row, board, space)
    told += _excess(row, listed, board)
    if row.volume is not None and row.study_as_of is not None:
        of = f"{figures.short(row.volume)} shares on {row.study_as_of}"
        median = f", {figures.short(row.median_dollar_volume)} dollars a session, median of 21"
        told.append(("volume", of + (median if row.median_dollar_volume is not None else "")))
    if kind_of(row.symbol) is Kind.ETF:
        told.append(("dividend", _dividend(row)))
        told.append(("earnings", "? no feed tells their dates"))
    return with_chart(row.id, facts(told), board, space, stale=State.STALE in (row.state, row.study_state))


def _dividend(row: WatchedRow) -> str:
    if row.ex_date is None or row.dividend is None:
        return "? none told since its history was fetched; Yahoo's histories tell them"
    return f"{figures.significant(row.dividend)} a share, ex {row.ex_date}, the last one"


def _excess(row: WatchedRow, listed: WatchListRow, board: Board) -> list[tuple[str, str]]:
    if row.symbol == listed.benchmark:
        return [("against", f"{row.symbol} is the benchmark of this list")]
    if (why := (row.reasons or {}).get("excess")) is not None:
        return [("against", f"{listed.benchmark} ? {why}")]
    known = [(window_name(w, board.periods), row.excess[w.value]) for w in Window]
    told = "  ".join(f"{name} {figures.signed(value, 2)}" for name, value in known if value is not None)
    return [("against", f"{listed.benchmark}, pp: {told or '? no window starts where that of the benchmark does'}")]


def _longest(board: Board) -> int:
    return max((len(listed.rows) for listed in board.watchlists), default=len(_NONE))


def _all_rows(board: Board) -> list[WatchedRow]:
    return [row for listed in board.watchlists for row in listed.rows]


_ORDERS = tuple(order for order in orders(columns_of(_EVERY, {}, NOWHERE)) if order.key != SYMBOL)

PANE = Pane(
    "watchlists",
    "Watch lists",
    draw,
    lambda board: min(_FEW, _longest(board)) + 1,
    4,
    detail,
    _ORDERS,
    most=lambda board: _longest(board) + 1,
    settings=(LIST,),
    reads=("watchlists", "loading", "periods"),
    told_at=lambda _: "watch-lists",
    table=_all_rows,
    alert=of_price,
)
