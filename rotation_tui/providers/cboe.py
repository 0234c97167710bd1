"""Cboe's public files: quotes 15 minutes late of US indexes and funds, and their daily history."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from rotation_tui import __version__
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Quote
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderFault,
    ProviderPart,
    QuoteReply,
    Refused,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.cboe_replies import NAME, parse_chart, parse_history, parse_quote, parse_quotes
from rotation_tui.providers.http import Http

_QUOTED = frozenset({"RUT", "SPX", "NDX", "VIX", "RVX", "VIX3M", "DJX"})
_WITH_HISTORY = frozenset({"RUT", "SPX", "VIX"})  # NDX's file is refused by the server
_REMEMBERED = timedelta(seconds=120)
_INDEX_FILE = "/delayed_quotes/quotes/all_us_indices.json"


class Cboe:
    """The files as a source: all indexes are one request, each fund is one of its own.

    A fund's quote is good for two minutes before it is asked again: the data are 15 minutes late anyway,
    and the site wants few requests.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._http = Http(NAME, surroundings, {"Accept": "application/json, text/csv"})
        self._recent: dict[str, tuple[datetime, Quote]] = {}

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Indexes in its file of all indexes, and funds."""
        return instrument.symbol in _QUOTED or _is_fund(instrument)

    def offers_bars(self, instrument: Instrument) -> bool:
        """SPX, RUT (from 2020), VIX and funds; the newest day comes a day late."""
        return instrument.symbol in _WITH_HISTORY or _is_fund(instrument)

    def offers_series(self, series_id: str) -> bool:  # noqa: ARG002
        """None."""
        return False

    def requests_last_hour(self) -> int:
        """Requests of the last hour that count against the budget."""
        return self._http.requests_last_hour()

    async def close(self) -> None:
        """Give back connections."""
        await self._http.close()

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Quotes of all that are given; raises the fault only where nothing is.

        After a fault that concerns the site rather than one symbol, nothing more is asked.
        """
        symbols = [i.symbol for i in instruments if self.offers_quotes(i)]
        found: dict[str, Quote] = {}
        missing = {i.symbol: f"Cboe does not quote {i.symbol}" for i in instruments if i.symbol not in symbols}
        first: ProviderFault | None = None
        ended: str | None = None
        for asked in self._requests(symbols):
            if ended is not None:
                missing |= dict.fromkeys(asked, ended)
                continue
            try:
                quotes, lacking = await self._ask(asked, now)
            except UnknownSymbol as unknown:
                missing |= dict.fromkeys(asked, str(unknown))
            except ProviderFault as trouble:
                first = first or trouble
                ended = None if isinstance(trouble, BadReply) else str(trouble)
                missing |= dict.fromkeys(asked, str(trouble))
            else:
                found |= quotes
                missing |= lacking
        if first is not None and not found:
            raise first
        return QuoteReply(tuple(found.values()), missing)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Split-adjusted closes: of an index from its history file, of a fund from its chart."""
        symbol = instrument.symbol
        if not self.offers_bars(instrument):
            raise UnknownSymbol(f"Cboe gives no history of {symbol}")
        if symbol in _WITH_HISTORY:
            body = await self._get(f"/us_indices/daily_prices/{symbol}_History.csv", symbol)
            bars = await asyncio.to_thread(parse_history, body, symbol, now)
        else:
            body = await self._get(f"/delayed_quotes/charts/historical/{symbol}.json", symbol)
            bars = await asyncio.to_thread(parse_chart, body, symbol, now)
        return (bars if since is None else bars.since(since),)

    async def series(
        self,
        series_ids: Sequence[str],
        since: date | None,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> SeriesReply:
        """None are offered."""
        return SeriesReply((), dict.fromkeys(series_ids, "Cboe gives no macro series"))

    def _requests(self, symbols: Sequence[str]) -> list[tuple[str, ...]]:
        """What to ask together: all indexes first, then each fund."""
        indexes = tuple(symbol for symbol in symbols if symbol in _QUOTED)
        funds: list[tuple[str, ...]] = [(symbol,) for symbol in symbols if symbol not in _QUOTED]
        return [indexes, *funds] if indexes else funds

    async def _ask(self, symbols: tuple[str, ...], now: datetime) -> tuple[dict[str, Quote], dict[str, str]]:
        if symbols[0] in _QUOTED:
            return parse_quotes(await self._get(_INDEX_FILE, "all indexes"), symbols, now)
        (symbol,) = symbols
        asked_at, known = self._recent.get(symbol, (None, None))
        if known is not None and asked_at is not None and timedelta() <= now - asked_at < _REMEMBERED:
            return {symbol: known}, {}
        quote = parse_quote(await self._get(f"/delayed_quotes/quotes/{symbol}.json", symbol), symbol, now)
        self._recent[symbol] = now, quote
        return {symbol: quote}, {}

    async def _get(self, path: str, symbol: str) -> bytes:
        """A file; the server says "access denied" in XML where it has none."""
        try:
            return await self._http.get(path)
        except Refused as fault:
            if b"<Code>AccessDenied</Code>" in fault.body:
                raise UnknownSymbol(f"Cboe does not carry {symbol}") from None
            raise


def _is_fund(instrument: Instrument) -> bool:
    return instrument.kind is Kind.ETF and instrument.symbol.replace(".", "").isalnum()


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://cdn.cboe.com/api/global",
        user_agent=f"Mozilla/5.0 (compatible; rotation-tui/{__version__})",
        timeout_s=10.0,
        max_per_hour=1200,
        rate_per_s=2.0,
        burst=3,
    ),
    Cboe,
    terms="Cboe: quotes are delayed by 15 minutes; for personal use at a low rate, not for redistribution.",
)
