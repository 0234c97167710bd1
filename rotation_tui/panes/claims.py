"""The claim audit: every statement of the thesis, what it came to then and what it comes to now."""

from rotation_tui.board.contract import Board, ClaimRow
from rotation_tui.domain.claim import Finding
from rotation_tui.panes.base import Pane, Setting, Space
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Span
from rotation_tui.widgets.table import Column, fitting, header, lines, ordered

ALL = "all"
FINDING = Setting("finding", "d", (ALL, *(f.value for f in Finding)), "claims by what is found of them now")
CHAPTERS = ("Records", "Margin", "Rates", "Fiscal", "Earnings", "Sectors", "Home", "Risks", "Outlook")
CHAPTER = Setting("chapter", "p", (ALL, *CHAPTERS), "claims of one chapter of the thesis")
_TONES = {
    Finding.CONFIRMED: "ok",
    Finding.DENIED: "alert",
    Finding.MIXED: "watch",
    Finding.UNKNOWN: "unknown",
    Finding.STATIC: "faint",
}
_ORDER = list(Finding)


def _finding(finding: Finding) -> Span:
    word = "?" if finding is Finding.UNKNOWN else finding.value
    return Span(word, _TONES[finding], bold=finding is Finding.DENIED)


def _columns() -> list[Column[ClaimRow]]:
    return [
        Column("id", "", 3, lambda r, _: Span(r.id, "faint"), lambda r: r.id, 2, left=True),
        Column("text", "the thesis says", 30, lambda r, _: Span(r.text, "text"), lambda r: r.text, 0,
               left=True, grow=14),
        Column("then", "then", 9, lambda r, _: _finding(r.then.finding),
               lambda r: _ORDER.index(r.then.finding), 0, left=True),
        Column("now", "now", 9, lambda r, _: _finding(r.now.finding),
               lambda r: _ORDER.index(r.now.finding), 0, left=True),
        Column("why", "why", 20, lambda r, _: Span(r.why, "dim"), None, 1, left=True, grow=140),
    ]  # fmt: skip


def chosen(board: Board, space: Space) -> list[ClaimRow]:
    """Claims that pass both filters."""
    finding, chapter = space.setting(FINDING), space.setting(CHAPTER)
    return [
        claim
        for claim in board.claims
        if finding in (ALL, claim.now.finding.value) and chapter in (ALL, claim.chapter.capitalize())
    ]


def draw(board: Board, space: Space) -> Face:
    """All claims that pass the filters."""
    columns = fitting(_columns(), space.width, space.order)
    claims = ordered(chosen(board, space), _columns(), space.order, lambda r: r.id)
    rows: list[Row] = lines(columns, claims, space.kept)
    ids: tuple[str | None, ...] = tuple(claim.id for claim in claims)
    if not rows:
        words = "no claim passes both filters" if board.claims else "waiting for the first study"
        rows, ids = [(Span(words, "dim"),)], (None,)
    return Face(_title(space), tuple(rows), ids, _count(board), header(columns, space.order))


def _title(space: Space) -> str:
    filters = [s for s in (space.setting(FINDING), space.setting(CHAPTER)) if s != ALL]
    return "Claims" + (f" · {' · '.join(filters)}" if filters else "")


def _count(board: Board) -> str:
    counted = [(f, sum(c.now.finding is f for c in board.claims)) for f in Finding]
    return "now: " + ", ".join(f"{n} {f.value.lower()}" for f, n in counted if n) if board.claims else ""


def detail(board: Board, row_id: str, _: Space) -> tuple[Row, ...]:
    """One claim: how it is measured, what it came to then and now by every definition, from whom."""
    claim = next((c for c in board.claims if c.id == row_id), None)
    if claim is None:
        return ((Span("no longer on the board", "dim"),),)
    lines = [
        ("says", claim.text),
        ("claimed", claim.claimed),
        ("measured", claim.definition),
        ("then", f"{claim.then.finding.value} {_value(claim.then.value, claim.unit)} {claim.then.as_of or ''}"),
        ("", claim.then.why),
        ("now", f"{claim.now.finding.value} {_value(claim.now.value, claim.unit)} {claim.now.as_of or ''}"),
        ("", claim.now.why),
        ("from", claim.now.source or claim.then.source or "?"),
    ]
    if len(claim.definitions) > 1:
        lines += [
            (d.name.lower(), f"then {d.then.finding.value} {_value(d.then.value, d.unit)}, "
                             f"now {d.now.finding.value} {_value(d.now.value, d.unit)}: {d.measure}")
            for d in claim.definitions
        ]  # fmt: skip
    return tuple((Span(name.ljust(10), "dim"), Span(text, "text")) for name, text in lines if text)


def _value(value: float | None, unit: str) -> str:
    return "" if value is None else f"{figures.amount(value)} {unit}".strip()


PANE = Pane(
    "claims",
    "Claims",
    draw,
    lambda board: max(1, len(board.claims)) + 1,
    5,
    detail,
    ("id", "text", "then", "now"),
    settings=(FINDING, CHAPTER),
    reads=("claims",),
)
