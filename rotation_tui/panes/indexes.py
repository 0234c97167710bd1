"""Index tickers: last, day, windows, distance from the record close."""

from collections.abc import Mapping

from rotation_tui.board.contract import Board, TickerRow
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.state import State
from rotation_tui.domain.window import Window
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import NOWHERE, Pane, Space, age_of, coming, local_stamp, shows_age, tone_of
from rotation_tui.panes.history.face import with_chart
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.past import DISTANCE, LEAST_LINE, ink_of, longest, titles_of, with_distance
from rotation_tui.panes.window_columns import all_windows, window_name, window_text, window_words
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut
from rotation_tui.widgets.spark import spark
from rotation_tui.widgets.table import MARK, Column, fitting, header, legend, lines, ordered, orders

_WINDOWS = (
    (Window.W1, 5), (Window.M1, 1), (Window.M3, 4), (Window.M6, 2), (Window.Y1, 6), (Window.MTD, 7), (Window.QTD, 8),
    (Window.HALF, 1), (Window.YTD, 0),
)  # fmt: skip
"""Windows that have a column, and its rank; those in sessions stand in the detail."""


_FIGURES = 57
"""Columns of the figures that stand before a line: name, last, day, 1M, 6M, half, YTD and the record."""
_AGE = 9
_WITH_DISTANCE = 24
_WITHOUT_WINDOWS = (Kind.VOLATILITY, Kind.FUTURE)
"""Kinds whose returns over a window say nothing: an index of volatility, a chain of contracts."""


def _window(row: TickerRow, window: Window) -> Span:
    if kind_of(row.symbol) in _WITHOUT_WINDOWS:
        return Span("", "dim")
    return Span(window_text(row, window), _studied(row, "dim"))


def _studied(row: TickerRow, tone: str) -> str:
    """The tone of a number that rests on the price and on completed bars."""
    return tone_of(row.state, tone_of(row.study_state, tone) if row.study_state is State.STALE else tone)


def _day(row: TickerRow, space: Space) -> Span:
    change = row.change_pct
    if change is None:
        return Span(figures.UNKNOWN, "unknown")
    glyph = space.glyphs.up if change > 0 else space.glyphs.down if change < 0 else " "
    tone = "gain" if change > 0 else "loss" if change < 0 else "flat"
    # a change of an earlier session is not today's: said without colour
    mark = MARK if Window.D1.value in row.marks else ""
    return Span(f"{glyph} {figures.signed(change, 2)}{mark}", tone_of(row.state, tone if row.current else "dim"))


def _record(row: TickerRow) -> Span:
    if kind_of(row.symbol) in _WITHOUT_WINDOWS:
        return Span("", "dim")
    if row.is_record:
        return Span("REC", _studied(row, "highlight"), bold=row.state is not State.STALE)
    if row.above_record:
        return Span("above", _studied(row, "highlight"))
    if row.from_record_pct is None:
        return Span(figures.UNKNOWN, _studied(row, "dim"))
    mark = MARK if "record" in row.marks else ""
    return Span(f"{figures.signed(row.from_record_pct)}%{mark}", _studied(row, "dim"))


def _age(row: TickerRow, space: Space) -> Span:
    if row.state is State.UNKNOWN:
        return Span(figures.UNKNOWN, "unknown")
    if row.state is not State.STALE and row.study_state is State.STALE:
        age = age_of(row, space)
        return age._replace(text=f"bars {age.text}")
    if shows_age(row):
        return age_of(row, space)
    if row.note:
        return Span("see data", "watch")
    if row.state is State.DELAYED and row.delay_s:
        return Span(f"{row.delay_s // 60}m late", "faint")
    if row.extended is not None:
        return Span(f"{row.extended.phase.value.lower()} {figures.signed(row.extended.change_pct)}", "dim")
    return Span("", "faint")


