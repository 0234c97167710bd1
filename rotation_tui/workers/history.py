"""One feed's daily history: from the shelf at once, from the source when due, joined where they agree."""

import asyncio
import logging
import random
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, completed
from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.holes import MOST_ASKED, Hole, holes_in, open_holes
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import (
    BadReply,
    HasBars,
    HasOutlines,
    ProviderFault,
    Refused,
    ServerFault,
    UnknownSymbol,
)
from rotation_tui.store.market_store import history_name
from rotation_tui.store.shelf import OVERLAP_ROWS, KeptBars, Shelf, joined
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import MISSING_FOR, Feed, Job
from rotation_tui.workers.judging import judge_again
from rotation_tui.workers.loop import FILE_LOOKED_AT, ShelvedLoop
from rotation_tui.workers.moves import Judgement, judged

_log = logging.getLogger(__name__)

_AFTER_CLOSE = timedelta(minutes=20)
_SPREAD_OUT = timedelta(minutes=10)
"""By how much due times differ by chance, so that many monitors do not ask in step."""
_BAR_NOT_FINAL = timedelta(minutes=30)
_CONTRADICTED_LATER = timedelta(minutes=15)
"""A price speaks against a history that is older than this."""
_FIRST_STUMBLE = 3
_WORTH_OUTLINES = 4
"""So few histories are there as soon without outlines."""


