"""The New York Stock Exchange's sessions: which days trade, when they close, and which phase a moment is in.

The days come from `nyse_sessions.toml`, a table rather than rules, because unplanned closures and odd
early closes follow no rule. It is read at the first call of `nyse()`, not at import.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

EASTERN = ZoneInfo("America/New_York")

_PRE_START = time(4)
_OPEN = time(9, 30)
_CLOSE = time(16)
_POST_END = time(20)
_EARLY_POST_END = time(17)
_DAYS_A_MONTH = 365.2425 / 12


class CalendarRange(ValueError):
    """The question concerns a day that the session table does not cover."""


class Phase(StrEnum):
    """The part of the trading day that a moment lies in."""

    PRE = "PRE"
    OPEN = "OPEN"
    POST = "POST"
    CLOSED = "CLOSED"


class SessionState(Struct, frozen=True):
    """What the market is doing at one moment, and what it does next.

    `next_change` is UTC and later than the moment; `next_phase` begins exactly then. `session` is the date
    whose PRE, OPEN or POST the moment lies in. While CLOSED it is None and `early_close` is False.
    """

    phase: Phase
    next_phase: Phase
    next_change: datetime
    early_close: bool
    session: date | None


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The sessions from `first` to `last`, the inclusive bounds of the table, not always sessions themselves.

    Every date, given or found, must lie in the table: `CalendarRange` otherwise. A `datetime` where a date
    is meant raises TypeError, because its date depends on the time zone. Moments must be timezone-aware.
    """

    first: date
    last: date
    _sessions: "array[int]" = field(repr=False)  # ordinals, ascending; a tuple of them takes half a megabyte
    _early: Mapping[int, time] = field(repr=False)  # ordinal -> closing time in New York

    def is_session(self, d: date) -> bool:
        return _is_session(self, d)

    def is_early_close(self, d: date) -> bool:
        """Whether this day is a session that closes before 16:00 New York time."""
        return self._ordinal(d) in self._early

    def is_last_of_month(self, d: date) -> bool:
        """Whether this day is the last session of its month; False on days without a session."""
        return self.is_session(d) and d == self.last_of_month(d.year, d.month)

    def open_at(self, d: date) -> datetime:
        """The opening of a session, UTC; ValueError where the day is none."""
        return _utc(self._session(d), _OPEN)

    def close_at(self, d: date) -> datetime:
        """The close of a session, UTC, early closes included; ValueError where the day is none."""
        return _utc(self._session(d), self._early.get(d.toordinal(), _CLOSE))

    def previous(self, d: date) -> date:
        """The last session strictly before this day."""
        return self._at(bisect_left(self._sessions, self._ordinal(d)) - 1, d)

    def next(self, d: date) -> date:
        """The first session strictly after this day."""
        return self._at(bisect_right(self._sessions, self._ordinal(d)), d)

    def on_or_before(self, d: date) -> date:
        """This day if it is a session, else the last session before it."""
        return self.offset(d, 0)

    def offset(self, d: date, n: int) -> date:
        """The session `n` sessions after (before, if negative) this day, counted from `on_or_before(d)`."""
        at = bisect_right(self._sessions, self._ordinal(d)) - 1
        if at < 0:
            raise self._unknown(f"the session on or before {d}")
        return self._at(at + n, d)

    def sessions(self, first: date, last: date) -> tuple[date, ...]:
        """All sessions from `first` to `last`, both inclusive; none if they are the wrong way round."""
        start = bisect_left(self._sessions, self._ordinal(first))
        stop = bisect_right(self._sessions, self._ordinal(last))
        return tuple(map(date.fromordinal, self._sessions[start:stop]))

    def no_sessions(self, dates: Sequence[date]) -> tuple[int, ...]:
        """Rows of ascending `dates` on which there was no session; what lies outside the table is not known to be none.

        Makes nothing that is as long as a history but its ordinals, which are the table's as a rule.
        """
        ordinals = array("i", map(date.toordinal, dates))
        start = bisect_left(ordinals, self.first.toordinal())
        stop = bisect_right(ordinals, self.last.toordinal())
        if start >= stop:
            return ()
        at = bisect_left(self._sessions, ordinals[start])
        if self._sessions[at : at + stop - start] == ordinals[start:stop]:
            return ()
        return tuple(row for row in range(start, stop) if not self.is_session(dates[row]))

    def count(self, first: date, last: date) -> int:
        """How many sessions there are from `first` to `last`, both inclusive, without making their dates."""
        return bisect_right(self._sessions, self._ordinal(last)) - bisect_left(self._sessions, self._ordinal(first))

    def age(self, as_of: date, now: date) -> int:
        """How many sessions came after `as_of`, up to and including `now`; 0 if `as_of` is the later one."""
        seen = bisect_right(self._sessions, self._ordinal(as_of))
        return max(0, bisect_right(self._sessions, self._ordinal(now)) - seen)

    def passed(self, dates: Sequence[date], start: int, end: int) -> int:
        """Sessions from one of ascending `dates` to a later one by their rows; outside the table rows count."""
        if self.first <= dates[start] and dates[end] <= self.last:
            return self.age(dates[start], dates[end])
        return end - start

    def traded(self, since: datetime, until: datetime) -> timedelta:
        """For how long the exchange was open between two moments; nothing if they are the wrong way round.

        What lies outside the table does not count.
        """
        days = (max(self.first, _eastern(since).date()), min(self.last, _eastern(until).date()))
        passed = timedelta()
        if until <= since or days[1] < days[0]:
            return passed
        for day in self.sessions(*days):
            passed += max(timedelta(), min(until, self.close_at(day)) - max(since, self.open_at(day)))
        return passed

    def last_completed(self, now: datetime) -> date:
        """The last session that has closed; a session counts from the very moment of its close."""
        day = _eastern(now).date()
        if self.is_session(day) and self.close_at(day) <= now:
            return day
        return self.previous(day)

    def last_of_month(self, year: int, month: int) -> date:
        in_next_month = date(year, month, 28) + timedelta(days=4)
        return self.on_or_before(in_next_month - timedelta(days=in_next_month.day))

    def months_left(self, now: date) -> float:
        """Months from this day to the end of the table, 0.0 past it; never raises `CalendarRange`."""
        return max(0, (self.last - now).days) / _DAYS_A_MONTH

    def state(self, now: datetime) -> SessionState:
        """The phase of a moment, the one that follows it and when.

        PRE from 04:00 New York time, OPEN 09:30 to the close, POST to 20:00 (17:00 on early closes), else
        CLOSED. A phase includes its first moment and excludes its last.
        """
        local = _eastern(now)
        day, clock = local.date(), local.time()
        if self.is_session(day):
            early = self._early.get(day.toordinal())
            ends = (
                (Phase.CLOSED, Phase.PRE, _PRE_START),
                (Phase.PRE, Phase.OPEN, _OPEN),
                (Phase.OPEN, Phase.POST, early or _CLOSE),
                (Phase.POST, Phase.CLOSED, _EARLY_POST_END if early else _POST_END),
            )
            # Wall-clock times may be compared: clocks change on Sundays, on which there is no session.
            for phase, following, end in ends:
                if clock < end:
                    active = phase is not Phase.CLOSED
                    session = day if active else None
                    return SessionState(phase, following, _utc(day, end), active and bool(early), session)
        return SessionState(Phase.CLOSED, Phase.PRE, _utc(self.next(day), _PRE_START), False, None)

    def _ordinal(self, d: date) -> int:
        if isinstance(d, datetime):
            raise TypeError(f"{d} is a moment, not a date: take its date in New York first")
        if not self.first <= d <= self.last:
            raise self._unknown(str(d))
        return d.toordinal()

    def _session(self, d: date) -> date:
        if not self.is_session(d):
            raise ValueError(f"{d} is not an NYSE session")
        return d

    def _at(self, index: int, d: date) -> date:
        if not 0 <= index < len(self._sessions):
            raise self._unknown(f"the session asked for, counted from {d},")
        return date.fromordinal(self._sessions[index])

    def _unknown(self, what: str) -> CalendarRange:
        return CalendarRange(f"{what} is outside the NYSE session table, which covers {self.first} to {self.last}")


