"""Which figures of companies' accounts are looked at, by which tags, and which frames of a day tell them."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from rotation_tui.domain.filings import FrameId

_FILED_AFTER = timedelta(days=45)
"""By then every quarterly report has to be filed..."""
_YEAR_FILED_AFTER = timedelta(days=90)
"""...and every annual one; until then all companies are read as of the quarter before, for a mixture compares none."""
_BEFORE_A_MISSING_ONE = 4
PEAK_YEAR = 2024
"""The last full year at the peak of rates: 5.25-5.50 % from July 2023 to September 2024."""


LAST_AND_YEAR_BEFORE = (0, 1, 4, 5)
"""The newest quarter and the same of a year before; and the one before each, for those whose books close a month later
and who have not filed yet."""


class CalendarQuarter(Struct, frozen=True, order=True):
    """A quarter of the calendar."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """As frames call it."""
        return f"CY{self.year}Q{self.number}"

    @property
    def end(self) -> date:
        """Its last day."""
        return date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1) - timedelta(days=1)

    @property
    def last_full_year(self) -> int:
        """The last year that is over with it."""
        return self.year if self.number == 4 else self.year - 1

    def before(self, quarters: int) -> "CalendarQuarter":
        """The quarter so many quarters earlier."""
        count = self.year * 4 + self.number - 1 - quarters
        return CalendarQuarter(count // 4, count % 4 + 1)


def reported(day: date) -> CalendarQuarter:
    """The newest quarter that every company has to have filed by `day`."""
    quarter = CalendarQuarter(day.year, (day.month + 2) // 3)
    while quarter.end + (_YEAR_FILED_AFTER if quarter.number == 4 else _FILED_AFTER) > day:
        quarter = quarter.before(1)
    return quarter


class Over(StrEnum):
    """Over which periods a figure is wanted.

    The fourth quarter of a fiscal year is in no quarterly report: it is the year less the other three. So twelve months
    need up to three quarters before them, one more of a company that has not filed about the newest, and the years that
    those quarters lie in.
    """

    GROWTH = "twelve months, and those a year before"
    LAST_YEAR = "the last full year"
    SIX_YEARS = "the last full year, and the five before it"
    QUARTER = "the last two quarters, and those a year before"
    MOMENT = "the end of the last two quarters, and of those a year before"
    PEAK_YEAR = "the year of the peak of rates"
    PEAK_MOMENT = "both ends of the year of the peak of rates"

    def periods(self, newest: CalendarQuarter) -> tuple[str, ...]:
        """By the names of frames, the newest first; `newest` is the quarter that is reported."""
        match self:
            case Over.GROWTH:
                count = 8 + _BEFORE_A_MISSING_ONE
                quarters = [newest.before(n) for n in range(count)]
                years = sorted({quarter.year for quarter in quarters}, reverse=True)
                return (*(q.name for q in quarters), *(f"CY{year}" for year in years))
            case Over.LAST_YEAR:
                return (f"CY{newest.last_full_year}",)
            case Over.SIX_YEARS:
                return tuple(f"CY{newest.last_full_year - n}" for n in range(6))
            case Over.QUARTER:
                return tuple(newest.before(n).name for n in LAST_AND_YEAR_BEFORE)
            case Over.MOMENT:
                return tuple(f"{newest.before(n).name}I" for n in LAST_AND_YEAR_BEFORE)
            case Over.PEAK_YEAR:
                return (f"CY{PEAK_YEAR}",)
            case Over.PEAK_MOMENT:
                return f"CY{PEAK_YEAR}Q4I", f"CY{PEAK_YEAR - 1}Q4I"


class Figure(Struct, frozen=True):
    """One figure of a company's accounts: of `tags` (`us-gaap:NetIncomeLoss`) the first that the company has counts."""

    id: str
    tags: tuple[str, ...]
    over: tuple[Over, ...]
    unit: str = "USD"

    def frames(self, period: str) -> tuple[FrameId, ...]:
        """The frames that tell it over a period, in the order in which they count."""
        named = (tag.split(":") for tag in self.tags)
        return tuple(FrameId(taxonomy, tag, self.unit, period) for taxonomy, tag in named)

    def periods(self, newest: CalendarQuarter) -> tuple[str, ...]:
        """All periods over which it is wanted, each once."""
        return tuple(dict.fromkeys(period for over in self.over for period in over.periods(newest)))


