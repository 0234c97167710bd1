"""What a fund holds: its members with their weights, and what of its file is no share of a company."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from rotation_tui.domain import refusal

FUNDS = {"IWM": "Russell 2000", "IVV": "S&P 500", "IJR": "S&P SmallCap 600"}
"""Funds whose members are looked at where the config names no others, with the index that each one tracks."""

OLD_AFTER = timedelta(days=10)
"""Holdings older than this are told to be old: a file is made each night, and no closure lasts so long."""


class Member(Struct, frozen=True):
    """One holding that is a share of a company, as the fund tells it.

    `ticker` is the fund's spelling (BRKB). `weight` is in percent of the fund, `value` its market value in dollars,
    `quantity` the shares held, `price` what the fund reckons one at; None where the fund does not say.
    """

    ticker: str
    name: str
    sector: str
    weight: float
    value: float | None = None
    quantity: float | None = None
    price: float | None = None
    exchange: str = ""


class LeftOut(Struct, frozen=True):
    """A line of a file, or a company, that does not count, and why; `weight` in percent where it is known."""

    name: str
    why: str
    weight: float | None = None


class Holdings(Struct, frozen=True):
    """The members of `fund` at the close of `as_of`, largest first, and the lines that are none.

    `weight` is what all lines of the file come to, in percent. Raises RefusedValueError without a member, for two
    members of one ticker, and for a weight, price, quantity or value that is not finite or below zero.
    """

    fund: str
    as_of: date
    members: tuple[Member, ...]
    left_out: tuple[LeftOut, ...]
    weight: float
    source: str
    fetched_at: datetime

    def __post_init__(self) -> None:
        if not self.members:
            raise refusal.RefusedValueError(f"holdings of {self.fund}: no member")
        tickers = [member.ticker for member in self.members]
        if len(set(tickers)) < len(tickers):
            twice = next(ticker for ticker in tickers if tickers.count(ticker) > 1)
            raise refusal.RefusedValueError(f"holdings of {self.fund}: {twice} stands there twice")
        for member in self.members:
            for word in ("weight", "value", "quantity", "price"):
                number = getattr(member, word)
                if number is not None and refusal.finite(f"{self.fund} {member.ticker} {word}", number) < 0:
                    raise refusal.RefusedValueError(f"{self.fund} {member.ticker} {word} {number:g} is below zero")
