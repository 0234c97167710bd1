"""How many fall into each bin, as bars beside each other: two bins and four steps a braille character."""

from collections.abc import Sequence

_STEPS = 4
_LEFT, _RIGHT = (0x40, 0x44, 0x46, 0x47), (0x80, 0xA0, 0xB0, 0xB8)
"""Braille bits of a column that is filled up to a step, from the lowest dot."""
_ASCII = " .:|#"


def bars(counts: Sequence[int], rows: int, *, braille: bool) -> tuple[str, ...]:
    """Lines from the highest to the lowest; the largest bin reaches the top, and none that has any is empty."""
    most = max(counts, default=0)
    full = rows * _STEPS
    heights = [max(1, round(full * count / most)) if count else 0 for count in counts] if most else [0] * len(counts)
    if len(heights) % 2:
        heights.append(0)
    pairs = list(zip(heights[::2], heights[1::2], strict=True))
    return tuple(
        "".join(_cell(left - floor, right - floor, braille=braille) for left, right in pairs)
        for floor in range((rows - 1) * _STEPS, -1, -_STEPS)
    )


def _cell(left: int, right: int, *, braille: bool) -> str:
    steps = [min(max(height, 0), _STEPS) for height in (left, right)]
    if not braille:
        return _ASCII[max(steps)]
    bits = (_LEFT[steps[0] - 1] if steps[0] else 0) | (_RIGHT[steps[1] - 1] if steps[1] else 0)
    return chr(0x2800 + bits)
