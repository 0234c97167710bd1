"""The months of the year of a pair: which count, what they come to, and when anything is said of them."""

import math
from datetime import date
from statistics import fmean, stdev

import pytest

from rotation_tui.domain.results import Season
from rotation_tui.domain.universe import Spread
from rotation_tui.studies.months import months
from rotation_tui.studies.pair import join
from rotation_tui.studies.seasons import YEARS, season, seasons
from rotation_tui.studies.spreads import study_spread
from tests.golden import golden
from tests.studies.material import NYSE, bars

FIRST, LAST = date(2010, 12, 31), date(2025, 6, 27)
"""From a year's last session to one before the last of its month."""


def found(last: date = LAST, skip: frozenset[date] = frozenset(), january: float = 0.02) -> tuple[Season, ...]:
    """The months of a pair whose small leg gains `january` in each January, and 1 % and loses 1 % by turns else."""
    days = [day for day in NYSE.sessions(FIRST, last) if day not in skip]
    level, closes = 100.0, {}
    for day, before in zip(days, [days[0], *days], strict=False):
        if day.month != before.month:
            level *= 1 + (january if day.month == 1 else 0.01 if day.year % 2 else -0.01)
        closes[str(day)] = level
    small = bars(closes, symbol="A")
    large = bars(dict.fromkeys(closes, 50.0), symbol="B")
    return seasons(months(join(small, large, NYSE), NYSE))


def test_a_month_by_hand() -> None:
    case = golden("S17")
    for name, margins in case["input"].items():
        expected, made = case["output"][name], season(1, margins)
        assert made.mean_pp == pytest.approx(expected["mean"], rel=1e-9)
        assert made.error_pp == pytest.approx(expected["error"], rel=1e-9)
        assert (made.positive, made.apart, made.years) == (expected["positive"], expected["apart"], len(margins))


def test_each_month_is_counted_once_a_year_and_the_running_one_not_at_all() -> None:
    made = found()
    assert [one.month for one in made] == list(range(1, 13))
    assert [one.years for one in made] == [15] * 5 + [14] * 7, "June 2025 is not over"
    assert [one.years for one in found(date(2025, 6, 30))][5] == 15


def test_a_month_that_gains_each_year_is_apart_from_zero_and_one_that_does_by_turns_is_not() -> None:
    made = found()
    january, february = made[0], made[1]
    assert january.mean_pp == pytest.approx(2.0)
    assert january.positive == january.years
    assert january.apart is True
    margins = [1.0 if year % 2 else -1.0 for year in range(2011, 2026)]
    assert february.mean_pp == pytest.approx(fmean(margins))
    assert february.error_pp == pytest.approx(stdev(margins) / math.sqrt(15))
    assert february.apart is False


def test_a_month_without_its_end_has_no_margin_nor_has_the_one_after() -> None:
    holed = found(skip=frozenset(NYSE.sessions(date(2015, 3, 20), date(2015, 3, 31))))
    assert [one.years for one in holed][:5] == [15, 15, 14, 14, 15]


def test_nothing_is_said_before_there_are_enough_years() -> None:
    assert season(1, []) == Season(1, None, None, 0, 0, None)
    assert season(1, [1.0]).error_pp is None
    assert season(1, [1.0, 1.1] * (YEARS // 2)).apart is True
    assert season(1, ([1.0, 1.1] * YEARS)[: YEARS - 1]).apart is None


def test_a_margin_that_is_always_the_same_is_apart_unless_it_is_zero() -> None:
    assert season(1, [0.5] * YEARS).apart is True
    assert season(1, [0.0] * YEARS).apart is False


def test_the_study_of_a_pair_has_its_months() -> None:
    days = {str(day): 100.0 + n / 7 for n, day in enumerate(NYSE.sessions(date(2023, 12, 29), date(2025, 1, 31)))}
    study = study_spread(Spread("A-B", "A", "B"), bars(days, symbol="A"), bars(days, symbol="B"), NYSE)
    assert [one.years for one in study.seasons] == [2, *[1] * 11]
    assert all(one.mean_pp == pytest.approx(0.0) and one.apart is None for one in study.seasons)
