"""The board as CSV: one line a value, so that any spreadsheet or cut(1) can read it."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from rotation_tui.board.contract import Board
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Verdict
from rotation_tui.domain.watchlist import EXCESS
from rotation_tui.domain.window import Window
from rotation_tui.widgets.spreadsheet import in_cell

HEADER = ("table", "id", "measure", "value", "unit", "as_of", "source", "state")


def as_csv(board: Board) -> str:
    """Tickers, spreads, sectors, watch lists, checks and the verdict as lines of `HEADER`; unknown is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")

    def write(cells: tuple[str, ...]) -> None:
        writer.writerow([in_cell(c) for c in cells])

    write(HEADER)
    for t in board.tickers:
        tail = (_time(t.as_of), t.source or "", t.state.value)
        # a return over closes of long ago is as old as they are
        old = t.study_state is State.STALE
        over = (str(t.study_as_of), t.source or "", State.STALE.value) if old else tail
        write(("ticker", t.id, "last", _number(t.last), "", *tail))
        for window in Window:
            of = tail if window is Window.D1 else over
            write(("ticker", t.id, window.value, _number(t.windows[window.value]), "%", *of))
        write(("ticker", t.id, "from_record", _number(t.from_record_pct), "%", *over))
    for s in board.spreads:
        tail = (str((s.study_as_of if s.study_state is State.STALE else s.as_of) or ""), "", s.state.value)
        for window in Window:
            write(("spread", s.id, window.value, _number(s.windows[window.value]), "pp", *tail))
        write(("spread", s.id, "percentile", _number(s.percentile), "", str(s.study_as_of or ""), "", s.state.value))
    for row in board.sectors:
        old = row.study_state is State.STALE
        tail = (str(row.study_as_of) if old else _time(row.as_of), row.source or "", row.state.value)
        for window in Window:
            write(("sector", row.id, window.value, _number(row.windows[window.value]), "%", *tail))
        write(("sector", row.id, "excess", _number(row.excess_pp), "pp", *tail))
    for cells in (*_watched(board), *_checks(board), *_answer(board.verdict)):
        write(cells)
    return out.getvalue()


def _watched(board: Board) -> Iterator[tuple[str, ...]]:
    """Symbols of watch lists, each by its list and its own name."""
    for row in (row for listed in board.watchlists for row in listed.rows):
        name, tail = f"{row.list}/{row.id}", (_time(row.as_of), row.source or "", row.state.value)
        old = row.study_state is State.STALE
        over = (str(row.study_as_of), row.source or "", State.STALE.value) if old else tail
        yield ("watchlist", name, "last", _number(row.last), "", *tail)
        for window in Window:
            of = tail if window is Window.D1 else over
            yield ("watchlist", name, window.value, _number(row.windows[window.value]), "%", *of)
            yield ("watchlist", name, f"{EXCESS}{window.value}", _number(row.excess[window.value]), "pp", *of)


def _checks(board: Board) -> Iterator[tuple[str, ...]]:
    for check in (check for group in board.risk for check in group.checks):
        tail = (str(check.as_of or ""), check.source or "", check.level.value)
        yield ("check", check.id, check.title, _number(check.value), check.unit, *tail)


def _answer(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    """Who leads, regime and score; the source is the pair."""
    if (leads := verdict.leads) is not None:
        tail = (_time(leads.as_of), leads.pair, leads.state.value)
        yield ("verdict", "leads", "side", leads.side.value, "", *tail)
        for measure, value in (("half", leads.half_pp), ("ytd", leads.ytd_pp), ("month", leads.month_pp)):
            yield ("verdict", "leads", measure, _number(value), "pp", *tail)
    tail = (str(verdict.as_of or ""), verdict.pair, "")
    yield ("verdict", "regime", "regime", verdict.regime.value, "", *tail)
    yield ("verdict", "regime", "score", _number(verdict.score), "", *tail)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _time(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
