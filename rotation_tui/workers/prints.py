"""Whether a feed's prints stand still, all or one: it answers, and what it tells is of long before."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.instrument import Kind, kind_of
from rotation_tui.domain.quote import STILL_AFTER, Quote, trades_all_day
from rotation_tui.domain.session import EASTERN, Calendar

_NAMES = {Kind.INDEX: "indexes", Kind.ETF: "funds", Kind.VOLATILITY: "volatility"}
JUDGED = tuple(_NAMES)
"""Kinds that print all session long; a chain of futures may have expired."""

_NAMED = 3
"""Up to so many symbols are named in a sentence; more are counted."""

Dollars = Callable[[str], float | None]
"""What is traded of a symbol a day, None where that is not known."""


class Standing(Struct, frozen=True):
    """What stands still at a feed, and since when: whole `kinds`, and `funds` while others of their kind move."""

    kinds: Mapping[Kind, datetime] = field(default_factory=dict)
    funds: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.funds)

    def since(self, symbol: str) -> datetime | None:
        """Since when a symbol stands still, by itself or with its kind; None where it moves."""
        return self.funds.get(symbol) or self.kinds.get(kind_of(symbol))


class Told(Struct, frozen=True):
    """A quote as a feed told it, believed or not, and when."""

    quote: Quote
    at: datetime

    def vouched_until(self, standing: Standing) -> datetime:
        """Until when the answer bears its price out: until it came, or for as long as such prices moved."""
        since = standing.since(self.quote.symbol)
        return self.at if since is None else min(self.at, since + timedelta(seconds=self.quote.delay_s))


def standing_of(told: Mapping[str, Told], calendar: Calendar, dollars: Dollars) -> Standing:
    """What stands still of all that a feed told."""
    found = ((kind, standing_since(told, kind, calendar, dollars)) for kind in JUDGED)
    kinds = {kind: since for kind, since in found if since is not None}
    return Standing(kinds, {} if Kind.ETF in kinds else funds_standing(told, calendar, dollars))


def funds_standing(told: Mapping[str, Told], calendar: Calendar, dollars: Dollars) -> Mapping[str, datetime]:
    """The funds that are known to trade all day and whose own print should be newer, with that print's time."""
    return {
        symbol: each.quote.as_of
        for symbol, each in told.items()
        if _is_overdue(each.quote, each.at, calendar)
        and kind_of(symbol) is Kind.ETF
        and trades_all_day(dollars(symbol))
    }


def standing_since(told: Mapping[str, Told], kind: Kind, calendar: Calendar, dollars: Dollars) -> datetime | None:
    """The newest print of a kind where it should be newer; None where prints move, or where nothing tells.

    Only the time counts for which the exchange was open: nights, weekends and holidays make nothing stand still, and
    after a close the prints are to reach up to it.
    """
    of_kind = {s: each for s, each in told.items() if kind_of(s) is kind and each.quote.as_of <= each.at + CLOCK_SLACK}
    if all(trades_all_day(dollars(symbol)) is False for symbol in of_kind):
        return None
    newest = max((each.quote for each in of_kind.values()), key=lambda quote: quote.as_of)
    asked = max(each.at for each in of_kind.values())
    return newest.as_of if _is_overdue(newest, asked, calendar) else None


def _is_overdue(quote: Quote, asked: datetime, calendar: Calendar) -> bool:
    """Whether the exchange was open for too long between the print and what its source could know when `asked`."""
    until = asked - timedelta(seconds=quote.delay_s)
    # the subtraction spares nearly every price the calendar
    return until - quote.as_of > STILL_AFTER and calendar.traded(quote.as_of, until) > STILL_AFTER


def still_words(standing: Standing, *, whole: bool, alone: bool, now: datetime) -> str:
    """What stands still since when, in a sentence.

    `whole` says that nothing of the feed moves, `alone` that some other source's prices may.
    """
    since = max((standing.kinds or standing.funds).values()).astimezone(EASTERN)
    day = "" if since.date() == now.astimezone(EASTERN).date() else f"{since:%a} "
    what = "" if whole else f" of {_named(standing)}"
    halted = "" if alone else "; no other source has one: trading may be halted"
    return f"no new price{what} since {day}{since:%H:%M} New York, while the exchange was open{halted}"


def _named(standing: Standing) -> str:
    if standing.kinds:
        return " and ".join(_NAMES[kind] for kind in standing.kinds)
    names = sorted(standing.funds)
    if len(names) > _NAMED:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more"]
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
