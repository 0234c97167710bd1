"""What the version before wrote, in the shape of today: a new version starts with the board of the old one."""

from typing import Any


def last_known_of_format_2(saved: Any) -> None:
    """Turn a last known state as decoded from JSON into one of format 3, in place.

    Raises LookupError, TypeError, ValueError or AttributeError where it is no such state.
    """
    studies = saved["studies"]
    for driver in studies["drivers"]:
        stale = driver.pop("stale")
        driver["state"] = "UNKNOWN" if driver["value"] is None else "STALE" if stale else "CLOSED"
    verdict = studies["verdict"]
    if verdict is not None:
        verdict["transitions"] = [{"session": session, "regime": regime} for session, regime in verdict["transitions"]]
