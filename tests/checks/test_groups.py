"""Checks of liquidity, dollar, concentration and structure at the edges that no threshold test reaches."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rotation_tui.checks import liquidity
from rotation_tui.checks.base import no_feed
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.config.schema import Config
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.reading import Level, Reading
from tests.checks.material import (
    YEAR_END,
    a_check,
    closes,
    daily,
    evaluate,
    evaluate_checks,
    inputs,
    observed,
    read,
    steady,
)
from tests.golden import golden

CHECKS = {check.id: check for check in all_checks()}


def reading(check_id: str, *bars: Bars, **more: Any) -> Reading:
    return read(CHECKS[check_id], inputs(bars, **more))


def test_price_impact_drops_days_without_volume() -> None:
    case = golden("L01")
    impacts = liquidity.price_impacts(case["input"]["close"], case["input"]["volume"])
    assert sum(value is not None for value in impacts) == case["output"]["n"]
    assert liquidity.mean_of_known(impacts, 2) == pytest.approx(case["output"]["illiq"], rel=1e-8)
    assert liquidity.mean_of_known(impacts, golden("L02")["input"]["minp"]) is golden("L02")["output"]


def test_spread_that_two_days_imply() -> None:
    case = golden("L03")["input"]
    before, after = tuple(case["d0"]), tuple(case["d1"])
    assert liquidity.two_day_spread(before, after) == pytest.approx(golden("L03")["output"], rel=1e-8)


def test_a_gap_over_night_is_no_spread() -> None:
    case, expected = golden("L04")["input"], golden("L04")["output"]
    raw = liquidity.two_day_spread(tuple(case["d0"]), tuple(case["d1_gap"]))
    assert raw == pytest.approx(expected["gap_raw"], rel=1e-8)
    trend = liquidity.two_day_spread(tuple(case["d0_trend"]), tuple(case["d1_trend"]))
    assert trend is not None
    assert trend > expected["no_adjust_would_be"]


def test_a_day_without_a_range_implies_nothing() -> None:
    case = golden("L05")
    assert liquidity.two_day_spread(tuple(case["input"]["d0"]), tuple(case["input"]["d1"])) is case["output"]


def test_range_stress_needs_highs_and_lows_and_rises_with_the_ranges() -> None:
    priced = closes("IWM", [100.0] * 600, Basis.PRICE)
    assert reading("L5", replace(priced, highs=(101.0,) * 600)).why == "needs IWM highs and lows"
    calm, wild = (100.2,) * 570 + (101.5,) * 30, (99.8,) * 570 + (98.5,) * 30
    shown = reading("L5", replace(priced, highs=calm, lows=wild))
    assert shown.level is Level.ALERT
    assert shown.value is not None
    assert shown.value > 95.0
    holes = replace(priced, highs=calm, lows=(*wild[:-8], *[None] * 8))
    assert reading("L5", holes).why == "stale: 4 sessions old, limit 2", "fewer than four days in five are known"


def test_liquidity_needs_volume_on_price_bars() -> None:
    priced = closes("IWM", [100.0] * 300, Basis.PRICE)
    assert reading("L4", priced).why == "needs IWM volume"
    traded = replace(priced, volumes=(None, *[10.0] * 278, *[4.0] * 21))
    shown = reading("L4", traded)
    assert shown.level is Level.ALERT
    assert shown.value == pytest.approx(0.4)


def test_dollar_falls_back_on_the_fund_where_the_index_is_old() -> None:
    fund = closes("UUP", [30.0] * 63 + [33.0])
    index = observed("DTWEXBGS", daily([120.0] * 100, date(2025, 12, 10)))
    shown = reading("X1", fund, observations=[index])
    assert shown.why == "UUP +10.0% in 63d"
    assert shown.value == pytest.approx(10.0)
    index = observed("DTWEXBGS", daily([120.0] * 100, date(2025, 12, 24)))
    assert reading("X1", fund, observations=[index]).why == "dollar +0.0% in 63d"


def test_a_total_return_is_never_set_against_a_price() -> None:
    equal, weighted = closes("RSP", [100.0] * 300, Basis.TOTAL), closes("SPY", [100.0] * 300, Basis.PRICE)
    assert reading("K2", equal, weighted).why == "needs one basis for all"
    swing = [100.0 + n % 2 for n in range(703)]
    equal, total = closes("RSP", swing, Basis.TOTAL), closes("SPY", [100.0] * 703)
    assert reading("K2", equal, weighted, total).value == pytest.approx(100 * (100 / 100.5 - 1))


def test_equal_weight_tells_how_far_it_is_from_its_low() -> None:
    equal = closes("RSP", [100.0 + n % 2 for n in range(702)] + [102.0])
    assert "2.0 % over its lowest of 252 sessions" in reading("K2", equal, closes("SPY", [100.0] * 703)).beside


def test_a_fund_of_giants_that_is_too_young_gives_way_to_the_older_one() -> None:
    def named(rows: int) -> str:
        return reading("K4", giants(rows, "MAGS"), giants(800, "XLG"), closes("IWM", [100.0] * 800)).why

    def giants(rows: int, symbol: str) -> Bars:
        return closes(symbol, [100.0 + n % 5 for n in range(rows)])

    assert named(63 + 504).startswith("MAGS over IWM")
    assert named(63 + 503).startswith("XLG over IWM")


@pytest.mark.parametrize(
    ("as_of", "level", "why"),
    [
        (date(2025, 6, 11), Level.OK, "no reconstitution near"),
        (date(2025, 6, 12), Level.WATCH, "reconstitution 10 sessions ahead"),
        (date(2025, 6, 27), Level.WATCH, "reconstitution now"),
        (date(2025, 7, 14), Level.WATCH, "reconstitution 10 sessions ago"),
        (date(2025, 7, 15), Level.OK, "no reconstitution near"),
        (date(2025, 11, 10), Level.WATCH, "reconstitution 4 sessions ahead"),
    ],
)
def test_reconstitution(as_of: date, level: Level, why: str) -> None:
    shown = reading("S1", as_of=as_of, reconstitutions=(date(2025, 11, 14), date(2025, 6, 27), date(2024, 6, 28)))
    assert (shown.level, shown.why) == (level, why)


@pytest.mark.parametrize(
    ("as_of", "level", "why"),
    [
        (date(2025, 6, 11), Level.UNKNOWN, "needs dates before 2025-06-27"),
        (date(2025, 6, 12), Level.WATCH, "reconstitution 10 sessions ahead"),
        (date(2025, 12, 1), Level.WATCH, "reconstitution 10 sessions ago"),
        (date(2025, 12, 2), Level.UNKNOWN, "needs dates after 2025-11-14"),
    ],
)
def test_beyond_the_days_that_are_listed_nobody_knows(as_of: date, level: Level, why: str) -> None:
    shown = reading("S1", as_of=as_of, reconstitutions=(date(2025, 6, 27), date(2025, 11, 14)))
    assert (shown.level, shown.why) == (level, why)


def test_days_of_reconstitution_come_from_the_config_and_from_nowhere_else() -> None:
    assert reading("S1", as_of=date(2025, 6, 27)).why == "needs reconstitution dates"
    june = [day for day in Config().risk.reconstitution if day.month == 6]
    assert all(day.weekday() == 4 and 22 <= day.day <= 28 for day in june), "the fourth Friday"
    assert [day.year for day in june] == list(range(2022, 2029))
    december = [day for day in Config().risk.reconstitution if day.month == 12]
    assert december == [date(2026, 12, 11), date(2027, 12, 10), date(2028, 12, 8)], "the second Friday"


@pytest.mark.parametrize(("as_of", "level"), [(date(2026, 1, 15), Level.WATCH), (date(2026, 1, 16), Level.OK)])
def test_january(as_of: date, level: Level) -> None:
    assert reading("S3", as_of=as_of).level is level


def test_structure_stays_known_while_the_next_session_runs() -> None:
    assert reading("S3", known_on=date(2026, 1, 2)).level is Level.OK


def test_data_quality_counts_only_what_a_feed_could_supply() -> None:
    fed = [check.id for check in all_checks() if check.fed and check.group != "S"]
    structure_group = evaluate(inputs())[-1]
    quality = next(r for r in structure_group.checks if r.id == "S2")
    assert (quality.level, quality.value, quality.why) == (
        Level.WATCH, 100.0, f"{len(fed)} of {len(fed)} checks unknown",
    )  # fmt: skip


@pytest.mark.parametrize(("of", "level"), [(4, Level.WATCH), (5, Level.WATCH), (6, Level.OK)])
def test_one_unknown_check_in_five_is_watched(of: int, level: Level) -> None:
    judged = [a_check(id=f"E{n}", series=no_feed if n == 0 else lambda _: steady(1.0)) for n in range(of)]
    groups = evaluate_checks([*judged, CHECKS["S2"]], inputs(), {})
    assert groups[-1].checks[0].level is level
    assert groups[-1].checks[0].value == pytest.approx(100 / of)


@pytest.mark.parametrize(("doubtful", "value"), [(frozenset[str](), 0.0), (frozenset({"VIX"}), 100.0)])
def test_data_quality_counts_doubtful_values(doubtful: frozenset[str], value: float) -> None:
    others = [check.id for check in all_checks() if check.id not in ("V1", "S2")]
    given = inputs([closes("VIX", [15.0], Basis.PRICE)], doubtful=doubtful)
    quality = evaluate(given, skip=others)[-1].checks[0]
    assert quality.value == value


def test_thresholds_of_a_flag_cannot_be_changed() -> None:
    upper = observed("DFEDTARU", {date(2024, 12, 31): 4.5, YEAR_END: 4.5})
    shown = read(CHECKS["F1"], inputs(observations=[upper]), (1.0, 2.0))
    assert (shown.level, shown.why) == (Level.UNKNOWN, "failed: it has no thresholds to change")
