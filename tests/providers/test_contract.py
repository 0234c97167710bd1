"""What every source promises: the right fault for each kind of trouble, and never a wrong number.

Sources are found by themselves; those of a plugin as `tests/parts.py` tells. Each that talks over a network needs a
good reply in `replies/`; the troubles are sent to it over a connection on this computer.
"""

import importlib
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui import plugins, providers
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.providers.base import (
    BadReply,
    HasBars,
    HasFilings,
    HasHoldings,
    HasMinutes,
    HasQuotes,
    HasSeries,
    HasStream,
    Misconfigured,
    Provider,
    ProviderFault,
    ProviderPart,
    RateLimited,
    Refused,
    ServerFault,
    Surroundings,
    UnknownSymbol,
    Unreachable,
)
from rotation_tui.workers.desk import LOOPS
from tests.parts import parts
from tests.parts import replies as replies_of_plugins
from tests.patience import PATIENCE_S
from tests.providers import paper_promises, promises, replies
from tests.providers.library import LIBRARY
from tests.providers.local_source import Answer, Request, serving
from tests.providers.paper_promises import FRAME, REGISTERED, numbered
from tests.providers.promises import FUND, INDEX, NOW, PRICE, RANGE, Source
from tests.providers.shop import SHOP

_PARTS: dict[str, ProviderPart[Provider]] = parts(providers.__name__, "PROVIDER", ProviderPart)
_PARTS |= {LIBRARY.name: LIBRARY.part}
NAMES = tuple(_PARTS)
_TOLD = {name: importlib.import_module(f"{replies.__name__}.{name}") for name in plugins.names(replies.__name__)}
_TOLD |= replies_of_plugins() | {LIBRARY.name: LIBRARY.told}
REPLIES: dict[str, Callable[[Request, str, str], str]] = {
    name: told.reply for name, told in _TOLD.items() if hasattr(told, "reply")
}
"""By source: a good reply to a request, with this symbol and this number in it."""
SERIES: dict[str, tuple[str, ...]] = {name: getattr(told, "SERIES", RANGE) for name, told in _TOLD.items()}
"""By source: the macro series that it is asked for."""


def part_of(name: str) -> ProviderPart[Provider]:
    """The part of that name."""
    return _PARTS[name]


def source_of(name: str) -> Source:
    """The source with its good replies."""
    if name not in _TOLD:
        pytest.fail(f"give a good reply of {name} in tests/providers/replies/{name}.py")
    return Source(part_of(name), _TOLD[name])


NETWORKED = tuple(name for name in NAMES if part_of(name).endpoint is not None)
REAL = tuple(name for name in NETWORKED if name != LIBRARY.name)
"""Those that there are outside of the tests."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came of a question: the names that were answered with numbers, and those that were missing."""

    numbers: dict[str, float]
    missing: dict[str, str]


async def _quotes(provider: Provider, instrument: Instrument) -> Given:
    assert isinstance(provider, HasQuotes)
    reply = await provider.quotes([instrument], NOW)
    assert all(quote.as_of <= NOW for quote in reply.quotes)
    return Given({quote.symbol: quote.price for quote in reply.quotes}, reply.missing)


async def _bars(provider: Provider, instrument: Instrument) -> Given:
    assert isinstance(provider, HasBars)
    given = await provider.bars(instrument, None, NOW)
    return Given({bars.symbol: bars.closes[-1] for bars in given if bars.closes}, {})


async def _series(provider: Provider, series_ids: tuple[str, ...]) -> Given:
    assert isinstance(provider, HasSeries)
    reply = await provider.series(series_ids, date(2026, 1, 2), NOW)
    return Given({series.series_id: series.values[-1] for series in reply.series}, reply.missing)


async def _minutes(provider: Provider, instrument: Instrument) -> Given:
    assert isinstance(provider, HasMinutes)
    given = await provider.minutes(instrument, 1, NOW)
    return Given({given.symbol: given.closes[-1]}, {})


