"""Local times follow the rule of their own day."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rotation_tui.domain.clock import LOCAL

Zone = Callable[[str], None]


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """Sets the computer's zone."""

    def put(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield put
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "at", "shown"),
    [
        ("Europe/Berlin", "2026-10-23T20:00", "2026-10-23 22:00 CEST"),
        ("Europe/Berlin", "2026-10-26T07:00", "2026-10-26 08:00 CET"),
        ("Europe/Berlin", "2026-10-25T00:30", "2026-10-25 02:30 CEST"),
        ("Europe/Berlin", "2026-10-25T01:30", "2026-10-25 02:30 CET"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T12:00", "2026-07-01 14:00 CEST"),
        ("Asia/Tokyo", "2026-07-01T12:00", "2026-07-01 21:00 JST"),
        ("Australia/Sydney", "2026-12-01T12:00", "2026-12-01 23:00 AEDT"),
        ("", "2026-07-01T12:00", "2026-07-01 12:00 UTC"),
    ],
)
def test_a_time_is_shown_by_the_rule_of_its_day(zone: Zone, name: str, at: str, shown: str) -> None:
    zone(name)
    local = datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(LOCAL)
    assert f"{local:%Y-%m-%d %H:%M %Z}" == shown
    assert local.astimezone(UTC) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_it_agrees_with_the_zones_own_table_through_a_year(zone: Zone, name: str) -> None:
    zone(name)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(365 * 8):
        at += timedelta(hours=3)
        ours, theirs = at.astimezone(LOCAL), at.astimezone(ZoneInfo(name))
        assert (ours.replace(tzinfo=None), ours.utcoffset(), ours.tzname()) == (
            theirs.replace(tzinfo=None), theirs.utcoffset(), theirs.tzname()
        )  # fmt: skip
