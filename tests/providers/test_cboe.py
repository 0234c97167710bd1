"""Cboe: what its files say, on a trading day, at night and when they make no sense."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import nyse
from rotation_tui.providers.base import BadReply, Refused, UnknownSymbol
from rotation_tui.providers.cboe import PROVIDER
from rotation_tui.providers.cboe.replies import parse_chart, parse_history, parse_quote, parse_quotes
from tests import shared_material
from tests.providers.local_source import Answer, Request, serving

SATURDAY = datetime(2026, 7, 25, 21, 25, tzinfo=UTC)
OPEN = datetime(2026, 11, 20, 18, 31, tzinfo=UTC)
DENIED = b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'


def told(quote: Quote) -> tuple[float, float | None, date, date | None]:
    """What a reader of the board sees of a quote."""
    return quote.price, quote.previous_close, quote.session, quote.previous_session


def record(**changes: Any) -> dict[str, Any]:
    """A quote of 20 November 2026, 13:16 in New York, as sent."""
    return {
        "symbol": "^RUT", "current_price": 3000.0, "price_change": -12.34, "high": 3020.0, "close": 0.0,
        "prev_day_close": 3012.34, "last_trade_time": "2026-11-20T13:16:00", **changes,
    }  # fmt: skip


def one(**changes: Any) -> bytes:
    """A reply with one quote."""
    return json.dumps({"timestamp": "2026-11-20 18:31:05", "data": record(**changes)}).encode()


def aapl_at_the_weekend(body: bytes) -> None:
    quote = parse_quote(body, "AAPL", SATURDAY)
    assert told(quote) == (333.02, 321.66, date(2026, 7, 24), date(2026, 7, 23))
    assert quote.as_of == datetime(2026, 7, 24, 19, 59, 59, tzinfo=UTC)
    assert quote.delay_s == 900
    assert quote.day_high == 334.37


def spx_at_the_weekend(body: bytes) -> None:
    quote = parse_quote(body, "SPX", datetime(2026, 9, 20, 15, 0, tzinfo=UTC))
    assert told(quote) == (7650.5, 7637.76, date(2026, 9, 18), date(2026, 9, 17))


def european_indexes(body: bytes) -> None:
    quotes, missing = parse_quotes(body, ["BAT20P-SL", "BUKUTL-SL", "RUT"], SATURDAY)
    assert told(quotes["BAT20P-SL"]) == (22698.0945, 22636.0168, date(2026, 7, 24), date(2026, 7, 23))
    assert quotes["BUKUTL-SL"].as_of == datetime(2026, 7, 24, 15, 30, 13, 326000, tzinfo=UTC)
    assert list(missing) == ["RUT"]


def aapl_history(body: bytes) -> None:
    bars = parse_chart(body, "AAPL", SATURDAY)
    assert (len(bars), bars.dates[0], bars.closes[0]) == (5674, date(2004, 1, 2), 0.38)
    assert (bars.dates[-1], bars.closes[-1]) == (date(2026, 7, 23), 321.66)
    assert bars.highs is not None
    assert bars.volumes is not None
    assert bars.lows is not None
    assert (bars.highs[-1], bars.volumes[-1]) == (323.3, 40840778)
    assert bars.opens is not None
    assert bars.lows[-1] is not None
    assert bars.lows[-1] <= (bars.opens[-1] or 0) <= 323.3
    assert 0.9 * bars.closes[-1] < (bars.lows[-1] or 0) < bars.closes[-1]


def index_with_weekends(body: bytes) -> None:
    bars = parse_history(body, "AAVE10RP", SATURDAY)
    assert (bars.dates[0], bars.closes[0]) == (date(2021, 11, 22), 269.5524)
    assert (bars.dates[-1], bars.closes[-1]) == (date(2026, 7, 24), 93.738)
    assert set(bars.dates) <= set(nyse().sessions(bars.dates[0], bars.dates[-1]))


def rut_history(body: bytes) -> None:
    bars = parse_history(body, "RUT", SATURDAY)
    assert bars.closes == (2956.3887, 2992.5414, 2977.8052)
    assert bars.dates == (date(2026, 7, 8), date(2026, 7, 9), date(2026, 7, 10))


def refused(parse: Callable[[bytes], object], words: str) -> Callable[[bytes], None]:
    """A file of a kind that is not used here is turned away, not read as something else."""

    def check(body: bytes) -> None:
        with pytest.raises(BadReply, match=words):
            parse(body)

    return check


RECORDINGS: dict[str, Callable[[bytes], None]] = {
    "quotes_AAPL_weekend_20260725.json": aapl_at_the_weekend,
    "options__SPX_wrapper_weekend_20260920_TRIMMED.json": spx_at_the_weekend,
    "european_indices_all_20260725.json": european_indexes,
    "charts_historical_AAPL_20260725.json": aapl_history,
    "daily_prices_AAVE10RP_History_20260725.csv": index_with_weekends,
    "daily_prices_RUT_History_3rows_20260713.csv": rut_history,
    "historical_data_AAPL_20260725.json": refused(
        lambda body: parse_quote(body, "AAPL", SATURDAY), "last trade is not known"
    ),
    "all_indices_TRIMMED_20260725.json": refused(
        lambda body: parse_quotes(body, ["RUT"], SATURDAY), "Expected `object`, got `array`"
    ),
    "GlobalIndices_20260725.csv": refused(
        lambda body: parse_history(body, "RUT", SATURDAY), "unexpected columns SYMBOL"
    ),
}


def test_every_recording_holds_what_it_says() -> None:
    folder = shared_material.path("recordings", "cboe")
    assert {file.name for file in folder.iterdir()} == set(RECORDINGS)
    for name, check in RECORDINGS.items():
        check((folder / name).read_bytes())


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({}, OPEN, (3000.0, 3012.34, "2026-11-20", "2026-11-19")),
        (dict.fromkeys(("current_price",), "3000.0"), OPEN, (3000.0, 3012.34, "2026-11-20", "2026-11-19")),
        # Yesterday's close still in `close` while the exchange is open is no nightly roll.
        ({"close": 3012.34}, OPEN, (3000.0, 3012.34, "2026-11-20", "2026-11-19")),
        # Nor is it shortly after the close, as long as price and change add up.
        ({"close": 3012.34}, OPEN.replace(hour=21), (3000.0, 3012.34, "2026-11-20", "2026-11-19")),
        # After the roll the change is the only way back; 0 says that it is not known.
        (
            {"close": 3001.5, "prev_day_close": 3001.5},
            OPEN.replace(day=21),
            (3001.5, 3013.84, "2026-11-20", "2026-11-19"),
        ),
        (
            {"close": 3001.5, "prev_day_close": 3001.5, "price_change": 0},
            OPEN.replace(day=21),
            (3001.5, None, "2026-11-20", None),
        ),
        ({"prev_day_close": 0.0}, OPEN, (3000.0, None, "2026-11-20", None)),
        # A fund that has not traded today: whose close `prev_day_close` is cannot be told.
        ({"last_trade_time": "2026-11-19T15:41:00"}, OPEN, (3000.0, None, "2026-11-19", None)),
        # At 09:40 the tape, 15 minutes late, still ends yesterday; that is no lack of trades.
        (
            {"last_trade_time": "2026-11-19T15:59:00"},
            OPEN.replace(hour=14, minute=40),
            (3000.0, 3012.34, "2026-11-19", "2026-11-18"),
        ),
    ],
)
def test_previous_close_is_told_only_where_it_is_certain(
    changes: dict[str, Any], now: datetime, expected: tuple[float, float | None, str, str | None]
) -> None:
    price, before, session, session_before = told(parse_quote(one(**changes), "RUT", now))
    assert (price, before, str(session), session_before and str(session_before)) == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"current_price": 0.0}, "no price"),
        ({"current_price": "NaN"}, "not a finite number"),
        ({"current_price": "1e999"}, "not a finite number"),
        ({"current_price": "n/a"}, 'current_price is "n/a"'),
        ({"current_price": True}, "no number"),
        ({"current_price": -3.0}, "above zero"),
        ({"current_price": "3_000"}, 'current_price is "3_000"'),
        ({"current_price": "\u0663\u0660\u0660\u0660"}, "not a finite number"),
        ({"current_price": 10**400}, "not a finite number"),
        ({"last_trade_time": "2026-11-20"}, "not known"),
        ({"last_trade_time": "0001-01-01T00:00:00+14:00"}, "out of range"),
        ({"prev_day_close": [1]}, "no number"),
        ({"symbol": "^SPX"}, "asked for RUT, got"),
        ({"last_trade_time": None}, "not known"),
        ({"last_trade_time": "2026-11-20T18:00:00"}, "yet to come"),
        ({"last_trade_time": "2026-11-15T20:30:00"}, "no session"),
        ({"last_trade_time": "1975-11-14T15:30:00"}, "outside the NYSE session table"),
    ],
)
def test_a_quote_that_cannot_be_true_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadReply, match=words):
        parse_quote(one(**changes), "RUT", OPEN)


def test_one_bad_index_does_not_take_the_others_along() -> None:
    body = json.dumps({"data": [record(current_price="x"), record(symbol="^SPX")]}).encode()
    quotes, missing = parse_quotes(body, ["RUT", "SPX", "NDX"], OPEN)
    assert list(quotes) == ["SPX"]
    assert set(missing) == {"RUT", "NDX"}


def test_an_index_that_a_file_tells_two_prices_of_has_none() -> None:
    for first, second in ((2400.0, 2500.0), (2500.0, 2400.0)):
        sent = [record(current_price=first), record(symbol="^SPX"), record(symbol="^SPX"), record(current_price=second)]
        quotes, missing = parse_quotes(json.dumps({"data": sent}).encode(), ["RUT", "SPX"], OPEN)
        assert list(quotes) == ["SPX"]
        assert missing == {"RUT": "unusable: two quotes of it in one answer"}


OHLC = "DATE,OPEN,HIGH,LOW,CLOSE\n12/30/2025,15,16.5,14,14.3\n12/31/2025,15,0.0,14,14.95\n"


def test_history_with_open_high_low_close() -> None:
    bars = parse_history(OHLC.encode(), "VIX", OPEN)
    assert (bars.closes, bars.highs, bars.lows) == ((14.3, 14.95), (16.5, None), (14.0, 14.0))
    assert bars.opens == (15.0, 15.0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "cut off"),
        ("DATE,RUT\n", "empty"),
        ("DATE,RUT\n12/30/2025,2500.59\n12/31/2025,24", "cut off"),
        ("DATE,SPX\n12/30/2025,2500.59\n", "unexpected columns"),
        ("DATE,RUT\n2025-12-30,2500.59\n", "line 2"),
        ("DATE,RUT\n12/30/2025,2500.59,1\n", "line 2"),
        ("DATE,RUT\n12/31/99999999999999999999,1\n", "line 2"),
        ("DATE,RUT\n1_2/30/2025,2500.59\n", "line 2"),
        ("DATE,RUT\n12/30/2025," + "1" * 200_000 + "\n", "field"),
        ("DATE,RUT\n12/30/2025,25\0\n", "NUL|not a finite number"),
        ("DATE,RUT\n12/30/2025,nan\n", "not a finite number"),
        ("DATE,RUT\n12/30/2025,2500.59\n12/30/2025,2481.91\n", "ascending"),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(body: str, words: str) -> None:
    with pytest.raises(BadReply, match=words):
        parse_history(body.encode(), "RUT", OPEN)


def test_a_chart_of_text_numbers_reads_like_one_of_numbers() -> None:
    data = [{"date": "2025-12-30", "close": "2500.59", "high": "0.0"}, {"date": "2025-12-31", "close": 0}]
    assert parse_chart(json.dumps({"data": data}).encode(), "RUT", OPEN).closes == (2500.59,)
    with pytest.raises(BadReply, match="got IWM"):
        parse_chart(json.dumps({"symbol": "IWM", "data": data}).encode(), "SPY", OPEN)


async def test_all_indexes_are_one_request_and_an_unknown_fund_is_missing(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if "all_us_indices" in request.path:
            return Answer(json.dumps({"data": [record(), record(symbol="^VIX")]}).encode())
        if request.path.endswith("IWM.json"):
            return Answer(one(symbol="IWM"))
        return Answer(DENIED, 403, "application/xml")

    instruments = [Instrument.of(symbol) for symbol in ("RUT", "IWM", "VIX", "ZZZZ", "ES=F")]
    async with serving(answer) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        reply = await cboe.quotes(instruments, OPEN)
        assert {quote.symbol for quote in reply.quotes} == {"RUT", "IWM", "VIX"}
        assert set(reply.missing) == {"ZZZZ", "ES=F"}
        assert len(source.seen) == 3
        assert source.seen[0].headers["user-agent"].startswith("mozilla/5.0")
        await cboe.quotes(instruments[:2], OPEN)  # the fund is remembered, the indexes are asked again
        assert source.paths[3:] == ["/delayed_quotes/quotes/all_us_indices.json"]
        await cboe.close()


async def test_a_site_that_refuses_us_is_left_alone(tmp_path: Path) -> None:
    funds = [Instrument.of(symbol) for symbol in ("IWM", "SPY", "QQQ")]
    async with serving(lambda _: Answer(b"blocked", 403, "text/plain")) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        with pytest.raises(Refused):
            await cboe.quotes(funds, OPEN)
        assert len(source.seen) == 1
        await cboe.close()


async def test_one_and_the_same_bad_answer_is_not_asked_for_twenty_times(tmp_path: Path) -> None:
    funds = [Instrument.of(symbol) for symbol in ("IWM", "SPY", "QQQ", "RSP", "IJR", "XLF")]
    async with serving(lambda _: Answer(b'{"something": "else"}')) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        with pytest.raises(BadReply, match="missing required field"):
            await cboe.quotes(funds, OPEN)
        assert len(source.seen) == 3
        await cboe.close()


async def test_funds_without_a_price_do_not_end_the_round(tmp_path: Path) -> None:
    funds = [Instrument.of(symbol) for symbol in ("PSCF", "PSCI", "PSCH", "PSCE", "IWM")]

    def answer(request: Request) -> Answer:
        symbol = request.path.rsplit("/", 1)[-1].removesuffix(".json")
        return Answer(one(symbol=symbol, current_price=3000.0 if symbol == "IWM" else 0))

    async with serving(answer) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        reply = await cboe.quotes(funds, OPEN)
        assert [quote.symbol for quote in reply.quotes] == ["IWM"]
        assert len(source.seen) == 5
        await cboe.close()


async def test_where_the_file_of_all_indexes_is_gone_each_has_its_own(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        name = request.path.rsplit("/", 1)[-1].removesuffix(".json")
        if not name.startswith("_"):
            return Answer(DENIED, 403, "application/xml")
        return Answer(one(symbol=f"^{name[1:]}"))

    instruments = [Instrument.of(symbol) for symbol in ("RUT", "RVX", "VIX3M", "IWM")]
    async with serving(answer) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        for expected in (["all_us_indices", "_RUT", "_RVX", "_VIX3M", "IWM"], ["IWM"]):
            source.seen.clear()
            reply = await cboe.quotes(instruments, OPEN)
            assert {quote.symbol for quote in reply.quotes} == {"RUT", "RVX", "VIX3M"}
            assert reply.missing == {"IWM": "Cboe does not carry IWM"}
            assert [path.rsplit("/", 1)[-1].removesuffix(".json") for path in source.paths] == expected
        await cboe.close()


@pytest.mark.parametrize("symbol", ["RVX", "VIX3M"])
async def test_volatility_indexes_have_a_history_here(tmp_path: Path, symbol: str) -> None:
    async with serving(lambda _: Answer(OHLC.encode(), kind="text/csv")) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        (bars,) = await cboe.bars(Instrument.of(symbol), None, OPEN)
        assert (bars.symbol, bars.closes) == (symbol, (14.3, 14.95))
        assert source.paths == [f"/us_indices/daily_prices/{symbol}_History.csv"]
        await cboe.close()


async def test_bars_come_from_the_file_that_has_them(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if request.path.endswith("/VIX_History.csv"):
            return Answer(OHLC.encode(), kind="text/csv")
        return Answer(DENIED, 403, "application/xml")

    async with serving(answer) as source:
        cboe = source.provider(PROVIDER, tmp_path)
        (bars,) = await cboe.bars(Instrument.of("^VIX"), date(2025, 12, 31), OPEN)
        assert bars.dates == (date(2025, 12, 31),)
        with pytest.raises(UnknownSymbol, match="ZZZZ"):
            await cboe.bars(Instrument.of("ZZZZ"), None, OPEN)
        assert not cboe.offers_bars(Instrument.of("NDX"))
        assert cboe.offers_quotes(Instrument.of("NDX"))
        assert not cboe.offers_quotes(Instrument.of("ES=F"))
        await cboe.close()
