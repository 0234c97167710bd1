"""Boards of many past sessions in one go, as far as `rotation-tui history` tells them."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from rotation_tui.app.setup import Run
from rotation_tui.board.assemble import assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.config.check import entry_of
from rotation_tui.domain.clock import end_of
from rotation_tui.domain.positions import Portfolio
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.over_time import OverTime
from rotation_tui.evaluation.question import Question
from rotation_tui.store.market_store import Snapshot

SPANS = ("session", "week", "month")
"""How often a board is told: the last session of each."""


def sessions_over(run: Run, first: date, last: date, every: str) -> tuple[date, ...]:
    """The sessions from `first` to `last` that have a close on or before them, the last one of each span."""
    calendar = run.scope.calendar
    begun = min((bars.dates[0] for bars in run.store.snapshot().bars.values() if bars.dates), default=None)
    last = min(last, calendar.last_completed(run.clock.now()))
    if begun is None or max(first, begun) > last:
        return ()
    days = calendar.sessions(max(first, begun, calendar.next(calendar.first)), last)
    spans = [_span(day, every) for day in days]
    return tuple(day for day, span, after in zip(days, spans, [*spans[1:], None], strict=True) if span != after)


def _span(day: date, every: str) -> tuple[int, ...]:
    if every == "week":
        return day.isocalendar()[:2]
    return (day.year, day.month) if every == "month" else (day.toordinal(),)


class BoardsOverTime:
    """The boards of `days`, ascending sessions that have a close; verdict, spreads and levels of each, and no more."""

    def __init__(self, run: Run, days: Sequence[date]) -> None:
        scope, last = run.scope, days[-1]
        question = Question(run.store.snapshot(), scope.universe, scope.calendar, run.rules, end_of(last), last, last)
        told = Auditor(tuple(map(entry_of, run.config.consensus))).told
        self._studies = OverTime(question, days, told)
        universe = dataclasses.replace(scope.universe.own, tickers=(), sectors=(), background=())
        bare = {"looked": (), "watchlists": (), "book": Portfolio()}
        self._scope = replace(scope, mode=Mode.AS_OF, universe=universe, **bare)

    @property
    def by_themselves(self) -> int:
        """How many of the days take as long as a whole study."""
        return self._studies.by_themselves

    def __iter__(self) -> Iterator[tuple[date, Board]]:
        for number, day in enumerate(self._studies.days):
            yield day, assemble(Snapshot(studies=self._studies.at(number)), self._scope, end_of(day))
