"""Macro series: whether there can be more than is known."""

from datetime import date

import pytest

from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import nyse


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
