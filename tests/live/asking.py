"""One thing asked of one source, by the contract that every source keeps, and what of its answer has to be so."""

import re
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from rotation_tui.domain.filings import FrameId
from rotation_tui.domain.holdings import OLD_AFTER
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.evidence import freshness
from rotation_tui.providers.base import (
    HasBars,
    HasFilings,
    HasHoldings,
    HasQuotes,
    HasSeries,
    HasStream,
    Provider,
    ProviderFault,
)

FUND = Instrument.of("IWM")
LONGEST_REST = timedelta(days=7)
"""How old the newest price of a fund can be: no closure of the exchange has lasted a week since 2001."""
CLOCKS_APART = timedelta(minutes=2)
FILED = FrameId("us-gaap", "NetIncomeLoss", "USD", "CY2026Q2")
SINCE = timedelta(days=35)
"""History that is asked for: enough for a monthly series to have a value, and little to send."""


async def answer_of(provider: Provider, now: datetime) -> str:
    """What the source says to the one thing it is asked for, in words.

    The thing is the price of IWM where it quotes that, else the holdings of IWM, a figure that companies have filed,
    its first series of those the desk follows, or the last closes of IWM. Raises ProviderFault, and AssertionError for
    an answer that cannot be right.
    """
    if isinstance(provider, HasQuotes) and provider.offers_quotes(FUND):
        return await _price(provider, now)
    if isinstance(provider, HasStream) and provider.offers_stream(FUND):
        return await _first_heard(provider)
    if isinstance(provider, HasHoldings) and provider.offers_holdings(FUND.symbol):
        return await _holdings(provider, now)
    if isinstance(provider, HasFilings):
        return await _filed(provider, now)
    if not isinstance(provider, HasSeries) and isinstance(provider, HasBars) and provider.offers_bars(FUND):
        return await _close(provider, now)
    assert isinstance(provider, HasSeries), f"it quotes no {FUND.symbol} and has no series"
    series_id = next(filter(provider.offers_series, SERIES), None)
    assert series_id is not None, f"it quotes no {FUND.symbol} and has no series that the desk follows"
    return await _observation(provider, series_id, now)


async def _price(provider: HasQuotes, now: datetime) -> str:
    reply = await provider.quotes([FUND], now)
    assert reply.quotes, f"no {FUND.symbol}: {reply.missing.get(FUND.symbol, 'and not a word why')}"
    (quote,) = reply.quotes
    assert quote.symbol == FUND.symbol
    assert quote.price > 0
    assert now - LONGEST_REST <= quote.as_of <= now + CLOCKS_APART, f"a price of {quote.as_of}"
    return f"{quote.symbol} {quote.price} at {quote.as_of:%Y-%m-%d %H:%M} UTC"


async def _close(provider: HasBars, now: datetime) -> str:
    prices, *_ = await provider.bars(FUND, now.date() - SINCE, now)
    assert now.astimezone(EASTERN).date() - prices.dates[-1] <= LONGEST_REST, (
        f"its closes are stale: {prices.dates[-1]}"
    )
    return f"{FUND.symbol} {prices.closes[-1]} on {prices.dates[-1]}"


async def _first_heard(provider: HasStream) -> str:
    """That the stream opens: at night nothing more comes of it."""
    async with aclosing(provider.stream([FUND], lambda: datetime.now(UTC))) as replies:
        reply = await anext(replies)
        assert FUND.symbol not in reply.missing, f"no {FUND.symbol}: {reply.missing[FUND.symbol]}"
        return f"a stream of {FUND.symbol}"


async def _holdings(provider: HasHoldings, now: datetime) -> str:
    held = await provider.holdings(FUND.symbol, now)
    assert held.fund == FUND.symbol
    assert now.astimezone(EASTERN).date() - held.as_of <= OLD_AFTER, f"{held.fund} is stale: of {held.as_of}"
    return f"{held.fund} has {len(held.members)} members, the least of them {held.members[-1].weight} % on {held.as_of}"


async def _filed(provider: HasFilings, now: datetime) -> str:
    facts = await provider.facts(FILED, now)
    assert facts is not None, f"nobody has filed {FILED.name}"
    return f"{FILED.name} of {len(facts)} companies, the last of them {facts.values[-1]} dollars"


async def _observation(provider: HasSeries, series_id: str, now: datetime) -> str:
    today = now.astimezone(EASTERN).date()
    reply = await provider.series([series_id], today - SINCE, now)
    assert reply.series, f"no {series_id}: {reply.missing.get(series_id, 'and not a word why')}"
    (series,) = reply.series
    assert series.series_id == series_id
    assert series.values, f"{series_id} is empty"
    lowest, highest = SERIES[series_id].bounds
    value, day = series.values[-1], series.dates[-1]
    assert lowest <= value <= highest, f"{series_id} is {value}"
    assert day <= today, f"{series_id} is of {day}"
    old = freshness.overdue(day, today, SERIES[series_id].limit, nyse())
    assert old is None, f"{series_id} of {day} is {old}"
    return f"{series_id} {value} of {day}"


def told(fault: ProviderFault) -> str:
    """A fault with its kind in front: "unreachable: no answer in 15 s"."""
    kind = re.sub("(?<=[a-z])(?=[A-Z])", " ", type(fault).__name__).lower()
    return f"{kind}: {fault}"
