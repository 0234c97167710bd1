"""The past values of a risk check, for its chart; beside the board, because only the one looked at is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rotation_tui.domain.results import GroupReading


@dataclass(frozen=True, slots=True)
class Trail:
    """Values by date, oldest first, both columns equally long."""

    dates: tuple[date, ...]
    values: tuple[float, ...]


def trail_of(check_id: str, groups: Iterable[GroupReading]) -> Trail | None:
    """The trail of a check by its id; None where it has no past."""
    for group in groups:
        for reading in group.readings:
            if reading.id == check_id:
                known = len(reading.history_dates) == len(reading.history) > 0
                return Trail(reading.history_dates, reading.history) if known else None
    return None
