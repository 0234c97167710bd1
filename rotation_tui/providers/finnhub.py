"""Finnhub: last trades of US funds and shares as they happen, of 50 symbols with a free key; polled one at a time.

A trade is told within a second of its print. Ticks carry neither the day's change nor its high, and those of REST are
not read either: what is computed here is computed from closes.
"""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from urllib.parse import quote as quoted

import msgspec
from msgspec import Struct

from rotation_tui import __version__
from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers import decode
from rotation_tui.providers.alone import alone
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderPart,
    QuoteReply,
    Refused,
    ServerFault,
    Surroundings,
    UnknownSymbol,
    Untroubled,
)
from rotation_tui.providers.http import SMALL, Http
from rotation_tui.providers.keys import Keys, Secret
from rotation_tui.providers.prints import Listening, OutOfHours, Print, Prints, session_of
from rotation_tui.providers.rounds import in_turn
from rotation_tui.providers.socket import Socket

NAME = "finnhub"
KEYS = ("FINNHUB_API_KEY",)
MOST_HEARD = 50
"""Symbols that a free key may listen to, exactly."""
MOST_ASKED = 10
"""Symbols that a poll asks for, at 60 requests a minute; the others are left to the next feed until their turn."""
_TOO_MANY = "too many symbols"


class _Tick(Struct, gc=False):
    s: str
    p: float
    t: int


class _Said(Struct, gc=False):
    """Trades, a sign of life (ping) or what is wrong (error)."""

    type: str
    data: list[_Tick] | None = None
    msg: str = ""


class _RawMessage(Struct):
    type: str
    data: list[msgspec.Raw] = []


_MESSAGE = msgspec.json.Decoder(_Said)
_PARTS = msgspec.json.Decoder(_RawMessage)
_TICK = msgspec.json.Decoder(_Tick)


class _LastTold(Struct):
    """The last trade: its price, and its time in seconds; all 0 where the symbol is not carried."""

    c: float | None = None
    t: int | None = None


@decode.reader
def parse(body: bytes, symbol: str, now: datetime) -> Quote:
    """The last regular price; BadReply for what is none, because of OutOfHours for one of the evening."""
    told = decode.json(body, _LastTold)
    if not told.c and not told.t:
        raise UnknownSymbol(f"Finnhub does not carry {symbol}")
    if told.c is None or not told.t:
        raise BadReply("the time of its last trade is not told")
    at = datetime.fromtimestamp(told.t, UTC)
    return Quote(symbol, told.c, at, session_of(at, now), NAME)


