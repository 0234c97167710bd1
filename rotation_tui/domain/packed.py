"""Columns of numbers that are kept small and given as tuples."""

import operator
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import Any, Final, NamedTuple, overload

_UNKNOWN = float("nan")
_NO_NUMBER: Final = -(2**31)
"""Stands for a gap among whole numbers."""
_ALL = slice(None)
_SCALES: Final = (1, 100, 10_000)
_TRIED = 8
"""So many numbers of a column tell which ways to keep it are worth trying on all."""


class Numbers(NamedTuple):
    """A column as it is kept: doubles, floats or scaled whole numbers, with a mark for None where it `has_gaps`.

    `scale` is what whole numbers are divided by; 0 says that they are no whole numbers.
    """

    numbers: "array[Any]"
    has_gaps: bool
    scale: int = 0

    def unpacked(self) -> "array[float]":
        """The numbers as doubles, NaN for a gap; the very column where it is kept so."""
        if self.numbers.typecode == "d":
            return self.numbers
        if not self.scale:
            return array("d", self.numbers)
        doubles = array("d", map(operator.truediv, self.numbers, repeat(self.scale)))
        if self.has_gaps:
            for row, number in enumerate(self.numbers):
                if number == _NO_NUMBER:
                    doubles[row] = _UNKNOWN
        return doubles

    def told(self) -> tuple[Any, ...]:
        """The numbers as they were, None for a gap."""
        doubles = self.unpacked()
        return _told(doubles) if self.has_gaps else tuple(doubles)

    def part(self, rows: slice) -> "Numbers":
        """Some rows as they are kept."""
        return Numbers(self.numbers[rows], self.has_gaps, self.scale)

    def same(self, other: "Numbers") -> bool:
        """Whether both give the same: as bytes, for NaN stands for a gap and equals nothing."""
        return (
            self.has_gaps == other.has_gaps
            and self.scale == other.scale
            and self.numbers.typecode == other.numbers.typecode
            and self.numbers.tobytes() == other.numbers.tobytes()
        )

    def tells(self, other: "Numbers") -> bool:
        """Whether both tell the same numbers, however they are kept."""
        return self.same(other) or self.unpacked().tobytes() == other.unpacked().tobytes()


class WithGaps(Sequence[float | None]):
    """Doubles, NaN for a gap, that are read as a tuple with None for gaps would be: a row, some rows, one by one.

    A quarter of the size of such a tuple, for who keeps a long column and reads it in parts.
    """

    __slots__ = ("_doubles",)

    def __init__(self, doubles: "array[float]") -> None:
        self._doubles = doubles

    def __len__(self) -> int:
        return len(self._doubles)

    def __iter__(self) -> Iterator[float | None]:
        return iter(_told(self._doubles))

    @overload
    def __getitem__(self, at: int) -> float | None: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[float | None, ...]: ...
    def __getitem__(self, at: int | slice) -> float | tuple[float | None, ...] | None:
        if isinstance(at, slice):
            return _told(self._doubles[at])
        number = self._doubles[at]
        return None if number != number else number


def _told(doubles: "array[float]") -> tuple[float | None, ...]:
    return tuple([None if n != n else n for n in doubles])


Way = Callable[["array[float]", bool], Numbers | None]
"""Keeps doubles in another way; None where it cannot."""


def packed(column: Sequence[float | None]) -> Numbers:
    """A column as `packed_doubles` keeps it, None for a gap."""
    # of a list, so that it has no room to spare
    return packed_doubles(array("d", [_UNKNOWN if n is None else n for n in column]), has_gaps=None in column)


