"""What follows from what funds hold and companies file, and what it is worked out from."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec import Struct, field

from rotation_tui.domain.breadth import Incomes, MemberBreadth
from rotation_tui.domain.companies import FundCompanies
from rotation_tui.domain.filings import Facts, FrameId
from rotation_tui.domain.holdings import Holdings, LeftOut
from rotation_tui.domain.measures import Basket, FigureRead

STUDY = "holdings and filings"
"""What the study is called where it fails."""


class Papers(Struct, frozen=True):
    """What lies on disk as it was known on `day`: the holdings by fund, and facts that are read when asked for.

    `companies` are those of each fund, of none where the list of companies is not there.
    `facts` gives None for a frame that nobody filed or that is not there; it reads the disk anew each time.
    """

    day: date
    holdings: Mapping[str, Holdings]
    facts: Callable[[FrameId], Facts | None]
    filings: "FilingsAtHand | None" = None
    companies: Mapping[str, FundCompanies] = field(default_factory=dict)


class Mapped(Struct, frozen=True):
    """How many companies a fund's members are, and how many of a hundred are known by weight and by count.

    `unmapped` are the members of which no company is known, with the reasons.
    """

    companies: int
    covered_weight: float
    covered_count: float
    unmapped: tuple[LeftOut, ...]


class FundMembers(Struct, frozen=True):
    """The members of one fund at the close of `as_of`, without their names.

    `mapped` is None while it is not known who the companies are.

    `weight` is what they come to in percent of the fund, `file_weight` what all lines of the file do, `left_out` the
    lines that are no member, with the reasons.
    """

    fund: str
    as_of: date
    members: int
    weight: float
    file_weight: float
    left_out: tuple[LeftOut, ...]
    source: str
    fetched_at: datetime
    mapped: Mapped | None = None


class FilingsAtHand(Struct, frozen=True):
    """Of `wanted` frames those that are there; `as_of` is the end of the quarter that all companies have reported."""

    frames: int
    wanted: int
    as_of: date
    source: str
    fetched_at: datetime


class Fundamentals(Struct, frozen=True):
    """All that follows from holdings and filings, as they were known on `as_of`.

    `made_of` says which versions of the documents they rest on, and on which day: while it stands, so do they. `read`
    tells of each figure what was read of it, `unreadable` has a sentence for each file that was set aside.
    `breadth` is of the funds of which the closes of members are there, `incomes` say who of their samples earns.
    """

    as_of: date
    made_of: str
    funds: tuple[FundMembers, ...] = ()
    filings: FilingsAtHand | None = None
    unreadable: tuple[str, ...] = ()
    baskets: tuple[Basket, ...] = ()
    read: tuple[FigureRead, ...] = ()
    breadth: tuple[MemberBreadth, ...] = ()
    incomes: tuple[Incomes, ...] = ()

    def basket(self, fund: str) -> Basket | None:
        """The measures of what a fund holds, None where there are none."""
        return next((basket for basket in self.baskets if basket.fund == fund), None)

    def breadth_of(self, fund: str) -> MemberBreadth | None:
        """Breadth among the members of a fund, None where their closes are not there."""
        return next((found for found in self.breadth if found.fund == fund), None)

    def fund(self, fund: str) -> FundMembers | None:
        """The members of a fund, None where its holdings are not there."""
        return next((members for members in self.funds if members.fund == fund), None)


class Progress(Struct, frozen=True):
    """Of `want` files `done` are there, and the rest takes about `left_s` seconds, None where that is unknown."""

    done: int
    want: int
    left_s: float | None = None