async def _holdings(provider: Provider) -> Given:
    assert isinstance(provider, HasHoldings)
    given = await provider.holdings("IWM", NOW)
    weights = {member.ticker: member.weight for member in given.members}
    return Given({given.fund: weights[paper_promises.LESSER]} if paper_promises.LESSER in weights else {}, {})


async def _facts(provider: Provider) -> Given:
    assert isinstance(provider, HasFilings)
    given = await provider.facts(FRAME, NOW)
    return Given({}, {FRAME.name: "nobody filed it"}) if given is None else Given({FRAME.name: given.values[-1]}, {})


async def _registry(provider: Provider) -> Given:
    assert isinstance(provider, HasFilings)
    given = await provider.registry(NOW)
    return Given({ticker: float(cik) for ticker, (cik, _) in given.companies.items() if ticker == REGISTERED}, {})


PAPERS = {"holdings": _holdings, "facts": _facts, "registry": _registry}
"""Questions about what stands on disk and not on the board."""
QUESTIONS = (
    "index quote", "fund quote", "index bars", "fund bars", "index minutes", "fund minutes", "series", *PAPERS,
)  # fmt: skip
NUMBERS = {"holdings": paper_promises.LESSER_WEIGHT, "registry": "1234"}
"""By question: the number of a good reply, where a price will not do."""


def built(name: str) -> Provider:
    """The source, made and never asked."""
    return Source(part_of(name)).built()


def offers(name: str, question: str) -> bool:
    """Whether the source has an answer to the question."""
    provider = built(name)
    if question == "series":
        return isinstance(provider, HasSeries) and all(map(provider.offers_series, SERIES.get(name, RANGE)))
    if question == "holdings":
        return isinstance(provider, HasHoldings) and provider.offers_holdings("IWM")
    if question in PAPERS:
        return isinstance(provider, HasFilings)
    instrument = INDEX if question.startswith("index") else FUND
    if question.endswith("quote"):
        return isinstance(provider, HasQuotes) and provider.offers_quotes(instrument)
    if question.endswith("minutes"):
        return isinstance(provider, HasMinutes) and provider.offers_minutes(instrument, 1)
    return isinstance(provider, HasBars) and provider.offers_bars(instrument)


async def ask(name: str, provider: Provider, question: str) -> Given:
    """Put one question."""
    if question == "series":
        return await _series(provider, SERIES.get(name, RANGE))
    if question in PAPERS:
        return await PAPERS[question](provider)
    instrument = INDEX if question.startswith("index") else FUND
    asked = {"quote": _quotes, "bars": _bars, "minutes": _minutes}
    return await asked[question.split()[1]](provider, instrument)


CAPABILITIES: tuple[type[Any], ...] = tuple(dict.fromkeys((*(loop.asks for loop in LOOPS), HasHoldings, HasFilings)))


@pytest.mark.parametrize("name", NAMES)
def test_a_source_has_a_capability_whole_or_not_at_all(name: str) -> None:
    """Half of one would be taken for none, and the source never asked."""
    source = built(name)
    methods = {c: {m for m in vars(c) if callable(getattr(c, m)) and not m.startswith("_")} for c in CAPABILITIES}
    has = {c for c in CAPABILITIES if isinstance(source, c)}
    assert has
    assert not [m for c in set(CAPABILITIES) - has for m in methods[c] if hasattr(source, m)]


CASES = [(name, question) for name in NETWORKED for question in QUESTIONS if offers(name, question)]


FIRST = {name: question for name, question in reversed(CASES)}
FIRST_ALONE = [pytest.param(*case, marks=() if FIRST[case[0]] == case[1] else pytest.mark.whole) for case in CASES]
"""The same; whatever is asked of a source goes through one door, so that further questions can wait for the gate."""

POLLED = tuple(dict.fromkeys(name for name, _ in CASES))
"""Sources that are asked; one with a stream alone is listened to."""


