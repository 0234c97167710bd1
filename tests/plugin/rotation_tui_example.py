"""What another package has: a source of closing prices that it makes up, and a pane of the dearest ticker."""

from collections.abc import Sequence
from datetime import datetime

from rotation_tui.board.contract import Board
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import nyse
from rotation_tui.panes.base import Pane, Space
from rotation_tui.providers.base import ProviderPart, QuoteReply, Surroundings
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Face, Span

PRICES = {"IWM": 234.56, "SPY": 678.9}


class Example:
    """Last prices of two funds, as of the last close."""

    def __init__(self, _: Surroundings) -> None: ...

    def offers_quotes(self, instrument: Instrument) -> bool:
        """The two."""
        return instrument.symbol in PRICES

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Their prices."""
        session = nyse().last_completed(now)
        at = nyse().close_at(session)
        asked = [i.symbol for i in instruments]
        given = tuple(Quote(symbol, PRICES[symbol], at, session, "example") for symbol in asked if symbol in PRICES)
        return QuoteReply(given, {symbol: "it is no fund of ours" for symbol in asked if symbol not in PRICES})

    def requests_last_hour(self) -> int:
        """None was sent."""
        return 0

    async def close(self) -> None:
        """Nothing is open."""


def draw(board: Board, _: Space) -> Face:
    """One row, or that there is none."""
    known = [(row.last, row.id) for row in board.tickers if row.last is not None]
    words = f"{max(known)[1]} at {figures.amount(max(known)[0])}" if known else "no price yet"
    return Face("Dearest", ((Span(words),),), (None,))


PROVIDER = ProviderPart("example", None, Example, terms="The example's prices are made up.")
PANE = Pane("dearest", "Dearest", draw, lambda _: 1, 1, reads=("tickers",))
