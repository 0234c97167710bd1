"""Yahoo's websocket: prices as they change, which is documented nowhere; listened to where the config says so.

A message is protobuf within base64 within JSON. Of its 33 fields five are read, by hand: of the libraries that are kept
up protobuf takes 14 ms and 3.7 MB, betterproto2 20 ms and 3.4 MB, pure-protobuf 10 ms and 1.1 MB, and all of them want
every field declared.
"""

import asyncio
import base64
import binascii
import struct
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime

import msgspec
from msgspec import Struct

from rotation_tui.domain.instrument import Instrument, Kind
from rotation_tui.domain.quote import Quote
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, QuoteReply, Surroundings
from rotation_tui.providers.messages import Messages
from rotation_tui.providers.prints import Listening, Print, Prints
from rotation_tui.providers.socket import Socket
from rotation_tui.providers.yahoo import NAME, Yahoo, door
from rotation_tui.providers.yahoo.quotes import DELAY_S
from rotation_tui.providers.yahoo.wire import SOURCE, wire_symbol

_AGAIN_S = 15.0
"""How often what is wanted is said again, by which Yahoo knows that somebody listens."""
_REGULAR = 1
_ID, _PRICE, _TIME, _HOURS, _DECIMALS = 1, 2, 3, 7, 27
"""Numbers of the fields that are read: symbol, price, milliseconds, hours of the market, decimals of the price."""
_VARINT, _EIGHT, _SIZED, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10
_MOST_DECIMALS = 6


class Pricing(Struct, frozen=True, gc=False):
    """What one message says, as far as it is read."""

    symbol: str
    price: float
    time_ms: int
    is_regular: bool
    decimals: int


class _Envelope(Struct, gc=False):
    message: str = ""
    type: str = ""


_ENVELOPE = msgspec.json.Decoder(_Envelope)


@decode.reader
def read(text: str) -> Pricing | None:
    """The price in a message, None where it is about something else; BadReply where it cannot be read."""
    try:
        envelope = _ENVELOPE.decode(text)
    except msgspec.DecodeError:
        raise BadReply("a message that is no JSON") from None
    if envelope.type != "pricing":
        return None
    try:
        return _pricing(_fields(base64.b64decode(envelope.message, validate=True)))
    except (binascii.Error, struct.error, UnicodeDecodeError, IndexError) as error:
        raise BadReply(f"a message that is cut or no price: {type(error).__name__}") from None


def _pricing(fields: Mapping[int, int | bytes]) -> Pricing:
    symbol, price, at = fields.get(_ID), fields.get(_PRICE), fields.get(_TIME)
    if not (isinstance(symbol, bytes) and isinstance(price, bytes) and isinstance(at, int)):
        raise BadReply("a message without symbol, price or time")
    hours, decimals = fields.get(_HOURS, 0), fields.get(_DECIMALS, 0)
    if not (isinstance(hours, int) and isinstance(decimals, int)):
        raise BadReply("a message with fields of other kinds")
    (value,) = struct.unpack("<f", price)
    # a price of 32 bits has seven digits; the source says how many decimals are meant
    told = _signed(decimals)
    return Pricing(symbol.decode(), value, _signed(at), hours == _REGULAR, told if 0 < told <= _MOST_DECIMALS else 2)


def _fields(body: bytes) -> dict[int, int | bytes]:
    """Fields of a protobuf message by number, undecoded; IndexError or struct.error where it is cut."""
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(body):
        tag, at = _varint(body, at)
        kind = tag & 7
        if kind == _VARINT:
            found[tag >> 3], at = _varint(body, at)
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(kind)
        if kind == _SIZED:
            size, at = _varint(body, at)
        if size is None or at + size > len(body):
            raise struct.error
        found[tag >> 3] = body[at : at + size]
        at += size
    return found


def _varint(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(_LONGEST_VARINT):
        byte = body[at + n]
        value |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:
            return value, at + n + 1
    raise struct.error


def _signed(zigzag: int) -> int:
    return (zigzag >> 1) ^ -(zigzag & 1)


class StreamingYahoo(Yahoo):
    """Yahoo that is polled and listened to."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(door(surroundings))
        self._socket = Socket(NAME, surroundings)

    def offers_stream(self, instrument: Instrument) -> bool:
        """All but futures, whose day is another."""
        return instrument.kind is not Kind.FUTURE and self.offers_quotes(instrument)

    async def stream(
        self, instruments: Sequence[Instrument], now: Callable[[], datetime]
    ) -> AsyncGenerator[QuoteReply, None]:
        """Prices within regular hours, as they change."""
        wanted = {wire_symbol(i): i for i in instruments if self.offers_stream(i)}
        prints = Prints(wanted, now)
        listening = _Listens(prints)

        def quote(symbol: str, told: Print, session: date) -> Quote:
            instrument = wanted[symbol]
            return Quote(instrument.symbol, told.price, told.at, session, SOURCE, DELAY_S[instrument.kind])

        async with self._socket.open("/?version=2", idle_s=None) as messages:
            wants = msgspec.json.encode({"subscribe": list(wanted)}).decode()
            await messages.send(wants)
            beating = asyncio.create_task(_say_again(messages, wants), name="heartbeat of yahoo's stream")
            try:
                async with aclosing(messages.folded(listening.fold)) as news:
                    async for _ in news:
                        if listening.fault is not None:
                            raise listening.fault
                        yield _by_our_names(prints.told(quote), wanted)
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)  # a lost connection is told by reading


def _by_our_names(reply: QuoteReply, wanted: Mapping[str, Instrument]) -> QuoteReply:
    missing = {wanted[symbol].symbol: why for symbol, why in reply.missing.items()}
    return msgspec.structs.replace(reply, missing=missing) if missing else reply


async def _say_again(messages: Messages, wants: str) -> None:
    while True:
        await asyncio.sleep(_AGAIN_S)
        await messages.send(wants)


class _Listens(Listening):
    def take(self, text: str) -> None:
        told = read(text)
        if told is not None and told.is_regular:
            at = datetime.fromtimestamp(told.time_ms / 1000, UTC)
            self.prints.take(told.symbol, at, round(told.price, told.decimals))
