"""What changed and what the feeds did, newest first."""

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets.cells import Face, Row, Span, cut

_TONES = {"alert": "alert", "watch": "watch", "info": "text"}


def draw(board: Board, space: Space) -> Face:
    """Newest first; what the board's numbers are made of stands above all."""
    rows: list[Row] = [(Span(cut(note, space.width), "watch"),) for note in board.notes]
    for event in reversed(board.events):
        at = event.at.astimezone(space.zone)
        stamp = f"{at:%H:%M}" if at.date() == space.now.astimezone(space.zone).date() else f"{at:%d %b}"
        text = cut(event.text, max(0, space.width - 7))
        rows.append((Span(f"{stamp:>6} ", "faint"), Span(text, _TONES.get(event.severity, "text"))))
    if not rows:
        rows.append((Span("nothing yet", "faint"),))
    return Face("Events", tuple(rows), (None,) * len(rows))


def _wants(board: Board) -> int:
    told = min(4, len(board.notes) + len(board.events))
    return told + 1 if told > 1 else 1  # a single line speaks for itself, several have the title over them


PANE = Pane(
    "events",
    "Events",
    draw,
    _wants,
    1,
    reads=("notes", "events"),
)
