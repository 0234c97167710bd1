"""The questions behind the rotation, a line each: broad, quality, what is earned and paid, my book, what to trust."""

import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from rotation_tui.board.contract import Board
from rotation_tui.domain.claim import Finding
from rotation_tui.domain.reading import Level
from rotation_tui.domain.universe import BENCHMARKS
from rotation_tui.panes.base import Pane, Space
from rotation_tui.panes.conditions import of_regime
from rotation_tui.panes.levels import day
from rotation_tui.panes.parts import GONE, facts
from rotation_tui.panes.trust import trust_of
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Row, Rows, Span, cut

_LABEL = 11
_FIRM = "\u00a0"
"""A blank at which no line is broken."""
_MOST = 12
"""Lines of one answer, where there is all the room."""
_NAMED = 3
"""So many of the first sectors are named."""
_FIGURES = {"CONSENSUS": "EPS growth", "REALISED": "realised growth", "DISCOUNT": "forward P/E", "FLOWS": ""}
"""What the measures of the claims are of, in words that need no chapter over them; nothing where they say it."""
_OF_QUALITY = {
    "unprofitable_count": "without profit {:.0f}%",
    "short_of_interest": "EBIT under interest {:.0f}%",
}
_OF_EARNINGS = {
    "growth": "earnings {:+.1f}%",
    "pe_profitable": "P/E {:.1f}x",
    "pe_all": "with losses {:.1f}x",
}
"""What is told of the companies first, in which words."""
_LARGE = "IVV"
_REPEATED = ("CLAIMED",)
"""Measures that only repeat what the thesis says."""


_BROADENING = "C31"
"""The claim that asks what "Broad?" asks."""
_WORDS = {Finding.CONFIRMED: "yes", Finding.DENIED: "no", Finding.MIXED: "in part", Finding.UNKNOWN: "undecided"}


class _Answer(Struct, frozen=True):
    """One question, the key of the screen that tells more, and the answer in pieces, the dearest first.

    `word` stands before them in its own tone.
    """

    id: str
    question: str
    key: str
    pieces: tuple[str, ...]
    word: Span | None = None


def _broad(board: Board) -> _Answer:
    found = board.breadth
    pieces: list[str] = []
    if found is not None and found.led_known:
        pieces.append(f"small leads {_of(found.led, found.led_known, found.pairs)} sectors in 63d")
    if members := _members(board):  # it is what the claim reads, and funds are what stands in for it
        pieces.append(members)
    elif found is not None and found.above_known:
        pieces.append(f"{_of(found.above, found.above_known, found.pairs)} funds over 200d")
    equal = next((row for row in board.spreads if (row.small, row.large) == ("RSP", "SPY")), None)
    if equal is not None and equal.ratio_vs_200d_pct is not None:
        pieces.append(f"RSP/SPY {_beside_mean(equal.ratio_vs_200d_pct)}")
    ranked = sorted((row for row in board.sectors if row.side == "small" and row.rank), key=lambda row: row.rank or 0)
    first = (f"first {', '.join(row.sector for row in ranked[:_NAMED])}",) if ranked else ()
    word, signs = _said_of_breadth(board)
    known = (*pieces, *signs, *first) if pieces or first else ("waiting for the closes of the sector funds",)
    return _Answer("broad", "Broad?", "3", known, word)


def _said_of_breadth(board: Board) -> tuple[Span | None, tuple[str, ...]]:
    """Yes, no or in part, as the claim of a broader leadership has been found now, and how many of its signs hold.

    Undecided where what is unknown could still turn it.
    """
    claim = next((claim for claim in board.claims if claim.id == _BROADENING), None)
    signs = [] if claim is None else [definition.now.finding for definition in claim.definitions]
    known = sum(sign is not Finding.UNKNOWN for sign in signs)
    word = None if claim is None else _WORDS.get(claim.now.finding)
    if word is None or not known:
        return None, ()
    held = _of(signs.count(Finding.CONFIRMED), known, len(signs))
    return Span(f"{word}:", "bright", bold=True), (f"{held} signs hold",)


def _members(board: Board) -> str:
    """How many members of the small-cap index stand above their mean, with the error of the sample."""
    found = None if board.fundamentals is None else board.fundamentals.breadth_of(BENCHMARKS["small"])
    if found is None or found.above_200.pct is None:
        return ""
    error = f" {figures.error(found.above_200.error_pp, 0)}" if found.above_200.error_pp else ""
    return f"members {found.above_200.pct:.0f} %{error} above 200d ({day(found.as_of)})"


