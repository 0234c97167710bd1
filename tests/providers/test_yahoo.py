"""Yahoo: recorded replies give the values they hold, and everything odd is refused or left unknown."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from rotation_tui.domain.bars import Bars, Basis, Dividend, Split, last_dividends
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.providers.base import (
    BadReply,
    Endpoint,
    ProviderFault,
    RateLimited,
    Refused,
    ServerFault,
    Surroundings,
    UnknownSymbol,
)
from rotation_tui.providers.yahoo import PROVIDER, Yahoo, door
from rotation_tui.providers.yahoo import bars as yahoo_bars
from rotation_tui.providers.yahoo import minutes as yahoo_minutes
from rotation_tui.providers.yahoo import quotes as yahoo_quotes
from rotation_tui.providers.yahoo import wire as yahoo_wire
from tests import shared_material

Json = dict[str, Any]
Answer = Callable[[httpx.Request], httpx.Response]
LATER = datetime(2026, 11, 23, 15, tzinfo=UTC)


def et(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of September 2026 in New York; the 1st is a Tuesday, the 7th is Labor Day."""
    return datetime(2026, 9, day, hour, minute, tzinfo=EASTERN)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def instruments(*symbols: str) -> list[Instrument]:
    return [Instrument.of(symbol) for symbol in symbols]


# --- recordings ---------------------------------------------------------------------------------------------

# file -> (rows, first day, first close, last day, last close, first adjusted close, splits), or the fault
CHARTS: dict[str, tuple[Any, ...] | type[ProviderFault]] = {
    "404_not_found.json": UnknownSymbol,
    "429_body_edge_too_many_requests.txt": BadReply,  # by itself; behind the door it is RateLimited
    "SPY_1d_after_close_20260902_premarket.json": (1, "2026-09-01", 761.78, "2026-09-01", 761.78, 761.78, ()),
    "chart-0P000071W8.TO-2020-01-01-to-2020-01-03.json": (*(1, "2020-01-02", 73.72, "2020-01-02", 73.72, 73.72, ()),),
    "chart-AAPL-2020-08-31-to-2020-11-07.json": (
        *(49, "2020-08-31", 129.04, "2020-11-06", 118.69, 125.82674, ("2020-08-31",)),
    ),
    "chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json": BadReply,
    "chart-BTC-USD-2020-01-01-to-2020-01-03.json": (
        *(3, "2020-01-01", 7200.1743, "2020-01-03", 7344.8843, 7200.1743, ()),
    ),
    "chart-EURUSD_X-2020-01-01-to-2020-01-03.json": (
        *(3, "2020-01-01", 1.1220826, "2020-01-03", 1.1171438, 1.1220826, ()),
    ),
    "chart-QQQ-2020-01-01-to-2020-01-03.json": (*(1, "2020-01-02", 216.16, "2020-01-02", 216.16, 209.63806, ()),),
    "chart-WSU.DE-2023-08-04-to-2023-08-09.json": (*(3, "2023-08-04", 34.45, "2023-08-08", 33.2, 32.632496, ()),),
    "historical-via-chart-0P0000XTS7-2024-09-12-to-2024-09-16.json": (
        *(2, "2024-09-12", 11887.1, "2024-09-13", 11892.19, 11887.1, ()),
    ),
    "historical-via-chart-MSFT-dividends-2021-02-01-to-2022-01-31.json": (
        *(252, "2021-02-01", 239.65, "2022-01-28", 308.26, 231.18648, ()),
    ),
    "pp_response_yahoo_historical01.json": (123, "2017-11-27", 188.55, "2018-05-25", 188.3, 180.344, ()),
    "scheb_noData.json": UnknownSymbol,
    "scheb_splitData.json": BadReply,  # months
    "yfrs_history_chart_AAPL.json": (127, "2025-04-30", 212.5, "2025-10-29", 269.7, 211.98112, ()),
}


def recordings(folder: str) -> set[str]:
    return {file.name for file in shared_material.path("recordings", folder).iterdir()}


def test_every_recorded_chart_has_an_expectation() -> None:
    assert recordings("yahoo_chart") == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_recorded_charts(name: str) -> None:
    body = shared_material.path("recordings", "yahoo_chart", name).read_bytes()
    expected = CHARTS[name]
    symbol = "?"
    if body.lstrip().startswith(b"{") and (result := json.loads(body)["chart"]["result"]):
        symbol = result[0]["meta"]["symbol"]
    if not isinstance(expected, tuple):
        with pytest.raises(ProviderFault) as caught:
            yahoo_bars.bars(Instrument.of(symbol), body, None, LATER)
        assert type(caught.value) is expected
        return
    prices, total = yahoo_bars.bars(Instrument.of(symbol), body, None, LATER)
    assert (prices.basis, total.basis) == (Basis.PRICE, Basis.TOTAL)
    assert prices.dates == total.dates
    assert (
        len(prices),
        str(prices.dates[0]),
        prices.closes[0],
        str(prices.dates[-1]),
        prices.closes[-1],
        total.closes[0],
        tuple(str(split.session) for split in prices.splits),
    ) == expected


def test_recorded_rows_of_five_minutes_end_with_the_one_that_was_being_made() -> None:
    body = shared_material.path("recordings_2026q4", "yahoo_chart_TNX_1d_5m_20260915_TRIMMED.json").read_bytes()
    now = datetime(2026, 9, 15, 19, 30, tzinfo=UTC)
    told = yahoo_minutes.minutes(Instrument.of("^TNX"), body, 5, now)
    assert [f"{datetime.fromtimestamp(at, UTC):%H:%M}" for at in told.times[-2:]] == ["18:20", "18:25"]
    assert (told.closes[0], told.closes[-1], told.volumes, told.step_s) == (5.014, 5.0, None, 300)
    with pytest.raises(BadReply, match="asked for 1m"):
        yahoo_minutes.minutes(Instrument.of("^TNX"), body, 1, now)


