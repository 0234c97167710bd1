"""Prints that a stream tells, folded as they come: of each symbol the newest that counts, and a few to fall back on."""

import math
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from msgspec import Struct

from rotation_tui.domain.clock import CLOCK_SLACK
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers.base import BadReply, ProviderFault, QuoteReply

_KEPT = 16
"""Prints of a symbol that are remembered, so that what was told before a trade that is cancelled stands again."""
_NAMED = 3
_UNREAD = 20
"""So many messages in a row that cannot be read are a fault of the source; single ones are said, and passed over."""


class OutOfHours(RefusedValueError):
    """A print before the open or after the close: true, and no regular price."""


def session_of(at: datetime, now: datetime) -> date:
    """The session of a print within regular hours; RefusedValueError for any other time, OutOfHours for the evening's.

    A closing auction is of the second of the close.
    """
    if at > now + CLOCK_SLACK:
        moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        raise RefusedValueError(f"a price of {moment} is yet to come; is this clock right?")
    local = at.astimezone(EASTERN)
    calendar = nyse()
    try:
        if not calendar.is_session(local.date()):
            raise RefusedValueError(f"a price of {local:%Y-%m-%d}, which is no session")
        if not calendar.open_at(local.date()) <= at <= calendar.close_at(local.date()):
            raise OutOfHours(f"its last trade was outside regular hours, at {local:%H:%M} New York")
    except CalendarRange as fault:
        raise RefusedValueError(str(fault)) from None
    return local.date()


class Print(Struct, frozen=True, gc=False):
    """One trade; `number` is what its source calls it, where it does."""

    at: datetime
    price: float
    number: int | str | None = None


class Prints:
    """What one connection has told of some symbols since it was last asked; of all others nothing is held."""

    def __init__(self, symbols: Iterable[str], now: Callable[[], datetime]) -> None:
        self._held: dict[str, deque[Print]] = {symbol: deque(maxlen=_KEPT) for symbol in symbols}
        self._newest: dict[str, Print] = {}
        self._now = now
        self._session = date.min
        self._opens = self._closes = self._latest = datetime.min.replace(tzinfo=UTC)
        self._changed: set[str] = set()
        self._withdrawn: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._remarks: dict[str, None] = {}

    def take(self, symbol: str, at: datetime, price: float, number: int | str | None = None) -> None:
        """A trade; an older one than was told changes nothing, nor does one that cannot be."""
        held = self._held.get(symbol)
        if held is None:
            return
        if not (self._opens <= at <= self._closes and at <= self._latest) and not self._is_regular(symbol, at):
            return
        if not 0 < price < math.inf:
            self._refuse(symbol, f"its price is {price}")
            return
        told = Print(at, price, number)
        held.append(told)
        newest = self._newest.get(symbol)
        if newest is None or at >= newest.at:
            self._newest[symbol] = told
            self._changed.add(symbol)

    def remember(self, symbol: str, told: Print) -> None:
        """A trade that a poll has told: nothing new, but it may be cancelled or corrected as any other."""
        held, newest = self._held.get(symbol), self._newest.get(symbol)
        if held is not None and (newest is None or told.at > newest.at):
            held.append(told)
            self._newest[symbol] = told

    def cancel(self, symbol: str, number: int | str) -> None:
        """A trade that was none: where it is the newest, the one before it stands again."""
        newest, held = self._newest.get(symbol), self._held.get(symbol)
        if newest is None or held is None:
            return
        left = [told for told in held if told.number != number]
        held.clear()
        held.extend(left)
        if newest.number != number:
            return
        before = max(left, key=lambda told: told.at, default=None)
        stands = "none before it is known" if before is None else f"{before.price:,.2f} stands"
        self._withdraw(symbol, before, f"{symbol} {newest.price:,.2f} was cancelled; {stands}")

    def correct(self, symbol: str, number: int | str, price: float, corrected: int | str) -> None:
        """A trade that was at another price; it keeps its time."""
        newest, held = self._newest.get(symbol), self._held.get(symbol)
        was = next((told for told in held or () if told.number == number), None)
        if held is None or was is None or newest is None:
            return
        if not 0 < price < math.inf:
            self.cancel(symbol, number)
            return
        now = Print(was.at, price, corrected)
        held[held.index(was)] = now
        if was == newest:
            self._withdraw(symbol, now, f"{symbol} {was.price:,.2f} was corrected to {price:,.2f}")

    def remark(self, sentence: str) -> None:
        """Something that is worth an event, once."""
        self._remarks[sentence] = None

    def told(self, quote: Callable[[str, Print, date], Quote]) -> QuoteReply:
        """All that is new since the last time; `quote` makes a price of a print and its session."""
        changed, withdrawn, missing = self._changed, self._withdrawn, self._refused
        remarks = (*self._remarks, *list(withdrawn.values())[:_NAMED])
        self._changed, self._withdrawn, self._refused, self._remarks = set(), {}, {}, {}
        quotes = []
        for symbol in changed:
            newest = self._newest[symbol]
            quotes.append(quote(symbol, newest, newest.at.astimezone(EASTERN).date()))
        if len(withdrawn) > _NAMED:
            remarks += (f"{len(withdrawn) - _NAMED} more trades were cancelled or corrected",)
        return QuoteReply(tuple(quotes), missing, frozenset(withdrawn), remarks)

    def _is_regular(self, symbol: str, at: datetime) -> bool:
        now = self._now()
        try:
            session = session_of(at, now)
        except OutOfHours:
            return False
        except RefusedValueError as refused:
            self._refuse(symbol, str(refused))
            return False
        if session >= self._session:
            self._session, self._latest = session, now + CLOCK_SLACK
            self._opens, self._closes = nyse().open_at(session), nyse().close_at(session)
        return True

    def _refuse(self, symbol: str, why: str) -> None:
        if symbol not in self._newest:
            self._refused[symbol] = why
        self.remark(f"{symbol}: {why}")

    def _withdraw(self, symbol: str, instead: Print | None, said: str) -> None:
        self._withdrawn[symbol] = said
        if instead is None:
            del self._newest[symbol]
            self._changed.discard(symbol)
        else:
            self._newest[symbol] = instead
            self._changed.add(symbol)


class Listening(ABC):
    """The messages of one stream put into prints as they come, and the fault that one of them was."""

    def __init__(self, prints: Prints) -> None:
        self.prints = prints
        self.fault: ProviderFault | None = None
        self._unread = 0

    @abstractmethod
    def take(self, text: str) -> None:
        """Read one message; BadReply where that cannot be."""

    def fold(self, text: str) -> None:
        """Take a message, or say that it cannot be read."""
        try:
            self.take(text)
        except (BadReply, ValueError, OverflowError, OSError) as bad:  # times that no calendar has
            self._unread += 1
            self.prints.remark(str(bad))
            if self._unread == _UNREAD:
                self.fail(BadReply(f"{_UNREAD} messages in a row: {bad}", whole=True))
        else:
            self._unread = 0

    def fail(self, fault: ProviderFault) -> None:
        """Note a fault that ends the stream; the first counts."""
        self.fault = self.fault or fault
