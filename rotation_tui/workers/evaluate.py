"""What follows from new bars and observations, once they have come to rest: all results."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import EASTERN
from rotation_tui.evaluation.question import Question
from rotation_tui.workers.cadence import wait_until, woken
from rotation_tui.workers.context import Context
from rotation_tui.workers.memory import give_back
from rotation_tui.workers.studying import InThread, NotStudied, Studying
from rotation_tui.workers.waves import Waves

_LOOK_AT_CLOCK_S = 20.0
_DRAWN_S = 1.0
"""By then what is on screen follows from the new studies, and the old ones have been let go."""


class Evaluator:
    """Runs the studies whenever bars or observations have changed, one run at a time; `now` is the board's.

    `waves` says when a change is studied.
    """

    def __init__(
        self, context: Context, rules: Rules, now: Callable[[], datetime], studying: Studying | None = None
    ) -> None:
        self._context = context
        self._now = now
        self._rules = rules
        self.studying = studying or InThread()
        self._failures = 0
        self.waves = Waves(lambda: context.given.store.bars_revision)
        self._evaluated = self._due()
        self._begun = asyncio.Event()

    def begin(self) -> None:
        """What is on disk has been read; from now on studies may run."""
        self._begun.set()

    def go_by(self, rules: Rules) -> bool:
        """Judge by these rules from the next study on; whether they are other ones."""
        changed, self._rules = rules != self._rules, rules
        return changed

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

    def _newest(self) -> datetime | None:
        """When the last history came, whether or not it said anything new."""
        return max((bars.fetched_at for bars in self._context.given.store.snapshot().bars.values()), default=None)

    async def run(self) -> None:
        """Evaluate for ever; ends only by cancellation."""
        await self._begun.wait()
        has_studied, tidied = False, self._newest()
        while True:
            if self.up_to_date():
                self._context.wakes.bars_moved.clear()
                await woken(self._context.wakes.bars_moved, _DRAWN_S if has_studied else _LOOK_AT_CLOCK_S)
                newest = self._newest()
                if has_studied or newest != tidied:  # a history that was asked for again leaves an old one behind
                    has_studied, tidied = False, newest
                    await asyncio.to_thread(give_back)
                continue
            await self.waves.rest()
            due = self._due()
            try:
                await self._study()
            except NotStudied as fault:
                await self._put_off(fault)
                self.waves.hasten()
                continue
            self._answered()
            self._evaluated, has_studied = due, True

    async def _study(self) -> None:
        """Ask, and put the answer into the store; neither is kept here, for the bars of a question are megabytes."""
        given = self._context.given
        given.store.put_asked()
        question = Question(
            given.store.snapshot(),
            self._context.followed.universe,
            given.calendar,
            self._rules,
            self._now(),
            given.as_of,
        )
        given.store.put_studies(await self.studying.studies(question))
        self._context.health.look_at_prints()

    async def _put_off(self, fault: NotStudied) -> None:
        """Tell that the last studies stay, and wait before the next try, the longer the more have failed."""
        given, at = self._context.given, self._context.given.now()
        self._failures += 1
        if fault.instead is None:
            retry = given.cadence.after_failure(at, self._failures)
            next_step = f"tried again in {(retry - at).total_seconds() / given.cadence.speed:.0f} s"
        else:
            retry, next_step = at, fault.instead
        given.store.put_unstudied(str(fault))
        given.tell(f"no new studies: {fault}; {next_step}", "alert")
        await wait_until(retry, given.now, asyncio.Event(), given.cadence.speed)

    def _answered(self) -> None:
        if self._failures:
            self._failures = 0
            self._context.given.store.put_unstudied(None)
            self._context.given.tell("studies are made again")
