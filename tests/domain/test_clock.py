"""The clocks: what the demo's time does at a close, over a week-end, on holidays and on half days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_tui.domain.clock import DEMO_START, FixedClock, SimulatedClock, SystemClock
from rotation_tui.domain.session import Phase, nyse

NEW_YORK = ZoneInfo("America/New_York")


class Stopwatch:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 5000.0

    def __call__(self) -> float:
        return self.seconds


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def shown(at: datetime) -> str:
    assert at.tzinfo is UTC
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}"


def test_the_demo_starts_two_hours_before_the_close_of_30_december() -> None:
    assert shown(DEMO_START) == "2025-12-30 14:00:00"
    assert shown(SimulatedClock(DEMO_START, 1.0, Stopwatch()).now()) == "2025-12-30 14:00:00"


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2025-12-30 14:00", 1.5, "2025-12-30 15:30:00"),
        ("2025-12-30 14:00", 2, "2025-12-30 16:00:00"),  # the close itself is shown
        ("2025-12-30 14:00", 2.5, "2025-12-31 10:00:00"),
        ("2025-12-31 15:00", 1.5, "2026-01-02 10:00:00"),  # New Year's Day
        ("2026-01-02 15:00", 1.5, "2026-01-05 10:00:00"),  # a week-end
        ("2025-12-23 16:00", 3.5, "2025-12-24 13:00:00"),  # a half day ends at 13:00
        ("2025-12-24 12:00", 1.5, "2025-12-26 10:00:00"),
        ("2026-03-06 15:00", 1.5, "2026-03-09 10:00:00"),  # summer time begins in between
        ("2025-12-30 14:00", 2 + 6.5 + 6.5 + 1, "2026-01-05 10:30:00"),  # several sessions at one go
        ("2025-12-30 08:00", 1, "2025-12-30 09:00:00"),  # before an opening
        ("2025-12-30 18:00", 0, "2025-12-31 09:30:00"),  # after a close
        ("2026-01-03 12:00", 0.5, "2026-01-05 10:00:00"),  # on a Saturday
    ],
)
def test_market_time_goes_on_with_the_next_session(start: str, hours: float, expected: str) -> None:
    watch = Stopwatch()
    clock = SimulatedClock(new_york(start), 1.0, watch)
    watch.seconds += hours * 3600
    assert shown(clock.now()) == expected


def test_speed_multiplies_time() -> None:
    watch = Stopwatch()
    clock = SimulatedClock(DEMO_START, 60.0, watch)
    watch.seconds += 90
    assert shown(clock.now()) == "2025-12-30 15:30:00"
    watch.seconds += 60
    assert shown(clock.now()) == "2025-12-31 10:00:00"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(0, 20_000), min_size=1, max_size=20),
    st.sampled_from([0.5, 1.0, 7.3, 600.0]),
)
def test_time_never_goes_back_and_only_passes_in_sessions(waits: list[float], speed: float) -> None:
    watch = Stopwatch()
    clock = SimulatedClock(DEMO_START, speed, watch)
    before = clock.now()
    for wait in waits:
        watch.seconds += wait / speed
        now = clock.now()
        assert now >= before
        assert nyse().state(now).phase is Phase.OPEN or nyse().close_at(now.date()) == now
        before = now


def test_asking_often_and_asking_once_give_the_same_time() -> None:
    watch, rarely = Stopwatch(), Stopwatch()
    often = SimulatedClock(DEMO_START, 10.0, watch)
    once = SimulatedClock(DEMO_START, 10.0, rarely)
    for _ in range(1000):
        watch.seconds += 13.7
        often.now()
    rarely.seconds += 13_700
    assert abs(often.now() - once.now()) < timedelta(milliseconds=1)


def test_a_monotonic_clock_that_jumps_back_does_not_move_the_market_back() -> None:
    watch = Stopwatch()
    clock = SimulatedClock(DEMO_START, 1.0, watch)
    watch.seconds -= 60
    assert clock.now() == DEMO_START


def test_the_market_stands_still_where_the_calendar_ends() -> None:
    calendar = nyse()
    last = calendar.on_or_before(calendar.last)
    watch = Stopwatch()
    clock = SimulatedClock(calendar.open_at(last), 1.0, watch, calendar)
    watch.seconds += 10 * 86_400
    assert clock.now() == calendar.close_at(last)
    watch.seconds += 10 * 86_400
    assert clock.now() == calendar.close_at(last)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_cannot_be_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        SimulatedClock(DEMO_START, speed)


def test_moments_without_a_zone_are_refused() -> None:
    naive = datetime(2025, 12, 30, 14)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        SimulatedClock(naive)
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(naive)


def test_the_fixed_clock_stands_and_the_system_clock_is_now() -> None:
    assert shown(FixedClock(new_york("2020-02-29 12:00")).now()) == "2020-02-29 12:00:00"
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)
