"""What a trader changes about the checklist: muted checks and checks by hand."""

from datetime import date, timedelta

import pytest

from rotation_tui.board.risk import ManualCheck, by_hand, muted
from rotation_tui.checks.base import Check, CheckKind
from rotation_tui.checks.evaluate import evaluate
from rotation_tui.domain.reading import Checklist, Level
from tests.checks.material import YEAR_END, a_check, inputs, steady

TOMORROW = YEAR_END + timedelta(days=1)
YESTERDAY = YEAR_END - timedelta(days=1)


def at(check_id: str, value: float, **changes: object) -> Check:
    return a_check(id=check_id, series=lambda _: steady(value), **changes)


def group(*checks: Check) -> Checklist:
    return evaluate(checks, inputs(), {})


def test_a_muted_check_keeps_its_level_and_neither_raises_nor_speaks_for_its_group() -> None:
    judged = group(at("E1", 4.0), at("E2", 1.0), at("E3", 1.5))
    assert (judged.groups[0].level, judged.groups[0].line) == (Level.WATCH, "at 4")
    (quiet,) = muted(judged, {"E1": YEAR_END}, YEAR_END).groups
    assert (quiet.level, quiet.line) == (Level.OK, "at 1")
    assert [(r.level, r.muted_until) for r in quiet.checks] == [
        (Level.ALERT, YEAR_END), (Level.OK, None), (Level.OK, None),
    ]  # fmt: skip
    assert (quiet.known, quiet.total) == (3, 3)


def test_it_is_heard_again_the_day_after() -> None:
    judged = group(at("E1", 4.0))
    assert muted(judged, {"E1": YESTERDAY}, YEAR_END) == judged
    assert muted(judged, {"E2": TOMORROW}, YEAR_END) == judged


def test_what_only_informs_has_no_vote_while_another_check_is_muted() -> None:
    calm = at("E3", 1.0, kind=CheckKind.INFO, watch=None, alert=None)
    (heard,) = muted(group(at("E1", 1.0), at("E2", 2.5), calm), {"E1": TOMORROW}, YEAR_END).groups
    assert heard.level is Level.WATCH
    (silent,) = muted(group(at("E1", 4.0), calm), {"E1": TOMORROW}, YEAR_END).groups
    assert silent.level is Level.UNKNOWN


def test_a_group_that_is_muted_as_a_whole_says_so() -> None:
    (silent,) = muted(group(at("E1", 4.0)), {"E1": TOMORROW}, YEAR_END).groups
    assert (silent.level, silent.line) == (Level.UNKNOWN, "all muted: at 4")


@pytest.mark.parametrize(
    ("until", "level", "why"),
    [
        (YEAR_END, Level.ALERT, "strike, until 2025-12-31"),
        (YESTERDAY, Level.UNKNOWN, "was set until 2025-12-30"),
    ],
)
def test_a_check_by_hand_counts_until_its_last_day(until: date, level: Level, why: str) -> None:
    (told,) = by_hand((ManualCheck("strike", Level.ALERT, until),), YEAR_END)
    assert (told.id, told.level, told.line) == ("M", level, why)
    assert [(c.level, c.why, c.source) for c in told.checks] == [(level, why, "by hand")]
