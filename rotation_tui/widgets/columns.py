"""Bars in columns under a chart: what stands up from a floor, as volume, or hangs from a ceiling, as drawdown."""

import math
from collections.abc import Sequence

from rotation_tui.widgets.glyphs import Glyphs

_UP = " ▁▂▃▄▅▆▇█"
_DOWN = " ⠉⠛⠿⣿"
_UP_IN_ASCII = " .:#"
_DOWN_IN_ASCII = " ':#"


def bars(sizes: Sequence[float | None], height: int, glyphs: Glyphs, *, hanging: bool = False) -> tuple[str, ...]:
    """A text a line, top to bottom, with a character a column: the largest size fills the height.

    What is above zero is seen, however small; nothing stands where a size is unknown, zero or no number.
    """
    drawn, plainly = (_DOWN, _DOWN_IN_ASCII) if hanging else (_UP, _UP_IN_ASCII)
    steps = drawn if glyphs.braille else plainly
    known = [size if size is not None and math.isfinite(size) and size > 0 else 0.0 for size in sizes]
    most, each = max(known, default=0.0), len(steps) - 1
    dots = [max(1, math.ceil(height * each * (size / most))) if size else 0 for size in known]
    lines = ["".join(steps[max(0, min(each, n - line * each))] for n in dots) for line in range(height)]
    return tuple(lines if hanging else reversed(lines))
