"""The time machine: the board of a past session, from the bars and observations in the store cut at that day."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date

from msgspec.structs import replace

from rotation_tui.app.scene import AS_OF_NOTE
from rotation_tui.app.setup import Run, auditor_of, rules_of
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.reading import Trail
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.pipeline import Question, cut
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.evaluate import evaluate


class TimeMachine:
    """Takes the viewer to past sessions and back, one board at a time.

    A board takes longer than a held key repeats: steps count at once, and days that were passed over while
    a board was being made are left out.
    """

    def __init__(self, run: Run, viewer: Viewer) -> None:
        self._run = run
        self._viewer = viewer
        self._auditor = auditor_of(run.config)
        self._goal: date | None = None
        self._under_way = False

    def step(self, sessions: int) -> bool:
        """Move the goal by so many sessions, not beyond the first close nor now; True where `travel` must start."""
        calendar = self._run.scope.calendar
        newest = calendar.last_completed(self._run.clock.now())
        firsts = [bars.dates[0] for bars in self._run.store.snapshot().bars.values()]
        first = max(min(firsts, default=newest), calendar.next(calendar.first))
        from_day = calendar.next(newest) if self._goal is None else self._goal
        day = from_day if sessions < 0 and from_day <= first else calendar.offset(from_day, sessions)
        self._goal = None if day > newest else day
        return not self._under_way

    async def travel(self) -> AsyncIterator[None]:
        """Go to the goal, wherever it moves meanwhile; yields whenever there is something new to show."""
        self._under_way = True
        try:
            while self._viewer.past != (day := self._goal):
                board: Board | None = None
                trails: Mapping[str, Trail] = {}
                if day is not None:
                    snapshot = self._run.store.snapshot()
                    board, trails = await asyncio.to_thread(past_board, self._run, snapshot, day, self._auditor)
                if day is None or self._goal is not None:
                    self._viewer.show_past(day, board, trails)
                    yield
        finally:
            self._under_way = False
            self._goal = self._viewer.past


def past_board(run: Run, snapshot: Snapshot, day: date, auditor: Auditor) -> tuple[Board, Mapping[str, Trail]]:
    """The board of the session `day` in the scope of `run`, and the past of its checks.

    Takes some tenths of a second, so it wants a thread.
    """
    known, scope = cut(snapshot, day), run.scope
    now = end_of(day)
    question = Question(known, scope.universe, scope.calendar, rules_of(run.config), now, day)
    studies = evaluate(question, auditor)
    shown = Snapshot(
        bars=known.bars,
        observations=known.observations,
        studies=studies,
        feeds=snapshot.feeds,
        missing=snapshot.missing,
    )
    notes = (AS_OF_NOTE, *(scope.notes if scope.mode is Mode.DEMO else ()))
    return assemble(shown, replace(scope, mode=Mode.AS_OF, notes=notes), now), studies.risk.trails
