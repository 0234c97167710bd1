"""What Alpaca sends: snapshots of many symbols, and the messages of its stream."""

import functools
import operator
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from rotation_tui.domain.quote import Quote
from rotation_tui.domain.refusal import RefusedValueError, plain_text
from rotation_tui.providers import decode
from rotation_tui.providers.base import BadReply, QuoteReply, Untroubled
from rotation_tui.providers.prints import OutOfHours, Print, Prints, session_of

NO_PRICE = frozenset("BCHNPRTUVWZ47")
"""Conditions of a trade whose price is not the market's of that moment: bunched or averaged (B, W), for cash, the next
day or a seller's day (C, N, R), by another price or contingent (H, P, V, 4, 7), out of sequence or hours (Z, T, U).
"""


class Trade(Struct, tag_field="T", tag="t", gc=False):
    """A trade of the stream; `i` is its number, `c` its conditions."""

    S: str
    p: float
    t: datetime
    i: int | str | None = None
    c: list[str] | None = None


class Correction(Struct, tag_field="T", tag="c", gc=False):
    """A trade that was at another price: `oi` becomes `ci`."""

    S: str
    oi: int | str
    ci: int | str
    cp: float
    cc: list[str] | None = None


class Cancel(Struct, tag_field="T", tag="x", gc=False):
    """A trade that was none."""

    S: str
    i: int | str


class Success(Struct, tag_field="T", tag="success", gc=False):
    """Connected, or authenticated."""

    msg: str = ""


class Subscribed(Struct, tag_field="T", tag="subscription", gc=False):
    """What is listened to by now."""

    trades: list[str] = []


class Complaint(Struct, tag_field="T", tag="error", gc=False):
    """What is wrong with us, or with them."""

    code: int = 0
    msg: str = ""


_OTHERS = tuple(msgspec.defstruct(f"Other_{tag}", (), tag_field="T", tag=tag) for tag in "qbudsl")
"""Quotes, bars, halts: nothing that is asked for."""

Message = Trade | Correction | Cancel | Success | Subscribed | Complaint
_ANY: Any = functools.reduce(operator.or_, _OTHERS, Message)
_FRAME: msgspec.json.Decoder[list[object]] = msgspec.json.Decoder(list[_ANY])
_ONE: msgspec.json.Decoder[object] = msgspec.json.Decoder(_ANY)
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])


def read(text: str) -> list[object]:
    """The messages of a frame, without those that cannot be read; BadReply where none of it can be."""
    try:
        return _FRAME.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        parts = _PARTS.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadReply(f"a frame that cannot be read: {plain_text(str(error), 80)}") from None
    found: list[object] = []
    for part in parts:
        try:
            found.append(_ONE.decode(part))
        except (msgspec.DecodeError, RecursionError) as error:
            first = plain_text(str(error), 80)
            continue
    if parts and not found:
        raise BadReply(f"a message that cannot be read: {first}")
    return found


def fold(message: object, prints: Prints) -> None:
    """Put what a message says of trades to what is known of them."""
    kind = type(message)
    if kind is Trade:
        assert isinstance(message, Trade)
        if message.c is None or NO_PRICE.isdisjoint(message.c):
            if message.t.tzinfo is None:
                prints.remark(f"{message.S}: a trade without a time zone")
            else:
                prints.take(message.S, message.t, message.p, message.i)
    elif kind is Cancel:
        assert isinstance(message, Cancel)
        prints.cancel(message.S, message.i)
    elif kind is Correction:
        assert isinstance(message, Correction)
        if message.cc is None or NO_PRICE.isdisjoint(message.cc):
            prints.correct(message.S, message.oi, message.cp, message.ci)
        else:
            prints.cancel(message.S, message.oi)


class _LatestTrade(Struct):
    t: datetime
    p: float
    c: list[str] | None = None
    i: int | str | None = None


class _DailyBar(Struct):
    t: datetime
    c: float


class _Snapshot(Struct, rename="camel"):
    latest_trade: _LatestTrade | None = None
    daily_bar: _DailyBar | None = None
    prev_daily_bar: _DailyBar | None = None


@decode.reader
def snapshots(
    body: bytes, symbols: Sequence[str], source: str, delay_s: int, now: datetime
) -> tuple[QuoteReply, Mapping[str, Print]]:
    """The last regular price of each symbol, for each that has none why, and the trades that the prices are of."""
    parts = decode.json(body, dict[str, msgspec.Raw])
    quotes: list[Quote] = []
    trades: dict[str, Print] = {}
    missing: dict[str, str] = {}
    for symbol in symbols:
        if symbol not in parts:
            missing[symbol] = f"Alpaca does not carry {symbol}"
            continue
        try:
            told: _Snapshot | None = decode.convert(parts[symbol], _Snapshot | None)  # type: ignore[arg-type]
            quotes.append(_quote(told, symbol, source, delay_s, now))
            if told is not None and told.latest_trade is not None and told.latest_trade.i is not None:
                trades[symbol] = Print(told.latest_trade.t, told.latest_trade.p, told.latest_trade.i)
        except OutOfHours as hour:
            missing[symbol] = Untroubled(str(hour))
        except (BadReply, ValueError) as fault:
            missing[symbol] = f"{symbol}: {plain_text(str(fault))}"
    return QuoteReply(tuple(quotes), missing), trades


def _quote(told: _Snapshot | None, symbol: str, source: str, delay_s: int, now: datetime) -> Quote:
    last = None if told is None else told.latest_trade
    if told is None or last is None:
        raise RefusedValueError("no trade is known")
    if last.t.tzinfo is None:
        raise RefusedValueError("the time of its last trade has no zone")
    if last.c is not None and not NO_PRICE.isdisjoint(last.c):
        raise RefusedValueError("its last trade was not at the market's price")
    session = session_of(last.t, now)
    # closes of one exchange are no official ones: good for a plausibility check, and no base of a change
    day, before = told.daily_bar, told.prev_daily_bar
    known = day is not None and before is not None and before.t < day.t and day.t.date() == session
    return Quote(symbol, last.p, last.t, session, source, delay_s, before.c if known and before else None)
