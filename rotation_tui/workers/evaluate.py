"""What follows from new bars and observations: studies, checks, verdict, in that order, in a thread."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.results import (
    Studies,
)
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.context import Context

_log = logging.getLogger(__name__)

_QUIET_S = 0.25
"""History arrives symbol by symbol; a study waits until it has been quiet for so long..."""
_LONGEST_WAIT_S = 3.0
"""...but never longer than this."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a study needs, taken from the store at one moment."""

    snapshot: Snapshot
    universe: Universe
    calendar: Calendar
    skip: Collection[str]
    now: datetime
    as_of: date | None


class Evaluator:
    """Runs the studies whenever bars or observations have changed, one run at a time."""

    def __init__(self, context: Context, skip: Collection[str] = ()) -> None:
        self._context = context
        self._skip = frozenset(skip)
        self._evaluated = context.store.bars_revision
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """What is on disk has been read; from now on studies may run."""
        self._begun.set()

    def up_to_date(self) -> bool:
        """Whether the studies in the store follow from the bars in the store."""
        return self._evaluated == self._context.store.bars_revision

    async def run(self) -> None:
        """Evaluate for ever; ends only by cancellation."""
        await self._begun.wait()
        while True:
            while self.up_to_date():
                await asyncio.sleep(_QUIET_S / 2)
            await self._quiet()
            revision = self._context.store.bars_revision
            question = Question(
                self._context.store.snapshot(),
                self._context.universe,
                self._context.calendar,
                self._skip,
                self._context.now(),
                self._context.as_of,
            )
            studies = await asyncio.to_thread(evaluate, question)
            self._context.store.put_studies(studies)
            self._evaluated = revision

    async def _quiet(self) -> None:
        waited, seen = 0.0, -1
        while seen != self._context.store.bars_revision and waited < _LONGEST_WAIT_S:
            seen = self._context.store.bars_revision
            await asyncio.sleep(_QUIET_S)
            waited += _QUIET_S


def evaluate(question: Question) -> Studies:
    """All results for one state of the bars; a study that fails is named in `faults` and stops no other."""
    faults: dict[str, str] = {}
    bars = question.snapshot.bars
    tickers = _tickers(question, faults)
    spreads = _spreads(question, faults)
    sectors = _sectors(question, faults)
    as_of = max((t.last_session for t in tickers.values()), default=None)
    risk = _risk(question, as_of, faults)
    verdict = _verdict(question, spreads, risk, faults) if bars else None
    return Studies(as_of, question.now, tickers, spreads, sectors, risk, verdict, faults)


def series_of(bars: dict[tuple[str, Basis], Bars] | object, symbol: str) -> Bars | None:
    """Price bars of a symbol, or total return where a source has only those."""
    get = bars.get  # type: ignore[attr-defined]
    found: Bars | None = get((symbol, Basis.PRICE)) or get((symbol, Basis.TOTAL))
    return found
