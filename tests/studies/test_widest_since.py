"""Widest since: the search itself, and the five definitions on real closes."""

from datetime import date

import numpy as np
import pytest

from rotation_tui.domain.results import DEFINITIONS, SAME_AS_CALENDAR
from rotation_tui.studies.pair import Pair, join
from rotation_tui.studies.widest_since import of_episode, search, widest_since
from tests.golden import golden
from tests.studies.material import NYSE, SMALL_DIGITS, bars, history, on_sessions


def real(last: date) -> Pair:
    return join(history("RUT").until(last), history("SPX").until(last))


@pytest.mark.parametrize(("case", "over_a_decade"), [("S07", 0), ("S08", 1)])
def test_the_search(case: str, over_a_decade: int) -> None:
    entry = golden(case)
    *earlier, today = [date.fromisoformat(day) for day in entry["input"]]
    *before, value = entry["input"].values()
    found = search(today, value, value, earlier, before)
    expected = entry["output"]
    assert (found.value, found.record) == (expected["value"], expected["record"])
    assert (found.since and found.since.isoformat()) == expected["since"]
    assert found.first is not None
    assert found.first.isoformat() == expected["first"]
    assert found.years == pytest.approx(expected["years"], rel=SMALL_DIGITS)
    assert found.over_a_decade is golden("S09")["output"][over_a_decade]


def test_a_record_in_a_short_history_says_nothing_of_a_decade() -> None:
    found = search(date(2025, 12, 31), 3.0, 3.0, [date(2020, 1, 2)], [1.0])
    assert (found.record, found.over_a_decade) == (True, None)
    assert found.note == "only 6.0 years searched"


@pytest.mark.parametrize("value", [0.0, -0.1])
def test_without_a_lead_there_is_no_margin(value: float) -> None:
    found = search(date(2025, 12, 31), value, 5.0, [date(2010, 1, 4)], [-5.0])
    assert (found.since, found.record, found.over_a_decade) == (None, False, False)
    assert found.note == "no margin: small lag"


def test_the_headline_at_the_end_of_2025_was_wrong_by_all_five_definitions() -> None:
    found = widest_since(real(date(2025, 12, 31)))
    assert tuple(found) == DEFINITIONS
    assert [one.over_a_decade for one in found.values()] == [False] * 5
    assert found["CAL"].value == pytest.approx(-5.10, abs=0.005)
    assert found["HALF"].value == pytest.approx(3.79, abs=0.005)
    assert found["HALF"].since == date(2020, 12, 31)


def test_a_half_year_is_compared_with_the_same_half_of_other_years() -> None:
    found = widest_since(real(date(2020, 12, 31)))["HALF"]
    assert found.value == pytest.approx(15.9, abs=0.05)
    assert found.record
    assert found.first == date(2005, 12, 30)
    assert found.over_a_decade is True
    assert found.years == pytest.approx(15.0, abs=0.01)


def test_the_rolling_margin_is_judged_by_its_run_against_what_lay_before() -> None:
    entry = golden("S16")
    days = [date.fromisoformat(day) for day in entry["input"]]
    values = np.array(list(entry["input"].values()))
    found = of_episode(days, values)
    expected = entry["output"]
    assert (found.value, found.run_max, found.record) == (expected["value"], expected["run_max"], expected["record"])
    assert (str(found.since), str(found.first)) == (expected["since"], expected["first"])
    assert found.years == pytest.approx(expected["years"], rel=SMALL_DIGITS)
    assert found.over_a_decade is expected["over_a_decade"]
    lag = of_episode(days[:-3], values[:-3])
    assert (lag.since, lag.run_max, lag.over_a_decade, lag.note) == (None, None, False, "no margin: small lag")


def test_a_run_is_never_the_widest_since_a_day_of_its_own() -> None:
    """Above 0 for thirty sessions: the highest was on the fifth, and 21 sessions back is another day of the run."""
    days = NYSE.sessions(NYSE.offset(date(2025, 12, 31), -30), date(2025, 12, 31))
    run = np.array([-1.0, 4.0, 5.0, 7.0, 9.0, 8.0, *(6.0 - n / 10 for n in range(25))])
    assert len(run) == len(days)
    found = of_episode(days, run)
    assert (found.value, found.run_max, found.since) == (run[-1], 9.0, None)
    assert (found.record, found.first, found.over_a_decade) == (True, days[0], None)
    assert found.note == "only 0.1 years searched"
    whole = of_episode(days[1:], run[1:])
    assert (whole.since, whole.over_a_decade, whole.note) == (None, None, "nothing earlier to compare with")
    holed = of_episode(days, np.concatenate((run[:10], [np.nan], run[11:])))
    assert (holed.run_max, holed.since) == (run[11:].max(), days[9])


def test_on_real_closes_the_run_of_autumn_2025_is_one_episode() -> None:
    on_the_day = widest_since(real(date(2025, 10, 15)))["ROLL126"]
    assert on_the_day.value == on_the_day.run_max == pytest.approx(10.21, abs=0.005)
    assert on_the_day.since == date(2021, 5, 18)
    after = widest_since(real(date(2025, 10, 30)))["ROLL126"]
    assert after.value is not None
    assert 0 < after.value < 9
    assert (after.run_max, after.since) == (on_the_day.run_max, on_the_day.since)
    another = widest_since(real(date(2025, 12, 31)))["ROLL126"]
    assert another.run_max == pytest.approx(7.24, abs=0.005)
    assert another.since == date(2025, 10, 15), "it fell to 0 in between, so that this is another episode"


def test_a_leap_day_is_compared_with_the_28th() -> None:
    found = widest_since(real(date(2024, 2, 29)))["CAL"]
    earlier = widest_since(real(date(2023, 2, 28)))["CAL"]
    assert found.first == date(2006, 2, 28)
    assert earlier.value is not None
    assert earlier.value > 0


def test_a_streak_counts_days_in_the_lead() -> None:
    lead = [100.0, 101, 102, 103, 103, 104, 105]
    pair = join(on_sessions(lead), on_sessions([100.0] * 7))
    found = widest_since(pair)["STREAK"]
    assert (found.value, found.since) == (2.0, pair.dates[3])


def test_one_row_and_a_young_history_have_no_margin() -> None:
    one = bars({"2025-12-31": 10.0})
    for found in widest_since(join(one, one)).values():
        assert (found.value, found.since, found.over_a_decade) == (None, None, None)
        assert found.note == "history too short"
    young = widest_since(join(on_sessions([1.0 + i for i in range(130)]), on_sessions([1.0] * 130)))
    assert young["ROLL126"].note == "nothing earlier to compare with"
    assert young["ROLL126"].over_a_decade is None


@pytest.mark.parametrize(("last", "own"), [(date(2025, 6, 30), False), (date(2025, 7, 1), True)])
def test_the_half_year_is_a_fact_of_its_own_from_july_on(last: date, own: bool) -> None:
    found = widest_since(real(last))
    year, half = found["CAL"], found["HALF"]
    assert (half.value == year.value) is not own
    assert (half.note == SAME_AS_CALENDAR) is not own
    assert (half.over_a_decade is None) is not own
    if not own:
        assert (half.value, half.since, half.years, half.record) == (year.value, year.since, year.years, year.record)
