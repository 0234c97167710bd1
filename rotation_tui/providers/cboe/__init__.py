"""Cboe's public files: quotes 15 minutes late of US indexes and funds, and their daily history."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.minutes import Minutes
from rotation_tui.domain.quote import Quote
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    Endpoint,
    ProviderPart,
    QuoteReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.cboe.replies import (
    NAME,
    parse_chart,
    parse_history,
    parse_minutes,
    parse_quote,
    parse_quotes,
)
from rotation_tui.providers.http import LARGE, SMALL, Http, not_found
from rotation_tui.providers.rounds import in_turn

_QUOTED = frozenset({"RUT", "SPX", "NDX", "VIX", "RVX", "VIX3M", "DJX"})
_WITH_HISTORY = _QUOTED - {"NDX"}  # its file is refused by the server
_REMEMBERED = timedelta(seconds=120)
_INDEX_FILE = "/delayed_quotes/quotes/all_us_indices.json"
_LOOKED_FOR_AGAIN = timedelta(hours=6)

Group = str | tuple[str, ...]
"""What one request is for: indexes together, or one symbol."""


class Cboe:
    """The files as a source: all indexes are one request, each fund is one of its own.

    A quote from a file of its own is good for two minutes before it is asked again: the data are 15 minutes late
    anyway, and the site wants few requests. Where the file of all indexes is gone, each index has such a file.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._http = Http(NAME, surroundings, {"Accept": "application/json, text/csv"}, absent=_is_absent)
        self._recent: dict[str, tuple[datetime, Quote]] = {}
        self._no_index_file_until: datetime | None = None

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Indexes in its file of all indexes, and funds."""
        return instrument.symbol in _QUOTED or _is_fund(instrument)

    def offers_bars(self, instrument: Instrument) -> bool:
        """All quoted indexes but NDX (RUT from 2020), and funds; the newest day comes a day late."""
        return instrument.symbol in _WITH_HISTORY or _is_fund(instrument)

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Quotes of all that are given; raises the fault only where nothing is."""
        symbols = [i.symbol for i in instruments if self.offers_quotes(i)]
        missing = {i.symbol: f"Cboe does not quote {i.symbol}" for i in instruments if i.symbol not in symbols}
        found, lacking = await in_turn(self._groups(symbols, now), _names, lambda group: self._ask(group, now))
        return QuoteReply(tuple(found), missing | lacking)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Split-adjusted closes: of an index from its history file, of a fund from its chart."""
        symbol = instrument.symbol
        if not self.offers_bars(instrument):
            raise UnknownSymbol(f"Cboe gives no history of {symbol}")
        if symbol in _WITH_HISTORY:
            body = await self._get(f"/us_indices/daily_prices/{symbol}_History.csv", symbol, LARGE)
            bars = await asyncio.to_thread(parse_history, body, symbol, now)
        else:
            body = await self._get(f"/delayed_quotes/charts/historical/{symbol}.json", symbol, LARGE)
            bars = await asyncio.to_thread(parse_chart, body, symbol, now)
        return (bars if since is None else bars.since(since),)

    def offers_minutes(self, instrument: Instrument, days: int) -> bool:
        """Of the newest session alone."""
        return days == 1 and self.offers_quotes(instrument)

    async def minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        """Prices of each minute of the newest session, 15 minutes late."""
        symbol = instrument.symbol
        if not self.offers_minutes(instrument, days):
            raise UnknownSymbol(f"Cboe gives no minutes of {symbol}")
        name = f"_{symbol}" if symbol in _QUOTED else symbol
        body = await self._get(f"/delayed_quotes/charts/intraday/{name}.json", symbol, SMALL)
        return await decode.apart(body, lambda: parse_minutes(body, symbol, now))

    def _groups(self, symbols: Sequence[str], now: datetime) -> list[Group]:
        """What to ask for in turn: all indexes together as long as there is a file of them, then each fund."""
        if self._no_index_file_until is not None and now < self._no_index_file_until:
            return list(symbols)
        indexes = tuple(symbol for symbol in symbols if symbol in _QUOTED)
        funds = [symbol for symbol in symbols if symbol not in _QUOTED]
        return [indexes, *funds] if indexes else list(funds)

    async def _ask(self, group: Group, now: datetime) -> tuple[Iterable[Quote], Mapping[str, str]]:
        if isinstance(group, tuple):
            return await self._indexes(group, now)
        asked_at, known = self._recent.get(group, (None, None))
        if known is not None and asked_at is not None and timedelta() <= now - asked_at < _REMEMBERED:
            return [known], {}
        name = f"_{group}" if group in _QUOTED else group
        try:
            body = await self._get(f"/delayed_quotes/quotes/{name}.json", group, SMALL)
        except UnknownSymbol as unknown:
            return [], {group: str(unknown)}
        quote = await decode.apart(body, lambda: parse_quote(body, group, now))
        self._recent[group] = now, quote
        return [quote], {}

    async def _indexes(self, symbols: tuple[str, ...], now: datetime) -> tuple[Iterable[Quote], Mapping[str, str]]:
        """Quotes of the indexes from the file of all; where that is gone, from the file of each."""
        try:
            body = await self._get(_INDEX_FILE, "the file of all indexes", LARGE)
        except UnknownSymbol:
            self._no_index_file_until = now + _LOOKED_FOR_AGAIN
            return await in_turn(self._groups(symbols, now), _names, lambda group: self._ask(group, now))
        quotes, missing = await decode.apart(body, lambda: parse_quotes(body, symbols, now))
        return quotes.values(), missing

    async def _get(self, path: str, symbol: str, most: int) -> bytes:
        try:
            return await self._http.get(path, most=most)
        except UnknownSymbol:
            raise UnknownSymbol(f"Cboe does not carry {symbol}") from None


def _is_absent(status: int, body: bytes) -> bool:
    """Whether the server has no such file: it says "access denied" in XML then."""
    return not_found(status, body) or (status == 403 and b"<Code>AccessDenied</Code>" in body)


def _names(group: Group) -> tuple[str, ...]:
    return (group,) if isinstance(group, str) else group


def _is_fund(instrument: Instrument) -> bool:
    return instrument.kind is Kind.ETF and instrument.symbol.replace(".", "").isalnum()


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://cdn-api.cboe.com/api/global",
        user_agent=f"Mozilla/5.0 (compatible; rotation-tui/{__version__})",
        timeout_s=10.0,
        max_per_hour=1200,
        rate_per_s=2.0,
        burst=3,
    ),
    Cboe,
    terms="Cboe: quotes are delayed by 15 minutes; for personal use at a low rate, not for redistribution.",
)
