"""One state of the bars to results: studies, checks, verdict, in that order; plain functions for a thread."""

import dataclasses
import logging
from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.checks.base import Inputs
from rotation_tui.claims.base import ClaimInputs
from rotation_tui.claims.signs import discounted, earnings_ahead
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.claim import ConsensusEntry
from rotation_tui.domain.fundamentals import STUDY, Fundamentals
from rotation_tui.domain.reading import Checklist
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Rotation, SectorStudy, SpreadStudy, TickerStudy
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.session import EASTERN, CalendarRange
from rotation_tui.domain.universe import BENCHMARKS, Ticker
from rotation_tui.domain.verdict import Verdict
from rotation_tui.evaluation.question import Question
from rotation_tui.evidence.line import NotKnown
from rotation_tui.store.market_store import Snapshot

_log = logging.getLogger(__name__)


Pasts = dict[tuple[str, str, str], RotationPast]
"""Rotations by preset, symbol and benchmark."""


class Core(Struct, frozen=True):
    """Results for one state of the bars, without the claims that rest on them. `as_of` is None without bars.

    `pasts` are the rotations that have been worked out by the way.
    """

    as_of: date | None
    inputs: Inputs
    tickers: dict[str, TickerStudy]
    spreads: dict[str, SpreadStudy]
    sectors: dict[str, SectorStudy]
    rotation: tuple[Rotation, ...]
    risk: Checklist
    verdict: Verdict | None
    pasts: Pasts


class _Work(Struct, frozen=True):
    """The question with its bars by basis and symbol, and where faults are noted."""

    question: Question
    price: dict[str, Bars]
    total: dict[str, Bars]
    faults: dict[str, str]


def study(question: Question, faults: dict[str, str], told: tuple[ConsensusEntry, ...] = ()) -> Core:
    """Studies, then checks, then the verdict; one that fails is named in `faults` and stops no other.

    `told` are figures told by hand, by which the verdict goes where nothing was filed.
    """
    work = _work(question, faults)
    tickers, spreads = _tickers(work), _spreads(work)
    pasts: Pasts = {}
    sectors, rotation = _sectors(work, pasts), _rotation(work, pasts)
    as_of = max((t.last_session for t in tickers.values()), default=None)
    inputs = _inputs(question, as_of, fundamentals(question, faults))
    risk = _judged(work, inputs)
    return Core(
        as_of,
        inputs,
        tickers,
        spreads,
        sectors,
        rotation,
        risk,
        _verdict(work, sectors, risk, _claim_inputs(inputs, told)),
        pasts,
    )


def without_visitors(question: Question) -> Question:
    """The question as it would be if nothing were looked at or held beside the config."""
    universe, snapshot = question.universe, question.snapshot
    if universe.own is universe:
        return question
    strangers = {i.symbol for i in universe.with_bars} - {i.symbol for i in universe.own.with_bars}
    bars = {key: b for key, b in snapshot.bars.items() if key[0] not in strangers}
    return replace(question, snapshot=replace(snapshot, bars=bars), universe=universe.own)


def study_visitors(question: Question, faults: dict[str, str]) -> tuple[dict[str, TickerStudy], dict[str, SpreadStudy]]:
    """What is told of visitors and of the pairs that they are legs of: no other study reads it."""
    universe = question.universe
    if not universe.visitors:
        return {}, {}
    own = set(universe.own.spreads)
    visiting = dataclasses.replace(
        universe.own,
        tickers=tuple(Ticker(i.symbol, i) for i in universe.visitors),
        spreads=tuple(spread for spread in universe.spreads if spread not in own),
    )
    work = _work(replace(question, universe=visiting), faults)
    visitors = {i.symbol for i in universe.visitors}
    return _ticker_studies(work, visitors), _spreads(work)


def rotation_pasts(question: Question, known: Pasts, faults: dict[str, str]) -> tuple[RotationPast, ...]:
    """The rotation of every list of the board, typed pairs among them, against each of its benchmarks."""
    from rotation_tui.studies.leaderboard import study_pasts

    work = _work(question, faults)
    with noting("relative rotation", faults):
        return study_pasts(question.universe, work.price, work.total, question.calendar, known)
    return ()


def _work(question: Question, faults: dict[str, str]) -> _Work:
    bars = question.snapshot.bars.items()
    price, total = ({symbol: b for (symbol, on), b in bars if on is basis} for basis in (Basis.PRICE, Basis.TOTAL))
    return _Work(question, price, total, faults)


def cut(snapshot: Snapshot, day: date) -> Snapshot:
    """The snapshot without anything after `day`, and without quotes: closes stand in for them."""
    bars = {key: bars.until(day) for key, bars in snapshot.bars.items()}
    observations = {key: series.until(day) for key, series in snapshot.observations.items()}
    return Snapshot(
        bars={key: b for key, b in bars.items() if b.dates},
        observations={key: s for key, s in observations.items() if s.dates},
        feeds=snapshot.feeds,
        documents=snapshot.documents,
    )


@contextmanager
def noting(what: str, faults: dict[str, str]) -> Iterator[None]:
    """Inside it, a fault is named in `faults` and goes no further.

    Foreseen refusals are told in their own words; what nobody foresaw goes to the log as well.
    """
    try:
        yield
    except Exception as fault:
        if not isinstance(fault, (RefusedValueError, CalendarRange)):
            _log.exception("%s failed", what)
        faults[what] = str(fault) or type(fault).__name__


