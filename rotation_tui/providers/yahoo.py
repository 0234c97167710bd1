"""Yahoo Finance: quotes of 20 symbols in one request, and daily history, without a key.

Quotes come from the spark of v7. Should v7 disappear, the flat spark of v8 does, which knows less: no day's
high, no prices outside regular hours. Yahoo turns away clients that do not call themselves Mozilla.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote as quoted

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers import yahoo_bars, yahoo_quotes
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderFault,
    ProviderPart,
    QuoteReply,
    SeriesReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.http import Http
from rotation_tui.providers.yahoo_wire import SparkParts, spark_parts, wire_symbol

MOST_SYMBOLS = 20
"""Symbols in one spark; 21 are answered with an error."""

_V7, _V8 = "/v7/finance/spark", "/v8/finance/spark"
_TRY_V7_AGAIN = timedelta(hours=6)
_SPARE_V8 = timedelta(hours=1)


class Yahoo:
    """A running Yahoo feed; every request goes through `http`."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._v8_until: datetime | None = None
        self._v8_not_before: datetime | None = None

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Anything may be asked for; what Yahoo does not carry comes back as missing."""
        return "," not in instrument.symbol  # it separates symbols on the wire

    def offers_bars(self, instrument: Instrument) -> bool:
        """Anything may be asked for."""
        return self.offers_quotes(instrument)

    def offers_series(self, series_id: str) -> bool:  # noqa: ARG002
        """Yahoo has no macro series."""
        return False

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Quotes of all instruments, 20 a request.

        A request that fails leaves its symbols missing; the first fault is raised where none succeeded, and
        BadReply or UnknownSymbol where no symbol at all was usable.
        """
        unique = list(dict.fromkeys(instruments))
        chunks = [unique[i : i + MOST_SYMBOLS] for i in range(0, len(unique), MOST_SYMBOLS)]
        replies: list[QuoteReply] = []
        first_fault: ProviderFault | None = None
        for chunk in chunks:
            try:
                replies.append(await self._spark(chunk, now))
            except ProviderFault as fault:
                first_fault = first_fault or fault
                replies.append(QuoteReply((), {i.symbol: str(fault) for i in chunk}))
        quotes = tuple(quote for reply in replies for quote in reply.quotes)
        if first_fault is not None and not quotes:
            raise first_fault
        return QuoteReply(quotes, {symbol: why for reply in replies for symbol, why in reply.missing.items()})

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Daily bars from `since`, else from 1970 on: PRICE, and TOTAL too for funds.

        The range is always given as two moments: `range=max` may be answered with months.
        """
        begin = datetime.combine(since, time(), UTC) if since else datetime.fromtimestamp(0, UTC)
        params: dict[str, str | int] = {
            "interval": "1d",
            "period1": int(begin.timestamp()),
            "period2": int((now + timedelta(days=1)).timestamp()),
            "events": "div,splits,capitalGains",
            "includePrePost": "false",
        }
        path = f"/v8/finance/chart/{quoted(wire_symbol(instrument), safe='=')}"
        try:
            body = await self._http.get(path, params)
        except UnknownSymbol as fault:
            raise UnknownSymbol(f"Yahoo does not know {instrument.symbol}", body=fault.body) from fault
        return yahoo_bars.bars(instrument, body, since, now)

    async def series(
        self,
        series_ids: Sequence[str],
        since: date | None,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> SeriesReply:
        """None: every series is missing."""
        return SeriesReply((), dict.fromkeys(series_ids, "Yahoo has no macro series"))

    def requests_last_hour(self) -> int:
        """Requests that count against Yahoo's hourly budget."""
        return self._http.requests_last_hour()

    async def close(self) -> None:
        """Give back connections."""
        await self._http.close()

    async def _spark(self, chunk: list[Instrument], now: datetime) -> QuoteReply:
        if self._v8_until is not None and now < self._v8_until:
            return _read(await self._ask(_V8, chunk), chunk, now)
        try:
            parts = await self._ask(_V7, chunk)
        except (UnknownSymbol, BadReply) as fault:
            pausing = fault.pause_s is not None  # a web page: nothing may be sent for a while
            if pausing or (self._v8_not_before is not None and now < self._v8_not_before):
                raise
            try:
                reply = _read(await self._ask(_V8, chunk), chunk, now)
            except ProviderFault:
                self._v8_not_before = now + _SPARE_V8
                raise fault from None
            self._v8_until = now + _TRY_V7_AGAIN
            return reply
        return _read(parts, chunk, now)

    async def _ask(self, path: str, chunk: list[Instrument]) -> SparkParts:
        symbols = ",".join(wire_symbol(i) for i in chunk)
        params = {"symbols": symbols, "range": "1d", "interval": "5m", "includePrePost": "true"}
        return spark_parts(await self._http.get(path, params))


def _read(parts: SparkParts, chunk: list[Instrument], now: datetime) -> QuoteReply:
    quotes = []
    missing: dict[str, str] = {}
    fault: type[ProviderFault] = UnknownSymbol
    for instrument in chunk:
        found = parts.get(wire_symbol(instrument))
        if found is None:
            missing[instrument.symbol] = "Yahoo does not carry it"
            continue
        try:
            quotes.append(yahoo_quotes.quote(instrument, *found, now))
        except BadReply as bad:
            fault = BadReply
            missing[instrument.symbol] = f"unusable: {bad}"
    if not quotes:
        symbol, why = next(iter(missing.items()))
        raise fault(f"no quote of {len(chunk)}; {symbol}: {why}")
    return QuoteReply(tuple(quotes), missing)


def build(surroundings: Surroundings) -> Yahoo:
    """A Yahoo feed on the network."""
    return Yahoo(Http("yahoo", surroundings, {"Accept": "application/json"}))


PROVIDER = ProviderPart(
    name="yahoo",
    endpoint=Endpoint(
        base_url="https://query1.finance.yahoo.com",
        user_agent="Mozilla/5.0 (compatible; rotation-tui)",
        timeout_s=10,
        max_per_hour=300,
        rate_per_s=1.0,
        burst=3,
    ),
    build=build,
    terms="Yahoo's data are for personal use under Yahoo's terms.",
)
