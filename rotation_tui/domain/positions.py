"""The words of positions: what the trader holds and in which lots, what follows from it, and what would be traded."""

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from rotation_tui.domain.instrument import canonical

CURRENCY: Final = "USD"
"""What every price here is in: exchanges of the United States quote in nothing else."""
MOST_POSITIONS = 500
"""Each symbol is quoted and has its history fetched, all day."""
SIDES = ("small", "large")

_Name = Annotated[str, Meta(min_length=1, max_length=40)]
_Price = Annotated[float, Meta(gt=0, le=1e9)]
_Quantity = Annotated[float, Meta(ge=-1e12, le=1e12)]
_Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
_Percent = Annotated[float, Meta(ge=0, le=100)]
_CLASS = re.compile(r"([A-Z]{1,5})[./ ]([A-Z])")


class Lot(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Shares that were bought, or sold short, at one time."""

    quantity: _Quantity
    """Shares, below zero where they were sold short."""
    cost: _Price | None = None
    """What one share cost, or brought in where it was sold short; without it profit and loss in total is unknown."""
    date: datetime.date | None = None
    """The day of the trade; on that day profit and loss counts from the cost."""


class Position(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A position of yours."""

    symbol: _Name
    """What is held, as your source quotes it."""
    quantity: _Quantity | None = None
    """Shares held, below zero where they were sold short; left out where `lots` tell them."""
    cost: _Price | None = None
    """What one share cost on average; without it profit and loss in total is unknown."""
    currency: _Currency = CURRENCY
    """Currency of the position; in another one than USD its value is unknown, since nothing here converts it."""
    lots: tuple[Lot, ...] = ()
    """The lots one by one, in place of quantity and cost."""
    account: Annotated[str, Meta(max_length=40)] = ""
    """The account it is in; positions of one symbol in two accounts are two rows."""
    side: Literal["small", "large"] | None = None
    """What it counts as in the tilt, where neither the holdings of funds nor its kind tell that."""


class PositionsFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Positions from a file that your broker writes; it is read again when it changes."""

    path: Annotated[str, Meta(min_length=1)]
    """The file, relative to the config file's folder."""
    columns: dict[str, str] = {}
    """What columns are, by title: symbol, quantity, cost (of one share), total_cost, currency, date, account, side."""
    account: Annotated[str, Meta(max_length=40)] = ""
    """The account of all rows, where the file has no column of it."""
    currency: _Currency = CURRENCY
    """The currency of all rows, where the file does not tell it."""
    skip: tuple[str, ...] = ()
    """What stands in the column of symbols and is no position, as ["Cash & Cash Investments"]."""
    first_is_sum: bool | None = None
    """Whether the first of several rows of a symbol is the sum of the others, where that could be."""
    decimal: Literal[".", ","] | None = None
    """What stands before the decimals, where the file leaves it open: . or ,"""
    separator: Literal[",", ";", "|", "\t", "tab"] | None = None
    """What stands between two columns; told from the file where left out."""
    date_format: str | None = None
    """Order of day and month where the file leaves it open: dmy, mdy, ymd, excel, unix, or as "%d/%m/%Y"."""


class RebalanceSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which trades would bring the book to another tilt; they are told and never made."""

    target_small: _Percent | None = None
    """Percent of the book that is to be in small caps; without it no trades are told on the screen."""
    small: _Name | None = None
    """What is bought or sold of small caps; in proportion to the positions of that side where left out."""
    large: _Name | None = None
    """What is bought or sold of large caps; in proportion to the positions of that side where left out."""


class OwnPosition(Struct, frozen=True):
    """One position, whatever it was read from: all lots of a symbol in an account. `source` is the file's name."""

    symbol: str
    lots: tuple[Lot, ...]
    account: str = ""
    currency: str = CURRENCY
    side: str | None = None
    source: str = ""

    @property
    def id(self) -> str:
        """What its row is called."""
        return self.symbol + (f"@{self.account}" if self.account else "")

    @property
    def quantity(self) -> float:
        """Shares of all lots."""
        return sum(lot.quantity for lot in self.lots)


class Portfolio(Struct, frozen=True):
    """Everything that is held, and to which tilt trades are told.

    `faults` say of each file that cannot be used why, `left_out` which rows of files are no positions. An `example` is
    the demo's.
    """

    held: tuple[OwnPosition, ...] = ()
    rebalance: RebalanceSettings = RebalanceSettings()
    faults: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    example: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.held or self.faults)

    @property
    def quantities(self) -> tuple[tuple[str, float], ...]:
        """Shares by symbol, of all accounts, and none of what is to be traded besides; those in another currency have
        no part in it.
        """
        named = (self.rebalance.small, self.rebalance.large) if self.held else ()
        total = {symbol_of(name): 0.0 for name in named if name is not None}
        for position in self.held:
            if position.currency == CURRENCY:
                total[position.symbol] = total.get(position.symbol, 0.0) + position.quantity
        return tuple(total.items())


