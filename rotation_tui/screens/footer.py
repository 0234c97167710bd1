"""The last line: the keys that work here, and at its end what the board's numbers are made of."""

from rotation_tui.board.contract import Board
from rotation_tui.screens.keys import KEYS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, Span, width_of


def footer_row(board: Board, view: View, width: int, *, keys_shown: bool = True) -> Row:
    """The last line of every screen; where it is narrow keys go from its end, but never help and quit."""
    spans: list[Span] = [Span(" ")]
    keys = [k for k in KEYS if k.footer and keys_shown]
    gap = " " if sum(len(k.shown) + len(k.short) + 3 for k in keys) > width else "  "
    while sum(len(k.shown) + len(k.short) + 1 + len(gap) for k in keys) > width:
        keys.remove(next(k for k in reversed(keys) if k.short not in ("help", "quit")))
    for key in keys:
        current = key.short == view.screen
        spans += [Span(key.shown, "key"), Span(f" {key.short}{gap}", "bright" if current else "dim")]
    note = board.notes[0] if board.notes else ""
    left = width - width_of(tuple(spans))
    if note and left > len(note) + 2:
        spans += [Span(" " * (left - len(note) - 1)), Span(note, "watch")]
    return tuple(spans)