def test_a_recorded_day_without_minutes_has_none() -> None:
    name = "chart-AAPL-2025-02-01-to-2025-02-02-includePrePost-false-interval-1m.json"
    body = shared_material.path("recordings", "yahoo_chart", name).read_bytes()
    with pytest.raises(UnknownSymbol, match="no minutes of AAPL"):
        yahoo_minutes.minutes(Instrument.of("AAPL"), body, 1, LATER)


def test_a_recorded_last_row_tells_its_last_print() -> None:
    name = "SPY_1d_after_close_20260902_premarket.json"
    body = shared_material.path("recordings", "yahoo_chart", name).read_bytes()
    prices, _ = yahoo_bars.bars(Instrument.of("SPY"), body, None, LATER)
    assert prices.last_print == et(1, 16)
    assert (prices.highs, prices.volumes) == ((764.67,), (41054800,))


def spark_quote(body: bytes, symbol: str, now: datetime) -> Quote:
    wanted = Instrument.of(symbol)
    part, flat = yahoo_wire.spark_parts(body)[yahoo_wire.wire_symbol(wanted)]
    return yahoo_quotes.quote(wanted, part, flat, now)


def test_recorded_sparks() -> None:
    names = {
        "v7_spark_400_21_symbols_20260916.json",
        "v8_spark_AAPL_GSPC_HSBA_EURUSD_1d_5m_20260902.json",
    }
    assert recordings("yahoo_spark") == names
    refusal, flat = (shared_material.path("recordings", "yahoo_spark", name).read_bytes() for name in sorted(names))
    with pytest.raises(BadReply, match="less than or equal to 20"):
        yahoo_wire.spark_parts(refusal)
    got = [spark_quote(flat, symbol, LATER) for symbol in ("AAPL", "^GSPC", "HSBA.L", "EURUSD=X")]
    assert [(q.price, q.previous_close) for q in got] == [
        (324.99, 325.13), (7666.6, 7631.47), (1540.8, 1533.4), (1.1592, 1.1593),
    ]  # fmt: skip
    assert [q.as_of for q in got[:2]] == [et(2, 15, 55), et(2, 16)]
    assert [(q.symbol, str(q.session), str(q.previous_session)) for q in got[:2]] == [
        ("AAPL", "2026-09-02", "2026-09-01"),
        ("SPX", "2026-09-02", "2026-09-01"),
    ]


def test_the_shape_of_v7() -> None:
    body = shared_material.path("shapes", "yahoo_v7_spark_SHAPE.json").read_bytes()
    assert spark_quote(body, "IWM", et(1, 18)) == Quote(
        symbol="IWM",
        price=299.96,
        as_of=et(1, 16),
        session=date(2026, 9, 1),
        source="yahoo",
        previous_close=297.67,
        previous_session=date(2026, 8, 31),
        day_high=300.33,
        name="iShares Russell 2000 ETF",
    )


# --- quotes -------------------------------------------------------------------------------------------------


def periods(day: int) -> Json:
    """Yahoo's trading periods of a day of September 2026."""
    bounds = {"pre": (4, 0, 9, 30), "regular": (9, 30, 16, 0), "post": (16, 0, 20, 0)}
    return {
        name: {"start": seconds(et(day, a, b)), "end": seconds(et(day, c, d))} for name, (a, b, c, d) in bounds.items()
    }


def spark(symbol: str, *, bars: Sequence[tuple[datetime, float | None]] = (), **meta: object) -> Json:
    """One part of a v7 reply: by default a price of the afternoon of September 1st."""
    full: Json = {
        "symbol": symbol,
        "exchangeTimezoneName": "America/New_York",
        "regularMarketPrice": 100.5,
        "regularMarketTime": seconds(et(1, 15)),
        "previousClose": 100.0,
        "priceHint": 2,
        "currentTradingPeriod": periods(1),
    } | meta
    close = {"close": [value for _, value in bars]}
    chart: Json = {"meta": full, "indicators": {"quote": [close if bars else {}]}}
    if bars:
        chart["timestamp"] = [seconds(at) for at, _ in bars]
    return {"symbol": symbol, "response": [chart]}


def v7(*parts: Json) -> bytes:
    return json.dumps({"spark": {"result": list(parts), "error": None}}).encode()


def one(symbol: str, now: datetime, **meta: Any) -> Quote:
    wanted = Instrument.of(symbol)
    return spark_quote(v7(spark(yahoo_wire.wire_symbol(wanted), **meta)), symbol, now)


def at(moment: datetime, period_day: int) -> Json:
    return {"regularMarketTime": seconds(moment), "currentTradingPeriod": periods(period_day)}


@pytest.mark.parametrize(
    ("now", "meta", "before"),
    [
        pytest.param(et(1, 15), at(et(1, 15), 1), "2026-08-31", id="in the session"),
        pytest.param(et(1, 23), at(et(1, 16), 1), "2026-08-31", id="in the evening"),
        pytest.param(et(2, 8), at(et(1, 16), 2), "2026-08-31", id="before the open of the next day"),
        pytest.param(
            et(2, 8), at(et(1, 16), 2) | {"previousClose": 100.5}, None, id="compared with itself before the open"
        ),
        pytest.param(et(2, 9, 31), at(et(1, 16), 2), None, id="open, and no print yet"),
        pytest.param(et(2, 8), at(et(1, 16) - timedelta(days=1), 2), None, id="no trade for two days"),
        pytest.param(et(2, 8), at(et(2, 7), 2), None, id="a print of today before the open"),
        pytest.param(et(5, 12), at(et(4, 16), 4), "2026-09-03", id="weekend"),
        pytest.param(et(7, 12), at(et(4, 16), 8), "2026-09-03", id="holiday, period of the next day"),
        pytest.param(et(8, 12), at(et(8, 12), 8), "2026-09-04", id="after a holiday"),
        pytest.param(et(7, 12), at(et(7, 12), 7), None, id="a print on a holiday"),
        pytest.param(et(1, 15), {"regularMarketChangePercent": 0.5}, "2026-08-31", id="change agrees"),
        pytest.param(et(1, 15), {"regularMarketChangePercent": -0.2}, None, id="change contradicts"),
        pytest.param(et(1, 15), {"currentTradingPeriod": None}, None, id="no period"),
        pytest.param(et(1, 15), {"previousClose": None}, None, id="no previous close"),
        pytest.param(
            datetime(2045, 1, 3, 20, tzinfo=UTC),
            {"regularMarketTime": 2367082800},
            None,
            id="past the end of the calendar",
        ),
    ],
)
def test_the_session_of_the_previous_close_is_told_only_when_certain(
    now: datetime, meta: Json, before: str | None
) -> None:
    got = one("IWM", now, **meta)
    assert got.previous_session == (before and date.fromisoformat(before))
    if "previousClose" not in meta:
        assert got.previous_close == 100.0  # good for a plausibility check in any case


