"""What follows for the trader's own book: what it moves with, and how small the companies behind it are."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.filings import Document
from rotation_tui.domain.holdings import Holdings
from rotation_tui.domain.positions import PortfolioStudy, SmallPart
from rotation_tui.domain.universe import BENCHMARKS
from rotation_tui.evaluation.question import Question
from rotation_tui.evidence.companies import plain
from rotation_tui.store.documents import HOLDINGS, Documents

_LARGE_MEMBERS = ("IVV", "IWB")
_MARKET = "IWV"
"""What the Russell 3000 is told by."""


def portfolio(question: Question) -> PortfolioStudy | None:
    """The study of what is held, None where nothing is."""
    held = question.universe.held
    if not held:
        return None
    from rotation_tui.studies.portfolio import study_portfolio

    bars = question.snapshot.bars.items()
    price, total = ({symbol: b for (symbol, on), b in bars if on is basis} for basis in (Basis.PRICE, Basis.TOTAL))
    study = study_portfolio(held, price, total)
    return _with_parts(question, study, [symbol for symbol, _ in held])


def _with_parts(question: Question, study: PortfolioStudy, symbols: list[str]) -> PortfolioStudy:
    """The same with how small what is held is; holdings are read from disk only where they, or what is held, moved."""
    before = question.snapshot.studies.portfolio
    by = question.cut_at or question.as_of
    documents = {i.name: d for i, d in question.snapshot.documents.items() if i.kind == HOLDINGS}
    made_of = _made_of(documents, symbols, by)
    if before is not None and before.made_of == made_of:
        return replace(study, parts=before.parts, market=before.market, made_of=made_of)
    known = {name: found for name, d in documents.items() if (found := _holdings(d, name, by)) is not None}
    small = known.get(BENCHMARKS["small"])
    if small is None:
        return replace(study, made_of=made_of)
    members = frozenset(plain(member.ticker) for member in small.members)
    parts = {symbol: part for symbol in symbols if (part := _part(symbol, members, small.as_of, known)) is not None}
    market = known.get(_MARKET)
    whole = None if market is None else _of_fund(market, members)
    return replace(study, parts=parts, market=whole, made_of=made_of)


def _made_of(documents: Mapping[str, Document], symbols: Iterable[str], by: date | None) -> str:
    told = [f"{name} {d.fetched_at.isoformat()}" for name, d in sorted(documents.items())]
    return hashlib.sha256("\n".join((str(by), *sorted(symbols), "", *told)).encode()).hexdigest()[:16]


def _holdings(document: Document, fund: str, by: date | None) -> Holdings | None:
    return Documents(Path(document.folder)).holdings(fund, by)


def _of_fund(held: Holdings, members: frozenset[str]) -> SmallPart:
    every = sum(member.weight for member in held.members)
    small = sum(member.weight for member in held.members if plain(member.ticker) in members)
    how = f"by weight of its members that {BENCHMARKS['small']} holds"
    return SmallPart(100 * small / every, how, held.as_of)


def _part(symbol: str, members: frozenset[str], as_of: date, known: Mapping[str, Holdings]) -> SmallPart | None:
    """How small it is by holdings; None where they do not tell."""
    fund = known.get(symbol)
    if fund is not None and sum(member.weight for member in fund.members) > 0:
        return _of_fund(fund, members)
    name = plain(symbol)
    if name in members:
        return SmallPart(100.0, f"{BENCHMARKS['small']} holds it", as_of)
    for large in _LARGE_MEMBERS:
        if large in known and any(plain(member.ticker) == name for member in known[large].members):
            return SmallPart(0.0, f"{large} holds it, {BENCHMARKS['small']} does not", known[large].as_of)
    return None