def subjects(name: str, question: str) -> set[str]:
    """What is asked for by a question."""
    if question == "series":
        return set(SERIES.get(name, RANGE))
    if question in PAPERS:
        return {{"holdings": "IWM", "facts": FRAME.name, "registry": REGISTERED}[question]}
    return {"RUT" if question.startswith("index") else "IWM"}


def good(name: str, question: str) -> Callable[[Request, str, str], Answer]:
    """Good replies of a source, as answers."""
    if question in PAPERS:

        def paper(request: Request, symbol: str = "", number: str = "") -> Answer:
            return numbered(source_of(name), question, request, symbol, number)

        return paper
    if name not in REPLIES:
        pytest.fail(f"give a good reply of {name} in tests/providers/replies/{name}.py")

    def answer(request: Request, symbol: str = "", number: str = PRICE) -> Answer:
        subject = symbol or ("RUT" if question.startswith("index") else "IWM")
        return Answer(REPLIES[name](request, subject, number).encode())

    return answer


HTML = b"<!DOCTYPE html><html><title>Just a moment</title></html>"
TROUBLE: dict[str, tuple[Answer, tuple[type[ProviderFault], ...]]] = {
    "429": (Answer(b"Too Many Requests", 429, "text/plain"), (RateLimited,)),
    "429 without a word": (Answer(b"", 429), (RateLimited,)),
    "too many, with status 200": (Answer(b"Too Many Requests\r\n", 200, "text/plain"), (RateLimited,)),
    "401": (Answer(b"no", 401), (Refused,)),
    "403": (Answer(b"no", 403, "text/plain"), (Refused,)),
    "404": (Answer(b"<Error/>", 404, "text/xml"), (UnknownSymbol, BadReply)),
    "500": (Answer(b"oops", 500), (ServerFault,)),
    "503": (Answer(HTML, 503, "text/html"), (ServerFault,)),
    "silence": (Answer(silent=True), (Unreachable,)),
    "a web page": (Answer(HTML, kind="text/html"), (BadReply,)),
    "a web page called JSON": (Answer(HTML), (BadReply,)),
    "nothing": (Answer(b""), (BadReply,)),
    "blanks": (Answer(b" \n"), (BadReply,)),
    "a ZIP": (Answer(b"PK\x03\x04more", kind="application/zip"), (BadReply,)),
    "JSON of nothing": (Answer(b"{}"), (BadReply, UnknownSymbol)),
    "an empty list": (Answer(b"[]"), (BadReply, UnknownSymbol)),
    "null": (Answer(b"null"), (BadReply, UnknownSymbol)),
    "bytes that are no text": (Answer(b"\xff\xfe\x00{"), (BadReply,)),
}


async def _outcome(
    name: str, question: str, folder: Path, answer: Callable[[Request], Answer], timeout_s: float = PATIENCE_S
) -> tuple[Given, ProviderFault | None]:
    async with serving(answer) as source:
        provider = source.provider(part_of(name), folder, timeout_s)
        try:
            return await ask(name, provider, question), None
        except ProviderFault as fault:
            return Given({}, {}), fault
        finally:
            await provider.close()


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize(("name", "question"), FIRST_ALONE)
async def test_trouble_is_told_by_its_name(name: str, question: str, trouble: str, tmp_path: Path) -> None:
    answer, expected = TROUBLE[trouble]
    given, fault = await _outcome(name, question, tmp_path, lambda _: answer, 0.05 if answer.silent else PATIENCE_S)
    if fault is None:  # an unknown symbol may be named as missing instead
        assert UnknownSymbol in expected
        assert given.numbers == {}
        assert set(given.missing) == subjects(name, question)
        assert all(given.missing.values())
    else:
        assert type(fault) in expected, f"{type(fault).__name__}: {fault}"
        assert str(fault)
        assert str(fault).isprintable()


