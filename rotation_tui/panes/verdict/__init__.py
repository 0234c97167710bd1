"""The verdict: regime, score with every term, how far the next change is, and how lasting it can be called."""

from datetime import date

from rotation_tui.board.contract import Board
from rotation_tui.domain.verdict import PRICE_TERMS, Regime, Term, Verdict
from rotation_tui.domain.wording import counted
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.conditions import of_regime
from rotation_tui.panes.parts import GONE, Part, facts, laid_out
from rotation_tui.panes.verdict.words import (
    INDEXES,
    ages_of,
    briefly,
    condition,
    lead_facts,
    raw_value,
    what_next,
    who_leads,
    why_no_score,
    words_of,
    wrapped,
)
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut
from rotation_tui.widgets.glyphs import Glyphs
from rotation_tui.widgets.table import Column, fitting, header, line

_LABEL = 11
_READABLE = 112
"""Columns beyond which a line of text is harder to read."""


def draw(board: Board, space: Space) -> Face:
    """The essential first; what there is no room for is left out, the warning never."""
    verdict = board.verdict
    parts = [
        _leads(verdict, space),
        Part(0, (_score(verdict, space),), ("score",), apart=False),
        _terms(verdict, space),
        Part(4, (_counters(verdict, space), ()), apart=True),
        _text(5, "next", what_next(verdict), space, apart=False),
        _sustained(verdict, space),
        _text(6, "base rate", verdict.base_rate, space, apart=False),
        _signs(verdict, space),
        _history(verdict, space),
        Part(0, (_warning(verdict, space),)),
    ]
    rows, ids = laid_out(parts, space.height)
    subtitle = "regime and runs follow the price-only score" if verdict.counters else ""
    return Face("Verdict", rows, ids, subtitle, _answer(verdict, board.as_of, space))


def _answer(verdict: Verdict, as_of: date | None, space: Space) -> Row:
    blank = " " * (len("Verdict") + 2) if space.tight else ""
    known = verdict.regime is not Regime.UNKNOWN
    word = verdict.regime.value if known else "STATE?"
    pair, indexes = (p.replace("-", space.glyphs.minus) for p in (verdict.pair, INDEXES))
    about = f"  {pair}" + (f", stands in for {indexes}" if verdict.pair != INDEXES else "") if pair else ""
    to = f" to {verdict.as_of}" if verdict.as_of else ""
    room = space.width - len(blank + word + about + to)
    behind = verdict.as_of is not None and as_of is not None and verdict.as_of < as_of
    return (
        Span(blank),
        Span(word, "bright" if known else "unknown", bold=True),
        Span(next((age for age in ages_of(verdict) if len(age) <= room), ""), "text"),
        Span(about, "dim" if verdict.pair == INDEXES else "watch"),
        Span(to, "watch" if behind else "dim"),
    )


def _bar(value: float | None, half: int, glyphs: Glyphs) -> str:
    """A bar from the middle, `half` columns either way; -1 and +1 fill it."""
    if value is None:
        return " " * half + glyphs.vertical + " " * half
    filled = glyphs.bar * min(half, round(abs(value) * half))
    left, right = (filled, "") if value < 0 else ("", filled)
    return left.rjust(half) + glyphs.vertical + right.ljust(half)


def _score(verdict: Verdict, space: Space) -> Rows:
    why = why_no_score(verdict)
    price_only = Span(f"  price only {figures.signed(verdict.price_only_score)}", "dim")
    if why is not None:
        shown = () if verdict.price_only_score is None else (price_only,)
        return ((Span("score ", "dim"), Span("UNKNOWN", "unknown", bold=True), Span(f": {why}", "dim"), *shown),)
    bar = _bar((verdict.score or 0.0) / 100, 10 if space.width >= 70 else 5, space.glyphs)
    return ((
        Span("score ", "dim"), Span(figures.signed(verdict.score), "bright", bold=True), Span(" "),
        Span(bar, "highlight"), price_only, Span(f"  coverage {int(100 * verdict.coverage + 1e-9)} %", "dim"),
    ),)  # fmt: skip


