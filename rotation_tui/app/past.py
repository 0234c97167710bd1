"""The time machine: the board of a past session, from the bars and observations in the store cut at that day."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date

from msgspec.structs import replace

from rotation_tui.app.scene import AS_OF_NOTE
from rotation_tui.app.setup import Run
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.reading import Trail
from rotation_tui.evaluation.question import Question
from rotation_tui.store.market_store import Snapshot

PastBoard = tuple[Board, Mapping[str, Trail]]
_MOST_BOARDS = 3
"""The one that is shown, the one before it and the one beforehand; a board takes up to 2 MB."""


class TimeMachine:
    """Takes the viewer to past sessions and back, one board at a time.

    A board takes longer than a held key repeats: steps count at once, and days that were passed over while
    a board was being made are left out. Once on a day, the next one in the same direction is made beforehand.
    """

    def __init__(self, run: Run, viewer: Viewer) -> None:
        self._run = run
        self._viewer = viewer
        self._goal: date | None = None
        self._direction = -1
        self._under_way = False
        self._boards: dict[date, asyncio.Task[PastBoard]] = {}
        self._made_of: tuple[object, ...] = ()

    @property
    def goal(self) -> date | None:
        """The session that is shown or made, None for now."""
        return self._goal

    def step(self, sessions: int) -> bool:
        """Move the goal by so many sessions, not beyond the first close nor now; True where `travel` must start."""
        calendar = self._run.scope.calendar
        newest = calendar.last_completed(self._run.clock.now())
        first = self._first()
        from_day = calendar.next(newest) if self._goal is None else self._goal
        day = from_day if sessions < 0 and from_day <= first else calendar.offset(from_day, sessions)
        self._goal = None if day > newest else day
        self._direction = 1 if sessions > 0 else -1
        return not self._under_way

    @property
    def resting(self) -> bool:
        """Whether `travel` must start to reach another goal."""
        return not self._under_way

    def leave(self) -> None:
        """Make now the goal."""
        self._goal = None

    def jump(self, day: date) -> str | None:
        """Make the session of a day the goal, or the last one before it; else why not, and the goal stays."""
        calendar = self._run.scope.calendar
        newest, first = calendar.last_completed(self._run.clock.now()), self._first()
        if day < first:
            return f"no board of {day}: the first close there is is of {first}"
        if day > newest:
            return f"no board of {day}: the last session that is over is {newest}"
        self._direction = -1
        self._goal = calendar.on_or_before(day)
        return None

    async def travel(self) -> AsyncIterator[None]:
        """Go to the goal, wherever it moves meanwhile; yields whenever there is something new to show."""
        self._under_way = True
        try:
            while self._viewer.past != (day := self._goal):
                found = None
                if day is not None:
                    self._run.desk.studying.hold(held=True)
                    found = await asyncio.shield(self._board(day))
                if day is None or self._goal is not None:
                    board, trails = found or (None, None)
                    self._viewer.show_past(day, board, trails)
                    yield
            self._make_beforehand()
        finally:
            self._under_way = False
            self._goal = self._viewer.past
            if self._goal is None:
                self._boards = {}
                self._run.desk.studying.hold(held=False)

    def _board(self, day: date) -> "asyncio.Task[PastBoard]":
        """The board of a day: one that was made for the same data and scope, or is being made."""
        made_of = (self._run.store.bars_revision, self._run.scope)
        if made_of != self._made_of:
            self._made_of, self._boards = made_of, {}
        task = self._boards.pop(day, None)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = asyncio.create_task(past_board(self._run, self._run.store.snapshot(), day))
            task.add_done_callback(_looked_at)
        self._boards[day] = task
        for oldest in [*self._boards][:-_MOST_BOARDS]:
            del self._boards[oldest]
        return task

    def _make_beforehand(self) -> None:
        """Begin with the day that comes next, where that holds up no key."""
        if (day := self._viewer.past) is None or not self._run.desk.studying.apart:
            return
        calendar = self._run.scope.calendar
        following = calendar.previous(day) if self._direction < 0 else calendar.next(day)
        if self._first() <= following <= calendar.last_completed(self._run.clock.now()):
            self._board(following)

    def _first(self) -> date:
        """The first session that has a close, or of the calendar."""
        calendar = self._run.scope.calendar
        newest = calendar.last_completed(self._run.clock.now())
        firsts = [bars.dates[0] for bars in self._run.store.snapshot().bars.values()]
        return max(min(firsts, default=newest), calendar.next(calendar.first))


def _looked_at(task: "asyncio.Task[PastBoard]") -> None:
    """Take the fault of a board that nobody came to see."""
    if not task.cancelled():
        task.exception()


async def past_board(run: Run, snapshot: Snapshot, day: date) -> PastBoard:
    """The board of the session `day` in the scope of `run`, and the past of its checks.

    NotStudied where nobody can work it out. It tells amounts in private as well, which whoever shows it leaves out.
    """
    scope, now = run.scope, end_of(day)
    question = Question(snapshot, scope.universe, scope.calendar, run.rules, now, day, day)
    studies = await run.desk.studying.studies(question)
    known = {key: bars for key, bars in snapshot.bars.items() if bars.dates and bars.dates[0] <= day}
    shown = Snapshot(bars=known, studies=studies, feeds=snapshot.feeds, missing=snapshot.missing)
    notes = (AS_OF_NOTE, *(scope.notes if scope.mode is Mode.DEMO else ()))
    return assemble(shown, replace(scope, mode=Mode.AS_OF, notes=notes, private=False), now), studies.risk.trails
