"""Last prices as a message has them: steps of those that have moved, and whole quotes of all others."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import repeat
from types import MappingProxyType
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rotation_tui.domain import refusal
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.ticked import TickedQuotes
from rotation_tui.tape.columns import step_between, stepped_on, unit_of
from rotation_tui.tape.parts import Unfounded, micros, time_of

_CENTS: Final = 2
_EXACT: Final = 2**53


class Prices(Struct, frozen=True, omit_defaults=True):
    """What has changed of prices, and of when they were checked.

    `moved` are the numbers of symbols of which but price and time of print are as before, `steps` tells the prices,
    `times` the different times of prints, in microseconds from the time of the message, and `of` which is whose (all
    have the first where it is empty). `whole` are other quotes. `checked` are times, from that of the message too, each
    with the numbers of its symbols; without any it is of all. `gone` are symbols that have no price any more, `unseen`
    those that count as never checked. Numbers are places in the list of names that both ends keep.
    """

    moved: tuple[int, ...] = ()
    steps: tuple[int | float, ...] = ()
    times: tuple[int, ...] = ()
    of: tuple[int, ...] = ()
    whole: tuple[Quote, ...] = ()
    checked: tuple[tuple[int, tuple[int, ...]], ...] = ()
    gone: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Names:
    """The names of symbols by number, the same at both ends because both learn them from the same messages."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self.told = 0
        """So many of them have been told."""
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The number of a name, a new one where it has none."""
        if name not in self._numbers:
            self._numbers[name] = len(self.listed)
            self.listed.append(name)
        return self._numbers[name]

    def name(self, number: int) -> str:
        """The name of a number; Unfounded where it has not been told."""
        if not 0 <= number < len(self.listed):
            raise Unfounded(f"symbol number {number} was told in a message that is lost")
        return self.listed[number]

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number of each name; it grows, and no number changes."""
        return self._numbers


Priced = tuple[Mapping[str, Quote], Mapping[str, datetime]]
"""Last prices, and when each was checked."""


def prices_between(before: Priced, after: Priced, at: int, names: Names) -> Prices | None:
    """What differs; None where nothing does. `at` is the time of the message."""
    (old, old_checked), (new, new_checked) = before, after
    if old is new and old_checked is new_checked:
        return None
    changed = [quote for symbol, quote in new.items() if (was := old.get(symbol)) is not quote and was != quote]
    moved = [quote for quote in changed if _only_moved(old.get(quote.symbol), quote)]
    times = list(dict.fromkeys(quote.as_of for quote in moved))
    places = {time: place for place, time in enumerate(times)}
    numbers = tuple(names.number(quote.symbol) for quote in moved)
    groups: dict[datetime, list[int]] = {}
    for symbol, checked in new_checked.items():
        if old_checked.get(symbol) != checked:
            groups.setdefault(checked, []).append(names.number(symbol))
    told_before = old_checked.keys() == new_checked.keys()
    whole_group = told_before and [len(group) for group in groups.values()] == [len(new_checked)]
    found = Prices(
        moved=numbers,
        steps=tuple(step_between(old[quote.symbol].price, quote.price) for quote in moved),
        times=tuple(micros(time) - at for time in times),
        of=tuple(places[quote.as_of] for quote in moved) if len(times) > 1 else (),
        whole=tuple(quote for quote in changed if not _only_moved(old.get(quote.symbol), quote)),
        checked=tuple((micros(time) - at, () if whole_group else tuple(group)) for time, group in groups.items()),
        gone=tuple(symbol for symbol in old if symbol not in new),
        unseen=tuple(symbol for symbol in old_checked if symbol not in new_checked),
        named=tuple(names.listed[names.told :]),
    )
    return None if found == Prices() else found


