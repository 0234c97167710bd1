"""Macro series: whether there can be more than is known, and when what is known is old."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rotation_tui.domain.observation import Observations
from rotation_tui.domain.series import NEVER, RELEASED, SERIES, Frequency, Series, out_of_bounds
from rotation_tui.domain.session import nyse
from rotation_tui.evidence.freshness import overdue
from tests.checks.material import YEAR_END

PERIODS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.MONTHLY: 31, Frequency.QUARTERLY: 92}
IN_DAYS = [row for row in SERIES.values() if row.lag.unit == row.limit.unit == "days"]


@pytest.mark.parametrize(
    ("series_id", "observed", "as_of", "more"),
    [
        ("DGS10", date(2025, 12, 24), date(2025, 12, 26), False),  # Christmas is no session
        ("DGS10", date(2025, 12, 24), date(2025, 12, 28), False),  # a Friday's yield counts from Monday on
        ("DGS10", date(2025, 12, 24), date(2025, 12, 29), True),
        ("DFEDTARU", date(2025, 12, 10), date(2025, 12, 11), True),
        ("DTWEXBGS", date(2025, 12, 12), date(2025, 12, 21), False),
        ("NFCI", date(2025, 12, 5), date(2025, 12, 16), False),
        ("NFCI", date(2025, 12, 5), date(2025, 12, 17), True),
        ("UNRATE", date(2026, 3, 1), date(2026, 5, 8), False),
        ("UNRATE", date(2026, 3, 1), date(2026, 5, 9), True),
        ("UNRATE", date(2025, 8, 1), date(2025, 11, 19), False),
        ("UNRATE", date(2025, 8, 1), date(2025, 11, 20), True),
        ("UNRATE", date(2025, 9, 1), date(2025, 12, 15), False),  # October was never made
        ("UNRATE", date(2025, 9, 1), date(2025, 12, 16), True),
        ("UNRATE", date(2025, 11, 1), date(2026, 1, 8), False),
        ("UNRATE", date(2025, 11, 1), date(2026, 1, 9), True),
        ("DRTSCIS", date(2025, 10, 1), date(2026, 2, 14), False),
        ("DRTSCIS", date(2025, 10, 1), date(2026, 2, 15), True),
        ("DGS10", date(1962, 1, 2), date(2025, 12, 29), True),
    ],
)
def test_more_can_be_known_once_the_next_date_is_published(
    series_id: str, observed: date, as_of: date, more: bool
) -> None:
    assert SERIES[series_id].may_go_on(observed, as_of, nyse()) is more


@pytest.mark.parametrize("row", IN_DAYS, ids=lambda row: row.series_id)
def test_a_value_is_not_old_before_its_successor_is_out(row: Series) -> None:
    observed = YEAR_END
    successor = observed + timedelta(days=PERIODS[row.frequency])
    day_before = successor + timedelta(days=row.lag.count - 1)
    assert row.newest_known(day_before, nyse()) < successor
    assert overdue(observed, day_before, row.limit, nyse()) is None


@pytest.mark.parametrize("series_id", ["UNRATE", "IPMAN", "EPUTRADE", "DRTSCIS", "B235RC1Q027SBEA"])
def test_a_monthly_or_quarterly_series_is_not_old_after_a_week_and_is_after_two_missed_dates(series_id: str) -> None:
    row = SERIES[series_id]
    period = PERIODS[row.frequency]
    assert overdue(YEAR_END, YEAR_END + timedelta(days=row.lag.count + 7), row.limit, nyse()) is None
    assert overdue(YEAR_END, YEAR_END + timedelta(days=row.lag.count + 2 * period + 1), row.limit, nyse()) is not None


@pytest.mark.parametrize(
    ("series_id", "as_of", "newest"),
    [
        ("UNRATE", date(2025, 9, 10), date(2025, 8, 1)),
        ("UNRATE", date(2025, 11, 19), date(2025, 8, 1)),
        ("UNRATE", date(2025, 11, 20), date(2025, 9, 1)),
        ("UNRATE", date(2025, 12, 15), date(2025, 9, 1)),
        ("UNRATE", date(2025, 12, 16), date(2025, 11, 1)),
        ("UNRATE", date(2025, 1, 9), date(2024, 11, 1)),
        ("UNRATE", date(2025, 1, 10), date(2024, 12, 1)),
        ("MANEMP", date(2025, 12, 15), date(2025, 9, 1)),
        ("ICSA", date(2025, 11, 19), date(2025, 9, 20)),
        ("ICSA", date(2025, 11, 20), date(2025, 11, 15)),
        ("CCSA", date(2025, 11, 19), date(2025, 9, 13)),
        ("CCSA", date(2025, 11, 20), date(2025, 11, 8)),
        ("IPMAN", date(2025, 12, 22), date(2025, 9, 1)),
        ("B235RC1Q027SBEA", date(2025, 12, 22), date(2025, 4, 1)),
        ("NFCI", date(2025, 11, 5), date(2025, 10, 31)),
    ],
)
def test_no_past_day_knows_what_a_shutdown_held_back(series_id: str, as_of: date, newest: date) -> None:
    row = SERIES[series_id]
    months = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}.get(row.frequency)
    if months is None:
        first = {"NFCI": date(2025, 1, 3)}.get(series_id, date(2025, 1, 4))
        made = [first + timedelta(weeks=n) for n in range(60)]
    else:
        made = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(0, 36, months)]
    if series_id == "UNRATE":
        made.remove(date(2025, 10, 1))
    assert max(day for day in made if day <= row.newest_known(as_of, nyse())) == newest


@pytest.mark.parametrize("series_id", sorted(RELEASED))
def test_what_is_listed_came_later_than_its_rhythm(series_id: str) -> None:
    row = SERIES[series_id]
    for day, out in RELEASED[series_id].items():
        assert out > day + timedelta(days=row.lag.count)
        assert row.newest_known(out - timedelta(days=1), nyse()) < day
        if day not in NEVER.get(series_id, ()):
            assert row.newest_known(out, nyse()) >= day


@pytest.mark.parametrize("series_id", SERIES)
@pytest.mark.parametrize("value", [-4e300, 4e300, 1e7 + 0.5])
def test_every_series_has_bounds(series_id: str, value: float) -> None:
    told = Observations(series_id, (date(2026, 1, 2),), (value,), "fred", datetime(2026, 1, 3, tzinfo=UTC))
    doubt = out_of_bounds(told)
    wide = SERIES[series_id].unit == "persons" and value == 1e7 + 0.5
    assert (doubt is None) is wide
    assert doubt is None or f"{series_id} lies between" in doubt


@pytest.mark.parametrize(
    ("series_id", "values"),
    [
        ("DFEDTARU", (0.25, 20.0)), ("DFF", (22.36, 0.04)), ("DCOILWTICO", (-36.98, 145.31)), ("UNRATE", (2.5, 14.8)),
        ("VIXCLS", (9.14, 82.69)), ("BAMLH0A3HYC", (4.1, 44.0)), ("ICSA", (162000.0, 6137000.0)),
        ("SAHMREALTIME", (-0.4, 9.5)), ("T10Y2Y", (-2.41, 2.91)), ("DRTSCIS", (-24.1, 74.5)), ("NFCI", (-1.1, 5.3)),
    ],
)  # fmt: skip
def test_what_has_been_seen_lies_within_the_bounds(series_id: str, values: tuple[float, ...]) -> None:
    days = (date(2026, 1, 2), date(2026, 1, 5))
    assert out_of_bounds(Observations(series_id, days, values, "fred", datetime(2026, 1, 6, tzinfo=UTC))) is None
