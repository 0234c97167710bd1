"""Private mode: a board without how much is held; percent stay, prices are public."""

import re
from collections.abc import Callable, Collection
from operator import is_
from typing import TypeVar

from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.board.holding_rows import LotRow, PortfolioRow, PositionRow, Rebalance
from rotation_tui.domain.alert import AlertRow
from rotation_tui.domain.feed import Event

_Row = TypeVar("_Row", Event, AlertRow)

AMOUNTS = ("quantity", "value", "gross", "day_money", "total_money", "amount", "before", "after", "cash_left")
"""Fields that say how much, of rows about what is held."""
HIDDEN = "hidden, private mode is on"


_CALLED = re.compile(rf"(?:^|[^\w.])(?:portfolio|positions)\.\S*?\b(?:{'|'.join(AMOUNTS)})\b")


def discreet(board: Board) -> Board:
    """The board without amounts, so that nothing made of it can tell them."""
    portfolio = board.portfolio
    ids = frozenset(row.id for row in board.positions)
    return replace(
        board,
        events=_each(board.events, lambda event: _event(event, ids)),
        alerts=None if board.alerts is None else _each(board.alerts, lambda row: _alert(row, ids)),
        positions=tuple(map(_position, board.positions)),
        portfolio=None if portfolio is None else _portfolio(portfolio),
    )


def _each(rows: tuple[_Row, ...], made: Callable[[_Row], _Row]) -> tuple[_Row, ...]:
    """The rows with what is `made` of them; the same object where that is nothing else."""
    shown = tuple(map(made, rows))
    return rows if all(map(is_, shown, rows)) else shown


def tells_amount(path: str, ids: Collection[str]) -> bool:
    """Whether a path says how much is held; `ids` are those of positions."""
    head, *rest = path.replace('"', "").split(".")
    about = head in ("portfolio", "positions") or head in ids
    return about and not frozenset(rest).isdisjoint(AMOUNTS)


def _event(event: Event, ids: Collection[str]) -> Event:
    """A line of the past that tells an amount, as an alert on one does."""
    words = event.text.split()
    if _CALLED.search(event.text) is None and not any(tells_amount(word.strip("():,"), ids) for word in words):
        return event
    return replace(event, text=f"an alert on how much is held: {HIDDEN}")


def _alert(row: AlertRow, ids: Collection[str]) -> AlertRow:
    if not tells_amount(row.path, ids):
        return row
    named = row.alert.name != row.alert.when
    alert = replace(row.alert, when=row.path) if named else row.alert
    return replace(row, alert=alert, asks="hidden", value=None, why=HIDDEN, told=())


def _position(row: PositionRow) -> PositionRow:
    names = ("quantity", "value", "day_money", "total_money")
    lots = tuple(LotRow(None, lot.cost, lot.date, None) for lot in row.lots)
    reasons = {**(row.reasons or {}), **{n: HIDDEN for n in names if getattr(row, n) is not None}}
    return replace(row, **dict.fromkeys(names), lots=lots, reasons=reasons, private=True)


def _portfolio(row: PortfolioRow) -> PortfolioRow:
    names = ("value", "gross", "day_money", "total_money")
    reasons = {**row.reasons, **{n: HIDDEN for n in names if getattr(row, n) is not None}}
    return replace(
        row,
        **dict.fromkeys(names),
        reasons=reasons,
        rebalance=None if row.rebalance is None else _trades(row.rebalance),
        private=True,
    )


def _trades(told: Rebalance) -> Rebalance:
    trades = tuple(replace(t, quantity=None, amount=None, before=None, after=None) for t in told.trades)
    return replace(told, trades=trades, cash_left=None)
