"""The measures of one fund: its companies with their weights and prices, and what they have filed."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from rotation_tui.domain import measures as m
from rotation_tui.domain.companies import FundCompanies
from rotation_tui.domain.measures import Basket, Distribution, FundMeasure, Measure, Sample, SectorMeasures
from rotation_tui.studies.fundamentals import formulas
from rotation_tui.studies.fundamentals.accounts import Accounts
from rotation_tui.studies.fundamentals.books import Books
from rotation_tui.studies.fundamentals.formulas import Numbers
from rotation_tui.studies.fundamentals.samples import Chosen, Fund, Rows, counted, named, samples

LEAST_ALIKE = 0.98
"""Below this correlation of market values with weights nothing is told that rests on market values."""
LEAST_FOR_ALIKE = 20
HEALTH = "Health Care"
TOP = 10
FIRST_BIN, BIN, BINS = -20.0, 1.0, 40
"""Earnings yields in percent of the market value."""

_NEED_WORTH = frozenset((m.PRICED, m.GROWTH, m.YEARS, m.PAYOUT))


class _Outcome(NamedTuple):
    """A value, beside which a change may stand, or why there is none."""

    value: float | None
    why: str = ""
    change: float | None = None


class _Measuring(NamedTuple):
    """A fund, its books and samples, and how far its market values go with its weights."""

    fund: Fund
    books: Books
    samples: Mapping[str, Chosen]
    alike: float | None


def basket_of(held: FundCompanies, books: Books, accounts: Accounts) -> Basket:
    """All measures of what a fund holds."""
    fund = Fund(held, books)
    chosen = samples(fund, books)
    priced = chosen[m.PRICED].inside
    work = _Measuring(fund, books, chosen, alike(fund.worth[priced], fund.weight[priced]))
    sectors = sorted({*fund.sector}, key=lambda sector: -float(fund.weight[fund.sector == sector].sum()))
    return Basket(
        held.fund,
        held.as_of,
        accounts.newest.end,
        len(held.companies) + len(held.unmapped),
        tuple(_measured(work, measure) for measure in m.MEASURES),
        tuple(named(name, one, fund) for name, one in chosen.items()),
        tuple(_sector(work, sector) for sector in sectors),
        _distribution(100 * fund.yields[priced]) if priced.any() else None,
        work.alike,
    )


def alike(worth: Numbers, weight: Numbers) -> float | None:
    """Correlation of market values with weights; None of too few companies, or where either is the same of all."""
    if len(worth) < LEAST_FOR_ALIKE or np.ptp(worth) == 0 or np.ptp(weight) == 0:
        return None
    return float(np.corrcoef(worth, weight)[0, 1])


def _sector(work: _Measuring, sector: str) -> SectorMeasures:
    among = work.fund.sector == sector
    found = tuple(_measured(work, each, among) for each in m.MEASURES if each.id in m.BY_SECTOR)
    return SectorMeasures(sector, int(among.sum()), float(work.fund.weight[among].sum()), found)


def _measured(work: _Measuring, measure: Measure, among: Rows | None = None) -> FundMeasure:
    """A measure of a fund, or of the companies `among` it."""
    chosen = work.samples[measure.sample]
    sample = counted(measure.sample, chosen, work.fund, among)
    found = _made(work, measure, sample, chosen.inside if among is None else chosen.inside & among)
    return FundMeasure(measure.id, found.value, sample.count, sample.of, sample.weight, found.why, found.change)


def _made(work: _Measuring, measure: Measure, sample: Sample, rows: Rows) -> _Outcome:
    if not sample.count:
        return _Outcome(None, "no company has filed it")
    if sample.coverage < m.UNKNOWN_BELOW:
        return _Outcome(None, f"rests on {sample.coverage:.0f} %, needs {m.UNKNOWN_BELOW:.0f}")
    if measure.sample in _NEED_WORTH and (work.alike is None or work.alike < LEAST_ALIKE):
        told = f"under {LEAST_FOR_ALIKE} companies" if work.alike is None else f"correlation {work.alike:.2f}"
        return _Outcome(None, f"market values do not go with the weights: {told}, needs {LEAST_ALIKE:g}")
    return _MAKERS[measure.id](work, rows)


def _distribution(percent: Numbers) -> Distribution:
    places = np.floor((percent - FIRST_BIN) / BIN).astype(int)
    counts = np.bincount(places[(places >= 0) & (places < BINS)], minlength=BINS)
    below, above = int((places < 0).sum()), int((places >= BINS).sum())
    return Distribution(FIRST_BIN, BIN, tuple(map(int, counts)), below, above, float(np.median(percent)))


def _told(value: float | None, why: str) -> _Outcome:
    return _Outcome(value, "" if value is not None else why)


def _unprofitable(*, by_weight: bool) -> "_Maker":
    def made(work: _Measuring, rows: Rows) -> _Outcome:
        found = formulas.unprofitable(work.fund.weight[rows], work.fund.income[rows])
        return _told(None if found is None else found.by_weight if by_weight else found.by_count, "no weight")

    return made


def _price_earnings(*, profitable: bool) -> "_Maker":
    def made(work: _Measuring, rows: Rows) -> _Outcome:
        found = formulas.price_earnings(work.fund.weight[rows], work.fund.yields[rows], profitable=profitable)
        return _told(found, "N/M: they earn nothing together")

    return made


def _growth(*, year: bool, without: Callable[[Fund, bool], Rows] | None = None) -> "_Maker":
    def made(work: _Measuring, rows: Rows) -> _Outcome:
        fund = work.fund
        kept = rows if without is None else rows & ~without(fund, year)
        now, before = _incomes(fund, year)
        found = formulas.growth(float(fund.owned[kept] @ before[kept]), float(fund.owned[kept] @ now[kept]))
        return _Outcome(found.percent, "" if found.percent is not None else "N/M: the base is not above 0",
                    100 * found.change / float(fund.weight[kept].sum()) if kept.any() else None)  # fmt: skip

    return made


def _incomes(fund: Fund, year: bool) -> tuple[Numbers, Numbers]:
    return (fund.year_income, fund.year_income_before) if year else (fund.income, fund.income_before)


def _health(fund: Fund, _: bool) -> Rows:
    found: Rows = fund.sector == HEALTH
    return found


def _swings(fund: Fund, year: bool) -> Rows:
    now, before = _incomes(fund, year)
    found: Rows = (before <= 0) & (now > 0)
    return found


def _cover(work: _Measuring, rows: Rows, *, before: bool = False) -> formulas.Cover:
    interest, ebit = ((each.before if before else each.now) for each in (work.books.interest, work.books.ebit))
    return formulas.interest_cover(work.fund.of(ebit)[rows], work.fund.of(interest)[rows])


def _coverage(work: _Measuring, rows: Rows) -> _Outcome:
    return _told(_cover(work, rows).times, "nobody pays interest")


def _coverage_before(work: _Measuring, rows: Rows) -> _Outcome:
    return _told(_cover(work, rows, before=True).times, "nobody pays interest")


def _short(work: _Measuring, rows: Rows) -> _Outcome:
    return _told(_cover(work, rows).short, "nobody pays interest")


def _rate(work: _Measuring, rows: Rows) -> _Outcome:
    return _told(_rate_of(work, rows, "interest", "debt_before", "debt"), "no debt")


def _rate_of(work: _Measuring, rows: Rows, interest: str, opening: str, closing: str) -> float | None:
    books = work.books
    paid = books.interest.now if interest == "interest" else getattr(books, interest)
    columns = (paid, getattr(books, opening), getattr(books, closing))
    return formulas.effective_rate(*(float(work.fund.of(column)[rows].sum()) for column in columns))


def _since_peak(work: _Measuring, rows: Rows) -> _Outcome:
    now = _rate_of(work, rows, "interest", "debt_before", "debt")
    then = _rate_of(work, rows, "peak_interest", "peak_opening", "peak_closing")
    return _told(None if now is None or then is None else now - then, "no debt")


def _capex_growth(work: _Measuring, rows: Rows) -> _Outcome:
    spent, before = (float(work.fund.of(column)[rows].sum()) for column in work.books.capex[:2])
    return _told(formulas.growth(before, spent).percent, "N/M: the base is not above 0")


def _capex_median(work: _Measuring, _: Rows) -> _Outcome:
    found = []
    for now, before in pairwise(map(work.fund.of, work.books.capex)):
        both = ~np.isnan(now + before)
        pair = formulas.growth(float(before[both].sum()), float(now[both].sum())).percent if both.any() else None
        if pair is None:
            return _Outcome(None, "needs capital spending of six years")
        found.append(pair)
    return _Outcome(median(found))


def _share(top: str, bottom: str) -> "_Maker":
    def made(work: _Measuring, rows: Rows) -> _Outcome:
        books = work.books
        over = books.capex[0] if top == "capex" else getattr(books, top)
        part, whole = (float(work.fund.of(column)[rows].sum()) for column in (over, getattr(books, bottom)))
        return _Outcome(100 * part / whole)

    return made


def _weighted(work: _Measuring, rows: Rows, column: Numbers) -> _Outcome:
    weight = work.fund.weight[rows]
    return _Outcome(100 * float(weight @ column[rows] / weight.sum()))


def _share_change(work: _Measuring, rows: Rows) -> _Outcome:
    return _weighted(work, rows, work.fund.of(work.books.share_change))


def _net_buybacks(work: _Measuring, rows: Rows) -> _Outcome:
    return _weighted(work, rows, work.fund.of(work.books.payout) / work.fund.worth)


def _largest(work: _Measuring) -> Numbers:
    """The weights of the companies, members without a company among them, the largest first."""
    others = [out.weight or 0.0 for out in work.fund.held.unmapped]
    return np.sort(np.concatenate([work.fund.weight, np.array(others)]))[::-1]


def _top(work: _Measuring, _: Rows) -> _Outcome:
    return _Outcome(float(_largest(work)[:TOP].sum()))


def _names(work: _Measuring, _: Rows) -> _Outcome:
    return _Outcome(float(1 / ((_largest(work) / 100) ** 2).sum()))


_Maker = Callable[[_Measuring, Rows], _Outcome]
_MAKERS: Mapping[str, _Maker] = {
    "unprofitable_count": _unprofitable(by_weight=False),
    "unprofitable_weight": _unprofitable(by_weight=True),
    "pe_profitable": _price_earnings(profitable=True),
    "pe_all": _price_earnings(profitable=False),
    "growth": _growth(year=False),
    "growth_ex_health": _growth(year=False, without=_health),
    "growth_ex_swings": _growth(year=False, without=_swings),
    "growth_year": _growth(year=True),
    "growth_year_ex_health": _growth(year=True, without=_health),
    "growth_year_ex_swings": _growth(year=True, without=_swings),
    "coverage": _coverage,
    "coverage_before": _coverage_before,
    "short_of_interest": _short,
    "effective_rate": _rate,
    "rate_since_peak": _since_peak,
    "capex_growth": _capex_growth,
    "capex_growth_median": _capex_median,
    "capex_to_revenue": _share("capex", "revenue"),
    "cash_tax": _share("taxes", "pretax"),
    "share_change": _share_change,
    "net_buybacks": _net_buybacks,
    "top10": _top,
    "effective_names": _names,
}
