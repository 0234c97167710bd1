"""What time it is for the monitor: the real one, a fixed one, that of a simulated market or a tape; and on the wall."""

import math
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Protocol

from rotation_tui.domain.session import EASTERN, Calendar, CalendarRange, nyse

CLOCK_SLACK = timedelta(minutes=10)
"""How far ahead of this computer's clock a time may lie; beyond it one of the two clocks is wrong."""

DEMO_START = datetime(2025, 12, 30, 14, 0, tzinfo=EASTERN).astimezone(UTC)
"""Where the demo's clock starts: 14:00 in New York, two hours before the close."""


def end_of(day: date) -> datetime:
    """The moment a past day is judged at: its last minute in New York."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=EASTERN)


class Clock(Protocol):
    """Tells the time; everything that asks "now" asks one of these."""

    def now(self) -> datetime:
        """This moment in UTC."""


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still at one moment, for boards of a past day."""

    def __init__(self, at: datetime) -> None:
        self._at = _utc(at)

    def now(self) -> datetime:
        return self._at


class SimulatedClock:
    """Market time that runs `speed` times as fast as `monotonic` and leaves out what lies between sessions.

    It starts at `start`. When a session's close has passed it goes on at the opening of the next session, so
    nights, week-ends and holidays take no time. A start after a close, or on a day without a session, goes on
    at the next opening at once; one before an opening runs up to it. Where the calendar ends, it stands still
    at the last close. Raises ValueError for a speed that is not a finite number above zero.
    """

    def __init__(
        self,
        start: datetime,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        calendar: Calendar | None = None,
    ) -> None:
        if not math.isfinite(speed) or speed <= 0:
            raise ValueError(f"speed is {speed}, it must be a finite number above zero")
        self._speed = speed
        self._monotonic = monotonic
        self._calendar = nyse() if calendar is None else calendar
        # One attribute for both halves: another thread sees either the old pair or the new one.
        self._since = (monotonic(), _utc(start))

    def now(self) -> datetime:
        """This moment of the simulated market in UTC; never earlier than the answer before."""
        reading = self._monotonic()
        while True:
            since, market = self._since
            elapsed = max(0.0, reading - since) * self._speed
            close = self._close_after(market)
            left = (close - market).total_seconds()
            if left >= 0 and elapsed <= left:
                return market + timedelta(seconds=elapsed)
            try:
                following = self._calendar.open_at(self._calendar.next(close.astimezone(EASTERN).date()))
            except CalendarRange:
                return max(market, close)
            self._since = (since + max(0.0, left) / self._speed, following)

    def _close_after(self, market: datetime) -> datetime:
        """The close that `market` runs into; a past one where the market is between sessions."""
        day = market.astimezone(EASTERN).date()
        if not self._calendar.is_session(day):
            day = self._calendar.previous(day)
        return self._calendar.close_at(day)


class ReplayClock:
    """The time of a session that is shown again: it stands until it runs, and never passes what is not shown yet."""

    def __init__(self, at: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since = monotonic()
        self._at = self._limit = _utc(at)
        self._speed = 0.0

    def now(self) -> datetime:
        """This moment of the session in UTC."""
        left = (self._limit - self._at).total_seconds()
        if left <= 0:
            return self._at
        return self._at + timedelta(seconds=min((self._monotonic() - self._since) * self._speed, left))

    def run(self, speed: float) -> None:
        """Run so many times as fast as real time from now on, 0 to stand."""
        self.until(self._limit)
        self._speed = speed

    def until(self, limit: datetime) -> None:
        """Do not pass this time from now on."""
        self._at, self._since = self.now(), self._monotonic()
        self._limit = limit

    def jump(self, at: datetime) -> None:
        """Be at a time, which may lie before, and do not pass it."""
        self._at = self._limit = at
        self._since = self._monotonic()

    def seconds_to(self, at: datetime) -> float | None:
        """Real seconds until a time; None while it stands."""
        left = (at - self.now()).total_seconds()
        return 0.0 if left <= 0 else left / self._speed if self._speed else None


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC)


class LocalZone(tzinfo):
    """Local time as the C library knows it: TZ in each of its forms, else the system's setting.

    `datetime.astimezone` without a zone gives a fixed distance from UTC, which is wrong for the other half of
    the year; and the name of the system's zone, which `zoneinfo` would need, is not always to be had.
    """

    def fromutc(self, dt: datetime) -> datetime:
        """The local time of a moment in UTC that carries this zone."""
        at = dt.replace(tzinfo=UTC)
        local = at.astimezone().replace(tzinfo=None, fold=0)
        is_second = local.timestamp() != at.timestamp()  # of an hour that comes twice
        return local.replace(tzinfo=self, fold=int(is_second))

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """How far it was ahead of UTC at that local time."""
        return timedelta(seconds=_rule(dt).tm_gmtoff)

    def tzname(self, dt: datetime | None) -> str:
        """What it was called at that local time, as CET or CEST."""
        return _rule(dt).tm_zone

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Unknown: the C library tells whether, and not by how much."""
        del dt
        return None


def _rule(at: datetime | None) -> time.struct_time:
    return time.localtime(None if at is None else at.replace(tzinfo=None).timestamp())


LOCAL = LocalZone()
