"""What a desk is given, and what it follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from msgspec import Struct

from rotation_tui.domain.clock import end_of
from rotation_tui.domain.feed import Event
from rotation_tui.domain.minutes import Glance
from rotation_tui.domain.session import Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import MarketStore
from rotation_tui.workers.cadence import Cadence
from rotation_tui.workers.feed import Feed
from rotation_tui.workers.tap import Tap


class Given(Struct, frozen=True):
    """What nobody changes while the desk is open.

    `now` is the time at which sources are asked (real time, or the simulated market's). `as_of` trims everything that
    enters the store, so that nothing after that date can leak in. `tap` sees every reply on its way there.
    """

    store: MarketStore
    feeds: tuple[Feed, ...]
    calendar: Calendar
    cadence: Cadence
    now: Callable[[], datetime]
    as_of: date | None = None
    tap: Tap | None = None

    def earlier(self, feed: Feed) -> tuple[Feed, ...]:
        """The feeds that come before `feed` in the order of failover."""
        return tuple(f for f in self.feeds if f.order < feed.order)

    def asked_about(self, feed: Feed) -> datetime:
        """The moment whose data are asked of a feed: what is at hand as of the past day, sources as of now."""
        return self.now() if self.as_of is None or not feed.local else end_of(self.as_of)

    def tell(self, text: str, severity: str = "info") -> None:
        """A line among the events."""
        self.store.put_event(Event(self.now(), text, severity))


@dataclass(slots=True)
class Followed:
    """What is to be there: the desk writes it, and every loop reads it anew at every round.

    `glances` are the minutes that somebody looks at now. Quotes of symbols that are `unseen` are asked for less often,
    as those of a watch list that is not in sight. Holdings of `funds`, and filings, are there only while `fundamentals`
    are wanted.
    """

    universe: Universe
    series_ids: tuple[str, ...] = ()
    glances: tuple[Glance, ...] = ()
    funds: tuple[str, ...] = ()
    fundamentals: bool = False
    unseen: frozenset[str] = frozenset()
