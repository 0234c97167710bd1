"""What a pane is, and the room it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from rotation_tui.board.contract import Board, State
from rotation_tui.widgets.cells import Face, Row
from rotation_tui.widgets.glyphs import UNICODE, Glyphs
from rotation_tui.widgets.table import Order


@dataclass(frozen=True, slots=True)
class Space:
    """The room inside a pane's place, and how the user wants to see it.

    `height` counts the header and the rows. `tight` asks for nothing but rows, `full` says that the pane
    has the screen to itself. `more` is how many rows are scrolled past the top.
    """

    width: int
    height: int
    now: datetime
    zone: tzinfo
    glyphs: Glyphs = UNICODE
    tight: bool = False
    full: bool = False
    order: Order = field(default_factory=Order)


@dataclass(frozen=True, slots=True)
class Pane:
    """A pane: `draw` makes its face, `detail` what opens on a row, `wants` how many rows it would fill.

    `least` is the number of rows it gets on the smallest screen, `most` what it can use on a large one (as
    much as it wants where left out), `sorts` the columns it can be sorted by.
    """

    name: str
    title: str
    draw: Callable[[Board, Space], Face]
    wants: Callable[[Board], int]
    least: int
    detail: Callable[[Board, str, Space], tuple[Row, ...]] | None = None
    sorts: tuple[str, ...] = ()
    most: Callable[[Board], int] | None = None


def tone_of(state: State, tone: str) -> str:
    """`tone`, or the one for old and unknown values."""
    return {State.STALE: "stale", State.UNKNOWN: "unknown"}.get(state, tone)


def local_time(at: datetime, space: Space) -> str:
    """Hours and minutes in the zone the user chose."""
    return at.astimezone(space.zone).strftime("%H:%M")


def local_stamp(at: datetime | None, space: Space) -> str:
    """Date and time in the zone the user chose, with the zone's name."""
    return "?" if at is None else at.astimezone(space.zone).strftime("%Y-%m-%d %H:%M:%S %Z")