def prices_after(before: Priced, told: Prices, at: int, names: Names) -> Priced:
    """The prices that follow; Unfounded or another ValueError where that cannot be."""
    for name in told.named:
        names.number(name)
    quotes = quotes_after(before[0], told, at, names)
    checked = _as_dict(before[1])
    for symbol in told.unseen:
        checked.pop(symbol, None)
    for since, group in told.checked:
        when = time_of(at + since)
        if group:
            checked |= dict.fromkeys([names.name(number) for number in group], when)
        else:
            checked = dict.fromkeys(checked, when)
    return quotes, checked


def _only_moved(before: Quote | None, after: Quote) -> bool:
    return before is not None and replace(before, price=after.price, as_of=after.as_of) == after


def _as_dict(checked: Mapping[str, datetime]) -> dict[str, datetime]:
    """A copy that may be written to; a view of a dictionary copies it whole, ten times as fast as name by name."""
    return checked.copy() if isinstance(checked, MappingProxyType) else dict(checked)


def quotes_after(before: Mapping[str, Quote], told: Prices, at: int, names: Names) -> TickedQuotes:
    """The quotes that follow. Whatever moves passes the door here; none is made before somebody looks at it."""
    known = before if isinstance(before, TickedQuotes) and before.places is names.numbers else None
    whole = dict(before) if known is None else known.whole
    missing = len(names.listed) - (0 if known is None else len(known.prices))
    prices: list[float] = [*(() if known is None else known.prices), *repeat(0, missing)]
    units = [*(() if known is None else known.units), *repeat(_CENTS, missing)]
    times = [*(() if known is None else known.times), *repeat(None, missing)]
    if told.gone or told.whole:
        whole = {symbol: quote for symbol, quote in whole.items() if symbol not in told.gone}
    _move(whole, told, at, names, (prices, units, times))
    if told.whole:
        whole = {**whole, **{quote.symbol: quote for quote in told.whole}}
    for symbol in (*told.gone, *(quote.symbol for quote in told.whole)):
        if (place := names.numbers.get(symbol)) is not None:
            prices[place], units[place], times[place] = 0, _CENTS, None
    return TickedQuotes(whole, names.numbers, prices, units, times)


_Columns = tuple[list[float], list[int], list[datetime | None]]


def _move(whole: Mapping[str, Quote], told: Prices, at: int, names: Names, columns: _Columns) -> None:
    """Let prices of the columns move; what is whole cents moves by whole cents, which costs next to nothing."""
    if len(told.steps) != len(told.moved) or len(told.of) not in (0, len(told.moved)):
        raise ValueError("prices and symbols are not as many")
    if not told.moved:
        return
    if not 0 <= min(told.moved) <= max(told.moved) < len(names.listed):
        names.name(min(told.moved))
        names.name(max(told.moved))
    printed = [refusal.utc("the time of a price", time_of(at + time)) for time in told.times]
    if not printed or (told.of and not 0 <= min(told.of) <= max(told.of) < len(printed)):
        raise ValueError(f"a price of {names.name(told.moved[0])} has no time")
    prices, units, times = columns
    when: Iterable[datetime] = [printed[which] for which in told.of] if told.of else repeat(printed[0])
    for place, step, time in zip(told.moved, told.steps, when, strict=False):
        price = prices[place]
        if price and units[place] == _CENTS and type(step) is int and 0 < price + step < _EXACT:
            prices[place] = price + step
        else:
            prices[place], units[place] = _moved(whole, names.name(place), price, units[place], step)
        times[place] = time


def _moved(whole: Mapping[str, Quote], symbol: str, price: float, unit: int, step: float) -> tuple[float, int]:
    """A price behind a step and its unit, by the long way; a price of 0 stands as the whole quote has it."""
    if symbol not in whole:
        raise Unfounded(f"a price of {symbol} follows one that is lost")
    was = (price / 10**unit if unit >= 0 else price) if price else whole[symbol].price
    try:
        now = refusal.price(f"{symbol} price", stepped_on(was, step))
    except OverflowError:
        raise refusal.RefusedValueError(f"{symbol} price is beyond all numbers") from None
    unit = unit_of(now)
    return (now, unit) if unit < 0 else (round(now * 10**unit), unit)
