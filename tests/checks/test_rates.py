"""Rates: the year's base, the words for it, and holes around the turn of the year."""

from datetime import date

import pytest

from rotation_tui.checks import rates
from rotation_tui.checks.evaluate import all_checks, read
from rotation_tui.domain.results import Level
from tests.checks.material import golden, inputs, observed

F1 = next(check for check in all_checks() if check.id == "F1")


def test_policy_rate_of_2025() -> None:
    case = golden("K04")
    upper = {date(2024, 12, 31): case["input"]["base_2024-12-31"]}
    upper |= {date(2025, 12, day): case["input"]["last_2025-12-31"] for day in (30, 31)}
    lower = {day: rate - 0.25 for day, rate in upper.items()}
    shown = read(F1, inputs(observations=[observed("DFEDTARU", upper), observed("DFEDTARL", lower)]))
    assert shown.value == pytest.approx(case["output"]["change_pp"], rel=1e-8)
    assert -rates.moves_of_a_quarter(-0.75) == case["output"]["cuts25"]
    assert (shown.level, shown.why) == (Level.OK, "3.50-3.75 · 3 cuts this year")


@pytest.mark.parametrize(
    ("last", "level", "why"),
    [
        (4.25, Level.OK, "4.25 · 1 cut this year"),
        (4.5, Level.WATCH, "4.50 · no cuts this year"),
        (4.75, Level.ALERT, "4.75 · 1 hike this year"),
    ],
)
def test_no_cut_is_watch_and_a_hike_is_alert(last: float, level: Level, why: str) -> None:
    upper = {date(2024, 12, 30): 4.5, date(2025, 12, 30): last, date(2025, 12, 31): last}
    shown = read(F1, inputs(observations=[observed("DFEDTARU", upper)]))
    assert (shown.level, shown.why) == (level, why)


@pytest.mark.parametrize("base", [date(2024, 12, 23), date(2025, 1, 1)])
def test_without_a_base_near_the_years_end_it_is_unknown(base: date) -> None:
    shown = read(F1, inputs(observations=[observed("DFEDTARU", {base: 4.5, date(2025, 12, 31): 4.5})]))
    assert (shown.level, shown.why) == (Level.UNKNOWN, "needs a value before the year's start")
