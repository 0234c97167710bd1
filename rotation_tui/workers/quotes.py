"""One feed's quotes: poll what falls to it, admit what can be believed, keep the store's prices fresh."""

from datetime import datetime, timedelta
from typing import Self

from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import HasQuotes, ProviderFault, QuoteReply
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.cadence import wait_until
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.judging import take


class QuoteLoop:
    """Polls one feed for the symbols that no better feed gives at the moment."""

    def __init__(self, feed: Feed, source: HasQuotes, context: Context) -> None:
        self._feed = feed
        self._source = source
        self._context = context
        self._wake = context.wake_event(feed)
        self._offered = tuple(i for i in context.universe.instruments if feed.offers_quotes(i))
        self._asked: set[str] = set()
        self.job = Job.QUOTES
        self.busy = False
        self.rounds = 0

    @classmethod
    def of(cls, feed: Feed, context: Context, _: Shelf | None) -> Self | None:
        """The loop of a feed; None where its source is not asked for quotes."""
        return None if feed.quotes is None else cls(feed, feed.quotes, context)

    def wanted(self) -> tuple[Instrument, ...]:
        """Offered symbols that fall to this feed now.

        A file before it in the order takes nothing from a networked feed: its closes are no quotes.
        """
        context, now = self._context, self._context.now()
        better = [f for f in context.earlier(self._feed) if self._feed.local or not f.local]

        able = [(f, context.standing(f)) for f in better if f.able(Job.QUOTES)]

        def taken(i: Instrument) -> bool:
            return any(
                f.offers_quotes(i) and not f.lacks(i.symbol, now) and standing.since(i.symbol) is None
                for f, standing in able
            )

        return tuple(i for i in self._offered if not taken(i) and not self._feed.lacks(i.symbol, now))

    def pending(self) -> bool:
        """Whether a symbol falls to this feed that it has never been asked for."""
        return any(i.symbol not in self._asked for i in self.wanted())

    async def unshelve(self) -> None:
        """Quotes are with the last known state."""

    def ask_again(self) -> None:
        """Quotes are due whenever the loop is woken."""

    async def run(self) -> None:
        """Poll for ever; ends only by cancellation."""
        context, feed = self._context, self._feed
        while True:
            wanted = self.wanted()
            due = context.now() + timedelta(seconds=60 * context.cadence.speed)
            rests = feed.rests_until(self.job, context.now())
            if rests is not None:
                due = min(due, rests)
            elif wanted:
                self.busy = True
                try:
                    due = await self._poll(wanted)
                finally:
                    self.busy = False
                feed.due = due
                context.publish(feed)
                context.doubts()
            self.rounds += 1
            await wait_until(due, context.now, self._wake, context.cadence.speed)

    async def _poll(self, wanted: tuple[Instrument, ...]) -> datetime:
        """One poll; returns when the next is due."""
        context, feed = self._context, self._feed
        feed.asked = True
        self._asked |= {i.symbol for i in wanted}
        generation = context.generation
        try:
            reply = await self._source.quotes(wanted, context.now())
        except ProviderFault as fault:
            retry = feed.failed(self.job, fault, context.now(), context.cadence)
            context.wake_later(feed)
            return retry
        if generation != context.generation:
            return context.now()
        now = context.now()
        self._take(reply, wanted, now)
        due = context.cadence.next_poll(now, context.calendar)
        return context.cadence.paced(due, now, feed.provider.requests_last_hour(), feed.budget_per_hour)

    def _take(self, reply: QuoteReply, wanted: tuple[Instrument, ...], now: datetime) -> None:
        context, feed = self._context, self._feed
        asked = tuple(i.symbol for i in wanted)
        missing = {symbol: "not in the answer" for symbol in set(asked) - {q.symbol for q in reply.quotes}}
        missing |= reply.missing
        missing |= take(context, feed, reply.quotes, now)
        feed.answered(self.job, now, missing, asked)
        if missing or context.standing(feed):
            context.wake_later(feed)
