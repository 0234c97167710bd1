"""Macro series: whether there can be more than is known, and when what is known is old."""

from datetime import date, timedelta

import pytest

from rotation_tui.domain.series import SERIES, Frequency, Series
from rotation_tui.domain.session import nyse
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
        ("UNRATE", date(2025, 11, 1), date(2026, 1, 7), False),
        ("UNRATE", date(2025, 11, 1), date(2026, 1, 8), True),
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
    assert not row.is_stale(observed, day_before, nyse())


@pytest.mark.parametrize("series_id", ["UNRATE", "IPMAN", "EPUTRADE", "DRTSCIS", "B235RC1Q027SBEA"])
def test_a_monthly_or_quarterly_series_is_not_old_after_a_week_and_is_after_two_missed_dates(series_id: str) -> None:
    row = SERIES[series_id]
    period = PERIODS[row.frequency]
    assert not row.is_stale(YEAR_END, YEAR_END + timedelta(days=row.lag.count + 7), nyse())
    assert row.is_stale(YEAR_END, YEAR_END + timedelta(days=row.lag.count + 2 * period + 1), nyse())
