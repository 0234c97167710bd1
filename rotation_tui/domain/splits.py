"""Splits that a source has on record but has not put into the closes before them."""

from bisect import bisect_left
from dataclasses import replace
from math import log

from rotation_tui.domain.bars import Bars, Column, Split

_LARGE = log(1.3)
"""Beyond this no day's market move hides which side of a split a close is on."""


def applied(bars: Bars) -> Bars:
    """`bars` with every split of a known ratio in all closes before it.

    The source does that itself as a rule; then nothing changes. Where the close of the split's session stands to
    the one before as the ratio wants it, not as a day's move, rows before it are divided (volumes multiplied).
    """
    for split in reversed(bars.splits):
        row = bisect_left(bars.dates, split.session)
        if split.ratio is not None and 0 < row < len(bars) and _is_open(bars, row, split.ratio):
            bars = _divided(bars, row, split)
    return bars


def _is_open(bars: Bars, row: int, ratio: float) -> bool:
    """Whether the move into `row` is the split rather than the market's.

    Halfway between the two decides; a split as small as 11 for 10 has to be met closely, for markets move so far.
    """
    asked, move = -log(ratio), log(bars.close(row) / bars.close(row - 1))
    return abs(move - asked) < abs(asked) * (0.5 if abs(asked) > _LARGE else 0.25)


def _divided(bars: Bars, row: int, split: Split) -> Bars:
    ratio = split.ratio or 1.0

    def before(column: Column | None, factor: float) -> Column | None:
        if column is None:
            return None
        return tuple(None if v is None else v * factor for v in column[:row]) + column[row:]

    closes = bars.closes
    return replace(
        bars,
        closes=tuple(close / ratio for close in closes[:row]) + closes[row:],
        highs=before(bars.highs, 1 / ratio),
        lows=before(bars.lows, 1 / ratio),
        volumes=before(bars.volumes, ratio),
    )
