"""Relative rotation: trend of relative strength against its own momentum, by an open formula (METHODOLOGY.md#rotation).

RRG® is a trademark of RRG Research; this is an open re-implementation. Nothing here looks ahead: the value
of a week never changes when later weeks are added.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from msgspec import Struct

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import Rotation
from rotation_tui.domain.rotation import CENTRE, FURTHEST_BACK, LONGEST_TAIL, rotation_of
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.session import Calendar
from rotation_tui.studies.pair import Array, join
from rotation_tui.studies.relative_strength import FLAT


class Preset(Struct, frozen=True):
    """Spans of the three averages and the window of the root mean square, in observations of `unit`."""

    name: str
    fast: int
    slow: int
    smooth: int
    window: int
    unit: str

    @property
    def needed(self) -> int:
        """Observations before the first point."""
        return self.slow + self.window - 1


WEEKLY = Preset("weekly", 10, 30, 9, 52, "weeks")
DAILY = Preset("daily", 20, 60, 15, 252, "sessions")
PRESETS = (WEEKLY, DAILY)


class Weeks(Struct, frozen=True):
    """Weeks that end on Friday: the row of each one's last close. `partial` says that the last one runs."""

    labels: tuple[date, ...]
    rows: tuple[int, ...]
    partial: bool


def weeks(dates: Sequence[date], calendar: Calendar) -> Weeks:
    """The weeks of ascending `dates`, which are not empty; a week is complete after its last session."""
    ordinals = np.fromiter((day.toordinal() for day in dates), dtype=np.int64, count=len(dates))
    index = (ordinals + 1) // 7  # ordinal 1 is a Monday: from Saturday to Friday the quotient is the same
    ends = np.append(np.flatnonzero(np.diff(index)), len(dates) - 1)
    labels = tuple(date.fromordinal(friday) for friday in (index[ends] * 7 + 5).tolist())
    last, friday = dates[-1], labels[-1]
    if calendar.first <= last and friday <= calendar.last:
        partial = last < calendar.on_or_before(friday)
    else:
        partial = last < friday
    return Weeks(labels, tuple(ends.tolist()), partial)


def open_rotation(log_ratio: Array, preset: Preset) -> tuple[Array, Array]:
    """Strength and momentum around 100 at every observation of a log ratio; NaN before there are enough."""
    trend = _ema(log_ratio, preset.fast) - _ema(log_ratio, preset.slow)
    impulse = trend - _ema(trend, preset.smooth)
    strength, momentum = (CENTRE + _normalised(part, preset.window) for part in (trend, impulse))
    # The averages are seeded with the first value: until the slow one has seen its span they mean little.
    strength[: preset.needed - 1] = momentum[: preset.needed - 1] = np.nan
    return strength, momentum


def rotation_past(asset: Bars, benchmark: Bars, calendar: Calendar, preset: Preset = WEEKLY) -> RotationPast:
    """The points of a symbol against its benchmark, on the sessions that both have, as far back as they are told.

    Raises RefusedValueError for legs on different bases.
    """
    pair = join(asset, benchmark)
    if preset.unit == "weeks":
        sampled = weeks(pair.dates, calendar)
        rows, partial = sampled.rows, sampled.partial
    else:
        rows, partial = tuple(range(len(pair))), False
    complete = len(rows) - partial
    if complete < preset.needed:
        why = f"needs {preset.needed} {preset.unit}, have {complete}"
        return RotationPast(preset.name, asset.symbol, benchmark.symbol, why=why)
    strength, momentum = open_rotation(pair.log_ratio[np.array(rows)], preset)
    told = slice(max(complete - LONGEST_TAIL - FURTHEST_BACK, preset.needed - 1), None)
    return RotationPast(
        preset=preset.name,
        symbol=asset.symbol,
        benchmark=benchmark.symbol,
        ordinals=tuple(float(pair.dates[row].toordinal()) for row in rows[told]),
        strengths=tuple(strength[told].tolist()),
        momenta=tuple(momentum[told].tolist()),
        running=partial,
    )


def rotation(asset: Bars, benchmark: Bars, calendar: Calendar, preset: Preset = WEEKLY) -> Rotation:
    """Tail of a symbol against its benchmark as it is now; RefusedValueError for legs on different bases."""
    return rotation_of(rotation_past(asset, benchmark, calendar, preset))


def _ema(values: Array, span: int) -> Array:
    return pd.Series(values).ewm(span=span, adjust=False).mean().to_numpy(dtype=np.float64, copy=True)


def _windows(values: Array, n: int) -> Array:
    # One window a row instead of a running sum: a value depends on its own window alone.
    return np.lib.stride_tricks.sliding_window_view(values, n)


def _normalised(values: Array, n: int) -> Array:
    """Values in units of their root mean square about zero; 0 where that is zero."""
    out = np.full(len(values), np.nan)
    if len(values) >= n:
        scale = np.sqrt((_windows(values, n) ** 2).mean(axis=1))
        flat = scale < FLAT
        out[n - 1 :] = np.where(flat, 0.0, values[n - 1 :] / np.where(flat, 1.0, scale))
    return out
