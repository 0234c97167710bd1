"""Claims and signs that read what was filed first, and what was told by hand where nothing was."""

from datetime import date
from typing import Any

import pytest

from rotation_tui.claims.signs import discounted, earnings_ahead
from rotation_tui.domain.claim import Finding
from tests.checks.material import daily, observed
from tests.claims.material import ARTICLE, between, both, inputs, one, part, told
from tests.fundamentals import REPORTED, made

C, D, M, U = Finding.CONFIRMED, Finding.DENIED, Finding.MIXED, Finding.UNKNOWN


def judged(claim: str, definition: str, **values: Any) -> Finding:
    return part(one(claim, inputs(fundamentals=made(**values))), definition).finding


@pytest.mark.parametrize(("now", "finding"), [(3.1, C), (3.0, D), (2.9, D)])
def test_c12_coverage_against_a_year_before(now: float, finding: Finding) -> None:
    assert judged("C12", "COVERAGE", coverage=(now, 8.0), coverage_before=(3.0, 8.0)) is finding


@pytest.mark.parametrize(("small", "large", "finding"), [(-0.6, -0.1, C), (-0.1, -0.1, D), (0.1, -0.1, D)])
def test_c10_what_was_passed_on_since_the_peak(small: float, large: float, finding: Finding) -> None:
    policy = observed("DFEDTARU", daily([5.5] * 366 + [4.5] * 364, ARTICLE))
    given = inputs(observations=[policy], fundamentals=made(rate_since_peak=(small, large)))
    found = part(one("C10", given), "PASS")
    assert (found.finding, found.as_of, found.source) == (finding, REPORTED, "fund + sec")


def test_c10_needs_a_policy_rate_that_has_moved() -> None:
    policy = observed("DFEDTARU", daily([5.5] * 730, ARTICLE))
    given = inputs(observations=[policy], fundamentals=made(rate_since_peak=(-0.1, -0.2)))
    assert "the policy rate is where it was in 2024" in part(one("C10", given), "PASS").why


@pytest.mark.parametrize(("small", "median", "finding"), [(11.0, 10.0, C), (11.0, 11.0, D), (9.0, 5.0, D)])
def test_c14_capital_spending(small: float, median: float, finding: Finding) -> None:
    found = judged("C14", "CAPEX", capex_growth=(small, 9.5), capex_growth_median=(median, 1.0))
    assert found is finding


@pytest.mark.parametrize(
    ("total", "swings", "health", "finding"),
    [(31.0, 30.0, 5.0, C), (31.0, 29.9, 14.9, M), (31.0, 29.9, 15.0, D), (29.0, 20.0, 5.0, D)],
)
def test_c15_the_year_or_the_newest_twelve_months(total: float, swings: float, health: float, finding: Finding) -> None:
    year = {"growth_year": (total, 0.0), "growth_year_ex_swings": (swings, 0.0), "growth_year_ex_health": (health, 0.0)}
    newest = {name.replace("_year", ""): value for name, value in year.items()}
    assert judged("C15", "REALISED", **year) is finding
    found = part(one("C15", inputs(fundamentals=made(**newest))), "REALISED")
    assert found.finding is finding
    assert found.why.startswith("12 months to 2025-09 ")


def test_filings_go_before_entries_and_entries_before_nothing() -> None:
    entries = both("ttm_growth", 5.0, 9.0)
    filed = part(one("C16", inputs(consensus=entries, fundamentals=made(growth=(12.0, 8.0)))), "REALISED")
    assert (filed.finding, filed.why) == (C, "realised 12.0 vs 8.0 %: +4.0 pp")
    by_hand = part(one("C16", inputs(consensus=entries, fundamentals=made())), "REALISED")
    assert by_hand.finding is D
    assert part(one("C16", inputs(fundamentals=made())), "REALISED").why == "realised: IWM: no company has filed it"


@pytest.mark.parametrize(("rise", "finding"), [(1.3, C), (1.19, D)])
def test_c18_prices_of_a_year_against_earnings(rise: float, finding: Finding) -> None:
    bars = [between("IWM", {date(2024, 12, 2): 100.0, ARTICLE: 100.0 * rise}),
            between("SPY", {date(2024, 12, 2): 100.0, ARTICLE: 110.0})]  # fmt: skip
    values = made(pe_all=(30.0, 24.0), growth=(20.0, 10.0))
    found = one("C18", inputs(bars, fundamentals=values)).now
    assert found.finding is finding
    assert found.why.startswith("trailing relative P/E 1.25 vs ")


@pytest.mark.parametrize(("small", "finding"), [(17.0, C), (20.0, D)])
def test_c19_trailing_is_told_and_not_counted(small: float, finding: Finding) -> None:
    result = one("C19", inputs(fundamentals=made(pe_profitable=(small, 20.0))))
    assert part(result, "TRAILING").finding is finding
    assert result.now.finding is U


def test_old_filings_are_none() -> None:
    given = inputs(as_of=date(2026, 6, 30), fundamentals=made(growth=(12.0, 8.0)))
    assert "stale" in part(one("C16", given), "REALISED").why
    assert earnings_ahead(given) is None


@pytest.mark.parametrize(("small", "large", "ahead"), [(12.0, 8.0, True), (8.0, 8.0, False), (None, 8.0, None)])
def test_the_sign_of_earnings(small: float | None, large: float, ahead: bool | None) -> None:
    assert earnings_ahead(inputs(fundamentals=made(growth=(small, large)))) is ahead


@pytest.mark.parametrize(("small", "large", "cheaper"), [(17.0, 22.0, True), (22.0, 22.0, False), (None, 22.0, None)])
def test_the_sign_of_valuation(small: float | None, large: float, cheaper: bool | None) -> None:
    assert discounted(inputs(fundamentals=made(pe_profitable=(small, large)))) is cheaper


def test_entries_on_one_basis_give_the_signs_where_nothing_was_filed() -> None:
    entries = (*both("fwd_pe", 18.0, 22.0), *both("eps_growth", 22.0, 15.0))
    given = inputs(consensus=entries)
    assert (discounted(given), earnings_ahead(given)) == (True, True)
    other = (told("R2000", "fwd_pe", 18.0, basis="LSEG"), told("SPX", "fwd_pe", 22.0, basis="FactSet"))
    assert discounted(inputs(consensus=other)) is None
    assert discounted(inputs(consensus=entries, fundamentals=made(pe_profitable=(25.0, 22.0)))) is False
