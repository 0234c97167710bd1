"""Relative rotation: golden cases, and the properties that make the picture readable."""

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.results import Quadrant, RotationPoint
from rotation_tui.domain.rotation import FURTHEST_BACK, LONGEST_TAIL, came_back, quadrant, rotation_of
from rotation_tui.studies.pair import Array
from rotation_tui.studies.rotation_graph import (
    DAILY,
    WEEKLY,
    Preset,
    open_rotation,
    rotation,
    rotation_past,
    weeks,
)
from tests.golden import golden
from tests.studies.forms import classic_rotation
from tests.studies.material import NYSE, SMALL_DIGITS, bars, history, on_sessions, total

SHORT = Preset("short", 2, 4, 2, 5, "weeks")
lines = arrays(np.float64, st.integers(9, 60), elements=st.floats(-1, 1).map(lambda x: round(x, 6)))


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=SMALL_DIGITS)


def golden_ratio(case: str = "G01") -> Array:
    made = golden(case)["input"]
    return np.array(made["P"], dtype=np.float64) / np.array(made["B"], dtype=np.float64)


def test_the_open_formula() -> None:
    expected = golden("G01")["output"]
    strength, momentum = open_rotation(np.log(golden_ratio()), SHORT)
    first = int(np.flatnonzero(~np.isnan(strength) & ~np.isnan(momentum))[0])
    assert first == expected["first_valid_index"]
    found = [[float(a), float(b)] for a, b in zip(strength[-4:], momentum[-4:], strict=True)]
    np.testing.assert_allclose(found, expected["rsr_rsm"], rtol=SMALL_DIGITS)
    assert [quadrant(a, b) for a, b in found] == expected["quad"]


def test_swapping_the_legs_mirrors_the_point() -> None:
    swapped = open_rotation(-np.log(golden_ratio()), SHORT)
    straight = open_rotation(np.log(golden_ratio()), SHORT)
    expected = golden("G02")["output"]
    assert [float(part[-1]) for part in swapped] == near(expected["last"])
    sums = [float(a[-1] + b[-1]) for a, b in zip(swapped, straight, strict=True)]
    assert sums == near(expected["sum"])


def test_a_benchmark_against_itself_stands_in_the_centre() -> None:
    found = open_rotation(np.full(20, math.log(2)), SHORT)
    assert [float(part[-1]) for part in found] == golden("G03")["output"]
    same = on_sessions([100.0 + i % 7 for i in range(600)])
    made = rotation(same, same, NYSE)
    assert {(p.rs_ratio, p.rs_momentum) for p in made.points} == {(100.0, 100.0)}
    assert (made.quadrant, made.heading, made.speed) == (Quadrant.LEADING, None, 0.0)


def test_the_classic_form() -> None:
    expected = golden("G04")["output"]
    strength, momentum = classic_rotation(golden_ratio("G04"), 4)
    assert strength[-2:].tolist() == near(expected["rsr"])
    assert momentum[-2:].tolist() == near(expected["rsm"])
    since_a_base_date = (strength / strength[3] - 1) * 100
    assert classic_rotation(since_a_base_date, 4)[0][-2:].tolist() == near(expected["rsm_with_base"])


def test_quadrants() -> None:
    entry = golden("G05")
    assert [quadrant(*point) for point in entry["input"]] == entry["output"]


@pytest.mark.parametrize(
    ("way", "right_side"),
    [
        ("LEADING WEAKENING LEADING", True),
        ("WEAKENING LEADING LEADING", True),
        ("WEAKENING LAGGING LEADING", False),
        ("WEAKENING IMPROVING LEADING", False),
        ("IMPROVING LEADING LEADING", False),
        ("LEADING LEADING LEADING", False),
        ("LEADING LEADING WEAKENING", False),
        ("", False),
    ],
)
def test_a_right_side_rotation_comes_back_without_having_left(way: str, right_side: bool) -> None:
    assert came_back([Quadrant(word) for word in way.split()]) is right_side


def test_weeks_end_on_friday() -> None:
    entry = golden("C03")
    found = weeks([date.fromisoformat(day) for day in entry["input"]], NYSE)
    values = list(entry["input"].values())
    assert [label.isoformat() for label in found.labels] == entry["output"]["labels"]
    assert [values[row] for row in found.rows] == entry["output"]["values"]
    assert found.partial is entry["output"]["partial_last"]


@pytest.mark.parametrize(
    ("last", "partial"),
    [("2025-04-16", True), ("2025-04-17", False), ("2025-12-31", True), ("2026-01-02", False)],
)
def test_a_week_is_complete_after_its_last_session(last: str, partial: bool) -> None:
    assert weeks([date(2025, 1, 2), date.fromisoformat(last)], NYSE).partial is partial


@pytest.mark.whole
@given(lines, lines)
def test_later_weeks_change_no_earlier_point(line: Array, more: Array) -> None:
    whole = open_rotation(np.concatenate((line, more)), SHORT)
    for part, cut in zip(whole, open_rotation(line, SHORT), strict=True):
        np.testing.assert_array_equal(part[: len(line)], cut)


