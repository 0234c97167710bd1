"""What changed and what the feeds did, newest first."""

import textwrap

from rotation_tui.board.contract import Board
from rotation_tui.domain.feed import Event
from rotation_tui.panes.base import Pane, Space, local_stamp
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, printable

_MOST = 10
"""Rows that it can use on a large screen; older ones are scrolled to."""
_TONES = {"alert": "alert", "watch": "watch", "info": "text"}


def draw(board: Board, space: Space) -> Face:
    """Newest first; what the board's numbers are made of stands above all. Long ones go on where there is room."""
    told = _told(board)
    if not told:
        return Face("Events", ((Span("nothing yet", "faint"),),), (None,))
    spare = space.height + (0 if space.tight else 1) - len(told)  # no column names stand over them
    rows: list[Row] = []
    ids: list[str | None] = []
    for row_id, thing in told.items():
        lead, text, tone = _parts(thing, space)
        lines = textwrap.wrap(printable(text), max(10, space.width - len(lead))) or [""]
        if len(lines) > 1 + max(0, spare):
            lines = [cut(text, max(0, space.width - len(lead)))]
        spare -= len(lines) - 1
        rows.append((Span(lead, "faint"), Span(lines[0], tone)))
        rows += [(Span(" " * len(lead)), Span(line, tone)) for line in lines[1:]]
        ids += [row_id, *([None] * (len(lines) - 1))]
    return Face("Events", tuple(rows), tuple(ids))


def _parts(thing: Event | str, space: Space) -> tuple[str, str, str]:
    """When, what, and in which tone."""
    if isinstance(thing, str):
        return "", thing, "watch"
    at = thing.at.astimezone(space.zone)
    stamp = f"{at:%H:%M}" if at.date() == space.now.astimezone(space.zone).date() else f"{at:%d %b}"
    return f"{stamp:>6} ", thing.text, _TONES.get(thing.severity, "text")


def _told(board: Board) -> dict[str, Event | str]:
    """Notes and events, newest first, by an id that stays while newer ones come."""
    notes = {f"note {number}": note for number, note in enumerate(board.notes, 1)}
    numbered = [(f"event {event.at:%Y-%m-%dT%H:%M:%SZ}", event) for event in board.events]
    seen: dict[str, int] = {}
    events: dict[str, Event | str] = {}
    for name, event in numbered:
        seen[name] = seen.get(name, 0) + 1
        events[name if seen[name] == 1 else f"{name}, {seen[name]}"] = event
    return {**notes, **dict(reversed(events.items()))}


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """A note or an event with all its words."""
    told = _told(board).get(row_id)
    if told is None:
        return GONE
    if isinstance(told, str):
        return facts([("note", told)])
    return facts([("at", local_stamp(told.at, space)), ("says", told.text)])


def _wants(board: Board) -> int:
    told = min(4, len(board.notes) + len(board.events))
    return told + 1 if told > 1 else 1  # a single line speaks for itself, several have the title over them


PANE = Pane(
    "events",
    "Events",
    draw,
    _wants,
    1,
    detail,
    most=lambda board: max(_wants(board), min(_MOST, len(board.notes) + len(board.events))),
    told_at=lambda _: "events",
    table=lambda board: board.events,
    reads=("notes", "events"),
)
