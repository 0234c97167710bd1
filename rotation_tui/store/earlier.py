"""What earlier versions wrote, in the shape of today: a new version starts with what the old one knew."""

from typing import Any

import msgspec

from rotation_tui.domain.results import RotationPoint


def last_known_of_format_1(saved: Any) -> None:
    """Leave of a last known state as decoded from JSON what means the same today, prices and events, in place.

    Its 1M was 21 sessions, and its holes had another shape: its results, shown as they stand, would be other numbers.
    Raises as `last_known_of_format_2`.
    """
    saved["studies"] = {}


def bars_of_first_version(saved: Any) -> None:
    """Leave a history as decoded from JSON empty and due, in place, where it has a split without a ratio.

    0.1.0 kept the session of a split alone, so nobody can tell whether its closes have it; the source can.
    Raises as `last_known_of_format_2`.
    """
    if any(isinstance(split, str) for bars in saved["bars"] for split in bars["splits"]):
        saved |= {"bars": [], "due": "1970-01-01T00:00:00Z"}


def last_known_of_format_2(saved: Any) -> None:
    """Turn a last known state as decoded from JSON into one of format 3, in place.

    Raises LookupError, TypeError, ValueError or AttributeError where it is no such state.
    """
    studies = saved["studies"]
    for driver in studies["drivers"]:
        stale = driver.pop("stale")
        driver["state"] = "UNKNOWN" if driver["value"] is None else "STALE" if stale else "CLOSED"
    rotations = list(studies["rotation"].items())
    for sector in studies["sectors"].values():
        rotations += [("weekly", sector["rotation"]), ("daily", sector["rotation_daily"])]
    for preset, rotation in rotations:
        if rotation is not None:
            _add_head(rotation, preset)
    studies["rotation"] = list(studies["rotation"].values())
    verdict = studies["verdict"]
    if verdict is not None:
        verdict["transitions"] = [{"session": session, "regime": regime} for session, regime in verdict["transitions"]]
    groups = [group for group in studies["risk"] if group["id"] != "M"]  # the board writes checks by hand itself
    trails, informing = {}, []
    for group in groups:
        group["checks"] = group.pop("readings")
        for check in group["checks"]:
            check["muted_until"] = None  # as the board will find
            if check["history"]:
                trails[check["id"]] = {"dates": check["history_dates"], "values": check["history"]}
            informing += [check["id"]] if check["informs"] else []
    studies["risk"] = {"groups": groups, "trails": trails, "informing": informing}


def _add_head(rotation: Any, preset: str) -> None:
    """Numbers of the last completed point, which the board took from the points itself."""
    points = msgspec.convert(rotation["points"], tuple[RotationPoint, ...])
    rotation |= {"preset": preset, "why": rotation.pop("reason"), "as_of": points[-1].session if points else None}
    if head := next((point for point in reversed(points) if point.complete), None):
        rotation |= {"rs_ratio": head.rs_ratio, "rs_momentum": head.rs_momentum, "centre": head.near_centre}
