"""Small minus large: who leads and by how much, how unusual the margin is, and its two years."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.domain.claim import Finding
from rotation_tui.domain.results import DEFINITIONS, WidestSince, decade_of, is_counted
from rotation_tui.domain.state import State
from rotation_tui.panes.base import NOWHERE, Pane, Setting, Space, coming, shows_age, tone_of
from rotation_tui.panes.conditions import of_pair
from rotation_tui.panes.spreads.columns import margins, name, past, statistics
from rotation_tui.panes.spreads.words import DEFINITION_NAMES, detail, in_total_return, leads, since_within
from rotation_tui.widgets.cells import Face, Row, Span, width_of
from rotation_tui.widgets.table import Column, answering, fitting, header, legend, lines, lines_below, ordered, orders

DEFINITION = Setting(
    "definition", "d", ("HALF", *(d for d in DEFINITIONS if d != "HALF")), "widest margin by", names=DEFINITION_NAMES
)
"""Which meaning of "widest margin" the headline spells out; all five verdicts always stand under it."""
BASIS = Setting("basis", "b", ("price", "total"), "price or total return")
"""In which return the margins are told; statistics are of price closes where a pair has any."""
_HEADLINE, _AROUND = 3, 6
"""Lines beside the rows: the headline's; with a second table two blanks and its names as well."""


def _columns(
    space: Space, periods: Mapping[str, str], first: str, *, apart: bool, tall: bool, old: bool
) -> list[Column[SpreadRow]]:
    """Margins first; statistics where they have no table of their own, or where one of them sorts."""
    beside = [c for c in statistics(space) if not apart or c.key == space.order.key]
    rank, *more = past(space, periods, tall=tall, old=old)
    return [name(space, first), *margins(first, periods), rank, *more[:-1], *beside, more[-1]]


def draw(board: Board, space: Space) -> Face:
    """All pairs; with room for it the statistics of each in a table of their own."""
    if paid := space.setting(BASIS) == "total":
        board = replace(board, spreads=tuple(in_total_return(row) for row in board.spreads))
    first = board.spreads[0].id if board.spreads else ""
    pairs = len(board.spreads)
    # on a screen of its own the numbers come before the height of the lines
    apart = not space.tight and space.height >= (2 if space.full else 3) * pairs + _AROUND
    tall = _is_tall(space, pairs, apart=apart)
    old = any(map(shows_age, board.spreads))
    known = _columns(space, board.periods, first, apart=apart, tall=tall, old=old)
    columns = fitting(known, space.width, space.order)
    rows = ordered(board.spreads, known, space.order, lambda r: r.id)
    drawn: list[Row] = lines(columns, rows, space.row_cache, lambda r: coming(board, r.small, r.large))
    ids: list[str | None] = [row.id for row in rows]
    if tall:
        under = lines_below(columns, rows, space.row_cache)
        drawn = [row for both in zip(drawn, under, strict=True) for row in both]
        ids = [row_id for row in rows for row_id in (row.id, None)]
    more = _headline(board, space, space.height - len(drawn))
    if apart:
        more += _statistics(rows, space, first)
    drawn += more
    ids += [None] * len(more)
    title = "Spreads, pp" if space.tight else f"Small {space.glyphs.minus} large, pp"
    if paid:
        title = "Total, pp" if space.tight else title.replace(", pp", ", total return, pp")
    told = dict(legend(columns) + (legend(_apart(space, first)) if apart else ()))
    named = header(columns, space.order)
    return Face(
        title,
        tuple(drawn),
        tuple(ids),
        _subtitle(board, paid=paid),
        named,
        legend=tuple(told.items()),
        answers=answering(known, board.spreads, lambda r: r.id),
    )


def _is_tall(space: Space, pairs: int, *, apart: bool) -> bool:
    """Whether each pair gets a second row of text, so that its line has seven heights instead of three."""
    if space.tight or space.glyphs.spark != "braille":
        return False
    return space.height >= (3 * pairs + _AROUND if apart else 2 * pairs + _HEADLINE)


def _apart(space: Space, first: str) -> list[tuple[Column[SpreadRow], int]]:
    return fitting([name(space, first), *statistics(space)], space.width, space.order)


