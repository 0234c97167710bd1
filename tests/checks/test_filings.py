"""Checks that read what funds hold and companies file."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.checks.evaluate import all_checks, read
from rotation_tui.domain.breadth import LiquidityDay
from rotation_tui.domain.reading import Level, Reading
from tests.checks.material import YEAR_END, inputs
from tests.fundamentals import REPORTED, made
from tests.members import breadth

CHECKS = {check.id: check for check in all_checks()}
READ = {
    "F5": ("short_of_interest", 25.0, 35.0),
    "F6": ("effective_rate", 6.0, 7.0),
    "Q1": ("unprofitable_count", 40.0, 45.0),
    "Q2": ("unprofitable_weight", 30.0, 40.0),
    "K3": ("top10", 6.0, 10.0),
}
TRADING = {"L2": ("impact_percentile", 80.0, 95.0), "L3": ("spread_ratio", 1.5, 2.0), "L6": ("thin_pct", 5.0, 10.0)}


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


def liquidity(check: str, *values: float | None, as_of: date = YEAR_END) -> Reading:
    """A check of what trading members costs, with a value for each of the last days."""
    days = tuple(
        LiquidityDay(as_of - timedelta(days=back), 0.9, **{"impact_percentile": None, "spread_pct": 0.4,
                     "spread_ratio": None, "thin_pct": None, TRADING[check][0]: value})
        for back, value in zip(range(len(values) - 1, -1, -1), values, strict=True)
    )  # fmt: skip
    found = replace(breadth(as_of=as_of), liquidity=days)
    return read(CHECKS[check], inputs(fundamentals=replace(made(), breadth=(found,)))).reading


@pytest.mark.parametrize("check", TRADING)
def test_levels_by_what_trading_members_costs(check: str) -> None:
    _, watch, alert = TRADING[check]
    values = (watch - 0.01, watch, alert - 0.01, alert)
    found = [liquidity(check, value, value) for value in values]
    assert [told.level for told in found] == [Level.OK, Level.WATCH, Level.WATCH, Level.ALERT]
    assert [(told.value, told.as_of) for told in found] == [(value, YEAR_END) for value in values]
    assert found[0].beside == "of today's sample of 200, on days before as well"
    assert [(given.id, given.value) for given in found[0].inputs] == [
        ("IWM", 100),
        ("members' highs, lows, volume", 200),
    ]


@pytest.mark.parametrize("check", TRADING)
def test_closes_alone_tell_no_cost_of_trading_and_more_holdings_would_not_either(check: str) -> None:
    told = replace(made(), breadth=(breadth(as_of=YEAR_END),))
    for given in (inputs(), inputs(fundamentals=made()), inputs(fundamentals=told)):
        found = read(CHECKS[check], given).reading
        assert (found.level, found.why) == (Level.UNKNOWN, "needs members' highs, lows, volume")


@pytest.mark.parametrize("check", TRADING)
def test_a_last_day_that_says_nothing_is_not_passed_over(check: str) -> None:
    sessions = {"L2": 273, "L3": 272, "L6": 21}[check]
    assert liquidity(check, 1.0, None).why == f"needs {sessions} sessions of members"
    assert liquidity(check, 1.0, as_of=date(2025, 12, 15)).why.startswith("stale: ")
