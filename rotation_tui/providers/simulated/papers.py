"""Holdings and filings of the demo's made-up companies, as a fund and the SEC would tell them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.providers.base import UnknownSymbol
from rotation_tui.providers.simulated import companies as made
from rotation_tui.providers.simulated.companies import MadeUp, companies, quarter_of
from rotation_tui.providers.simulated.facts import LAST_YEAR
from rotation_tui.providers.simulated.market import Market

FUNDS = ("IWM", "IVV", "IJR")

_FILED_AFTER, _YEAR_FILED_AFTER = timedelta(days=38), timedelta(days=55)
_INVESTED = 99.8
_CASH = (LeftOut("USD CASH", "cash", 0.17), LeftOut("E-MINI FUTURE", "a future", 0.0))
_FLOWS = {
    "NetIncomeLoss": "income", "ProfitLoss": "income", "OperatingIncomeLoss": "ebit", "InterestExpense": "interest",
    "InterestExpenseDebt": "interest", "PaymentsToAcquirePropertyPlantAndEquipment": "capex", "Revenues": "revenue",
    "RevenueFromContractWithCustomerExcludingAssessedTax": "revenue", "IncomeTaxesPaidNet": "taxes",
    "PaymentsForRepurchaseOfCommonStock": "buybacks", "ProceedsFromIssuanceOfCommonStock": "issues",
    "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest": "pretax",
}  # fmt: skip
_YEARLY = frozenset(("capex", "taxes", "buybacks", "issues"))
"""Quarterly reports tell these since the fiscal year began."""
_DEBTS = (
    ("LongTermDebt",),
    ("LongTermDebtNoncurrent", "LongTermDebtCurrent"),
    ("LongTermDebtNoncurrent", "DebtCurrent"),
)
_PARTS = {"LongTermDebt": 1.0, "LongTermDebtNoncurrent": 0.9, "LongTermDebtCurrent": 0.1, "DebtCurrent": 0.1}
_SHARES, _DILUTED = "EntityCommonStockSharesOutstanding", "WeightedAverageNumberOfDilutedSharesOutstanding"
_TOLD = frozenset((*_FLOWS, *_PARTS, _SHARES, _DILUTED))


def holdings(market: Market, fund: str, session: date, at: datetime, source: str) -> Holdings:
    """What a fund held at the close of a session; UnknownSymbol for one that is not simulated."""
    if fund not in FUNDS:
        raise UnknownSymbol(f"the demo has no holdings of {fund}")
    held = [company for company in companies(market.seed) if _is_held(fund, company)]
    sizes = [company.worth * made.weight_noise(market.seed, company) for company in held]
    members: list[Member] = []
    for company, size in zip(held, sizes, strict=True):
        weight, price = _INVESTED * size / sum(sizes), price_at(market, company, fund, session)
        if not company.small and company.place == made.CLASSES:
            members.append(_member(company, f"{company.ticker}A", weight * 0.6, price))
            members.append(_member(company, f"{company.ticker}B", weight * 0.4, price))
        else:
            members.append(_member(company, company.ticker, weight, price))
    members.sort(key=lambda member: -member.weight)
    total = sum(member.weight for member in members) + sum(out.weight or 0.0 for out in _CASH)
    return Holdings(fund, session, tuple(members), _CASH, total, source, at)


def price_at(market: Market, company: MadeUp, fund: str, session: date) -> float:
    """What a fund reckons a share of a company at: its price at the end of 2025, moved as the fund has since."""
    place = market.sessions(session.year).index(session)
    return company.price * market.closes(fund, session.year)[place] / market.year_end(fund, LAST_YEAR)


def _is_held(fund: str, company: MadeUp) -> bool:
    """The S&P 600 wants profits of those who come in; of the large ones the Russell 2000 has none."""
    if fund == "IVV":
        return not company.small
    return company.small and (fund == "IWM" or company.profitable or company.place % 4 == 0)


def _member(company: MadeUp, ticker: str, weight: float, price: float) -> Member:
    return Member(ticker, company.name.upper(), company.sector, weight, price=price, exchange="MADE UP")


def registry(seed: int, at: datetime, source: str) -> Registry:
    """Which company each ticker is, but for one that the SEC does not list."""
    listed: dict[str, tuple[int, str]] = {}
    for company in companies(seed):
        if company.small and company.place == made.UNLISTED:
            continue
        classes = ("A", "B") if not company.small and company.place == made.CLASSES else ("",)
        listed |= {f"{company.ticker}{letter}": (company.cik, company.name) for letter in classes}
    return Registry(listed, source, at)


def facts(seed: int, frame: FrameId, at: datetime, source: str) -> Facts | None:
    """One figure of all companies that have filed it by then, None where none has."""
    if frame.tag not in _TOLD:
        return None
    rows = sorted(row for company in companies(seed) if (row := _fact(seed, company, frame, at.date())) is not None)
    if not rows:
        return None
    ciks, values, ends, filed = zip(*rows, strict=True)
    return Facts(frame, ciks, values, ends, source, at, filed)


def _fact(seed: int, company: MadeUp, frame: FrameId, by: date) -> tuple[float, float, float, float] | None:
    """Company, value, last day of its period and day of filing; None where it tells no such thing, or not yet."""
    if company.small and company.place == made.FOREIGN:
        return None
    moment, number = frame.period.endswith("I"), int(frame.period[7:8] or 0)
    year = int(frame.period[2:6])
    quarters = range(year * 4 + number - 1, year * 4 + number) if number else _fiscal(company, year)
    last = quarters[-1]
    value = (_at_end if moment else _over)(seed, company, frame, quarters)
    end = company.end_of(last)
    filed = end + (_YEAR_FILED_AFTER if company.ends_year(last) else _FILED_AFTER)
    if value is None or filed > by:
        return None
    return float(company.cik), value, float(end.toordinal()), float(filed.toordinal())


def _fiscal(company: MadeUp, year: int) -> range:
    """The quarters of the fiscal year that ends in a year of the calendar, or early in the next."""
    last = year * 4 + company.year_ends - 1
    return range(last - 3, last + 1)


def _over(seed: int, company: MadeUp, frame: FrameId, quarters: Sequence[int]) -> float | None:
    figure = _FLOWS.get(frame.tag)
    if frame.tag == _DILUTED:
        return quarter_of(seed, company, quarters[-1])["shares"] * 1.01
    if figure is None or frame.tag not in _tags(company, figure):
        return None
    if len(quarters) == 1 and (figure in _YEARLY or (company.ends_year(quarters[0]) and not _tells_fourth(company))):
        return None
    total = sum(quarter_of(seed, company, quarter)[figure] for quarter in quarters)
    restated = company.small and company.place == made.RESTATED and len(quarters) == 4
    return total * (1.1 if restated else 1.0)


def _tells_fourth(company: MadeUp) -> bool:
    """A few companies tell their fourth quarter apart."""
    return company.place % 13 == 8


def _tags(company: MadeUp, figure: str) -> Iterator[str] | tuple[str, ...]:
    """Which of the tags of a figure a company uses."""
    place = company.place
    lends = company.sector in ("Financials", "Real Estate")
    match figure:
        case "income":
            return ("ProfitLoss",) if place % 9 == 4 else ("NetIncomeLoss", "ProfitLoss")
        case "ebit":
            return () if lends or place % 5 == 2 else ("OperatingIncomeLoss",)
        case "interest":
            return ("InterestExpenseDebt",) if place % 6 == 3 else ("InterestExpense",)
        case "revenue":
            return ("Revenues",) if place % 2 else ("RevenueFromContractWithCustomerExcludingAssessedTax",)
    return tuple(tag for tag, of in _FLOWS.items() if of == figure)


def _at_end(seed: int, company: MadeUp, frame: FrameId, quarters: Sequence[int]) -> float | None:
    told = quarter_of(seed, company, quarters[-1])
    if frame.tag == _SHARES:
        if not company.small and company.place == made.CLASSES:
            return None  # told of each class alone, which no frame has
        return told["shares"] * (1000 if company.small and company.place == made.SCALED else 1)
    kinds = (
        ("LongTermDebt",),
        ("LongTermDebtNoncurrent", "LongTermDebtCurrent"),
        ("LongTermDebtNoncurrent", "DebtCurrent"),
    )
    return told["debt"] * _PARTS[frame.tag] if frame.tag in kinds[company.place % 3] else None
