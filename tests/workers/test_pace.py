"""Polling leaves room in the hour's budget, however many monitors share it."""

from datetime import UTC, datetime, timedelta

import pytest

from rotation_tui.workers.cadence import Cadence

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
DUE = NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("used", "budget", "seconds"), [(0, 300, 30), (180, 300, 30), (240, 300, 168.6), (300, 300, 643.0), (999, None, 30)]
)
def test_the_wait_grows_as_the_budget_runs_out(used: int, budget: int | None, seconds: float) -> None:
    due = Cadence(30, 60, 900).paced(DUE, NOW, used, budget)
    assert (due - NOW).total_seconds() == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("monitors", [1, 2, 3, 4])
def test_monitors_that_share_a_budget_settle_below_it(monitors: int) -> None:
    """Two requests a poll, every 30 s while there is room: the pace that feeds on itself stays within 300 an hour."""
    cadence, budget = Cadence(30, 60, 900), 300
    sent: list[float] = []
    due = [float(i) for i in range(monitors)]
    while min(due) < 4 * 3600:
        who = due.index(min(due))
        now = due[who]
        sent += [now, now]
        used = sum(at > now - 3600 for at in sent)
        assert used <= budget
        at = NOW + timedelta(seconds=now)
        due[who] = now + (cadence.paced(at + timedelta(seconds=30), at, used, budget) - at).total_seconds()
