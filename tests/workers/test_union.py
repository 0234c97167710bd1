"""What several feeds know of one symbol becomes one history, whoever was read first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.observation import Observations
from rotation_tui.workers.union import united, united_series
from tests.store.material import bars


def test_of_nothing_comes_nothing() -> None:
    assert united([]) is None
    assert united([bars({})]) is None


FILE = bars({2: 10.0, 3: 11.0, 4: 12.0}, source="file")
NET = replace(bars({3: 11.0, 4: 12.0, 5: 13.0}, source="net"), volumes=(3.0, None, 5.0), lows=(None, 2.0, 1.0))
NET = replace(NET, opens=(9.0, 10.0, None))


@pytest.mark.parametrize("histories", [(FILE, NET), (NET, FILE)], ids=["file first", "net first"])
def test_two_that_agree_add_up(histories: tuple[Bars, ...]) -> None:
    whole = united(histories)
    assert whole is not None
    assert whole.closes == (10.0, 11.0, 12.0, 13.0)
    assert whole.volumes == (None, 3.0, None, 5.0)
    assert whole.lows == (None, None, 2.0, 1.0)
    assert whole.opens == (None, 9.0, 10.0, None)
    assert whole.highs is None
    assert whole.source == "net"


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({2: 10.0, 3: 11.0}, {2: 10.0, 3: 12.0}, "first"),
        ({2: 10.0, 3: 11.0}, {3: 12.0, 4: 13.0}, "second"),
        ({2: 10.0, 3: 11.0}, {5: 13.0, 6: 13.0}, "second"),
        ({5: 13.0, 6: 13.0}, {2: 10.0, 3: 11.0}, "first"),
    ],
    ids=["disagree", "disagree, goes on longer", "gap", "ends before"],
)
def test_of_two_that_do_not_fit_one_stands_whole(
    first: dict[int, float], second: dict[int, float], stands: str
) -> None:
    both = {"first": bars(first, source="first"), "second": bars(second, source="second")}
    assert united(both.values()) == both[stands]


def yields(values: dict[int, float], source: str, since: date | None = None) -> Observations:
    """A series by the day of March."""
    days = tuple(date(2026, 3, day) for day in values)
    return Observations("DGS10", days, tuple(values.values()), source, datetime(2026, 3, 9, tzinfo=UTC), since)


def test_series_that_meet_add_up_and_the_earlier_feed_counts() -> None:
    first, later = yields({3: 4.1, 4: 4.2}, "first"), yields({2: 4.0, 3: 4.11, 4: 4.2, 5: 4.3}, "later")
    whole = united_series([yields({}, "none"), first, later])
    assert whole is not None
    assert whole.values == (4.0, 4.1, 4.2, 4.3)
    assert whole.source == "later"
    assert united_series([later, first]) == later


def test_a_limit_of_the_source_is_that_of_the_oldest_row() -> None:
    limited, long = yields({3: 4.1, 4: 4.2}, "limited", date(2026, 3, 3)), yields({2: 4.0, 3: 4.1}, "long")
    for histories, since in (((limited, long), None), ((limited,), date(2026, 3, 3))):
        whole = united_series(histories)
        assert whole is not None
        assert (whole.complete_since, whole.source) == (since, "limited")


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({2: 98.0, 3: 99.0}, {2: 102.0, 3: 103.0}, "first"),
        ({2: 98.0, 3: 99.0}, {3: 103.0, 4: 104.0}, "second"),
        ({2: 98.0, 3: 99.0}, {5: 99.0, 6: 99.0}, "second"),
        ({5: 98.0, 6: 99.0}, {2: 98.0, 3: 99.0}, "first"),
    ],
    ids=["another base", "another base, goes on longer", "gap", "ends before"],
)
def test_of_two_series_that_do_not_meet_one_stands_whole(
    first: dict[int, float], second: dict[int, float], stands: str
) -> None:
    both = {"first": yields(first, "first"), "second": yields(second, "second")}
    assert united_series(both.values()) == both[stands]