def _statistics(rows: Sequence[SpreadRow], space: Space, first: str) -> list[Row]:
    columns = _apart(space, first)
    return [(), header(columns, space.order), *lines(columns, rows, space.row_cache)]


def _subtitle(board: Board, *, paid: bool) -> str:
    if not board.spreads:
        return "no pairs configured"
    if paid:
        ends = [row.total.as_of for row in board.spreads if row.total is not None and row.total.as_of is not None]
        return f"total return to the close of {max(ends)}" if ends else "no dividend-adjusted closes"
    row = board.spreads[0]
    if row.as_of is None:
        return row.why or "no history yet"
    old = row.study_state is State.STALE
    bars = f", bars to {row.study_as_of}" if "statistics" in row.marks else ""
    return f"{row.basis.value if row.basis else ''} return · " + (
        f"closes end {row.study_as_of}" if old else f"session {row.as_of}{bars}"
    )


def _headline(board: Board, space: Space, room: int) -> list[Row]:
    """Who leads in words, and the headline claim with its five definitions, on the first pair; as there is room."""
    if not board.spreads or board.spreads[0].as_of is None or not board.spreads[0].widest_since:
        return []
    row = board.spreads[0]
    claim = _claim(row, space)
    words = [(Span(w, tone_of(row.state, "text")),) for w in leads(row, board.periods) if len(w) <= space.width][:1]
    choices = ([(), *words, *claim], [*words, *claim], [(), *words, *claim[:1]], [(), *claim])
    return next((rows for rows in choices if len(rows) <= room), [])


def _claim(row: SpreadRow, space: Space) -> list[Row]:
    marks: list[Span] = []
    for definition in DEFINITIONS:
        found = row.widest_since.get(definition)
        verdict = found.over_a_decade if found else None
        glyph = "?" if verdict is None else space.glyphs.yes if verdict else space.glyphs.no
        shown = f" {DEFINITION_NAMES[definition]} {glyph} " if is_counted(found) else " half = calendar "
        marks.append(Span(shown, "bright" if verdict else "dim"))
    finding = decade_of({name: row.widest_since.get(name, _NEVER) for name in DEFINITIONS})
    word, tone = finding.value, "unknown" if finding is Finding.UNKNOWN else "bright"
    asked, shorter = (Span(words, "dim") for words in ("widest in over a decade? ", "over a decade? "))
    if row.state in (State.STALE, State.UNKNOWN):
        return [(asked, Span("UNKNOWN", "unknown", bold=True), Span(f"  closes end {_end(row)}", "stale"))]
    chosen = space.setting(DEFINITION)
    chosen = chosen if is_counted(row.widest_since.get(chosen)) else "CAL"
    found = row.widest_since.get(chosen)
    told = [] if found is None else [f"  {DEFINITION_NAMES[chosen]}: {words}" for words in since_within(found)]
    said = Span(word, tone, bold=True)
    heads: list[Row] = [(start, said, Span(end, "dim")) for end in told for start in (asked, shorter)]
    head = next((head for head in heads if width_of(head) <= space.width), (asked, said))
    one_line = (*head, Span("  "), *marks)
    return [one_line] if width_of(one_line) <= space.width and space.width > _WIDE else [head, tuple(marks)]


def _end(row: SpreadRow) -> date | None:
    return row.study_as_of if row.study_state is State.STALE else row.as_of


_NEVER = WidestSince(None, None, None, None, None, False, None)
_WIDE = 150
"""Columns from which on the claim and its definitions read as one line."""


PANE = Pane(
    "spreads",
    "Small − large",
    draw,
    lambda board: len(board.spreads) + 4,
    2,
    detail,
    orders(_columns(NOWHERE, {}, "", apart=False, tall=False, old=False)),
    most=lambda board: 3 * len(board.spreads) + _AROUND + 1,
    settings=(DEFINITION, BASIS),
    reads=("spreads", "loading", "periods"),
    pinned=lambda board: tuple(row.id for row in board.spreads[:1]),
    told_at=lambda _: "spreads",
    table=lambda board: board.spreads,
    alert=of_pair,
)
