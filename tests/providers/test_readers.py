"""Every reader of replies: whatever comes in, a value of finite numbers or one of our faults comes out."""

import asyncio
import dataclasses
import json
import math
import random
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.providers import alpaca, cnbc, csv_table, decode, finnhub, fred, newyorkfed, tiingo, treasury
from rotation_tui.providers.alpaca import wire as alpaca_wire
from rotation_tui.providers.base import BadReply, ProviderFault, Surroundings
from rotation_tui.providers.cboe import replies as cboe_replies
from rotation_tui.providers.ishares.table import parse_holdings
from rotation_tui.providers.keys import Keys
from rotation_tui.providers.prints import Listening, Prints
from rotation_tui.providers.sec.wire import parse_frame, parse_registry
from rotation_tui.providers.yahoo import bars as yahoo_bars
from rotation_tui.providers.yahoo import quotes as yahoo_quotes
from rotation_tui.providers.yahoo import stream as yahoo_stream
from rotation_tui.providers.yahoo import wire as yahoo_wire
from tests.providers.local_source import Request
from tests.providers.paper_promises import FRAME
from tests.providers.replies import alpaca as alpaca_told
from tests.providers.replies import finnhub as finnhub_told
from tests.providers.replies import ishares, sec
from tests.providers.replies import tiingo as tiingo_told
from tests.providers.replies import yahoo as yahoo_told

NOW = datetime(2026, 11, 20, 18, 31, tzinfo=UTC)
PRINTED = int(datetime(2026, 11, 20, 18, 16, tzinfo=UTC).timestamp())
IWM = Instrument.of("IWM")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


META = {
    "symbol": "IWM", "currency": "USD", "instrumentType": "ETF", "priceHint": 2, "gmtoffset": -18000,
    "exchangeTimezoneName": "America/New_York", "regularMarketTime": PRINTED, "regularMarketPrice": 244.25,
    "regularMarketDayHigh": 245.0, "previousClose": 243.5, "fulldayPrice": 244.5, "dataGranularity": "1d",
    "currentTradingPeriod": {
        name: {"start": PRINTED - 9000 + 30_000 * n, "end": PRINTED + 9000 + 30_000 * n}
        for n, name in enumerate(("regular", "pre", "post"))
    },
}  # fmt: skip
COLUMNS = {
    "close": [240.5, None, 244.25],
    "high": [241.0, None, 245.0],
    "low": [239.0, 1.0, 243.0],
    "volume": [1, 2, 3],
}
CHART = {
    "meta": META,
    "timestamp": [PRINTED - 2 * 86400, PRINTED - 86400, PRINTED],
    "indicators": {"quote": [COLUMNS], "adjclose": [{"adjclose": [238.5, None, 244.25]}]},
    "events": {"splits": {"1": {"date": PRINTED - 86400, "numerator": 2, "denominator": 1}}},
}
FLAT = {"symbol": "IWM", "start": PRINTED - 9000, "end": PRINTED + 9000, "timestamp": [PRINTED], "close": [244.25]}
QUOTE = {
    "symbol": "^RUT", "current_price": 2400.5, "price_change": "-1.5", "high": 2410.0, "close": 0.0,
    "prev_day_close": 2402.0, "last_trade_time": "2026-11-20T13:16:00",
}  # fmt: skip
BAR = {"date": "2026-11-19", "close": "2402.0", "high": 2410.0, "low": "2390.5", "volume": 5}
RATE = {"effectiveDate": "2026-11-19", "type": "EFFR", "targetRateFrom": 3.75, "targetRateTo": 4.0}
LAST = {"symbol": "IWM", "code": 0, "last": "244.25", "last_time": "2026-11-20T13:16:00.000-0500"}


def _spark(body: bytes) -> object:
    parts = yahoo_wire.spark_parts(body)
    return [yahoo_quotes.quote(IWM, *part, NOW) for part in parts.values()]


_ASKED = Request("", {}, {})
_HOLDINGS = ishares.holdings(_ASKED, "IWM", (("AAPL", "60.00"), ("BRK B", "40.00")), date(2026, 11, 19)).encode()


def _folded(hearing: Callable[[Prints], Listening]) -> Callable[[bytes], object]:
    """What a stream tells after one message; a message is text, whatever its bytes were."""

    def fold(body: bytes) -> object:
        prints = Prints(["IWM", "^RUT"], lambda: NOW)
        listening = hearing(prints)
        listening.fold(body.decode(errors="replace"))
        if listening.fault is not None:
            raise listening.fault
        return prints.told(lambda symbol, told, session: Quote(symbol, told.price, told.at, session, "a stream"))

    return fold


