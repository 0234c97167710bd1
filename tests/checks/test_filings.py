"""Checks that read what funds hold and companies file."""

from datetime import date

import pytest

from rotation_tui.checks.evaluate import all_checks, read
from rotation_tui.domain.reading import Level
from tests.checks.material import inputs
from tests.fundamentals import REPORTED, made

CHECKS = {check.id: check for check in all_checks()}
READ = {
    "F5": ("short_of_interest", 25.0, 35.0),
    "F6": ("effective_rate", 6.0, 7.0),
    "Q1": ("unprofitable_count", 40.0, 45.0),
    "Q2": ("unprofitable_weight", 30.0, 40.0),
    "K3": ("top10", 6.0, 10.0),
}


@pytest.mark.parametrize("check", READ)
def test_levels_by_the_small_ones(check: str) -> None:
    measure, watch, alert = READ[check]
    found = {}
    for value in (watch - 0.01, watch, alert - 0.01, alert):
        found[value] = read(CHECKS[check], inputs(fundamentals=made(**{measure: (value, 0.0)}))).reading.level
    assert list(found.values()) == [Level.OK, Level.WATCH, Level.WATCH, Level.ALERT]


def test_the_ten_largest_of_the_large_ones() -> None:
    told = read(CHECKS["K1"], inputs(fundamentals=made(top10=(50.0, 36.0)))).reading
    assert (told.level, told.value, told.as_of, told.source) == (Level.WATCH, 36.0, date(2025, 12, 29), "fund")


def test_a_reading_says_what_it_rests_on() -> None:
    told = read(CHECKS["Q1"], inputs(fundamentals=made(unprofitable_count=(41.0, 5.0)))).reading
    assert (told.as_of, told.source) == (REPORTED, "fund + sec")
    assert told.beside == "of 90 companies of 100, 90 % of the weight"


@pytest.mark.parametrize("check", [*READ, "K1"])
def test_without_holdings_and_without_a_value_it_is_unknown(check: str) -> None:
    fund = "IVV" if check == "K1" else "IWM"
    assert read(CHECKS[check], inputs()).reading.why == f"needs holdings of {fund}"
    told = read(CHECKS[check], inputs(fundamentals=made())).reading
    assert (told.level, told.why) == (Level.UNKNOWN, f"{fund}: no company has filed it")


def test_old_holdings_say_so() -> None:
    told = read(CHECKS["K3"], inputs(fundamentals=made(held_on=date(2025, 12, 18), top10=(5.0, 36.0)))).reading
    assert (told.level, told.why) == (Level.UNKNOWN, "stale: 8 sessions old, limit 6")
