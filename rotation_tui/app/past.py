"""The time machine: the board of a past session, from the bars and observations in the store cut at that day."""

from datetime import date, datetime, time

from rotation_tui.app.setup import AS_OF_NOTE
from rotation_tui.board.assemble import Frame, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.checks.rules import Rules
from rotation_tui.domain.session import EASTERN
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.evaluate import Question, evaluate


def end_of(day: date) -> datetime:
    """The moment a past board is made at: the last minute of its day in New York."""
    return datetime.combine(day, time(23, 59), EASTERN)


def cut(snapshot: Snapshot, day: date) -> Snapshot:
    """The snapshot without anything after `day`, and without quotes: closes stand in for them."""
    bars = {key: bars.until(day) for key, bars in snapshot.bars.items()}
    observations = {key: series.until(day) for key, series in snapshot.observations.items()}
    return Snapshot(
        bars={key: b for key, b in bars.items() if b.dates},
        observations={key: s for key, s in observations.items() if s.dates},
        feeds=snapshot.feeds,
    )


def past_board(snapshot: Snapshot, frame: Frame, rules: Rules, day: date) -> Board:
    """The board of the session `day`; takes a few tenths of a second, so it belongs in a thread."""
    known = cut(snapshot, day)
    now = end_of(day)
    studies = evaluate(Question(known, frame.universe, frame.calendar, rules, now, day))
    shown = Snapshot(bars=known.bars, observations=known.observations, studies=studies, feeds=snapshot.feeds, events=())
    notes = (AS_OF_NOTE, *(frame.notes if frame.mode is Mode.DEMO else ()))
    return assemble(shown, Frame(frame.universe, frame.calendar, Mode.AS_OF, notes), now)
