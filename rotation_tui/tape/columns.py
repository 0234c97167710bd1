"""Columns of numbers in few bytes, each number given back exactly as it was."""

import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from msgspec import Struct

from rotation_tui.domain.packed import Numbers

_SINGLE, _DOUBLE = -1, -2
"""Units of a column that is no decimals: the bits of four bytes, and eight bytes a number."""
_MOST_DECIMALS = 6
_EXACT = 2**53
_SAMPLE = 32
_TYPES = (("b", 1), ("h", 2), ("i", 4), ("q", 8))
_LEAST_UNIT = 2
_SWAPPED = sys.byteorder == "big"  # a tape is read on other machines as well


class Steps(Struct, frozen=True, array_like=True):
    """Whole numbers as their differences, `width` bytes each, all first bytes before all second ones.

    So what compresses them sees alike bytes side by side. `first` is apart, for it is no difference.
    """

    first: int
    width: int
    data: bytes


class Squeezed(Struct, frozen=True, array_like=True):
    """A column of numbers. `unit` is how many decimals they have, or a negative number for what has none in common.

    `gaps` has a 1 for each row that is unknown, and is empty where none is.
    """

    unit: int
    steps: Steps | bytes
    gaps: bytes = b""


def stepped(numbers: Sequence[int]) -> Steps:
    if not numbers:
        return Steps(0, 1, b"")
    steps = [after - before for before, after in pairwise(numbers)]
    reach = max(map(abs, steps), default=0)
    kind, width = next(t for t in _TYPES if reach < 1 << (8 * t[1] - 1))
    return Steps(numbers[0], width, _in_planes(_bytes(array(kind, steps)), width))


def unstepped(steps: Steps, rows: int) -> list[int]:
    """The numbers again; ValueError where they are not so many."""
    kind = next((kind for kind, width in _TYPES if width == steps.width), None)
    if kind is None or len(steps.data) != steps.width * max(rows - 1, 0):
        raise ValueError(f"a column of {len(steps.data)} bytes is not one of {rows} rows")
    if not rows:
        return []
    return list(accumulate(_of_bytes(kind, _from_planes(steps.data, steps.width)), initial=steps.first))


def squeezed(column: Numbers) -> Squeezed:
    """A packed column in as few bytes as a short look allows."""
    numbers, gaps = column.unpacked(), b""
    if column.has_gaps:
        gaps = bytes(n != n for n in numbers)
        numbers = array("d", _filled(numbers))
    unit = _unit_of_all(numbers)
    if unit >= 0:
        factor = 10**unit
        return Squeezed(unit, stepped([round(n * factor) for n in numbers]), gaps)
    if unit == _SINGLE:
        return Squeezed(unit, stepped(array("i", array("f", numbers).tobytes()).tolist()), gaps)
    return Squeezed(unit, _in_planes(_bytes(numbers), 8), gaps)


def unsqueezed(column: Squeezed, rows: int) -> Numbers:
    """The column again; ValueError where it is not of so many rows."""
    if column.gaps and len(column.gaps) != rows:
        raise ValueError(f"{len(column.gaps)} marks of gaps for {rows} rows")
    if isinstance(column.steps, bytes):
        if len(column.steps) != 8 * rows:
            raise ValueError(f"a column of {len(column.steps)} bytes is not one of {rows} rows")
        numbers = _of_bytes("d", _from_planes(column.steps, 8))
    elif column.unit == _SINGLE:
        numbers = array("d", array("f", array("i", unstepped(column.steps, rows)).tobytes()))
    elif 0 <= column.unit <= _MOST_DECIMALS:
        factor = 10**column.unit
        numbers = array("d", [n / factor for n in unstepped(column.steps, rows)])
    else:
        raise ValueError(f"no unit {column.unit}")
    for row, unknown in enumerate(column.gaps):
        if unknown:
            numbers[row] = math.nan
    return Numbers(numbers, bool(column.gaps))


@lru_cache(maxsize=4096)
def unit_of(number: float) -> int:
    """How many decimals a number has, two at least; negative where more than any price has."""
    return next((unit for unit in range(_LEAST_UNIT, _MOST_DECIMALS + 1) if _is_of(number, unit)), _DOUBLE)


def step_between(before: float, after: float) -> int | float:
    """How to tell a price after another one: by a step in the unit of the one before, else by itself."""
    unit = unit_of(before)
    if unit < 0 or not _is_of(after, unit):
        return after
    factor = 10**unit
    return int(round(after * factor) - round(before * factor))


def stepped_on(before: float, step: float) -> float:
    """The price after another one, from what `step_between` told."""
    if isinstance(step, float):
        return step
    factor = 10 ** max(unit_of(before), 0)
    return float((round(before * factor) + step) / factor)


def _is_of(number: float, unit: int) -> bool:
    if not abs(number) * 10**unit < _EXACT:  # also where it is no number
        return False
    whole = round(number * 10**unit)
    return whole / 10**unit == number and (whole != 0 or math.copysign(1.0, number) > 0)


def _unit_of_all(numbers: "array[float]") -> int:
    """The fewest decimals in which each number is exact, else the shortest form that is."""
    for unit in range(_MOST_DECIMALS + 1):
        if all(_is_of(n, unit) for n in numbers[-_SAMPLE:]) and all(_is_of(n, unit) for n in numbers):
            return unit
    try:
        single = array("d", array("f", numbers))
    except OverflowError:
        return _DOUBLE
    return _SINGLE if single.tobytes() == numbers.tobytes() else _DOUBLE


def _filled(numbers: Iterable[float]) -> Iterable[float]:
    """The numbers with each gap as the number before it."""
    last = 0.0
    for number in numbers:
        if number == number:
            last = number
        yield last


def _bytes(numbers: "array[Any]") -> bytes:
    if _SWAPPED:
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _of_bytes(kind: str, data: bytes) -> "array[Any]":
    numbers: array[Any] = array(kind, data)
    if _SWAPPED:
        numbers.byteswap()
    return numbers


def _in_planes(data: bytes, width: int) -> bytes:
    return data if width == 1 else b"".join(data[i::width] for i in range(width))


def _from_planes(data: bytes, width: int) -> bytes:
    if width == 1:
        return data
    rows, mixed = len(data) // width, bytearray(len(data))
    for i in range(width):
        mixed[i::width] = data[i * rows : (i + 1) * rows]
    return bytes(mixed)
