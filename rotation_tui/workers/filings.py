"""One feed's filings: which company a ticker is, and the frames of all figures that the day asks for."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from rotation_tui.domain.figures import frames_wanted
from rotation_tui.domain.filings import DocumentId, FrameId
from rotation_tui.domain.session import EASTERN
from rotation_tui.providers.base import HasFilings
from rotation_tui.store.documents import COMPANIES, Paper, facts_id
from rotation_tui.store.market_store import FILINGS
from rotation_tui.store.shelf import Shelf
from rotation_tui.workers.context import Context
from rotation_tui.workers.documents import DocumentLoop
from rotation_tui.workers.feed import Feed, Job

_STILL_COMES = timedelta(days=150)
"""So long after a period companies file about it: its frames are asked for every day..."""
_DAILY = timedelta(hours=20)
_SELDOM = timedelta(days=30)
"""...and those of periods before, which are restated now and then, once a month."""
_REGISTRY = timedelta(days=7)
_JITTER = 0.1


class FilingsLoop(DocumentLoop[HasFilings]):
    """Keeps the frames and the registry where they fall to one feed."""

    asks = HasFilings
    job = Job.FILINGS

    def __init__(self, feed: Feed, source: HasFilings, context: Context, shelf: Shelf | None) -> None:
        super().__init__(feed, source, context, shelf)
        self._wanted: tuple[FrameId, ...] = ()
        self._named: dict[str, FrameId] = {}

    def _names(self) -> Iterable[str]:
        return (COMPANIES.name, *self._frames()) if self._source.offers_filings() else ()

    def _frames(self) -> dict[str, FrameId]:
        day = self._given.as_of or self._now().astimezone(EASTERN).date()
        wanted = frames_wanted(day)
        if wanted is not self._wanted:
            self._wanted, self._named = wanted, {frame.name: frame for frame in wanted}
        return self._named

    def _document(self, name: str) -> DocumentId:
        return COMPANIES if name == COMPANIES.name else facts_id(self._frames()[name])

    def _lacked(self, name: str) -> str:
        return FILINGS if name == COMPANIES.name else name

    def _is_given_by(self, feed: Feed, name: str) -> bool:
        return feed.offers_filings() and not feed.lacks(self._lacked(name), self._now())

    async def _fetch(self, name: str) -> Paper | None:
        now = self._given.asked_about(self._feed)
        if name == COMPANIES.name:
            return await self._source.registry(now)
        return await self._source.facts(self._frames()[name], now)

    def _due_again(self, name: str, now: datetime) -> datetime:
        if name == COMPANIES.name:
            again = _REGISTRY
        else:
            old = self._frames()[name].end + _STILL_COMES < now.date()
            again = _SELDOM if old else _DAILY
        return now + again * random.uniform(1 - _JITTER, 1)

    def _latest_due(self, now: datetime) -> datetime:
        return now + _SELDOM
