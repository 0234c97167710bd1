"""Alpaca: last trades of all funds and shares in one request, and as they happen by a stream; with a key of the user's.

A free key has the trades of IEX alone, about a fortieth of all: a fund that trades thinly may have none there for
hours, though it trades elsewhere. Indexes it has none.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import date, datetime

import msgspec

from rotation_tui import __version__
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import plain_text
from rotation_tui.domain.session import Phase, nyse
from rotation_tui.providers import decode
from rotation_tui.providers.alone import alone
from rotation_tui.providers.alpaca import wire
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderFault,
    ProviderPart,
    QuoteReply,
    Refused,
    ServerFault,
    Surroundings,
    Unreachable,
)
from rotation_tui.providers.http import SMALL, Http
from rotation_tui.providers.keys import Keys, Secret
from rotation_tui.providers.messages import Messages
from rotation_tui.providers.prints import Listening, Print, Prints
from rotation_tui.providers.socket import Socket

NAME = "alpaca"
KEYS = ("APCA_API_KEY_ID", "APCA_API_SECRET_KEY")
MOST_HEARD = 30
"""Symbols that a free key may listen to."""
_FEEDS = {"iex": ("alpaca IEX", 0), "sip": ("alpaca SIP", 0), "delayed_sip": ("alpaca SIP", 900)}
"""By what Alpaca calls them: the source's name, and by how many seconds it is late."""

_PING_S = 10.0
_QUIET_S = 120.0  # without a trade of many symbols, while the exchange is open
_MANY = 8


