"""What changed since the user last looked, in as few lines as it takes."""

from collections import Counter
from datetime import date, timedelta
from textwrap import wrap

from rotation_tui.board.contract import Board
from rotation_tui.domain.look import Difference, SinceRow
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Space
from rotation_tui.widgets.cells import Face, Row, Rows, Span, width_of

_TITLE, _WHAT = "Changed since you last looked", "Changed"
_TONES = {"alert": "alert", "watch": "watch"}
_PART = " · "
_LINE = 56
"""Columns that a line is taken to have where its width is not known yet."""
_MARKS = 2
"""Columns that the frame wants on the title's line."""
_MOST_LINES = 6
_COMPARED = {
    "who leads": "leader", "regime": "regime", "group": "risk group", "record": "record", "rank": "rank",
    "check": "check", "claim": "claim",
}  # fmt: skip
"""What is compared, by kind, in the order in which it is told."""
_ONE = ("who leads", "regime")
"""Of these there is one each, and no number stands before it."""


def draw(board: Board, space: Space) -> Face:
    """The changes one after the other, both values each; what there is no room for is counted."""
    since = board.since or SinceRow(None, ())
    alone = space.tight and space.height < 1  # no title over it
    when = "" if since.at is None else f"since {_when(since, space)}"
    title = _title(since, when, space)
    start: Row = (Span(f"{_WHAT} {when}: " if when else f"{_TITLE}: ", "dim"),) if alone else ()
    edge = "" if when in title else when
    if since.why is not None or not since.changes:
        said = since.why or _as_before(since, space) or "nothing of it is known now"
        first, *more = wrap(said, max(1, space.width - width_of(start)))
        lines: Rows = ((*start, Span(first, "dim")), *((Span(line, "dim"),) for line in more[: space.height]))
        return Face(title, lines, (None,) * len(lines), edge)
    rows = _rows(since.changes, start, space, 1 if alone else max(1, space.height + (not space.tight)))
    stayed = wrap(_as_before(since, space), max(1, space.width))
    if not alone and len(rows) + len(stayed) <= space.height:
        rows = (*rows, *((Span(line, "dim"),) for line in stayed))
    return Face(title, rows, (None,) * len(rows), edge)


def _title(since: SinceRow, when: str, space: Space) -> str:
    """Since when and how much of what has changed, which is the answer already; the edge says when where no room is."""
    if not when:
        return _TITLE
    if since.why is not None:
        return f"{_WHAT} {when}"
    found, short = ", ".join(_counts(since.changes)) or "nothing", counted(len(since.changes), "change")
    titles = (f"{_WHAT}: {found} {when}", f"{_WHAT}: {short if space.tight else found}", f"{_WHAT}: {short}")
    return next((title for title in titles if len(title) <= space.width - _MARKS), titles[-1])


def _kind(change: Difference) -> str:
    return change.what if change.kind == "verdict" else change.kind


def _counts(changes: tuple[Difference, ...]) -> list[str]:
    found = Counter(map(_kind, changes))
    return [words if kind in _ONE else counted(found[kind], words) for kind, words in _COMPARED.items() if found[kind]]


def _as_before(since: SinceRow, space: Space) -> str:
    """What is compared and has not changed; without it nobody could tell that from what is not compared."""
    stayed = set(since.compared).difference(map(_kind, since.changes))
    new = "" if since.began is None else f" (new: from {_day(since.began, space)})"
    same = [
        words + new if kind == "regime" else words if kind in _ONE else f"{words}s"
        for kind, words in _COMPARED.items()
        if kind in stayed
    ]
    return f"as before: {', '.join(same)}" if same else ""


def _when(since: SinceRow, space: Space) -> str:
    assert since.at is not None
    at, now = since.at.astimezone(space.zone), space.now.astimezone(space.zone)
    if since.session is not None:  # nobody looked at a certain minute of it
        if since.session == now.date() - timedelta(days=1):
            return "yesterday"
        day = _day(since.session, space)
        return f"the close of {day}" if day[0].isdigit() else f"{day}'s close"
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at:%a %H:%M}" if now - at < timedelta(days=6) else f"{at:%d %b %H:%M}"


def _day(day: date, space: Space) -> str:
    """Its weekday where that can be no other week's."""
    return f"{day:%a}" if space.now.astimezone(space.zone).date() - day < timedelta(days=6) else f"{day.day} {day:%b}"


def _rows(changes: tuple[Difference, ...], start: Row, space: Space, most: int) -> tuple[Row, ...]:
    """A line each, where there are so many; else wrapped between each other, never within one, and `n more` at the end
    where not all have room.
    """
    if len(changes) <= most and not start:
        return tuple(map(_piece, changes))
    rows: list[Row] = []
    line, told = start, 0
    for change in changes:
        piece = _piece(change)
        apart = (Span(_PART, "faint"),) if line and line is not start else ()
        left = len(changes) - told - 1
        more = len(f"{_PART}{left} more") if left and len(rows) == most - 1 else 0
        if line and width_of((*line, *apart, *piece)) + more > space.width:
            if len(rows) == most - 1:
                break
            rows.append(line)
            line, apart = (), ()
        line = (*line, *apart, *piece)
        told += 1
    if told < len(changes):
        line = (*line, Span(f"{_PART if told else ''}{len(changes) - told} more", "dim"))
    return (*rows, line)


def _piece(change: Difference) -> Row:
    tone = _TONES.get(change.severity, "text")
    return (Span(f"{_named(change)} ", "text"), Span(f"{change.was}→", "dim"), Span(change.now, tone))


def _named(change: Difference) -> str:
    """What has changed; that the two numbers behind a sector are ranks is not for the reader to guess."""
    return f"{change.what} rank" if change.kind == "rank" else change.what


def _wants(board: Board) -> int:
    changes = () if board.since is None else board.since.changes
    columns = sum(len(f"{_named(c)} {c.was}→{c.now}{_PART}") for c in changes)
    return min(_MOST_LINES, 1 + columns // _LINE)


PANE = Pane(
    "since",
    _TITLE,
    draw,
    _wants,
    1,
    reads=("since",),
    table=lambda board: () if board.since is None else board.since.changes,
)