@pytest.mark.parametrize(
    ("symbol", "meta", "quoted"),
    [
        pytest.param("IWM", {"instrumentType": "ETF"}, False, id="fund"),
        pytest.param("VIX", {"instrumentType": "INDEX", "exchangeTimezoneName": "America/Chicago"}, False, id="VIX"),
        pytest.param("^N225", {"instrumentType": "INDEX", "exchangeTimezoneName": "Asia/Tokyo"}, True, id="Tokyo"),
        pytest.param(
            "EURUSD=X", {"instrumentType": "CURRENCY", "exchangeTimezoneName": "Europe/London"}, True, id="EUR"
        ),
        pytest.param("ES=F", {"instrumentType": "FUTURE"}, True, id="futures"),
    ],
)
def test_on_a_holiday_in_new_york_there_is_a_price_of_what_trades_elsewhere(
    symbol: str, meta: Json, quoted: bool
) -> None:
    if quoted:
        assert one(symbol, et(7, 12), **meta, **at(et(7, 11), 7)).as_of == et(7, 11)
    else:
        with pytest.raises(BadReply, match="2026-09-07, which is no session"):
            one(symbol, et(7, 12), **meta, **at(et(7, 11), 7))


@pytest.mark.parametrize("rows", [{}, {"timestamp": None}, {"indicators": {"quote": []}}])
def test_a_quote_needs_no_rows(rows: Json) -> None:
    part = spark("IWM")
    del part["response"][0]["indicators"]
    part["response"][0] |= rows
    assert spark_quote(v7(part), "IWM", NOW).price == 100.5


def test_the_close_before_the_range_is_never_the_previous_close() -> None:
    assert one("IWM", et(1, 15), previousClose=None, chartPreviousClose=90.0).previous_close is None


@pytest.mark.parametrize(("symbol", "delay_s"), [("RUT", 0), ("IWM", 0), ("VIX", 900), ("VIX3M", 900), ("ES=F", 600)])
def test_the_delay_is_that_of_the_kind(symbol: str, delay_s: int) -> None:
    assert one(symbol, et(1, 15)).delay_s == delay_s


def test_a_futures_session_begins_on_the_evening_before() -> None:
    evening = one("ES=F", et(1, 19), regularMarketTime=seconds(et(1, 18, 30)))
    assert (evening.session, evening.previous_session) == (date(2026, 9, 2), None)
    noon = one("ES=F", et(1, 13), regularMarketTime=seconds(et(1, 12, 30)))
    assert (noon.session, noon.previous_session) == (date(2026, 9, 1), date(2026, 8, 31))
    night = one("ES=F", et(1, 4), regularMarketTime=seconds(et(1, 3)))
    assert (night.session, night.previous_session) == (date(2026, 9, 1), None)


def test_prices_lose_their_noise_and_the_high_is_never_below_the_price() -> None:
    got = one(
        "IWM",
        et(1, 15),
        regularMarketPrice=216.16000366210938,
        previousClose=215.0200042724609,
        regularMarketDayHigh=216.1,
        longName="A\x1b[2J fund",
    )
    assert (got.price, got.previous_close, got.day_high) == (216.16, 215.02, 216.16)
    assert got.name == "A[2J fund"


@pytest.mark.parametrize(
    ("symbol", "meta", "bars", "expected"),
    [
        ("IWM", at(et(1, 16), 1), [(et(1, 16, 5), 101.0), (et(1, 17), 102.004)], (102.0, et(1, 17), Phase.POST)),
        ("IWM", at(et(1, 16), 1), [(et(1, 17), 102.0), (et(1, 17, 5), None)], (102.0, et(1, 17), Phase.POST)),
        ("IWM", at(et(1, 16), 2), [(et(2, 7), 99.0)], (99.0, et(2, 7), Phase.PRE)),
        ("IWM", at(et(2, 10), 2), [(et(2, 7), 99.0), (et(2, 9, 55), 100.0)], None),
        ("IWM", at(et(1, 16), 1), [(et(1, 15, 55), 100.0), (et(1, 16), 100.5)], None),
        ("IWM", at(et(1, 16), 2), [(et(1, 18), 101.0)], None),
        ("IWM", at(et(1, 16), 1), [(et(1, 21), 101.0)], None),
        ("RUT", at(et(1, 16), 1), [(et(1, 17), 102.0)], None),
        ("IWM", {"currentTradingPeriod": None}, [(et(1, 17), 102.0)], None),
    ],
)
def test_prices_outside_regular_hours(
    symbol: str,
    meta: Json,
    bars: list[tuple[datetime, float | None]],
    expected: tuple[float, datetime, Phase] | None,
) -> None:
    extended = one(symbol, et(2, 12), bars=bars, **meta).extended
    assert (extended and (extended.price, extended.as_of, extended.phase)) == expected


# --- outlines -----------------------------------------------------------------------------------------------


def days(wire: str, rows: Sequence[tuple[datetime, float | None]], **meta: object) -> Json:
    """A part of a spark of days: closes and nothing beside them."""
    return spark(wire, bars=rows, **{"dataGranularity": "1d", "range": "5y", "instrumentType": "ETF"} | meta)


