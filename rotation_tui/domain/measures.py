"""What is measured of the companies that a fund holds, and what it comes to, with how much of the fund it rests on."""

from datetime import date
from types import MappingProxyType

from msgspec import Struct

from rotation_tui.domain import figures
from rotation_tui.domain.figures import Figure
from rotation_tui.domain.holdings import LeftOut

DIM_BELOW, UNKNOWN_BELOW = 80.0, 50.0
"""Percent of the companies, and of their weight, below which a value is dim, and below which none is told."""


def coverage(count: int, of: int, weight: float) -> float:
    """The smaller of two shares in percent: so many of all, and their weight."""
    return min(100 * count / of if of else 0.0, weight)


class Measure(Struct, frozen=True):
    """One thing that is measured of a fund; `formula` says how, `figures` are what it is made of beside weights.

    What it is worked out for is its `sample`: companies that lack something of it are left out there, by name.
    """

    id: str
    title: str
    unit: str
    formula: str
    sample: str
    figures: tuple[Figure, ...] = ()


class FundMeasure(Struct, frozen=True):
    """A measure of one fund: None with the reason in `why` where it cannot be told.

    It rests on `count` of `of` companies, which have `weight` percent of the weight of all these. `change` stands
    beside a growth: the difference in percent of the basket's price, which has a meaning on a loss as well.
    """

    id: str
    value: float | None
    count: int
    of: int
    weight: float
    why: str = ""
    change: float | None = None

    @property
    def coverage(self) -> float:
        """The smaller of the shares that it rests on, by count and by weight, in percent."""
        return coverage(self.count, self.of, self.weight)

    @property
    def is_thin(self) -> bool:
        """Whether it rests on too little to be told as anything else."""
        return self.coverage < DIM_BELOW


class Reason(Struct, frozen=True):
    """Why `count` companies with `weight` percent of the fund are left out of a sample."""

    why: str
    count: int
    weight: float


