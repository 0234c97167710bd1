"""Sparklines in braille, with an ASCII fallback; gaps are blanks, never zeros."""

import math
from collections.abc import Sequence

_LEFT = (0x40, 0x04, 0x02, 0x01)
_RIGHT = (0x80, 0x20, 0x10, 0x08)
_ASCII = "_.-'"


def spark(values: Sequence[float | None], width: int, *, braille: bool = True) -> str:
    """A line of `width` characters through `values`, two points a character in braille and one in ASCII.

    Values are thinned to the last of each slot. None and numbers that are not finite leave a gap. A flat
    series lies in the middle.
    """
    if width <= 0:
        return ""
    slots = _slots(values, width * (2 if braille else 1))
    known = [v for v in slots if v is not None]
    if not known:
        return " " * width
    low, high = min(known), max(known)
    levels = [None if v is None else _level(v, low, high) for v in slots]
    if not braille:
        return "".join(" " if level is None else _ASCII[level] for level in levels)
    cells = []
    for left, right in zip(levels[::2], levels[1::2], strict=True):
        dots = (0 if left is None else _LEFT[left]) | (0 if right is None else _RIGHT[right])
        cells.append(chr(0x2800 + dots) if dots else " ")
    return "".join(cells)


def _level(value: float, low: float, high: float) -> int:
    half = high / 2 - low / 2  # of the range, which itself may be larger than the largest float
    if half < 1e-12 * max(1.0, abs(high)):
        return 1
    return min(3, int((value / 2 - low / 2) / half * 4))


def _slots(values: Sequence[float | None], count: int) -> list[float | None]:
    """The last value of each of `count` slots; fewer values than slots stand at the right."""
    clean = [v if v is not None and math.isfinite(v) else None for v in values]
    if len(clean) <= count:
        return [None] * (count - len(clean)) + clean
    return [clean[math.ceil((i + 1) * len(clean) / count) - 1] for i in range(count)]