_NO_KEYS = Keys("nobody", (), Surroundings(None, Path("unused")))
_PRINT = datetime.fromtimestamp(PRINTED, UTC)
_TRADES = ",".join((alpaca_told.trade("IWM", 244.25, _PRINT, 7), alpaca_told.trade("IWM", 244.5, _PRINT, 8)))
_TAKEN_BACK = (
    '{"T":"x","S":"IWM","i":8,"x":"V","p":1.5,"s":90,"a":"C","z":"B","t":"2026-11-20T18:16:09Z"},'
    '{"T":"c","S":"IWM","oi":7,"ci":9,"cp":244.75,"cc":["@"],"t":"2026-11-20T18:16:09Z"}'
)

READERS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "yahoo spark": (_json({"spark": {"result": [{"symbol": "IWM", "response": [CHART]}], "error": None}}), _spark),
    "yahoo flat": (_json({"IWM": FLAT}), _spark),
    "yahoo bars": (
        _json({"chart": {"result": [CHART], "error": None}}),
        lambda body: yahoo_bars.bars(IWM, body, None, NOW),
    ),
    "yahoo refusal": (_json({"chart": {"result": None, "error": {"code": "Not Found"}}}), yahoo_wire.is_envelope),
    "cboe quote": (_json({"data": QUOTE}), lambda body: cboe_replies.parse_quote(body, "RUT", NOW)),
    "cboe quotes": (_json({"data": [QUOTE, QUOTE]}), lambda body: cboe_replies.parse_quotes(body, ["RUT"], NOW)),
    "cboe chart": (_json({"symbol": "IWM", "data": [BAR]}), lambda body: cboe_replies.parse_chart(body, "IWM", NOW)),
    "cboe history": (
        b"DATE,OPEN,HIGH,LOW,CLOSE\n11/18/2026,15,16.5,14,14.3\n11/19/2026,15,0.0,14,14.95\n",
        lambda body: cboe_replies.parse_history(body, "VIX", NOW),
    ),
    "newyorkfed": (_json({"refRates": [RATE, RATE]}), lambda body: newyorkfed.parse_target(body, NOW)),
    "fred": (
        b"observation_date,DGS10,DGS2\n2026-11-18,4.69,\n2026-11-19,4.7,.\n",
        lambda body: fred.parse_observations(body, ["DGS10", "DGS2"], NOW),
    ),
    "treasury": (
        b'Date,"3 Mo","10 Yr"\n01/06/2026,4.10,4.50\n01/02/2026,4.11,4.52\n',
        lambda body: treasury.parse_curve(body, treasury.PAR, 2026),
    ),
    "cnbc": (
        _json({"FormattedQuoteResult": {"FormattedQuote": [LAST]}}),
        lambda body: cnbc.parse_quotes(body, [IWM], NOW),
    ),
    "ishares": (_HOLDINGS, lambda body: parse_holdings(body, "IWM", "ishares-russell-2000-etf", "ishares", NOW)),
    "sec frame": (
        sec.facts(_ASKED, FRAME, (("1750", "1.5", date(2026, 6, 30)), ("1800", "2", date(2026, 6, 27)))).encode(),
        lambda body: parse_frame(body, FRAME, "sec", NOW),
    ),
    "sec companies": (
        sec.registry(_ASKED, (("AAPL", "320193"), ("MSFT", "789019"))).encode(),
        lambda body: parse_registry(body, "sec", NOW),
    ),
    "alpaca snapshot": (
        alpaca_told.reply(_ASKED, "IWM", "244.25").encode(),
        lambda body: alpaca_wire.snapshots(body, ["IWM"], "alpaca IEX", 0, NOW),
    ),
    "alpaca stream": (
        f"[{_TRADES},{_TAKEN_BACK}]".encode(),
        _folded(lambda prints: alpaca._Session(prints, _NO_KEYS)),
    ),
    "finnhub": (
        finnhub_told.reply(Request("", {"symbol": "IWM"}, {}), "IWM", "244.25").encode(),
        lambda body: finnhub.parse(body, "IWM", NOW),
    ),
    "finnhub stream": (
        finnhub_told.trades(finnhub_told.tick("IWM", 244.25), finnhub_told.tick("IWM", 244.5)).encode(),
        _folded(lambda prints: finnhub._Hearing(prints, _NO_KEYS)),
    ),
    "yahoo stream": (yahoo_told.pricing("RUT", "2471.12").encode(), _folded(yahoo_stream._Listens)),
    "tiingo": (
        tiingo_told.told([(date(2026, 11, 18), "480.0", "1.0"), (date(2026, 11, 19), "240.0", "2.0")]).encode(),
        lambda body: tiingo.parse(body, "IWM", NOW),
    ),
    "closes of one's own": (
        b"date,IWM\n2026-11-18,241.5\n2026-11-19,243.5\n",
        lambda body: csv_table.parse_table(body, lambda title: title, prices=True),
    ),
}
"""By source and kind: a good reply, and what reads it."""

