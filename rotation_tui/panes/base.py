"""What a pane is, and the room it is given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType

from msgspec import Struct

from rotation_tui.board.contract import Board, SectorRow, SpreadRow, TickerRow
from rotation_tui.board.lines import Drawable
from rotation_tui.board.minutes import COMING, MinuteLine
from rotation_tui.board.rotations import Rotations, Wanted
from rotation_tui.domain.reading import Trail
from rotation_tui.domain.state import State
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Rows, Span
from rotation_tui.widgets.glyphs import UNICODE, Glyphs
from rotation_tui.widgets.table import Order, RowCache


@dataclass(frozen=True, slots=True)
class Space:
    """The room inside a pane's place, and how the user wants to see it.

    `height` counts the rows, without the header. `tight` asks for nothing but rows, `full` says that the pane has a
    screen of its own, `alone` that it was enlarged: then more rows than fit are welcome. `picked` is the row that is
    selected in this pane while it has the focus, else in the screen's first pane, `looked_at` the one of the pane that
    has the focus, `selected` the one of each pane by name, `settings` what the user chose by name. `lines` gives the
    history of a pair or symbol by the id of its row, `trail` that of a risk check, both None where there is none,
    `minutes` its prices within so many sessions, or the sentence why there are none,
    `rotations` those of a list as they were told at some week.
    `key` tells how a key is written that is this one unless the user has another: no text names a key by hand.
    `row_cache` has the lines of the frame before, for as long as all of this stays the same and no age steps on.
    """

    width: int
    height: int
    now: datetime
    zone: tzinfo
    glyphs: Glyphs = UNICODE
    tight: bool = False
    full: bool = False
    order: Order = field(default_factory=Order)
    picked: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    lines: Callable[[str], Drawable | None] = lambda _: None
    selected: Mapping[str, str] = field(default_factory=dict)
    trail: Callable[[str], Trail | None] = lambda _: None
    looked_at: str | None = None
    alone: bool = False
    minutes: Callable[[str, int], MinuteLine | str] = lambda _name, _days: COMING
    rotations: Callable[[Wanted], Rotations] = lambda _: Rotations()
    key: Callable[[str], str] = str
    row_cache: RowCache = field(default_factory=RowCache, compare=False)

    def setting(self, setting: "Setting", board: Board | None = None) -> str:
        """What the user chose, the first choice where nothing that is allowed, on `board` where that matters."""
        chosen = self.settings.get(setting.name, "")
        allowed = setting.choices if board is None else setting.choices_on(board)
        return chosen if chosen in allowed else allowed[0]


NOWHERE = Space(0, 0, datetime.min.replace(tzinfo=UTC), UTC)
"""For columns that are asked for nothing but what they sort by."""


class Setting(Struct, frozen=True):
    """Something about a pane that one key steps through: `key` is one of `screens.keys.SETTINGS`.

    `more` are the choices that a board has beside those of every board; `on` tells whether the setting is about the
    row that is looked at, None where none is, so that two settings can share a key. `names` has what a choice is
    called where that is another word.
    """

    name: str
    key: str
    choices: tuple[str, ...]
    words: str
    more: Callable[[Board], tuple[str, ...]] = lambda _: ()
    on: Callable[[Board, str | None], bool] = lambda _board, _row: True
    names: Mapping[str, str] = MappingProxyType({})

    def choices_on(self, board: Board) -> tuple[str, ...]:
        """All choices on a board, in the order of the key."""
        return (*self.choices, *self.more(board))


class Pane(Struct, frozen=True):
    """A pane: `draw` makes its face, `detail` what opens on a row, `wants` how many rows it would fill.

    `wants` counts the column names. `least` is the number of rows it gets on the smallest screen, under its title;
    with 1 it stands as a single line without a title there, for what speaks for itself. `most` is what it can use on
    a large one (as much as it wants where left out), `sorts` the orders its rows can be put in. Beside another pane it
    gets the share of the width that its `weight` has. `reads` names the parts of the board that its face depends on,
    where it depends on nothing else but its space; then it is drawn anew only when one of them has changed. `pinned`
    are the ids of rows that stay in sight whatever is selected or sorted: they move above the others where not all fit.
    `told_at` is the place in METHODOLOGY.md that tells how the numbers of a row are made. Rows that stand beside a
    `figure` cannot be left out one by one. `table` gives what its rows are about, where that is a table to be written
    to a file. `alert` is the condition that an alert on a row may have, to be typed over; empty where there is none.
    """

    name: str
    title: str
    draw: Callable[[Board, Space], Face]
    wants: Callable[[Board], int]
    least: int
    detail: Callable[[Board, str, Space], Rows] | None = None
    sorts: tuple[Order, ...] = ()
    most: Callable[[Board], int] | None = None
    settings: tuple[Setting, ...] = ()
    weight: int = 3
    reads: tuple[str, ...] = ()
    pinned: Callable[[Board], tuple[str, ...]] = lambda _: ()
    told_at: Callable[[str], str] | None = None
    figure: bool = False
    table: Callable[[Board], Iterable[Struct]] | None = None
    alert: Callable[[Board, str | None], str] = lambda _board, _row: ""


def coming(board: Board, *symbols: str) -> bool:
    """Whether the history of any of these symbols is still on its way."""
    return board.loading is not None and any(symbol in board.loading.symbols for symbol in symbols)


def tone_of(state: State, tone: str) -> str:
    """`tone`, or the one for old and unknown values."""
    return _TONES.get(state, tone)


_TONES = {State.STALE: "stale", State.UNKNOWN: "unknown"}


Dated = TickerRow | SpreadRow | SectorRow
"""A row that says how far its price and its study can be trusted, and as of when each of them is."""


def dated_rows(board: Board) -> dict[str, Dated]:
    """What was typed, pairs, tickers, sector funds and symbols of watch lists by their ids.

    A symbol that is a ticker and a sector fund is the ticker, and one that was typed is what the board has it as.
    """
    rows: list[Dated] = [*board.spreads, *board.tickers, *board.sectors]
    by_id: dict[str, Dated] = {}
    for row in rows:
        by_id.setdefault(row.id, row)
    for listed in board.watchlists:
        for watched in listed.rows:
            by_id.setdefault(watched.id, watched)
    return {row.id: row for row in board.looked if row.id not in by_id} | by_id


def shows_age(row: Dated) -> bool:
    """Whether an age has to stand beside the row: its price is older than one can be, or its study too old."""
    return State.STALE in (row.state, row.study_state) or not row.current


OLD = "how old the price or the closes are, where they are older than they should be"
"""What the column says that `age_of` makes."""


def age_of(row: Dated, space: Space) -> Span:
    """How old the row is, nothing where it is current: by its study where that is too old, else by its price."""
    if not shows_age(row) or row.state is State.UNKNOWN:
        return Span("", "faint")
    tone = "stale" if State.STALE in (row.state, row.study_state) else "faint"
    told: datetime | date | None = row.as_of
    if row.study_state is State.STALE and not (isinstance(row, TickerRow) and row.state is State.STALE):
        told = row.study_as_of  # the state of a ticker is its price's alone
    elif isinstance(row, SpreadRow) and row.printed is not None:
        told = row.printed
    if told is None:
        return Span(figures.UNKNOWN, tone)
    elapsed = space.now - told if isinstance(told, datetime) else space.now.astimezone(space.zone).date() - told
    return Span(figures.old(elapsed) if tone == "stale" else figures.age(elapsed), tone)


def local_stamp(at: datetime | None, space: Space) -> str:
    """Date and time in the zone the user chose, with the zone's name."""
    return "?" if at is None else at.astimezone(space.zone).strftime("%Y-%m-%d %H:%M:%S %Z")
