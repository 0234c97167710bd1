"""The cache between two frames: what the panes of a screen drew, for as long as it holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest
from operator import is_

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets.cells import Face, Row
from rotation_tui.widgets.table import RowCache

Part = tuple[int, int, Row]
"""What a pane has of a line: the column where it begins, how wide it is, its row."""


class FrameCache:
    """Spares rows that are made of the same things as in the frame before.

    What is cached of a pane holds while its space is the same, within one minute: ages step on by minutes.
    """

    def __init__(self) -> None:
        self._spaces: dict[str, Space] = {}
        self._faces: dict[str, tuple[Sequence[object], Face]] = {}
        self._lines: dict[int, tuple[int, Sequence[Part], Row]] = {}

    def face(self, pane: Pane, board: Board, space: Space) -> tuple[Face, RowCache]:
        """What the pane draws, and the rows cached of it for whoever places that."""
        minute = replace(space, now=space.now.replace(second=0, microsecond=0))
        before = self._spaces.get(pane.name)
        if before is None or before != minute:
            before = self._spaces[pane.name] = minute
            self._faces.pop(pane.name, None)
        before.row_cache.next_frame()
        parts = [getattr(board, name) for name in pane.reads]
        found = self._faces.get(pane.name)
        if found is not None and parts and all(map(is_, found[0], parts)):
            return found[1], before.row_cache
        face = pane.draw(board, replace(space, row_cache=before.row_cache))
        if found is not None:
            face = _kept(face, found[1])
        self._faces[pane.name] = (parts, face)
        return face, before.row_cache

    def line(self, y: int, width: int, parts: Sequence[Part], make: Callable[[], Row]) -> Row:
        """Line `y` of the screen, made anew in another width or where one of its parts has changed."""
        found = self._lines.get(y)
        if found is None or found[0] != width or found[1] != parts:
            found = self._lines[y] = (width, parts, make())
        return found[2]


def _kept(face: Face, before: Face) -> Face:
    """The face with the rows of the one before where they say the same: most prices move within what is shown of
    them, and to compare a row costs a thirtieth of what framing and placing it does.
    """
    pairs = zip_longest(face.rows, before.rows[: len(face.rows)])
    return face._replace(rows=tuple(old if new == old else new for new, old in pairs))
