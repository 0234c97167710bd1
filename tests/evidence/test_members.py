"""Measures of an index's members against their golden cases and at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.evidence.members import concentration, dispersion, edge, range_spread, squared_spreads
from tests.golden import golden


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-8)


def test_the_range_spread_is_abdi_and_ranaldos() -> None:
    case = golden("L06")
    bars = [(high, low, close) for high, low, close in case["input"]]
    squares = squared_spreads(bars)
    assert squares == [near(s) for s in case["output"]["s2"]]
    assert sum(squares) / len(squares) == near(case["output"]["mean"])
    found = range_spread(bars)
    assert found is not None
    assert (found.monthly, found.two_day) == (near(case["output"]["spread"]), near(case["output"]["two_day_corrected"]))
    assert range_spread(bars[:2]) is None


def test_edge_is_that_of_bidask_with_its_sign() -> None:
    case = golden("L07")
    bars = list(zip(*(case["input"][name] for name in "ohlc"), strict=True))
    assert edge(bars) == near(case["output"]["signed"])
    assert abs(edge(bars) or 0.0) == near(case["output"]["edge"])
    assert edge(bars[:2]) is case["output"]["two_bars"]


def test_bars_that_never_move_say_nothing() -> None:
    assert edge([(10.0, 10.0, 10.0, 10.0)] * 30) is None


@given(st.lists(st.tuples(st.floats(50, 60), st.floats(0, 5), st.floats(0, 5), st.floats(0, 1), st.floats(0, 1)),
                min_size=3, max_size=30), st.floats(0.01, 1000))  # fmt: skip
def test_no_spread_depends_on_the_unit_of_the_price(days: list[tuple[float, ...]], unit: float) -> None:
    bars = []
    for middle, up, down, a, b in days:
        high, low = middle + up, middle - down
        bars.append((low + a * (high - low), high, low, low + b * (high - low)))
    scaled = [(o * unit, h * unit, low * unit, c * unit) for o, h, low, c in bars]
    one, other = range_spread([bar[1:] for bar in bars]), range_spread([bar[1:] for bar in scaled])
    assert one is not None
    assert other is not None
    assert one.two_day == pytest.approx(other.two_day, rel=1e-6, abs=1e-6)


def test_concentration_counts_the_rest_as_equal_names() -> None:
    case = golden("K08")
    weights = [*case["input"]["top"], *[case["input"]["rest"] / case["input"]["n_rest"]] * case["input"]["n_rest"]]
    found = concentration(weights, top=5)
    expected = case["output"]
    assert found == (near(expected["top5"]), near(expected["hhi"]), near(expected["eff_n"]))
    assert concentration([]) is None
    assert concentration([0.0, -2.0]) is None
    assert concentration([100.0]) == (100.0, 1.0, 1.0)


def test_dispersion_leaves_unknown_members_out() -> None:
    case = golden("K09")
    expected = case["output"]
    assert dispersion(case["input"]) == (
        near(expected["std"]),
        near(expected["iqr"]),
        near(expected["mad"]),
        expected["n"],
    )
    assert dispersion([1.0, None]) is None
