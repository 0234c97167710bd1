"""The claim audit: every statement of the thesis, what it came to then and what it comes to now."""

import textwrap
from collections.abc import Callable, Mapping, Sequence

from rotation_tui.board.contract import Board
from rotation_tui.domain.claim import ClaimResult, ClaimValue, Finding
from rotation_tui.panes.base import Pane, Setting, Space
from rotation_tui.panes.conditions import saying
from rotation_tui.panes.parts import FINDING_TONES, GONE, facts
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut, left
from rotation_tui.widgets.table import Column, answering, fitting, header, legend, lines, ordered, orders

ALL = "all"
FINDING = Setting("finding", "d", (ALL, *(f.value for f in Finding)), "claims by what is found of them now")
CHAPTER = Setting(
    "chapter", "p", (ALL,), "claims of one chapter of the thesis",
    more=lambda board: tuple(dict.fromkeys(claim.chapter for claim in board.claims)),
)  # fmt: skip
_ORDER = list(Finding)
_VALUES_FROM = 160
"""Columns from which values and dates stand in the list; below it they stand where a claim is opened."""
_COUNTED = frozenset({"checks", "sessions", "definitions"})
_UNSAID = frozenset({"index", "corr", "ratio", "score"})
"""Units that the claim itself tells."""


def _finding(finding: Finding) -> Span:
    word = "?" if finding is Finding.UNKNOWN else finding.value
    return Span(word, FINDING_TONES[finding], bold=finding is Finding.DENIED)


def _columns(width: int) -> list[Column[ClaimResult]]:
    """Both values with their dates where there is room for them beside the reasons."""
    both = (*_reading_columns("then", lambda r: r.then), *_reading_columns("now", lambda r: r.now))
    return [
        Column("id", "", 3, lambda r, _: Span(r.id, "faint"), lambda r: r.id, 2, left=True,
               words="its name in the config and in METHODOLOGY"),
        Column("text", "the thesis says", 30, lambda r, _: Span(r.text, "text"), lambda r: r.text, 0,
               left=True, grow=30 if width >= _VALUES_FROM else 14, words="what the story of 2025 claims"),
        *(column for column in both if width >= _VALUES_FROM or column.key in ("then", "now")),
        Column("why", "why", 20, lambda r, _: Span(r.why, "dim"), None, 1, left=True, grow=140,
               words="what NOW rests on, in numbers, or what is missing"),
    ]  # fmt: skip


_OF_THEN = ("then", "then_value", "then_as_of")
_WHEN = {"then": "at the close before the story", "now": "as of now"}


def _reading_columns(name: str, reading: Callable[[ClaimResult], ClaimValue]) -> tuple[Column[ClaimResult], ...]:
    """Finding, value and date of one time."""

    def dated(row: ClaimResult, _: int) -> Span:
        return Span(str(reading(row).as_of or ""), "faint")

    return (
        Column(name, name, 9, lambda r, _: _finding(reading(r).finding), lambda r: _ORDER.index(reading(r).finding), 0,
               left=True, words=f"finding {_WHEN[name]}: CONFIRMED, DENIED, MIXED, STATIC (waits for no data) or ?"),
        Column(f"{name}_value", "", 13, lambda r, _: Span(_value(reading(r).value, r.unit), "text"), None, 3,
               words=f"what it is judged by, {_WHEN[name]}"),
        Column(f"{name}_as_of", "as of", 10, dated, None, 4, words=f"the day of that value, {_WHEN[name]}"),
    )  # fmt: skip


def chosen(board: Board, space: Space) -> list[ClaimResult]:
    finding, chapter = space.setting(FINDING), space.setting(CHAPTER, board)
    return [
        claim for claim in board.claims if finding in (ALL, claim.now.finding.value) and chapter in (ALL, claim.chapter)
    ]


