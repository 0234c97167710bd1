"""Conditions that rows offer for an alert, in the words of METHODOLOGY.md#alerts."""

from collections.abc import Callable

from rotation_tui.board.contract import Board

Offer = Callable[[Board, str | None], str]
_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/^=")


def named(row: str) -> str:
    """A row's id as a condition has it."""
    return row if set(row) <= _BARE else f'"{row}"'


def saying(words: str) -> Offer:
    """The condition of every row, with its id in place of `*`; empty where none is selected."""
    return lambda _, row: "" if row is None else words.replace("*", named(row))


def of_regime(_board: Board, _row: str | None) -> str:
    """Whatever row is selected: the answer itself."""
    return "verdict.regime changes"


def of_pair(board: Board, row: str | None) -> str:
    """A pair's margin far from its usual, where there is such a pair."""
    return f"spreads.{named(row)}.z > 2" if row is not None and any(s.id == row for s in board.spreads) else ""


def of_price(board: Board, row: str | None) -> str:
    """A price that crosses where it is now, of a ticker, of what was typed, or of a symbol on a list."""
    if row is None:
        return ""
    homes = [("", board.tickers), ("looked.", board.looked)]
    homes += [(f"watchlists.{named(listed.name)}.", listed.rows) for listed in board.watchlists]
    for part, rows in homes:
        for there in rows:
            if there.id == row:
                crosses = f"last crosses {there.last:.2f}" if there.last is not None else "change_pct < -2"
                return f"{part}{named(row)}.{crosses}"
    return ""


def of_either(board: Board, row: str | None) -> str:
    """What a pair offers, or a symbol."""
    return of_pair(board, row) or of_price(board, row)
