"""Loops look at the clock every few milliseconds, so that moving it is all that a test has to wait for."""

import pytest

from rotation_tui.domain.results import Studies
from rotation_tui.evaluation import evaluate as evaluation
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.question import Question
from rotation_tui.workers import cadence, desk, evaluate, stream, waves
from tests.workers.fakes import LOOK_S


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cadence, "_SLICE_S", LOOK_S)
    monkeypatch.setattr(desk, "_WATCH_EVERY_S", LOOK_S)
    monkeypatch.setattr(desk, "_RESTART_AFTER_S", LOOK_S)
    monkeypatch.setattr(waves, "_QUIET_S", LOOK_S)
    monkeypatch.setattr(stream, "_TOGETHER_S", LOOK_S)
    monkeypatch.setattr(evaluate, "_LOOK_AT_CLOCK_S", LOOK_S)


@pytest.fixture(autouse=True)
def studied(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """What was asked of the studies, which are replaced by one that costs nothing."""
    questions: list[Question] = []

    def quickly(question: Question, _: Auditor) -> Studies:
        questions.append(question)
        last = max((b.dates[-1] for b in question.snapshot.bars.values()), default=None)
        return Studies(last, question.now)

    monkeypatch.setattr(evaluation, "evaluate", quickly)
    return questions