def symbol_of(text: str) -> str:
    """A symbol as the sources here spell it: "brk.b", "BRK/B" and "BRK B" are BRK-B."""
    plain = canonical(text)
    found = _CLASS.fullmatch(plain)
    return plain if found is None else f"{found[1]}-{found[2]}"


def merged(held: Iterable[OwnPosition]) -> tuple[OwnPosition, ...]:
    """Positions of one symbol, account and currency as one; in the order in which they come."""
    found: dict[tuple[str, str, str], OwnPosition] = {}
    for one in held:
        key = one.symbol, one.account, one.currency
        before = found.get(key)
        if before is not None:
            source = ", ".join(dict.fromkeys(filter(None, (before.source, one.source))))
            one = OwnPosition(*key[:1], (*before.lots, *one.lots), *key[1:], before.side or one.side, source)
        found[key] = one
    return tuple(found.values())


def held_in(positions: Iterable[Position]) -> tuple[OwnPosition, ...]:
    """What a config's own tables come to."""
    return tuple(
        OwnPosition(
            symbol_of(p.symbol),
            p.lots or (Lot(quantity=p.quantity or 0.0, cost=p.cost),),
            p.account,
            p.currency,
            p.side,
        )
        for p in positions
    )


def mark_of_book(quantities: Iterable[tuple[str, float]]) -> str:
    """Another one for another book, so that a study is not shown under positions that it is not of."""
    told = "\n".join(f"{symbol} {quantity!r}" for symbol, quantity in sorted(quantities))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class Betas(Struct, frozen=True):
    """What a return moves by per percent of the small-cap fund with the large-cap one held still, and the other way.

    Beside each its standard error, over `n` returns. `why` says why there are none (METHODOLOGY.md#betas).
    """

    small: float | None = None
    large: float | None = None
    small_error: float | None = None
    large_error: float | None = None
    n: int = 0
    as_of: datetime.date | None = None
    why: str | None = None


class SmallPart(Struct, frozen=True):
    """How many percent of something are small caps, how that was told, and as of when."""

    percent: float
    how: str
    as_of: datetime.date | None = None


class PortfolioStudy(Struct, frozen=True):
    """What follows for a book from completed bars and from what funds hold.

    `of` is the mark of the book. `betas` are those of each symbol, `whole` those of the book; `share` is the small-cap
    share that follows from these, in percent, `share_error` its standard error. `pair_beta` is what the book moves by
    per pp of small less large at an unmoved large leg, and `pair` names both. `parts` tell how small single symbols
    are, `market` that of the whole market; `made_of` says which holdings they rest on.
    """

    of: str
    betas: Mapping[str, Betas] = field(default_factory=dict)
    whole: Betas = Betas()
    share: float | None = None
    share_error: float | None = None
    share_why: str | None = None
    pair: str = ""
    pair_beta: float | None = None
    pair_error: float | None = None
    pair_n: int = 0
    pair_why: str | None = None
    parts: Mapping[str, SmallPart] = field(default_factory=dict)
    market: SmallPart | None = None
    made_of: str = ""
