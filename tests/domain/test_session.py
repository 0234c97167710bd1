"""The session calendar against its reference, the golden cases, and the properties that callers rely on."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain import session
from rotation_tui.domain.session import EASTERN, CalendarRange, Phase, SessionState, nyse
from tests.domain import generate_sessions
from tests.golden import golden

NYSE = nyse()
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

# Far enough from either end that neighbours, whole months and 20 sessions either way lie in the table.
days = st.dates(NYSE.first + 60 * DAY, NYSE.last - 60 * DAY)
moments = st.builds(
    lambda d, since: datetime.combine(d, time(), UTC) + since, days, st.timedeltas(timedelta(0), DAY - TICK)
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def eastern(d: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(d, time(hour, minute), EASTERN).astimezone(UTC)


# --- the table


@pytest.mark.whole
def test_every_day_equals_the_reference() -> None:
    reference = generate_sessions.reference()
    every = [NYSE.first + n * DAY for n in range((NYSE.last - NYSE.first).days + 1)]
    assert (every[0], every[-1]) == (date(1978, 1, 1), date(2030, 12, 31))
    assert [d for d in every if NYSE.is_session(d)] == list(reference)
    for d, (opening, closing) in reference.items():
        assert NYSE.open_at(d) == eastern(d, opening.hour, opening.minute), d
        assert NYSE.close_at(d) == eastern(d, closing.hour, closing.minute), d
    assert [d for d in every if NYSE.is_early_close(d)] == [d for d, (_, c) in reference.items() if c < time(16)]


def test_the_generator_makes_the_shipped_file() -> None:
    shipped = Path(session.__file__).with_name("nyse_sessions.toml")
    assert shipped.read_text(encoding="utf-8") == generate_sessions.table()


def test_golden_c01_closed_days_and_early_closes_of_2026() -> None:
    case = golden("C01")
    weekdays = [d for d in (date(2026, 1, 1) + n * DAY for n in range(365)) if d.weekday() < 5]
    assert [str(d) for d in weekdays if not NYSE.is_session(d)] == case["output"]["closed"]
    early = [d for d in weekdays if NYSE.is_early_close(d)]
    assert [str(d) for d in early] == case["output"]["early"]
    assert all(NYSE.close_at(d) == eastern(d, 13) for d in early)


@pytest.mark.parametrize("day", ["2001-09-11", "2012-10-29", "2018-12-05", "2025-01-09", "2026-11-22"])
def test_one_off_closures_and_weekends_are_no_sessions_and_have_no_hours(day: str) -> None:
    d = date.fromisoformat(day)
    assert not NYSE.is_session(d)
    assert not NYSE.is_early_close(d)
    for hours in (NYSE.open_at, NYSE.close_at):
        with pytest.raises(ValueError, match=f"{day} is not an NYSE session"):
            hours(d)


# --- dates


def test_golden_c02_around_a_sunday_before_thanksgiving() -> None:
    case = golden("C02")
    sunday, expected = date.fromisoformat(case["input"]["now"]), case["output"]
    assert str(NYSE.on_or_before(sunday)) == str(NYSE.previous(sunday)) == expected["last"]
    assert str(NYSE.next(sunday)) == expected["next"]
    assert [str(d) for d in NYSE.sessions(sunday, sunday + 6 * DAY)] == expected["week"]


def test_golden_k07_age_in_sessions() -> None:
    case = golden("K07")
    for (as_of, now), (age, _) in zip(case["input"], case["output"], strict=True):
        assert NYSE.age(date.fromisoformat(as_of), date.fromisoformat(now)) == age


@given(a=days, b=days)
def test_age_counts_the_sessions_after_one_day_up_to_another(a: date, b: date) -> None:
    assert NYSE.age(a, b) == len(NYSE.sessions(a + DAY, b))
    assert NYSE.age(max(a, b), min(a, b)) == 0


@given(d=days)
def test_neighbours_have_only_closed_days_between_them(d: date) -> None:
    before, here, after = NYSE.previous(d), NYSE.on_or_before(d), NYSE.next(d)
    assert before < d < after
    walked = [before + n * DAY for n in range((after - before).days + 1)]
    assert [day for day in walked if NYSE.is_session(day)] == sorted({before, here, after})
    assert here == (d if NYSE.is_session(d) else before)


@given(d=days, n=st.integers(-20, 20))
def test_offset_walks_sessions(d: date, n: int) -> None:
    expected = NYSE.on_or_before(d)
    for _ in range(abs(n)):
        expected = NYSE.next(expected) if n > 0 else NYSE.previous(expected)
    assert NYSE.offset(d, n) == expected


@given(d=days)
def test_one_session_a_month_is_its_last(d: date) -> None:
    last = NYSE.last_of_month(d.year, d.month)
    assert (last.year, last.month) == (d.year, d.month)
    assert NYSE.next(last).month != d.month
    assert NYSE.is_last_of_month(d) == (d == last)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 5, 29), (2026, 11, 30), (2024, 3, 28), (2000, 2, 29), (2030, 12, 31)]
)
def test_last_session_of_a_month(year: int, month: int, day: int) -> None:
    assert NYSE.last_of_month(year, month) == date(year, month, day)


# --- moments


def test_golden_c04_phases() -> None:
    case = golden("C04")
    assert [NYSE.state(utc(moment)).phase for moment in case["input"]] == case["output"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # Friday evening: closed until Monday's pre-market, which starts at 04:00 EST.
        ("2026-11-21T01:00", (Phase.CLOSED, Phase.PRE, "2026-11-23T09:00", False, None)),
        # The night into a session is closed, and belongs to none.
        ("2026-11-27T08:59", (Phase.CLOSED, Phase.PRE, "2026-11-27T09:00", False, None)),
        # The day after Thanksgiving: 13:00 close, and 17:00 instead of 20:00 for what follows.
        ("2026-11-27T09:00", (Phase.PRE, Phase.OPEN, "2026-11-27T14:30", True, "2026-11-27")),
        ("2026-11-27T14:30", (Phase.OPEN, Phase.POST, "2026-11-27T18:00", True, "2026-11-27")),
        ("2026-11-27T18:00", (Phase.POST, Phase.CLOSED, "2026-11-27T22:00", True, "2026-11-27")),
        ("2026-11-27T22:00", (Phase.CLOSED, Phase.PRE, "2026-11-30T09:00", False, None)),
        # A regular evening lies on the next UTC date and still belongs to its session.
        ("2026-11-24T00:59", (Phase.POST, Phase.CLOSED, "2026-11-24T01:00", False, "2026-11-23")),
        # Clocks go forward over this week-end: closed in EST, opens in EDT.
        ("2026-03-07T12:00", (Phase.CLOSED, Phase.PRE, "2026-03-09T08:00", False, None)),
        # Clocks go back over this one.
        ("2026-10-31T12:00", (Phase.CLOSED, Phase.PRE, "2026-11-02T09:00", False, None)),
        # Christmas Eve of 1990 closed at 14:00.
        ("1990-12-24T18:59", (Phase.OPEN, Phase.POST, "1990-12-24T19:00", True, "1990-12-24")),
    ],
)
def test_state(moment: str, expected: tuple[Phase, Phase, str, bool, str | None]) -> None:
    phase, following, change, early, day = expected
    belongs = date.fromisoformat(day) if day else None
    assert NYSE.state(utc(moment)) == SessionState(phase, following, utc(change), early, belongs)


@given(now=moments)
def test_a_phase_lasts_until_its_announced_end(now: datetime) -> None:
    state = NYSE.state(now)
    assert state.next_change > now
    assert state.next_change.tzinfo is UTC
    assert NYSE.state(state.next_change - TICK) == state
    after = NYSE.state(state.next_change)
    assert after.phase is state.next_phase
    assert after != state
    assert (state.session is None) == (state.phase is Phase.CLOSED)
    if state.session:
        assert state.early_close == NYSE.is_early_close(state.session)
        opened = NYSE.open_at(state.session) <= now < NYSE.close_at(state.session)
        assert opened == (state.phase is Phase.OPEN)


@given(now=moments, hours=st.integers(-12, 14))
def test_the_zone_a_moment_is_written_in_does_not_matter(now: datetime, hours: int) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))
    assert NYSE.state(elsewhere) == NYSE.state(now)
    assert NYSE.last_completed(elsewhere) == NYSE.last_completed(now)


@given(now=moments)
def test_last_completed_has_closed_and_the_next_one_has_not(now: datetime) -> None:
    last = NYSE.last_completed(now)
    assert NYSE.close_at(last) <= now < NYSE.close_at(NYSE.next(last))


@given(d=days)
def test_a_session_is_completed_at_its_close_and_not_before(d: date) -> None:
    d = NYSE.on_or_before(d)
    assert NYSE.last_completed(NYSE.close_at(d)) == d
    assert NYSE.last_completed(NYSE.close_at(d) - TICK) == NYSE.previous(d)


# --- what is refused


@pytest.mark.parametrize("outside", [date(1977, 12, 30), date(2031, 1, 2)])
def test_days_outside_the_table_are_refused_with_its_range(outside: date) -> None:
    inside, noon = date(2026, 11, 20), datetime.combine(outside, time(12), UTC)
    for ask in (
        lambda: NYSE.is_session(outside),
        lambda: NYSE.is_early_close(outside),
        lambda: NYSE.is_last_of_month(outside),
        lambda: NYSE.close_at(outside),
        lambda: NYSE.previous(outside),
        lambda: NYSE.next(outside),
        lambda: NYSE.on_or_before(outside),
        lambda: NYSE.offset(outside, 0),
        lambda: NYSE.age(outside, inside),
        lambda: NYSE.age(inside, outside),
        lambda: NYSE.sessions(inside, outside),
        lambda: NYSE.last_of_month(outside.year, outside.month),
        lambda: NYSE.last_completed(noon),
        lambda: NYSE.state(noon),
    ):
        with pytest.raises(CalendarRange, match="covers 1978-01-01 to 2030-12-31"):
            ask()


def test_walking_off_the_table_is_refused_not_wrapped_round() -> None:
    every = NYSE.sessions(NYSE.first, NYSE.last)
    first, last = every[0], every[-1]
    for ask in (
        lambda: NYSE.previous(first),
        lambda: NYSE.on_or_before(NYSE.first),
        lambda: NYSE.offset(NYSE.first, 1),
        lambda: NYSE.offset(first, -1),
        lambda: NYSE.next(last),
        lambda: NYSE.offset(last, 1),
        lambda: NYSE.state(eastern(last, 20)),
        lambda: NYSE.last_completed(eastern(first, 15, 59)),
    ):
        with pytest.raises(CalendarRange, match="covers 1978-01-01 to 2030-12-31"):
            ask()


def test_a_moment_is_no_date_and_a_naive_moment_is_no_moment() -> None:
    with pytest.raises(TypeError, match="not a date"):
        NYSE.is_session(datetime(2026, 11, 20, 23, tzinfo=UTC))
    for ask in (NYSE.state, NYSE.last_completed):
        with pytest.raises(ValueError, match="no time zone"):
            ask(datetime(2026, 11, 20, 23))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("now", "months"), [("2029-12-31", 12), ("2030-07-01", 6), ("2030-12-31", 0), ("2033-01-01", 0)]
)
def test_months_left(now: str, months: float) -> None:
    assert NYSE.months_left(date.fromisoformat(now)) == pytest.approx(months, abs=0.1)


def test_import_reads_nothing_and_the_table_is_read_once() -> None:
    code = "import sys, rotation_tui.domain.session; print({'tomllib', 'pandas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
    assert nyse() is nyse()


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-24T10:05", "2026-11-24T14:30", 4 + 25 / 60),
        ("2026-11-20T16:00", "2026-11-23T09:30", 0),
        ("2026-11-20T16:00", "2026-11-23T10:27", 57 / 60),
        ("2026-11-20T15:50", "2026-11-22T12:00", 10 / 60),
        ("2026-11-25T15:00", "2026-11-27T16:00", 1 + 3.5),
        ("2026-11-24T14:30", "2026-11-24T10:05", 0),
        ("2026-11-24T08:00", "2026-11-24T20:00", 6.5),
    ],
    ids=["one day", "over a weekend", "after a weekend", "on a Sunday", "holiday and half day", "backwards", "whole"],
)
def test_traded_is_the_time_for_which_the_exchange_was_open(since: str, until: str, hours: float) -> None:
    moments = [datetime.fromisoformat(m).replace(tzinfo=EASTERN) for m in (since, until)]
    assert nyse().traded(*moments) == timedelta(hours=hours)


@given(days, st.integers(-3, 400))
def test_sessions_are_counted_without_their_dates(first: date, length: int) -> None:
    last = min(first + length * DAY, NYSE.last)
    assert max(0, NYSE.count(first, last)) == len(NYSE.sessions(first, last))


@given(
    st.one_of(
        st.lists(st.dates(NYSE.first - 60 * DAY, NYSE.last + 60 * DAY), unique=True).map(sorted),
        st.tuples(days, st.integers(0, 400)).map(
            lambda d: list(NYSE.sessions(d[0], min(d[0] + d[1] * DAY, NYSE.last)))
        ),
    ),
    st.sets(st.integers(0, 300)),
)
def test_days_without_a_session_are_found_among_any(dates: list[date], lacking: set[int]) -> None:
    some = [d for row, d in enumerate(dates) if row not in lacking]
    none = [row for row, d in enumerate(some) if NYSE.first <= d <= NYSE.last and not NYSE.is_session(d)]
    assert list(NYSE.no_sessions(some)) == none
