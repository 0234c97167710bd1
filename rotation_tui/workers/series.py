"""One feed's macro series: from the shelf at once, from the source when due, all that is due in one call."""

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.observation import Observations
from rotation_tui.domain.series import SERIES, Frequency, out_of_bounds
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import HasSeries, ProviderFault, SeriesReply
from rotation_tui.store.shelf import KeptSeries, Shelf
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job
from rotation_tui.workers.loop import FILE_LOOKED_AT, ShelvedLoop

_ASKED_AGAIN = timedelta(hours=6)
_JITTER = 0.1
_TOGETHER = timedelta(minutes=45)
"""What falls due so soon after the rest is asked for along with it, so that one call stays one call."""
_DAILY_REFETCHED = timedelta(days=10)
_REFETCHED = timedelta(days=400)
"""How far back a series is fetched again: revisions of monthly series reach that far."""


class SeriesLoop(ShelvedLoop[HasSeries, KeptSeries]):
    """Keeps the observations of the series that fall to one feed."""

    asks = HasSeries
    job = Job.SERIES

    def __init__(self, feed: Feed, source: HasSeries, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context, shelf)
        self._kept: dict[str, Observations] = {}

    def _latest_due(self, now: datetime) -> datetime:
        return now + _ASKED_AGAIN * (1 + _JITTER)

    def wanted(self) -> tuple[str, ...]:
        """Offered series that fall to this feed and are due, with those that soon will be."""
        now = self._now()
        mine = [s for s in self._names() if not self._feed.lacks(s, now) and not self._served_by_better(s, now)]
        if not any(self._dues.is_due(s, now) for s in mine):
            return ()
        soon = now + _TOGETHER * self._given.cadence.speed
        return tuple(s for s in mine if self._dues.is_due(s, now, soon))

    def _served_by_better(self, series_id: str, now: datetime) -> bool:
        """A local feed always reads what it has; a networked one is asked for what no earlier feed gives.

        A file that ends too early is continued from the network. A feed in trouble is not stood in for while
        all that can have been published is there.
        """
        if self._feed.local:
            return False
        offering = [f for f in self._given.earlier(self._feed) if f.offers_series(series_id)]
        serving = [f for f in offering if f.able(Job.SERIES) and not f.lacks(series_id, now)]
        if any(not f.local or f.last_success is None for f in serving):
            return True
        return bool(offering) and self._is_complete(series_id, now)

    def _is_complete(self, series_id: str, now: datetime) -> bool:
        known, series = self._given.store.snapshot().observations.get(series_id), SERIES.get(series_id)
        if known is None or not known.dates or series is None:
            return False
        as_of = self._given.as_of or now.astimezone(EASTERN).date()
        return not series.may_go_on(known.dates[-1], as_of, self._given.calendar)

    def _names(self) -> Iterable[str]:
        return (s for s in self._context.followed.series_ids if self._source.offers_series(s))

    def _read(self, shelf: Shelf, name: str) -> KeptSeries | None:
        record = shelf.series(name)
        return record and replace(record, series=self._sharing(record.series))

    def _take_up(self, records: Mapping[str, KeptSeries]) -> None:
        believed: list[Observations] = []
        for name, record in records.items():
            series = record.series
            if out_of_bounds(series) is not None:
                continue  # as if it were not there: it is fetched anew
            self._kept[name] = series
            believed.append(series)
            if series.fetched_at <= self._now() + CLOCK_SLACK:
                self._dues.put(name, record.due)
        self._admit(believed)

    def _fetched_at(self, name: str) -> Iterable[datetime]:
        return (self._kept[name].fetched_at,) if name in self._kept else ()

    async def _round(self) -> datetime:
        await self.unshelve()
        wanted = self.wanted()
        if wanted and self._feed.rests_until(self.job, self._now()) is None:
            await self._fetch(wanted)
            self._context.health.publish(self._feed)
        return self._next()

    async def _fetch(self, wanted: tuple[str, ...]) -> None:
        context, feed = self._context, self._feed
        feed.asked = True
        try:
            reply = self._seen(await self._source.series(wanted, self._since(wanted), self._given.asked_about(feed)))
        except ProviderFault as fault:
            feed.failed(self.job, fault, self._now(), self._given.cadence)
            context.doubts.tell()
            context.wakes.later(feed)
            return
        beyond = {s.series_id: why for s in reply.series if (why := out_of_bounds(s)) is not None}
        reply = replace(reply, series=tuple(s for s in reply.series if s.series_id not in beyond))
        given = {s.series_id for s in reply.series if s.dates}
        missing = {name: "not in the answer" for name in wanted if name not in given} | reply.missing | beyond
        feed.answered(self.job, self._now(), missing, wanted)
        context.doubts.tell()  # before a study, which tells why a series is not there
        await self._keep(reply)
        if missing or feed.local:
            context.wakes.later(feed)

    def _since(self, wanted: tuple[str, ...]) -> date | None:
        kept = {s: self._kept[s].dates[-1] for s in wanted if s in self._kept and self._kept[s].dates}
        starts = [end - (_DAILY_REFETCHED if _is_daily(s) else _REFETCHED) for s, end in kept.items()]
        return min(starts) if len(starts) == len(wanted) else None

    async def _keep(self, reply: SeriesReply) -> None:
        given = [s for s in reply.series if s.dates]
        again = FILE_LOOKED_AT if self._feed.local else _ASKED_AGAIN * random.uniform(1 - _JITTER, 1 + _JITTER)
        due = self._now() + again
        for series in given:
            before = self._kept.get(series.series_id)
            whole = self._sharing(_continued(before, series), before)
            self._kept[series.series_id] = whole
            self._dues.put(series.series_id, due)
            await self._put_on_shelf(Shelf.keep_series, whole, due)
        self._admit(self._kept[s.series_id] for s in given)

    def _admit(self, series: Iterable[Observations]) -> None:
        context, admitted = self._context, []
        for one in series:
            cut = one if self._given.as_of is None else one.until(self._given.as_of)
            whole = context.histories.count_series(self._feed, cut)
            if whole is not None:
                admitted.append(whole)
        if self._given.store.put_observations(admitted):
            context.wakes.bars_moved.set()


def _is_daily(series_id: str) -> bool:
    known = SERIES.get(series_id)
    return known is not None and known.frequency is Frequency.DAILY


def _continued(old: Observations | None, new: Observations) -> Observations:
    """`old` up to where `new` begins, then `new`: what was revised is taken as it is now."""
    if old is None or not old.dates or not new.dates:
        return new
    before = old.until(new.dates[0] - timedelta(days=1))
    return Observations(
        new.series_id,
        before.dates + new.dates,
        before.values + new.values,
        new.source,
        new.fetched_at,
        old.complete_since or new.complete_since,
    )
