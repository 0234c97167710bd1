"""CNBC's quote service: last prices of many symbols in one request; a last resort that the config has to name.

It is made for CNBC's own pages and documented nowhere. Its change of the day can contradict its last price, so
nothing but the last price and its time is read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from rotation_tui import __version__
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import RefusedValueError, plain_text
from rotation_tui.domain.session import EASTERN, CalendarRange, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderPart,
    QuoteReply,
    Surroundings,
)
from rotation_tui.providers.http import SMALL, Http
from rotation_tui.providers.rounds import in_turn

NAME = "cnbc"
DELAY_S = 900
"""Seconds by which prices count as late: the service does not say, so it is believed as little as can be."""

_WIRE = {"RUT": ".RUT", "SPX": ".SPX", "NDX": ".NDX", "DJI": ".DJI", "VIX": ".VIX"}
_PATH = "/restQuote/symbolType/symbol"
_ASKED = {"requestMethod": "itv", "noform": "1", "partnerId": "2", "fund": "1", "exthrs": "0", "output": "json"}
_MOST_SYMBOLS = 25
_CLOCK_ERROR = timedelta(minutes=5)
_LAST = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")


class _CnbcQuote(msgspec.Struct):
    """A quote as sent; a symbol that is not carried has a code other than 0, or no last price."""

    symbol: str
    code: object = 0
    last: str | None = None
    last_time: str | None = None


class _Result(msgspec.Struct, rename="pascal"):
    formatted_quote: msgspec.Raw


class _Reply(msgspec.Struct, rename="pascal"):
    formatted_quote_result: _Result


@decode.reader
def parse_quotes(body: bytes, wanted: Sequence[Instrument], now: datetime) -> tuple[dict[str, Quote], dict[str, str]]:
    """The wanted quotes in a reply by symbol, and for each that is not there or not usable, why."""
    sent = decode.json(body, _Reply).formatted_quote_result.formatted_quote
    parts = decode.convert(sent, list[msgspec.Raw]) if bytes(sent).startswith(b"[") else [sent]
    read = (record for part in parts if (record := _record(part)) is not None)
    records, twice = decode.told_once((record.symbol, record) for record in read)
    quotes: dict[str, Quote] = {}
    missing: dict[str, str] = {}
    for instrument in wanted:
        if _wire(instrument) in twice:
            missing[instrument.symbol] = decode.TWO_QUOTES
            continue
        record = records.get(_wire(instrument))
        if record is None or str(record.code) != "0":
            missing[instrument.symbol] = f"CNBC does not carry {instrument.symbol}"
            continue
        try:
            quotes[instrument.symbol] = _quote(record, instrument.symbol, now)
        except (ValueError, CalendarRange) as fault:
            missing[instrument.symbol] = f"{instrument.symbol}: {plain_text(str(fault))}"
    return quotes, missing


def _record(part: msgspec.Raw) -> _CnbcQuote | None:
    try:
        return decode.convert(part, _CnbcQuote)
    except BadReply:
        return None


def _quote(record: _CnbcQuote, symbol: str, now: datetime) -> Quote:
    if record.last is None or _LAST.fullmatch(record.last) is None:
        raise RefusedValueError(f'the last price is "{plain_text(record.last or "", 20)}"')
    try:
        moment = decode.moment(record.last_time or "")
    except ValueError:
        raise RefusedValueError("the time of the last price is not known") from None
    if moment.tzinfo is None:
        raise RefusedValueError("the time of the last price has no zone")
    local = moment.astimezone(EASTERN)
    if local > now + _CLOCK_ERROR:
        raise RefusedValueError(f"the last price would be of {local:%Y-%m-%d %H:%M}, which is yet to come")
    if not nyse().is_session(local.date()):
        raise RefusedValueError(f"the last price is of {local:%Y-%m-%d}, which is no session")
    price = decode.number(record.last.replace(",", ""))
    return Quote(symbol, price, local.astimezone(UTC), local.date(), NAME, DELAY_S)


def _wire(instrument: Instrument) -> str:
    return _WIRE.get(instrument.symbol, instrument.symbol)


class Cnbc:
    """The service as a source of last prices, 25 symbols a request."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._http = Http(NAME, surroundings, {"Accept": "application/json"})

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Large indexes, and funds."""
        return instrument.symbol in _WIRE or (instrument.kind is Kind.ETF and instrument.symbol.isalnum())

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Last prices of all that are given; raises the fault only where nothing is."""
        wanted = [i for i in dict.fromkeys(instruments) if self.offers_quotes(i)]
        missing = {i.symbol: f"CNBC does not quote {i.symbol}" for i in instruments if i not in wanted}
        groups = [wanted[start : start + _MOST_SYMBOLS] for start in range(0, len(wanted), _MOST_SYMBOLS)]

        async def ask(group: list[Instrument]) -> tuple[Iterable[Quote], Mapping[str, str]]:
            symbols = "|".join(_wire(i) for i in group)
            body = await self._http.get(_PATH, {"symbols": symbols, **_ASKED}, most=SMALL)
            quotes, lacking = await decode.apart(body, lambda: parse_quotes(body, group, now))
            return quotes.values(), lacking

        found, lacking = await in_turn(groups, lambda group: [i.symbol for i in group], ask)
        return QuoteReply(tuple(found), missing | lacking)


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://quote.cnbc.com/quote-html-webservice",
        user_agent=f"Mozilla/5.0 (compatible; rotation-tui/{__version__})",
        timeout_s=10.0,
        max_per_hour=120,
    ),
    Cnbc,
    terms="CNBC: made for its own pages and documented nowhere; for personal use at a low rate, as a last resort.",
    naming="it answers names that are no browser's with a page that says Access Denied",
)
