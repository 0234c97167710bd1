"""Relative rotation of small caps as a whole, one track a preset."""

from collections.abc import Callable, Mapping
from datetime import date

from rotation_tui.board.contract import RotationTrack
from rotation_tui.domain.results import Rotation, RotationPoint


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
