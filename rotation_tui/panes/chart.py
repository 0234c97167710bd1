"""History."""

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets.cells import Face, Span


def draw(_board: Board, _space: Space) -> Face:
    """History."""
    return Face("History", ((Span("not drawn", "dim"),),), (None,))


PANE = Pane("chart", "History", draw, lambda _: 12, 8)
