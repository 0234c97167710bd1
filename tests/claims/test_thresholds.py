"""Both sides of every threshold, and the threshold itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rotation_tui.claims import base, earnings, fiscal, home, outlook, rates, records, risks, sectors
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.reading import GroupReading, Level
from rotation_tui.domain.results import decade_finding
from rotation_tui.domain.session import nyse
from rotation_tui.domain.verdict import Regime, Sign, Term, Verdict
from tests.checks.material import closes, daily, observed
from tests.claims.material import ARTICLE, about, between, both, days, inputs, one, part, price, real, spread, told
from tests.members import breadth

C, D, M, U = Finding.CONFIRMED, Finding.DENIED, Finding.MIXED, Finding.UNKNOWN
END_2024, MID_2025, END_2025 = date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31)
STEP = 1e-6


def values(*findings: Finding) -> list[ClaimValue]:
    return [ClaimValue(1.0, ARTICLE, finding, str(finding)) for finding in findings]


def sessions_ago(count: int, last: date = ARTICLE) -> date:
    return nyse().offset(last, -count)


@pytest.mark.parametrize(
    ("findings", "found"),
    [([C, C], C), ([D, D], D), ([C, D], M), ([C, D, U], M), ([C, U], U), ([D, U], U), ([U, U], U), ([M, U], M)],
)
def test_all_have_to_agree(findings: list[Finding], found: Finding) -> None:
    assert base.all_of(values(*findings)) is found


@pytest.mark.parametrize(
    ("findings", "found"),
    [([C, C, C, D], C), ([C, C, D, D], D), ([C, C, U, D], U), ([C, D, D, U], D), ([C, C, C, U], C), ([U] * 4, U)],
)
def test_three_of_four(findings: list[Finding], found: Finding) -> None:
    assert base.at_least(3, values(*findings)) is found


@pytest.mark.parametrize(("value", "holds"), [(12.6, True), (11.6, True), (12.6 + STEP, False), (11.6 - STEP, False)])
def test_a_tolerance_includes_its_ends(value: float, holds: bool) -> None:
    assert base.near(value, 12.1, 0.5) is holds


@pytest.mark.parametrize(("close", "finding"), [(2500.01, C), (2500.0, D), (2499.99, D)])
def test_c01_level(close: float, finding: Finding) -> None:
    assert one("C01", inputs([price("RUT", [close])])).now.finding is finding


def test_c01_bridges_an_index_that_is_behind_with_the_fund() -> None:
    index = price("RUT", [2490.0, 2500.0], sessions_ago(1))
    result = one("C01", inputs([index, price("IWM", [249.0, 250.0, 251.0])]))
    assert (result.now.value, result.now.as_of, result.now.finding) == (about(2510.0), ARTICLE, C)
    assert result.why.startswith("~2,510.00 > 2,500")


def test_c01_does_not_bridge_weeks() -> None:
    index, fund = price("RUT", [2500.0], sessions_ago(22)), price("IWM", [250.0] * 30)
    assert one("C01", inputs([index, fund])).now.finding is U


@pytest.mark.parametrize(
    ("below", "since", "finding"),
    [
        (-5.0 + STEP, 62, C), (-5.0, 62, M), (-1.0, 63, M), (-1.0, 251, M), (-1.0, 252, D),
        (-10.0 + STEP, 0, M), (-10.0, 0, D), (0.0, 0, C),
    ],
)  # fmt: skip
def test_c02_record(below: float, since: int, finding: Finding) -> None:
    assert records.record_finding(below, since) is finding


@pytest.mark.parametrize(("rows", "since", "finding"), [(253, 62, C), (253, 63, M), (253, 252, D), (252, 0, U)])
def test_c02_counts_sessions_since_the_last_record(rows: int, since: int, finding: Finding) -> None:
    closes = [99.0] * rows
    closes[-1 - since] = 100.0
    assert one("C02", inputs([price("RUT", closes)])).now.finding is finding


def test_c02_every_session_of_the_fund_that_stands_in_counts() -> None:
    """The index stops at its record; the fund goes on for six sessions, the fourth of which is higher."""
    index = price("RUT", [99.0] * 259 + [100.0], sessions_ago(6))
    fund = price("IWM", [9.9] * 259 + [10.0, 9.9, 9.8, 9.9, 10.2, 10.1, 10.0])
    result = one("C02", inputs([index, fund]))
    assert result.now.value == about(-100 * 0.2 / 10.2)
    assert result.why.startswith(f"record 102.00 on {sessions_ago(2)}, 2 sessions ago")
    assert result.why.endswith("(~ closes of the fund stand in)")


def test_c02_counts_sessions_that_have_no_row() -> None:
    whole = price("RUT", [99.0] * 200 + [100.0] + [99.0] * 70)
    assert one("C02", inputs([whole])).why.startswith(f"record 100.00 on {sessions_ago(70)}, 70 sessions ago")
    gone = [n for n in range(len(whole)) if not 205 <= n < 215]
    holed = replace(whole, dates=tuple(whole.dates[n] for n in gone), closes=tuple(whole.closes[n] for n in gone))
    assert one("C02", inputs([holed])).why.startswith(f"record 100.00 on {sessions_ago(70)}, 70 sessions ago")


def test_c02_a_close_at_the_record_is_a_record() -> None:
    assert one("C02", inputs([price("RUT", [100.0, *[99.0] * 260, 100.0])])).why.startswith(
        "record 100.00 on 2025-12-30"
    )


@pytest.mark.parametrize(
    ("close", "finding", "word"),
    [
        (2590.61, C, "12-18"), (2590.60, C, "12-18"), (2590.62, C, "12-18"),
        (2590.63, D, "no longer"), (2590.59, D, "never"),
    ],
)  # fmt: skip
def test_c03_record_to_the_cent(close: float, finding: Finding, word: str) -> None:
    result = one("C03", inputs([price("RUT", [2000.0, close, 2500.0])]))
    assert (result.now.value, result.now.finding, result.now.as_of) == (close, finding, sessions_ago(1))
    assert word in result.why


@pytest.mark.parametrize(
    ("below", "span", "rests"),
    [
        (-1.0, 7.9, True), (-1.0 + STEP, 7.9, False), (-8.0 + STEP, 7.9, True), (-8.0, 7.9, False),
        (-4.0, 8.0, False), (-4.0, 8.0 - STEP, True),
    ],
)  # fmt: skip
def test_c03_consolidation(below: float, span: float, rests: bool) -> None:
    assert records.resting(below, span) is rests


@pytest.mark.parametrize(("close", "finding"), [(1126.0, C), (1126.1, D), (1116.0, C), (1115.9, D)])
def test_c04_year(close: float, finding: Finding) -> None:
    bars = between("RUT", {END_2024: 1000.0, ARTICLE: close})
    assert one("C04", inputs([bars])).now.finding is finding


def test_c04_stays_with_2025() -> None:
    later = date(2026, 6, 30)
    bars = between("RUT", {END_2024: 1000.0, END_2025: 1121.0, date(2026, 1, 2): 1500.0}, later)
    result = one("C04", inputs([bars], as_of=later))
    assert (result.now.value, result.now.as_of, result.now.finding) == (about(12.1), END_2025, C)
    total = between("IWM", {END_2024: 100.0, END_2025: 113.0}, later, Basis.TOTAL)
    assert part(one("C04", inputs([bars, total], as_of=later)), "TOTAL").finding is D


def test_c04_needs_the_close_of_the_year_before() -> None:
    bars = between("RUT", {date(2025, 1, 8): 1000.0, ARTICLE: 1121.0})
    result = one("C04", inputs([bars]))
    assert (result.now.finding, result.now.value) == (U, None)
    assert "needs a value of 2024-12-31" in result.why


@pytest.mark.parametrize(("close", "finding"), [(1050.01, C), (1050.0, D), (1049.99, D)])
def test_c05_acceleration(close: float, finding: Finding) -> None:
    bars = between("RUT", {END_2024: 1000.0, MID_2025: 1000.0, ARTICLE: close})
    assert one("C05", inputs([bars])).now.finding is finding


def test_c05_in_a_first_half_is_of_the_year_before() -> None:
    spring = date(2026, 3, 31)
    bars = between("RUT", {END_2024: 1000.0, MID_2025: 1100.0, END_2025: 1100.0, spring: 2000.0}, spring)
    result = one("C05", inputs([bars], as_of=spring))
    assert (result.now.value, result.now.as_of) == (about(-10.0), END_2025)


@pytest.mark.parametrize(("passed", "finding"), [(20, U), (21, C)])
def test_c05_waits_for_a_month_of_the_second_half(passed: int, finding: Finding) -> None:
    last = nyse().offset(MID_2025, passed)
    bars = between("RUT", {END_2024: 1000.0, date(2025, 7, 1): 1100.0}, last)
    result = one("C05", inputs([bars], as_of=last))
    assert result.now.finding is finding
    if finding is U:
        assert "needs 21 sessions of the second half of 2025, have 20" in result.why


def test_c05_compares_as_many_sessions_of_both_halves() -> None:
    """The first half falls until its 40th session and then rises beyond what the second one has by its 40th."""
    first, second = nyse().offset(END_2024, 40), nyse().offset(MID_2025, 40)
    steps = {END_2024: 1000.0, first: 900.0, nyse().next(first): 2000.0, second: 2100.0}
    result = one("C05", inputs([between("RUT", steps, second)], as_of=second))
    assert (result.now.value, result.now.finding) == (about(15.0), C)
    assert result.why.endswith("+15.0 pp, 40 sessions of each")


@pytest.mark.parametrize(
    ("small", "large", "finding"),
    [(16.5, 11.5, C), (15.5, 10.5, C), (16.6, 11.0, M), (16.0, 10.4, M), (15.4, 11.6, D)],
)
def test_c06_legs(small: float, large: float, finding: Finding) -> None:
    assert records.half_finding(small, large) is finding


@pytest.mark.parametrize(
    ("small", "finding"),
    [({date(2025, 12, 29): 1160.0}, C), ({date(2025, 12, 29): 1160.0, ARTICLE: 1150.0}, M), ({ARTICLE: 1160.0}, M)],
)
def test_c06_both_days_have_to_agree(small: dict[date, float], finding: Finding) -> None:
    ahead = between("RUT", {MID_2025: 1000.0, **small})
    behind = between("SPX", {MID_2025: 1000.0, date(2025, 12, 1): 1110.0})
    assert one("C06", inputs([ahead, behind])).now.finding is finding


@pytest.mark.parametrize(
    ("over", "unknown", "finding"),
    [(3, 0, C), (3, 2, C), (2, 0, M), (2, 1, U), (1, 0, D), (1, 1, U), (0, 1, D), (0, 2, U), (0, 5, U)],
)
def test_c07_counts_definitions(over: int, unknown: int, finding: Finding) -> None:
    assert decade_finding(over, unknown) is finding


def test_c07_counts_the_half_year_from_july_on() -> None:
    def told(last: date) -> Any:
        legs = [
            between("RUT", {date(2005, 1, 3): 100.0, date(2026, 1, 2): 110.0}, last),
            between("SPX", {date(2005, 1, 3): 100.0}, last),
        ]
        return one("C07", inputs(spreads={"a": spread(*legs)}, as_of=last))

    june, july = told(date(2026, 6, 30)), told(date(2026, 7, 1))
    assert part(june, "HALF").why == "HALF same as calendar"
    assert part(june, "HALF").value == part(june, "CAL").value == about(10.0)
    assert june.now.value == sum(d.now.finding is C for d in june.definitions) >= 1
    assert june.why.startswith(f"{june.now.value:.0f} of 4 over a decade")
    assert "HALF same as calendar" not in july.why
    assert july.why.startswith(f"{july.now.value:.0f} of 5 over a decade")


def test_c07_takes_the_funds_where_the_index_study_is_old() -> None:
    def leg(symbol: str, last: date, step: float) -> Any:
        return price(symbol, [100.0 + step * n for n in range(300)], last)

    old = spread(leg("RUT", sessions_ago(3), 0.1), leg("SPX", sessions_ago(3), 0.0))
    new = spread(leg("IWM", ARTICLE, 0.1), leg("SPY", ARTICLE, 0.0))
    result = one("C07", inputs(spreads={"a": old, "b": new}))
    assert (result.now.as_of, result.now.source) == (ARTICLE, "IWM-SPY, price")
    # a record of fourteen months says nothing of a decade
    assert result.now.finding is U
    assert one("C07", inputs(spreads={"a": old})).now.finding is U


def ahead(symbol: str, benchmark: str, excess_pct: float) -> list[Any]:
    """63 sessions and a year in which `symbol` gains `excess_pct` and `benchmark` nothing."""
    start, step = date(2024, 12, 2), ARTICLE
    return [
        between(symbol, {start: 1000.0, step: 1000.0 + 10.0 * excess_pct}),
        between(benchmark, {start: 1000.0}),
    ]


SIDES = [(0.01, C), (0.0, D), (-0.01, D)]


@pytest.mark.parametrize(("excess", "finding"), SIDES)
@pytest.mark.parametrize("large", ["MAGS", "XLG", "QQQ"])
def test_c08_ahead_of_the_largest(large: str, excess: float, finding: Finding) -> None:
    assert part(one("C08", inputs(ahead("IWM", large, excess))), large).finding is finding


@pytest.mark.parametrize(("last", "finding"), [(100.1, C), (100.0, D), (99.9, D)])
def test_c08_equal_weight_against_its_mean(last: float, finding: Finding) -> None:
    bars = [price("RSP", [100.0] * 199 + [last]), price("SPY", [100.0] * 200)]
    assert part(one("C08", inputs(bars)), "EQUAL").finding is finding


@pytest.mark.parametrize(("now", "finding"), [(39.9, C), (40.0, D), (40.1, D)])
def test_c08_weight_of_the_largest(now: float, finding: Finding) -> None:
    entries = [told("SPX", "top10_weight", 40.0, as_of=ARTICLE - days(91)), told("SPX", "top10_weight", now)]
    assert part(one("C08", inputs(consensus=tuple(entries))), "TOP10").finding is finding


def test_c08_needs_all_three_to_agree() -> None:
    bars = [*ahead("IWM", "MAGS", 1.0), price("RSP", [100.0] * 199 + [101.0]), price("SPY", [100.0] * 200)]
    falling = (told("SPX", "top10_weight", 40.0, as_of=ARTICLE - days(91)), told("SPX", "top10_weight", 39.0))
    assert one("C08", inputs(bars)).now.finding is U
    assert one("C08", inputs(bars, consensus=falling)).now.finding is C


@pytest.mark.parametrize(("factor", "finding"), [(1.051, C), (1.049, D)])
def test_c09_improvement(factor: float, finding: Finding) -> None:
    small = between("IWM", {date(2021, 3, 12): 200.0, date(2025, 4, 11): 100.0, ARTICLE: 100.0 * factor})
    large = between("SPY", {date(2021, 3, 12): 100.0})
    assert part(one("C09", inputs([small, large])), "IMPROVED").finding is finding


@pytest.mark.parametrize(("last", "finding"), [(99.9, C), (100.0, D), (100.1, D)])
def test_c09_years_behind(last: float, finding: Finding) -> None:
    bars = [between("IWM", {date(2020, 12, 30): 100.0, ARTICLE: last}), between("SPY", {date(2020, 12, 30): 100.0})]
    result = part(one("C09", inputs(bars)), "5Y")
    assert result.finding is finding
    assert result.why.endswith("(price)")


@pytest.mark.parametrize(("small", "finding"), [(6.1, C), (6.0, D), (5.9, D)])
@pytest.mark.parametrize(("measure", "name"), [("floating_share", "SHARE"), ("pass_through", "PASS")])
def test_c10_by_hand(measure: str, name: str, small: float, finding: Finding) -> None:
    result = one("C10", inputs(consensus=both(measure, small, 6.0)))
    assert part(result, name).finding is finding
    assert result.now.finding is U


@pytest.mark.parametrize(
    ("change", "lower", "upper", "in_2025", "finding"),
    [
        (-0.75, 3.5, 3.75, True, C), (-0.5, 3.5, 3.75, True, M), (-0.75, 3.25, 3.5, True, M),
        (-0.75, None, 3.75, True, M), (0.0, 4.25, 4.5, True, M), (0.25, 4.5, 4.75, True, D),
        (-0.25, 3.25, 3.5, False, C), (0.0, 3.5, 3.75, False, M), (0.25, 3.75, 4.0, False, D),
    ],
)  # fmt: skip
def test_c11_cuts(change: float, lower: float | None, upper: float, in_2025: bool, finding: Finding) -> None:
    assert rates.policy_finding(change, lower=lower, upper=upper, in_2025=in_2025) is finding


def test_c11_counts_from_the_last_value_of_the_year_before() -> None:
    upper = observed("DFEDTARU", {date(2025, 12, 31): 3.75, **daily([4.0] * 20, date(2026, 3, 31))})
    result = one("C11", inputs(observations=[upper], as_of=date(2026, 3, 31)))
    assert (result.now.finding, result.now.value) == (D, 0.25)
    assert result.why == "1 rise in 2026, +25 bp to 4.00 %, last +25 bp on 2026-03-12"


@pytest.mark.parametrize(("now", "finding"), [(4.0, C), (4.5, D), (4.75, D)])
@pytest.mark.parametrize(("series_id", "name"), [("DFEDTARU", "POLICY"), ("DGS2", "2Y")])
def test_c12_lower_than_a_year_before(series_id: str, name: str, now: float, finding: Finding) -> None:
    line = {**daily([4.5] * 20, date(2024, 12, 31)), **daily([now] * 3, ARTICLE)}
    assert part(one("C12", inputs(observations=[observed(series_id, line)])), name).finding is finding


@pytest.mark.parametrize(("net", "finding"), [(-0.1, C), (0.0, C), (0.1, D)])
def test_c12_lending(net: float, finding: Finding) -> None:
    series = observed("DRTSCIS", {date(2025, 10, 1): net})
    assert part(one("C12", inputs(observations=[series])), "LENDING").finding is finding


@pytest.mark.parametrize(
    ("small", "large", "median", "finding"),
    [(5.1, 5.0, 5.0, C), (5.0, 5.0, 4.0, D), (5.1, 5.0, 5.1, D), (5.1, 5.2, 4.0, D)],
)
def test_c14_capital_spending(small: float, large: float, median: float, finding: Finding) -> None:
    assert fiscal.capex_finding(small, large, median) is finding
    entries = (*both("capex_growth", small, large), told("R2000", "capex_growth_median_5y", median))
    assert one("C14", inputs(consensus=entries)).now.finding is finding


@pytest.mark.parametrize(
    ("total", "ex_swing", "ex_health", "finding"),
    [
        (50.0, 30.0, 6.0, C), (50.0, 29.9, 14.9, M), (50.0, 29.9, 15.0, D), (30.0, None, 6.2, M),
        (29.9, None, 6.2, D), (29.9, None, None, D), (30.0, None, None, U), (30.0, None, 15.0, U),
    ],
)  # fmt: skip
def test_c15_growth(total: float, ex_swing: float | None, ex_health: float | None, finding: Finding) -> None:
    assert earnings.growth_finding(total, ex_swing, ex_health) is finding


@pytest.mark.parametrize(("small", "finding"), [(18.0, C), (17.9, D)])
def test_c16_expected_gap(small: float, finding: Finding) -> None:
    result = one("C16", inputs(consensus=both("eps_growth", small, 15.0)))
    assert part(result, "CONSENSUS").finding is finding
    assert result.now.finding is U


@pytest.mark.parametrize(("small", "finding"), [(9.1, C), (9.0, M), (8.9, M)])
def test_c16_realised_gap(small: float, finding: Finding) -> None:
    entries = both("eps_growth", 22.0, 15.0) + both("ttm_growth", small, 9.0)
    assert one("C16", inputs(consensus=entries)).now.finding is finding


@pytest.mark.parametrize(("small", "large", "finding"), [(0.1, 0.0, C), (0.1, 0.1, D), (0.0, -1.0, D), (-0.5, -1.0, D)])
def test_c17_flows(small: float, large: float, finding: Finding) -> None:
    assert earnings.flow_finding(small, large) is finding
    assert one("C17", inputs(consensus=both("flow_63s", small, large))).now.finding is finding


@pytest.mark.parametrize(("small", "finding"), [(16.1, C), (16.0, D), (15.9, D)])
def test_c18_relative_valuation(small: float, finding: Finding) -> None:
    before = both("fwd_pe", 16.0, 20.0, as_of=ARTICLE - days(365))
    assert one("C18", inputs(consensus=before + both("fwd_pe", small, 20.0))).now.finding is finding


@pytest.mark.parametrize(("small", "finding"), [(21.9, C), (22.0, D), (22.1, D), (-5.0, U)])
def test_c19_discount(small: float, finding: Finding) -> None:
    assert one("C19", inputs(consensus=both("fwd_pe", small, 22.0))).now.finding is finding


@pytest.mark.parametrize(("excess", "finding"), SIDES)
@pytest.mark.parametrize(("claim_id", "symbol", "name"), [
    ("C20", "KRE", "63D"), ("C20", "KRE", "YTD"), ("C21", "PSCI", "63D"), ("C22", "XBI", "63D"),
    ("C23", "PSCE", "LEAD"),
])  # fmt: skip
def test_sectors_ahead(claim_id: str, symbol: str, name: str, excess: float, finding: Finding) -> None:
    bench = "IJR" if symbol.startswith("PSC") else "IWM"
    assert part(one(claim_id, inputs(ahead(symbol, bench, excess))), name).finding is finding


@pytest.mark.parametrize(("slope", "finding"), SIDES)
def test_c20_curve(slope: float, finding: Finding) -> None:
    published = observed("T10Y3M", daily([slope] * 5, date(2025, 12, 29)))
    given = part(one("C20", inputs(observations=[published])), "CURVE")
    assert given.finding is finding
    assert "derived" not in given.why
    legs = [observed(name, daily([v] * 5, date(2025, 12, 29))) for name, v in (("DGS10", 4 + slope), ("DGS3MO", 4.0))]
    made = part(one("C20", inputs(observations=legs)), "CURVE")
    assert made.finding is finding
    assert made.why.endswith(" pp derived")


@pytest.mark.parametrize(
    ("rising", "unknown", "finding"), [(2, 0, C), (2, 2, C), (1, 0, D), (1, 1, U), (0, 1, D), (0, 2, U)]
)
def test_c21_manufacturing(rising: int, unknown: int, finding: Finding) -> None:
    assert sectors.macro_finding(rising, unknown) is finding


def test_c21_counts_series_above_a_year_before() -> None:
    def series(name: str, now: float) -> Any:
        return observed(name, {date(2023, 11, 1): 100.0, date(2024, 11, 1): now})

    given = [series("IPMAN", 100.1), series("MANEMP", 100.0), series("NEWORDER", 101.0)]
    macro = part(one("C21", inputs(observations=given, as_of=date(2024, 12, 30))), "MACRO")
    assert (macro.value, macro.finding) == (2.0, C)
    assert macro.why == "2 of 3 up y/y: output +0.1, jobs +0.0, orders +1.0 %"


@pytest.mark.parametrize(("gap", "remark"), [(10.0 + STEP, ", speculative"), (10.0, ""), (9.9, "")])
def test_c22_speculation(gap: float, remark: str) -> None:
    assert sectors.speculative(gap) == remark


@pytest.mark.parametrize(("below", "finding"), [(0.5995, D), (0.6005, C)])
def test_c23_oil(below: float, finding: Finding) -> None:
    last = date(2025, 12, 22)
    rows = 3000
    cheaper = round(below * rows)
    prices = [50.0] * cheaper + [90.0] * (rows - cheaper - 1) + [70.0]
    oil = observed("DCOILWTICO", daily(prices, last))
    assert one("C23", inputs(observations=[oil])).now.finding is finding


def test_c23_needs_ten_years() -> None:
    oil = observed("DCOILWTICO", daily([50.0] * 1999, date(2025, 12, 22)))
    assert "needs ten years" in one("C23", inputs(observations=[oil])).why


@pytest.mark.parametrize(
    ("rho", "days_in", "finding"),
    [
        (0.2, 100, C), (0.2 - STEP, 100, M), (0.0, 100, M), (-0.2 + STEP, 100, M), (-0.2, 100, D),
        (-0.1, 10_000, M), (-0.1 - STEP, 10_000, D), (-0.02, 10_000, M), (0.02, 10_000, C),
    ],
)  # fmt: skip
def test_c25_dollar(rho: float, days_in: int, finding: Finding) -> None:
    assert home.dollar_finding(rho, days_in) is finding


def test_c25_says_where_there_is_no_relation() -> None:
    then = part(one("C25", real()), "RHO63")
    assert then.value is not None
    assert (abs(then.value) < 2 / 63**0.5) is then.why.endswith("no relation, under 0.25")
    year = part(one("C25", real()), "RHO252")
    assert year.value is not None
    assert (abs(year.value) < 2 / 252**0.5) is year.why.endswith("no relation, under 0.13")
    assert {then.finding, year.finding} & {M}, "one of them has none"


@pytest.mark.parametrize(("difference", "months", "finding"), [(STEP, 8, C), (0.0, 8, D), (-STEP, 8, D), (1.0, 7, U)])
def test_c26_tense_months(difference: float, months: int, finding: Finding) -> None:
    assert home.tension_finding(difference, months) is finding


def test_c26_compares_tense_months_with_the_others() -> None:
    months = [date(2021 + n // 12, n % 12 + 1, 1) for n in range(59)]
    tension = observed("EPUTRADE", {day: 300.0 if n % 5 == 0 else 100.0 for n, day in enumerate(months)})
    result = one("C26", inputs(list(real().bars.values()), [tension]))
    assert result.now.finding in (C, D)
    assert "in 12 tense months against 47 others" in result.why


@pytest.mark.parametrize(("level", "finding"), [(Level.OK, C), (Level.WATCH, M), (Level.ALERT, D), (Level.UNKNOWN, U)])
@pytest.mark.parametrize(("claim_id", "group_id"), [("C27", "E"), ("C28", "L"), ("C29", "Q")])
def test_risks(claim_id: str, group_id: str, level: Level, finding: Finding) -> None:
    assert risks.FINDINGS[level] is finding
    reading = next(r for g in real().risk for r in g.checks if r.level is not Level.UNKNOWN)
    group = GroupReading(group_id, "Group", level, (reading,), 1, 2, "told")
    result = one(claim_id, inputs(risk=(group,)))
    assert result.now.finding is finding


@pytest.mark.parametrize(
    ("confirmed", "denied", "unknown", "finding"),
    [(3, 1, 0, C), (1, 3, 0, D), (2, 2, 0, M), (2, 1, 1, U), (1, 2, 1, U), (1, 1, 1, M), (0, 0, 4, U)],
)
def test_c30_pillars(confirmed: int, denied: int, unknown: int, finding: Finding) -> None:
    assert outlook.pillars_finding(confirmed, denied, unknown) is finding


def verdict(sustained: str = "", unknown: int = 2, **terms: float) -> Verdict:
    made = tuple(Term(name, raw, raw, 5, raw) for name, raw in terms.items())
    signs = tuple(Sign(str(n), None if n < unknown else True) for n in range(5))
    return Verdict(Regime.ROTATION, None, 10, 40.0, 40.0, 1.0, sustained, made, "", signs=signs)


@pytest.mark.parametrize(("share", "finding"), [(6 / 9, C), (5 / 9, D)])
def test_c31_sector_pairs(share: float, finding: Finding) -> None:
    assert part(one("C31", inputs(verdict=verdict(sectors=share))), "SECTORS").finding is finding


@pytest.mark.parametrize(("share", "finding"), [(60.1, C), (60.0, D), (59.9, D)])
def test_c31_breadth(share: float, finding: Finding) -> None:
    told = Fundamentals(ARTICLE, "", breadth=(breadth("IWM", ARTICLE, share),))
    assert part(one("C31", inputs(fundamentals=told)), "BREADTH").finding is finding


@pytest.mark.parametrize(("known", "finding"), [(4, U), (5, C)])
def test_c31_breadth_of_sector_funds_needs_half_of_them(known: int, finding: Finding) -> None:
    funds = [price(name, [100.0] * 199 + [101.0]) for name in ("PSCF", "PSCI", "PSCH", "PSCE", "PSCT")[:known]]
    assert part(one("C31", inputs(funds)), "BREADTH").finding is finding


@pytest.mark.parametrize(
    ("sustained", "unknown", "finding"),
    [
        ("SUSTAINED: 300 sessions old", 1, C),
        ("TEMPORARY: reversed", 3, D),
        ("UNDECIDED: 10 of 252", 2, U),
        ("UNDECIDED: 10 of 252", 1, M),
        ("", 2, U),
    ],
)
def test_c32_only_the_evidence_rule_decides(sustained: str, unknown: int, finding: Finding) -> None:
    assert outlook.cycle_finding(sustained, unknown) is finding
    assert one("C32", inputs(verdict=verdict(sustained, unknown))).now.finding is finding


@pytest.mark.parametrize(
    ("claim", "as_of", "begins"),
    [
        ("C04", date(2024, 12, 26), END_2024),
        ("C04", END_2024, END_2024),
        ("C06", date(2025, 6, 25), MID_2025),
        ("C06", MID_2025, MID_2025),
        ("C09", date(2021, 3, 5), date(2021, 3, 12)),
        ("C09", date(2021, 3, 11), date(2021, 3, 12)),
    ],
)
def test_a_period_that_has_not_begun_is_unknown_and_no_standstill(claim: str, as_of: date, begins: date) -> None:
    """Prices that rose every day: only what has not begun can come to nothing."""
    legs = [
        closes(symbol, [100 + n / 10 for n in range(600)], basis, as_of)
        for symbol in ("RUT", "SPX", "IWM", "SPY")
        for basis in (Basis.PRICE, Basis.TOTAL)
    ]
    found = one(claim, inputs(legs, as_of=as_of))
    values = [d.now for d in found.definitions] if claim == "C09" else [found.now]
    unknown = [v for v in values if str(begins) in v.why]
    assert unknown, [v.why for v in values]
    assert all(v.value is None and v.finding is U for v in unknown)
