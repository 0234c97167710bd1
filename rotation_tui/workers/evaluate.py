"""What follows from new bars and observations: studies, checks, verdict, in that order, in a thread."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from rotation_tui.checks.base import Inputs
from rotation_tui.checks.rules import Rules, muted, with_manual
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import (
    DriverReading,
    GroupReading,
    SectorStudy,
    SpreadStudy,
    Studies,
    TickerStudy,
    Verdict,
)
from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.cadence import woken
from rotation_tui.workers.context import Context

_log = logging.getLogger(__name__)

_QUIET_S = 0.25
"""History arrives symbol by symbol; a study waits until it has been quiet for so long..."""
_LONGEST_WAIT_S = 3.0
"""...but never longer than this."""
_LOOK_AT_CLOCK_S = 20.0


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a study needs, taken from the store at one moment."""

    snapshot: Snapshot
    universe: Universe
    calendar: Calendar
    rules: Rules
    now: datetime
    as_of: date | None


class Evaluator:
    """Runs the studies whenever bars or observations have changed, one run at a time; `now` is the board's."""

    def __init__(self, context: Context, rules: Rules, now: Callable[[], datetime]) -> None:
        self._context = context
        self._now = now
        self._rules = rules
        self._evaluated = self._due()
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """What is on disk has been read; from now on studies may run."""
        self._begun.set()

    def up_to_date(self) -> bool:
        """Whether the studies in the store follow from the bars in the store."""
        return self._evaluated == self._due()

    def _due(self) -> tuple[int, date | None, date | None]:
        """Moves with the bars, and with the days: what is not renewed becomes stale by the passing of time."""
        revision = self._context.store.bars_revision
        if not revision:
            return revision, None, None
        now = self._now()
        return revision, self._context.calendar.last_completed(now), now.astimezone(EASTERN).date()

    async def run(self) -> None:
        """Evaluate for ever; ends only by cancellation."""
        await self._begun.wait()
        while True:
            if self.up_to_date():
                self._context.bars_moved.clear()
                await woken(self._context.bars_moved, _LOOK_AT_CLOCK_S)
                continue
            await self._quiet()
            due = self._due()
            question = Question(
                self._context.store.snapshot(),
                self._context.universe,
                self._context.calendar,
                self._rules,
                self._now(),
                self._context.as_of,
            )
            studies = await asyncio.to_thread(evaluate, question)
            self._context.store.put_studies(studies)
            self._evaluated = due

    async def _quiet(self) -> None:
        waited, seen = 0.0, -1
        while seen != self._context.store.bars_revision and waited < _LONGEST_WAIT_S:
            seen = self._context.store.bars_revision
            await asyncio.sleep(_QUIET_S)
            waited += _QUIET_S


def evaluate(question: Question) -> Studies:
    """All results for one state of the bars; a study that fails is named in `faults` and stops no other."""
    faults: dict[str, str] = {}
    price, total = _by_symbol(question.snapshot, Basis.PRICE), _by_symbol(question.snapshot, Basis.TOTAL)
    tickers = _tickers(question, price, total, faults)
    spreads = _spreads(question, price, total, faults)
    sectors = _sectors(question, price, total, faults)
    as_of = max((t.last_session for t in tickers.values()), default=None)
    inputs = _inputs(question, as_of)
    risk = _risk(question, inputs, faults)
    verdict = _verdict(question, price, sectors, risk, faults)
    return Studies(
        as_of, question.now, tickers, spreads, sectors, risk, _drivers(inputs, faults), verdict, faults=faults
    )


def _by_symbol(snapshot: Snapshot, basis: Basis) -> dict[str, Bars]:
    return {symbol: bars for (symbol, kind), bars in snapshot.bars.items() if kind is basis}


def _fault(what: str, fault: Exception, faults: dict[str, str]) -> None:
    """Foreseen refusals are told in their own words; what nobody foresaw goes to the log as well."""
    if not isinstance(fault, (RefusedValueError, CalendarRange)):
        _log.exception("%s failed", what, exc_info=fault)
    faults[what] = str(fault) or type(fault).__name__


def _tickers(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, TickerStudy]:
    from rotation_tui.studies.tickers import study_ticker

    studies: dict[str, TickerStudy] = {}
    for symbol in (total | price).keys() & {i.symbol for i in question.universe.instruments}:
        try:
            studies[symbol] = study_ticker(price.get(symbol) or total[symbol], question.calendar)
        except Exception as fault:
            _fault(symbol, fault, faults)
    return studies


def _spreads(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, SpreadStudy]:
    from rotation_tui.studies.spreads import study_spread

    studies: dict[str, SpreadStudy] = {}
    for spread in question.universe.spreads:
        # both legs on one basis: a total return is never set against a price
        legs = next(((b[spread.small], b[spread.large]) for b in (price, total)
                     if spread.small in b and spread.large in b), None)  # fmt: skip
        if legs is None:
            continue
        try:
            studies[spread.id] = study_spread(spread, *legs, question.calendar)
        except Exception as fault:
            _fault(f"spread {spread.id}", fault, faults)
    return studies


def _sectors(
    question: Question, price: dict[str, Bars], total: dict[str, Bars], faults: dict[str, str]
) -> dict[str, SectorStudy]:
    from rotation_tui.studies.leaderboard import study_sectors

    try:
        return study_sectors(question.universe, price, total, question.calendar)
    except Exception as fault:
        _fault("sectors", fault, faults)
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
    )


def _risk(question: Question, inputs: Inputs, faults: dict[str, str]) -> tuple[GroupReading, ...]:
    from rotation_tui.checks.evaluate import evaluate as evaluate_checks

    rules = question.rules
    today = inputs.known_on or inputs.as_of
    try:
        groups = evaluate_checks(inputs, skip=rules.skip, thresholds=rules.thresholds)
        return with_manual(muted(groups, rules.mute, today), rules.manual, today)
    except Exception as fault:
        _fault("risk checklist", fault, faults)
        return ()


def _drivers(inputs: Inputs, faults: dict[str, str]) -> tuple[DriverReading, ...]:
    from rotation_tui.checks.drivers import drivers

    try:
        return drivers(inputs)
    except Exception as fault:
        _fault("drivers", fault, faults)
        return ()


def _verdict(
    question: Question,
    price: dict[str, Bars],
    sectors: dict[str, SectorStudy],
    risk: tuple[GroupReading, ...],
    faults: dict[str, str],
) -> Verdict | None:
    from rotation_tui.studies.leaderboard import pairs_led
    from rotation_tui.studies.rotation_history import choose_pair, study_rotation
    from rotation_tui.studies.verdict import study_verdict

    try:
        pair = choose_pair(price, question.calendar)
        if pair is None:
            return None
        led = pairs_led(question.universe, sectors)
        return study_verdict(study_rotation(*pair, question.calendar), led, risk)
    except Exception as fault:
        _fault("verdict", fault, faults)
        return None