class HistoryLoop(ShelvedLoop[HasBars, KeptBars]):
    """Keeps the bars of what falls to one feed complete."""

    asks = HasBars
    job = Job.HISTORY

    def __init__(self, feed: Feed, source: HasBars, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context, shelf)
        self._kept: dict[str, tuple[Bars, ...]] = {}
        self._stumbles: dict[str, int] = {}
        self._holes: dict[str, tuple[Hole, ...]] = {}
        self._waiting: dict[str, tuple[Bars, ...]] = {}
        self._unsure: set[str] = set()
        self._outlined = False
        context.histories.judged_by(self._judge_again)

    def wanted(self) -> tuple[Instrument, ...]:
        """Offered symbols whose history falls to this feed and is due, those that failed last behind the others."""
        now = self._now()
        due = [
            i
            for i in self._offered()
            if (self._dues.is_due(i.symbol, now) or self._is_contradicted(i.symbol) or self._lost(i.symbol, now))
            and not self._feed.lacks(history_name(i.symbol), now)
            and not self._served_by_better(i, now)
        ]
        return tuple(sorted(due, key=lambda i: self._stumbles.get(i.symbol, 0)))

    @property
    def opened(self) -> bool:
        """Whether the outlines are there, or none will come."""
        return self._outlined or super().opened

    def _offered(self) -> list[Instrument]:
        return [i for i in self._context.followed.universe.with_bars if self._source.offers_bars(i)]

    def _names(self) -> Iterable[str]:
        return (i.symbol for i in self._offered())

    def _is_contradicted(self, symbol: str) -> bool:
        """Whether a price has come since that speaks against the history: a split of today restates it."""
        noticed = self._context.doubts.contradicted_at(symbol)
        kept = self._kept.get(symbol, ())
        return noticed is not None and bool(kept) and all(noticed - b.fetched_at > _CONTRADICTED_LATER for b in kept)

    def _lost(self, symbol: str, now: datetime) -> list[date]:
        """Sessions that the history lacks and is asked for again."""
        return [hole.session for hole in self._holes.get(symbol, ()) if hole.is_due(now)]

    def _served_by_better(self, instrument: Instrument, now: datetime) -> bool:
        """A local feed always reads what it has; a networked one only what no earlier feed gives.

        A file that ends before the last close is continued from the network.
        """
        if self._feed.local:
            return False
        name = history_name(instrument.symbol)
        return any(
            f.able(Job.HISTORY)
            and f.offers_bars(instrument)
            and not f.lacks(name, now)
            and (not f.local or f.last_success is None or self._is_complete(instrument.symbol, now))
            for f in self._given.earlier(self._feed)
        )

    def _is_complete(self, symbol: str, now: datetime) -> bool:
        last = self._given.as_of or self._given.calendar.last_completed(now)
        bars = self._given.store.snapshot().bars
        ends = [b.dates[-1] for (s, _), b in bars.items() if s == symbol and not b.outline]
        return bool(ends) and max(ends) >= last

    def _read(self, shelf: Shelf, name: str) -> KeptBars | None:
        record = shelf.bars(name)
        return record and replace(record, bars=tuple(self._sharing(bars) for bars in record.bars))

    def _take_up(self, records: Mapping[str, KeptBars]) -> None:
        for record in records.values():
            self._context.histories.tell(self._feed, record.bars)  # all of them, before any is judged by the others
        for symbol, record in records.items():
            bars = record.bars
            if any(self._judged(b).doubt is not None for b in bars):
                continue  # as if it were not there: it is fetched anew
            ahead = any(b.fetched_at > self._now() + CLOCK_SLACK for b in bars)
            # by a clock that ran ahead the last row may have been taken for complete before it was
            self._kept[symbol] = tuple(b.until(b.dates[-2]) for b in bars if len(b) > 1) if ahead else bars
            if not ahead:
                self._dues.put(symbol, record.due)
            known = {hole.session: hole for hole in record.holes}
            now = self._now()
            self._holes[symbol] = tuple(
                known.get(day) or Hole(day, 0, now) for day in holes_in(bars, self._given.calendar)
            )
            self._admit(symbol, self._kept[symbol])

    def forget(self, symbols: Set[str]) -> None:
        for symbol in symbols:
            for known in (self._kept, self._stumbles, self._holes, self._waiting):
                known.pop(symbol, None)
            self._dues.forget(symbol)
        self._unsure -= symbols
        self._looked_for -= symbols  # so that its file is looked for when it comes again

    async def sweep(self) -> None:
        if self._shelf is not None:
            followed = {i.symbol for i in self._context.followed.universe.with_bars}
            with self._context.doubts.keeping("history on disk"):
                await asyncio.to_thread(self._shelf.sweep_bars, followed)

    def _fetched_at(self, name: str) -> Iterable[datetime]:
        return (bars.fetched_at for bars in self._kept.get(name, ()))

    def _make_due(self, name: str, now: datetime) -> None:
        super()._make_due(name, now)
        self._holes[name] = tuple(replace(hole, again=now) for hole in self._holes.get(name, ()))

    def _latest_due(self, now: datetime) -> datetime:
        calendar = self._given.calendar
        return calendar.close_at(calendar.next(calendar.last_completed(now))) + _AFTER_CLOSE + _SPREAD_OUT

    async def _round(self) -> datetime:
        context, feed = self._context, self._feed
        await self.unshelve()
        wanted = self.wanted()
        await self._outline(wanted)
        self._outlined = True
        alone = True  # whether the symbol before was answered
        for instrument in wanted:
            if feed.rests_until(self.job, self._now()) is not None:
                break
            feed.asked = True
            try:
                await self._fetch(instrument)
                alone = True
            except ProviderFault as fault:
                alone = self._left_without(instrument.symbol, fault, alone=alone)
            except Exception as fault:  # one symbol's data must not keep the others from being read
                _log.exception("history of %s from %s", instrument.symbol, feed.name)
                self._left_without(instrument.symbol, BadReply(f"{type(fault).__name__}: {fault}"), alone=alone)
            context.health.publish(feed)
        if wanted:
            await context.histories.judge_again()
        if wanted and feed.local:
            context.wakes.later(feed)
        context.doubts.tell()
        names = tuple(self._names())
        lacked = (feed.missing[name][1] for name in map(history_name, names) if name in feed.missing)
        holes = (hole for name in names for hole in self._holes.get(name, ()))
        return self._next((*lacked, *(hole.again for hole in holes if hole.asked < MOST_ASKED)))

    async def _outline(self, wanted: Sequence[Instrument]) -> None:
        """Put in the recent closes of what has no history yet, which few requests tell, until each is asked for.

        They are neither kept nor judged again, bear nothing out, and where they cannot be true or had, the history
        tells what is the matter.
        """
        known = {symbol for symbol, _ in self._given.store.snapshot().bars}
        new = [i for i in wanted if i.symbol not in known]
        past, rests = self._given.as_of is not None, self._feed.rests_until(self.job, self._now()) is not None
        if len(new) < _WORTH_OUTLINES or past or rests or self._feed.local:
            return  # what is at hand has its histories as soon
        if not isinstance(self._source, HasOutlines):
            return
        try:
            reply = self._seen(await self._source.outlines(new, self._now()))
        except ProviderFault as fault:
            self._context.health.remark(f"{self._feed.name} gives no outlines: {fault}")
            return
        cut = (completed(bars, self._given.calendar, self._now()) for bars in reply.outlines)
        judgements = [self._judged(bars) for bars in cut if bars.dates]
        believed = [judgement.bars for judgement in judgements if judgement.doubt is None]
        if self._given.store.put_bars(believed):
            self._context.wakes.bars_moved.set()
            judge_again(self._context, [bars.symbol for bars in believed])

    def _left_without(self, symbol: str, fault: ProviderFault, *, alone: bool) -> bool:
        """Leave a fault of one symbol to the next feed, take any other for the feed's; True where the source answered.

        A refusal or an error of the server may be of one symbol or of the source. It is of the source where a
        symbol after it meets one too, or where the source has been in trouble with histories since before.
        """
        context, feed, now = self._context, self._feed, self._now()
        self._stumbles[symbol] = self._stumbles.get(symbol, _FIRST_STUMBLE) + 1
        of_symbol = fault.pause_s is None and isinstance(fault, UnknownSymbol | BadReply)
        perhaps = fault.pause_s is None and isinstance(fault, ServerFault | Refused)
        if of_symbol:
            feed.lacking(history_name(symbol), str(fault), now + MISSING_FOR)
        elif perhaps and alone and feed.able(self.job):
            again = self._given.cadence.after_failure(now, self._stumbles[symbol])
            feed.lacking(history_name(symbol), str(fault), again)
        else:
            feed.failed(self.job, fault, now, self._given.cadence)
        context.wakes.later(feed)
        return of_symbol

    async def _fetch(self, instrument: Instrument) -> None:
        """Fetch one symbol with an overlap; where that disagrees, the source restated and all comes anew."""
        symbol = instrument.symbol
        # a file is read whole every time: it may have been put right anywhere
        old = {} if self._feed.local else {b.basis: b for b in self._kept.get(symbol, ())}
        generation = self._context.wakes.generation
        since = _overlap_start(old.values(), self._lost(symbol, self._now()))
        reply = await self._ask(instrument, since)
        fresh: list[Bars] = []
        for bars in reply:
            whole = joined(old[bars.basis], bars) if bars.basis in old else bars
            if whole is None:
                fresh, since = list(await self._ask(instrument, None)), None
                break
            fresh.append(whole)
        before = {b.basis: b for b in self._kept.get(symbol, ())}
        fresh = [self._sharing(bars, before.get(bars.basis)) for bars in fresh]
        if generation != self._context.wakes.generation or symbol not in self._names():
            return  # asked anew since, or let go
        self._context.histories.tell(self._feed, fresh)
        self._check(symbol, fresh)
        known, now = self._holes.get(symbol, ()), self._now()
        self._holes[symbol] = () if self._feed.local else open_holes(known, fresh, self._given.calendar, since, now)
        await self._take(symbol, tuple(fresh))

    async def _take(self, symbol: str, fresh: tuple[Bars, ...]) -> None:
        self._stumbles.pop(symbol, None)
        self._waiting.pop(symbol, None)
        self._feed.answered(self.job, self._now(), {}, (history_name(symbol),))
        self._kept[symbol] = fresh
        due = self._due_again(fresh)
        self._dues.put(symbol, due)
        self._admit(symbol, fresh)
        holes = self._holes.get(symbol, ())
        await self._put_on_shelf(Shelf.keep_bars, symbol, fresh, due, holes)

    def _judged(self, bars: Bars) -> Judgement:
        return judged(bars, *self._context.histories.witnesses(bars, self._feed), self._given.as_of)

    async def _judge_again(self) -> None:
        """Take what was refused, or taken in part, where another source or a peer has come to bear it out."""
        for symbol, bars in list(self._waiting.items()):
            # while others were written to disk it may have been fetched anew
            if self._waiting.get(symbol) is bars and all(self._judged(b).doubt is None for b in bars):
                await self._take(symbol, bars)
                self._context.health.publish(self._feed)
        for symbol in list(self._unsure):
            self._admit(symbol, self._kept[symbol])

    def _check(self, symbol: str, bars: list[Bars]) -> None:
        """Raise BadReply for what must not replace the history that is kept: nothing, or what cannot be true."""
        judgements = [self._judged(b) for b in bars]
        doubts = [j.doubt for j in judgements if j.doubt is not None]
        if doubts:
            if all(j.doubt is None or j.unsure for j in judgements):
                self._waiting[symbol] = tuple(bars)
            self._given.store.drop_outline(symbol)
            self._context.doubts.quarantine(self._quarantine_name(symbol), doubts[0])
            raise BadReply(doubts[0])
        if not any(b.dates for b in bars):
            raise BadReply("no completed session in the answer")

    def _quarantine_name(self, symbol: str) -> str:
        return f"{history_name(symbol)} from {self._feed.name}"

    async def _ask(self, instrument: Instrument, since: date | None) -> tuple[Bars, ...]:
        now = self._given.asked_about(self._feed)
        reply = self._seen(await self._source.bars(instrument, since, now))
        return tuple(completed(bars, self._given.calendar, now) for bars in reply)

    def _due_again(self, bars: Collection[Bars]) -> datetime:
        """After the next close once the last one is there, else in half an hour."""
        now, calendar = self._now(), self._given.calendar
        if self._feed.local and self._given.cadence.speed == 1 and self._shelf is None:
            return now + FILE_LOOKED_AT
        last = calendar.last_completed(now)
        if all(b.dates and b.dates[-1] >= last for b in bars):
            return self._latest_due(now) - _SPREAD_OUT * random.random()
        return now + _BAR_NOT_FINAL

    def _admit(self, symbol: str, bars: tuple[Bars, ...]) -> None:
        context, admitted = self._context, []
        context.doubts.quarantine(self._quarantine_name(symbol), None)
        counted = [judgement for judgement in map(self._judged, bars) if judgement.doubt is None]
        if counted:
            (self._unsure.add if any(j.unsure for j in counted) else self._unsure.discard)(symbol)
        for judgement in counted:
            for note in judgement.notes:
                context.health.remark(note)
            whole = context.histories.count(self._feed, judgement.bars)
            if whole is not None:
                admitted.append(whole)
        if self._given.store.put_bars(admitted):
            context.wakes.bars_moved.set()
            judge_again(context, (symbol,))


def _overlap_start(old: Collection[Bars], lost: Sequence[date]) -> date | None:
    """First day of the rows that are fetched again, None where there is nothing to continue.

    With `lost` sessions to be asked for it lies before the first of them.
    """
    if not old or any(len(b) <= OVERLAP_ROWS for b in old):
        return None
    rows = [len(b) - OVERLAP_ROWS for b in old]
    if lost:
        rows = [
            min(row, max(bisect_left(b.dates, lost[0]) - OVERLAP_ROWS, 0)) for row, b in zip(rows, old, strict=True)
        ]
    return min(b.dates[row] for row, b in zip(rows, old, strict=True))