@pytest.mark.parametrize(("name", "question"), CASES)
async def test_a_good_reply_gives_its_number(name: str, question: str, tmp_path: Path) -> None:
    reply = good(name, question)
    number = NUMBERS.get(question, PRICE)
    given, fault = await _outcome(name, question, tmp_path, lambda request: reply(request, "", number))
    assert fault is None
    assert given.numbers == dict.fromkeys(subjects(name, question), float(number))
    assert given.missing == {}


@pytest.mark.parametrize("number", ["NaN", '"NaN"', "Infinity", "-Infinity", '"x"', "1e999", "{}", "[]", "null"])
@pytest.mark.parametrize(("name", "question"), CASES)
async def test_what_is_no_number_is_never_given(name: str, question: str, number: str, tmp_path: Path) -> None:
    reply = good(name, question)
    given, fault = await _outcome(name, question, tmp_path, lambda request: reply(request, "", number))
    assert fault is None or type(fault) in (BadReply, UnknownSymbol), f"{type(fault).__name__}: {fault}"
    # A row beside the bad one may be given; what is given must be a number of the reply.
    assert all(math.isfinite(value) and value == 240.0 for value in given.numbers.values())


@pytest.mark.parametrize(("name", "question"), [case for case in CASES if case[1] != "registry"])
async def test_an_answer_about_something_else_is_not_taken(name: str, question: str, tmp_path: Path) -> None:
    reply = good(name, question)
    number = NUMBERS.get(question, PRICE)
    given, fault = await _outcome(name, question, tmp_path, lambda request: reply(request, "ZZZZ", number))
    assert given.numbers == {}
    assert fault is None or type(fault) in (BadReply, UnknownSymbol), f"{type(fault).__name__}: {fault}"


@pytest.mark.parametrize("held_back", [False, True])
@pytest.mark.parametrize(("name", "question"), CASES)
async def test_a_cut_answer_is_not_taken_for_whole(name: str, question: str, held_back: bool, tmp_path: Path) -> None:
    """Cut by the connection, which says so, or by the source itself, which does not."""
    reply = good(name, question)

    def answer(request: Request) -> Answer:
        whole = reply(request, "", NUMBERS.get(question, PRICE))
        return Answer(whole.body, cut=3) if held_back else Answer(whole.body[:-3])

    given, fault = await _outcome(name, question, tmp_path, answer)
    assert given.numbers == {}
    assert type(fault) in ((Unreachable, BadReply) if held_back else (BadReply,)), f"{fault!r}"


def instrument_of(question: str) -> Instrument:
    return INDEX if question.startswith("index") else FUND


QUOTED = [case for case in CASES if case[1].endswith("quote")]
BARRED = [case for case in CASES if case[1].endswith("bars")]
INSIDE = [case for case in CASES if case[1].endswith("minutes")]
IN_ROWS = [case for case in CASES if case not in QUOTED + INSIDE and case[1] not in PAPERS]


def rows_of(question: str) -> str:
    """The question as the promises on rows put it."""
    return question if question == "series" else f"{instrument_of(question).symbol} bars"


@pytest.mark.parametrize(("name", "question"), QUOTED)
async def test_a_quote_is_of_its_print_and_not_of_the_time_of_asking(name: str, question: str, tmp_path: Path) -> None:
    await promises.a_quote_is_of_its_print(source_of(name), instrument_of(question), tmp_path)


@pytest.mark.parametrize("at", promises.IMPOSSIBLE)
@pytest.mark.parametrize(("name", "question"), QUOTED)
async def test_a_quote_of_a_time_at_which_nothing_trades_is_refused(
    name: str, question: str, at: str, tmp_path: Path
) -> None:
    source, moment = source_of(name), promises.IMPOSSIBLE[at]
    await promises.a_quote_that_cannot_be_is_refused(source, instrument_of(question), tmp_path, at=moment)


@pytest.mark.parametrize("number", promises.NO_PRICES)
@pytest.mark.parametrize(("name", "question"), QUOTED + BARRED)
async def test_a_number_that_is_no_price_is_refused(name: str, question: str, number: str, tmp_path: Path) -> None:
    source, instrument = source_of(name), instrument_of(question)
    if question.endswith("quote"):
        await promises.a_quote_that_cannot_be_is_refused(source, instrument, tmp_path, number=number)
    else:
        await promises.bars_are_of_prices(source, instrument, tmp_path, number)


