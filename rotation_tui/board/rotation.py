"""Relative rotation of small caps as a whole, one track a preset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.results import Quadrant, Rotation, RotationPoint

RotationRow = RotationPoint
"""One point of a track: the study's own, so that no frame makes tails anew."""


@dataclass(frozen=True, slots=True)
class RotationTrack:
    """One fund against another by one preset, "weekly" or "daily"; numbers are of the last completed point.

    `heading` is in degrees, 0 right and 90 up, `points` the tail, oldest first; its last one may be the running
    week. `why` says why there are none. `as_of` is the last session in it, `stale` that it is too old by now.
    `centre` says that the quadrant says little, because the last completed point is near the centre.
    """

    preset: str
    symbol: str
    benchmark: str
    rs_ratio: float | None
    rs_momentum: float | None
    quadrant: Quadrant | None
    heading: float | None
    speed: float | None
    right_side: bool | None
    points: tuple[RotationRow, ...] = ()
    why: str | None = None
    as_of: date | None = None
    stale: bool = False
    centre: bool | None = None


def last_complete(rotation: Rotation | None) -> RotationPoint | None:
    """The last completed point, which quadrant, heading and speed are of."""
    return next((p for p in reversed(rotation.points) if p.complete), None) if rotation else None


def rotation_tracks(rotations: Mapping[str, Rotation], too_old: Callable[[date], bool]) -> tuple[RotationTrack, ...]:
    """A track for each preset that was studied."""
    return tuple(_track(preset, rotation, too_old) for preset, rotation in rotations.items())


def end_of(rotation: Rotation | None) -> date | None:
    """The last session that a rotation was made of."""
    return rotation.points[-1].session if rotation is not None and rotation.points else None


def _track(preset: str, rotation: Rotation, too_old: Callable[[date], bool]) -> RotationTrack:
    last, end = last_complete(rotation), end_of(rotation)
    return RotationTrack(
        preset=preset,
        symbol=rotation.symbol,
        benchmark=rotation.benchmark,
        rs_ratio=last.rs_ratio if last else None,
        rs_momentum=last.rs_momentum if last else None,
        quadrant=rotation.quadrant,
        heading=rotation.heading,
        speed=rotation.speed,
        right_side=rotation.right_side,
        points=rotation.points,
        why=rotation.reason,
        as_of=end,
        stale=end is not None and too_old(end),
        centre=last.near_centre if last else None,
    )