TWO_DAYS = ((et(1, 9, 30), 216.16000366210938), (et(2, 9, 30), 217.0))


def outlined(*parts: Json, of: Sequence[str] = ("IWM",)) -> tuple[list[Bars], dict[str, str]]:
    return yahoo_bars.outlines(yahoo_wire.spark_parts(v7(*parts)), instruments(*of), et(3, 12))


def test_an_outline_is_closes_and_says_that_it_is_one() -> None:
    found, missing = outlined(days("SPY", TWO_DAYS), days("^RUT", TWO_DAYS), of=("RUT", "SPY", "GONE"))
    assert [(b.symbol, b.basis, b.closes, b.outline) for b in found] == [
        (symbol, Basis.PRICE, (216.16, 217.0), True) for symbol in ("RUT", "SPY")
    ]
    assert all(b.dates == (date(2026, 9, 1), date(2026, 9, 2)) for b in found)
    assert {(b.highs, b.lows, b.volumes, b.splits) for b in found} == {(None, None, None, ())}
    assert missing == {"GONE": "Yahoo does not carry it"}


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(days("IWM", TWO_DAYS, dataGranularity="1wk"), id="weeks"),
        pytest.param(days("IWN", TWO_DAYS) | {"symbol": "IWM"}, id="another symbol inside"),
        pytest.param(days("IWM", ((et(1, 9, 30), -1.0),)), id="a negative close"),
        pytest.param(days("IWM", ((et(1, 9, 30), "x"),)), id="a word"),  # type: ignore[arg-type]
        pytest.param(days("IWM", ((et(1, 9, 30), None),)), id="nothing but nulls"),
        pytest.param(days("IWM", (*TWO_DAYS, (et(1, 9, 31), 300.0))), id="two closes of a day"),
        pytest.param(days("IWM", [(et(n, 9, 30), 100.0 + n) for n in (1, 8, 15, 22, 29)]), id="weeks called days"),
        pytest.param({"symbol": "IWM", "response": []}, id="no response"),
        pytest.param({"symbol": "IWM", "response": None}, id="null"),
        pytest.param(days("IWM", ()) | {"response": [{"meta": {"symbol": "IWM"}, "timestamp": None}]}, id="null rows"),
    ],
)
def test_an_outline_that_cannot_be_used_spoils_no_other(bad: Json) -> None:
    found, missing = outlined(bad, days("SPY", TWO_DAYS), of=("IWM", "SPY"))
    assert [b.symbol for b in found] == ["SPY"]
    assert list(missing) == ["IWM"]


def test_two_outlines_of_one_symbol_are_none() -> None:
    found, missing = outlined(days("IWM", TWO_DAYS), days("IWM", TWO_DAYS[:1]))
    assert (found, list(missing)) == ([], ["IWM"])


async def test_outlines_of_twenty_symbols_are_one_request(tmp_path: Path) -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=v7(*(days(symbol, TWO_DAYS) for symbol in reversed(asked(request)))))

    yahoo = feed(tmp_path, answer)
    wanted = instruments(*(f"F{n}" for n in range(41)))
    reply = await yahoo.outlines([*wanted, *instruments("A,B")], et(3, 12))
    assert [len(asked(request)) for request in requests] == [20, 20, 1]
    assert {(request.url.path, request.url.params["interval"]) for request in requests} == {("/v7/finance/spark", "1d")}
    assert {b.symbol for b in reply.outlines} == {i.symbol for i in wanted}
    assert list(reply.missing) == ["A,B"]
    await yahoo.close()


async def test_where_v7_is_gone_there_are_no_outlines(tmp_path: Path) -> None:
    server = Server()
    server.replace["v7"] = httpx.Response(
        404, json={"finance": {"result": None, "error": {"code": "Not Found", "description": "gone"}}}
    )
    yahoo = feed(tmp_path, server)
    await yahoo.quotes(instruments("IWM"), NOW)
    before = len(server.requests)
    reply = await yahoo.outlines(instruments("IWM", "SPY"), NOW)
    assert (reply.outlines, set(reply.missing), len(server.requests)) == ((), {"IWM", "SPY"}, before)
    await yahoo.close()


# --- requests -----------------------------------------------------------------------------------------------


def feed(folder: Path, answer: Answer) -> Yahoo:
    endpoint = Endpoint("https://y.test", "Mozilla/5.0 (compatible)", 5, None, 1000.0, 1000)
    return Yahoo(door(Surroundings(endpoint, folder), httpx.MockTransport(answer)))


def asked(request: httpx.Request) -> list[str]:
    return request.url.params["symbols"].split(",")


