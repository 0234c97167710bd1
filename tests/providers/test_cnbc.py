"""CNBC: last prices and their times, nothing else of what it says, and nothing without a time."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rotation_tui.config.schema import Config
from rotation_tui.domain.instrument import Instrument
from rotation_tui.providers.base import BadReply
from rotation_tui.providers.cnbc import PROVIDER, parse_quotes
from tests.providers.local_source import Answer, Request, serving

NOW = datetime(2026, 11, 20, 18, 31, tzinfo=UTC)


def record(**changes: Any) -> dict[str, Any]:
    """A quote of 20 November 2026, 13:16 in New York, whose change contradicts its price."""
    return {
        "symbol": ".SPX", "code": 0, "last": "7,764.64", "last_time": "2026-11-20T13:16:00.000-0500",
        "change": "-55.12", "change_pct": "+9.99%", "previous_day_closing": "1.00", "high": "99,999.00", **changes,
    }  # fmt: skip


def reply(*records: Any) -> bytes:
    return json.dumps({"FormattedQuoteResult": {"FormattedQuote": list(records)}}).encode()


def told(body: bytes, *symbols: str) -> tuple[dict[str, float], dict[str, str]]:
    quotes, missing = parse_quotes(body, [Instrument.of(symbol) for symbol in symbols], NOW)
    return {symbol: quote.price for symbol, quote in quotes.items()}, missing


def test_only_the_last_price_and_its_time_are_read() -> None:
    (quotes, missing) = parse_quotes(reply(record()), [Instrument.of("SPX")], NOW)
    quote = quotes["SPX"]
    assert (quote.price, quote.as_of, quote.session) == (
        7764.64, datetime(2026, 11, 20, 18, 16, tzinfo=UTC), date(2026, 11, 20),
    )  # fmt: skip
    assert (quote.previous_close, quote.previous_session, quote.day_high, quote.extended) == (None, None, None, None)
    assert (quote.delay_s, quote.source) == (900, "cnbc")
    assert missing == {}


def test_a_symbol_that_an_answer_tells_two_prices_of_has_none() -> None:
    twice = {"SPX": "unusable: two quotes of it in one answer"}
    assert told(reply(record(), record(last="7,764.65")), "SPX") == ({}, twice)
    assert told(reply(record(last="7,764.65"), record()), "SPX") == ({}, twice)
    assert told(reply(record(), record()), "SPX") == ({"SPX": 7764.64}, {})


def test_a_single_quote_may_come_without_its_list() -> None:
    body = json.dumps({"FormattedQuoteResult": {"FormattedQuote": record()}}).encode()
    assert told(body, "SPX") == ({"SPX": 7764.64}, {})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last": None}, "last price"),
        ({"last": ""}, "last price"),
        ({"last": "UNCH"}, "UNCH"),
        ({"last": "4.606%"}, "4.606%"),
        ({"last": "7,76"}, "7,76"),
        ({"last": "7_764"}, "7_764"),
        ({"last": "-3"}, "-3"),
        ({"last": "0.00"}, "above zero"),
        ({"last": "1" * 400}, "not a finite"),
        ({"last_time": None}, "not known"),
        ({"last_time": "2026-11-20"}, "not known"),
        ({"last_time": "1:16 PM EST"}, "not known"),
        ({"last_time": "2026-11-20T13:16:00"}, "no zone"),
        ({"last_time": "2026-11-20T18:00:00.000-0500"}, "yet to come"),
        ({"last_time": "2026-11-15T13:16:00.000-0500"}, "no session"),
        ({"last_time": "1960-11-15T13:16:00.000-0500"}, "outside"),
        ({"code": 1}, "does not carry"),
        ({"code": "1"}, "does not carry"),
        ({"symbol": "SPX"}, "does not carry"),
    ],
)
def test_a_quote_that_cannot_be_true_costs_itself_alone(changes: dict[str, Any], words: str) -> None:
    prices, missing = told(reply(None, 3, record(**changes), record(symbol="IWM", last="241.5")), "SPX", "IWM")
    assert prices == {"IWM": 241.5}
    assert words in missing["SPX"]


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"FormattedQuoteResult": null}', b'{"FormattedQuoteResult": {}}'])
def test_what_is_no_reply_is_refused(body: bytes) -> None:
    with pytest.raises(BadReply):
        told(body, "SPX")


async def test_twenty_five_symbols_are_one_request(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        return Answer(reply(*(record(symbol=name) for name in request.query["symbols"].split("|"))))

    funds = [Instrument.of(f"F{n}") for n in range(26)]
    async with serving(answer) as source:
        cnbc = source.provider(PROVIDER, tmp_path)
        got = await cnbc.quotes([Instrument.of("RUT"), *funds, Instrument.of("ES=F"), Instrument.of("RVX")], NOW)
        assert [len(request.query["symbols"].split("|")) for request in source.seen] == [25, 2]
        assert source.seen[0].query["symbols"].startswith(".RUT|F0|F1")
        assert source.paths[0] == "/restQuote/symbolType/symbol"
        assert len(got.quotes) == 27
        assert set(got.missing) == {"ES=F", "RVX"}
        await cnbc.close()


def test_it_is_off_unless_the_config_names_it() -> None:
    assert "cnbc" not in {feed.provider for feed in Config().feeds}