class Sample(Struct, frozen=True):
    """What a measure is worked out for: `count` of `of` companies, and why the others are left out.

    `left_out` names them, the largest first; at most so many of each reason as are worth reading.
    """

    id: str
    count: int
    of: int
    weight: float
    reasons: tuple[Reason, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def coverage(self) -> float:
        """The smaller of the shares that are in it, by count and by weight, in percent."""
        return coverage(self.count, self.of, self.weight)


class SectorMeasures(Struct, frozen=True):
    """The measures of the companies of one sector, which have `weight` percent of the fund."""

    sector: str
    companies: int
    weight: float
    measures: tuple[FundMeasure, ...]


class Distribution(Struct, frozen=True):
    """How many companies have a value in each bin of `step`, the first one from `start` on.

    `below` and `above` are those beyond both ends, `median` is of all.
    """

    start: float
    step: float
    counts: tuple[int, ...]
    below: int
    above: int
    median: float


class Basket(Struct, frozen=True):
    """All measures of what `fund` holds, at the prices of `as_of` and for twelve months to about `reported`.

    `alike` is the correlation of the companies' market values with their weights, None where there are too few.
    """

    fund: str
    as_of: date
    reported: date
    companies: int
    measures: tuple[FundMeasure, ...]
    samples: tuple[Sample, ...]
    sectors: tuple[SectorMeasures, ...] = ()
    yields: Distribution | None = None
    alike: float | None = None

    def measured(self, measure: str) -> FundMeasure | None:
        """One measure by its id."""
        return next((found for found in self.measures if found.id == measure), None)

    def sample(self, name: str) -> Sample | None:
        """One sample by its id."""
        return next((found for found in self.samples if found.id == name), None)


class FigureRead(Struct, frozen=True):
    """What was read of one figure: `files` of `wanted` frames, and how many companies each tag has told it for."""

    id: str
    files: int
    wanted: int
    tags: dict[str, int]
    first: str
    last: str


MEMBERS, EARNINGS, PRICED, GROWTH, YEARS = "members", "earnings", "priced", "growth", "years"
INTEREST, INTEREST_BEFORE, DEBT, PEAK = "interest", "interest before", "debt", "peak"
SPENDING, REVENUE, TAXES, SHARES, PAYOUT = "spending", "revenue", "taxes", "shares", "payout"

_EBIT = (figures.OPERATING_INCOME, figures.PRETAX_INCOME, figures.INTEREST)
_DEBT = (
    figures.DEBT,
    figures.DEBT_NONCURRENT,
    figures.DEBT_CURRENT,
    figures.BORROWINGS,
    figures.ALL_CURRENT_DEBT,
)
_PRICED = (figures.NET_INCOME, figures.SHARES, figures.DILUTED_SHARES)

MEASURES = (
    Measure("unprofitable_count", "without profit, by count", "%",
            "companies whose net income of twelve months is 0 or less, of all", EARNINGS, (figures.NET_INCOME,)),
    Measure("unprofitable_weight", "without profit, by weight", "%",
            "the weight of these companies, of that of all", EARNINGS, (figures.NET_INCOME,)),
    Measure("pe_profitable", "trailing P/E, ex-negative", "x",
            "Σw / Σ(w × net income / market value) over companies that earn something", PRICED, _PRICED),
    Measure("pe_all", "trailing P/E, with losses", "x",
            "the same over all; no meaning at or below 0", PRICED, _PRICED),
    Measure("growth", "earnings growth, 12 months", "%",
            "Σ(w / market value × net income) of twelve months over the same of the twelve before, today's holdings, "
            "matched sample", GROWTH, _PRICED),
    Measure("growth_ex_health", "without health care", "%", "the same without health care", GROWTH, _PRICED),
    Measure("growth_ex_swings", "without swings from loss", "%",
            "the same without companies that went from loss to profit", GROWTH, _PRICED),
    Measure("growth_year", "earnings growth, 2025", "%",
            "the same of the fiscal year 2025 over 2024", YEARS, _PRICED),
    Measure("growth_year_ex_health", "2025 without health care", "%",
            "that without health care", YEARS, _PRICED),
    Measure("growth_year_ex_swings", "2025 without swings", "%",
            "that without companies that went from loss to profit", YEARS, _PRICED),
    Measure("coverage", "interest coverage", "x",
            "ΣEBIT / Σinterest of twelve months over those that pay interest, without financials and real estate",
            INTEREST, _EBIT),
    Measure("coverage_before", "coverage a year before", "x",
            "the same of the twelve months before", INTEREST_BEFORE, _EBIT),
    Measure("short_of_interest", "EBIT below interest", "%",
            "of those that pay interest the share whose EBIT does not cover it", INTEREST, _EBIT),
    Measure("effective_rate", "effective interest rate", "%",
            "Σinterest of twelve months / mean of Σdebt at both ends, without financials and real estate", DEBT,
            (figures.INTEREST, *_DEBT)),
    Measure("rate_since_peak", "change since rates peaked", "pp",
            f"that less the same of the year {figures.PEAK_YEAR}, matched sample", PEAK, (figures.INTEREST, *_DEBT)),
    Measure("capex_growth", "capital spending growth", "%",
            "Σcapital spending of the last full year / that of the year before, matched sample", SPENDING,
            (figures.CAPITAL_SPENDING,)),
    Measure("capex_growth_median", "its median of five years", "%",
            "median of the growth of each of the five years up to the last one, each a matched sample of its own",
            SPENDING, (figures.CAPITAL_SPENDING,)),
    Measure("capex_to_revenue", "capital spending of revenue", "%",
            "Σcapital spending / Σrevenue of the last full year", REVENUE,
            (figures.CAPITAL_SPENDING, figures.REVENUE)),
    Measure("cash_tax", "tax paid of pre-tax income", "%",
            "Σtaxes paid / Σpre-tax income of the last full year, over companies with pre-tax income above 0", TAXES,
            (figures.TAXES_PAID, figures.PRETAX_INCOME)),
    Measure("share_change", "change of shares, 1 year", "%",
            "Σ(w × change of a company's shares); buybacks below 0, dilution above", SHARES,
            (figures.SHARES, figures.DILUTED_SHARES)),
    Measure("net_buybacks", "net buybacks", "%",
            "Σ(w × (buybacks less shares issued, last full year) / market value) / Σw", PAYOUT,
            (figures.BUYBACKS, figures.ISSUES, figures.SHARES, figures.DILUTED_SHARES)),
    Measure("top10", "weight of the ten largest", "%", "of the companies, all shares of one together", MEMBERS),
    Measure("effective_names", "effective number of names", "",
            "1 / Σ(weight as a share)², so many companies of equal weight", MEMBERS),
)  # fmt: skip
"""All measures of a fund, in the order in which they are shown."""

MEASURES_BY_ID = MappingProxyType({measure.id: measure for measure in MEASURES})

BY_SECTOR = ("unprofitable_count", "unprofitable_weight", "pe_profitable", "pe_all", "growth")
"""Those that are told of each sector as well."""
