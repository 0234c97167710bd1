"""The played providers agree with each other, whatever the hour, as the real providers' adapters read them."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.figures import frames_wanted
from rotation_tui.domain.holdings import FUNDS
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.series import SERIES
from rotation_tui.evidence.companies import Directory
from rotation_tui.providers import cboe, fred, ishares, newyorkfed, sec, treasury, yahoo
from rotation_tui.providers.base import (
    BadReply,
    Provider,
    ProviderFault,
    ProviderPart,
    RateLimited,
    ServerFault,
    Surroundings,
    Unreachable,
    named,
)
from rotation_tui.providers.fred import Fred
from rotation_tui.providers.yahoo import Yahoo
from tests.patience import PATIENCE_S
from tests.upstream import papers, replies, yfinance
from tests.upstream.market import UpstreamMarket
from tests.upstream.replies import Fault
from tests.upstream.server import Upstream

pytestmark = pytest.mark.whole

P = TypeVar("P", bound=Provider)
BOTH = tuple(Instrument.of(symbol) for symbol in ("RUT", "SPX", "NDX", "VIX", "IWM", "XLF"))
MOMENTS = {
    "a night": datetime(2026, 11, 18, 6, 0, tzinfo=UTC),
    "before the open": datetime(2026, 11, 18, 13, 0, tzinfo=UTC),
    "in a session": datetime(2026, 11, 18, 17, 0, 7, tzinfo=UTC),
    "after the close": datetime(2026, 11, 18, 21, 30, tzinfo=UTC),
    "a Sunday": datetime(2026, 11, 22, 15, 0, tzinfo=UTC),
    "a holiday": datetime(2026, 11, 26, 17, 0, tzinfo=UTC),
    "a half day's evening": datetime(2026, 11, 27, 22, 0, tzinfo=UTC),
}


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream(UpstreamMarket(at=MOMENTS["in a session"])) as server:
        yield server


def provider(upstream: Upstream, part: ProviderPart[P], folder: Path, timeout_s: float = PATIENCE_S) -> P:
    assert part.endpoint is not None
    own = part.endpoint.user_agent
    endpoint = replace(
        part.endpoint,
        base_url=upstream.url(part.name),
        user_agent=named(part.endpoint.user_agent, "somebody@example.com") if part.name == "sec" else own,
        timeout_s=timeout_s,
        max_per_hour=None,
        rate_per_s=1e4,
        burst=10_000,
    )
    return part.build(Surroundings(endpoint, folder))


@pytest.mark.parametrize("moment", MOMENTS)
async def test_prices_previous_closes_and_bars_agree(upstream: Upstream, moment: str, tmp_path: Path) -> None:
    now = MOMENTS[moment]
    upstream.market.now = lambda: now  # type: ignore[method-assign]
    from_yahoo, from_cboe = provider(upstream, yahoo.PROVIDER, tmp_path), provider(upstream, cboe.PROVIDER, tmp_path)
    calendar = upstream.market.calendar
    fast = {q.symbol: q for q in (await from_yahoo.quotes(BOTH, now)).quotes}
    late = {q.symbol: q for q in (await from_cboe.quotes(BOTH, now)).quotes}
    assert set(fast) == set(late) == {i.symbol for i in BOTH}
    for instrument in BOTH:
        symbol = instrument.symbol
        bars = (await from_yahoo.bars(instrument, date(2026, 9, 1), now))[0]
        closes = dict(zip(bars.dates, bars.closes, strict=True))
        for quote in (fast[symbol], late[symbol]):
            assert quote.as_of <= now
            assert quote.previous_close == closes[calendar.previous(quote.session)]
            if quote.as_of == calendar.close_at(quote.session):
                assert quote.price == closes[quote.session]
        assert (fast[symbol].price == late[symbol].price) is not upstream.market.is_open()
        assert fast[symbol].session == calendar.on_or_before(fast[symbol].as_of.date())
    await from_yahoo.close()
    await from_cboe.close()


async def test_everything_the_program_asks_for_is_played(upstream: Upstream, tmp_path: Path) -> None:
    now, calendar = upstream.market.now(), upstream.market.calendar
    instruments = universe(Config()).instruments
    from_yahoo = provider(upstream, yahoo.PROVIDER, tmp_path)
    reply = await from_yahoo.quotes(instruments, now)
    assert not reply.missing
    assert upstream.count("yahoo") == 2
    for instrument in instruments:
        bars = await from_yahoo.bars(instrument, None, now)
        assert bars[0].dates[-1] >= calendar.last_completed(now)
        assert len(bars[0]) > 2_500
        assert (Basis.TOTAL in {b.basis for b in bars}) == (instrument.kind.value == "etf")
    given: set[str] = set()
    for part in (newyorkfed.PROVIDER, fred.PROVIDER):
        source = provider(upstream, part, tmp_path)
        series = await source.series([s for s in SERIES if source.offers_series(s)], None, now)
        assert not series.missing
        given |= {s.series_id for s in series.series}
        await source.close()
    assert given == set(SERIES)
    await from_yahoo.close()


async def test_the_treasury_says_what_fred_says(upstream: Upstream, tmp_path: Path) -> None:
    now = upstream.market.now()
    told: list[dict[str, tuple[float, ...]]] = []
    for part in (fred.PROVIDER, treasury.PROVIDER):
        source = provider(upstream, part, tmp_path)
        reply = await source.series(["DGS3MO", "DGS2", "DGS10", "DFII10"], date(2024, 3, 1), now)
        assert not reply.missing
        told.append({s.series_id: s.values for s in reply.series})
        await source.close()
    assert told[0] == told[1]
    years = upstream.market.today().year - 2024 + 1
    assert upstream.count("treasury") == 2 * years


async def test_holdings_and_filings_are_of_the_same_companies(upstream: Upstream, tmp_path: Path) -> None:
    now, calendar = upstream.market.now(), upstream.market.calendar
    funds, filings = provider(upstream, ishares.PROVIDER, tmp_path), provider(upstream, sec.PROVIDER, tmp_path)
    directory = Directory(await filings.registry(now))
    ciks: set[int] = set()
    for fund in FUNDS:
        held = await funds.holdings(fund, now)
        assert held.as_of == calendar.last_completed(now)
        assert held.left_out
        found = directory.companies(held)
        assert found.covered_count == 100
        assert len(held.members) - len(found.companies) == (papers.SHARES if fund == "IVV" else 0)
        ciks |= {company.cik for company in found.companies}
    frames = frames_wanted(now.date())
    told = [facts for frame in frames if (facts := await filings.facts(frame, now)) is not None]
    assert {facts.frame.tag for facts in told} >= set(papers.TAGS)
    assert all({int(cik) for cik in facts.ciks} == ciks for facts in told)
    sent = upstream.count("sec")
    assert await filings.facts(told[0].frame, now) == told[0]
    assert upstream.seen("sec")[sent].headers["if-none-match"]
    await funds.close()
    await filings.close()


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (replies.too_many(), RateLimited),
        (replies.too_many("30"), RateLimited),
        (replies.server_error(), ServerFault),
        (replies.web_page(), BadReply),
        (replies.truncated(), Unreachable),
        (replies.dropped(), Unreachable),
        (replies.slow(20), Unreachable),
        (replies.yahoo_error("no"), BadReply),
    ],
)
async def test_it_misbehaves_as_told(
    upstream: Upstream, fault: Fault, expected: type[ProviderFault], tmp_path: Path
) -> None:
    upstream.tell("yahoo", fault)
    source = provider(upstream, yahoo.PROVIDER, tmp_path, timeout_s=0.5 if fault.wait_s else PATIENCE_S)
    with pytest.raises(expected):
        await source.quotes(BOTH, upstream.market.now())
    upstream.behave()
    await source.close()


async def test_it_comes_back_on_the_same_port(upstream: Upstream, tmp_path: Path) -> None:
    source = provider(upstream, cboe.PROVIDER, tmp_path)
    now = upstream.market.now()
    assert (await source.quotes(BOTH[:1], now)).quotes
    port = upstream.port
    upstream.kill()
    with pytest.raises(Unreachable):
        await source.quotes(BOTH[:1], now)
    upstream.start()
    assert upstream.port == port
    assert (await source.quotes(BOTH[:1], now)).quotes
    assert upstream.count("cboe") == 2
    await source.close()


@pytest.mark.parametrize(
    ("part", "agent"), [(yahoo.PROVIDER, "curl/8"), (fred.PROVIDER, "Mozilla/5.0")], ids=["yahoo", "fred"]
)
async def test_it_turns_away_whom_the_real_host_does(
    upstream: Upstream, part: ProviderPart[Yahoo | Fred], agent: str, tmp_path: Path
) -> None:
    assert part.endpoint is not None
    endpoint = replace(part.endpoint, base_url=upstream.url(part.name), user_agent=agent)
    source = part.build(Surroundings(endpoint, tmp_path))
    now = upstream.market.now()
    asking = source.quotes(BOTH, now) if isinstance(source, Yahoo) else source.series(["DGS10"], None, now)
    with pytest.raises((RateLimited, ServerFault)):
        await asking
    assert upstream.seen(part.name)[-1].headers["user-agent"] == agent
    await source.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_yfinance_is_told_agrees_with_the_rest(upstream: Upstream, moment: str) -> None:
    market = upstream.market
    market.now = lambda: MOMENTS[moment]  # type: ignore[method-assign]
    last = market.last("RUT", provider="yahoo")

    def closes(**query: str) -> list[float]:
        said = json.loads(yfinance.answer(market, "/v8/finance/chart/^RUT", query, {}).body)
        (chart,) = said["chart"]["result"]
        assert len(chart["timestamp"]) == len(chart["indicators"]["quote"][0]["close"])
        return list(chart["indicators"]["quote"][0]["close"])

    assert closes(range="1d", interval="1m")[-1] == last.price
    assert closes(range="5d", interval="1d")[-1] == last.price
    assert len(closes(range="5d", interval="1d")) == 5
    (quote,) = json.loads(yfinance.answer(market, "/v7/finance/quote", {"symbols": "^RUT,NONE"}, {}).body)[
        "quoteResponse"
    ]["result"]
    assert (quote["regularMarketPrice"], quote["regularMarketPreviousClose"]) == (last.price, last.previous_close)
