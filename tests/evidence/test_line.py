"""The arithmetic of lines: windows, joins, percentiles, correlation."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.series import TimeSpan
from rotation_tui.evidence.line import Line, NotKnown
from tests.checks.material import daily
from tests.golden import golden


def line(*values: float, last: date = date(2025, 12, 31)) -> Line:
    days = daily(values, last)
    return Line(tuple(days), tuple(days.values()), ("test",), TimeSpan(2, "sessions"))


def test_percentile_counts_ties_half_and_itself() -> None:
    case = golden("S05")
    history = [value for value in case["input"]["history"] if value is not None]
    history.remove(case["input"]["x"])
    assert line(*history, case["input"]["x"]).percentile(9).last == pytest.approx(case["output"], rel=1e-8)


@given(st.lists(st.integers(0, 5), min_size=4, max_size=30), st.integers(1, 4))
def test_percentile_of_every_window_is_that_of_the_definition(values: list[int], length: int) -> None:
    found = line(*values).percentile(length).values
    for end, rank in zip(range(length, len(values) + 1), found, strict=True):
        window, x = values[end - length : end], values[end - 1]
        below, same = sum(v < x for v in window), sum(v == x for v in window)
        assert rank == pytest.approx(100.0 * (below + same / 2) / length)


def test_percentile_grows_from_its_least() -> None:
    found = line(1, 2, 3, 4).percentile(3, least=2).values
    assert list(found) == pytest.approx([75.0, 250 / 3, 250 / 3])


def test_correlation() -> None:
    case = golden("S12")
    small, large = line(*case["input"]["small"]), line(*case["input"]["large"])
    assert small.correlation(large, 6).last == pytest.approx(case["output"]["corr"], rel=1e-8)
    with pytest.raises(NotKnown, match="no variation"):
        line(1, 1, 1).correlation(line(1, 2, 3), 3)


def test_two_lines_meet_on_the_days_of_both() -> None:
    joined = line(1, 2, 3).minus(line(10, 20, 30, last=date(2025, 12, 30)))
    assert (joined.dates, joined.values) == ((date(2025, 12, 29), date(2025, 12, 30)), (-19.0, -28.0))
    with pytest.raises(NotKnown, match="no day in common"):
        line(1).minus(line(1, last=date(2025, 12, 30)))


def test_too_short_says_how_much_is_missing() -> None:
    for derive in (Line.mean, Line.deviation, Line.percentile):
        with pytest.raises(NotKnown, match="needs 5 values, have 3"):
            derive(line(1, 2, 3), 5)


def test_distances() -> None:
    assert line(4, 2, 3).below_high(3).last == -25.0
    assert line(4, 2, 3).above_low(3).last == 50.0
    assert line(2, 4, 3).growth(2).last == 50.0
    assert line(2, 4, 3).against_mean(3).last == 0.0
