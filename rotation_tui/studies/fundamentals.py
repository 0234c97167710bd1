"""What follows from holdings and filings, as they were known on a day."""

from rotation_tui.domain.fundamentals import Fundamentals, FundMembers, Papers
from rotation_tui.domain.holdings import Holdings


def study_fundamentals(papers: Papers, made_of: str) -> Fundamentals:
    """All results of one day; `made_of` says which versions of the papers they rest on."""
    return Fundamentals(papers.day, made_of, tuple(map(_members, papers.holdings.values())), papers.filings)


def _members(holdings: Holdings) -> FundMembers:
    return FundMembers(
        holdings.fund,
        holdings.as_of,
        len(holdings.members),
        sum(member.weight for member in holdings.members),
        holdings.weight,
        holdings.left_out,
        holdings.source,
        holdings.fetched_at,
    )
