"""Whether a feed's prints stand still: it answers, and what it tells is of long before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN, Calendar

STILL_AFTER = timedelta(minutes=15)
"""Trading time without a new print, beyond the source's own delay, after which a feed stands still (house default).

Longer than the first minutes after an open take, and than the shortest halt of the whole market.
"""

TRADED_ALL_DAY = 20e6
"""Dollars a day from which on a fund trades every few minutes (house default); a thinner one proves nothing."""

_NAMES = {Kind.INDEX: "indexes", Kind.ETF: "funds", Kind.VOLATILITY: "volatility"}
JUDGED = tuple(_NAMES)
"""Kinds that print all session long; a chain of futures may have expired."""

Standing = Mapping[Kind, datetime]
"""The kinds whose prices stand still at a feed, and since when."""


@dataclass(frozen=True, slots=True)
class Told:
    """A quote as a feed told it, believed or not, and when."""

    quote: Quote
    at: datetime

    @property
    def kind(self) -> Kind:
        """What kind of thing is quoted."""
        return kind_of(self.quote.symbol)

    def vouched_until(self, standing: Standing) -> datetime:
        """Until when the answer bears its price out: until it came, or for as long as prices of its kind moved."""
        since = standing.get(self.kind)
        return self.at if since is None else min(self.at, since + timedelta(seconds=self.quote.delay_s))


def standing_since(
    told: Mapping[str, Told], kind: Kind, calendar: Calendar, dollars: Callable[[str], float | None]
) -> datetime | None:
    """The newest print of a kind where it should be newer; None where prints move, or where nothing tells.

    `dollars` are what is traded of a symbol a day, None where that is not known. Only the time counts for which the
    exchange was open: nights, weekends and holidays make nothing stand still, and after a close the prints are to
    reach up to it.
    """
    of_kind = {s: each for s, each in told.items() if kind_of(s) is kind and each.quote.as_of <= each.at + CLOCK_SLACK}
    if not any(_trades_all_day(dollars(symbol)) for symbol in of_kind):
        return None
    newest = max((each.quote for each in of_kind.values()), key=lambda quote: quote.as_of)
    known_until = max(each.at for each in of_kind.values()) - timedelta(seconds=newest.delay_s)
    return newest.as_of if calendar.traded(newest.as_of, known_until) > STILL_AFTER else None


def _trades_all_day(dollars: float | None) -> bool:
    return dollars is None or dollars >= TRADED_ALL_DAY


def still_words(standing: Standing, *, whole: bool, alone: bool, now: datetime) -> str:
    """What stands still since when, in a sentence.

    `whole` says that nothing of the feed moves, `alone` that some other source's prices may.
    """
    since = max(standing.values()).astimezone(EASTERN)
    day = "" if since.date() == now.astimezone(EASTERN).date() else f"{since:%a} "
    what = "" if whole else f" of {' and '.join(_NAMES[kind] for kind in standing)}"
    halted = "" if alone else "; no other source has one: trading may be halted"
    return f"no new price{what} since {day}{since:%H:%M} New York, while the exchange was open{halted}"
