"""What the checklist says whatever happens to its inputs, for every check there is."""

import math
from datetime import date

import pytest
from msgspec.structs import replace

from rotation_tui.checks import evaluate as judging
from rotation_tui.checks.base import GROUPS, Check, CheckKind, Inputs
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.reading import LINE_WIDTH, Level, Reading, group_level
from rotation_tui.domain.series import SERIES, TimeSpan
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.line import Line
from tests.checks.material import (
    YEAR_END,
    a_check,
    closes,
    daily,
    evaluate,
    evaluate_checks,
    inputs,
    observed,
    read,
    read_by,
    real,
    steady,
)
from tests.golden import golden

EVERY_CHECK = pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
NUMERIC = [check for check in all_checks() if check.kind is CheckKind.NUMERIC and not check.own_deviations]
BY_DEVIATIONS = [check for check in all_checks() if check.own_deviations]
FROM_DATA = [check for check in all_checks() if check.group != "S"]


def test_ids_are_unique_and_groups_known() -> None:
    ids = [check.id for check in all_checks()]
    assert len(set(ids)) == len(ids)
    assert {check.group for check in all_checks()} <= set(GROUPS)


@pytest.mark.parametrize("check", FROM_DATA, ids=lambda check: check.id)
def test_no_data_is_unknown_and_says_what_is_missing(check: Check) -> None:
    reading, trail = judging.read(check, inputs())
    assert (reading.level, reading.value, reading.as_of, trail) == (Level.UNKNOWN, None, None, None)
    assert reading.why.startswith("needs ")
    assert len(reading.why) <= LINE_WIDTH


def swinging(last: float, rows: int = 2520, size: float = 3.0) -> Line:
    """A line that swings evenly about 0, with a standard deviation of 3, and ends with two equal values."""
    days = nyse().sessions(date(2010, 1, 4), YEAR_END)[-rows:]
    return Line(days, (*(size * (-1) ** n for n in range(rows - 2)), last, last), ("test",), TimeSpan(2, "sessions"))


@pytest.mark.parametrize("check", BY_DEVIATIONS, ids=lambda check: check.id)
def test_a_move_is_judged_in_standard_deviations_of_its_own_past(check: Check) -> None:
    def at(deviations: float) -> Reading:
        return read(replace(check, series=lambda _: swinging(3.0 * deviations)), inputs())

    worse = 1.0 if check.higher_is_worse else -1.0
    assert [at(worse * size).level for size in (0.98, 1.02, 1.97, 2.03)] == [
        Level.OK, Level.WATCH, Level.WATCH, Level.ALERT,
    ]  # fmt: skip
    assert at(-3 * worse).level is Level.OK
    shown = at(worse * 1.5)
    assert shown.value == pytest.approx(worse * 4.5)
    assert shown.deviations == pytest.approx(worse * 1.5, rel=1e-3)
    assert shown.watch == pytest.approx(worse * 3, abs=0.01)
    assert shown.alert == pytest.approx(worse * 6, abs=0.01)
    assert shown.why.endswith(f", {'+' if worse > 0 else '−'}1.5 sd")
    assert "one standard deviation is 3.00" in shown.beside
    assert [turn.level for turn in shown.turns] == [Level.ALERT, Level.OK]
    assert shown.turns[0].away == pytest.approx(worse * 1.5, abs=0.01)


def test_ten_years_count_and_no_more() -> None:
    calm_before = replace(BY_DEVIATIONS[0], series=lambda _: joined(swinging(1.0, 2000, 0.1), swinging(1.0)))
    wild_before = replace(BY_DEVIATIONS[0], series=lambda _: joined(swinging(1.0, 2000, 90.0), swinging(1.0)))
    assert read(calm_before, inputs()).deviations == pytest.approx(read(wild_before, inputs()).deviations, rel=1e-6)


def joined(before: Line, after: Line) -> Line:
    days = nyse().sessions(date(2000, 1, 3), YEAR_END)[-len(before) - len(after) :]
    return Line(days, before.values + after.values, after.sources, after.limit)


@pytest.mark.parametrize("check", BY_DEVIATIONS, ids=lambda check: check.id)
def test_a_past_of_less_than_two_years_says_nothing_of_what_is_usual(check: Check) -> None:
    short = read(replace(check, series=lambda _: swinging(3.0, 503)), inputs())
    assert (short.level, short.watch, short.why) == (Level.UNKNOWN, None, "needs 504 values, have 503")
    assert read(replace(check, series=lambda _: swinging(3.0, 504)), inputs()).level is not Level.UNKNOWN
    flat = read(replace(check, series=lambda _: swinging(0.0, 504, 0.0)), inputs())
    assert (flat.level, flat.why) == (Level.UNKNOWN, "no variation")


