"""One feed's stream: listened to for what falls to it; what came is taken a few times a second."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import HasStream, ProviderFault, QuoteReply, ServerFault
from rotation_tui.workers.cadence import wait_until
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.judging import take, withdraw
from rotation_tui.workers.loop import Loop
from rotation_tui.workers.quotes import falling_to

_TOGETHER_S = 0.05
"""What comes so soon after the last is taken with the next: the screen looks four times a second at most."""
_LOOK_AGAIN_S = 5.0
_OPEN_FOR_S = 30.0
"""A stream is left open for so long before it is opened anew for more symbols; until then others are asked for them."""
_FIRST_PRINTS_S = 5.0
"""How long a stream is given to tell what it knows of each symbol."""


@dataclass(slots=True)
class Heard:
    """What one connection has told: the newest print of each symbol, and of which there is one since the last look."""

    is_open: bool = False
    moved: bool = False
    quotes: dict[str, Quote] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    _new: set[str] = field(default_factory=set)

    def hear(self, reply: QuoteReply) -> None:
        """Put a reply to the others; an older print that comes later changes nothing."""
        self.is_open = self.moved = True
        self.missing |= reply.missing
        self.remarks += reply.remarks
        for symbol in reply.withdrawn:
            self.quotes.pop(symbol, None)
            self._new.discard(symbol)
        self.withdrawn |= reply.withdrawn
        for quote in reply.quotes:
            known = self.quotes.get(quote.symbol)
            if known is None or quote.as_of >= known.as_of:
                self.quotes[quote.symbol] = quote
                self.missing.pop(quote.symbol, None)
                self._new.add(quote.symbol)

    def taken(self, symbols: set[str], *, again: bool) -> list[Quote]:
        """What is new of these symbols, or all there is of them `again`; it counts as seen with that."""
        found = [
            replace(quote, streamed=True)
            for symbol, quote in self.quotes.items()
            if symbol in symbols and (again or symbol in self._new)
        ]
        self.moved, self._new = False, set()
        return found


class StreamLoop(Loop[HasStream]):
    """Listens to one feed for the symbols that no better feed gives at the moment.

    A stream takes from the others what it has told since it was opened: what has not traded since then is polled.
    While it is open its silence says that nothing has changed.
    """

    asks = HasStream
    job = Job.STREAM
    live = True

    def __init__(self, feed: Feed, source: HasStream, context: Context) -> None:
        super().__init__(feed, source, context)
        self._listened_for: set[str] = set()
        self._broken = False

    def wanted(self) -> tuple[Instrument, ...]:
        """Symbols that can be listened to and fall to this feed now: what was typed, then as they stand on the board.

        A source that tells some of them alone tells the first.
        """
        falls, universe = falling_to(self._feed, self._context), self._context.followed.universe
        ordered = dict.fromkeys((*universe.visitors, *universe.instruments))
        return tuple(i for i in ordered if self._source.offers_stream(i) and falls(i))

    def pending(self) -> bool:
        """Whether a symbol falls to this feed that it has never been listened to for."""
        return any(i.symbol not in self._listened_for for i in self.wanted())

    async def _round(self) -> datetime:
        context, feed = self._context, self._feed
        rests, wanted = feed.rests_until(self.job, self._now()), self.wanted()
        if rests is not None or not wanted:
            return rests or self._now() + self._seconds(_LOOK_AGAIN_S)
        feed.asked = True
        try:
            await self._listen(wanted)
            due = self._now()
        except ProviderFault as fault:
            due = feed.failed(self.job, fault, self._now(), self._given.cadence)
            self._broken = True
        context.health.publish(feed)
        context.doubts.tell()
        context.wakes.feed(feed)  # what was heard is polled again
        context.wakes.later(feed)
        return due

    async def _listen(self, wanted: tuple[Instrument, ...]) -> None:
        """Take what a new connection tells until something else is wanted; raises the fault that ends it before."""
        symbols = {i.symbol for i in wanted}
        self._listened_for |= symbols
        heard = Heard()
        async with aclosing(self._source.stream(wanted, self._now)) as replies:
            reading = asyncio.create_task(self._read(replies, heard), name=f"stream of {self._feed.name}")
            reading.add_done_callback(lambda _: self._wake.set())
            try:
                await self._follow(reading, heard, symbols)
            finally:
                self._feed.streaming.clear()
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, replies: AsyncGenerator[QuoteReply, None], heard: Heard) -> None:
        async for reply in replies:
            heard.hear(self._seen(reply))
            self._wake.set()
        raise ServerFault(f"{self._feed.name} ended its stream")

    async def _follow(self, reading: "asyncio.Task[None]", heard: Heard, symbols: set[str]) -> None:
        feed = self._feed
        began = looked = vouched = self._now()
        mine = symbols
        opened = False
        while True:
            look = looked + self._seconds(_LOOK_AGAIN_S)
            soonest = min(look, vouched) if heard.is_open else look
            await wait_until(soonest, self._now, self._wake, self._given.cadence.speed)
            now, moved = self._now(), heard.moved
            if now < looked:  # the clock was set back
                began = looked = vouched = now
            if heard.is_open and not opened:
                opened = True
                self._fill_the_gap()
            vouching = heard.is_open and now >= vouched
            if vouching:
                vouched = feed.due = self._given.cadence.next_poll(now, self._given.calendar)
            if moved or vouching:
                self._take(heard, mine, now, vouching=vouching)
            if reading.done():
                reading.result()
            if not moved or now >= look:
                looked, mine = now, {i.symbol for i in self.wanted()}
                feed.streaming &= mine
                if not mine or (not mine <= symbols and now >= began + self._seconds(_OPEN_FOR_S)):
                    return
            still = mine - feed.streaming - heard.missing.keys()
            if heard.is_open and (not still or now >= began + self._seconds(_FIRST_PRINTS_S)):
                self.busy, self.rounds = False, max(self.rounds, 1)
            await asyncio.sleep(_TOGETHER_S)

    def _take(self, heard: Heard, mine: set[str], now: datetime, *, vouching: bool) -> None:
        """Take what was heard; with `vouching` what was heard before counts as told again."""
        context, feed = self._context, self._feed
        for remark in heard.remarks:
            context.given.tell(plain_text(f"{feed.name}: {remark}"), "watch")
        withdrawn = heard.withdrawn & mine
        withdraw(context, feed, withdrawn)
        feed.streaming -= withdrawn
        heard.withdrawn, heard.remarks = set(), []
        quotes = heard.taken(mine, again=vouching)
        told = tuple(quote.symbol for quote in quotes)
        refused = take(context, feed, quotes, now)
        feed.streaming |= set(told)
        silent = {stream_name(symbol): why for symbol, why in heard.missing.items()}
        feed.answered(self.job, now, {**refused, **silent}, (*told, *map(stream_name, told), *silent))
        if not withdrawn <= feed.streaming:
            context.wakes.feed(feed)  # what is told no more is polled at once
            context.wakes.later(feed)
        if vouching:
            context.health.publish(feed)
            context.doubts.tell()
            if context.health.standing(feed):
                context.wakes.later(feed)

    def _fill_the_gap(self) -> None:
        """Have polled at once what happened while a stream was broken: it tells nothing of before it was opened."""
        if self._broken:
            self._broken = False
            self._context.wakes.feed(self._feed)
            if self._feed.quotes is None:
                self._context.wakes.later(self._feed)

    def _seconds(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self._given.cadence.speed)


def stream_name(symbol: str) -> str:
    """What the stream of a symbol is called where feeds say what they do not give."""
    return f"stream of {symbol}"
