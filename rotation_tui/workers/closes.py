"""One feed's closes of funds' members: those of a sample of each fund, once a day after the close."""

import asyncio
import math
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from rotation_tui.domain.bars import Bars, Column, completed
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.filings import DocumentId
from rotation_tui.domain.holdings import Holdings
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.sampling import other_spellings, sample
from rotation_tui.providers.base import BadReply, HasOutlines, OutlineReply, ProviderFault
from rotation_tui.store.documents import Documents, closes_id, holdings_id
from rotation_tui.store.market_store import closes_name
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.context import Context
from rotation_tui.workers.documents import DocumentLoop
from rotation_tui.workers.feed import Feed, Job

ROWS = 280
"""Sessions that are kept: a year and 21 of which dispersion is told, and some days of that."""
_AT_ONCE = 20
"""Members asked for in one go, and in memory at one time."""
_LEAST = 0.5
"""Share of the sample, and of the rows of a session, below which there is nothing to keep."""
_AFTER_CLOSE = timedelta(minutes=45)
_SPREAD_OUT = timedelta(minutes=20)
_NOT_FINAL = timedelta(minutes=30)


class ClosesLoop(DocumentLoop[HasOutlines]):
    """Keeps the closes of the members of those funds whose holdings are there."""

    asks = HasOutlines
    job = Job.CLOSES

    def __init__(self, feed: Feed, source: HasOutlines, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context, shelf)
        self._ended: dict[str, date] = {}

    def wanted(self) -> Sequence[str]:
        """What is due of the funds whose holdings are there."""
        documents = self._given.store.snapshot().documents
        return tuple(fund for fund in super().wanted() if holdings_id(fund) in documents)

    def _names(self) -> Iterable[str]:
        return self._context.followed.funds

    def _document(self, name: str) -> DocumentId:
        return closes_id(name)

    def _lacked(self, name: str) -> str:
        return closes_name(name)

    def _is_given_by(self, feed: Feed, name: str) -> bool:
        return isinstance(feed.bars, HasOutlines) and not feed.lacks(closes_name(name), self._now())

    async def _fetch(self, name: str) -> Closes:
        """The closes of a sample; BadReply where the source has less than half of it."""
        held = await self._holdings(name)
        drawn = sample(held.members)
        tickers = [member.ticker for member in drawn]
        found, missing = await self._closes(tickers)
        others = other_spellings(missing)
        for spelled, rows in (await self._closes(list(others)))[0].items() if others else ():
            found[others[spelled]] = rows
            del missing[others[spelled]]
        if len(found) < max(1.0, _LEAST * len(drawn)):
            why = next(iter(missing.values()), "nothing came")
            raise BadReply(f"closes of {len(found)} of {len(drawn)} members of {name}: {why}")
        now = self._given.asked_about(self._feed)
        closes = await asyncio.to_thread(_table, held, found, missing, self._feed.name, now)
        self._ended[name] = closes.as_of
        return closes

    async def _holdings(self, fund: str) -> Holdings:
        document = self._given.store.snapshot().documents[holdings_id(fund)]
        held = await asyncio.to_thread(Documents(Path(document.folder)).holdings, fund)
        if held is None:
            raise BadReply(f"the holdings of {fund} on disk cannot be read")
        return held

    async def _closes(self, tickers: Sequence[str]) -> tuple[dict[str, Bars], dict[str, str]]:
        """The newest closes by ticker, and why there are none; a fault of the source as a whole is raised."""
        found: dict[str, Bars] = {}
        missing: dict[str, str] = {}
        for start in range(0, len(tickers), _AT_ONCE):
            some = tickers[start : start + _AT_ONCE]
            by_symbol = {Instrument.of(ticker): ticker for ticker in some}
            now = self._given.asked_about(self._feed)
            try:
                reply = await self._source.outlines(list(by_symbol), now)
            except ProviderFault as fault:
                if fault.whole or fault.pause_s is not None:
                    raise
                missing |= dict.fromkeys(some, str(fault))
                continue
            named = {instrument.symbol: ticker for instrument, ticker in by_symbol.items()}
            told = await asyncio.to_thread(self._rows, reply, named, now)
            found |= {ticker: self._sharing(bars) for ticker, bars in told.items()}
            missing |= {t: reply.missing.get(s, "no closes") for s, t in named.items() if t not in found}
        return found, missing

    def _rows(self, reply: OutlineReply, named: Mapping[str, str], now: datetime) -> dict[str, Bars]:
        whole = {bars.symbol: completed(bars, self._given.calendar, now).tail(ROWS) for bars in reply.outlines}
        return {named[symbol]: bars for symbol, bars in whole.items() if bars.dates and symbol in named}

    def _due_again(self, name: str, now: datetime) -> datetime:
        ended = self._ended.get(name)
        if ended is not None and ended < self._given.calendar.last_completed(now):
            return now + _NOT_FINAL
        return self._latest_due(now) - _SPREAD_OUT * random.random()

    def _latest_due(self, now: datetime) -> datetime:
        calendar = self._given.calendar
        return calendar.close_at(calendar.next(calendar.last_completed(now))) + _AFTER_CLOSE + _SPREAD_OUT


def _table(held: Holdings, found: Mapping[str, Bars], missing: dict[str, str], source: str, now: datetime) -> Closes:
    """One table of the sessions that at least half of the members have a close of, the newest of them."""
    counts = Counter(day for bars in found.values() for day in bars.dates)
    dates = sorted(day for day, count in counts.items() if count >= _LEAST * len(found))[-ROWS:]
    if not dates:
        raise BadReply(f"the members of {held.fund} have no session in common")

    def packed(column: Callable[[Bars], Column | None]) -> bytes:
        if all(column(bars) is None for bars in found.values()):
            return b""
        return b"".join(_packed(bars.dates, column(bars) or (), dates) for bars in found.values())

    return Closes(
        fund=held.fund,
        drawn_on=held.as_of,
        among=len(held.members),
        dates=tuple(dates),
        tickers=tuple(found),
        closes=packed(lambda bars: bars.closes),
        source=source,
        fetched_at=now,
        missing=missing,
        highs=packed(lambda bars: bars.highs),
        lows=packed(lambda bars: bars.lows),
        volumes=packed(lambda bars: bars.volumes),
    )


def _packed(of: Sequence[date], column: Column, dates: Sequence[date]) -> bytes:
    """One number for each of `dates`, NaN where the column has none or is not there."""
    known = dict(zip(of, column, strict=False))
    told = (known.get(day) for day in dates)
    return struct.pack(f"<{len(dates)}f", *(math.nan if number is None else number for number in told))
