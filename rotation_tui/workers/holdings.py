"""One feed's holdings of funds: each file once a day, some hours after the close."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from rotation_tui.domain.filings import DocumentId
from rotation_tui.domain.holdings import Holdings
from rotation_tui.providers.base import HasHoldings, HasOutlines
from rotation_tui.store.documents import holdings_id
from rotation_tui.store.market_store import holdings_name
from rotation_tui.workers.documents import DocumentLoop
from rotation_tui.workers.feed import Feed, Job

_AFTER_CLOSE = timedelta(hours=6)
"""By then the file of the day is published, mostly."""
_SPREAD_OUT = timedelta(minutes=30)
"""Many monitors do not ask in the same minute."""


class HoldingsLoop(DocumentLoop[HasHoldings]):
    """Keeps the holdings of the funds that fall to one feed."""

    asks = HasHoldings
    job = Job.HOLDINGS

    def _names(self) -> Iterable[str]:
        return (fund for fund in self._context.followed.funds if self._source.offers_holdings(fund))

    def _document(self, name: str) -> DocumentId:
        return holdings_id(name)

    def _lacked(self, name: str) -> str:
        return holdings_name(name)

    def _is_given_by(self, feed: Feed, name: str) -> bool:
        return feed.offers_holdings(name) and not feed.lacks(holdings_name(name), self._now())

    async def _fetch(self, name: str) -> Holdings:
        return await self._source.holdings(name, self._given.asked_about(self._feed))

    def _due_again(self, name: str, now: datetime) -> datetime:  # noqa: ARG002
        return self._latest_due(now) - _SPREAD_OUT * random.random()

    def _latest_due(self, now: datetime) -> datetime:
        calendar = self._given.calendar
        return calendar.close_at(calendar.next(calendar.last_completed(now))) + _AFTER_CLOSE + _SPREAD_OUT

    def _shown(self) -> None:
        """Wake those who are asked for the closes of members; at the start they look by themselves."""
        if self.busy:
            for feed in self._given.feeds:
                if isinstance(feed.bars, HasOutlines):
                    self._context.wakes.feed(feed)