def _of(count: int, known: int, every: int) -> str:
    return f"{count} of {known}" + (f" known of {every}" if known < every else "")


def _beside_mean(percent: float) -> str:
    return f"{abs(percent):.1f}% {'under' if percent < 0 else 'over'} 200d"


def _quality(board: Board) -> _Answer:
    group = next((g for g in board.risk if g.title == "Quality"), None)
    if group is None:
        waiting = "its checks are left out in the config" if board.risk else "waiting for the first study"
        return _Answer("quality", "Quality?", "4", (waiting,))
    filed = _filed(board, _OF_QUALITY)
    told_apart = ("Q1", "Q2") if filed else ()
    known = [check for check in group.checks if check.level is not Level.UNKNOWN and check.id not in told_apart]
    lacks = list(dict.fromkeys(check.why for check in group.checks if check.level is Level.UNKNOWN and check.why))
    pieces = [*filed, *(check.why for check in known)]
    if lacks:
        pieces.append(f"{group.known} of {group.total} checks known: {', '.join(lacks)}")
    word = None if group.level is Level.UNKNOWN else Span(group.level.value, "bright", bold=True)
    return _Answer("quality", "Quality?", "7", tuple(pieces) or ("nothing is known yet",), word)


def _earnings(board: Board) -> _Answer:
    """What the audit makes of the figures entered by hand, in its own words."""
    claims = [claim for claim in board.claims if claim.chapter == "Earnings"]
    pieces = list(_filed(board, _OF_EARNINGS))
    repeated = (*_REPEATED, "REALISED", "TRAILING", "NARROWING") if pieces else _REPEATED
    for definition in (d for claim in reversed(claims) for d in claim.definitions):
        now = definition.now
        if now.value is not None and definition.name not in repeated:
            found = "" if now.finding is Finding.UNKNOWN else f" {now.finding.value}"
            as_of = f" ({day(now.as_of)})" if now.as_of else ""
            name = _FIGURES.get(definition.name, definition.name.lower())
            pieces.append(f"{name} {now.why.partition(' (claimed')[0]}{found}{as_of}".lstrip())
    if not pieces:
        waiting = "waiting for all histories" if board.risk else "waiting for the first study"
        pieces = ["no figures yet: [[consensus]] in the config" if claims else waiting]
    return _Answer("earnings", "Earnings?", "5", tuple(pieces))


def _filed(board: Board, measures: Mapping[str, str]) -> tuple[str, ...]:
    """Measures of small companies by their words, those of large ones beside them; those that are known."""
    baskets = {} if board.fundamentals is None else {basket.fund: basket for basket in board.fundamentals.baskets}
    small, large = (baskets.get(BENCHMARKS["small"]), baskets.get(_LARGE))
    pieces = []
    for measure, words in measures.items():
        mine, theirs = (None if b is None else b.measured(measure) for b in (small, large))
        if mine is not None and mine.value is not None:
            beside = "" if theirs is None or theirs.value is None else f" (large {theirs.value:.1f})"
            pieces.append(f"{words.format(mine.value)}{beside}")
    return tuple(pieces)


def _answers(board: Board) -> tuple[_Answer, ...]:
    trust = trust_of(board)
    trusted = _Answer("trust", "Trust it?", "6", trust.pieces, Span(trust.word, trust.tone, bold=True))
    return (_broad(board), _quality(board), _earnings(board), _book(board), trusted)


def _book(board: Board) -> _Answer:
    """The tilt of what the trader holds, what it moves with, and its day."""
    of = board.portfolio
    if of is None:
        return _Answer("book", "My book", "0", ("none yet: [[positions]] in the config",))
    share = of.small_share if of.small_share is not None else of.small_share_of_known
    part = "" if of.small_share is not None else f" of {of.classed} of {of.positions}"
    pieces = [f"small {'?' if share is None else f'{figures.amount(share, 0)}%'}{part}"]
    pieces.append(f"beta to {of.pair or 'the pair'} {figures.amount(of.pair_beta)}")
    known = "" if of.known == of.positions else f" of {of.known} of {of.positions}"
    pieces.append(f"today {'?' if of.day_pp is None else f'{figures.signed(of.day_pp, 2)}pp'}{known}")
    if of.regression_small_share is not None:
        error = "" if of.regression_error_pp is None else f" {figures.error(of.regression_error_pp, 0)}"
        pieces.append(f"small by regression {figures.amount(of.regression_small_share, 0)}%{error}")
    if of.pair_day_pp is not None:
        pieces.append(f"{of.pair} by its beta {figures.signed(of.pair_day_pp, 2)}pp")
    return _Answer("book", "My book", "0", tuple(pieces))


