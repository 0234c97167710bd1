"""Time frames: which row of a history is the first one in sight."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from rotation_tui.domain.window import MAX_BASE_GAP_DAYS, Window, months_before, nominal_base
from rotation_tui.panes.base import Setting, Space

_LENGTHS = {"1M": 1, "3M": 3, "6M": 6, "1Y": 12, "3Y": 36, "5Y": 60, "10Y": 120}
"""Months from the first visible close to the last one."""

SESSIONS = {"1D": 1, "5D": 5}
"""Frames that are drawn of minutes, and so many sessions."""

FRAME = Setting(
    "frame", "w", ("1Y", "3Y", "5Y", "10Y", "MAX", "1D", "5D", "1M", "3M", "6M", "YTD"), "time frame of the chart"
)


def first_of(dates: Sequence[date], frame: str) -> int | None:
    """Row of the first visible close, from which everything is rebased; all there is where there is less.

    A frame begins with the base of its window: the last close on or before the same day so many months earlier,
    YTD with the last one of the year before, None where there is none within a week of its end.
    """
    last = dates[-1]
    if frame == "YTD":
        end = nominal_base(Window.YTD, last)
        row = bisect_right(dates, end) - 1
        return row if row >= 0 and (end - dates[row]).days <= MAX_BASE_GAP_DAYS else None
    if frame not in _LENGTHS:
        return 0
    return max(0, bisect_right(dates, months_before(last, _LENGTHS[frame])) - 1)


def is_all(dates: Sequence[date], frame: str) -> bool:
    """Whether the history is shorter than the frame."""
    return frame in _LENGTHS and dates[0] > months_before(dates[-1], _LENGTHS[frame])


def cursor_of(space: Space) -> int:
    """Columns that the cursor stands back from the newest one, 0 where there is no cursor."""
    text = space.settings.get("cursor", "0")
    return int(text) if text.isdecimal() else 0