@pytest.mark.parametrize("check", BY_DEVIATIONS, ids=lambda check: check.id)
def test_limits_of_a_trader_are_in_points(check: Check) -> None:
    worse = 1.0 if check.higher_is_worse else -1.0
    moved = replace(check, series=lambda _: swinging(worse * 9.0))
    assert read(moved, inputs()).level is Level.ALERT
    shown = read(moved, inputs(), (worse * 10.0, worse * 12.0))
    assert (shown.level, shown.watch, shown.deviations) == (Level.OK, worse * 10.0, None)


@pytest.mark.parametrize("check", NUMERIC, ids=lambda check: check.id)
def test_both_sides_of_every_threshold(check: Check) -> None:
    assert check.watch is not None
    assert check.alert is not None
    worse = 1.0 if check.higher_is_worse else -1.0
    step = worse * 1e-6

    def level(value: float) -> Level:
        return read(replace(check, series=lambda _: steady(value)), inputs()).level

    at = {False: (Level.WATCH, Level.ALERT), True: (Level.OK, Level.WATCH)}[check.strict]
    assert [level(check.watch - step), level(check.watch), level(check.watch + step)] == [
        Level.OK, at[0], Level.WATCH,
    ]  # fmt: skip
    assert [level(check.alert - step), level(check.alert), level(check.alert + step)] == [
        Level.WATCH, at[1], Level.ALERT,
    ]  # fmt: skip


@EVERY_CHECK
def test_words_are_short_and_say_where_thresholds_come_from(check: Check) -> None:
    for value in (-99.94, -12.34, -0.5, 0.0, 0.07, 3.0, 99.94):
        words = check.why(value, "")
        assert len(words) <= LINE_WIDTH, words
        assert len(words.split()) <= 8, words
    assert check.title
    assert check.formula
    assert check.threshold_source
    assert check.house_default == check.threshold_source.startswith("house default")


def test_one_that_raises_takes_nothing_down() -> None:
    def broken(_: Inputs) -> Line:
        raise ZeroDivisionError("float division by zero")

    (group,) = evaluate_checks([a_check(series=broken), a_check(id="E8")], inputs(), {})
    assert [r.why for r in group.checks] == ["failed: float division by zero", "at 1"]
    assert [r.level for r in group.checks] == [Level.UNKNOWN, Level.OK]
    assert (group.known, group.total, group.level, group.line) == (1, 2, Level.OK, "at 1")


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_result_that_is_no_number_is_unknown(bad: float) -> None:
    reading = read(a_check(series=lambda _: steady(bad)), inputs())
    assert (reading.level, reading.value) == (Level.UNKNOWN, None)


def test_staleness_counts_sessions_not_days() -> None:
    expected = golden("K07")
    for (as_of, now), (_, level) in zip(expected["input"], expected["output"], strict=True):
        line = Line((date.fromisoformat(as_of),), (1.0,), ("test",), TimeSpan(2, "sessions"))
        reading = read(a_check(series=lambda _, line=line: line), inputs(as_of=date.fromisoformat(now)))
        assert reading.level == level


def test_a_stale_value_is_unknown_with_its_age_and_date() -> None:
    old = observed("NFCI", {date(2025, 12, 5): -0.5, date(2025, 12, 12): -0.5})
    group = evaluate(inputs(observations=[old]))[0]
    reading = next(r for r in group.checks if r.id == "E5")
    assert (reading.level, reading.value, reading.as_of) == (Level.UNKNOWN, None, date(2025, 12, 12))
    assert reading.why == "stale: 19 days old, limit 14"


def test_an_observation_counts_from_its_publication() -> None:
    rates = daily([4.6] * 5)
    check = next(check for check in all_checks() if check.id == "C1")
    unpublished = rates | {YEAR_END: 9.9}
    assert read(check, inputs(observations=[observed("BAMLH0A0HYM2", unpublished)])).value == 4.6
    later = inputs(observations=[observed("BAMLH0A0HYM2", unpublished)], known_on=date(2026, 1, 2))
    assert read(check, later).value == 9.9


def test_no_close_after_the_last_completed_session_is_read() -> None:
    check = next(check for check in all_checks() if check.id == "V1")
    bars = closes("VIX", [15.0, 16.0, 17.0], basis=Basis.PRICE)
    reading = read(check, inputs([bars], as_of=date(2025, 12, 30)))
    assert (reading.value, reading.as_of, reading.source) == (16.0, date(2025, 12, 30), "test")


