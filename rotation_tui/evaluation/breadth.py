"""Breadth among the members of funds, from the closes that lie on disk as they were known on a day."""

import hashlib
from datetime import date
from pathlib import Path

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.breadth import Incomes, MemberBreadth
from rotation_tui.domain.filings import Document
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.evaluation.question import Question
from rotation_tui.store.documents import CLOSES, Documents, holdings_id

_TRACKS_THE_SAME = {"IVV": "SPY"}
"""Whose closes tell what a fund returned where its own are not followed."""
_STANDS_FOR = 5
"""Closes of so many sessions before a past day still tell of it; members of later never do."""


def breadth(question: Question, papers: Fundamentals, before: tuple[MemberBreadth, ...]) -> tuple[MemberBreadth, ...]:
    """Breadth of each fund with holdings and closes; what was worked out `before` from the same is taken again.

    `papers` are what follows from holdings and filings: they say who of the members earns.
    """
    from rotation_tui.studies.breadth import study_breadth

    documents, by, known = question.snapshot.documents, question.cut_at or question.as_of, {b.made_of for b in before}
    found = []
    for key, table in sorted(documents.items()):
        listed = documents.get(holdings_id(key.name))
        if key.kind != CLOSES or listed is None:
            continue
        fund = _own(question, key.name)
        incomes = next((incomes for incomes in papers.incomes if incomes.fund == key.name), None)
        of = _made_of(question.day, by, table, listed, fund, incomes)
        if of in known:
            found += [b for b in before if b.made_of == of]
            continue
        closes = Documents(Path(table.folder)).closes(key.name, by)
        held = Documents(Path(listed.folder)).holdings(key.name, by)
        if closes is None or held is None or (by is not None and closes.as_of < _oldest(question, by)):
            continue
        found.append(study_breadth(held, closes, fund, question.day, of, incomes))
    return tuple(found)


def _own(question: Question, fund: str) -> Bars | None:
    bars = question.snapshot.bars
    return bars.get((fund, Basis.PRICE)) or bars.get((_TRACKS_THE_SAME.get(fund, fund), Basis.PRICE))


def _oldest(question: Question, by: date) -> date:
    return question.calendar.offset(question.calendar.on_or_before(by), -_STANDS_FOR)


def _made_of(
    day: date, by: date | None, closes: Document, holdings: Document, fund: Bars | None, incomes: Incomes | None
) -> str:
    """Moves with both documents, the fund's own closes, who earns, the day and the program."""
    own = "" if fund is None or not fund.dates else f"{len(fund)} {fund.dates[-1]} {fund.close(len(fund) - 1)!r}"
    told = (__version__, day, by, closes.id.name, closes.fetched_at, holdings.fetched_at, own, incomes)
    return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()[:16]
