"""Yahoo Finance: quotes or recent closes of 20 symbols in one request, and daily history, without a key.

Quotes come from the spark of v7. Should v7 disappear, the flat spark of v8 does, which knows less: no day's
high, no prices outside regular hours, and nothing of the zone that its days are of, so that there are no outlines.
Yahoo turns away clients that do not call themselves Mozilla.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote as quoted

from rotation_tui.domain.bars import Bars
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.minutes import Minutes
from rotation_tui.domain.quote import Quote
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    OutlineReply,
    ProviderFault,
    ProviderPart,
    QuoteReply,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.http import LARGE, SMALL, Http
from rotation_tui.providers.rounds import in_turn
from rotation_tui.providers.yahoo import bars as yahoo_bars
from rotation_tui.providers.yahoo import minutes as yahoo_minutes
from rotation_tui.providers.yahoo import quotes as yahoo_quotes
from rotation_tui.providers.yahoo.minutes import INTERVALS
from rotation_tui.providers.yahoo.wire import CONTRADICTORY, SparkParts, is_envelope, spark_parts, wire_symbol

if TYPE_CHECKING:
    import httpx

NAME = "yahoo"
MOST_SYMBOLS = 20
"""Symbols in one spark; 21 are answered with an error."""

_GONE = frozenset({"RVX"})  # since autumn 2026
_INLINE = 512 * 1024  # bytes of a spark that are read on the loop: 20 symbols of a day have 150 kB, 2 ms
_V7, _V8 = "/v7/finance/spark", "/v8/finance/spark"
_TODAY = MappingProxyType({"range": "1d", "interval": "5m", "includePrePost": "true"})
_OUTLINED = "5y"
"""Of the spans that Yahoo knows, the first that gives checks nearly all rows that they read."""
_TRY_V7_AGAIN = timedelta(hours=6)
_SPARE_V8 = timedelta(hours=1)


class Yahoo:
    """A running Yahoo feed; every request goes through `http`."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._v8_until: datetime | None = None
        self._v8_not_before: datetime | None = None
        self._v7_turned_away = False

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Almost anything may be asked for; what Yahoo does not carry comes back as missing."""
        return "," not in instrument.symbol and instrument.symbol not in _GONE  # a comma separates symbols on the wire

    def offers_bars(self, instrument: Instrument) -> bool:
        return self.offers_quotes(instrument)

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Quotes of all instruments, 20 a request.

        A request that fails leaves its symbols missing; the first fault is raised where none succeeded, and
        BadReply or UnknownSymbol where no symbol at all was usable.
        """
        unique = [i for i in dict.fromkeys(instruments) if self.offers_quotes(i)]
        absent = {i.symbol: f"Yahoo does not quote {i.symbol}" for i in instruments if i not in unique}
        chunks = [unique[i : i + MOST_SYMBOLS] for i in range(0, len(unique), MOST_SYMBOLS)]

        async def ask(chunk: list[Instrument]) -> tuple[Iterable[Quote], Mapping[str, str]]:
            reply = await self._spark(chunk, now)
            return reply.quotes, reply.missing

        quotes, missing = await in_turn(chunks, lambda chunk: [i.symbol for i in chunk], ask)
        return QuoteReply(tuple(quotes), absent | missing)

    async def bars(self, instrument: Instrument, since: date | None, now: datetime) -> tuple[Bars, ...]:
        """Daily bars from `since`, else from 1970 on: PRICE, and TOTAL too for funds.

        The range is always given as two moments: `range=max` may be answered with months.
        """
        if not self.offers_bars(instrument):
            raise UnknownSymbol(f"Yahoo has no history of {instrument.symbol}")
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
            body = await self._http.get(path, params, most=LARGE)
        except UnknownSymbol as fault:
            raise UnknownSymbol(f"Yahoo does not know {instrument.symbol}", body=fault.body) from fault
        return await decode.apart(body, lambda: yahoo_bars.bars(instrument, body, since, now))

    async def outlines(self, instruments: Sequence[Instrument], now: datetime) -> OutlineReply:
        """Daily closes of five years, 20 symbols a request; faults as those of quotes."""
        unique = [i for i in dict.fromkeys(instruments) if self.offers_bars(i)]
        absent = {i.symbol: f"Yahoo has no history of {i.symbol}" for i in instruments if i not in unique}
        chunks = [unique[i : i + MOST_SYMBOLS] for i in range(0, len(unique), MOST_SYMBOLS)]

        async def ask(chunk: list[Instrument]) -> tuple[Iterable[Bars], Mapping[str, str]]:
            body, parts = await self._ask(_V7, chunk, {"range": _OUTLINED, "interval": "1d"}, LARGE)
            return await decode.apart(body, lambda: yahoo_bars.outlines(parts, chunk, now))

        if self._v8_until is not None and now < self._v8_until:
            chunks = []
        found, missing = await in_turn(chunks, lambda chunk: [i.symbol for i in chunk], ask)
        left = {i.symbol: "Yahoo's v7 spark is gone" for i in unique} if not chunks else {}
        return OutlineReply(tuple(found), absent | left | missing)

    def offers_minutes(self, instrument: Instrument, days: int) -> bool:
        """Of all that is no future: those trade through the night, and the rows of a session would be another's."""
        return days in INTERVALS and instrument.kind is not Kind.FUTURE and self.offers_quotes(instrument)

    async def minutes(self, instrument: Instrument, days: int, now: datetime) -> Minutes:
        """Prices of the newest sessions, with those outside regular hours for funds and shares."""
        if not self.offers_minutes(instrument, days):
            raise UnknownSymbol(f"Yahoo has no minutes of {instrument.symbol}")
        params: dict[str, str | int] = {"interval": INTERVALS[days], "range": f"{days}d", "includePrePost": "true"}
        path = f"/v8/finance/chart/{quoted(wire_symbol(instrument), safe='=')}"
        try:
            body = await self._http.get(path, params, most=SMALL)
        except UnknownSymbol as fault:
            raise UnknownSymbol(f"Yahoo does not know {instrument.symbol}", body=fault.body) from fault
        return await decode.apart(body, lambda: yahoo_minutes.minutes(instrument, body, days, now), _INLINE)

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    async def _spark(self, chunk: list[Instrument], now: datetime) -> QuoteReply:
        if self._v8_until is not None and now < self._v8_until:
            return await self._reply(_V8, chunk, now)
        if self._v7_turned_away:  # it may be gone, or all of Yahoo was out of sorts: v8 tells
            self._v7_turned_away = False
            reply = await self._reply(_V8, chunk, now)
            self._v8_until = now + _SPARE_V8
            return reply
        try:
            body, parts = await self._ask(_V7, chunk)
        except (UnknownSymbol, BadReply) as fault:
            if fault.pause_s is not None:  # nothing may be sent for a while
                self._v7_turned_away = True
                raise
            if self._v8_not_before is not None and now < self._v8_not_before:
                raise
            try:
                reply = await self._reply(_V8, chunk, now)
            except ProviderFault:
                self._v8_not_before = now + _SPARE_V8
                raise fault from None
            self._v8_until = now + _TRY_V7_AGAIN
            return reply
        return await decode.apart(body, lambda: _read(parts, chunk, now), _INLINE)

    async def _reply(self, path: str, chunk: list[Instrument], now: datetime) -> QuoteReply:
        body, parts = await self._ask(path, chunk)
        return await decode.apart(body, lambda: _read(parts, chunk, now), _INLINE)

    async def _ask(
        self, path: str, chunk: list[Instrument], rows: Mapping[str, str] = _TODAY, most: int = SMALL
    ) -> tuple[bytes, SparkParts]:
        body = await self._http.get(path, {"symbols": ",".join(map(wire_symbol, chunk)), **rows}, most=most)
        return body, await decode.apart(body, lambda: spark_parts(body), _INLINE)