def _gaap(*tags: str) -> tuple[str, ...]:
    return tuple(f"us-gaap:{tag}" for tag in tags)


NET_INCOME = Figure(
    "net income",
    _gaap("NetIncomeLoss", "NetIncomeLossAvailableToCommonStockholdersBasic", "ProfitLoss"),
    (Over.GROWTH,),
)
OPERATING_INCOME = Figure("operating income", _gaap("OperatingIncomeLoss"), (Over.GROWTH,))
PRETAX_INCOME = Figure(
    "pre-tax income",
    _gaap(
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest",
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesMinorityInterestAndIncomeLossFromEquityMethodInvestments",
    ),
    (Over.GROWTH,),
)
"""With interest put back it stands in where a company tells no operating income."""
INTEREST = Figure(
    "interest",
    _gaap("InterestExpense", "InterestExpenseDebt", "InterestExpenseNonoperating"),
    (Over.GROWTH, Over.PEAK_YEAR),
)
DEBT = Figure("debt", _gaap("LongTermDebt"), (Over.MOMENT, Over.PEAK_MOMENT))
"""Its part that is due within a year is in it; where a company tells only the parts, they are added."""
DEBT_NONCURRENT = Figure("debt beyond a year", _gaap("LongTermDebtNoncurrent"), (Over.MOMENT, Over.PEAK_MOMENT))
DEBT_CURRENT = Figure("debt within a year", _gaap("LongTermDebtCurrent"), (Over.MOMENT, Over.PEAK_MOMENT))
BORROWINGS = Figure("short-term borrowings", _gaap("ShortTermBorrowings"), (Over.MOMENT, Over.PEAK_MOMENT))
ALL_CURRENT_DEBT = Figure("current debt", _gaap("DebtCurrent"), (Over.MOMENT, Over.PEAK_MOMENT))
"""Debt within a year and short-term borrowings in one."""
SHARES = Figure("shares", ("dei:EntityCommonStockSharesOutstanding",), (Over.MOMENT,), "shares")
DILUTED_SHARES = Figure(
    "diluted shares", _gaap("WeightedAverageNumberOfDilutedSharesOutstanding"), (Over.QUARTER,), "shares"
)
CAPITAL_SPENDING = Figure("capital spending", _gaap("PaymentsToAcquirePropertyPlantAndEquipment"), (Over.SIX_YEARS,))
"""Quarterly reports tell flows of cash since the fiscal year began, which no frame of a quarter has."""
BUYBACKS = Figure("buybacks", _gaap("PaymentsForRepurchaseOfCommonStock"), (Over.LAST_YEAR,))
ISSUES = Figure("shares issued", _gaap("ProceedsFromIssuanceOfCommonStock"), (Over.LAST_YEAR,))
TAXES_PAID = Figure("taxes paid", _gaap("IncomeTaxesPaidNet"), (Over.LAST_YEAR,))
REVENUE = Figure(
    "revenue",
    _gaap(
        "Revenues",
        "RevenueFromContractWithCustomerExcludingAssessedTax",
        "RevenueFromContractWithCustomerIncludingAssessedTax",
    ),
    (Over.LAST_YEAR,),
)

FIGURES = (
    NET_INCOME,
    OPERATING_INCOME,
    INTEREST,
    SHARES,
    DILUTED_SHARES,
    DEBT,
    DEBT_NONCURRENT,
    DEBT_CURRENT,
    BORROWINGS,
    ALL_CURRENT_DEBT,
    PRETAX_INCOME,
    REVENUE,
    CAPITAL_SPENDING,
    BUYBACKS,
    ISSUES,
    TAXES_PAID,
)
"""In the order in which they are asked for: what most answers rest on comes first."""


@lru_cache(maxsize=4)
def frames_wanted(day: date) -> tuple[FrameId, ...]:
    """All frames that tell the figures as of `day`, each once."""
    newest = reported(day)
    frames = (frame for figure in FIGURES for period in figure.periods(newest) for frame in figure.frames(period))
    return tuple(dict.fromkeys(frames))
