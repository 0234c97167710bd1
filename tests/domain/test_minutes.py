"""Prices within sessions: what may not become one, and which session and phase a row is of."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from rotation_tui.domain.minutes import Hours, Minutes, Row, in_sessions
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import Phase, nyse

NOW = datetime(2026, 3, 3, 21, 30, tzinfo=UTC)  # a Tuesday, 16:30 in New York


def at(moment: str) -> int:
    """Epoch seconds of a moment in UTC."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def minutes(
    times: tuple[float, ...], closes: tuple[float, ...], volumes: tuple[float | None, ...] | None = None
) -> Minutes:
    return Minutes("IWM", 60, times, closes, "yahoo", NOW, 0, volumes)


@pytest.mark.parametrize(
    ("times", "closes", "volumes"),
    [
        ((60.0, 60.0), (1.0, 1.0), None),
        ((120.0, 60.0), (1.0, 1.0), None),
        ((60.0,), (1.0, 2.0), None),
        ((60.0,), (1.0,), (1.0, 2.0)),
        ((60.0,), (0.0,), None),
        ((60.0,), (float("nan"),), None),
        ((60.0,), (float("inf"),), None),
    ],
)
def test_columns_that_cannot_be_are_refused(
    times: tuple[float, ...], closes: tuple[float, ...], volumes: tuple[float | None, ...] | None
) -> None:
    with pytest.raises(RefusedValueError):
        minutes(times, closes, volumes)


def test_what_is_kept_packed_comes_out_as_it_went_in() -> None:
    told = minutes((60.0, 180.0), (1.5, 2.5), (None, 7.0))
    assert (told.times, told.closes, told.volumes) == ((60.0, 180.0), (1.5, 2.5), (None, 7.0))


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        ("2026-03-03T08:59", Phase.CLOSED),
        ("2026-03-03T09:00", Phase.PRE),
        ("2026-03-03T14:29", Phase.PRE),
        ("2026-03-03T14:30", Phase.OPEN),
        ("2026-03-03T20:59", Phase.OPEN),
        ("2026-03-03T21:00", Phase.POST),
        ("2026-03-04T00:59", Phase.POST),
        ("2026-03-04T01:00", Phase.CLOSED),
        ("2026-03-09T13:30", Phase.OPEN),
        ("2026-11-27T17:59", Phase.OPEN),
        ("2026-11-27T18:00", Phase.POST),
    ],
)
def test_the_phase_of_a_minute_is_that_of_the_calendar(moment: str, phase: Phase) -> None:
    hours = Hours(nyse())
    assert hours.phase_at(at(moment)) is phase
    assert phase is nyse().state(datetime.fromisoformat(moment).replace(tzinfo=UTC)).phase
    hours.phase_at(at("2026-03-05T15:00"))
    assert hours.phase_at(at(moment)) is phase, "whatever was asked before"


def test_the_row_that_is_being_made_stands_at_its_beginning() -> None:
    rows: list[Row] = [(at("2026-03-03T20:58"), 1.0, None), (at("2026-03-03T20:59"), 2.0, None)]
    late = (at("2026-03-03T20:59") + 17, 2.5, None)
    assert in_sessions([*rows, late], 60, 1, nyse(), NOW) == [rows[0], (rows[1][0], 2.5, None)]


def test_so_many_sessions_are_told_and_none_before() -> None:
    days = [f"2026-02-{day}" for day in (24, 25, 26, 27)] + ["2026-03-02", "2026-03-03"]
    rows = [(at(f"{day}T15:00"), 100.0, None) for day in days]
    told = in_sessions(rows, 300, 5, nyse(), NOW)
    assert [datetime.fromtimestamp(row[0], UTC).date() for row in told] == [date.fromisoformat(day) for day in days[1:]]
    assert all(one[0] < other[0] for one, other in pairwise(told))
