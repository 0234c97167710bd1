"""The door: numbers that cannot be true are refused and named, before they reach the store."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.quote import Quote
from rotation_tui.workers.moves import (
    ALIKE,
    LARGEST_FACTOR,
    LARGEST_MOVE,
    bounds_of,
    is_large,
    is_like_a_split,
    peer_bears_out,
)

LARGEST_DISAGREEMENT = 0.05
"""Beyond this the close before a quote is not the one that the history has: a split of today, most likely.
The smallest usual one, 11 for 10, moves closes by 9 %; two honest sources differ by hundredths of a percent.
"""


def doubt_of_quote(
    quote: Quote, bars: Mapping[tuple[str, Basis], Bars], now: datetime, witnesses: Iterable[Quote] = ()
) -> str | None:
    """Why `quote` cannot be believed at `now`, None where it can.

    A move that is too large is true where one of the `witnesses` bears it out: another source that tells the same
    price, unless a split would make every source tell it, or a peer that moved more than half as far in the same
    session.
    """
    if quote.as_of > now + CLOCK_SLACK:
        return f"{quote.source} tells a price of {quote.as_of:%Y-%m-%d %H:%M} UTC, which is in the future"
    low, high = bounds_of(quote.symbol)
    if not low <= quote.price <= high:
        return f"{quote.source} says {quote.price:,.2f}, and {quote.symbol} lies between {low:g} and {high:g}"
    volatile = kind_of(quote.symbol) is Kind.VOLATILITY
    before = _close_before(quote, bars)
    if before is None:
        return None
    move = quote.price / before - 1
    if not is_large(1 + move, volatile=volatile) or any(_bears_out(w, quote, move, bars) for w in witnesses):
        return None if volatile else _doubt_of_previous(quote, bars)
    return f"{quote.source} says {quote.price:,.2f}, {move:+.0%} from {before:,.2f}, and no split is known"


def _bears_out(witness: Quote, quote: Quote, move: float, bars: Mapping[tuple[str, Basis], Bars]) -> bool:
    if witness.session != quote.session:
        return False
    if witness.symbol == quote.symbol:
        other = witness.source != quote.source and not is_like_a_split(1 + move)
        return other and abs(witness.price / quote.price - 1) <= ALIKE
    before = _close_before(witness, bars)
    return before is not None and peer_bears_out(witness.price / before - 1, move)


def _doubt_of_previous(quote: Quote, bars: Mapping[tuple[str, Basis], Bars]) -> str | None:
    """Why returns cannot be told over the history's closes: the source has another close for the same session."""
    history = bars.get((quote.symbol, Basis.PRICE))
    if history is None or quote.previous_close is None or quote.previous_session is None:
        return None
    row = history.row_until(quote.previous_session)
    if row < 0 or history.dates[row] != quote.previous_session:
        return None
    ours, theirs = history.close(row), quote.previous_close
    if abs(theirs / ours - 1) <= LARGEST_DISAGREEMENT:
        return None
    return f"{quote.source} says the close of {quote.previous_session} was {theirs:,.2f}, the history {ours:,.2f}"


def _close_before(quote: Quote, bars: Mapping[tuple[str, Basis], Bars]) -> float | None:
    history = bars.get((quote.symbol, Basis.PRICE))
    row = -1 if history is None else history.row_until(quote.session)
    if history is not None and row >= 0 and (quote.session - history.dates[row]).days <= 7:
        return history.close(row - 1 if row and history.dates[row] == quote.session else row)
    return quote.previous_close


def without_bad_extras(quote: Quote) -> Quote:
    """`quote` without a day's high or a price outside regular hours that its own price makes impossible."""
    volatile = kind_of(quote.symbol) is Kind.VOLATILITY
    factor = LARGEST_FACTOR if volatile else 1 + LARGEST_MOVE
    high, extended = quote.day_high, quote.extended
    if high is not None and not quote.price <= high <= factor * max(quote.price, quote.previous_close or 0.0):
        high = None
    if extended is not None and is_large(extended.price / quote.price, volatile=volatile):
        extended = None
    if (high, extended) == (quote.day_high, quote.extended):
        return quote
    return replace(quote, day_high=high, extended=extended)