def draw(board: Board, space: Space) -> Face:
    """A line for each question, wrapped as far as there is room."""
    dot = space.glyphs.dot
    room = max(10, space.width - _LABEL - 2)
    answers = _answers(board)
    words = [_word(answer) for answer in answers]
    taken = [sum(len(span.text) for span in word) for word in words]
    wants = [len(_wrapped(f" {dot} ".join(a.pieces), dot, room, t, _MOST)) for a, t in zip(answers, taken, strict=True)]
    given = _shared(wants, space.height + (not space.tight))  # no column names stand over them
    rows: list[Row] = []
    ids: list[str | None] = []
    for answer, word, used, most in zip(answers, words, taken, given, strict=True):
        if most > 1:
            lines = _wrapped(f" {dot} ".join(answer.pieces), dot, room, used, most - 1)
        else:
            lines = [_in_one(answer.pieces, f" {dot} ", max(0, room - used), space.glyphs.ellipsis)]
        key = space.key(answer.key) if answer.key else ""
        label = (Span(f"{key if len(key) == 1 else ' '} ", "key"), Span(answer.question.ljust(_LABEL), "dim"))
        rows.append((*label, *word, Span(lines[0], "text" if answer.key else "dim")))
        rows += [(Span(" " * (_LABEL + 2)), Span(line, "text")) for line in lines[1:]]
        ids += [answer.id, *([None] * (len(lines) - 1))]
    return Face("Answers", tuple(rows), tuple(ids), "key: the screen with more")


def _word(answer: _Answer) -> Row:
    """What stands before the pieces."""
    return () if answer.word is None else (answer.word, Span(" " if answer.word.text.endswith(":") else "  "))


def _shared(wants: Sequence[int], lines: int) -> list[int]:
    """Lines for each answer: one, and what is left a line at a time to each in turn that wants more."""
    given = [1] * len(wants)
    left = lines - len(wants)
    while left > 0 and (short := [n for n, want in enumerate(wants) if given[n] < want]):
        for n in short[:left]:
            given[n] += 1
        left -= len(short[:left])
    return given


def _in_one(pieces: Sequence[str], between: str, room: int, ellipsis: str) -> str:
    """The pieces that one line has room for, each whole: half a figure would only be read as one, and enter has all."""
    kept = pieces[0]
    for piece in pieces[1:]:
        if len(kept) + len(between) + len(piece) <= room:
            kept += between + piece
    return cut(kept, room, ellipsis)


@lru_cache(16)
def _wrapped(text: str, dot: str, room: int, taken: int, spare: int) -> Sequence[str]:
    """The text in lines of `room` columns, `taken` of the first one, and at most `spare` lines more than one."""
    firm = text.replace(f" {dot} ", f"{_FIRM}{dot} ")  # a line ends with the dot, none begins with it
    lines = [line.replace(_FIRM, " ") for line in textwrap.wrap(firm, room, initial_indent=" " * taken)] or [""]
    kept = [lines[0][taken:] if lines[0].startswith(" " * taken) else lines[0], *lines[1:]]
    if len(kept) > 1 + spare:
        kept = [*kept[:spare], cut(" ".join(kept[spare:]), room)]
    return tuple(kept)


def _short(word: str) -> tuple[str, str]:
    return ("answer", word[:-1]) if word.endswith(":") else ("level", word)


def detail(board: Board, row_id: str, space: Space) -> Rows:
    """One answer in full, piece by piece."""
    answer = next((a for a in _answers(board) if a.id == row_id), None)
    if answer is None:
        return GONE
    level = [] if answer.word is None else [_short(answer.word.text)]
    more = [("screen", f"key {space.key(answer.key)}")] if answer.key else []
    pieces = [("" if n else "known", piece) for n, piece in enumerate(answer.pieces)]
    return facts([("question", answer.question), *level, *pieces, *more], 10)


_PLACES = {"broad": "sectors", "quality": "quality", "earnings": "claims", "book": "tilt", "trust": "states"}
"""Places in METHODOLOGY.md of the answers that are made of numbers."""

PANE = Pane(
    "answers",
    "Answers",
    draw,
    lambda _: 5,
    5,
    detail,
    most=lambda _: 14,
    reads=(
        "mode",
        "loading",
        "breadth",
        "fundamentals",
        "tickers",
        "spreads",
        "sectors",
        "risk",
        "claims",
        "feeds",
        "portfolio",
    ),
    told_at=lambda row_id: _PLACES.get(row_id, "sectors"),
    alert=of_regime,
)
