"""One state of the bars to results: studies, checks, verdict, in that order; plain functions for a thread."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime

from rotation_tui.checks.base import Inputs, Rules
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.reading import Checklist
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Rotation, SectorStudy, SpreadStudy, TickerStudy
from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.verdict import Verdict
from rotation_tui.store.market_store import Snapshot

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a study needs, taken from the store at one moment."""

    snapshot: Snapshot
    universe: Universe
    calendar: Calendar
    rules: Rules
    now: datetime
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Core:
    """Results for one state of the bars, without the claims that rest on them. `as_of` is None without bars."""

    as_of: date | None
    inputs: Inputs
    tickers: dict[str, TickerStudy]
    spreads: dict[str, SpreadStudy]
    sectors: dict[str, SectorStudy]
    rotation: dict[str, Rotation]
    risk: Checklist
    verdict: Verdict | None


def study(question: Question, faults: dict[str, str]) -> Core:
    """Studies, then checks, then the verdict; one that fails is named in `faults` and stops no other."""
    price, total = _by_symbol(question.snapshot, Basis.PRICE), _by_symbol(question.snapshot, Basis.TOTAL)
    tickers = _tickers(question, price, total, faults)
    spreads = _spreads(question, price, total, faults)
    sectors = _sectors(question, price, total, faults)
    rotation = _rotation(question, price, total, faults)
    as_of = max((t.last_session for t in tickers.values()), default=None)
    inputs = _inputs(question, as_of)
    risk = _judged(question, inputs, faults)
    verdict = _verdict(question, price, total, sectors, risk, faults)
    return Core(as_of, inputs, tickers, spreads, sectors, rotation, risk, verdict)


def cut(snapshot: Snapshot, day: date) -> Snapshot:
    """The snapshot without anything after `day`, and without quotes: closes stand in for them."""
    bars = {key: bars.until(day) for key, bars in snapshot.bars.items()}
    observations = {key: series.until(day) for key, series in snapshot.observations.items()}
    return Snapshot(
        bars={key: b for key, b in bars.items() if b.dates},
        observations={key: s for key, s in observations.items() if s.dates},
        feeds=snapshot.feeds,
    )


def note_fault(what: str, fault: Exception, faults: dict[str, str]) -> None:
    """Foreseen refusals are told in their own words; what nobody foresaw goes to the log as well."""
    if not isinstance(fault, (RefusedValueError, CalendarRange)):
        _log.exception("%s failed", what, exc_info=fault)
    faults[what] = str(fault) or type(fault).__name__


def _by_symbol(snapshot: Snapshot, basis: Basis) -> dict[str, Bars]:
    return {symbol: bars for (symbol, kind), bars in snapshot.bars.items() if kind is basis}


def _tickers(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, TickerStudy]:
    from rotation_tui.studies.tickers import study_ticker, with_tracking

    studies: dict[str, TickerStudy] = {}
    drawn = {ticker.symbol for ticker in question.universe.tickers}
    for symbol in (total | price).keys() & {i.symbol for i in question.universe.instruments}:
        try:
            bars = price.get(symbol) or total[symbol]
            studies[symbol] = study_ticker(bars, question.calendar, spark=symbol in drawn)
        except Exception as fault:
            note_fault(symbol, fault, faults)
    return with_tracking(studies, price, question.calendar)


def _spreads(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, SpreadStudy]:
    from rotation_tui.studies.spreads import study_spread, total_return

    studies: dict[str, SpreadStudy] = {}
    for spread in question.universe.spreads:
        # both legs on one basis: a total return is never set against a price
        legs = next(((b[spread.small], b[spread.large]) for b in (price, total)
                     if spread.small in b and spread.large in b), None)  # fmt: skip
        if legs is None:
            continue
        try:
            found = study_spread(spread, *legs, question.calendar)
            if spread.small in total and spread.large in total:
                paid = total_return(total[spread.small], total[spread.large], question.calendar)
                found = replace(found, total=paid)
            studies[spread.id] = found
        except Exception as fault:
            note_fault(f"spread {spread.id}", fault, faults)
    return studies


def _sectors(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, SectorStudy]:
    from rotation_tui.studies.leaderboard import study_sectors

    try:
        return study_sectors(question.universe, price, total, question.calendar)
    except Exception as fault:
        note_fault("sectors", fault, faults)
        return {}


def _rotation(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, Rotation]:
    from rotation_tui.studies.leaderboard import study_small_against_large

    try:
        return study_small_against_large(price, total, question.calendar)
    except Exception as fault:
        note_fault("rotation", fault, faults)
        return {}


def _inputs(question: Question, as_of: date | None) -> Inputs:
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
    )


def _judged(question: Question, inputs: Inputs, faults: dict[str, str]) -> Checklist:
    from rotation_tui.checks.evaluate import evaluate as evaluate_checks

    try:
        return evaluate_checks(inputs, skip=question.rules.skip, thresholds=question.rules.thresholds)
    except Exception as fault:
        note_fault("risk checklist", fault, faults)
        return Checklist()


def _verdict(
    question: Question,
    price: dict[str, Bars],
    total: dict[str, Bars],
    sectors: dict[str, SectorStudy],
    risk: Checklist,
    faults: dict[str, str],
) -> Verdict | None:
    from rotation_tui.studies.leaderboard import pairs_led
    from rotation_tui.studies.rotation_history import choose_pair, study_rotation
    from rotation_tui.studies.verdict import study_verdict

    try:
        pair = choose_pair(price, question.calendar) or choose_pair(total, question.calendar)
        if pair is None:
            return None
        led = pairs_led(question.universe, sectors)
        return study_verdict(study_rotation(*pair, question.calendar), led, risk)
    except Exception as fault:
        note_fault("verdict", fault, faults)
        return None
