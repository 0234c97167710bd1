"""The time machine: the board of a past session, from the bars and observations in the store cut at that day."""

from datetime import date

from rotation_tui.app.setup import AS_OF_NOTE, Run, auditor_of, rules_of
from rotation_tui.board.assemble import Frame, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.evaluate import evaluate
from rotation_tui.workers.study import Question, cut, end_of


def past_board(run: Run, snapshot: Snapshot, day: date) -> Board:
    """The board of the session `day` in the frame of `run`; takes some tenths of a second, so it wants a thread."""
    known, frame = cut(snapshot, day), run.frame
    now = end_of(day)
    question = Question(known, frame.universe, frame.calendar, rules_of(run.config), now, day)
    studies = evaluate(question, auditor_of(run.config))
    shown = Snapshot(bars=known.bars, observations=known.observations, studies=studies, feeds=snapshot.feeds)
    notes = (AS_OF_NOTE, *(frame.notes if frame.mode is Mode.DEMO else ()))
    return assemble(shown, Frame(frame.universe, frame.calendar, Mode.AS_OF, notes), now)
