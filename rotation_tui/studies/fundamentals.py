"""What follows from holdings and filings, as they were known on a day."""

from rotation_tui.domain.companies import FundCompanies
from rotation_tui.domain.fundamentals import Fundamentals, FundMembers, Mapped, Papers
from rotation_tui.domain.holdings import Holdings


def study_fundamentals(papers: Papers, made_of: str) -> Fundamentals:
    """All results of one day; `made_of` says which versions of the papers they rest on."""
    funds = (_members(held, papers.companies.get(fund)) for fund, held in papers.holdings.items())
    return Fundamentals(papers.day, made_of, tuple(funds), papers.filings)


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
