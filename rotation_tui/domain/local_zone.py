"""The zone of the computer, with its rule of each day: what the clock on the wall showed then."""

import time
from datetime import UTC, datetime, timedelta, tzinfo


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
