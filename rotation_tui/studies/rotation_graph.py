"""Relative rotation: trend of relative strength against its own momentum, by an open formula (METHODOLOGY.md#rotation).

RRG® is a trademark of RRG Research; this is an open re-implementation. Nothing here looks ahead: the value
of a week never changes when later weeks are added.
"""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from msgspec import Struct

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.results import Quadrant, Rotation, RotationPoint
from rotation_tui.domain.session import Calendar
from rotation_tui.studies.pair import Array, join
from rotation_tui.studies.relative_strength import FLAT

CENTRE = 100.0
TAIL = 8
"""Completed points that are drawn."""


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


def quadrant(strength: float | None, momentum: float | None) -> Quadrant | None:
    """Quadrant of a point; exactly 100 counts as right and as up."""
    if strength is None or momentum is None or math.isnan(strength) or math.isnan(momentum):
        return None
    if strength >= CENTRE:
        return Quadrant.LEADING if momentum >= CENTRE else Quadrant.WEAKENING
    return Quadrant.IMPROVING if momentum >= CENTRE else Quadrant.LAGGING


def rotation(asset: Bars, benchmark: Bars, calendar: Calendar, preset: Preset = WEEKLY) -> Rotation:
    """Tail of a symbol against its benchmark, on the sessions that both have.

    Quadrant, heading and speed are of the last completed point; the point of a running week comes last and is
    marked. Raises RefusedValueError for legs on different bases.
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
        return Rotation(preset.name, asset.symbol, benchmark.symbol, why=why)
    strength, momentum = open_rotation(pair.log_ratio[np.array(rows)], preset)
    first = max(complete - TAIL, preset.needed - 1)
    points = tuple(
        RotationPoint(pair.dates[rows[i]], float(strength[i]), float(momentum[i]), complete=i < complete)
        for i in range(first, len(rows))
    )
    heading = speed = None
    if complete - first > 1:
        before, last = points[complete - first - 2], points[complete - first - 1]
        right, up = last.rs_ratio - before.rs_ratio, last.rs_momentum - before.rs_momentum
        speed = math.hypot(right, up)
        heading = math.degrees(math.atan2(up, right)) % 360 if speed else None
    last = points[complete - first - 1]
    return Rotation(
        preset=preset.name,
        symbol=asset.symbol,
        benchmark=benchmark.symbol,
        rs_ratio=last.rs_ratio,
        rs_momentum=last.rs_momentum,
        quadrant=quadrant(last.rs_ratio, last.rs_momentum),
        heading=heading,
        speed=speed,
        right_side=came_back([quadrant(p.rs_ratio, p.rs_momentum) for p in points if p.complete]),
        points=points,
        as_of=points[-1].session,
        centre=last.near_centre,
    )


def came_back(quadrants: Sequence[Quadrant | None]) -> bool:
    """Whether the way ends in LEADING and the present stay there began in WEAKENING: a right-side rotation."""
    before = next((q for q in reversed(quadrants) if q is not Quadrant.LEADING), None)
    return bool(quadrants) and quadrants[-1] is Quadrant.LEADING and before is Quadrant.WEAKENING


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
