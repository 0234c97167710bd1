"""How broad a move is among a fund's members, from a sample of their closes."""

from datetime import date, datetime

from msgspec import Struct

from rotation_tui.domain.holdings import LeftOut

DIM_BELOW_PCT, UNKNOWN_BELOW_PCT = 80.0, 50.0
"""Percent of the sample below which a share is dim, and below which none is told."""
GOOD_PCT, POOR_PCT = 60.0, 40.0
"""House default of the shares above the 200-session mean beyond which breadth is good, or poor."""


class MemberShare(Struct, frozen=True):
    """Percent of the `known` of `of` members for which something holds; None where too few are known.

    `error_pp` is its standard error for all members of the fund.
    """

    pct: float | None
    known: int
    of: int
    error_pp: float | None = None

    @property
    def coverage_pct(self) -> float:
        """How many of a hundred are known."""
        return 100 * self.known / self.of if self.of else 0.0

    @property
    def is_thin(self) -> bool:
        """Whether it rests on too few to be told as anything else."""
        return self.coverage_pct < DIM_BELOW_PCT


class Advances(Struct, frozen=True):
    """How many members closed higher, lower and unchanged; `ratio` is None without one that fell."""

    up: int
    down: int
    unchanged: int
    net: int
    ratio: float | None
    up_pct: float | None


class MemberReturns(Struct, frozen=True):
    """What members returned over so many sessions, in percent: each counted alike, the middle one, and the fund.

    `fund_pct` is the fund's own return, None where its closes are not there; `beat_pct` the share of members that
    beat it. `deviation_pp` and `quartile_range_pp` say how far members are apart, `error_pp` is that of the mean.
    """

    sessions: int
    known: int
    mean_pct: float
    error_pp: float
    median_pct: float
    fund_pct: float | None
    beat_pct: float | None
    deviation_pp: float
    quartile_range_pp: float

    @property
    def equal_lead_pp(self) -> float | None:
        """How far members counted alike are ahead of the fund, which counts them by weight."""
        return None if self.fund_pct is None else self.mean_pct - self.fund_pct


class MemberRow(Struct, frozen=True):
    """A member with its return over 63 sessions, and what that has added to the fund as it is today, in points."""

    ticker: str
    name: str
    sector: str
    weight: float
    return_pct: float
    contribution_pp: float


class SectorBasket(Struct, frozen=True):
    """Members of one sector: `known` of the `members` that the fund has in it, which have `weight` percent of it.

    Returns are of the known ones by their weights of today, in percent; `excess_pp` is over 63 sessions against the
    fund. `rank` is by that return, 1 the best.
    """

    sector: str
    members: int
    known: int
    weight: float
    return_21_pct: float | None
    return_63_pct: float | None
    excess_pp: float | None
    above_200: MemberShare
    rank: int | None = None


class DispersionDay(Struct, frozen=True):
    """How far members' 21-session returns were apart at a close, and where that stands among 252 such days."""

    session: date
    deviation_pp: float
    percentile: float | None


class LiquidityDay(Struct, frozen=True):
    """What trading members cost at a close, and where that stands among 252 such days.

    `impact` is the middle member's log return by dollars traded over 21 sessions, per billion; `spread_pct` the middle
    one's estimated bid-ask spread, `spread_ratio` that over its median of 252 days. `thin_pct` is the weight of those
    that trade less than $1m a day, of those whose trading is known. None where too few members are known.
    """

    session: date
    impact: float | None
    impact_percentile: float | None
    spread_pct: float | None
    spread_ratio: float | None
    thin_pct: float | None


class Incomes(Struct, frozen=True):
    """Tickers of a fund's sample whose companies earned something over twelve months, and of those that did not."""

    fund: str
    earning: tuple[str, ...]
    losing: tuple[str, ...]


class JunkDay(Struct, frozen=True):
    """How far members without profit were ahead of the others at a close, by the mean of 63-session returns.

    `losing` and `earning` are of how many.
    """

    session: date
    lead_pp: float
    losing: int
    earning: int


class MemberBreadth(Struct, frozen=True):
    """Breadth of `fund` at the close of `as_of`, from `sampled` of its `members` as they were on `held_on`.

    `leaders` and `laggards` are of the sample, by their return over 63 sessions, the farthest first. `left_out` names
    those of the sample that do not count, with the reasons. `junk` is empty where filings do not tell who earns,
    `liquidity` where the source tells no highs, lows and volumes of members. `made_of` says what it was worked out
    from. The board says that it is `stale`: its closes are older than closes may be.
    """

    fund: str
    as_of: date
    held_on: date
    members: int
    sampled: int
    above_50: MemberShare
    above_200: MemberShare
    advances: Advances
    highs: int
    lows: int
    year_known: int
    returns: tuple[MemberReturns, ...]
    sectors: tuple[SectorBasket, ...]
    leaders: tuple[MemberRow, ...]
    laggards: tuple[MemberRow, ...]
    dispersion: tuple[DispersionDay, ...]
    left_out: tuple[LeftOut, ...]
    source: str
    fetched_at: datetime
    made_of: str = ""
    stale: bool = False
    junk: tuple[JunkDay, ...] = ()
    liquidity: tuple[LiquidityDay, ...] = ()

    def over(self, sessions: int) -> MemberReturns | None:
        """What members returned over so many sessions, None where too few have closes of them."""
        return next((returns for returns in self.returns if returns.sessions == sessions), None)
