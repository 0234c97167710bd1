"""What follows from new bars and observations, once they have come to rest: all results, in a thread."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from rotation_tui.checks.base import Inputs, Rules
from rotation_tui.domain.results import DriverReading, Studies
from rotation_tui.domain.session import EASTERN
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.pipeline import Question, noting, study, study_visitors, without_visitors
from rotation_tui.workers.cadence import woken
from rotation_tui.workers.context import Context
from rotation_tui.workers.memory import give_back

_QUIET_S = 0.25
"""History arrives symbol by symbol; a study waits until it has been quiet for so long..."""
_LONGEST_WAIT_S = 3.0
"""...but never longer than this."""
_LOOK_AT_CLOCK_S = 20.0
_DRAWN_S = 1.0
"""By then what is on screen follows from the new studies, and the old ones have been let go."""


class Evaluator:
    """Runs the studies whenever bars or observations have changed, one run at a time; `now` is the board's."""

    def __init__(
        self, context: Context, rules: Rules, now: Callable[[], datetime], auditor: Auditor | None = None
    ) -> None:
        self._context = context
        self._now = now
        self._rules = rules
        self._auditor = auditor or Auditor()
        self._evaluated = self._due()
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """What is on disk has been read; from now on studies may run."""
        self._begun.set()

    @property
    def begun(self) -> bool:
        """Whether studies may run."""
        return self._begun.is_set()

    def up_to_date(self) -> bool:
        """Whether the studies in the store follow from the bars in the store."""
        return self._evaluated == self._due()

    def _due(self) -> tuple[int, date | None, date | None]:
        """Moves with the bars, and with the days: what is not renewed becomes stale by the passing of time."""
        revision = self._context.given.store.bars_revision
        if not revision:
            return revision, None, None
        now = self._now()
        return revision, self._context.given.calendar.last_completed(now), now.astimezone(EASTERN).date()

    async def run(self) -> None:
        """Evaluate for ever; ends only by cancellation."""
        await self._begun.wait()
        has_studied = False
        while True:
            if self.up_to_date():
                self._context.wakes.bars_moved.clear()
                await woken(self._context.wakes.bars_moved, _DRAWN_S if has_studied else _LOOK_AT_CLOCK_S)
                if has_studied:
                    has_studied = False
                    await asyncio.to_thread(give_back)
                continue
            await self._quiet()
            due = self._due()
            question = Question(
                self._context.given.store.snapshot(),
                self._context.followed.universe,
                self._context.given.calendar,
                self._rules,
                self._now(),
                self._context.given.as_of,
            )
            studies = await asyncio.to_thread(evaluate, question, self._auditor)
            self._context.given.store.put_studies(studies)
            self._context.health.look_at_prints()
            self._evaluated, has_studied = due, True

    async def _quiet(self) -> None:
        waited, seen = 0.0, -1
        while seen != self._context.given.store.bars_revision and waited < _LONGEST_WAIT_S:
            seen = self._context.given.store.bars_revision
            await asyncio.sleep(_QUIET_S)
            waited += _QUIET_S


def evaluate(question: Question, auditor: Auditor) -> Studies:
    """All results for one state of the bars; what fails is named in `faults` and stops nothing else."""
    faults: dict[str, str] = {}
    tickers, spreads = study_visitors(question, faults)
    question = without_visitors(question)
    core = study(question, faults)
    return Studies(
        as_of=core.as_of,
        computed_at=question.now,
        tickers=core.tickers | tickers,
        spreads=core.spreads | spreads,
        sectors=core.sectors,
        rotation=core.rotation,
        risk=core.risk,
        drivers=_drivers(core.inputs, faults),
        verdict=core.verdict,
        claims=auditor.claims(question, core, faults),
        faults=faults,
    )


def _drivers(inputs: Inputs, faults: dict[str, str]) -> tuple[DriverReading, ...]:
    from rotation_tui.checks.drivers import drivers

    with noting("drivers", faults):
        return drivers(inputs)
    return ()