def _read(parts: SparkParts, chunk: list[Instrument], now: datetime) -> QuoteReply:
    quotes = []
    missing: dict[str, str] = {}
    fault: type[ProviderFault] = UnknownSymbol
    for instrument in chunk:
        found = parts.get(wire_symbol(instrument))
        if found is None:
            missing[instrument.symbol] = "Yahoo does not carry it"
            continue
        if found is CONTRADICTORY:
            fault = BadReply
            missing[instrument.symbol] = decode.TWO_QUOTES
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


def _is_absent(status: int, body: bytes) -> bool:
    """Whether Yahoo says in its own words that something is not there; in a burst it says 404 to anything."""
    return status == 404 and is_envelope(body)


def door(surroundings: Surroundings, transport: "httpx.AsyncBaseTransport | None" = None) -> Http:
    """The way to Yahoo; `transport` stands in for the network in tests."""
    return Http(NAME, surroundings, {"Accept": "application/json"}, absent=_is_absent, transport=transport)


def build(surroundings: Surroundings) -> Yahoo:
    """Yahoo, which is listened to as well where its table says `stream`."""
    if surroundings.options.get("stream"):
        from rotation_tui.providers.yahoo.stream import StreamingYahoo

        return StreamingYahoo(surroundings)
    return Yahoo(door(surroundings))


PROVIDER = ProviderPart(
    name=NAME,
    endpoint=Endpoint(
        base_url="https://query1.finance.yahoo.com",
        user_agent="Mozilla/5.0 (compatible; rotation-tui)",
        timeout_s=10,
        max_per_hour=300,
        rate_per_s=1.0,
        burst=3,
        stream_url="wss://streamer.finance.yahoo.com",
    ),
    build=build,
    naming="it turns away names that do not begin with Mozilla/5.0, and often the long ones of browsers",
    terms="Yahoo's data are for personal use under Yahoo's terms.",
)