@pytest.mark.parametrize(("name", "question"), IN_ROWS)
async def test_rows_out_of_order_are_put_in_order_or_refused(name: str, question: str, tmp_path: Path) -> None:
    await promises.rows_are_in_order(source_of(name), rows_of(question), tmp_path)


@pytest.mark.parametrize(("name", "question"), IN_ROWS)
async def test_of_a_day_with_two_values_no_more_than_one_is_given(name: str, question: str, tmp_path: Path) -> None:
    await promises.a_day_has_one_value(source_of(name), rows_of(question), tmp_path)


@pytest.mark.parametrize("rows", promises.NO_MINUTES)
@pytest.mark.parametrize(("name", "question"), INSIDE)
async def test_minutes_that_cannot_be_are_refused(name: str, question: str, rows: str, tmp_path: Path) -> None:
    instrument = instrument_of(question)
    await promises.minutes_that_cannot_be_are_refused(source_of(name), instrument, tmp_path, promises.NO_MINUTES[rows])


@pytest.mark.parametrize(("name", "question"), INSIDE)
async def test_minutes_are_those_of_the_newest_session_within_its_hours(
    name: str, question: str, tmp_path: Path
) -> None:
    await promises.minutes_are_of_the_newest_session(source_of(name), instrument_of(question), tmp_path)


@pytest.mark.parametrize("name", POLLED)
async def test_what_a_source_does_not_offer_it_does_not_ask_for(name: str, tmp_path: Path) -> None:
    await promises.what_is_not_offered_is_not_asked_for(source_of(name), tmp_path)


@pytest.mark.parametrize(("name", "question"), CASES)
async def test_closing_leaves_no_connection_open(name: str, question: str, tmp_path: Path) -> None:
    reply = good(name, question)
    await promises.closing_leaves_nothing_open(
        source_of(name), lambda provider: ask(name, provider, question),
        lambda request: reply(request, "", NUMBERS.get(question, PRICE)), tmp_path,
    )  # fmt: skip


@pytest.mark.parametrize("lines", paper_promises.NO_HOLDINGS)
@pytest.mark.parametrize("name", [name for name, question in CASES if question == "holdings"])
async def test_holdings_that_cannot_be_are_refused(name: str, lines: str, tmp_path: Path) -> None:
    await paper_promises.holdings_that_cannot_be_are_refused(
        source_of(name), tmp_path, paper_promises.NO_HOLDINGS[lines]
    )


@pytest.mark.parametrize("name", [name for name, question in CASES if question == "holdings"])
async def test_holdings_of_a_fund_that_is_not_offered_are_not_asked_for(name: str, tmp_path: Path) -> None:
    await paper_promises.funds_that_are_not_offered_are_not_asked_for(source_of(name), tmp_path)


@pytest.mark.parametrize("rows", paper_promises.NO_FACTS)
@pytest.mark.parametrize("name", [name for name, question in CASES if question == "facts"])
async def test_facts_that_cannot_be_are_refused(name: str, rows: str, tmp_path: Path) -> None:
    await paper_promises.facts_that_cannot_be_are_refused(source_of(name), tmp_path, paper_promises.NO_FACTS[rows])


@pytest.mark.parametrize("name", [name for name, question in CASES if question == "facts"])
async def test_companies_are_put_in_order(name: str, tmp_path: Path) -> None:
    await paper_promises.companies_are_in_order(source_of(name), tmp_path)


FILE = "date,IWM\n2026-11-12,240\n2026-11-15,241\n2026-11-19,242\n2026-11-23,243\n"
"""For a source that reads one: a Sunday between, and a session yet to come."""


