"""Numbers of a tape: few bytes, and each exactly as it was."""

import math
import struct
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.packed import Numbers
from rotation_tui.tape.columns import (
    Squeezed,
    Steps,
    squeezed,
    step_between,
    stepped,
    stepped_on,
    unsqueezed,
    unstepped,
)

NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(0, 1e5).map(lambda n: round(n, 2)),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.integers(0, 10**12).map(float),
    st.sampled_from([0.0, -0.0, 0.1 + 0.2, 2.0**53, 1e-7]),
)
PRICES = st.one_of(
    st.floats(1e-9, 1e15),
    st.floats(0.01, 1e5).map(lambda n: round(n, 2)),
    st.floats(0.01, 10).map(lambda n: round(n, 4)),
)


def bits(numbers: "array[float]") -> bytes:
    return numbers.tobytes()


@given(st.lists(NUMBERS | st.none()))
def test_a_column_is_given_back_to_the_bit(told: list[float | None]) -> None:
    gaps = None in told
    column = Numbers(array("d", (math.nan if n is None else n for n in told)), gaps)
    assert bits(unsqueezed(squeezed(column), len(told)).numbers) == bits(column.numbers)


@given(PRICES, PRICES)
def test_a_price_after_another_is_given_back_to_the_bit(before: float, after: float) -> None:
    assert struct.pack("d", stepped_on(before, step_between(before, after))) == struct.pack("d", after)


@given(st.lists(st.integers(-(2**61), 2**61)))
def test_whole_numbers_are_given_back(numbers: list[int]) -> None:
    assert unstepped(stepped(numbers), len(numbers)) == numbers


def test_prices_of_two_decimals_take_two_bytes_a_row() -> None:
    closes = array("d", (round(200 + 3 * math.sin(n / 7) + n / 100, 2) for n in range(5000)))
    column = squeezed(Numbers(closes, has_gaps=False))
    assert isinstance(column.steps, Steps)
    assert (column.unit, len(column.steps.data)) == (2, 1 * 4999 if column.steps.width == 1 else 2 * 4999)


def test_a_step_of_a_price_is_a_small_number() -> None:
    assert step_between(243.5, 243.53) == 3
    assert step_between(243.5, 243.5312345678) == 243.5312345678  # as it is, where the unit does not fit


@pytest.mark.parametrize(
    "column",
    [
        Squeezed(2, Steps(1, 1, b"abc")),
        Squeezed(2, Steps(1, 3, b"abc")),
        Squeezed(9, Steps(1, 1, b"a")),
        Squeezed(-2, b"short"),
        Squeezed(2, Steps(1, 1, b"a"), b"\x00\x00\x00"),
    ],
)
def test_a_column_that_cannot_be_is_refused(column: Squeezed) -> None:
    with pytest.raises(ValueError, match=r"column|unit|gaps"):
        unsqueezed(column, 2)