def fundamentals(question: Question, faults: dict[str, str]) -> Fundamentals | None:
    """What follows from holdings and filings on the day of the question, None where there are no holdings.

    What was worked out before from the same versions on the same day is not worked out again: that takes seconds.
    """
    if question.told:
        return question.told[0]
    from rotation_tui.evaluation.papers import made_of, papers_of
    from rotation_tui.studies.fundamentals import study_fundamentals

    known = None
    with noting(STUDY, faults):
        documents, day, before = question.snapshot.documents, question.day, question.snapshot.studies.fundamentals
        companies = question.rules.companies
        of = made_of(documents, day, companies)
        if before is not None and before.made_of == of:
            known = before
        else:
            told: list[str] = []
            by = question.cut_at or question.as_of
            papers = papers_of(documents, day, by, companies, told.append) if of else None
            known = None if papers is None else replace(study_fundamentals(papers, of), unreadable=tuple(told))
    return None if known is None else _with_breadth(question, known, faults)


def _with_breadth(question: Question, known: Fundamentals, faults: dict[str, str]) -> Fundamentals:
    """The same with the breadth of members, which moves with the fund's own closes as well."""
    from rotation_tui.evaluation.breadth import breadth

    before = question.snapshot.studies.fundamentals
    with noting("breadth of members", faults):
        found = breadth(question, known, () if before is None else before.breadth)
        return known if found == known.breadth else replace(known, breadth=found)
    return replace(known, breadth=())


def _tickers(work: _Work) -> dict[str, TickerStudy]:
    from rotation_tui.studies.tickers import with_tracking

    studies = _ticker_studies(work, {i.symbol for i in work.question.universe.instruments})
    return with_tracking(studies, work.price, work.question.calendar)


def _ticker_studies(work: _Work, symbols: Set[str]) -> dict[str, TickerStudy]:
    from rotation_tui.studies.tickers import study_ticker

    question, studies = work.question, dict[str, TickerStudy]()
    universe = question.universe
    drawn = {*(ticker.symbol for ticker in universe.tickers), *universe.watched}
    for symbol in (work.total | work.price).keys() & symbols:
        with noting(symbol, work.faults):
            bars = work.price.get(symbol) or work.total[symbol]
            studies[symbol] = study_ticker(bars, question.calendar, spark=symbol in drawn)
    return studies


def _spreads(work: _Work) -> dict[str, SpreadStudy]:
    from rotation_tui.studies.spreads import study_spread, total_return

    total, calendar, studies = work.total, work.question.calendar, dict[str, SpreadStudy]()
    for spread in work.question.universe.spreads:
        # both legs on one basis: a total return is never set against a price
        legs = next(((b[spread.small], b[spread.large]) for b in (work.price, total)
                     if spread.small in b and spread.large in b), None)  # fmt: skip
        if legs is None:
            continue
        with noting(f"spread {spread.id}", work.faults):
            found = study_spread(spread, *legs, calendar)
            if spread.small in total and spread.large in total:
                found = replace(found, total=total_return(total[spread.small], total[spread.large], calendar))
            studies[spread.id] = found
    return studies


def _sectors(work: _Work, pasts: Pasts) -> dict[str, SectorStudy]:
    from rotation_tui.studies.leaderboard import study_sectors

    with noting("sectors", work.faults):
        return study_sectors(work.question.universe, work.price, work.total, work.question.calendar, pasts)
    return {}


def _rotation(work: _Work, pasts: Pasts) -> tuple[Rotation, ...]:
    from rotation_tui.studies.leaderboard import study_small_against_large

    with noting("rotation", work.faults):
        return study_small_against_large(work.price, work.total, work.question.calendar, pasts)
    return ()


def _inputs(question: Question, as_of: date | None, known: Fundamentals | None) -> Inputs:
    snapshot = question.snapshot
    return Inputs(
        snapshot.bars,
        snapshot.observations,
        question.calendar,
        as_of or question.calendar.last_completed(question.now),
        question.as_of or question.now.astimezone(EASTERN).date(),
        frozenset(snapshot.quarantined),
        withheld=snapshot.missing,
        reconstitutions=question.rules.reconstitutions,
        fundamentals=known,
    )


def _judged(work: _Work, inputs: Inputs) -> Checklist:
    from rotation_tui.checks.evaluate import checks_but, evaluate

    rules = work.question.rules
    with noting("risk checklist", work.faults):
        return evaluate(checks_but(rules.skip), inputs, rules.thresholds)
    return Checklist()


def _claim_inputs(inputs: Inputs, told: tuple[ConsensusEntry, ...]) -> ClaimInputs:
    bars, series, calendar = inputs.bars, inputs.observations, inputs.calendar
    known = inputs.fundamentals
    return ClaimInputs(bars, series, calendar, inputs.as_of, inputs.known_on, consensus=told, fundamentals=known)


def _verdict(work: _Work, sectors: dict[str, SectorStudy], risk: Checklist, inputs: ClaimInputs) -> Verdict | None:
    from rotation_tui.studies.leaderboard import pairs_led
    from rotation_tui.studies.rotation_history import choose_pair, study_rotation
    from rotation_tui.studies.verdict import study_verdict

    calendar = work.question.calendar
    with noting("verdict", work.faults):
        if pair := choose_pair(work.price, calendar) or choose_pair(work.total, calendar):
            led = pairs_led(work.question.universe, sectors)
            history, ahead, cheaper = study_rotation(*pair, calendar), earnings_ahead(inputs), discounted(inputs)
            return study_verdict(history, led, risk, _breadth_pct(inputs), earnings_ahead=ahead, discounted=cheaper)
    return None


def _breadth_pct(inputs: ClaimInputs) -> float | None:
    """Percent of the Russell 2000's members above their mean of 200 sessions, None where that is unknown or old."""
    try:
        return inputs.breadth(BENCHMARKS["small"]).above_200.pct
    except NotKnown:
        return None