@pytest.mark.parametrize("at", [NOW, promises.IMPOSSIBLE["a Sunday"]], ids=["weekday", "Sunday"])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in NETWORKED and offers(name, "fund quote")])
async def test_a_quote_that_comes_over_no_network_is_of_a_session_that_has_been(
    name: str, at: datetime, tmp_path: Path
) -> None:
    (tmp_path / "closes.csv").write_text(FILE, encoding="utf-8")
    options = {"path": str(tmp_path / "closes.csv"), "kind": "close"}
    provider = part_of(name).build(Surroundings(None, tmp_path, options=options))
    assert isinstance(provider, HasQuotes)
    (quote,) = (await provider.quotes([FUND], at)).quotes
    assert quote.as_of <= at
    assert nyse().is_session(quote.session)
    assert quote.session <= at.astimezone(EASTERN).date()
    await provider.close()


YAHOO = source_of("yahoo")
YAHOO_HEARD = Source(
    replace(YAHOO.part, build=lambda s: YAHOO.part.build(replace(s, options={"stream": True}))), YAHOO.told
)
"""Yahoo where the config asks for its websocket."""
LISTENED = [
    YAHOO_HEARD,
    *(source_of(n) for n in NETWORKED if isinstance(p := built(n), HasStream) and p.offers_stream(FUND)),
    SHOP,  # so that the promises on streams hold somebody while no source of ours streams
]


@pytest.mark.parametrize("source", LISTENED, ids=lambda source: source.name)
async def test_a_stream_tells_prices_of_their_print(source: Source, tmp_path: Path) -> None:
    await promises.a_stream_tells_the_print(source, tmp_path)


@pytest.mark.parametrize("at", promises.IMPOSSIBLE)
@pytest.mark.parametrize("source", LISTENED, ids=lambda source: source.name)
async def test_a_stream_tells_no_price_of_a_time_at_which_nothing_trades(
    source: Source, at: str, tmp_path: Path
) -> None:
    await promises.a_stream_tells_no_price_that_cannot_be(source, tmp_path, at=promises.IMPOSSIBLE[at])


@pytest.mark.parametrize("number", [*promises.NO_PRICES, "NaN", '"NaN"', "1e999", "null"])
@pytest.mark.parametrize("source", LISTENED, ids=lambda source: source.name)
async def test_a_stream_tells_no_number_that_is_no_price(source: Source, number: str, tmp_path: Path) -> None:
    await promises.a_stream_tells_no_price_that_cannot_be(source, tmp_path, number=number)


@pytest.mark.parametrize("source", LISTENED, ids=lambda source: source.name)
async def test_a_stream_tells_nothing_of_what_was_not_asked_for(source: Source, tmp_path: Path) -> None:
    await promises.a_stream_tells_no_price_that_cannot_be(source, tmp_path, symbol="ZZZZ")


@pytest.mark.parametrize("source", LISTENED, ids=lambda source: source.name)
async def test_a_stream_that_is_left_leaves_no_connection_open(source: Source, tmp_path: Path) -> None:
    await promises.a_stream_that_is_left_is_closed(source, tmp_path)


@pytest.mark.parametrize("name", NAMES)
async def test_a_source_can_be_made_and_closed_without_being_asked(name: str, tmp_path: Path) -> None:
    part = part_of(name)
    assert part.name == name
    provider = part.build(Surroundings(part.endpoint, tmp_path, options={"path": "absent.csv"}))
    assert provider.requests_last_hour() == 0
    await provider.close()
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("name", NETWORKED)
def test_a_networked_source_says_who_asks_and_how_often(name: str) -> None:
    endpoint = part_of(name).endpoint
    assert endpoint is not None
    assert endpoint.base_url.startswith("https://")
    assert endpoint.user_agent.startswith(("rotation-tui/", "Mozilla/5.0 (compatible; rotation-tui", "python-httpx"))
    assert endpoint.max_per_hour is not None
    assert endpoint.timeout_s <= 30


@pytest.mark.parametrize("name", NETWORKED)
def test_a_networked_source_without_an_address_says_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        part_of(name).build(Surroundings(None, tmp_path))
