"""When to ask again, and a sleep that neither misses the clock nor a cancellation."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from rotation_tui.workers.cadence import LONGEST_BACKOFF_S, Cadence, wait_until, woken
from tests.patience import PATIENCE_S
from tests.workers.fakes import MORNING, NYSE, MovableClock

CADENCE = Cadence(open_s=30, pre_post_s=60, closed_s=900)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 3, 3, 15, tzinfo=UTC), 30),
        (datetime(2026, 3, 3, 11, tzinfo=UTC), 60),
        (datetime(2026, 3, 3, 22, tzinfo=UTC), 60),
        (datetime(2026, 3, 4, 3, tzinfo=UTC), 900),
        (datetime(2026, 3, 7, 15, tzinfo=UTC), 900),
    ],
    ids=["open", "pre", "post", "night", "Saturday"],
)
def test_each_phase_has_its_pace_and_many_monitors_do_not_ask_in_step(now: datetime, seconds: float) -> None:
    waits = {(CADENCE.next_poll(now, NYSE) - now).total_seconds() for _ in range(200)}
    assert len(waits) > 100
    assert 0.9 * seconds <= min(waits) < max(waits) <= 1.1 * seconds
    assert max(waits) - min(waits) > 0.1 * seconds


@pytest.mark.parametrize(
    ("before", "change"),
    [
        (datetime(2026, 3, 3, 14, 29, 50, tzinfo=UTC), datetime(2026, 3, 3, 14, 30, tzinfo=UTC)),
        (datetime(2026, 3, 3, 20, 59, 55, tzinfo=UTC), datetime(2026, 3, 3, 21, tzinfo=UTC)),
        (datetime(2026, 3, 3, 8, 50, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)),
        (datetime(2026, 11, 27, 17, 59, 50, tzinfo=UTC), datetime(2026, 11, 27, 18, tzinfo=UTC)),
    ],
    ids=["open", "close", "first of the day", "early close"],
)
def test_a_change_of_phase_is_not_slept_through(before: datetime, change: datetime) -> None:
    for _ in range(50):
        assert change < CADENCE.next_poll(before, NYSE) <= change + timedelta(seconds=2)


def test_back_off_doubles_up_to_a_quarter_of_an_hour() -> None:
    exact = Cadence(30, 60, 900, jitter=0.0)
    waits = [(exact.after_failure(MORNING, n) - MORNING).total_seconds() for n in range(1, 12)]
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-3:] == [LONGEST_BACKOFF_S] * 3
    assert exact.after_failure(MORNING, 10_000) - MORNING == timedelta(seconds=LONGEST_BACKOFF_S)


def test_a_faster_market_waits_as_long_in_real_time() -> None:
    fast = Cadence(30, 60, 900, jitter=0.0, speed=60)
    assert fast.next_poll(MORNING, NYSE) - MORNING == timedelta(minutes=30)
    assert fast.after_failure(MORNING, 1) - MORNING == timedelta(minutes=5)


async def test_a_sleep_ends_when_the_clock_has_moved_on() -> None:
    clock = MovableClock()
    sleep = asyncio.create_task(wait_until(MORNING + timedelta(hours=9), clock.now, asyncio.Event(), 1.0))
    await asyncio.sleep(0.02)
    assert not sleep.done()
    clock.move(hours=10)  # a laptop that was closed
    await asyncio.wait_for(sleep, PATIENCE_S)


async def test_a_clock_that_is_set_back_makes_no_sleep_longer() -> None:
    clock = MovableClock()
    sleep = asyncio.create_task(wait_until(MORNING + timedelta(seconds=0.05), clock.now, asyncio.Event(), 1.0))
    await asyncio.sleep(0)
    clock.move(days=-90)
    await asyncio.wait_for(sleep, PATIENCE_S)


async def test_a_sleep_ends_when_it_is_woken_and_the_wake_is_used_up() -> None:
    wake = asyncio.Event()
    sleep = asyncio.create_task(wait_until(MORNING + timedelta(hours=9), MovableClock().now, wake, 1.0))
    await asyncio.sleep(0.01)
    wake.set()
    await asyncio.wait_for(sleep, PATIENCE_S)
    assert not wake.is_set()


async def test_what_is_due_already_is_not_slept_for() -> None:
    waiting = wait_until(MORNING, MovableClock().now, asyncio.Event(), 1.0)
    with pytest.raises(StopIteration):  # at its end without having given the loop a turn
        waiting.send(None)


@pytest.mark.parametrize("steps", range(4))
async def test_a_cancellation_that_comes_with_the_wake_is_not_lost(steps: int) -> None:
    wake = asyncio.Event()
    sleep = asyncio.create_task(woken(wake, 5))
    await asyncio.sleep(0)
    wake.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    was_over = sleep.done()
    sleep.cancel()
    await asyncio.wait([sleep])
    assert sleep.cancelled() is not was_over
