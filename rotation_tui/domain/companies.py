"""The companies behind a fund's members: one each, however many of its shares the fund holds."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from rotation_tui.domain.holdings import LeftOut, Member


class Found(StrEnum):
    """How a company was found: by the ticker of its shares, by a table of tickers, or by a name much like its own."""

    TICKER = "ticker"
    TABLE = "table"
    NAME = "name"


class Company(Struct, frozen=True):
    """A company that a fund holds, by its number at the SEC (CIK); `weight` is that of all its shares, in percent.

    `members` are the lines of the fund that are its shares, the largest first; `sector` is that of the largest, and
    `found` says how the largest was found.
    """

    cik: int
    name: str
    sector: str
    weight: float
    members: tuple[Member, ...]
    found: Found


class FundCompanies(Struct, frozen=True):
    """The companies that `fund` held on `as_of`, the largest first, and the members of which none is known."""

    fund: str
    as_of: date
    companies: tuple[Company, ...]
    unmapped: tuple[LeftOut, ...]

    @property
    def weight(self) -> float:
        """What the companies come to, in percent of the fund."""
        return sum(company.weight for company in self.companies)

    @property
    def covered_weight(self) -> float:
        """The same in percent of what all members come to; 0 where they come to nothing."""
        every = self.weight + sum(out.weight or 0.0 for out in self.unmapped)
        return 100 * self.weight / every if every > 0 else 0.0

    @property
    def covered_count(self) -> float:
        """How many of a hundred are known, a member of which none is known counting as a company."""
        return 100 * len(self.companies) / max(1, len(self.companies) + len(self.unmapped))
