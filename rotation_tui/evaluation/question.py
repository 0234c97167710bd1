"""What is asked of the studies; without what it takes to answer, which whoever asks has no use for."""

from datetime import date, datetime

from msgspec import Struct

from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import EASTERN, Calendar
from rotation_tui.domain.universe import Universe
from rotation_tui.store.market_store import Snapshot


class Question(Struct, frozen=True):
    """Everything a study needs, taken from the store at one moment.

    `cut_at` is the day after which nothing of the snapshot counts, None where all of it does. `told` has alone what
    follows from holdings and filings where that was told, as by a tape: then no document is read.
    """

    snapshot: Snapshot
    universe: Universe
    calendar: Calendar
    rules: Rules
    now: datetime
    as_of: date | None
    cut_at: date | None = None
    told: tuple[Fundamentals | None, ...] = ()

    @property
    def day(self) -> date:
        """The day whose knowledge counts, in New York."""
        return self.cut_at or self.as_of or self.now.astimezone(EASTERN).date()
