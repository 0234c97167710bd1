"""One feed's macro series: from the shelf at once, from the source when due, all that is due in one call."""

import asyncio
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rotation_tui.domain.observation import Observations
from rotation_tui.providers.base import ProviderFault, SeriesReply
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.cadence import wait_until
from rotation_tui.workers.context import Context
from rotation_tui.workers.feed import Feed, Job

_FILE_LOOKED_AT = timedelta(seconds=60)
"""How often a file is looked at again; one that did not change costs nothing."""
_REFETCHED = timedelta(days=400)
"""How far back a series is fetched again: revisions of monthly series reach that far."""


_LOOK_AGAIN_S = 300.0


class SeriesLoop:
    """Keeps the observations of the series that fall to one feed."""

    def __init__(self, feed: Feed, context: Context, shelf: Shelf | None, series_ids: Iterable[str]) -> None:
        self._feed = feed
        self._context = context
        self._shelf = shelf
        self._wake = context.wake_event(feed)
        self._offered = tuple(s for s in series_ids if feed.provider.offers_series(s))
        self._kept: dict[str, Observations] = {}
        self._due: dict[str, datetime] = {}
        self.job = Job.SERIES
        self.busy = False
        self.rounds = 0

    def wanted(self) -> tuple[str, ...]:
        """Offered series that fall to this feed and are due."""
        now, feed = self._context.now(), self._feed
        better = () if feed.local else self._context.earlier(feed)
        return tuple(
            s
            for s in self._offered
            if self._due.get(s, now) <= now
            and not feed.lacks(s, now)
            and not any(f.able(Job.SERIES) and f.provider.offers_series(s) and not f.lacks(s, now) for f in better)
        )

    def pending(self) -> bool:
        """Whether something is due that has not been asked for."""
        return bool(self.wanted())

    async def unshelve(self) -> None:
        """Put what is kept on disk into the store, without any request."""
        if self._shelf is None:
            return
        for name, (series, due) in (await asyncio.to_thread(self._read_shelf, self._shelf)).items():
            self._kept[name], self._due[name] = series, due
        self._admit(self._kept.values())

    def _read_shelf(self, shelf: Shelf) -> dict[str, tuple[Observations, datetime]]:
        found = ((s, shelf.series(s)) for s in self._offered)
        return {name: (kept.series, kept.due) for name, kept in found if kept is not None}

    async def run(self) -> None:
        """Fetch what is due, for ever; ends only by cancellation."""
        context = self._context
        while True:
            wanted = self.wanted()
            if wanted and self._feed.rests_until(self.job, context.now()) is None:
                self.busy = True
                try:
                    await self._fetch(wanted)
                finally:
                    self.busy = False
                context.publish(self._feed)
            self.rounds += 1
            await wait_until(self._next(), context.now, self._wake, context.cadence.speed)

    def _next(self) -> datetime:
        now, speed = self._context.now(), self._context.cadence.speed
        # what another feed stops giving, or this one lacked, falls due without a date of its own
        look_again = now + timedelta(seconds=_LOOK_AGAIN_S * speed)
        rests = self._feed.rests_until(self.job, now)
        if rests is not None:
            return min(rests, look_again)
        soonest = min(self._due.values(), default=look_again)
        return min(max(soonest, now + timedelta(seconds=5 * speed)), look_again)

    async def _fetch(self, wanted: tuple[str, ...]) -> None:
        context, feed = self._context, self._feed
        feed.asked = True
        try:
            reply = await feed.provider.series(wanted, self._since(wanted), context.now())
        except ProviderFault as fault:
            feed.failed(self.job, fault, context.now(), context.cadence)
            context.wake_later(feed)
            return
        given = {s.series_id for s in reply.series if s.dates}
        missing = {name: "not in the answer" for name in wanted if name not in given} | reply.missing
        feed.answered(self.job, context.now(), missing, wanted)
        if missing:
            context.wake_later(feed)
        await self._keep(reply)

    def _since(self, wanted: tuple[str, ...]) -> date | None:
        kept = [self._kept.get(s) for s in wanted]
        ends = [k.dates[-1] for k in kept if k is not None and k.dates]
        return min(ends) - _REFETCHED if len(ends) == len(wanted) else None

    async def _keep(self, reply: SeriesReply) -> None:
        now = self._context.now()
        given = [s for s in reply.series if s.dates]
        for series in given:
            whole = _continued(self._kept.get(series.series_id), series)
            due = now + (_FILE_LOOKED_AT if self._feed.local else timedelta(hours=6) * random.uniform(0.9, 1.1))
            self._kept[series.series_id], self._due[series.series_id] = whole, due
            if self._shelf is not None:
                with self._context.keeping("history on disk"):
                    await asyncio.to_thread(self._shelf.keep_series, whole, due)
        self._admit(self._kept[s.series_id] for s in given)

    def _admit(self, series: Iterable[Observations]) -> None:
        as_of, known = self._context.as_of, self._context.store.snapshot().observations
        admitted = (s if as_of is None else s.until(as_of) for s in series)
        if self._context.store.put_observations([s for s in admitted if _newer(known.get(s.series_id), s)]):
            self._context.bars_moved.set()


def _newer(known: Observations | None, new: Observations) -> bool:
    """Whether `new` should stand: a later source never replaces a series that goes on longer."""
    if not new.dates:
        return False
    return known is None or not known.dates or known.source == new.source or new.dates[-1] > known.dates[-1]


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
