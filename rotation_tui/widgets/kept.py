"""What was drawn last time, for things that are the same objects as then."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from rotation_tui.widgets.cells import Row

T = TypeVar("T")


class Kept:
    """Rows by what they were made of, told by identity, which costs less than comparing or making them again.

    Whoever keeps one throws it away once anything has changed that a row depends on besides its `shape` and thing.
    """

    def __init__(self) -> None:
        self._now: dict[tuple[Hashable, int], tuple[object, Row]] = {}
        self._before: dict[tuple[Hashable, int], tuple[object, Row]] = {}

    def next_frame(self) -> None:
        """Let go what the frame before had no use for."""
        self._before, self._now = self._now, {}

    def of(self, shape: Hashable, thing: T, make: Callable[[T], Row]) -> Row:
        """The row of this very thing in this shape, made where it is new."""
        key = (shape, id(thing))
        found = self._now.get(key) or self._before.get(key)
        # an entry holds its thing, so no other can have come to the same address
        if found is None:
            found = (thing, make(thing))
        self._now[key] = found
        return found[1]