@pytest.mark.whole
@given(lines, st.floats(-5, 5))
def test_points_are_antisymmetric_and_know_nothing_of_the_price_level(line: Array, level: float) -> None:
    straight, mirrored = open_rotation(line, SHORT), open_rotation(-line, SHORT)
    for a, b in zip(straight, mirrored, strict=True):
        np.testing.assert_allclose(a[7:] + b[7:], 200, atol=1e-9)
    # Steps of at least 1e-6 are far above the rounding of a shift by 5.
    for a, b in zip(straight, open_rotation(line + level, SHORT), strict=True):
        np.testing.assert_allclose(a[7:], b[7:], atol=1e-3)
    assert all(np.nanmax(np.abs(part - 100)) <= math.sqrt(SHORT.window) + 1e-9 for part in straight)


@given(st.integers(30, 90), st.floats(0, 2 * math.pi))
def test_a_cycle_travels_clockwise(period: int, phase: float) -> None:
    at = np.arange(400)
    strength, momentum = open_rotation(0.05 * np.sin(2 * math.pi * at / period + phase), WEEKLY)
    x, y = strength[-period:] - 100, momentum[-period:] - 100
    turns = x[:-1] * y[1:] - x[1:] * y[:-1]
    assert (turns < 0).all()


def test_points_end_with_the_running_week() -> None:
    iwm, spy = total("IWM"), total("SPY")
    running = rotation(iwm, spy, NYSE)
    assert [point.complete for point in running.points] == [True] * 8 + [False]
    assert running.points[-1].session == date(2025, 12, 31)
    done = rotation(iwm.until(date(2025, 12, 26)), spy.until(date(2025, 12, 26)), NYSE)
    assert done.points == running.points[:-1]
    assert (done.quadrant, done.heading, done.speed) == (running.quadrant, running.heading, running.speed)
    a, b = done.points[-2:]
    assert done.speed == pytest.approx(math.dist((a.rs_ratio, a.rs_momentum), (b.rs_ratio, b.rs_momentum)))
    assert done.heading is not None
    right, up = b.rs_ratio - a.rs_ratio, b.rs_momentum - a.rs_momentum
    assert math.tan(math.radians(done.heading)) == pytest.approx(up / right)
    assert (math.cos(math.radians(done.heading)) > 0) is (right > 0)


@pytest.mark.parametrize("back", [1, 8, 52])
def test_stepped_back_it_is_what_was_told_then(back: int) -> None:
    iwm, spy = total("IWM"), total("SPY")
    past = rotation_past(iwm, spy, NYSE)
    stepped = rotation_of(past, back)
    then = stepped.points[-1].session
    assert stepped == rotation(iwm.until(then), spy.until(then), NYSE)
    assert rotation_of(past, back, 26).points[-8:] == stepped.points
    first = rotation_of(past, FURTHEST_BACK, LONGEST_TAIL).points[0].session
    assert rotation_of(past, FURTHEST_BACK + LONGEST_TAIL).why == f"no point so far back, the first is of {first}"


def test_a_young_fund_says_what_it_lacks() -> None:
    iwm, spy = total("IWM").since(date(2024, 8, 5)), total("SPY")
    made = rotation(iwm, spy, NYSE)
    assert (made.points, made.quadrant) == ((), None)
    assert made.why == "needs 81 weeks, have 73"
    assert len(rotation(total("IWM").since(date(2024, 6, 10)), spy, NYSE).points) == 2
    assert rotation(iwm, spy, NYSE, DAILY).points[-1].complete
    assert rotation(iwm.since(date(2025, 1, 2)), spy, NYSE, DAILY).why == "needs 311 sessions, have 250"


def test_an_earlier_start_of_the_history_hardly_matters() -> None:
    rut, spx = history("RUT"), history("SPX")
    year_more = rotation(rut.since(date(2018, 1, 2)), spx.since(date(2018, 1, 2)), NYSE).points
    for a, b in zip(rotation(rut.since(date(2019, 1, 2)), spx, NYSE).points, year_more, strict=True):
        assert (a.rs_ratio, a.rs_momentum) == pytest.approx((b.rs_ratio, b.rs_momentum), abs=1e-3)


def test_legs_are_on_one_basis() -> None:
    with pytest.raises(RefusedValueError, match="not comparable"):
        rotation(bars({"2025-12-31": 1.0}), total("SPY"), NYSE)


@pytest.mark.parametrize(
    ("ratio", "momentum", "near"),
    [
        (100.25, 103.0, True), (99.75, 103.0, True), (103.0, 100.25, True), (97.0, 99.75, True), (100.0, 100.0, True),
        (100.26, 103.0, False), (99.74, 99.74, False), (97.0, 100.26, False),
    ],
)  # fmt: skip
def test_a_point_near_100_on_either_axis_is_near_the_centre(ratio: float, momentum: float, near: bool) -> None:
    assert RotationPoint(date(2025, 12, 26), ratio, momentum).near_centre is near
