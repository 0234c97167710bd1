"""Sparklines in block characters, with an ASCII fallback; gaps are blanks, never zeros."""

import math
from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
"""Eight heights in one line of text, where braille dots have four and are hard to see from afar."""
STROKES = "_.-'"


def spark(values: Sequence[float | None], width: int, *, blocks: bool = True) -> str:
    """A line of `width` characters through `values`, one point a character.

    Values are thinned to the last of each slot. None and numbers that are not finite leave a gap. A flat
    series lies in the middle.
    """
    if width <= 0:
        return ""
    slots = _slots(values, width)
    known = [v for v in slots if v is not None]
    if not known:
        return " " * width
    low, high = min(known), max(known)
    heights = BLOCKS if blocks else STROKES
    return "".join(" " if v is None else heights[_level(v, low, high, len(heights))] for v in slots)


def _level(value: float, low: float, high: float, levels: int) -> int:
    half = high / 2 - low / 2  # of the range, which itself may be larger than the largest float
    if half < 1e-12 * max(1.0, abs(high)):
        return levels // 2 - 1
    return min(levels - 1, int((value / 2 - low / 2) / half * levels))


def _slots(values: Sequence[float | None], count: int) -> list[float | None]:
    """The last value of each of `count` slots; fewer values than slots stand at the right."""
    clean = [v if v is not None and math.isfinite(v) else None for v in values]
    if len(clean) <= count:
        return [None] * (count - len(clean)) + clean
    return [clean[math.ceil((i + 1) * len(clean) / count) - 1] for i in range(count)]
