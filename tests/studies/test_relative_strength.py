"""Measures of one leg against another: golden cases, and what must hold for any input."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.results import Breakout, YearExtreme
from rotation_tui.studies import relative_strength as rs
from rotation_tui.studies.pair import Array, Pair, join
from tests.golden import golden
from tests.studies.material import SMALL_DIGITS, bars

prices = st.floats(1, 1000)
values = st.lists(st.floats(-100, 100), min_size=1, max_size=60)


def array(items: Sequence[float | None]) -> Array:
    return np.array([math.nan if item is None else item for item in items], dtype=np.float64)


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=SMALL_DIGITS)


def spread(small: Array, large: Array, n: int) -> Array:
    """Of legs without dates, a session a row."""
    days = tuple(map(date.fromordinal, range(1, len(small) + 1)))
    return Pair(days, small, large, Basis.PRICE, np.arange(len(small), dtype=np.float64)).spread(n)


def test_a_pair_is_its_common_sessions() -> None:
    entry = golden("S01")
    pair = join(bars(entry["input"]["small"]), bars(entry["input"]["large"]))
    assert len(pair) == entry["output"]["rows"]
    assert pair.spread(3)[-1] == near(entry["output"]["spread3"])
    log = pair.log_change(3)[-1]
    assert 100 * log == near(entry["output"]["logspread3"])
    line = golden("S02")["output"]
    assert (100 * pair.ratio / pair.ratio[0]).tolist() == near(line["rs"])
    assert pair.log_ratio.tolist() == near(line["ln"])


def test_z_score() -> None:
    entry = golden("S03")
    assert rs.z_score(array(entry["input"]), 5) == near(entry["output"])
    assert [rs.z_score(array(case), 5) for case in golden("S04")["input"].values()] == golden("S04")["output"]
    assert rs.z_score(array([]), 5) is None


def test_z_score_may_start_before_its_window_is_full() -> None:
    assert rs.z_score(array([1, 2, 4]), 5, minimum=3) is not None
    assert rs.z_score(array([None, 2, 4]), 5, minimum=3) is None


def test_percentile() -> None:
    entry = golden("S05")
    assert rs.percentile(array(entry["input"]["history"]), entry["input"]["x"]) == near(entry["output"])
    edges = golden("S06")
    found = [
        rs.percentile(array(edges["input"]["a"]), edges["input"]["x"]),
        rs.percentile(array(edges["input"]["b"]), edges["input"]["xb"]),
        rs.percentile(array([]), 1.0),
    ]
    assert found == edges["output"]


def test_drawdown() -> None:
    entry = golden("S10")
    down = rs.drawdown_series(array(entry["input"]))
    assert down.tolist() == near(entry["output"]["dd"])
    assert down.min() == near(entry["output"]["max"])


def test_breakout() -> None:
    entry = golden("S11")
    series = array(entry["input"])
    assert rs.breakout_states(series, 4, 0.01, 2) == entry["output"]["state"]
    np.testing.assert_allclose(
        rs.distance_from_mean(series, 4), array(entry["output"]["dist"]), rtol=SMALL_DIGITS, atol=1e-12
    )


def test_breakout_needs_three_closes_in_a_row_to_turn() -> None:
    base = [100.0] * 200 + [110.0]
    assert rs.breakout_states(array(base))[-1] is Breakout.ABOVE
    assert rs.breakout_states(array([*base, 90, 90]))[-1] is Breakout.ABOVE
    assert rs.breakout_states(array([*base, 90, 90, 100, 90]))[-1] is Breakout.ABOVE
    assert rs.breakout_states(array([*base, 90, 90, 90]))[-1] is Breakout.BELOW
    assert rs.breakout_states(array([100.0] * 300))[-1] is Breakout.UNKNOWN


def test_correlation_and_beta() -> None:
    entry = golden("S12")
    small, large = array(entry["input"]["small"]), array(entry["input"]["large"])
    slope = rs.beta(small, large, 6)
    assert slope is not None
    assert rs.correlation(small, large, 6) == near(entry["output"]["corr"])
    assert slope == near(entry["output"]["beta"])
    first, second = (array([100.0, *(100 * np.cumprod(1 + leg / 100))]) for leg in (small, large))
    assert 100 * rs.log_margin(first, second) == near(entry["output"]["log_margin_pp"])
    assert 100 * rs.log_margin(first, second, slope) == near(entry["output"]["beta_adjusted_pp"])
    assert [100 * rs.log_margin(leg, array([1.0, 1.0])) for leg in (first, second)] == [
        near(entry["output"][name]) for name in ("ln_small_pct", "ln_large_pct")
    ]
    edges = golden("S13")["input"]
    few = [array(side) for side in edges["few"]]
    assert rs.correlation(array(edges["x"]), array(edges["y"]), 2) is None
    assert rs.correlation(few[0], few[1], 2) is None
    assert rs.beta(array(edges["y"]), array(edges["x"]), 2) is None


def test_streak() -> None:
    entry = golden("S14")
    found = [rs.streaks(array(case))[-1] for case in entry["input"].values()]
    assert found == entry["output"]
    assert rs.streaks(array([0.2, 0.1, 0.0, -0.1, -0.2, 1e-10])).tolist() == [1, 2, 0, -1, -2, 0]
    assert len(rs.streaks(array([None]))) == 0


def test_a_move_is_measured_by_the_moves_before_it() -> None:
    steps = np.random.default_rng(1).normal(0, 0.01, 300)
    line = np.concatenate(([0.0], np.cumsum(steps), [float(steps.sum()) + 0.05]))
    for n in (1, 5, 20):
        moves = [line[i] - line[i - n] for i in range(n, len(line))]
        sd = float(np.std(moves[-253:-1], ddof=1))
        assert rs.in_deviations(line[n:] - line[:-n]) == pytest.approx(moves[-1] / sd)
        assert rs.in_deviations((line[n:] - line[:-n])[-253:]) is not None
        assert rs.in_deviations((line[n:] - line[:-n])[-252:]) is None
    assert rs.in_deviations(np.zeros(295)) is None


@given(values)
def test_percentiles_stay_within_0_and_100(items: list[float]) -> None:
    found = rs.percentile(array(items), items[-1])
    assert found is not None
    assert 0 < found < 100


@given(st.lists(st.tuples(prices, prices), min_size=2, max_size=40), st.integers(1, 5))
def test_spreads_are_antisymmetric_and_know_nothing_of_units(rows: list[tuple[float, float]], n: int) -> None:
    small, large = np.array(rows).T
    there, back = spread(small, large, n), spread(large, small, n)
    np.testing.assert_allclose(there, -back, atol=1e-9)
    np.testing.assert_allclose(there, spread(7 * small, large / 3, n), rtol=1e-9, atol=1e-6)
    lead = np.diff(small / large)
    assert rs.streaks(lead).tolist() == (-rs.streaks(-lead)).tolist()


@given(values, values, st.integers(1, 12))
def test_later_rows_change_nothing_earlier(items: list[float], more: list[float], n: int) -> None:
    series = np.abs(array([*items, *more])) + 1
    cut = series[: len(items)]
    for study in (rs.drawdown_series, rs.streaks, lambda a: rs.distance_from_mean(a, n)):
        np.testing.assert_array_equal(study(series)[: len(items)], study(cut))
    assert rs.breakout_states(series, n, 0.01, 2)[: len(items)] == rs.breakout_states(cut, n, 0.01, 2)


@given(values)
def test_nothing_divides_by_a_spread_of_zero(items: list[float]) -> None:
    same = np.full(len(items), items[0])
    assert rs.z_score(same, len(items)) is None
    assert rs.correlation(same, array(items), 2) is None


def test_the_highest_and_lowest_of_a_year() -> None:
    entry = golden("G09")
    words = {"HIGH": YearExtreme.HIGH, "LOW": YearExtreme.LOW, "FLAT": YearExtreme.INSIDE}
    found = [rs.year_extreme(array(case), 4) for case in entry["input"].values()]
    assert found == [words.get(word, YearExtreme.UNKNOWN) for word in entry["output"]]
    assert rs.year_extreme(array([9, 1, 2, 4, 3]), 4) is YearExtreme.INSIDE, (
        "what is older than the window is forgotten"
    )


def test_a_spread_in_tracking_volatilities() -> None:
    small, large = array([0.01, -0.01, 0.03, None, 0.0]), array([0.0, 0.01, 0.01, 0.5, 0.01])
    volatility = rs.tracking_volatility(small, large, 4)
    apart = [0.01, -0.02, 0.02, -0.01]
    sd = math.sqrt(sum(x * x for x in apart) / 3)
    assert volatility == pytest.approx(sd * math.sqrt(252))
    assert rs.vol_adjusted(0.05, 0.10, 63) == pytest.approx(1.0), "a quarter has half of a year's volatility"
    assert rs.tracking_volatility(small, large, 5) is None
    assert rs.tracking_volatility(large, large, 4) is None
