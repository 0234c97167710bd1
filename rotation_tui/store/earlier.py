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