def packed_doubles(doubles: "array[float]", *, has_gaps: bool) -> Numbers:
    """A column in four bytes a number where every one comes back to the bit, else in eight; NaN stands for a gap.

    Most do: sources tell prices as floats, in cents or in hundredths of them, and what is told to so many decimals is
    the double next to a whole number over a power of ten.
    """
    if len(doubles) < _TRIED:
        return Numbers(doubles, has_gaps)
    some = doubles[:: len(doubles) // _TRIED]
    for way in (_as_floats, *(_as_whole(scale) for scale in _SCALES)):
        if _same(way(some, has_gaps), some):
            kept = way(doubles, has_gaps)
            if kept is not None and _same(kept, doubles):
                return kept
    return Numbers(doubles, has_gaps)


def _same(kept: Numbers | None, doubles: "array[float]") -> bool:
    return kept is not None and kept.unpacked().tobytes() == doubles.tobytes()


def _as_floats(doubles: "array[float]", has_gaps: bool) -> Numbers:
    return Numbers(array("f", doubles), has_gaps)


def _as_whole(scale: int) -> Way:
    def whole(doubles: "array[float]", has_gaps: bool) -> Numbers | None:
        known: Iterable[float] = doubles
        if has_gaps:
            known = (n if n == n else _NO_NUMBER / scale for n in doubles)
        try:
            return Numbers(array("i", map(round, map(operator.mul, known, repeat(float(scale))))), has_gaps, scale)
        except (OverflowError, ValueError):  # too large, or no number
            return None

    return whole


class Packed:
    """Takes the place of a slot: what is set is kept `packed`, and unpacked each time it is asked for.

    A float of its own and the place in a tuple that points to it take 32 bytes; a monitor keeps the histories of
    some 40 symbols all day and looks at them a few times. Whoever reads a column in a loop asks for it once before.
    What is set as `Numbers` is kept as it is.
    """

    __slots__ = ("_slot",)

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, owner: object, _: type | None = None) -> Any:
        if owner is None:
            return self
        return self.part(owner, _ALL)

    def part(self, owner: object, rows: slice) -> Any:
        """Some rows as a tuple, without unpacking the others; None where there is no column."""
        kept = self.kept(owner, rows)
        return None if kept is None else kept.told()

    def kept(self, owner: object, rows: slice) -> Numbers | None:
        """Some rows as they are kept; a slice of them costs a copy of its bytes."""
        column: Numbers | None = self._slot.__get__(owner)
        return column if column is None or rows == _ALL else column.part(rows)

    def __set__(self, owner: object, column: Any) -> None:
        if column is not None and not isinstance(column, Numbers):
            column = packed(column)
        self._slot.__set__(owner, column)


class PackedDays:
    """Takes the place of a slot that has days: four bytes each in place of eight and an object."""

    __slots__ = ("_slot",)

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, owner: object, _: type | None = None) -> Any:
        if owner is None:
            return self
        return tuple(map(date.fromordinal, self._slot.__get__(owner)))

    def __set__(self, owner: object, days: Sequence[date]) -> None:
        self._slot.__set__(owner, array("i", list(map(date.toordinal, days))))


def part(owner: object, name: str, rows: slice) -> Any:
    """Rows of one packed column of `owner`."""
    slot: Packed = type(owner).__dict__[name]
    return slot.part(owner, rows)


def kept(owner: object, name: str, rows: slice = _ALL) -> Any:
    """Rows of one packed column of `owner` as they are kept (`Numbers`), to be handed on; None without a column."""
    slot: Packed = type(owner).__dict__[name]
    return slot.kept(owner, rows)


def alike(owner: object, other: object) -> dict[str, Any]:
    """All packed columns of `owner` by name, to be handed on; where `other` has the same numbers, its own."""
    return {name: _one_of(kept(owner, name), None if other is None else kept(other, name))
            for name, slot in vars(type(owner)).items() if isinstance(slot, Packed)}  # fmt: skip


def _one_of(column: Numbers | None, other: Numbers | None) -> Numbers | None:
    return column if column is None or other is None or not column.same(other) else other


def pack(kind: type, *names: str) -> None:
    """Keep these fields of a dataclass with slots packed; None in a column stays None."""
    for name in names:
        setattr(kind, name, Packed(kind.__dict__[name]))


def pack_days(kind: type, *names: str) -> None:
    """Keep these fields of a dataclass with slots, which have days that are seldom looked at, packed."""
    for name in names:
        setattr(kind, name, PackedDays(kind.__dict__[name]))
