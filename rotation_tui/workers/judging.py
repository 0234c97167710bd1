"""What is believed of the prices that all feeds have told: judged anew whenever a price or a history comes.

So the order in which they come makes no difference: a price that came before the history it contradicts is taken back,
and one that was refused is shown once a history bears it out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.quote import Quote
from rotation_tui.store.market_store import BarsKey
from rotation_tui.workers.admission import doubt_of_quote, without_bad_extras
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import MISSING_FOR, Feed
from rotation_tui.workers.prints import Told


def take(context: Context, feed: Feed, quotes: Iterable[Quote], now: datetime) -> Mapping[str, str]:
    """Take what `feed` has just told; returns why what of it is not believed."""
    followed = {i.symbol for i in context.followed.universe.instruments}  # what came late may have been let go of
    told = {quote.symbol: Told(without_bad_extras(quote), now) for quote in quotes if quote.symbol in followed}
    feed.told |= told  # all of them, before any is judged by the others
    bars = context.given.store.snapshot().bars
    for symbol in told:
        _judge(context, feed, symbol, bars)
        _conclude(context, symbol)
    _show(context, feed, [each for symbol, each in told.items() if symbol not in feed.doubted])
    _release(context, told)
    return {symbol: feed.doubted[symbol] for symbol in told if symbol in feed.doubted}


def withdraw(context: Context, feed: Feed, symbols: Collection[str]) -> None:
    """Let go of what `feed` has told of symbols: it says that this was never so. Others' prices stand in."""
    for symbol in symbols:
        told = feed.told.pop(symbol, None)
        feed.believe(symbol)
        shown = context.given.store.snapshot().quotes.get(symbol)
        if told is not None and shown is not None and shown.source == told.quote.source:
            context.given.store.drop_quote(symbol)
        if told is not None:
            _judge_all(context, symbol)


def judge_again(context: Context, symbols: Collection[str]) -> None:
    """Take back or release prices, now that these histories have changed."""
    for symbol in symbols:
        _judge_all(context, symbol)
    _release(context, symbols)


def _release(context: Context, witnesses: Iterable[str]) -> None:
    """Look again at what was refused and may be borne out by these by now."""
    refused = {symbol for feed in context.given.feeds for symbol in feed.doubted}
    if not refused:
        return
    beside = {symbol: {symbol, *context.followed.universe.peers(symbol)} for symbol in refused}
    for symbol in sorted(refused):
        if not beside[symbol].isdisjoint(witnesses):
            _judge_all(context, symbol)


def _judge_all(context: Context, symbol: str) -> None:
    bars = context.given.store.snapshot().bars
    telling = [feed for feed in context.given.feeds if symbol in feed.told]
    for feed in telling:
        _judge(context, feed, symbol, bars)
    _conclude(context, symbol)
    shown = context.given.store.snapshot().quotes.get(symbol)
    if shown is not None and shown not in [feed.told[symbol].quote for feed in telling]:
        doubt = doubt_of_quote(shown, bars, context.given.now(), _quotes_beside(context, symbol))
        if doubt is not None:  # of before, as it was saved
            context.given.store.drop_quote(symbol)
            _conclude(context, symbol, doubt)
    if context.given.store.snapshot().quotes.get(symbol) is None:
        _show_newest(context, symbol, [feed for feed in telling if symbol not in feed.doubted])


def _quotes_beside(context: Context, symbol: str) -> Iterator[Quote]:
    """What all feeds told last of a symbol and of its peers; looked up once a witness is asked for."""
    for name in (symbol, *context.followed.universe.peers(symbol)):
        yield from (feed.told[name].quote for feed in context.given.feeds if name in feed.told)


def _judge(context: Context, feed: Feed, symbol: str, bars: Mapping[BarsKey, Bars]) -> None:
    """Leave a symbol to others for as long as what the feed tells of it is not believed."""
    told = feed.told[symbol]
    doubt = doubt_of_quote(told.quote, bars, told.at, _quotes_beside(context, symbol))
    if doubt is None:
        feed.believe(symbol)
        return
    if feed.doubted.get(symbol) != doubt:
        context.wakes.later(feed)
    feed.doubt(symbol, doubt, context.given.now() + MISSING_FOR)
    if told.quote.as_of <= told.at + CLOCK_SLACK:
        context.doubts.contradict(symbol)


def _conclude(context: Context, symbol: str, doubt: str | None = None) -> None:
    """Show no price that its source contradicts by now; refuse the symbol where nothing of it is believed."""
    telling = [feed for feed in context.given.feeds if symbol in feed.told]
    believed = {feed.told[symbol].quote.source for feed in telling if symbol not in feed.doubted}
    refused = {feed.told[symbol].quote.source: feed.doubted[symbol] for feed in telling if symbol in feed.doubted}
    shown = context.given.store.snapshot().quotes.get(symbol)
    if shown is not None and shown.source in refused and shown.source not in believed:
        context.given.store.drop_quote(symbol)
        shown = None
    why = next(iter(refused.values()), doubt)
    context.doubts.quarantine(symbol, None if shown is not None or believed else why)


def _show(context: Context, feed: Feed, told: Iterable[Told]) -> None:
    """Show what is believed; a price that stands still takes no other source's place that is as new."""
    batches: dict[datetime, list[Quote]] = {}
    standing, shown = context.health.standing(feed), context.given.store.snapshot().quotes
    for each in told:
        known = shown.get(each.quote.symbol)
        behind = known is not None and known.source != each.quote.source and known.as_of >= each.quote.as_of
        if not (behind and standing.since(each.quote.symbol)):
            batches.setdefault(each.vouched_until(standing), []).append(each.quote)
    for at, batch in batches.items():
        context.given.store.put_quotes(batch, at)
        context.health.gives(feed, tuple(quote.symbol for quote in batch))


def _show_newest(context: Context, symbol: str, feeds: Iterable[Feed]) -> None:
    """The newest print that is believed; the earlier feed's where two are as new."""
    newest = max(feeds, key=lambda feed: (feed.told[symbol].quote.as_of, -feed.order), default=None)
    if newest is not None:
        _show(context, newest, [newest.told[symbol]])
