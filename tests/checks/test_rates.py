"""Rates: the year's base, the words for it, and holes around the turn of the year."""

from datetime import date, timedelta

import pytest

from rotation_tui.checks import rates
from rotation_tui.checks.drivers import drivers
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.reading import Level
from rotation_tui.evidence.measures import Moves, moves_of
from tests.checks.material import inputs, observed, read
from tests.golden import golden

F1 = next(check for check in all_checks() if check.id == "F1")


def test_policy_rate_of_2025() -> None:
    case = golden("K04")
    upper = {date(2024, 12, 31): case["input"]["base_2024-12-31"]}
    upper |= {date(2025, 12, day): case["input"]["last_2025-12-31"] for day in (30, 31)}
    lower = {day: rate - 0.25 for day, rate in upper.items()}
    shown = read(F1, inputs(observations=[observed("DFEDTARU", upper), observed("DFEDTARL", lower)]))
    assert shown.value == pytest.approx(case["output"]["change_pp"], rel=1e-8)
    assert -rates.moves_of_a_quarter(-0.75) == case["output"]["cuts25"]
    assert (shown.level, shown.why) == (Level.OK, "1 cut, −75bp to 3.50-3.75, 30 Dec")


@pytest.mark.parametrize(
    ("last", "level", "why"),
    [
        (4.25, Level.OK, "1 cut, −25bp to 4.25, 30 Dec"),
        (4.5, Level.WATCH, "Fed 4.50, no move this year"),
        (4.75, Level.ALERT, "1 rise, +25bp to 4.75, 30 Dec"),
    ],
)
def test_no_move_is_watch_and_a_rise_is_alert(last: float, level: Level, why: str) -> None:
    upper = {date(2024, 12, 30): 4.5, date(2025, 12, 30): last, date(2025, 12, 31): last}
    shown = read(F1, inputs(observations=[observed("DFEDTARU", upper)]))
    assert (shown.level, shown.why) == (level, why)


@pytest.mark.parametrize("base", [date(2024, 12, 23), date(2025, 1, 1)])
def test_without_a_base_near_the_years_end_it_is_unknown(base: date) -> None:
    shown = read(F1, inputs(observations=[observed("DFEDTARU", {base: 4.5, date(2025, 12, 31): 4.5})]))
    assert (shown.level, shown.why) == (Level.UNKNOWN, "needs a value before the year's start")


def range_of(*steps: tuple[date, float], last: date) -> tuple[Observations, Observations]:
    """Both ends of the target range on every day from the first of `steps` to `last`."""
    days = [steps[0][0] + timedelta(n) for n in range((last - steps[0][0]).days + 1)]
    upper = {day: next(rate for at, rate in reversed(steps) if at <= day) for day in days}
    return observed("DFEDTARU", upper), observed("DFEDTARL", {day: rate - 0.25 for day, rate in upper.items()})


CUT, RISE, BACK = (date(2025, 12, 11), 3.75), (date(2026, 9, 17), 4.0), (date(2026, 10, 29), 3.75)
START = (date(2025, 1, 1), 4.5)


@pytest.mark.parametrize(
    ("steps", "last", "level", "why", "driver"),
    [
        (
            (START, CUT, RISE), date(2026, 11, 27), Level.ALERT, "1 rise, +25bp to 3.75-4.00, 17 Sep",
            "3.75-4.00 %, 1 rise, net +25 bp this year, last +25 bp on 2026-09-17",
        ),
        (
            (START, CUT, RISE, BACK), date(2026, 11, 27), Level.WATCH, "1 cut 1 rise, +0bp to 3.50-3.75",
            "3.50-3.75 %, 1 cut 1 rise, net +0 bp this year, last −25 bp on 2026-10-29",
        ),
        (
            (START, CUT), date(2026, 9, 16), Level.WATCH, "Fed at 3.50-3.75 since 11 Dec 2025",
            "3.50-3.75 %, no move this year, last −75 bp on 2025-12-11",
        ),
    ],
)  # fmt: skip
def test_moves_of_the_fed_are_told_both_ways(
    steps: tuple[tuple[date, float], ...], last: date, level: Level, why: str, driver: str
) -> None:
    given = inputs(observations=range_of(*steps, last=last), as_of=last)
    shown = read(F1, given)
    assert (shown.level, shown.why) == (level, why)
    fed = next(reading for reading in drivers(given) if reading.id == "FED")
    assert fed.text == driver


def test_no_line_about_the_fed_is_longer_than_a_line() -> None:
    day = date(2022, 12, 15)
    for cuts, rises in ((0, 0), (1, 0), (0, 8), (8, 8)):
        for net in (None, 0.0, 4.25, -4.25):
            for last in (None, day):
                moves = Moves(2022, cuts, rises, net, last, None if last is None else 0.5)
                assert len(rates.policy_words("4.25-4.50", moves)) <= 34


def test_without_the_rate_at_the_years_start_there_is_no_net() -> None:
    moves = moves_of([(date(2026, 3, 2), 3.75), (date(2026, 9, 17), 4.0)])
    assert moves == Moves(2026, 0, 1, None, date(2026, 9, 17), 0.25)
    assert moves_of([]) is None