class Server:
    """Answers sparks of v7 and v8 with a price for every symbol, except for what is broken on purpose."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.unknown: set[str] = set()
        self.meta: dict[str, Json] = {}
        self.replace: dict[str, httpx.Response] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        version = request.url.path[1:3]
        if version in self.replace:
            return self.replace[version]
        known = [symbol for symbol in asked(request) if symbol not in self.unknown]
        if version == "v7":
            return httpx.Response(200, content=v7(*(spark(s, **self.meta.get(s, {})) for s in reversed(known))))
        day: Json = {"start": seconds(et(1, 9, 30)), "end": seconds(et(1, 16))}
        day |= {"timestamp": [seconds(et(1, 15))], "close": [50.0], "previousClose": 49.0}
        return httpx.Response(200, json={s: day | {"symbol": s} for s in known})

    def paths(self) -> list[str]:
        return [request.url.path[1:3] for request in self.requests]


NOW = et(1, 15, 1)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (20, [20]), (21, [20, 1]), (40, [20, 20])])
async def test_a_request_never_holds_more_than_twenty_symbols(tmp_path: Path, count: int, sizes: list[int]) -> None:
    server = Server()
    yahoo = feed(tmp_path, server)
    wanted = instruments(*(f"F{n}" for n in range(count)))
    reply = await yahoo.quotes([*wanted, *wanted], NOW)
    assert [len(asked(request)) for request in server.requests] == sizes
    assert {quote.symbol for quote in reply.quotes} == {i.symbol for i in wanted}
    assert reply.missing == {}
    assert yahoo.requests_last_hour() == len(sizes)
    await yahoo.close()


async def test_symbols_travel_in_yahoos_spelling(tmp_path: Path) -> None:
    server = Server()
    yahoo = feed(tmp_path, server)
    reply = await yahoo.quotes(instruments("RUT", "SPX", "NDX", "VIX", "VIX3M", "ES=F", "BRK-B"), NOW)
    assert asked(server.requests[0]) == ["^RUT", "^GSPC", "^NDX", "^VIX", "^VIX3M", "ES=F", "BRK-B"]
    assert [q.symbol for q in reply.quotes] == ["RUT", "SPX", "NDX", "VIX", "VIX3M", "ES=F", "BRK-B"]
    params = dict(server.requests[0].url.params) | {"symbols": ""}
    assert params == {"symbols": "", "range": "1d", "interval": "5m", "includePrePost": "true"}
    await yahoo.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"regularMarketPrice": "100.5"},
        {"regularMarketPrice": float("nan")},
        {"regularMarketPrice": float("inf")},
        {"regularMarketPrice": None},
        {"regularMarketPrice": -1.0},
        {"regularMarketPrice": 0},
        {"regularMarketPrice": 0.001},
        {"regularMarketTime": "1788289200"},
        {"regularMarketTime": None},
        {"regularMarketTime": 10**15},
        {"regularMarketTime": seconds(et(1, 17))},
        {"previousClose": -5.0},
        {"regularMarketDayHigh": -5.0},
        {"previousClose": "n/a"},
        {"bars": [(et(1, 14), "x")]},
        {"currentTradingPeriod": {"regular": {"start": 10**17, "end": 0}}},
    ],
)
async def test_one_bad_symbol_spoils_no_other(tmp_path: Path, bad: Json) -> None:
    server = Server()
    server.meta["PSCF"] = bad
    server.unknown = {"GONE"}
    yahoo = feed(tmp_path, server)
    reply = await yahoo.quotes(instruments("IWM", "PSCF", "GONE", "SPY"), NOW)
    assert [quote.symbol for quote in reply.quotes] == ["IWM", "SPY"]
    assert reply.missing.keys() == {"PSCF", "GONE"}
    assert reply.missing["PSCF"].startswith("unusable: ")
    with pytest.raises(BadReply, match="PSCF"):
        await yahoo.quotes(instruments("PSCF"), NOW)
    with pytest.raises(UnknownSymbol, match="GONE"):
        await yahoo.quotes(instruments("GONE"), NOW)
    assert server.paths() == ["v7"] * 3  # bad symbols are no reason to suspect v7
    await yahoo.close()


async def test_a_request_that_fails_leaves_only_its_own_symbols_missing(tmp_path: Path) -> None:
    server = Server()

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, text="Edge: Too Many Requests") if server.requests else server(request)

    yahoo = feed(tmp_path, answer)
    reply = await yahoo.quotes(instruments(*(f"F{n}" for n in range(25))), NOW)
    assert (len(reply.quotes), len(reply.missing)) == (20, 5)
    assert "too many requests" in reply.missing["F24"]
    with pytest.raises(RateLimited):
        await yahoo.quotes(instruments("IWM"), NOW)
    assert len(server.requests) == 1
    await yahoo.close()


GONE = httpx.Response(404, json={"finance": {"error": {"code": "Not Found", "description": "gone"}}})


@pytest.mark.parametrize(
    "response",
    [
        GONE,
        httpx.Response(200, content=b'{"spark":{"result":[{"symbol":"IW'),
        httpx.Response(200, json={"spark": {"result": None, "error": None}}),
        httpx.Response(200, json={"spark": {"answer": 42}}),
        httpx.Response(200, json=[]),
    ],
)
async def test_v8_stands_in_for_a_v7_that_is_gone(tmp_path: Path, response: httpx.Response) -> None:
    server = Server()
    server.replace["v7"] = response
    yahoo = feed(tmp_path, server)
    for _ in range(2):
        reply = await yahoo.quotes(instruments("IWM", "RUT"), NOW)
        assert [(q.price, q.previous_session) for q in reply.quotes] == [(50.0, date(2026, 8, 31))] * 2
    assert server.paths() == ["v7", "v8", "v8"]
    server.replace.clear()
    (back, _) = (await yahoo.quotes(instruments("IWM", "RUT"), NOW + timedelta(hours=7))).quotes
    assert back.price == 100.5
    await yahoo.close()


async def test_a_v8_that_fails_too_is_spared(tmp_path: Path) -> None:
    server = Server()
    server.replace = {"v7": GONE, "v8": httpx.Response(500)}
    yahoo = feed(tmp_path, server)
    for _ in range(3):
        with pytest.raises(UnknownSymbol):
            await yahoo.quotes(instruments("IWM"), NOW)
    assert server.paths() == ["v7", "v8", "v7", "v7"]
    await yahoo.close()


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (httpx.Response(200, html="<!DOCTYPE html>"), BadReply),
        (httpx.Response(200, content=b""), BadReply),
        (httpx.Response(429), RateLimited),
        (httpx.Response(403), Refused),
        (httpx.Response(503), ServerFault),
        (httpx.Response(200, json={"chart": {"result": None, "error": {"code": "Bad Request"}}}), BadReply),
        (httpx.Response(200, content=b'{"chart":{"result":[{"me'), BadReply),
        (httpx.Response(200, content=b"42"), BadReply),
        (httpx.Response(404, json={}), BadReply),
        (httpx.Response(404, json={"chart": {"result": None, "error": {"code": "Not Found"}}}), UnknownSymbol),
    ],
)
async def test_faults_of_a_whole_answer(tmp_path: Path, response: httpx.Response, kind: type[ProviderFault]) -> None:
    yahoo = feed(tmp_path, lambda _: response)
    with pytest.raises(ProviderFault) as caught:
        await yahoo.bars(Instrument.of("IWM"), None, NOW)
    assert type(caught.value) is kind
    if not caught.value.pause_s:
        with pytest.raises(ProviderFault) as caught:
            await yahoo.quotes(instruments("IWM"), NOW)
        assert type(caught.value) is kind
    await yahoo.close()


def test_the_flat_shape_has_no_price_before_the_first_regular_bar() -> None:
    flat = {"start": seconds(et(2, 9, 30)), "end": seconds(et(2, 16)), "symbol": "IWM"}
    body = json.dumps({"IWM": flat | {"timestamp": [seconds(et(2, 8))], "close": [101.0]}}).encode()
    with pytest.raises(BadReply, match="no price"):
        spark_quote(body, "IWM", et(2, 8, 5))


def test_the_flat_shape_takes_the_bar_at_the_close_for_an_index_only() -> None:
    day: Json = {"start": seconds(et(2, 9, 30)), "end": seconds(et(2, 16))}
    day |= {"timestamp": [seconds(et(2, 15, 55)), seconds(et(2, 16))], "close": [101.0, 102.0]}
    body = json.dumps({symbol: day | {"symbol": symbol} for symbol in ("IWM", "^RUT")}).encode()
    assert [spark_quote(body, s, et(2, 17)).price for s in ("IWM", "RUT")] == [101.0, 102.0]


# --- bars ---------------------------------------------------------------------------------------------------


def chart(symbol: str, rows: Sequence[tuple[datetime, Any]], **changes: Any) -> Json:
    """A v8 chart whose rows are (moment, close)."""
    meta = {
        "symbol": symbol,
        "exchangeTimezoneName": "America/New_York",
        "instrumentType": "ETF",
        "regularMarketPrice": 100.5,
        "regularMarketTime": seconds(rows[-1][0]) if rows else 0,
        "priceHint": 2,
        "dataGranularity": "1d",
    } | changes.pop("meta", {})
    quote = {"close": [close for _, close in rows]} | changes.pop("quote", {})
    return {
        "meta": meta,
        "timestamp": [seconds(moment) for moment, _ in rows],
        "indicators": {"quote": [quote], **changes.pop("indicators", {})},
        **changes,
    }


def decoded(symbol: str, found: Json, since: date | None = None) -> tuple[Bars, ...]:
    body = json.dumps({"chart": {"result": [found], "error": None}}).encode()
    return yahoo_bars.bars(Instrument.of(symbol), body, since, LATER)


ROWS = [(et(1, 9, 30), 100.0), (et(2, 9, 30), 101.0), (et(3, 9, 30), 102.0)]


@pytest.mark.parametrize(
    ("rows", "days", "closes"),
    [
        pytest.param([*ROWS, (et(3, 14, 2), 103.0)], [1, 2, 3], [100, 101, 103], id="the running row twice"),
        pytest.param([*ROWS, (et(3, 14, 2), None)], [1, 2, 3], [100, 101, 102], id="and the later one empty"),
        pytest.param([*ROWS, (et(4, 14, 2), 103.0)], [1, 2, 3, 4], [100, 101, 102, 103], id="running row"),
        pytest.param([*ROWS[:2], (et(3, 9, 30), None)], [1, 2], [100, 101], id="null"),
        pytest.param([*ROWS[:2], (et(3, 9, 30), float("nan"))], [1, 2], [100, 101], id="NaN"),
        pytest.param([*ROWS[:2], (et(3, 9, 30), 0)], [1, 2], [100, 101], id="zero"),
        pytest.param([*ROWS, (et(7, 9, 30), 102.0)], [1, 2, 3], [100, 101, 102], id="holiday"),
        pytest.param([*ROWS, (et(5, 9, 30), 102.0)], [1, 2, 3], [100, 101, 102], id="Saturday"),
        pytest.param(ROWS[::-1], [1, 2, 3], [100, 101, 102], id="newest first"),
        pytest.param(
            [(et(1, 9, 30), 124.80750274658203), (et(2, 9, 30), 216.16000366210938)],
            [1, 2],
            [124.8075, 216.16],
            id="noise goes, decimals of a split stay",
        ),
    ],
)
def test_rows(rows: list[tuple[datetime, Any]], days: list[int], closes: list[float]) -> None:
    (prices,) = decoded("IWM", chart("IWM", rows))
    assert [day.day for day in prices.dates] == days
    assert list(prices.closes) == closes


def test_an_evening_in_utc_is_still_the_same_session() -> None:
    (prices,) = decoded("IWM", chart("IWM", [(et(1, 20, 30), 100.0)]))
    assert prices.dates == (date(2026, 9, 1),)


def test_index_closes_are_as_published_and_have_no_total_return() -> None:
    found = chart(
        "^RUT",
        [(et(1, 9, 30), 2590.6082)],
        meta={"instrumentType": "INDEX"},
        quote={"high": [2595.0701], "volume": [0]},
        indicators={"adjclose": [{"adjclose": [2590.6082]}]},
    )
    (prices,) = decoded("RUT", found)
    assert (prices.symbol, prices.closes, prices.highs) == ("RUT", (2590.61,), (2595.07,))
    assert prices.volumes is None


def test_columns_beside_the_close() -> None:
    found = chart(
        "IWM",
        ROWS,
        quote={"open": [99.5, 0], "high": [100.5, None], "low": [None, 99.25, 0], "volume": [1000, 0, None]},
        indicators={"adjclose": [{"adjclose": [98.123456, None, 102.0]}]},
        events={"splits": {"1": {"date": seconds(et(2, 9, 30)), "numerator": 2, "denominator": 1}}},
    )
    prices, total = decoded("IWM", found)
    assert prices.opens == (99.5, None, None)
    assert prices.highs == (100.5, None, None)
    assert prices.lows == (None, 99.25, None)
    assert prices.volumes == (1000, 0, None)
    assert prices.splits == total.splits == (Split(date(2026, 9, 2), 2.0),)
    assert total.dates == (date(2026, 9, 1), date(2026, 9, 3))
    assert total.closes == (98.123456, 102.0)
    assert prices.last_print == total.last_print == et(3, 9, 30)
    late, _ = decoded("IWM", found, since=date(2026, 9, 3))
    assert (late.dates, late.splits) == ((date(2026, 9, 3),), ())


def test_the_last_four_dividends_are_kept_beside_prices() -> None:
    days = {str(n): {"date": seconds(et(n, 9, 30)), "amount": n / 10} for n in (3, 2, 1)}
    odd = {"7": {"date": seconds(et(1, 9, 30))}, "8": {"date": seconds(et(2, 9, 30)), "amount": -1.0}}
    found = chart("IWM", ROWS, indicators={"adjclose": [{"adjclose": [98.0, 99.0, 102.0]}]},
                  events={"dividends": {**odd, **days}})  # fmt: skip
    prices, total = decoded("IWM", found)
    told = tuple(Dividend(date(2026, 9, n), n / 10) for n in (1, 2, 3))
    assert prices.dividends == told
    assert total.dividends == ()
    assert prices.until(date(2026, 9, 2)).dividends == told[:2], "a past day knows none of later"
    many = (Dividend(date(2025, month, 1), 1.0) for month in range(1, 7))
    assert [d.session.month for d in last_dividends(many, told)] == [6, 9, 9, 9]


def test_a_last_print_of_another_day_is_not_that_of_the_last_row() -> None:
    (prices,) = decoded("IWM", chart("IWM", ROWS, meta={"regularMarketTime": seconds(et(4, 10))}))
    assert prices.last_print is None


@pytest.mark.parametrize(
    ("found", "kind", "words"),
    [
        (chart("SPY", ROWS), BadReply, "asked for IWM, got SPY"),
        (chart("IWM", ROWS, meta={"dataGranularity": "1mo"}), BadReply, "1mo"),
        (chart("IWM", ROWS, meta={"dataGranularity": None}), BadReply, "None"),
        (chart("IWM", [(et(1, 9, 30), "100")]), BadReply, "close"),
        (chart("IWM", [(et(1, 9, 30), -1.0)]), BadReply, "above zero"),
        (chart("IWM", ROWS, quote={"high": [1.0] * 4}), BadReply, "4 values of high for 3 rows"),
        (chart("IWM", ROWS, timestamp=[10**15, 1, 2]), BadReply, "IWM"),
        (chart("IWM", []), BadReply, "no daily rows of IWM"),
        (chart("IWM", [(et(1, 9, 30), None)]), BadReply, "no daily rows of IWM"),
        (chart("IWM", [], meta={"regularMarketPrice": None}), UnknownSymbol, "no history of IWM"),
    ],
)
def test_charts_that_are_refused(found: Json, kind: type[ProviderFault], words: str) -> None:
    with pytest.raises(kind, match=words):
        decoded("IWM", found)


def test_a_chart_without_rows_has_no_such_key() -> None:
    found = chart("IWM", [])
    del found["timestamp"]
    with pytest.raises(BadReply, match="no daily rows"):
        decoded("IWM", found)


NULLS: list[Json] = [
    {"timestamp": None},
    {"indicators": {"quote": [{"close": None}]}},
    {"indicators": {"quote": [None]}},
    {"indicators": {"quote": None}},
    {"indicators": None},
    {"timestamp": None, "indicators": {"quote": [{"close": None}], "adjclose": [{"adjclose": None}]}},
]


@pytest.mark.parametrize("nulls", NULLS)
def test_null_arrays_are_no_bars(nulls: Json) -> None:
    part = spark("IWM", bars=[(et(1, 15), 100.5)])
    part["response"][0] |= nulls
    assert spark_quote(v7(part), "IWM", NOW).price == 100.5
    with pytest.raises(BadReply, match="no daily rows of IWM"):
        decoded("IWM", chart("IWM", [(et(1, 9, 30), None)]) | nulls)
    beside = chart("IWM", ROWS) | {"events": None}
    beside["indicators"]["adjclose"] = [None]
    assert len(decoded("IWM", beside)[0]) == 3


@pytest.mark.parametrize("nulls", [{"close": None}, {"timestamp": None}, {"close": None, "timestamp": None}])
def test_null_arrays_of_the_flat_shape_are_no_bars(nulls: Json) -> None:
    day: Json = {"symbol": "IWM", "start": seconds(et(1, 9, 30)), "end": seconds(et(1, 16)), "previousClose": 49.0}
    body = json.dumps({"IWM": day | {"close": [1.0], "timestamp": [seconds(et(1, 15))]} | nulls}).encode()
    with pytest.raises(BadReply, match="no price in the regular session yet"):
        spark_quote(body, "IWM", NOW)


@pytest.mark.parametrize("odd", ["null", "[]", "3", '"IWM"', "{}", '{"symbol": 3}', '{"response": null}'])
def test_a_part_that_is_none_costs_itself_alone(odd: str) -> None:
    good = v7(spark("IWM"), spark("SPY")).decode()
    body = good.replace("[{", f"[{odd}, {{", 1).encode()
    assert set(yahoo_wire.spark_parts(body)) == {"IWM", "SPY"}


EDGE = (b"", b"<html>404</html>", b'{"error": 1}', b'{"chart": null}', b'{"chart": {"result": null, "error": null}}')


@pytest.mark.parametrize("body", EDGE)
async def test_a_404_in_other_words_than_yahoos_is_a_pause_and_no_unknown_symbol(tmp_path: Path, body: bytes) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        return httpx.Response(404, content=body)

    yahoo = feed(tmp_path, answer)
    with pytest.raises(BadReply, match="HTTP 404") as caught:
        await yahoo.bars(Instrument.of("IWM"), None, NOW)
    assert caught.value.pause_s == pytest.approx(900, abs=1)
    with pytest.raises(RateLimited):
        await yahoo.quotes(instruments("IWM", "SPY"), NOW)
    assert len(seen) == 1
    await yahoo.close()


async def test_after_a_404_of_the_edge_v8_tells_whether_only_v7_is_gone(tmp_path: Path) -> None:
    server = Server()
    server.replace["v7"] = httpx.Response(404, content=b"edge")
    with pytest.raises(BadReply):
        await (yahoo := feed(tmp_path, server)).quotes(instruments("IWM"), NOW)
    forgiven = feed(tmp_path / "later", server)
    forgiven._v7_turned_away = yahoo._v7_turned_away
    assert (await forgiven.quotes(instruments("IWM"), NOW)).quotes[0].price == 50.0
    assert server.paths() == ["v7", "v8"]
    await yahoo.close()
    await forgiven.close()


async def test_a_source_that_is_out_of_reach_is_asked_once_a_round(tmp_path: Path) -> None:
    asked_for: list[list[str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked_for.append(asked(request))
        raise httpx.ConnectTimeout("no answer")

    yahoo = feed(tmp_path, answer)
    with pytest.raises(ProviderFault, match="no answer"):
        await yahoo.quotes(instruments(*(f"F{n}" for n in range(45))), NOW)
    assert len(asked_for) == 1
    await yahoo.close()


@pytest.mark.parametrize(
    ("now", "meta", "bars", "expected"),
    [
        pytest.param(et(1, 17, 3), at(et(1, 16), 1), [(et(1, 17), 102.0)], (102.5, et(1, 17), Phase.POST), id="newer"),
        pytest.param(
            et(1, 21), at(et(1, 16), 1), [(et(1, 19, 55), 102.0)], (102.0, et(1, 19, 55), Phase.POST), id="night"
        ),
        pytest.param(et(2, 7, 3), at(et(1, 16), 2), [(et(2, 7), 99.0)], (102.5, et(2, 7), Phase.PRE), id="before"),
        pytest.param(et(1, 17), at(et(1, 16), 1), [], (102.5, et(1, 16), Phase.POST), id="no bar: as old as it may be"),
        pytest.param(et(2, 7), at(et(1, 16), 2), [], None, id="no bar before the open: it may be of last evening"),
        pytest.param(et(1, 15), at(et(1, 15), 1), [], None, id="in the session"),
        pytest.param(et(1, 21), at(et(1, 16), 1), [], None, id="after the last phase"),
    ],
)
def test_the_price_of_all_hours_is_of_those_outside_the_session_only(
    now: datetime,
    meta: Json,
    bars: list[tuple[datetime, float | None]],
    expected: tuple[float, datetime, Phase] | None,
) -> None:
    got = one("IWM", now, bars=bars, fulldayPrice=102.5, fulldayChange=2.0, **meta)
    assert got.price == 100.5
    assert (got.extended and (got.extended.price, got.extended.as_of, got.extended.phase)) == expected


def test_a_price_of_all_hours_that_is_the_close_is_no_trade_after_it() -> None:
    assert one("IWM", et(1, 17), fulldayPrice=100.5, **at(et(1, 16), 1)).extended is None
    assert one("RUT", et(1, 17), fulldayPrice=102.5, **at(et(1, 16), 1)).extended is None


@pytest.mark.parametrize(("since", "begin"), [(None, 0), (date(2026, 8, 31), 1788134400)])
async def test_the_range_is_always_given_as_moments(tmp_path: Path, since: date | None, begin: int) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"chart": {"result": [chart("^RUT", ROWS)], "error": None}})

    yahoo = feed(tmp_path, answer)
    (prices,) = await yahoo.bars(Instrument.of("RUT"), since, NOW)
    assert len(prices) == 3
    assert seen[0].url.raw_path.startswith(b"/v8/finance/chart/%5ERUT?")
    assert dict(seen[0].url.params) == {
        "interval": "1d",
        "period1": str(begin),
        "period2": str(seconds(NOW + timedelta(days=1))),
        "events": "div,splits,capitalGains",
        "includePrePost": "false",
    }
    await yahoo.close()


async def test_what_is_offered(tmp_path: Path) -> None:
    assert PROVIDER.endpoint is not None
    assert PROVIDER.endpoint.user_agent.startswith("Mozilla/5.0")
    yahoo = PROVIDER.build(Surroundings(PROVIDER.endpoint, tmp_path))
    assert yahoo.offers_quotes(Instrument.of("RUT"))
    assert yahoo.offers_bars(Instrument.of("IWM"))
    assert not yahoo.offers_quotes(Instrument.of("A,B"))
    assert not yahoo.offers_quotes(Instrument.of("RVX"))
    assert not yahoo.offers_bars(Instrument.of("^RVX"))
    assert yahoo.offers_bars(Instrument.of("VIX3M"))
    await yahoo.close()


def test_a_reply_that_tells_two_things_of_one_symbol_tells_nothing_of_it() -> None:
    same, other = spark("IWM"), spark("IWM", regularMarketPrice=250.0)
    twice = yahoo_wire.spark_parts(v7(same, spark("SPY"), other, same))
    assert twice["IWM"] is yahoo_wire.CONTRADICTORY
    assert twice["SPY"] is not yahoo_wire.CONTRADICTORY
    assert yahoo_wire.spark_parts(v7(same, same))["IWM"] is not yahoo_wire.CONTRADICTORY


def test_two_closes_of_a_session_that_is_over_are_refused() -> None:
    contradictory = [*ROWS[:2], (et(2, 16), 150.0), ROWS[2]]
    with pytest.raises(BadReply, match="two closes of 2026-09-02: 101 and 150"):
        decoded("IWM", chart("IWM", contradictory))
    (prices, *_) = decoded("IWM", chart("IWM", [*ROWS[:2], (et(2, 16), 101.0), ROWS[2]]))
    assert prices.closes == (100.0, 101.0, 102.0)