class Alpaca:
    """A running Alpaca feed of one tape."""

    def __init__(self, surroundings: Surroundings) -> None:
        options = surroundings.options
        self._feed: str = options.get("feed") or "iex"
        self._source, self._delay_s = _FEEDS[self._feed]
        self._most: int = options.get("stream_symbols") or MOST_HEARD
        self._state_folder = surroundings.state_folder
        self._polled: dict[str, Print] = {}
        self._remember: Callable[[str, Print], None] = _nobody
        self._keys = Keys(NAME, KEYS, surroundings)
        self._http = Http(NAME, surroundings, {"Accept": "application/json"}, hide=self._keys.hide)
        self._socket = Socket(NAME, surroundings, hide=self._keys.hide)
        assert surroundings.endpoint is not None
        self._timeout_s = surroundings.endpoint.timeout_s

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Funds and shares; indexes and futures it does not have."""
        return instrument.kind is Kind.ETF and instrument.symbol.isascii() and instrument.symbol.isalpha()

    offers_stream = offers_quotes

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Last regular prices of all instruments in one request."""
        wanted = [i.symbol for i in dict.fromkeys(instruments) if self.offers_quotes(i)]
        absent = {i.symbol: f"Alpaca does not have {i.symbol}" for i in instruments if i.symbol not in wanted}
        if not wanted:
            return QuoteReply((), absent)
        key = await self._keys.get()
        try:
            body = await self._http.get(
                "/v2/stocks/snapshots",
                {"symbols": ",".join(wanted), "feed": self._feed},
                most=SMALL,
                headers=dict(zip(("APCA-API-KEY-ID", "APCA-API-SECRET-KEY"), key.values, strict=True)),
            )
        except Refused as fault:
            self._keys.forget()
            raise Refused(f"Alpaca does not take the key from {key.where}; {fault}", pause_s=fault.pause_s) from None
        reply, trades = await decode.apart(body, lambda: wire.snapshots(body, wanted, self._source, self._delay_s, now))
        self._polled |= trades
        for symbol, trade in trades.items():
            self._remember(symbol, trade)
        return msgspec.structs.replace(reply, missing=absent | reply.missing)

    async def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        """Trades of the first symbols, as many as the key may listen to; those that are cancelled are taken back."""
        key = await self._keys.get()
        heard = [i.symbol for i in instruments if self.offers_stream(i)]
        symbols = heard[: self._most]

        def quiet_s() -> float | None:
            return _QUIET_S if len(symbols) >= _MANY and nyse().state(now()).phase is Phase.OPEN else None

        with alone(self._state_folder, NAME, key.values[0]):
            async with self._socket.open(f"/v2/{self._feed}", idle_s=quiet_s, ping_s=_PING_S) as messages:
                taken = await self._subscribed(messages, key, symbols)
                prints = Prints(taken, now)
                if len(taken) < len(heard):
                    prints.remark(f"listens to {len(taken)} of {len(heard)} symbols; the others are polled")
                listening = _Session(prints, self._keys)
                for symbol, trade in self._polled.items():
                    prints.remember(symbol, trade)
                self._remember = prints.remember
                async with aclosing(messages.folded(listening.fold)) as news:
                    async for _ in news:
                        if listening.fault is not None:
                            raise listening.fault
                        yield prints.told(self._quote)

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    def _quote(self, symbol: str, told: Print, session: date) -> Quote:
        return Quote(symbol, told.price, told.at, session, self._source, self._delay_s)

    async def _subscribed(self, messages: Messages, key: Secret, symbols: list[str]) -> list[str]:
        """Say who we are and what is wanted; the symbols that are listened to then."""
        await self._answered(messages, key, wire.Success)
        await messages.send(_text({"action": "auth", "key": key.values[0], "secret": key.values[1]}))
        await self._answered(messages, key, wire.Success)
        while True:
            await messages.send(_text({"action": "subscribe", "trades": symbols}))
            try:
                await self._answered(messages, key, wire.Subscribed)
            except _TooMany:
                if len(symbols) <= 1:
                    raise BadReply("Alpaca lets this key listen to no symbol", whole=True) from None
                symbols = symbols[: len(symbols) // 2]
            else:
                return symbols

    async def _answered(
        self, messages: Messages, key: Secret, kind: type[wire.Success] | type[wire.Subscribed]
    ) -> None:
        """Wait for an answer of a kind; what is told before it is a fault, or of nobody's interest yet."""
        try:
            async with asyncio.timeout(self._timeout_s):
                async for text in messages:
                    for message in wire.read(text):
                        if isinstance(message, kind):
                            return
                        if isinstance(message, wire.Complaint):
                            raise await self._fault(message, messages, key)
        except TimeoutError:
            raise Unreachable(f"Alpaca's stream gave no answer in {self._timeout_s:g} s") from None
        raise ServerFault("Alpaca ended its stream before it began")

    async def _fault(self, failed: wire.Complaint, messages: Messages, key: Secret) -> ProviderFault:
        if failed.code in (401, 402, 404):
            self._keys.forget()
            return await messages.turned_away(
                f"Alpaca does not take the key from {key.where} ({failed.code}: {failed.msg})"
            )
        return _fault_of(failed, self._keys)


def _nobody(symbol: str, trade: Print) -> None:
    """Nobody listens yet."""


class _TooMany(BadReply):
    """More symbols than the key may listen to."""


class _Session(Listening):
    """A session of the stream."""

    def __init__(self, prints: Prints, keys: Keys) -> None:
        super().__init__(prints)
        self._keys = keys

    def take(self, text: str) -> None:
        for message in wire.read(text):
            if isinstance(message, wire.Complaint):
                self.fail(_fault_of(message, self._keys))
            else:
                wire.fold(message, self.prints)


def _fault_of(failed: wire.Complaint, keys: Keys) -> ProviderFault:
    told = plain_text(keys.hide(failed.msg.encode()).decode(errors="replace"), 80)
    said = f"({failed.code}: {told})"
    if failed.code == 405:
        return _TooMany(f"Alpaca lets this key listen to fewer symbols {said}")
    if failed.code == 406:
        return Refused(f"something else listens with this key, which may open one connection {said}", whole=False)
    if failed.code == 407:
        return ServerFault(f"Alpaca finds that we read too slowly {said}")
    if failed.code == 409:
        return Refused(f"this key's plan does not have this stream {said}", whole=False)
    return ServerFault(f"Alpaca's stream is in trouble {said}")


def _text(message: object) -> str:
    return msgspec.json.encode(message).decode()


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://data.alpaca.markets",
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=10.0,
        max_per_hour=3000,
        stream_url="wss://stream.data.alpaca.markets",
    ),
    Alpaca,
    terms="Alpaca's data are for personal use under its terms; a free key has the trades of IEX alone.",
    keys=KEYS,
)
