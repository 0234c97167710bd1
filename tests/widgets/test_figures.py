"""Numbers and ages as written: signs always, unknown never a number, ages in steps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.widgets import figures

finite = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.25, 1, "+1.2"), (-0.5, 1, "−0.5"), (0.0, 1, "+0.0"), (-1234.5, 2, "−1,234.50"), (1e6, 0, "+1,000,000"),
        (None, 1, "?"), (99.96, 1, "+100.0"),
        (-0.0, 1, "+0.0"), (-0.04, 1, "−0.0"), (-3, 0, "−3"),
    ],
)  # fmt: skip
def test_a_signed_number(value: float | None, decimals: int, text: str) -> None:
    assert figures.signed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234567.891, "1,234,567.89"), (-3.0, "−3.00"), (0.0, "0.00"), (None, "?"), (999.999, "1,000.00")],
)
def test_an_amount(value: float | None, text: str) -> None:
    assert figures.amount(value) == text


@given(finite)
def test_a_written_number_is_the_number(value: float) -> None:
    for text in (figures.signed(value, 2), figures.amount(value, 2)):
        assert float(text.replace(",", "").replace("−", "-")) == pytest.approx(value, abs=0.0051)
    assert figures.signed(value)[0] in "+−"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.36261, "0.3626"), (0.361, "0.3610"), (12.0, "12.00"), (1234.4, "1234"), (0.0, "0.000"), (None, "?")],
)
def test_significant_digits(value: float | None, text: str) -> None:
    assert figures.significant(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "live"), (59, "live"), (60, "1m"), (299, "1m"), (300, "5m"), (900, "15m"), (1799, "15m"), (1800, "30m"),
        (3600, "1h"), (7199, "1h"), (86399, "23h"), (86400, "1d"), (31 * 86400, "31d"), (-5, "live"),
    ],
)  # fmt: skip
def test_an_age_goes_in_steps(seconds: int, text: str) -> None:
    assert figures.age(timedelta(seconds=seconds)) == text


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_an_older_value_never_looks_younger(one: int, other: int) -> None:
    steps = ["live", "1m", "5m", "15m", "30m"]

    def order(seconds: int) -> tuple[int, int]:
        text = figures.age(timedelta(seconds=seconds))
        return (0, steps.index(text)) if text in steps else ("hd".index(text[-1]) + 1, int(text[:-1]))

    younger, older = sorted((one, other))
    assert order(younger) <= order(older)


@pytest.mark.parametrize(("seconds", "text"), [(0, "<1m"), (59, "<1m"), (60, "1m"), (3600, "1h")])
def test_what_is_stale_is_never_called_live(seconds: int, text: str) -> None:
    assert figures.old(timedelta(seconds=seconds)) == text


def test_an_unknown_age_is_said() -> None:
    assert figures.age(None) == "?"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-10, "0m"), (0, "0m"), (1, "1m"), (60, "1m"), (61, "2m"), (3540, "59m"), (3600, "1h 00m"), (5280, "1h 28m"),
        (5281, "1h 29m"), (86399, "1d 0h"), (226800, "2d 15h"),
    ],
)  # fmt: skip
def test_a_countdown_rounds_up_to_minutes(seconds: int, text: str) -> None:
    assert figures.countdown(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "seconds"), (15, "seconds"), (40, "a minute"), (300, "5 min"), (900, "15 min"), (1800, "30 min"),
     (3600, "1 h"), (3601, "2 h")],
)  # fmt: skip
def test_a_wait_does_not_tick(seconds: int, text: str) -> None:
    assert figures.wait(timedelta(seconds=seconds)) == text


@given(st.floats(0, 86_400))
def test_a_wait_is_never_shorter_than_it_says_by_more_than_its_step(seconds: float) -> None:
    text = figures.wait(timedelta(seconds=seconds))
    promised = {"seconds": 15, "a minute": 90, "5 min": 330, "15 min": 960, "30 min": 1860}
    limit = promised.get(text) or int(text.split()[0]) * 3600
    assert seconds <= limit + 1


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.5, 0, "±0.5"), (2.5, 0, "±2"), (0.0042, 2, "±0.004"), (0.0, 1, "±0.0"), (1e-30, 1, "±0.000000")],
)
def test_an_error_that_is_there_is_not_written_as_none(value: float, decimals: int, text: str) -> None:
    assert figures.error(value, decimals) == text
