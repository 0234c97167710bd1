"""Columns of numbers that are kept small and given as tuples."""

from array import array
from typing import Any

_UNKNOWN = float("nan")
_ALL = slice(None)


class Packed:
    """Takes the place of a slot: what is set is kept as eight bytes a number, and unpacked each time it is asked for.

    A float of its own and the place in a tuple that points to it take 32 bytes; a monitor keeps the histories of
    some 40 symbols all day and looks at them a few times. Whoever reads a column in a loop asks for it once before.
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
        column = self._slot.__get__(owner)
        if column is None:
            return None
        numbers, has_gaps = column
        numbers = numbers[rows]
        return tuple(None if n != n else n for n in numbers) if has_gaps else tuple(numbers)

    def __set__(self, owner: object, column: Any) -> None:
        if column is not None:
            has_gaps = None in column
            numbers = (_UNKNOWN if n is None else n for n in column) if has_gaps else column
            column = (array("d", numbers), has_gaps)
        self._slot.__set__(owner, column)


def part(owner: object, name: str, rows: slice) -> Any:
    """Rows of one packed column of `owner`."""
    packed: Packed = type(owner).__dict__[name]
    return packed.part(owner, rows)


def pack(kind: type, *names: str) -> None:
    """Keep these fields of a dataclass with slots packed; None in a column stays None."""
    for name in names:
        setattr(kind, name, Packed(kind.__dict__[name]))
