"""The history of what is selected: a pair or one symbol, in its frame."""

from collections.abc import Callable, Sequence

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.board.lines import Drawable
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Dated, Pane, Space, dated_rows
from rotation_tui.panes.conditions import of_either
from rotation_tui.panes.history.curves import KIND, MONTHS
from rotation_tui.panes.history.drawing import SHAPE
from rotation_tui.panes.history.face import face_of
from rotation_tui.panes.history.frames import FRAME
from rotation_tui.panes.history.inside import days_in, face_inside
from rotation_tui.panes.history.lower import LOWER
from rotation_tui.panes.history.seasons import by_month
from rotation_tui.panes.parts import sentence
from rotation_tui.widgets.cells import Face


def draw(board: Board, space: Space) -> Face:
    """What is selected, the first pair where nothing is that has a history."""
    name, row = subject(board, (space.looked_at, space.picked), space.lines)
    if name is None:
        return sentence("History", "no pairs configured", width=space.width)
    if isinstance(row, SpreadRow) and space.setting(KIND) == MONTHS:
        return by_month(row, space.now.date(), space)
    days = days_in(space)
    if days is not None:
        return face_inside(name, days, board, space)
    history = space.lines(name)
    if history is None:
        awaited = row is not None and row.why and row in board.looked
        next_step = f"; it is asked again, {space.key('x')} lets it go" if awaited else ""
        return sentence(f"History of {name}", _why_none(name, row) + next_step, width=space.width)
    return face_of(history, board, space, stale=row is not None and State.STALE in (row.state, row.study_state))


def subject(
    board: Board, names: Sequence[str | None], lines: Callable[[str], Drawable | None]
) -> tuple[str | None, Dated | None]:
    """Id of what is drawn, and its row where the board has one: the first of these names that has either."""
    rows = dated_rows(board)
    for name in names:
        if name is not None and (name in rows or lines(name) is not None):
            return name, rows.get(name)
    return (board.spreads[0].id, board.spreads[0]) if board.spreads else (None, None)


def _why_none(name: str, row: Dated | None) -> str:
    """Why there is no history, or that it is on its way."""
    legs = [leg for leg in (getattr(row, "small", None), getattr(row, "large", None)) if leg]
    what = " and ".join(legs) or name
    both = " of both" if legs else ""
    why = f": {row.why}" if row is not None and row.why else f"; it is drawn as soon as the closes{both} are here"
    return f"no history of {what} yet{why}"


PANE = Pane(
    "chart",
    "History",
    draw,
    lambda _: 12,
    8,
    settings=(FRAME, KIND, SHAPE, LOWER),
    most=lambda _: 16,
    alert=of_either,
)
