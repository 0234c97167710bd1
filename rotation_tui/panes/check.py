"""The check that is selected among the checks: its past, its limits, and what would change its level."""

from rotation_tui.board.contract import Board
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.levels import chosen_check
from rotation_tui.panes.parts import waiting
from rotation_tui.panes.report import body, report, state
from rotation_tui.widgets.cells import Face


def draw(board: Board, space: Space) -> Face:
    """The selected check, the worst one of those shown where none is."""
    check = chosen_check(board, space)
    if check is None:
        return waiting("Check", width=space.width)
    # a tight pane has its title beside the column names, so there is no line of its own for them
    rows = report(check, space) if space.tight else body(check, space)
    head = () if space.tight else state(check, space)
    title = f"{check.id} {check.title}"
    return Face(title, rows, (None,) * len(rows), _subtitle(check.source, check.id, space), head)


def _subtitle(source: str | None, check_id: str, space: Space) -> str:
    trail = space.trail(check_id)
    past = [f"{counted(len(trail.values), 'value')} from {trail.dates[0]}"] if trail is not None else []
    return " · ".join([*past, *([source] if source else [])])


PANE = Pane("check", "Check", draw, lambda _: 13, 4, most=lambda _: 24, reads=("risk",))
