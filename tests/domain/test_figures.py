"""Which frames a day asks for."""

from datetime import date

import pytest

from rotation_tui.domain.figures import CAPITAL_SPENDING, DEBT, NET_INCOME, CalendarQuarter, frames_wanted, reported
from rotation_tui.domain.filings import FrameId


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        (date(2026, 11, 13), CalendarQuarter(2026, 2)),
        (date(2026, 11, 14), CalendarQuarter(2026, 3)),
        (date(2027, 3, 30), CalendarQuarter(2026, 3)),
        (date(2027, 3, 31), CalendarQuarter(2026, 4)),
        (date(2027, 5, 15), CalendarQuarter(2027, 1)),
    ],
)
def test_a_quarter_counts_once_every_company_has_to_have_filed_it(day: date, newest: CalendarQuarter) -> None:
    assert reported(day) == newest


def test_growth_needs_two_years_and_what_a_fourth_quarter_is_worked_out_from() -> None:
    assert NET_INCOME.periods(CalendarQuarter(2026, 3)) == (
        "CY2026Q3", "CY2026Q2", "CY2026Q1", "CY2025Q4", "CY2025Q3", "CY2025Q2", "CY2025Q1", "CY2024Q4",
        "CY2024Q3", "CY2024Q2", "CY2024Q1", "CY2023Q4", "CY2026", "CY2025", "CY2024", "CY2023",
    )  # fmt: skip


def test_cash_flows_come_by_year_and_balances_by_the_moment() -> None:
    spending = CAPITAL_SPENDING.periods(CalendarQuarter(2026, 1))
    assert spending == ("CY2025", "CY2024", "CY2023", "CY2022", "CY2021", "CY2020")
    assert CAPITAL_SPENDING.periods(CalendarQuarter(2026, 4))[0] == "CY2026"
    assert DEBT.periods(CalendarQuarter(2026, 3)) == (
        "CY2026Q3I", "CY2026Q2I", "CY2025Q3I", "CY2025Q2I", "CY2024Q4I", "CY2023Q4I",
    )  # fmt: skip


def test_the_frames_of_a_day_are_told_once_and_those_that_most_rests_on_come_first() -> None:
    frames = frames_wanted(date(2026, 11, 29))
    assert len(frames) == len(set(frames)) < 210
    assert frames[0] == FrameId("us-gaap", "NetIncomeLoss", "USD", "CY2026Q3")


@pytest.mark.parametrize(
    ("period", "end"),
    [("CY2025", date(2025, 12, 31)), ("CY2026Q3", date(2026, 9, 30)), ("CY2025Q4I", date(2025, 12, 31))],
)
def test_a_frame_ends_with_its_period(period: str, end: date) -> None:
    assert FrameId("us-gaap", "NetIncomeLoss", "USD", period).end == end
