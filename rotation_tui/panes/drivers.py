"""What drives the thesis: policy rate, yields, credit, volatility, oil and the dollar."""

from rotation_tui.board.contract import Board
from rotation_tui.domain.results import DriverReading
from rotation_tui.panes.base import Pane, Space, tone_of
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.parts import GONE, facts, waiting
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Rows, Span
from rotation_tui.widgets.table import Column, fitting, legend, lines

_SHORT = {
    "FED": "Fed range", "2Y-MID": "2y less Fed", "10Y": "10 years", "REAL10Y": "10y real", "HY": "High yield",
    "VIX": "VIX", "RVX": "RVX", "OIL": "WTI crude", "USD": "Broad dollar",
}  # fmt: skip
"""Titles for a narrow column; the full one stands where the row is opened."""

_TITLE, _WORDS = 12, 30
_OVER = " in 63 sessions"
"""Behind each change; where there is no room the title or the lower edge says it."""


def _columns(width: int) -> list[Column[DriverReading]]:
    def day(row: DriverReading, _: int) -> Span:
        return Span("" if row.as_of is None else f"{row.as_of.day} {row.as_of:%b}", "faint")

    return [
        Column(
            "title",
            "",
            _TITLE,
            lambda r, _: Span(_SHORT.get(r.id, r.title), "text"),
            None,
            0,
            left=True,
            words="what drives small caps, by the story",
        ),
        Column(
            "words",
            "",
            max(8, min(_WORDS, width - _TITLE - 1)),
            lambda r, w: Span(r.text if r.value is None else _within(r.text, w), tone_of(r.state, "dim")),
            None,
            0,
            left=True,
            grow=74,
            words="its value and how it has moved",
        ),
        Column("as_of", "as of", 6, day, None, 2, words="the day that the value is of"),
        Column(
            "source",
            "from",
            10,
            lambda r, _: Span(r.source or "", "faint"),
            None,
            3,
            left=True,
            grow=10,
            words="the series or source that it is from",
        ),
    ]


def _within(text: str, width: int) -> str:
    """A value and its change in as many of their pieces as `width` columns have room for, each of them whole."""
    shorter = text.replace(" sessions", "d")
    pieces = text.partition(_OVER)[0].partition(" from ")[0].split(", ")
    lengths = (text, shorter, *(", ".join(pieces[:count]) for count in range(len(pieces), 0, -1)))
    return next((words for words in lengths if len(words) <= width), text)


def draw(board: Board, space: Space) -> Face:
    columns = fitting(_columns(space.width), space.width)
    subtitle = "change in 63 sessions"
    if not board.drivers:
        return waiting("Drivers", subtitle, width=space.width)
    rows = tuple(lines(columns, board.drivers, space.row_cache))
    # without a frame there is no lower edge that would tell of what the changes are
    title = "Drivers, change in 63d" if space.tight else "Drivers"
    return Face(title, rows, tuple(row.id for row in board.drivers), subtitle, legend=legend(columns))


def detail(board: Board, row_id: str, _: Space) -> Rows:
    row = next((d for d in board.drivers if d.id == row_id), None)
    if row is None:
        return GONE
    lines = [
        ("what", row.title),
        ("value", f"{figures.amount(row.value)} {row.unit}  {row.state.value}"),
        ("change", figures.signed(row.change, 2)),
        ("reads", row.text),
        ("as of", str(row.as_of or "?")),
        ("from", row.source or "?"),
    ]
    return facts(lines)


PANE = Pane(
    "drivers",
    "Drivers",
    draw,
    lambda board: max(1, len(board.drivers)) + 1,
    4,
    detail,
    weight=2,
    reads=("drivers",),
    told_at=lambda driver: f"driver-{driver.lower()}",
    table=lambda board: board.drivers,
    alert=saying("drivers.* > 0"),
)
