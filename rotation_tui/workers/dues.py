"""When each history or series is due again, with no more belief in a clock than it has earned."""

from collections.abc import Callable, Iterable
from datetime import datetime


class Dues:
    """Due times by name.

    `latest` gives the latest time that could be set at a moment; a later one comes from a clock that ran ahead,
    in this run or in the one that wrote it to disk, and counts as past.
    """

    def __init__(self, latest: Callable[[datetime], datetime]) -> None:
        self._latest = latest
        self._due: dict[str, datetime] = {}

    def put(self, name: str, due: datetime) -> None:
        """Take the time when `name` is due again."""
        self._due[name] = due

    def forget(self, name: str) -> None:
        """Make `name` due now."""
        self._due.pop(name, None)

    def is_due(self, name: str, now: datetime, until: datetime | None = None) -> bool:
        """Whether `name` is due at `now`, or will be by `until`."""
        due = self._due.get(name)
        return due is None or due <= (until or now) or due > self._latest(now)

    def soonest(self, names: Iterable[str], others: Iterable[datetime]) -> datetime:
        """The earliest time at which one of `names` is due, and of `others`."""
        return min([*(self._due[name] for name in names if name in self._due), *others])