def test_changed_thresholds_apply_and_show() -> None:
    check = a_check()
    changed = read(check, inputs(), (0.5, 0.9))
    assert (changed.level, changed.watch, changed.alert) == (Level.ALERT, 0.5, 0.9)
    assert changed.thresholds_changed
    assert not changed.house_default
    assert not read(check, inputs(), (2.0, 3.0)).thresholds_changed
    assert read(check, inputs(), (3.0, 2.0)).why == "failed: alert 2 is not worse than watch 3"


def test_skipped_checks_are_not_listed() -> None:
    economy = [check.id for check in all_checks() if check.group == "E"]
    assert [g.id for g in evaluate(inputs(), skip=economy)] == [g.id for g in evaluate(inputs())][1:]
    assert "E1" not in [r.id for r in evaluate(inputs(), skip=["E1"])[0].checks]


@pytest.mark.parametrize(
    ("values", "level", "why"),
    [
        ([1.0, 2.5], Level.OK, "at 2.5, unconfirmed"),
        ([2.5, 1.95, 1.95], Level.WATCH, "at 1.95, held"),
        ([2.5, 2.5], Level.WATCH, "at 2.5"),
    ],
)
def test_a_level_that_is_not_that_of_the_value_says_so(values: list[float], level: Level, why: str) -> None:
    line = replace(steady(1.0, rows=len(values)), values=tuple(values))
    reading = read(a_check(series=lambda _: line), inputs())
    assert (reading.level, reading.why) == (level, why)


def test_group_levels() -> None:
    case = golden("K11")
    found = [group_level([Level(level) for level in levels]) for levels in case["input"]]
    assert [str(level) for level in found] == case["output"]


def test_information_has_no_vote_in_its_group() -> None:
    checks = [a_check(id=f"E{n}", series=lambda _: steady(2.5)) for n in (1, 2)]
    checks += [a_check(id=f"E{n}", kind=CheckKind.INFO, watch=None, alert=None) for n in (3, 4, 5)]
    (group,) = evaluate_checks(checks, inputs(), {})
    assert (group.level, group.known, group.total) == (Level.WATCH, 5, 5)


def test_a_group_tells_its_worst_check_first_its_headline_otherwise() -> None:
    calm, watched = a_check(id="E1"), a_check(id="E2", series=lambda _: steady(2.5))
    alarmed = a_check(id="E3", series=lambda _: steady(4.0))
    for checks, line in (([calm, watched], "at 2.5"), ([calm, watched, alarmed], "at 4"), ([calm], "at 1")):
        (group,) = evaluate_checks(checks, inputs(), {})
        assert group.line == line


@EVERY_CHECK
def test_a_check_reads_nothing_that_it_does_not_name(check: Check) -> None:
    """Else nobody fetches it."""
    assert read_by(check.series, real()) <= {each.id for each in check.inputs}


def at(check_id: str, value: float, **changes: object) -> Check:
    return a_check(id=check_id, series=lambda _: steady(value), **changes)


def test_a_group_that_is_ok_is_told_by_a_check_that_is() -> None:
    (calm,) = evaluate_checks([at("E1", 2.5), at("E2", 1.0), at("E3", 1.5)], inputs(), {})
    assert (calm.level, calm.line) == (Level.OK, "at 1, 1/3 watch")
    (all_calm,) = evaluate_checks([at("E1", 1.0), at("E2", 1.5)], inputs(), {})
    assert (all_calm.level, all_calm.line) == (Level.OK, "at 1")
    (loud,) = evaluate_checks([at("E1", 2.5), at("E2", 4.0), at("E3", 1.0)], inputs(), {})
    assert (loud.level, loud.line) == (Level.WATCH, "at 4")


def test_nothing_that_is_not_ok_is_said_in_the_line_of_a_group_that_is() -> None:
    checks = [
        at("S1", 1.0, why=lambda *_: "no reconstitution near"),
        at("S2", 2.5, why=lambda *_: "34 of 34 checks unknown"),
        at("S3", 1.0),
    ]
    (told,) = evaluate_checks(checks, inputs(), {})
    assert (told.level, told.line) == (Level.OK, "no reconstitution near, 1/3 watch")
    long = at("E1", 1.0, why=lambda *_: "as long as a line of a group may be")
    (cut,) = evaluate_checks([long, at("E2", 2.5), long], inputs(), {})
    assert cut.line == "as long as a line of…, 1/3 watch"


def test_what_a_check_reads_is_of_the_kind_that_it_says() -> None:
    for check in all_checks():
        assert check.inputs or check.group == "S"
        assert ids_of(SeriesId, check.inputs) <= SERIES.keys()
        assert all(name == name.upper() and name not in SERIES for name in ids_of(Symbol, check.inputs))