class Finnhub:
    """A running Finnhub feed."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._most: int = surroundings.options.get("stream_symbols") or MOST_HEARD
        self._state_folder = surroundings.state_folder
        self._turns: dict[str, int] = {}
        self._keys = Keys(NAME, KEYS, surroundings)
        self._http = Http(NAME, surroundings, {"Accept": "application/json"}, hide=self._keys.hide)
        self._socket = Socket(NAME, surroundings, hide=self._keys.hide)

    def offers_quotes(self, instrument: Instrument) -> bool:
        """Funds and shares of US exchanges; indexes and futures it does not have."""
        return instrument.kind is Kind.ETF and instrument.symbol.isascii() and instrument.symbol.isalpha()

    offers_stream = offers_quotes

    async def quotes(self, instruments: Sequence[Instrument], now: datetime) -> QuoteReply:
        """Last regular prices, a request a symbol, of those whose turn it is."""
        wanted = [i.symbol for i in dict.fromkeys(instruments) if self.offers_quotes(i)]
        absent = {i.symbol: f"Finnhub does not have {i.symbol}" for i in instruments if i.symbol not in wanted}
        if not wanted:
            return QuoteReply((), absent)
        key = await self._keys.get()
        turn = sorted(wanted, key=lambda symbol: self._turns.get(symbol, 0))[:MOST_ASKED]
        now_is = max(self._turns.values(), default=0) + 1
        self._turns = {symbol: now_is if symbol in turn else self._turns.get(symbol, 0) for symbol in wanted}
        absent |= {
            symbol: Untroubled(f"asked for {MOST_ASKED} symbols a poll") for symbol in wanted if symbol not in turn
        }

        async def ask(symbol: str) -> tuple[Iterable[Quote], Mapping[str, str]]:
            body = await self._http.get(
                "/quote", {"symbol": symbol}, most=SMALL, headers={"X-Finnhub-Token": key.values[0]}
            )
            try:
                return (parse(body, symbol, now),), {}
            except BadReply as bad:
                if isinstance(bad.__cause__, OutOfHours):
                    return (), {symbol: Untroubled(str(bad))}
                raise

        try:
            found, missing = await in_turn(turn, lambda symbol: (symbol,), ask)
        except Refused as fault:
            raise self._not_taken(fault, key) from None
        return QuoteReply(tuple(found), absent | missing)

    async def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        """Trades of the first symbols, as many as the key may listen to."""
        key = await self._keys.get()
        heard = [i.symbol for i in instruments if self.offers_stream(i)]
        taken = heard[: self._most]
        prints = Prints(taken, now)
        if len(taken) < len(heard):
            prints.remark(f"listens to {len(taken)} of {len(heard)} symbols; the others are polled")
        listening = _Hearing(prints, self._keys)
        address = f"/?token={quoted(key.values[0], safe='')}"
        with alone(self._state_folder, NAME, key.values[0]):
            try:
                async with self._socket.open(address, idle_s=None) as messages:
                    for symbol in taken:
                        await messages.send(msgspec.json.encode({"type": "subscribe", "symbol": symbol}).decode())
                    async with aclosing(messages.folded(listening.fold)) as news:
                        async for _ in news:
                            if listening.refusal:
                                raise await messages.turned_away(listening.refusal)
                            if listening.fault is not None:
                                raise listening.fault
                            yield prints.told(_quote)
            except Refused as fault:
                raise self._not_taken(fault, key) from None

    def requests_last_hour(self) -> int:
        return self._http.requests_last_hour()

    async def close(self) -> None:
        await self._http.close()

    def _not_taken(self, fault: Refused, key: Secret) -> Refused:
        self._keys.forget()
        return Refused(f"Finnhub does not take the key from {key.where}; {fault}", pause_s=fault.pause_s)


def _quote(symbol: str, told: Print, session: date) -> Quote:
    return Quote(symbol, told.price, told.at, session, NAME)


class _Hearing(Listening):
    """A session of the stream; `refusal` is what it says of the key."""

    def __init__(self, prints: Prints, keys: Keys) -> None:
        super().__init__(prints)
        self.refusal = ""
        self._keys = keys

    def take(self, text: str) -> None:
        message = _read(text)
        if message.type == "trade":
            for tick in message.data or ():
                self.prints.take(tick.s, datetime.fromtimestamp(tick.t / 1000, UTC), tick.p)
        elif message.type == "error":
            self._complain(plain_text(self._keys.hide(message.msg.encode()).decode(errors="replace"), 80))

    def _complain(self, said: str) -> None:
        if _TOO_MANY in said.lower():  # it does not say which: what is never told is polled
            self.prints.remark("tells fewer symbols than were asked for; the others are polled")
        elif "key" in said.lower() or "auth" in said.lower():
            self.refusal = said
        else:
            self.fail(ServerFault(f"Finnhub's stream is in trouble: {said}"))


@decode.reader
def _read(text: str) -> _Said:
    """A message, without those of its trades that cannot be read."""
    try:
        return _MESSAGE.decode(text)
    except msgspec.DecodeError as error:
        unreadable = BadReply(f"a message that cannot be read: {plain_text(str(error), 80)}")
    try:
        told = _PARTS.decode(text)
    except msgspec.DecodeError:
        raise unreadable from None
    ticks = [tick for part in told.data if (tick := _tick(part)) is not None]
    if not ticks:
        raise unreadable
    return _Said(told.type, ticks)


def _tick(part: msgspec.Raw) -> _Tick | None:
    try:
        return _TICK.decode(part)
    except msgspec.DecodeError:
        return None


PROVIDER = ProviderPart(
    NAME,
    Endpoint(
        base_url="https://finnhub.io/api/v1",
        user_agent=f"rotation-tui/{__version__}",
        timeout_s=10.0,
        max_per_hour=1800,
        rate_per_s=0.9,
        burst=10,
        stream_url="wss://ws.finnhub.io",
    ),
    Finnhub,
    terms="Finnhub's data are for personal use: neither they nor what is derived from them may be passed on.",
    keys=KEYS,
)
