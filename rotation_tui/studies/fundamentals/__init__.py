"""What follows from holdings and filings, as they were known on a day."""

import numpy as np

from rotation_tui.domain.companies import Company, Found, FundCompanies
from rotation_tui.domain.figures import FIGURES
from rotation_tui.domain.fundamentals import Fundamentals, FundMembers, Mapped, Papers
from rotation_tui.domain.holdings import Holdings
from rotation_tui.studies.fundamentals.accounts import Accounts
from rotation_tui.studies.fundamentals.basket import basket_of
from rotation_tui.studies.fundamentals.books import books_of
from rotation_tui.studies.fundamentals.samples import incomes_of


def study_fundamentals(papers: Papers, made_of: str) -> Fundamentals:
    """All results of one day; `made_of` says which versions of the papers they rest on.

    While the list of companies is not there, each member is a company of which nothing has been filed.
    """
    members = tuple(_members(held, papers.companies.get(fund)) for fund, held in papers.holdings.items())
    companies = papers.companies or {fund: _by_themselves(held) for fund, held in papers.holdings.items()}
    ciks = sorted({company.cik for fund in companies.values() for company in fund.companies})
    accounts = Accounts(papers.facts, ciks, papers.day)
    with np.errstate(divide="ignore", invalid="ignore"):  # what is unknown is NaN, and stays it
        books = books_of(accounts)
        baskets = tuple(basket_of(fund, books, accounts) for fund in companies.values() if fund.companies)
        incomes = tuple(incomes_of(papers.holdings[fund], c, books) for fund, c in companies.items() if c.companies)
    read = tuple(map(accounts.files, FIGURES))
    return Fundamentals(papers.day, made_of, members, papers.filings, baskets=baskets, read=read, incomes=incomes)


def _by_themselves(holdings: Holdings) -> FundCompanies:
    told = enumerate(holdings.members, 1)
    own = tuple(Company(-n, m.name, m.sector, m.weight, (m,), Found.TICKER) for n, m in told)  # no number of the SEC's
    return FundCompanies(holdings.fund, holdings.as_of, own, ())


def _members(holdings: Holdings, companies: FundCompanies | None) -> FundMembers:
    return FundMembers(
        holdings.fund,
        holdings.as_of,
        len(holdings.members),
        sum(member.weight for member in holdings.members),
        holdings.weight,
        holdings.left_out,
        holdings.source,
        holdings.fetched_at,
        None if companies is None else _mapped(companies),
    )


def _mapped(companies: FundCompanies) -> Mapped:
    return Mapped(len(companies.companies), companies.covered_weight, companies.covered_count, companies.unmapped)
