"""When an alert comes true: told once, armed again when it is over, silent where a value is not known."""

from collections.abc import Iterable
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.alerts.condition import ConditionFault
from rotation_tui.alerts.places import Read
from rotation_tui.alerts.rules import RULES, Rule, RuleFault, Tally, firing_of, step
from rotation_tui.domain.alert import RuleState
from rotation_tui.domain.session import Phase
from tests.alerts.material import BOARD, at, moment, rule

MINUTE = 60.0
VALUES = st.one_of(st.none(), st.floats(0, 10))


def told(one: Rule, values: Iterable[Read], every_s: float = 600, state: RuleState | None = None) -> list[int]:
    """On which of these boards, one after the other, the rule comes true."""
    state, progress, found = state or RuleState(), Tally(), []
    for number, value in enumerate(values):
        state, progress, words = step(one, state, progress, value, moment(number * every_s))
        found += [number] if words is not None else []
    return found


@pytest.mark.parametrize(
    ("when", "values", "expected"),
    [
        ("RUT.last > 5", [4, 6, 7, 4, 6], [1, 4]),
        ("RUT.last > 5", [6, 6], [0]),
        ("RUT.last >= 5", [5.0, 4.9, 5.0], [0, 2]),
        ("RUT.last < 5", [6, 5, 4.9, 4, 6, 1], [2, 5]),
        ("RUT.last > 5", [4, None, 6, None, 6, 4, None, 6], [2, 7]),
        ("RUT.last crosses 5", [4, 5, 6, 5, 6, 4], [2, 5]),
        ("RUT.last crosses 5", [6, 6], []),
        ("RUT.last crosses above 5", [4, 6, 4, 6], [1, 3]),
        ("RUT.last crosses below 5", [4, 6, 4, 6], [2]),
        ("RUT.last crosses 5", [4, None, 6], [2]),
        ("risk.ECO1 becomes ALERT", ["OK", "ALERT", "ALERT", "WATCH", "ALERT"], [1, 4]),
        ("risk.ECO1 becomes ALERT", ["ALERT", "OK"], []),
        ("risk.ECO1 becomes ALERT", ["OK", "UNKNOWN", "ALERT"], [2]),
        ("risk.ECO1 becomes ALERT", ["ALERT", "UNKNOWN", "ALERT"], []),
        ("risk.ECO1 becomes UNKNOWN", ["OK", "UNKNOWN"], [1]),
        ("verdict.regime changes", ["UNKNOWN", "ROTATION", "ROTATION", "REVERSAL"], [3]),
        ("feeds.yahoo becomes DOWN", ["LIVE", "LATE", "DOWN", "LIVE", "DOWN"], [2, 4]),
        ("RUT.is_record", [False, True, True, False, True], [1, 4]),
        ("not RUT.is_record", [True, False], [1]),
        ("RUT.last unknown for 30m", [1, None, None, None, None, None, 1, None, None, None, None], [4, 10]),
        ("RUT.last unknown for 30m", [None, None, 1, None, None, 1], []),
    ],
)
def test_an_alert_comes_true_when_its_condition_begins_to_hold(
    when: str, values: list[Read], expected: list[int]
) -> None:
    assert told(rule(when), values) == expected


def test_every_kind_of_rule_is_written_by_a_condition() -> None:
    texts = ("RUT > 1", "RUT = 1", "RUT becomes 1", "RUT changes", "RUT crosses 1", "RUT unknown for 1m")
    assert {rule(text).kind.name for text in texts} == set(RULES)


def test_the_methodology_tells_every_kind_as_it_is_written() -> None:
    text = (Path(__file__).parents[2] / "METHODOLOGY.md").read_text(encoding="utf-8")
    table = text.split("| kind | form |\n| --- | --- |\n")[1].split("\n\n")[0]
    assert table.splitlines() == [f"| {kind.name} | {kind.form} |" for kind in RULES.values()]


def test_a_value_has_to_come_back_to_its_level_before_it_is_told_again() -> None:
    values = [4.0, 6.0, 4.5, 6.0, 3.0, 6.0]
    assert told(rule("RUT.last > 5", back=4), values) == [1, 5]
    assert told(rule("RUT.last < 5", back=6), [4.0, 5.5, 4.0, 6.0, 4.0]) == [0, 4]


def test_what_rests_is_told_after_that_where_it_still_holds() -> None:
    one = rule("RUT.last > 5", rest="1h")
    assert told(one, [6, 4, 6, 6, 6, 6, 6, 6]) == [0, 6]
    assert told(one, [6, 4, 6, 4, 4, 4, 4, 4]) == [0]
    changes = rule("verdict.regime changes", rest="1h")
    assert told(changes, ["ROTATION", "REVERSAL", "ROTATION", *["ROTATION"] * 9]) == [1, 7]
    assert told(changes, ["ROTATION", "REVERSAL", "ROTATION", *["REVERSAL"] * 9]) == [1]


