"""Which companies of a fund each measure is worked out for, and why the others are not."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rotation_tui.domain import measures as m
from rotation_tui.domain.breadth import Incomes
from rotation_tui.domain.companies import FundCompanies
from rotation_tui.domain.figures import PEAK_YEAR
from rotation_tui.domain.holdings import Holdings, LeftOut
from rotation_tui.domain.measures import Reason, Sample
from rotation_tui.domain.sampling import sample
from rotation_tui.studies.fundamentals.accounts import WORDS
from rotation_tui.studies.fundamentals.books import Books
from rotation_tui.studies.fundamentals.formulas import Numbers

MOST_YIELD = 1.0
"""Earnings, or a loss, of more than this share of the market value are those of another company."""
FACTOR = 3.0
"""A market value further from what the weight says is made of other shares than the fund's."""
MOST_CHANGE = 0.5
"""Shares that change by more in a year were split, or come from a merger."""
NO_BORROWERS = ("Financials", "Real Estate")
"""Sectors whose interest is the price of what they sell, or the whole of their business."""
NAMED = 25
"""So many companies of each reason are named, the largest."""

Rows = NDArray[np.bool_]
_Out = Iterable[tuple[Rows, str]]


class Fund:
    """The companies of a fund, a row each; every column of the books is theirs."""

    def __init__(self, held: FundCompanies, books: Books) -> None:
        companies = held.companies
        self.held = held
        self._rows = np.searchsorted(books.ciks, np.array([float(company.cik) for company in companies]))
        self.weight = np.array([company.weight for company in companies])
        self.sector = np.array([company.sector for company in companies], object)
        self.names = [f"{company.members[0].ticker} {company.name}" for company in companies]
        prices = (next((member.price for member in company.members if member.price), None) for company in companies)
        self.price = np.array([np.nan if price is None else price for price in prices])
        self.worth = self.price * self.of(books.shares)
        self.owned = self.weight / self.worth
        self.income, self.income_before = self.of(books.income.now), self.of(books.income.before)
        self.year_income, self.year_income_before = self.of(books.year_income), self.of(books.year_income_before)
        self.yields = self.income / self.worth

    def of(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column of the books for the companies of this fund."""
        return column[self._rows]

    @property
    def implied(self) -> Numbers:
        """The market values in units of those that the weights say: 1 is the usual one."""
        each = np.where((self.worth > 0) & (self.weight > 0), self.worth / self.weight, np.nan)
        known = each[~np.isnan(each)]
        return each / np.median(known) if len(known) else each


class Chosen(NamedTuple):
    """Who could be in a sample, who is, and of the others why not; `whole` where every company could be."""

    eligible: Rows
    inside: Rows
    whys: NDArray[np.object_]


def samples(fund: Fund, books: Books) -> dict[str, Chosen]:
    """All samples by their ids."""
    of, every = fund.of, np.ones(len(fund.weight), bool)
    borrows = ~np.isin(fund.sector, NO_BORROWERS)
    earned = list(_faults(of(books.income.fault), "net income"))
    wild = [(np.abs(fund.yields) > MOST_YIELD, "earns or loses more than its market value")]
    worth = [
        (np.isnan(fund.price), "no price"),
        (np.isnan(of(books.shares)), "no number of shares"),
        ((fund.implied > FACTOR) | (fund.implied < 1 / FACTOR),
         f"its market value is not a third to {FACTOR:g} times what its weight says"),
    ]  # fmt: skip
    paid = [*_faults(of(books.interest.fault), "interest"), (of(books.interest.now) < 0, "interest below 0")]
    covered = [*paid, (np.isnan(of(books.ebit.now)), "no EBIT of twelve months")]
    ends = [(_unknown(of(books.debt), of(books.debt_before)), "debt is not told at both ends")]
    wild_years = [
        (np.abs(income / fund.worth) > MOST_YIELD, "earns or loses more than its market value")
        for income in (fund.year_income, fund.year_income_before)
    ]
    before = of(books.interest.before), of(books.ebit.before)
    peak = of(books.peak_interest), of(books.peak_opening), of(books.peak_closing)
    spent, revenue, taxes, pretax = of(books.capex[0]), of(books.revenue), of(books.taxes), of(books.pretax)
    change = of(books.share_change)
    out: dict[str, tuple[Rows, _Out]] = {
        m.EARNINGS: (every, earned),
        m.PRICED: (every, [*earned, *worth, *wild]),
        m.GROWTH: (every, [*earned, *worth, *wild, (np.isnan(fund.income_before), "no twelve months a year before")]),
        m.YEARS: (every, [(_unknown(fund.year_income, fund.year_income_before), "has not filed of both years"),
                          *worth, *wild_years]),
        m.INTEREST: (borrows, covered),
        m.INTEREST_BEFORE: (borrows, [*covered, (_unknown(*before), "no twelve months a year before"),
                                      (before[0] < 0, "interest below 0")]),
        m.DEBT: (borrows, [*paid, *ends]),
        m.PEAK: (borrows, [*paid, *ends, (_unknown(*peak), f"has not filed all of {PEAK_YEAR}")]),
        m.SPENDING: (every, [(_unknown(spent, of(books.capex[1])), "has not filed of both years")]),
        m.REVENUE: (every, [(np.isnan(spent), "has filed no capital spending"), (~(revenue > 0), "no revenue")]),
        m.TAXES: (every, [(_unknown(taxes, pretax), "has not filed both"), (~(pretax > 0), "no pre-tax income")]),
        m.SHARES: (every, [(np.isnan(change), "shares are not told at both ends"),
                           (np.abs(change) > MOST_CHANGE, "its shares changed by over half")]),
        m.PAYOUT: (every, [(np.isnan(of(books.payout)), "has filed neither buybacks nor issues"), *worth]),
    }  # fmt: skip
    foreign = (~of(books.seen), "has filed none of these figures: a foreign filer, or new")
    found = {name: _chosen(eligible, [foreign, *reasons]) for name, (eligible, reasons) in out.items()}
    return {m.MEMBERS: _chosen(every, []), **found}


def incomes_of(holdings: Holdings, held: FundCompanies, books: Books) -> Incomes:
    """Who of the sample of a fund's members earned something over twelve months, by all shares of a company."""
    fund = Fund(held, books)
    inside = samples(fund, books)[m.EARNINGS].inside
    drawn = {member.ticker for member in sample(holdings.members)}
    found: dict[bool, list[str]] = {True: [], False: []}
    for company, income, counts in zip(held.companies, fund.income.tolist(), inside.tolist(), strict=True):
        found[income > 0] += [member.ticker for member in company.members if counts and member.ticker in drawn]
    return Incomes(held.fund, tuple(found[True]), tuple(found[False]))


def _chosen(eligible: Rows, reasons: _Out) -> Chosen:
    whys = np.full(len(eligible), "", object)
    for out, why in reasons:
        whys[out & (whys == "")] = why
    return Chosen(eligible, eligible & (whys == ""), whys)


def _faults(fault: NDArray[np.int64], what: str) -> Iterable[tuple[Rows, str]]:
    for each, words in WORDS.items():
        yield fault == each, f"{what}: {words}"


def _unknown(*columns: Numbers) -> Rows:
    return np.isnan(sum(columns))


def counted(name: str, chosen: Chosen, fund: Fund, among: Rows | None = None) -> Sample:
    """How much of a fund, or of the companies `among` it, is in a sample, without the names.

    A member of which no company is known counts as a company that is left out, where all could be in.
    """
    eligible, inside = (rows if among is None else rows & among for rows in (chosen.eligible, chosen.inside))
    unmapped = _unmapped(chosen, fund) if among is None else ()
    every = float(fund.weight[eligible].sum()) + sum(out.weight or 0.0 for out in unmapped)
    share = 100 * float(fund.weight[inside].sum()) / every if every > 0 else 0.0
    return Sample(name, int(inside.sum()), int(eligible.sum()) + len(unmapped), share)


def named(name: str, chosen: Chosen, fund: Fund) -> Sample:
    """The same of the whole fund, with the reasons and the names of who is left out."""
    out = np.flatnonzero(chosen.eligible & ~chosen.inside)
    lines = [LeftOut(fund.names[row], chosen.whys[row], float(fund.weight[row])) for row in out]
    lines += _unmapped(chosen, fund)
    lines.sort(key=lambda line: -(line.weight or 0.0))
    by_reason: dict[str, list[LeftOut]] = {}
    for line in lines:
        by_reason.setdefault(line.why, []).append(line)
    reasons = [Reason(why, len(of), sum(line.weight or 0.0 for line in of)) for why, of in by_reason.items()]
    shown: Counter[str] = Counter()
    told: list[LeftOut] = []
    for line in lines:
        shown[line.why] += 1
        if shown[line.why] <= NAMED:
            told.append(line)
    bare = counted(name, chosen, fund)
    return Sample(name, bare.count, bare.of, bare.weight, tuple(sorted(reasons, key=lambda r: -r.weight)), tuple(told))


def _unmapped(chosen: Chosen, fund: Fund) -> tuple[LeftOut, ...]:
    return fund.held.unmapped if chosen.eligible.all() else ()