_LATELY = 32
"""Days that are remembered: every quote and every row of a board asks of the same two or three."""


@lru_cache(_LATELY)
def _is_session(calendar: Calendar, d: date) -> bool:
    ordinal, sessions = calendar._ordinal(d), calendar._sessions
    at = bisect_left(sessions, ordinal)
    return at < len(sessions) and sessions[at] == ordinal


@cache
def nyse() -> Calendar:
    """The shipped calendar; the first call reads the table (a few milliseconds), later ones are free."""
    import tomllib  # here, because most of its cost is its import

    with Path(__file__).with_name("nyse_sessions.toml").open("rb") as file:
        return _calendar(tomllib.load(file))


def _calendar(table: Mapping[str, Any]) -> Calendar:
    """Build the calendar from the table's form: bounds, then per year the exceptions to Monday to Friday."""
    first, last = table["first"], table["last"]
    closed: set[int] = set()
    early: dict[int, time] = {}
    for year in range(first.year, last.year + 1):
        days = table[str(year)]
        closed.update(_ordinals(year, days["closed"]))
        for clock, listed in days["early"].items():
            early.update(dict.fromkeys(_ordinals(year, listed), time.fromisoformat(clock)))
    span = range(first.toordinal(), last.toordinal() + 1)
    # Ordinal 1 is a Monday, so the remainder is 1 to 5 from Monday to Friday.
    sessions = array("i", (day for day in span if 1 <= day % 7 <= 5 and day not in closed))
    return Calendar(first, last, sessions, MappingProxyType(early))


def _ordinals(year: int, listed: str) -> list[int]:
    return [date.fromisoformat(f"{year}-{day}").toordinal() for day in listed.split()]


def _eastern(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError(f"{now} has no time zone")
    return now.astimezone(EASTERN)


@lru_cache(_LATELY)
def _utc(d: date, clock: time) -> datetime:
    return datetime.combine(d, clock, EASTERN).astimezone(UTC)
