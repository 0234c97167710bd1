"""Sessions that a history lacks, and when its source is asked for them again."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.session import Calendar

MOST_ASKED = 7
"""Then the session never traded, or its row is lost for good."""
_FIRST_WAIT, _FACTOR = timedelta(hours=1), 4
_MOST_HOLES = 50
"""The newest ones: a history with more is no daily one, or its old rows are not in the source."""


class Hole(Struct, frozen=True):
    """A session without a row, asked for so many times in vain, and not again before then."""

    session: date
    asked: int
    again: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether it is asked for; a time further off than could be set comes from a clock that ran ahead."""
        return self.asked < MOST_ASKED and not now < self.again <= now + _wait(self.asked)


def holes_in(histories: Iterable[Bars], calendar: Calendar) -> tuple[date, ...]:
    """The newest sessions between first and last row that one of the histories lacks; those of other than daily rows
    are no holes.
    """
    found: set[date] = set()
    for bars in histories:
        start, end = bisect_left(bars.dates, calendar.first), bisect_right(bars.dates, calendar.last)
        if end - start < 2:
            continue
        sessions = calendar.sessions(bars.dates[start], bars.dates[end - 1])
        if end - start < len(sessions) <= 2 * (end - start):
            found |= set(sessions) - set(bars.dates[start:end])
    return tuple(sorted(found)[-_MOST_HOLES:])


def open_holes(
    known: Iterable[Hole], histories: Iterable[Bars], calendar: Calendar, asked_since: date | None, now: datetime
) -> tuple[Hole, ...]:
    """The holes that are left after rows from `asked_since` on (None: all) were asked for; each waits longer now."""
    before = {hole.session: hole for hole in known}
    found: list[Hole] = []
    for session in holes_in(histories, calendar):
        hole = before.get(session)
        if hole is None or asked_since is None or session >= asked_since:
            asked = 1 if hole is None else hole.asked + 1
            hole = Hole(session, asked, now + _wait(asked))
        found.append(hole)
    return tuple(found)


def _wait(asked: int) -> timedelta:
    times: int = _FACTOR ** max(min(asked, MOST_ASKED) - 1, 0)
    return _FIRST_WAIT * times