def _columns(space: Space, periods: Mapping[str, str], *, old: bool, told: bool) -> list[Column[TickerRow]]:
    def window(at: Window, rank: int) -> Column[TickerRow]:
        name = window_name(at, periods)
        return Column(at.value, name, max(5, len(name)), lambda r, _: _window(r, at), lambda r: r.windows[at.value],
                      rank, grow=1, words=window_words(at, "return, %,"))  # fmt: skip

    def last(row: TickerRow, _: int) -> Span:
        first = row.id == "RUT"
        tone = tone_of(row.state, "bright" if first else "text")
        return Span(figures.amount(row.last), tone, bold=first and row.state is not State.STALE)

    def name(row: TickerRow, _: int) -> Span:
        return Span(row.id, "highlight" if row.id in ("RUT", "SPX") else "text")

    roomy = space.width - _FIGURES - (1 + _AGE if told else 0) > _WITH_DISTANCE
    least = _WITH_DISTANCE if roomy else LEAST_LINE

    def two_years(row: TickerRow, width: int) -> Row:
        ink = ink_of(row)
        cells = width - 1 - DISTANCE if roomy else width
        (line,) = spark(row.spark, cells, space.glyphs, base=row.mean_line, last=row.last, ink=ink)
        return with_distance(line, row.from_200d_pct, space.glyphs, ink) if roomy else line

    return [
        Column("id", "", 5, name, lambda r: r.id, 0, left=True, words="the ticker; enter opens it"),
        Column("name", "", 24, lambda r, _: Span(r.name, "dim"), None, 9 if space.full else 20,
               left=True, words="what it is"),
        Column("last", "last", 10, last, lambda r: r.last, 0, words="last price, in index points or dollars"),
        Column("1D", "day", 8, lambda r, _: _day(r, space), lambda r: r.change_pct, 0,
               words=window_words(Window.D1, "change, %,")),
        *(window(at, rank) for at, rank in _WINDOWS),
        Column("record", "record", 7, lambda r, _: _record(r), lambda r: r.from_record_pct, 0,
               words="price against the highest close so far; REC: that close is the last one"),
        *((Column("age", "", _AGE, lambda r, _: _age(r, space), None, 0 if old else 3,
                  words="how late or how old the price is, and its change before or after hours"),) if told else ()),
        Column("spark", longest(least, *titles_of(space.glyphs, "price")), least, two_years, None, 3, True, grow=24,
               words="closes of two years around their mean of 200 sessions, and how far the last is from it"),
    ]  # fmt: skip


def draw(board: Board, space: Space) -> Face:
    """All tickers, most important first."""
    told = any(_age(row, space).text for row in board.tickers)
    known = _columns(space, board.periods, old=any(map(shows_age, board.tickers)), told=told)
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
    )


def _subtitle(board: Board) -> str:
    """From whom, and how far it can be trusted."""
    sources = list(dict.fromkeys(r.source for r in board.tickers if r.source))
    states = {State.STALE if r.study_state is State.STALE else r.state for r in board.tickers}
    worst = next((s for s in (State.STALE, State.DELAYED, State.CLOSED, State.LIVE) if s in states), None)
    words = {State.STALE: "partly stale", State.DELAYED: "partly delayed", State.CLOSED: "closed", State.LIVE: "live"}
    if not sources:
        return "no data yet"
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
    return (Span(cut(f"{row.id} record close {figures.amount(row.record_close)} on {day}{ago}", width), "faint"),)


def _from_whom(row: TickerRow) -> str:
    if row.source is None:
        return figures.UNKNOWN
    return f"{row.source}, {f'{row.delay_s // 60} min delayed' if row.delay_s else 'real time'}"


_HOW = (
    "last / base close - 1, %; base of 1M: the last close on or before the same day a month earlier, "
    "of 21d: the close 21 sessions before, of YTD: the last of the year before"
)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """What a ticker is, how its numbers were made, from what, as of when, from whom."""
    row = next((r for r in board.tickers if r.id == row_id), None)
    if row is None:
        return GONE
    lines = [
        ("what", f"{row.name} ({row.symbol}), {'total return' if row.basis == 'total' else 'price return'}"),
        ("last", f"{figures.amount(row.last)}  {row.state.value}"),
        ("printed", local_stamp(row.as_of, space)),
        ("checked", local_stamp(row.checked_at, space)),
        ("from", _from_whom(row)),
        ("day", f"{figures.signed(row.change_pct, 2)} % from the close of the session before"),
    ]
    lines += all_windows(row, board.periods)
    if row.record_close is not None:
        mark = MARK if "record" in row.marks else ""
        lines.append(("record", f"{figures.amount(row.record_close)}{mark} on {row.record_date}, "
                                f"{figures.signed(row.from_record_pct, 2)} % from it"
                                + (", above record: a record needs a close" if row.above_record else "")))  # fmt: skip
        if mark:
            lines.append(("", f"record {row.marks['record']}: one of them may be higher"))
    if row.record_intraday is not None:
        lines.append(("highest", f"{figures.amount(row.record_intraday)} within a session"))
    if row.consolidating:
        lines.append(("", "consolidating: 1 to 8 % below its record, 21 sessions within 8 %"))
    if row.extended is not None:
        lines.append((row.extended.phase.value.lower(), f"{figures.amount(row.extended.last)} "
                      f"{figures.signed(row.extended.change_pct, 2)} % from the regular price, "
                      f"{local_stamp(row.extended.as_of, space)}"))  # fmt: skip
    lines.append(("how", _HOW))
    if row.study_as_of is not None:
        lines.append(("closes", f"to {row.study_as_of}{', stale' if row.study_state is State.STALE else ''}"))
    if row.note:
        lines.append(("data", f"{row.note}: a fund and its index should be closer"))
    if row.why:
        lines.append(("why ?", row.why))
    return with_chart(row.id, facts(lines), board, space, stale=State.STALE in (row.state, row.study_state))


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
)
