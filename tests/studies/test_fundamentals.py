"""What companies earn, owe and spend: the worked cases, fiscal years that are not the calendar's, and bad filings."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest

from rotation_tui.domain.companies import Company, Found, FundCompanies
from rotation_tui.domain.figures import NET_INCOME
from rotation_tui.domain.filings import Facts, FrameId
from rotation_tui.domain.fundamentals import FilingsAtHand, Papers
from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.domain.measures import Basket, FundMeasure
from rotation_tui.studies.fundamentals import formulas, study_fundamentals
from rotation_tui.studies.fundamentals.accounts import Accounts, Fault
from tests.golden import golden

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = NOW.date()
INCOME = "NetIncomeLoss"


def test_price_over_earnings_with_losses_and_without() -> None:
    case = golden("F01")
    given, expected = case["input"], case["output"]
    told = [(w, n, m) for w, n, m in zip(*given.values(), strict=True) if n is not None]
    weight, income, worth = (np.array(column) for column in zip(*told, strict=True))
    yields = income / worth
    found = {
        "incl": formulas.price_earnings(worth, yields),
        "ex_neg": formulas.price_earnings(worth, yields, profitable=True),
        "wtd_earn_yield_pe_incl": formulas.price_earnings(weight, yields),
        "wtd_earn_yield_pe_exneg": formulas.price_earnings(weight, yields, profitable=True),
        "coverage_w": weight.sum(),
    }
    share = formulas.unprofitable(weight, income)
    assert share is not None
    found |= {"unprofitable_count_pct": share.by_count, "unprofitable_weight_pct": share.by_weight}
    assert found == pytest.approx(expected, rel=1e-8)


def test_no_multiple_of_a_loss_and_no_share_of_nobody() -> None:
    case = golden("F02")["input"]
    worth = np.array([case["mcap"]])
    assert formulas.price_earnings(worth, np.array([case["ni"]]) / worth) is golden("F02")["output"]
    nobody = np.array([])
    assert formulas.price_earnings(nobody, nobody) is None
    assert formulas.unprofitable(nobody, nobody) is None


def test_growth_has_no_percent_on_a_loss_and_a_change_all_the_same() -> None:
    for (base, now), expected in zip(golden("F03")["input"], golden("F03")["output"], strict=True):
        found = formulas.growth(base, now)
        assert found.percent == (None if expected["pct"] is None else pytest.approx(expected["pct"]))
        assert found.change == expected["change"]


def test_shrinking_losses_of_one_sector_make_growth() -> None:
    given, expected = golden("F04")["input"], golden("F04")["output"]
    base, now = (given["hc"][n] + given["rest"][n] for n in range(2))
    assert formulas.growth(base, now).percent == pytest.approx(expected["total"], rel=1e-8)
    assert formulas.growth(*given["rest"]).percent == pytest.approx(expected["ex_hc"], rel=1e-8)


def test_the_fourth_quarter_and_both_ways_to_twelve_months() -> None:
    given, expected = golden("F05")["input"], golden("F05")["output"]
    year, first, second, third, *since = (np.array([float(number)]) for number in given.values())
    fourth = formulas.fourth_quarter(year, first, second, third)
    assert fourth.tolist() == [expected["Q4_24"]]
    total = fourth + sum(since)
    other = formulas.by_year_to_date(year, np.add.reduce(since), first + second + third)
    assert (total.tolist(), other.tolist()) == ([expected["TTM_Q3_25"]], [expected["TTM_via_YTD"]])
    assert formulas.agree(total, other).all()
    assert not formulas.agree(total, total * 1.006).any()


def test_only_those_who_pay_interest_cover_it() -> None:
    given, expected = golden("F06")["input"], golden("F06")["output"]
    found = formulas.interest_cover(np.array(given["ebit"], float), np.array(given["int"], float))
    assert found.times == pytest.approx(expected["agg"], rel=1e-8)
    assert found.short == pytest.approx(expected["share_below_1_of_payers"], rel=1e-8)
    assert found.free == expected["no_interest"]
    assert formulas.interest_cover(np.array([1.0]), np.array([0.0])).times is None


def test_the_effective_rate_is_of_average_debt() -> None:
    given = golden("F07")["input"]
    assert formulas.effective_rate(given["int"], given["debt0"], given["debt1"]) == golden("F07")["output"]
    assert formulas.effective_rate(5.0, 0.0, 0.0) is None


Told = Mapping[tuple[str, str], Sequence[tuple[int, float, date]]]
"""Company, value and last day by tag and period."""


def frame_of(told: Told, frame: FrameId) -> Facts | None:
    rows = sorted(told.get((frame.tag, frame.period), ()))
    if not rows:
        return None
    ciks, values, ends = zip(*rows, strict=True)
    return Facts(
        frame,
        tuple(map(float, ciks)),
        tuple(map(float, values)),
        tuple(float(end.toordinal()) for end in ends),
        "made",
        NOW,
    )


def trailing(told: Told) -> tuple[list[float | None], list[float | None], list[Fault]]:
    """Twelve months of net income of company 1, those before, and what is wrong."""
    found = Accounts(lambda frame: frame_of(told, frame), [1], TODAY).trailing(NET_INCOME)
    now, before = ([None if n != n else float(n) for n in column] for column in (found.now, found.before))
    return now, before, [Fault(fault) for fault in found.fault]


def quarters(late: int = 0, year_end: int = 4, without: Sequence[str] = (), tag: str = INCOME) -> dict[
    tuple[str, str], list[tuple[int, float, date]]
]:  # fmt: skip
    """Quarters 2024 Q1 to 2026 Q3 of company 1, worth 1, 2, 3...; those that end its year are told by the year alone.

    Its quarters end `late` months after the calendar's, its year with the quarter `year_end`.
    """
    told: dict[tuple[str, str], list[tuple[int, float, date]]] = {}
    ends = []
    for n in range(11):
        year, number = 2024 + n // 4, n % 4 + 1
        month = number * 3 + late
        end = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 28)
        ends.append(end)
        if number != year_end and (name := f"CY{year}Q{number}") not in without:
            told[tag, name] = [(1, n + 1.0, end)]
    for year in (2024, 2025, 2026):
        last = (year - 2024) * 4 + year_end - 1
        if 3 <= last < 11:
            told[tag, f"CY{year}"] = [(1, sum(range(last - 2, last + 2)), ends[last])]
    return told


@pytest.mark.parametrize(("late", "year_end"), [(0, 4), (1, 4), (-1, 4), (0, 2), (0, 3), (0, 1), (1, 2)])
def test_twelve_months_whenever_the_fiscal_year_ends(late: int, year_end: int) -> None:
    now, before, fault = trailing(quarters(late, year_end))
    assert (now, fault) == ([8.0 + 9 + 10 + 11], [Fault.NONE])
    assert before == [4.0 + 5 + 6 + 7]


def test_a_year_by_another_frame_of_the_calendar_is_found_by_its_end() -> None:
    told = quarters(year_end=2)
    told[INCOME, "CY2023"] = [(1, 99.0, date(2023, 12, 31))]
    moved = {("CY2025"): told.pop((INCOME, "CY2026")), ("CY2024"): told.pop((INCOME, "CY2025"))}
    told |= {(INCOME, period): rows for period, rows in moved.items()}
    assert trailing(told)[0] == [38.0]


def test_who_has_not_filed_the_newest_quarter_is_read_as_of_the_one_before() -> None:
    now, before, _ = trailing(quarters(without=("CY2026Q3",)))
    assert (now, before) == ([7.0 + 8 + 9 + 10], [3.0 + 4 + 5 + 6])


def test_a_hole_makes_no_twelve_months() -> None:
    now, _, fault = trailing(quarters(without=("CY2026Q1",)))
    assert (now, fault) == ([None], [Fault.HOLES])


def test_old_quarters_are_none() -> None:
    told = {key: [(c, v, date(end.year - 1, end.month, end.day)) for c, v, end in rows]
            for key, rows in quarters().items()}  # fmt: skip
    assert trailing(told) == ([None], [None], [Fault.OLD])


def test_quarters_that_do_not_follow_each_other_are_none() -> None:
    told = quarters()
    told[INCOME, "CY2026Q2"] = [(1, 10.0, date(2026, 5, 1))]
    assert trailing(told)[2] == [Fault.HOLES]


def test_a_restated_year_that_is_not_its_quarters_is_left_out() -> None:
    told = quarters()
    told[INCOME, "CY2025Q4"] = [(1, 8.0, date(2025, 12, 28))]
    assert trailing(told)[0] == [38.0]
    told[INCOME, "CY2025"] = [(1, 30.0, date(2025, 12, 28))]
    assert trailing(told) == ([None], [None], [Fault.DISAGREE])


def test_one_company_is_read_by_one_tag() -> None:
    told = quarters(without=("CY2026Q1",)) | quarters(tag="ProfitLoss")
    assert trailing(told)[0] == [38.0]
    mixed = quarters(without=("CY2026Q1",))
    mixed["ProfitLoss", "CY2026Q1"] = [(1, 9.0, date(2026, 3, 28))]
    assert trailing(mixed)[2] == [Fault.HOLES]


def test_nobody_who_has_filed_nothing_is_a_company_without_profit() -> None:
    assert trailing({}) == ([None], [None], [Fault.NOT_TOLD])


def basket_of(companies: int, told: Told, unmapped: tuple[LeftOut, ...] = (), sector: str = "Industrials") -> Basket:
    """Companies 1, 2... of weights 2, 4... at a price of 10, and what is measured of them."""
    weights = [2.0 * n for n in range(1, companies + 1)]
    members = tuple(Member(f"C{n}", f"Company {n}", sector, w, price=10.0) for n, w in enumerate(weights, 1))
    held = FundCompanies(
        "IWM", TODAY,
        tuple(Company(n, m.name, m.sector, m.weight, (m,), Found.TICKER) for n, m in enumerate(members, 1)), unmapped,
    )  # fmt: skip
    holdings = Holdings("IWM", TODAY, members, (), 100.0, "made", NOW)
    papers = Papers(
        TODAY, {"IWM": holdings}, lambda frame: frame_of(told, frame),
        FilingsAtHand(1, 1, date(2026, 9, 30), "made", NOW), {"IWM": held},
    )  # fmt: skip
    found = study_fundamentals(papers, "made").basket("IWM")
    assert found is not None
    return found


def filed(
    companies: int, income: float = 1.0, shares: float = 1.0
) -> dict[tuple[str, str], list[tuple[int, float, date]]]:
    """Net income and shares of companies 1, 2... in the measure of their weights."""
    told = {key: [(n, n * income, end) for n in range(1, companies + 1) for _, _, end in rows]
            for key, rows in quarters().items()}  # fmt: skip
    told["EntityCommonStockSharesOutstanding", "CY2026Q3I"] = [
        (n, n * shares, date(2026, 10, 20)) for n in range(1, companies + 1)
    ]
    return told


def measured(basket: Basket, measure: str) -> FundMeasure:
    found = basket.measured(measure)
    assert found is not None
    return found


def reasons(basket: Basket, sample: str) -> dict[str, int]:
    found = basket.sample(sample)
    assert found is not None
    return {reason.why: reason.count for reason in found.reasons}


def test_wild_numbers_are_left_out_by_name_and_never_made_smaller() -> None:
    told = filed(30)
    told["EntityCommonStockSharesOutstanding", "CY2026Q3I"][9] = (10, 10_000.0, date(2026, 10, 20))
    told[INCOME, "CY2026Q3"][19] = (20, 1e6, date(2026, 9, 28))
    basket = basket_of(30, told)
    assert reasons(basket, "priced") == {
        "its market value is not a third to 3 times what its weight says": 1,
        "earns or loses more than its market value": 1,
    }
    sample = basket.sample("priced")
    assert sample is not None
    assert {out.name for out in sample.left_out} == {"C10 Company 10", "C20 Company 20"}
    assert measured(basket, "pe_all").count == 28


def test_coverage_counts_whom_nobody_knows() -> None:
    basket = basket_of(30, filed(14), (LeftOut("X Stranger", "no company has its ticker or name", 100.0),))
    found = measured(basket, "unprofitable_count")
    assert (found.count, found.of, found.value) == (14, 31, None)
    assert found.why == "rests on 20 %, needs 50"
    assert reasons(basket, "earnings")["no company has its ticker or name"] == 1
    thin = measured(basket_of(30, filed(26)), "unprofitable_count")
    assert thin.is_thin
    assert thin.value == 0.0


def test_market_values_that_do_not_go_with_the_weights_make_no_multiple() -> None:
    told = filed(30)
    rows = told["EntityCommonStockSharesOutstanding", "CY2026Q3I"]
    told["EntityCommonStockSharesOutstanding", "CY2026Q3I"] = [
        (n, shares * (2.5 if n % 2 else 1.0), end) for n, shares, end in rows
    ]
    basket = basket_of(30, told)
    assert basket.alike is not None
    assert basket.alike < 0.98
    for measure in ("pe_all", "growth"):
        found = measured(basket, measure)
        assert found.value is None
        assert "market values do not go with the weights" in found.why
    assert measured(basket, "unprofitable_weight").value == 0.0


def test_banks_have_no_coverage_of_interest() -> None:
    assert measured(basket_of(30, filed(30), sector="Financials"), "coverage").of == 0


def test_before_any_filing_weights_alone_are_measured() -> None:
    members = (Member("A", "A", "Energy", 60.0), Member("B", "B", "Energy", 40.0))
    holdings = Holdings("IWM", TODAY, members, (), 100.0, "made", NOW)
    found = study_fundamentals(Papers(TODAY, {"IWM": holdings}, lambda _: None), "made").basket("IWM")
    assert found is not None
    known = {each.id: each.value for each in found.measures if each.value is not None}
    assert known == {"top10": pytest.approx(100.0), "effective_names": pytest.approx(1 / 0.52)}
    assert measured(found, "growth").why == "no company has filed it"