def draw(board: Board, space: Space) -> Face:
    every = _columns(space.width)
    unknown = all(claim.then.finding is Finding.UNKNOWN for claim in board.claims)
    if board.claims and unknown and space.order.key != "then":
        every = [c for c in every if c.key not in _OF_THEN]  # on a day before the story's end the reasons get its room
    columns = fitting(every, space.width, space.order)
    claims = ordered(chosen(board, space), every, space.order, lambda r: r.id)
    rows: list[Row] = lines(columns, claims, space.row_cache)
    ids: tuple[str | None, ...] = tuple(claim.id for claim in claims)
    spare = space.height - len(rows)
    if spare > 0:  # then sentences go on under themselves, from the top, as far as there is room
        drawn: list[tuple[str | None, Row]] = []
        for row, claim in zip(rows, claims, strict=True):
            whole = _whole(row, columns, claim, 1 + min(spare, _DEEPEST - 1))
            spare -= len(whole) - 1
            drawn += [(claim.id if n == 0 else None, line) for n, line in enumerate(whole)]
        rows, ids = [line for _, line in drawn], tuple(row_id for row_id, _ in drawn)
    if not rows:
        words = "no claim passes both filters" if board.claims else "waiting for the first study of all histories"
        rows, ids = [(Span(words, "dim"),)], (None,)
    told = legend(columns)
    return Face(
        _title(board, space),
        tuple(rows),
        ids,
        _count(board),
        header(columns, space.order),
        legend=told,
        answers=answering(every, claims, lambda r: r.id),
    )


_SENTENCES: Mapping[str, Callable[[ClaimResult], str]] = {"text": lambda r: r.text, "why": lambda r: r.why}
"""Columns of sentences, by key."""
_DEEPEST = 4
"""Lines that a claim has at the most."""


def _pieces(text: str, width: int, deep: int) -> list[str]:
    """The text in at most so many lines."""
    found = textwrap.wrap(text, width) or [""]
    return found if len(found) <= deep else [*found[: deep - 1], cut(" ".join(found[deep - 1 :]), width)]


def _whole(row: Row, columns: Sequence[tuple[Column[ClaimResult], int]], claim: ClaimResult, deep: int) -> list[Row]:
    """A claim's line and, under it, what its sentences need beside."""
    told = [_pieces(_SENTENCES[c.key](claim), width, deep) if c.key in _SENTENCES else None for c, width in columns]
    spans = list(zip(row, columns, told, strict=True))
    return [
        tuple(
            (span if n == 0 else span._replace(text=" " * (width + 1)))
            if pieces is None
            else span._replace(text=left("".join(pieces[n : n + 1]), width) + " ")
            for span, (_, width), pieces in spans
        )
        for n in range(max((len(pieces) for pieces in told if pieces), default=1))
    ]


def _title(board: Board, space: Space) -> str:
    """The title with the keys that filter and what each lets pass."""
    finding, chapter = space.setting(FINDING), space.setting(CHAPTER, board)
    found = "all findings" if finding == ALL else finding
    return f"Claims · {FINDING.key} {found} · {CHAPTER.key} {'all chapters' if chapter == ALL else chapter}"


def _count(board: Board) -> str:
    counted = [(f, sum(c.now.finding is f for c in board.claims)) for f in Finding]
    found = ", ".join(f"{n} {f.value.lower()}" for f, n in counted if n)
    return f"now: {found}" if board.claims else ""


def detail(board: Board, row_id: str, _: Space) -> Rows:
    """One claim: how it is measured, what it came to then and now by every definition, from whom."""
    claim = next((c for c in board.claims if c.id == row_id), None)
    if claim is None:
        return GONE
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
            (d.name.lower(), f"then {_told(d.then, d.unit)}, now {_told(d.now, d.unit)}: {d.measure}")
            for d in claim.definitions
        ]  # fmt: skip
    return facts(((name, text) for name, text in lines if text), 10)


def _told(reading: ClaimValue, unit: str) -> str:
    return f"{reading.finding.value} {_value(reading.value, unit)}".rstrip()


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "percentile":
        return f"p{value:.0f}"
    decimals = 0 if unit.startswith("of ") or unit in _COUNTED else 2
    write = figures.signed if unit in ("%", "pp") else figures.amount
    return f"{write(value, decimals)} {'' if unit in _UNSAID else unit}".strip()


PANE = Pane(
    "claims",
    "Claims",
    draw,
    lambda board: max(1, len(board.claims)) + 1,
    5,
    detail,
    orders(_columns(0)),
    settings=(FINDING, CHAPTER),
    reads=("claims",),
    told_at=lambda claim: f"claim-{claim.lower()}",
    table=lambda board: board.claims,
    alert=saying("* changes"),
)
