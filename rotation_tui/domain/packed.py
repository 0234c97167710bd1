"""Columns of numbers that are kept small and given as tuples."""

from array import array
from typing import Any, NamedTuple

_UNKNOWN = float("nan")
_ALL = slice(None)


class Numbers(NamedTuple):
    """A column as it is kept: eight bytes a number, NaN for None where it `has_gaps`."""

    numbers: "array[float]"
    has_gaps: bool


class Packed:
    """Takes the place of a slot: what is set is kept as eight bytes a number, and unpacked each time it is asked for.

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
        if kept is None:
            return None
        return tuple(None if n != n else n for n in kept.numbers) if kept.has_gaps else tuple(kept.numbers)

    def kept(self, owner: object, rows: slice) -> Numbers | None:
        """Some rows as they are kept; a slice of them costs a copy of its bytes."""
        column: Numbers | None = self._slot.__get__(owner)
        if column is None or rows == _ALL:
            return column
        return Numbers(column.numbers[rows], column.has_gaps)

    def __set__(self, owner: object, column: Any) -> None:
        if column is not None and not isinstance(column, Numbers):
            has_gaps = None in column
            numbers = (_UNKNOWN if n is None else n for n in column) if has_gaps else column
            column = Numbers(array("d", numbers), has_gaps)
        self._slot.__set__(owner, column)


def part(owner: object, name: str, rows: slice) -> Any:
    """Rows of one packed column of `owner`."""
    packed: Packed = type(owner).__dict__[name]
    return packed.part(owner, rows)


def kept(owner: object, name: str, rows: slice = _ALL) -> Any:
    """Rows of one packed column of `owner` as they are kept (`Numbers`), to be handed on; None without a column."""
    packed: Packed = type(owner).__dict__[name]
    return packed.kept(owner, rows)


def alike(owner: object, other: object) -> dict[str, Any]:
    """All packed columns of `owner` by name, to be handed on; where `other` has the same numbers, its own."""
    return {name: _one_of(kept(owner, name), None if other is None else kept(other, name))
            for name, slot in vars(type(owner)).items() if isinstance(slot, Packed)}  # fmt: skip


def _one_of(column: Numbers | None, other: Numbers | None) -> Numbers | None:
    if column is None or other is None or column.has_gaps != other.has_gaps:
        return column
    # as bytes, for NaN stands for a gap and equals nothing
    return other if column.numbers.tobytes() == other.numbers.tobytes() else column


def pack(kind: type, *names: str) -> None:
    """Keep these fields of a dataclass with slots packed; None in a column stays None."""
    for name in names:
        setattr(kind, name, Packed(kind.__dict__[name]))