NASTY = (
    b"null", b"[]", b"{}", b"-1", b"0", b"1e999", b"-1e308", b"NaN", b"-Infinity", b"1_000", b'"1_000"',
    b"9" * 400, b'"' + b"9" * 400 + b'"', b"99999999999999999999", b"-99999999999", b'"12/31/99999999999999999999"',
    b"12/31/99999999999999999999", b'"0001-01-01T00:00:00+14:00"', b'"9999-12-31T23:59:59-14:00"', b"9999-12-31",
    "\u0663\u0661".encode(), b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b'"\\ud800"', b'"', b"\n", b"\r", b",", b"true",
    b'{"a":' * 1500, b"[" * 3000, b"1" * 140_000, b"\x1b]0;x\x07", b"^", b'"America/../etc"', b'"\\u0000"',
)  # fmt: skip


def _mutations(good: bytes, seed: int, count: int) -> Iterable[bytes]:
    """Replies that are nearly good: pieces swapped for others, cut, repeated, and bytes that changed."""
    chance = random.Random(seed)
    values = [found for found in range(len(good)) if good[found - 1 : found] in (b":", b",", b"[", b" ", b"\n")]
    for _ in range(count):
        body = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 4))):
            at = chance.choice(values) if values and chance.random() < 0.7 else chance.randrange(len(body) + 1)
            at = min(at, len(body))
            match chance.randrange(5):
                case 0:
                    end = next((n for n in range(at, len(body)) if body[n] in b',}]\n"'), len(body))
                    body[at:end] = chance.choice(NASTY)
                case 1:
                    body[at:at] = chance.choice(NASTY)
                case 2:
                    del body[at : at + chance.randrange(1, 12)]
                case 3:
                    body[at : at + 1] = chance.randbytes(1)
                case _:
                    body[at:at] = body[max(0, at - chance.randrange(1, 60)) : at]
        yield bytes(body)


def _numbers(value: object) -> Iterable[float]:
    """All numbers in a value."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _numbers(getattr(value, name))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _numbers(getattr(value, field.name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _numbers(inner)


def _read(reader: Callable[[bytes], object], body: bytes) -> object:
    said = "a value"
    try:
        return reader(body)
    except ProviderFault as fault:
        said = str(fault)
    assert said
    assert said.isprintable()
    return None


@pytest.mark.parametrize("name", READERS)
def test_a_good_reply_is_read(name: str) -> None:
    good, reader = READERS[name]
    assert _read(reader, good) is not None


@pytest.mark.parametrize("name", READERS)
def test_nothing_but_values_and_faults_comes_out(name: str) -> None:
    good, reader = READERS[name]
    for body in _mutations(good, seed=sum(name.encode()), count=1500):
        value = _read(reader, body)
        assert all(map(math.isfinite, _numbers(value))), body[:300]


@pytest.mark.parametrize("name", READERS)
def test_a_reply_cut_anywhere_is_a_value_or_a_fault(name: str) -> None:
    good, reader = READERS[name]
    for end in range(0, len(good), 7):
        _read(reader, good[:end])


@pytest.mark.parametrize("text", ["1_000", "\u0661", "nan", "inf", "-Infinity", "", " ", "0x10", "1e999", "1,000"])
def test_what_only_python_takes_for_a_number_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode.number(text)


@pytest.mark.parametrize(("text", "number"), [("1000", 1000.0), ("-0.5", -0.5), ("1.5e3", 1500.0), (" 2 ", 2.0)])
def test_numbers_are_read(text: str, number: float) -> None:
    assert decode.number(text) == number


@pytest.mark.parametrize("text", ["20261120", "2026-W47-5", "2026-11-31", "\u06622026-11-2", "2026-1-20", ""])
def test_what_only_python_takes_for_a_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode.iso_date(text)


@pytest.mark.parametrize("text", ["11/31/2026", "1_1/20/2026", "11/20/20261", "11/20", "\u0661/20/2026", "11-20-2026"])
def test_what_is_no_american_date_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode.american_date(text)


def test_numbers_that_are_none_do_not_fill_the_memory() -> None:
    """JSON does not know NaN; so many of them are no slip of a writer."""
    body = b"[" + b"NaN," * 200_000 + b"1]"
    with pytest.raises(BadReply):
        decode.json(body, list[float | None])
    assert decode.json(b"[NaN, -Infinity, 1]", list[float | None]) == [None, None, 1.0]


@pytest.mark.parametrize(("size", "aside"), [(decode.INLINE, False), (decode.INLINE + 1, True)])
def test_large_replies_are_read_off_the_loop(size: int, aside: bool) -> None:
    seen: list[threading.Thread] = []

    async def read() -> None:
        await decode.apart(b"x" * size, lambda: seen.append(threading.current_thread()))

    asyncio.run(read())
    assert (seen[0] is not threading.main_thread()) is aside
