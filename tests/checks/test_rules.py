"""What a trader changes about the checklist: muted checks and checks by hand."""

from datetime import date, timedelta

import pytest

from rotation_tui.checks.base import Check, Kind
from rotation_tui.checks.evaluate import evaluate_checks
from rotation_tui.checks.rules import ManualCheck, Rules, muted, with_manual
from rotation_tui.domain.results import GroupReading, Level
from tests.checks.material import YEAR_END, a_check, inputs, steady

TOMORROW = YEAR_END + timedelta(days=1)
YESTERDAY = YEAR_END - timedelta(days=1)


def at(check_id: str, value: float, **changes: object) -> Check:
    return a_check(id=check_id, series=lambda _: steady(value), **changes)


def group(*checks: Check) -> tuple[GroupReading, ...]:
    return evaluate_checks(checks, inputs(), {})


def test_a_muted_check_keeps_its_level_and_neither_raises_nor_speaks_for_its_group() -> None:
    groups = group(at("E1", 4.0), at("E2", 1.0), at("E3", 1.5))
    assert (groups[0].level, groups[0].line) == (Level.WATCH, "at 4")
    (quiet,) = muted(groups, {"E1": YEAR_END}, YEAR_END)
    assert (quiet.level, quiet.line) == (Level.OK, "at 1")
    assert [(r.level, r.muted_until) for r in quiet.readings] == [
        (Level.ALERT, YEAR_END), (Level.OK, None), (Level.OK, None),
    ]  # fmt: skip
    assert (quiet.known, quiet.total) == (3, 3)


def test_it_is_heard_again_the_day_after() -> None:
    groups = group(at("E1", 4.0))
    assert muted(groups, {"E1": YESTERDAY}, YEAR_END) == groups
    assert muted(groups, {"E2": TOMORROW}, YEAR_END) == groups


def test_what_only_informs_has_no_vote_while_another_check_is_muted() -> None:
    calm = at("E3", 1.0, kind=Kind.INFO, watch=None, alert=None)
    (heard,) = muted(group(at("E1", 1.0), at("E2", 2.5), calm), {"E1": TOMORROW}, YEAR_END)
    assert heard.level is Level.WATCH
    (silent,) = muted(group(at("E1", 4.0), calm), {"E1": TOMORROW}, YEAR_END)
    assert silent.level is Level.UNKNOWN


def test_a_group_that_is_muted_as_a_whole_says_so() -> None:
    (silent,) = muted(group(at("E1", 4.0)), {"E1": TOMORROW}, YEAR_END)
    assert (silent.level, silent.line) == (Level.UNKNOWN, "all muted: at 4")


def test_the_later_of_two_mutes_counts() -> None:
    rules = Rules(mute={"E1": YEAR_END, "E2": TOMORROW})
    both = rules.also_muting({"E1": TOMORROW, "E2": YESTERDAY, "E3": YEAR_END})
    assert both.mute == {"E1": TOMORROW, "E2": TOMORROW, "E3": YEAR_END}
    assert rules.also_muting({}) is rules
    assert rules.mute == {"E1": YEAR_END, "E2": TOMORROW}


@pytest.mark.parametrize(
    ("until", "level", "why"),
    [
        (YEAR_END, Level.ALERT, "strike, until 2025-12-31"),
        (YESTERDAY, Level.UNKNOWN, "was set until 2025-12-30"),
    ],
)
def test_a_check_by_hand_counts_until_its_last_day(until: date, level: Level, why: str) -> None:
    groups = with_manual(group(at("E1", 1.0)), (ManualCheck("strike", Level.ALERT, until),), YEAR_END)
    assert [g.level for g in groups] == [Level.OK, level]
    assert groups[1].line == why
    assert [(r.level, r.why, r.source) for r in groups[1].readings] == [(level, why, "by hand")]


def test_a_group_that_is_ok_is_told_by_a_check_that_is() -> None:
    (calm,) = group(at("E1", 2.5), at("E2", 1.0), at("E3", 1.5))
    assert (calm.level, calm.line) == (Level.OK, "at 1, 1 on watch")
    (all_calm,) = group(at("E1", 1.0), at("E2", 1.5))
    assert (all_calm.level, all_calm.line) == (Level.OK, "at 1")
    (loud,) = group(at("E1", 2.5), at("E2", 4.0), at("E3", 1.0))
    assert (loud.level, loud.line) == (Level.WATCH, "at 4")


def test_nothing_that_is_not_ok_is_said_in_the_line_of_a_group_that_is() -> None:
    (told,) = group(
        at("S1", 1.0, why=lambda *_: "no reconstitution near"),
        at("S2", 2.5, why=lambda *_: "34 of 34 checks unknown"),
        at("S3", 1.0),
    )
    assert (told.level, told.line) == (Level.OK, "at 1, 1 on watch")
    long = at("E1", 1.0, why=lambda *_: "as long as a line of a group may be")
    (cut,) = group(long, at("E2", 2.5), long)
    assert cut.line == "as long as a line of…, 1 on watch"
