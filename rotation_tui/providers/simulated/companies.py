"""MadeUp-up companies of the demo's funds, and what they have earned, owed and spent in each quarter.

Everything follows from the seed, the company and the quarter. Some file as companies should not: the studies have to
find them.
"""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from msgspec import Struct

from rotation_tui.providers.simulated.noise import noise, noises

SMALL, LARGE = 90, 70
"""Companies of the small and of the large index."""
SECTORS = (
    "Health Care", "Industrials", "Financials", "Information Technology", "Consumer Discretionary", "Real Estate",
    "Energy", "Materials", "Consumer Staples", "Utilities", "Communication",
)  # fmt: skip
FOREIGN, UNLISTED, SCALED, RESTATED, WINDFALL, CLASSES = 13, 33, 21, 47, 38, 4
"""Places of those that file as they should not: nothing, unknown to the SEC, shares a thousand times too many, a year
that is not its quarters, earnings of more than it is worth, and one of the large with shares of two classes."""

_FROM = 2025.0
_TAKEN = 0.21
_LATE, _JUNE, _SEPTEMBER, _FREE = 1, 2, 3, 4
"""Last digits of the places of companies with other fiscal years, and of small ones without debt."""
_FIRST_CIK = 9_000_000
_WORDS = (
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Ivy", "Juniper", "Larch", "Maple", "Oak", "Pine",
    "Rowan", "Spruce", "Willow",
)  # fmt: skip
_TRADES = ("Works", "Systems", "Holdings", "Labs", "Partners", "Group")


class MadeUp(Struct, frozen=True):
    """One company: its place among its kind, and what it is made from.

    `worth` is its market value at the end of 2025 in dollars, `earns` its earnings of a year as a share of that,
    `grows` their growth a year, `owes` its debt as a share of it. `late` counts the months between the end of its
    quarters and the end of the calendar's; its fiscal year ends with the quarter `year_ends` of the calendar.
    """

    place: int
    small: bool
    ticker: str
    name: str
    sector: str
    worth: float
    price: float
    earns: float
    grows: float
    owes: float
    late: int
    year_ends: int

    @property
    def cik(self) -> int:
        return _FIRST_CIK + self.place + (0 if self.small else 1000)

    @property
    def profitable(self) -> bool:
        return self.earns > 0

    @property
    def swings_at(self) -> int | None:
        """The quarter from which on one of the small has earned something, counted from year 0."""
        return 2025 * 4 + 1 if self.small and self.place % 17 == 11 else None

    def end_of(self, quarter: int) -> date:
        """The last day of one of its quarters, counted from year 0."""
        month = (quarter % 4 + 1) * 3 + self.late
        year = quarter // 4 + (month - 1) // 12
        month = (month - 1) % 12 + 1
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def ends_year(self, quarter: int) -> bool:
        """Whether a quarter is the last one of its fiscal year."""
        return quarter % 4 + 1 == self.year_ends


@cache
def companies(seed: int) -> tuple[MadeUp, ...]:
    """All of them, the small ones first, each kind by size."""
    return tuple(_made(seed, place, small=small) for small, count in ((True, SMALL), (False, LARGE))
                 for place in range(count))  # fmt: skip


def _made(seed: int, place: int, *, small: bool) -> MadeUp:
    earns, grows, owes, price = noises(4, seed, "company", small, place)
    worth = (6e9 * (place + 8) ** -0.3) if small else (1.3e12 * (place + 2) ** -0.7)
    share = (0.066 if small else 0.046) * math.exp(0.3 * earns)
    if place % 5 in (1, 4) if small else place % 23 == 17:
        share = -0.03 * math.exp(0.5 * earns)
    if small and place == WINDFALL:
        share = 1.6
    borrows = (0.5 if small else 0.2) * (1 + 0.3 * owes)
    word, trade = _WORDS[(place * 7 + (0 if small else 5)) % len(_WORDS)], _TRADES[place % len(_TRADES)]
    letters = chr(ord("A") + place % 26) + chr(ord("A") + place // 26)
    return MadeUp(
        place=place,
        small=small,
        ticker=f"{'S' if small else 'L'}{letters}X",
        name=f"{word} {letters} {trade} (made up)",
        sector=SECTORS[(place * 5 + (0 if small else 3)) % len(SECTORS)],
        worth=worth,
        price=round((30 if small else 160) * math.exp(0.5 * price), 2),
        earns=share,
        grows=(0.12 if small else 0.10) + 0.04 * grows,
        owes=0.0 if small and place % 10 == _FREE else max(0.0, borrows),
        late=1 if place % 10 == _LATE else 0,
        year_ends={_JUNE: 2, _SEPTEMBER: 3}.get(place % 10, 4),
    )


@cache
def quarter_of(seed: int, company: MadeUp, quarter: int) -> Mapping[str, float]:
    """What a company does in a quarter, in dollars, and what it owes and how many shares it has at its end."""
    years = (quarter + 1) / 4 - _FROM - 1
    wobble, spends, sells = noises(3, seed, "quarter", company.small, company.place, quarter)
    income = company.worth * company.earns / 4 * math.exp(company.grows * years) * (1 + 0.05 * wobble)
    if company.swings_at is not None and quarter < company.swings_at:
        income = -abs(income)
    debt = company.worth * company.owes * math.exp(0.03 * years)
    interest = debt * _rate(company, years) / 4
    pretax = income / (1 - _TAKEN) if income > 0 else income
    revenue = company.worth * (0.9 if company.small else 0.45) / 4 * math.exp(0.05 * years)
    growth = 0.03 + (0.07 if company.small else 0.05) * (1 if years > -1 else 0.4)
    issued = (0.02 if company.small else -0.008) + 0.006 * (company.place * 3 % 5 - 2)
    shares = company.worth / company.price * math.exp(issued * years)
    return MappingProxyType({
        "income": income, "interest": interest, "pretax": pretax, "ebit": pretax + interest, "revenue": revenue,
        "capex": revenue * 0.05 * math.exp(growth * years) * (1 + 0.1 * spends), "taxes": max(0.0, pretax) * 0.19,
        "buybacks": max(0.0, income) * 0.3, "issues": revenue * 0.01 * (1 + 0.3 * sells),
        "debt": debt, "shares": shares,
    })  # fmt: skip


def _rate(company: MadeUp, years: float) -> float:
    """What is paid on debt in a year: the small ones' follows the policy rate, that of the large hardly does."""
    since_peak = min(max(years + 1.25, 0.0), 1.0)
    own = 1 + 0.06 * (company.place * 7 % 5 - 2)
    return own * (0.068 - 0.007 * since_peak if company.small else 0.041 - 0.001 * since_peak)


def weight_noise(seed: int, company: MadeUp) -> float:
    """How much of a company its index counts: not all of its shares are for sale."""
    return 1 + 0.03 * noise(seed, "float", company.small, company.place)
