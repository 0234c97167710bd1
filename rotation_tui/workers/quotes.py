"""One feed's quotes: poll what falls to it, admit what can be believed, keep the store's prices fresh."""

from collections.abc import Callable, Set
from datetime import datetime, timedelta

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import HasQuotes, ProviderFault, QuoteReply
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.judging import take
from rotation_tui.workers.loop import Loop

UNSEEN_EVERY = timedelta(minutes=10)
"""How often a quote that nobody sees is asked for: before it is stale (`QUOTE_LIMIT` in `board/marks.py`)."""


def falling_to(feed: Feed, context: Context) -> Callable[[Instrument], bool]:
    """What tells of a price whether it falls to a feed now: no earlier, working feed gives it.

    A file before it in the order takes nothing from a networked feed: its closes are no quotes.
    """
    now = context.given.now()
    better = [f for f in context.given.earlier(feed) if feed.local or not f.local]
    giving = [(f, context.health.standing(f)) for f in better if f.prices()]
    return lambda i: not any(f.gives_price(i, now) and standing.since(i.symbol) is None for f, standing in giving)


class QuoteLoop(Loop[HasQuotes]):
    """Polls one feed for the symbols that no better feed gives at the moment."""

    asks = HasQuotes
    job = Job.QUOTES
    live = True

    def __init__(self, feed: Feed, source: HasQuotes, context: Context) -> None:
        super().__init__(feed, source, context)
        self._asked: set[str] = set()
        self._asked_at: dict[str, datetime] = {}

    def wanted(self) -> tuple[Instrument, ...]:
        """Offered symbols that fall to this feed now and that its own stream does not tell."""
        context, feed, now = self._context, self._feed, self._now()
        falls = falling_to(feed, context)
        offered = filter(self._source.offers_quotes, context.followed.universe.instruments)
        return tuple(
            i
            for i in offered
            if i.symbol not in feed.streaming
            and not self._waits(i.symbol, now)
            and falls(i)
            and not feed.lacks(i.symbol, now)
        )

    def _waits(self, symbol: str, now: datetime) -> bool:
        """Whether nobody sees the symbol, and it was asked for not long ago."""
        asked = self._asked_at.get(symbol)
        unseen = asked is not None and symbol in self._context.followed.unseen
        return unseen and asked is not None and timedelta(0) <= now - asked < UNSEEN_EVERY

    def pending(self) -> bool:
        """Whether a symbol falls to this feed that it has never been asked for."""
        return any(i.symbol not in self._asked for i in self.wanted())

    def forget(self, symbols: Set[str]) -> None:
        self._asked -= symbols
        for symbol in symbols:
            self._asked_at.pop(symbol, None)

    async def _round(self) -> datetime:
        context, feed = self._context, self._feed
        wanted = self.wanted()
        due = self._now() + timedelta(seconds=60 * self._given.cadence.speed)
        rests = feed.rests_until(self.job, self._now())
        if rests is not None:
            return min(due, rests)
        if wanted:
            due = await self._poll(wanted)
            feed.due = due
            context.health.publish(feed)
            context.doubts.tell()
        elif feed.streaming and feed.troubles.pop(self.job, None) is not None:
            context.health.publish(feed)  # its stream tells all, so that no poll will end the trouble
        return due

    async def _poll(self, wanted: tuple[Instrument, ...]) -> datetime:
        """One poll; returns when the next is due."""
        context, feed = self._context, self._feed
        feed.asked = True
        self._asked |= {i.symbol for i in wanted}
        self._asked_at |= dict.fromkeys((i.symbol for i in wanted), self._now())
        generation = context.wakes.generation
        try:
            reply = self._seen(await self._source.quotes(wanted, self._now()))
        except ProviderFault as fault:
            retry = feed.failed(self.job, fault, self._now(), self._given.cadence)
            context.wakes.later(feed)
            return retry
        if generation != context.wakes.generation:
            return self._now()
        now = self._now()
        self._take(reply, wanted, now)
        due = self._given.cadence.next_poll(now, self._given.calendar)
        return self._given.cadence.paced(due, now, feed.provider.requests_last_hour(), feed.budget_per_hour)

    def _take(self, reply: QuoteReply, wanted: tuple[Instrument, ...], now: datetime) -> None:
        context, feed = self._context, self._feed
        asked = tuple(i.symbol for i in wanted)
        missing = {symbol: "not in the answer" for symbol in set(asked) - {q.symbol for q in reply.quotes}}
        missing |= reply.missing
        missing |= take(context, feed, reply.quotes, now)
        feed.answered(self.job, now, missing, asked)
        if missing or context.health.standing(feed):
            context.wakes.later(feed)