def _terms(verdict: Verdict, space: Space) -> Part:
    def tone(term: Term, tone: str) -> str:
        return "unknown" if term.raw is None else tone

    def what(term: Term, width: int) -> Span:
        words = words_of(term.id)
        if term.raw is None:
            return Span(words.needs, "unknown")
        return Span(words.long if len(words.long) <= width else words.short, "dim")

    columns = fitting(
        [
            Column("term", "term", 9, lambda t, _: Span(t.id, tone(t, "text")), left=True),
            Column("what", "what it is", 22, what, rank=3, left=True, grow=36),
            Column("raw", "raw", 8, lambda t, _: Span(raw_value(t), tone(t, "text"))),
            Column("mapped", "mapped", 6, lambda t, _: Span(figures.signed(t.mapped, 2), tone(t, "dim")), rank=1),
            Column("bar", f"{space.glyphs.minus}1   0   +1", 11, lambda t, _: Span(
                _bar(t.mapped, 5, space.glyphs), "highlight" if t.mapped is not None else "faint"), rank=2, left=True),
            Column("weight", "weight", 6, lambda t, _: Span(f"{t.weight:g}", tone(t, "dim"))),
            Column("points", "points", 6, lambda t, _: Span(figures.signed(t.contribution), tone(t, "text"))),
        ],
        min(space.width, _READABLE),
    )  # fmt: skip
    body = tuple(line(columns, term) for term in verdict.terms)
    if not body:
        return Part(0, ((),))
    known = sum(t.weight for t in verdict.terms if t.raw is not None)
    room = sum(width + 1 for column, width in columns if column.key not in ("weight", "points"))
    total = (
        Span("sum".ljust(room), "dim"),
        Span(f"{known:g}".rjust(6) + " ", "dim"),
        Span(figures.signed(verdict.score).rjust(6), "bright", bold=True),
    )
    head = header(columns)
    ids = ("", *(term.id for term in verdict.terms))
    return Part(7, ((head, *body, total), (head, *body)), ids)


def _counters(verdict: Verdict, space: Space) -> Rows:
    if not verdict.counters:
        return ()
    spans = [Span("runs".ljust(_LABEL), "dim"), Span("closes in a row" if space.width >= 70 else "closes", "dim")]
    for counter in verdict.counters:
        runs = counter.closes > 0
        spans.append(Span(f"  {condition(counter, space.glyphs)} ", "dim" if runs else "faint"))
        spans.append(Span(f"{counter.closes}", "text" if runs else "faint", bold=runs))
    return (tuple(spans),)


def _labelled(label: str, text: str, space: Space) -> Rows:
    lines = wrapped(text, min(space.width, _READABLE) - _LABEL)
    return tuple((Span((label if i == 0 else "").ljust(_LABEL), "dim"), Span(t, "text")) for i, t in enumerate(lines))


def _text(rank: int, label: str, text: str, space: Space, *, apart: bool) -> Part:
    rows = _labelled(label, text, space) if text else ()
    return Part(rank, (rows, ()) if rows else ((),), apart=apart)


def _leads(verdict: Verdict, space: Space) -> Part:
    if verdict.leads is None:
        return Part(0, ((),))
    rows = _labelled("leads", who_leads(verdict.leads), space)
    return Part(5, (rows, rows[:1], ()), ("leads",), apart=False)


def _sustained(verdict: Verdict, space: Space) -> Part:
    text = verdict.sustained
    if not text or not verdict.terms:
        return Part(0, ((),))
    whole, brief = (_labelled("sustained?", t, space) for t in (text, briefly(verdict)))
    least = _labelled("sustained?", text.split(",")[0], space)[:1]
    return Part(7, (whole, brief, least), ("sustained",))


def _signs(verdict: Verdict, space: Space) -> Part:
    glyphs = space.glyphs
    marks = {True: glyphs.yes, False: glyphs.no, None: figures.UNKNOWN}
    tones = {True: "text", False: "dim", None: "unknown"}
    rows = tuple(
        (Span(("" if i else "signs").ljust(_LABEL), "dim"), Span(f"{marks[s.holds]} {s.name}", tones[s.holds]))
        for i, s in enumerate(verdict.signs)
    )
    return Part(8, (rows, ()) if rows else ((),), apart=False)


