"""The door: numbers that cannot be true are refused and named, before they reach the store."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.quote import Quote

LARGEST_MOVE = 0.35
"""A one-day move beyond this needs a split on record (quant.md 0b); volatility indexes do move so far."""

_ONE_MOVE = timedelta(days=7)
_JUDGED_ROWS = 400
"""A jump further back leaves enough rows after it for every window: the rest of the history is left out."""

LARGEST_DISAGREEMENT = 0.05
"""Beyond this the close before a quote is not the one that the history has: a split of today, most likely.
The smallest usual one, 11 for 10, moves closes by 9 %; two honest sources differ by hundredths of a percent.
"""


def doubt_of_quote(quote: Quote, bars: Mapping[tuple[str, Basis], Bars], now: datetime) -> str | None:
    """Why `quote` cannot be believed at `now`, None where it can."""
    if quote.as_of > now + CLOCK_SLACK:
        return f"{quote.source} tells a price of {quote.as_of:%Y-%m-%d %H:%M} UTC, which is in the future"
    if kind_of(quote.symbol) is Kind.VOLATILITY:
        return None
    before = _close_before(quote, bars)
    if before is None:
        return None
    move = quote.price / before - 1
    if abs(move) <= LARGEST_MOVE:
        return _doubt_of_previous(quote, bars)
    return f"{quote.source} says {quote.price:,.2f}, {move:+.0%} from {before:,.2f}, and no split is known"


def _doubt_of_previous(quote: Quote, bars: Mapping[tuple[str, Basis], Bars]) -> str | None:
    """Why returns cannot be told over the history's closes: the source has another close for the same session."""
    history = bars.get((quote.symbol, Basis.PRICE))
    if history is None or quote.previous_close is None or quote.previous_session is None:
        return None
    until = history.until(quote.previous_session)
    if not until.dates or until.dates[-1] != quote.previous_session:
        return None
    ours, theirs = until.close(-1), quote.previous_close
    if abs(theirs / ours - 1) <= LARGEST_DISAGREEMENT:
        return None
    return f"{quote.source} says the close of {quote.previous_session} was {theirs:,.2f}, the history {ours:,.2f}"


def _close_before(quote: Quote, bars: Mapping[tuple[str, Basis], Bars]) -> float | None:
    history = bars.get((quote.symbol, Basis.PRICE))
    if history is not None and history.dates:
        last = history.until(quote.session)
        if last.dates and (quote.session - last.dates[-1]).days <= 7:
            before = -2 if last.dates[-1] == quote.session and len(last) > 1 else -1
            return last.close(before)
    return quote.previous_close


def doubt_of_bars(bars: Bars) -> str | None:
    """Why the history cannot be believed, None where it can; judges the last 400 rows."""
    row = _last_jump(bars)
    if row is None or row <= len(bars) - _JUDGED_ROWS:
        return None
    move = bars.close(row) / bars.close(row - 1) - 1
    return f"{bars.source}: {move:+.0%} on {bars.dates[row]} and no split on record"


def comparable(bars: Bars) -> Bars:
    """The rows since the last move that needs a split on record and has none; those before count other shares."""
    row = _last_jump(bars)
    return bars if row is None else bars.tail(len(bars) - row)


def _last_jump(bars: Bars) -> int | None:
    if kind_of(bars.symbol) is Kind.VOLATILITY:
        return None
    low, high, splits = 1 - LARGEST_MOVE, 1 + LARGEST_MOVE, frozenset(bars.splits)
    closes, dates = bars.closes, bars.dates
    for row in range(len(closes) - 1, 0, -1):
        before = closes[row - 1]
        if low * before <= closes[row] <= high * before or dates[row] in splits:
            continue
        if dates[row] - dates[row - 1] <= _ONE_MOVE:  # over a longer hole it may be many days' moves
            return row
    return None
