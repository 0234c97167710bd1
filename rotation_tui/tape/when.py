"""A time of a tape as people write it."""

import re
from datetime import UTC, datetime, time, timedelta

from rotation_tui.domain.session import EASTERN

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_AFTER = re.compile(r"\+(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?")


class NoTime(ValueError):
    """Why a text is no time of a tape, as a sentence."""


def moment_in(text: str, begins: datetime, ends: datetime) -> datetime:
    """The time that is meant by 14:30 or 14:30:05 (New York, on the first day of the tape that has it), by +1h30m from
    its beginning, or by an RFC 3339 time; one outside of the tape is its beginning or its end. NoTime for others.
    """
    text = text.strip()
    if (found := _AFTER.fullmatch(text)) and text != "+":
        hours, minutes, seconds = (int(number or 0) for number in found.groups())
        at = begins + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    elif found := _CLOCK.fullmatch(text):
        at = _on_the_clock(found, begins, ends)
    else:
        at = _whole(text)
    return min(max(at, begins), ends)


def _on_the_clock(found: "re.Match[str]", begins: datetime, ends: datetime) -> datetime:
    hours, minutes, seconds = (int(number or 0) for number in found.groups())
    try:
        clock = time(hours, minutes, seconds)
    except ValueError:
        raise NoTime(f"{found[0]} is no time of a day") from None
    day, at = begins.astimezone(EASTERN).date(), begins
    while day <= ends.astimezone(EASTERN).date():
        at = datetime.combine(day, clock, EASTERN).astimezone(UTC)
        if at >= begins:
            return at
        day += timedelta(days=1)
    return at


def _whole(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo is not None else at.replace(tzinfo=EASTERN)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoTime(
            f'"{text}" is no time of a tape; allowed: 14:30 or 14:30:05 in New York, +1h30m from the beginning, '
            "2026-11-27T14:30:00Z"
        ) from None