def test_it_has_to_hold_as_long_as_it_is_to_be_confirmed() -> None:
    assert told(rule("RUT.last > 5", confirm="3 revisions"), [6, 6, 4, 6, 6, 6]) == [5]
    assert told(rule("RUT.last > 5", confirm="20m"), [6, 4, 6, 6, 6]) == [4]
    assert told(rule("RUT.last > 5", confirm="2 revisions"), [6, None, 6, 6]) == [3], "what is unknown confirms nothing"
    assert told(rule("risk.ECO1 becomes ALERT", confirm="2 revisions"), ["OK", "ALERT", "OK", "ALERT", "ALERT"]) == [4]


def test_once_is_never_again() -> None:
    assert told(rule("RUT.last > 5", repeat="once"), [6, 4, 6, 4, 6]) == [0]


def test_it_is_told_in_its_phases_of_the_market_and_outside_its_quiet_hours() -> None:
    one = rule("RUT.last > 5", sessions=("OPEN",), quiet="22:00-07:00")
    state, progress = RuleState(), Tally()
    for phase, hour, expected in (
        (Phase.PRE, 9, False), (Phase.OPEN, 23, False), (Phase.OPEN, 6, False), (Phase.OPEN, 7, True),
    ):  # fmt: skip
        state, progress, words = step(one, state, progress, 6.0, moment(0, phase, time(hour)))
        assert (words is not None) is expected
        assert expected or progress.waits, "it is told once its hour has come"


def test_another_condition_of_the_same_name_starts_anew() -> None:
    state, progress, _ = step(rule("RUT.last > 5"), RuleState(), Tally(), 6.0, moment())
    assert not state.armed
    _, _, words = step(rule("RUT.last > 4", rest=""), state, progress, 6.0, moment(1))
    assert words is not None


def test_a_clock_that_is_put_back_neither_stops_nor_repeats_an_alert() -> None:
    one = rule("RUT.last > 5", confirm="1m", rest="1h")
    state, progress, _ = step(one, RuleState(), Tally(), 6.0, moment(7200))
    state, progress, words = step(one, state, progress, 6.0, moment(0))
    assert words is None
    state, progress, words = step(one, state, progress, 6.0, moment(60))
    assert words is not None
    state, progress, words = step(one, state, progress, 6.0, moment(-7200))
    assert words is None, "it was told, and holds still"
    for number, value in enumerate([4.0, 6.0, 6.0]):
        state, progress, words = step(one, state, progress, value, moment(-7200 + 60 * number))
    assert words is not None, "a time of telling that lies ahead holds nothing up"


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=30), st.sampled_from([">", "<", "crosses"]), st.integers(0, 3))
def test_nothing_is_told_of_a_board_on_which_the_value_is_unknown(
    values: list[float | None], asks: str, boards: int
) -> None:
    one = rule(f"RUT.last {asks} 5", rest="", confirm=f"{boards} revisions" if boards else "")
    assert all(values[number] is not None for number in told(one, values))


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=40))
def test_between_two_tellings_it_has_been_over(values: list[float | None]) -> None:
    found = told(rule("RUT.last > 5", rest=""), values)
    known = [value for value in values if value is not None]
    edges = sum(now > 5 and (before is None or before <= 5) for before, now in zip([None, *known], known, strict=False))
    assert len(found) == edges
    for first, second in pairwise(found):
        assert any(value is not None and value <= 5 for value in values[first:second])


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=40), st.integers(0, 40))
def test_a_restart_in_between_tells_nothing_twice_and_loses_nothing(values: list[float | None], cut: int) -> None:
    one, state = rule("RUT.last crosses 5", rest=""), RuleState()
    progress, found = Tally(), []
    for number, value in enumerate(values):
        progress = Tally() if number == cut else progress  # what is on disk stays
        state, progress, words = step(one, state, progress, value, moment(number))
        found += [number] if words is not None else []
    assert found == told(one, values, every_s=1)


@pytest.mark.parametrize(
    ("given_", "key"),
    [
        ({"back": 6.0}, "back"),
        ({"confirm": "often"}, "confirm"),
        ({"rest": "long"}, "rest"),
        ({"quiet": "night"}, "quiet"),
        ({"sessions": ()}, "sessions"),
    ],
)
def test_what_cannot_work_is_refused_by_its_key(given_: dict[str, object], key: str) -> None:
    with pytest.raises(RuleFault) as refused:
        rule("RUT.last > 5", **given_)
    assert refused.value.key == key


def test_a_level_to_come_back_to_is_for_limits_alone() -> None:
    with pytest.raises(RuleFault, match="alone"):
        rule("verdict.regime changes", back=3)
    with pytest.raises(ConditionFault):
        rule("nothing at all")


def test_what_is_told_has_the_value_the_condition_and_the_row() -> None:
    one = rule("RUT.last > 5", note="look", to=("screen", "phone"))
    _, _, words = step(one, RuleState(), Tally(), 10.0, moment())
    assert words is not None
    firing = firing_of(one, "1", words, 10.0, BOARD.tickers[0], at(0))
    assert firing.line == "test: RUT.last 10.00 (RUT.last > 5) (look)"
    assert firing.row["symbol"] == "RUT"
    assert "spark" not in firing.row
    unknown = step(rule("RUT.last unknown for 0s"), RuleState(), Tally(), None, moment())[2]
    assert unknown == "has been unknown for 0 s"
    assert rule("RUT.last unknown for 90m").condition.span == timedelta(minutes=90)
