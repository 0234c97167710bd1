"""Last prices as columns: thousands move at once, and few of them are looked at."""

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import datetime

from msgspec.structs import force_setattr

from rotation_tui.domain.quote import Quote


class TickedQuotes(Mapping[str, Quote]):
    """Quotes of which but price and time of print have stayed; each is made when somebody looks at it.

    `whole` has them as they were told, `places` where a symbol stands in the columns, if it does. A price is the number
    of so many `units`, decimals, or the price itself where that is negative; without a time the whole one stands. Who
    makes the columns has let them through the door, and changes them no more.
    """

    __slots__ = ("_made", "places", "prices", "times", "units", "whole")

    def __init__(
        self,
        whole: Mapping[str, Quote],
        places: Mapping[str, int],
        prices: list[float],
        units: list[int],
        times: list[datetime | None],
    ) -> None:
        self.whole, self.places, self.prices, self.units, self.times = whole, places, prices, units, times
        self._made: dict[str, Quote] = {}

    def __getitem__(self, symbol: str) -> Quote:
        made = self._made.get(symbol)
        if made is None:
            made = self.whole[symbol]
            place = self.places.get(symbol, len(self.times))
            if place < len(self.times) and (printed := self.times[place]) is not None:
                unit, price = self.units[place], self.prices[place]
                made = copy(made)
                force_setattr(made, "price", price / 10**unit if unit >= 0 else price)
                force_setattr(made, "as_of", printed)
            self._made[symbol] = made
        return made

    def __contains__(self, symbol: object) -> bool:
        return symbol in self.whole

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)

    def newest(self) -> datetime | None:
        """The time of the newest print, without making any quote."""
        places, times, end = self.places, self.times, len(self.times)
        printed = (
            times[place] if (place := places.get(symbol, end)) < end and times[place] is not None else quote.as_of
            for symbol, quote in self.whole.items()
        )
        return max((at for at in printed if at is not None), default=None)
