"""Tiingo: daily history of US funds and shares over 30 years, with a key; a further source behind Yahoo and Cboe.

Its closes are as they were traded: splits are on record beside them and put in here. Its adjusted closes have dividends
put back as well.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from urllib.parse import quote as quoted

import msgspec

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars, Basis, Split
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.refusal import price
from rotation_tui.domain.session import nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, Endpoint, ProviderPart, Refused, Surroundings, UnknownSymbol
from rotation_tui.providers.http import LARGE, Http
from rotation_tui.providers.keys import Keys

NAME = "tiingo"
KEYS = ("TIINGO_API_KEY",)
_FIRST = date(1970, 1, 1)


class _DailyRow(msgspec.Struct, rename="camel", gc=False):
    date: str
    close: float
    adj_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    split_factor: float = 1.0


class _Adjusted(msgspec.Struct, gc=False):
    """A row with all later splits put into its prices and volume."""

    day: date
    row: _DailyRow
    ratio: float


@decode.reader
def parse(body: bytes, symbol: str, now: datetime) -> tuple[Bars, ...]:
    """Prices, and total returns where all rows tell them; BadReply where a day is told twice or a number is none."""
    told: dict[date, _DailyRow] = {}
    for row in decode.json(body, list[_DailyRow]):
        day = decode.iso_date(row.date[:10])
        if told.setdefault(day, row) != row:
            raise BadReply(f"two closes of {day}")
    calendar = nyse()
    days = [day for day in sorted(told) if day < calendar.first or calendar.is_session(day)]
    if not days:
        raise BadReply(f"no daily rows of {symbol}")
    rows = _with_splits((day, told[day]) for day in reversed(days))[::-1]
    splits = tuple(Split(day, told[day].split_factor) for day in days if told[day].split_factor != 1.0)
    prices = Bars(
        symbol,
        Basis.PRICE,
        tuple(days),
        tuple(price(f"close of {each.day}", each.row.close) / each.ratio for each in rows),
        NAME,
        now,
        highs=tuple(_priced(each.row.high, each.ratio) for each in rows),
        lows=tuple(_priced(each.row.low, each.ratio) for each in rows),
        opens=tuple(_priced(each.row.open, each.ratio) for each in rows),
        volumes=tuple(_traded(each.row.volume, each.ratio) for each in rows),
        splits=splits,
    )
    total = [told[day].adj_close for day in days]
    known = tuple(close for close in total if close is not None)
    if len(known) < len(total):
        return (prices,)
    return prices, Bars(symbol, Basis.TOTAL, tuple(days), known, NAME, now, splits=splits)


def _with_splits(newest_first: Iterable[tuple[date, _DailyRow]]) -> list[_Adjusted]:
    found: list[_Adjusted] = []
    ratio = 1.0
    for day, row in newest_first:
        found.append(_Adjusted(day, row, ratio))
        ratio *= price(f"split of {day}", row.split_factor)  # of the prices before that day
    return found


def _priced(value: float | None, ratio: float) -> float | None:
    return None if value is None or value <= 0 else value / ratio


def _traded(value: float | None, ratio: float) -> float | None:
    return None if value is None or value < 0 else value * ratio


class Tiingo:
    """Daily history, a request a symbol."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._keys = Keys(NAME, KEYS, surroundings)
        headers: Mapping[str, str] = {"Accept": "application/json"}
        self._http = Http(NAME, surroundings, headers, hide=self._keys.hide)

    def offers_bars(self, instrument: Instrument) -> bool:
        """Funds and shares; indexes and futures it does not have."""
        return instrument.kind is Kind.ETF and instrument.symbol.isascii() and instrument.symbol.isalnum()

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Daily bars from `since`, else all there are."""
        symbol = instrument.symbol
        if not self.offers_bars(instrument):
            raise UnknownSymbol(f"Tiingo has no history of {symbol}")
        key = await self._keys.get()
        asked = {"startDate": (since or _FIRST).isoformat(), "format": "json"}
        path = f"/tiingo/daily/{quoted(symbol.lower())}/prices"
        try:
            body = await self._http.get(path, asked, most=LARGE, headers={"Authorization": f"Token {key.values[0]}"})
        except UnknownSymbol as fault:
            raise UnknownSymbol(f"Tiingo does not know {symbol}", body=fault.body) from fault
        except Refused as fault:
            self._keys.forget()
            raise Refused(f"Tiingo does not take the key from {key.where}; {fault}", pause_s=fault.pause_s) from None
        return await decode.apart(body, lambda: parse(body, symbol, now))

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://api.tiingo.com",
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=20.0,
        max_per_hour=50,
        burst=5,
    ),
    Tiingo,
    terms="Tiingo's data are for personal use under its terms; a free key gets 50 requests an hour and 1,000 a day.",
    keys=KEYS,
)
