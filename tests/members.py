"""Breadth of made-up members, for boards and claims."""

from datetime import UTC, date, datetime

from rotation_tui.domain.breadth import (
    Advances,
    DispersionDay,
    MemberBreadth,
    MemberReturns,
    MemberRow,
    MemberShare,
    SectorBasket,
)
from rotation_tui.domain.holdings import LeftOut
from rotation_tui.domain.sampling import share_error

SECTORS = (
    "Financials", "Industrials", "Health Care", "Energy", "Information Technology", "Consumer Discretionary",
    "Real Estate", "Materials", "Consumer Staples", "Utilities", "Communication",
)  # fmt: skip


def breadth(
    fund: str = "IWM", as_of: date = date(2026, 6, 19), above: float | None = 48.2, known: int = 193
) -> MemberBreadth:
    """Breadth of a fund of 1,950 members with a sample of 200."""
    share = MemberShare(above, known, 200, None if above is None else share_error(above, known, 1950))
    leaders = tuple(
        MemberRow(f"M{n}X", f"COMPANY OF A LONG NAME {n}", SECTORS[n], 0.4 / (1 + n), 81.3 - 7 * n, 0.2 / (1 + n))
        for n in range(10)
    )
    laggards = tuple(
        MemberRow(f"L{n}X", f"LOSING COMPANY {n}", SECTORS[n], 0.2, -61.2 + 5 * n, -0.31 / (1 + n)) for n in range(10)
    )
    return MemberBreadth(
        fund=fund,
        as_of=as_of,
        held_on=date(2026, 6, 18),
        members=1950,
        sampled=200,
        above_50=MemberShare(55.4, known, 200, 3.4),
        above_200=share,
        advances=Advances(102, 86, 5, 16, 102 / 86, 100 * 102 / 188),
        highs=7,
        lows=12,
        year_known=191,
        returns=(
            MemberReturns(21, known, 1.2, 0.8, 0.4, 1.6, 45.1, 11.4, 13.1),
            MemberReturns(63, known, 4.7, 1.6, 2.1, 6.2, 41.5, 22.8, 24.0),
        ),
        sectors=tuple(
            SectorBasket(name, 190 - 9 * n, 19 - n, 18.0 - 1.5 * n, 2.5 - n / 2, 9.1 - 1.4 * n, 2.9 - 1.4 * n,
                         MemberShare(64.0 - 4 * n, 19 - n, 19 - n, 10.3), n + 1)
            for n, name in enumerate(SECTORS)
        ),
        leaders=leaders,
        laggards=laggards,
        dispersion=(DispersionDay(date(2026, 6, 18), 11.2, 70.0), DispersionDay(as_of, 11.4, 72.4)),
        left_out=(LeftOut("SPLT", "moved more than fivefold in a day, as a split that was not put in", 0.05),
                  LeftOut("NONE", "Yahoo does not carry it", None)),
        source="yahoo",
        fetched_at=datetime(2026, 6, 19, 21, tzinfo=UTC),
    )  # fmt: skip