def _history(verdict: Verdict, space: Space) -> Part:
    rows = tuple(
        (Span(("history" if i == 0 else "").ljust(_LABEL), "dim"), *row) for i, row in enumerate(_past(verdict))
    )
    if not rows:
        return Part(0, ((),))
    newest = list(verdict.transitions)[-1:-4:-1]
    told = ", ".join(f"{t.regime.value} {t.session}" for t in newest)
    brief: Row = (
        Span("history".ljust(_LABEL), "dim"),
        Span(cut(told, space.width - _LABEL, space.glyphs.ellipsis), "text"),
    )
    lengths = tuple(rows[:n] for n in range(len(rows), 3, -1))
    return Part(9, (*lengths, (brief,), ()), ("history",))


def _past(verdict: Verdict) -> list[Row]:
    """Every transition, the newest first, with the days to the next one."""
    found: list[Row] = []
    following = None
    for transition in reversed(verdict.transitions):
        days = "" if following is None else counted((following - transition.session).days, "day")
        tone = "text" if following is None else "dim"
        found.append((Span(f"{transition.session}  {transition.regime.value:<14}", tone), Span(f"{days:>10}", "faint")))
        following = transition.session
    return found


def _warning(verdict: Verdict, space: Space) -> Rows:
    if not verdict.warning:
        return ()
    return tuple((Span(text, "watch"),) for text in wrapped(verdict.warning, min(space.width, _READABLE)))


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """A term's formula and place in the score, the score itself, the signs, or the whole history."""
    verdict = board.verdict
    if row_id == "history":
        return tuple(_past(verdict))
    if row_id == "sustained":
        return _about_lasting(verdict, space.glyphs)
    if row_id == "leads" and verdict.leads is not None:
        return facts(lead_facts(verdict.leads), _LABEL)
    if row_id == "score":
        why = why_no_score(verdict)
        lines = [
            ("score", figures.signed(verdict.score) if why is None else f"UNKNOWN: {why}"),
            ("price only", f"{figures.signed(verdict.price_only_score)}, the only one that has a past"),
            ("formula", "100 times the weighted mean of the known terms, each clipped to -1..+1"),
            ("coverage", f"{int(100 * verdict.coverage + 1e-9)} % of the weight is known"),
            ("pair", verdict.pair or "?"),
            ("note", verdict.warning),
        ]  # fmt: skip
        return facts(lines, _LABEL)
    term = next((t for t in verdict.terms if t.id == row_id), None)
    if term is None:
        return GONE
    words = words_of(term.id)
    return facts([
        ("term", f"{term.id}: {words.long}"),
        ("raw", raw_value(term) if term.raw is not None else f"? ({words.needs})"),
        ("mapped", f"{figures.signed(term.mapped, 2)} = {words.mapping}, clipped to -1..+1"),
        ("weight", f"{term.weight:g}"),
        ("points", f"{figures.signed(term.contribution, 2)} = 100 x weight x mapped / known weight"),
        ("past", "in the price-only score" if term.id in PRICE_TERMS else "not in the price-only score"),
    ], _LABEL)  # fmt: skip


def _about_lasting(verdict: Verdict, glyphs: Glyphs) -> Rows:
    marks = {True: glyphs.yes, False: glyphs.no, None: figures.UNKNOWN}
    return facts([
        ("verdict", verdict.sustained),
        ("base rate", verdict.base_rate),
        *((f"sign {marks[sign.holds]}", sign.name) for sign in verdict.signs),
        ("SUSTAINED", "252 sessions old or more, at least four signs hold, at most one is unknown"),
        ("TEMPORARY", "reversed within 126 sessions, or faded within 126 of emerging"),
        ("UNDECIDED", "everything else"),
    ], _LABEL)  # fmt: skip


_PLACES = {"leads": "leads", "score": "score", "sustained": "sustained", "history": "regime"}
"""Places in METHODOLOGY.md of the rows that are no term."""

PANE = Pane(
    "verdict",
    "Verdict",
    draw,
    lambda board: len(board.verdict.terms) + 13,
    12,
    detail,
    reads=("verdict", "as_of"),
    table=lambda board: board.verdict.terms,
    told_at=lambda row_id: _PLACES.get(row_id, f"term-{row_id}"),
    alert=of_regime,
)
