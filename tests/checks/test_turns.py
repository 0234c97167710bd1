"""What would change a level: told in numbers, and true when it happens."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.checks import evaluate as judging
from rotation_tui.checks import hysteresis
from rotation_tui.checks.base import Check, CheckKind, Inputs
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.checks.hysteresis import turns_of
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.reading import InputReading, Level, Trail, Turn
from rotation_tui.evidence.line import Line
from tests.checks.material import YEAR_END, a_check, closes, daily, inputs, observed, read, steady

OK, WATCH, ALERT = Level.OK, Level.WATCH, Level.ALERT
SPREAD = a_check(watch=4.5, alert=6.0)
CURVE = a_check(watch=0.25, alert=0.0, higher_is_worse=False, strict=True)


def levels(check: Check, values: list[float]) -> tuple[Level, ...]:
    assert check.watch is not None
    assert check.alert is not None
    return hysteresis.numeric(
        values, check.watch, check.alert, higher_is_worse=check.higher_is_worse, strict=check.strict,
        confirm=check.confirm,
    )  # fmt: skip


def rounded(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    return tuple(replace(t, at=round(t.at, 9), away=round(t.away, 9)) for t in turns)


@pytest.mark.parametrize(
    ("values", "turns"),
    [
        ([3.0], [(WATCH, 4.5, "above", 1.5, 2, False), (ALERT, 6.0, "above", 3.0, 2, False)]),
        ([3.0, 4.75], [(WATCH, 4.5, "above", -0.25, 1, True), (ALERT, 6.0, "above", 1.25, 2, False)]),
        ([4.75], [(ALERT, 6.0, "above", 1.25, 2, False), (OK, 4.35, "below", -0.4, 2, False)]),
        ([4.75, 4.25], [(ALERT, 6.0, "above", 1.75, 2, False), (OK, 4.35, "below", 0.1, 1, True)]),
        ([6.5], [(WATCH, 5.85, "below", -0.65, 2, False), (OK, 4.35, "below", -2.15, 2, False)]),
    ],
)
def test_thresholds_and_the_band_from_each_level(values: list[float], turns: list[tuple[object, ...]]) -> None:
    found = rounded(turns_of(SPREAD, values, levels(SPREAD, values)[-1]))
    assert [(t.level, t.at, t.side, t.away, t.more, t.reached) for t in found] == turns
    assert not any(t.beyond for t in found)


def test_a_threshold_that_must_be_passed_says_so_and_lower_can_be_worse() -> None:
    assert rounded(turns_of(CURVE, [0.3], OK)) == (
        Turn(WATCH, 0.25, "below", -0.05, 2, False, True),
        Turn(ALERT, 0.0, "below", -0.3, 2, False, True),
    )
    assert turns_of(CURVE, [0.25, 0.25], OK)[0].reached is False, "exactly at it is not beyond it"


@given(
    st.lists(st.integers(0, 80).map(lambda n: n / 10), min_size=1, max_size=12),
    st.sampled_from([SPREAD, CURVE, replace(SPREAD, confirm=1), replace(CURVE, strict=False)]),
)
def test_the_level_changes_when_it_was_said_to_and_not_before(values: list[float], check: Check) -> None:
    level = levels(check, values)[-1]
    for turn in turns_of(check, values, level):
        nudge = (1e-6 if turn.side == "above" else -1e-6) if turn.beyond else 0.0
        there = [turn.at + nudge] * turn.more
        assert levels(check, values + there)[-1] is turn.level
        assert levels(check, values + there[:-1])[-1] is not turn.level


def test_flags_and_what_only_informs_have_no_turns() -> None:
    for kind in (CheckKind.FLAG, CheckKind.INFO):
        line = steady(1.0).flagged([OK] * 3)
        reading = read(a_check(kind=kind, series=lambda _, line=line: line), inputs())
        assert reading.turns == ()


def test_turns_follow_from_the_limits_of_the_config() -> None:
    (first, *_) = read(a_check(), inputs(), (1.5, 3.0)).turns
    assert (first.level, first.at, first.away) == (WATCH, 1.5, 0.5)


def test_a_reading_names_what_it_was_computed_from_with_their_times() -> None:
    (check,) = (c for c in all_checks() if c.id == "V1")
    bars = closes("VIX", [15.0, 16.0, 17.0], basis=Basis.PRICE)
    series = observed("VIXCLS", {date(2025, 12, 11): 15.5, date(2025, 12, 12): 15.25, YEAR_END: 99.0})
    reading, trail = judging.read(check, inputs([bars], [series]))
    assert reading.inputs == (
        InputReading("VIX", 17.0, YEAR_END, "test"),
        InputReading("VIXCLS", 15.25, date(2025, 12, 12), "test", "stale: 12 sessions old, limit 4"),
    )
    assert trail == Trail((date(2025, 12, 29), date(2025, 12, 30), YEAR_END), (15.0, 16.0, 17.0))


def test_what_is_missing_is_named_as_well() -> None:
    (check,) = (c for c in all_checks() if c.id == "C3")
    reading = read(check, inputs(observations=[observed("BAMLH0A3HYC", daily([9.0] * 3))]))
    assert reading.why == "needs BAMLH0A1HYBB"
    assert [(i.id, i.value, i.as_of) for i in reading.inputs] == [
        ("BAMLH0A3HYC", 9.0, date(2025, 12, 30)), ("BAMLH0A1HYBB", None, None),
    ]  # fmt: skip


def test_inputs_are_named_when_the_code_of_a_check_fails() -> None:
    def broken(_: Inputs) -> Line:
        raise ZeroDivisionError

    series = observed("UNRATE", {date(2025, 10, 1): 4.5})
    assert [i.value for i in read(a_check(series=broken), inputs(observations=[series])).inputs] == [4.5]


@pytest.mark.parametrize(("since", "words"), [(None, "2.1y"), (date(2023, 12, 1), "2.1y, all there is")])
def test_a_percentile_of_a_series_that_its_source_cuts_off_says_of_how_much(since: date | None, words: str) -> None:
    (check,) = (c for c in all_checks() if c.id == "C3")
    days = [
        YEAR_END - timedelta(days=n) for n in reversed(range(1, 1081)) if (YEAR_END - timedelta(days=n)).weekday() < 5
    ]
    wide = {day: 9.0 + n / 1000 for n, day in enumerate(days)}
    series = [observed("BAMLH0A3HYC", wide), observed("BAMLH0A1HYBB", dict.fromkeys(days, 2.0))]
    short = [dataclasses.replace(s, dates=s.dates[-550:], values=s.values[-550:], complete_since=since) for s in series]
    assert read(check, inputs(observations=short)).why == f"CCC−BB p100 of {words}"
