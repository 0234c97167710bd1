"""The demo's source: the same for a seed everywhere, quotes that end in its bars, and cheap to ask."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import stdev

import pytest

from rotation_tui.domain.bars import completed
from rotation_tui.domain.clock import DEMO_START
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.minutes import Hours
from rotation_tui.domain.session import EASTERN, Phase, nyse
from rotation_tui.providers.base import Misconfigured, Surroundings, UnknownSymbol
from rotation_tui.providers.simulated import DEMO_NOTE, PROVIDER, macro
from rotation_tui.providers.simulated.inside import extended
from rotation_tui.providers.simulated.live import live_price
from rotation_tui.providers.simulated.market import Market
from rotation_tui.providers.simulated.noise import TICKS, noises, session_bridge
from tests.providers.demo import BOARD, CLOSE, LATER, bars, made, quoted, returns

PINNED = {"RUT": 2488.77, "SPX": 6875.25, "VIX": 14.35, "PSCF": 57.33, "ZZZ": 45.97}


async def test_a_seed_always_gives_the_same_market() -> None:
    """Pinned, so that another process, hash seed, platform or Python that told other prices would show."""
    told = {symbol: (await quoted(symbol, DEMO_START)).price for symbol in ("RUT", "SPX", "VIX", "PSCF", "ZZZ")}
    assert told == PINNED
    assert noises(3, "a", 1) == noises(5, "a", 1)[:3]


async def test_order_of_asking_and_company_do_not_matter() -> None:
    together = await made().quotes([Instrument.of(symbol) for symbol in reversed(BOARD)], DEMO_START)
    alone = [await quoted(quote.symbol, DEMO_START) for quote in together.quotes]
    assert list(together.quotes) == alone


async def test_another_seed_is_another_path_between_the_same_fixed_points() -> None:
    one, two = await bars("RUT", seed=7), await bars("RUT", seed=8)
    assert one.dates == two.dates
    same = [day for day, a, b in zip(one.dates, one.closes, two.closes, strict=True) if a == b]
    assert date(2025, 12, 11) in same
    assert len(same) < 0.02 * len(one)


async def test_the_clock_of_the_surroundings_decides_the_time() -> None:
    at_the_demo = await made(at=DEMO_START).quotes([Instrument.of("RUT")], datetime(2030, 1, 2, tzinfo=UTC))
    assert at_the_demo.quotes[0] == await quoted("RUT", DEMO_START)


@pytest.mark.parametrize("seed", ["7", 1.5, True])
def test_a_seed_that_is_no_whole_number_is_told(seed: object) -> None:
    with pytest.raises(Misconfigured, match="seed"):
        PROVIDER.build(Surroundings(None, Path("unused"), options={"seed": seed}))


def test_it_says_that_it_is_a_demo() -> None:
    assert PROVIDER.terms is not None
    assert "DEMO" in PROVIDER.terms
    assert DEMO_NOTE in PROVIDER.terms
    assert DEMO_NOTE == "simulated between a few published closes"


@pytest.mark.parametrize("symbol", BOARD)
async def test_history_is_long_enough_for_every_window_and_ends_with_the_last_session(symbol: str) -> None:
    found = await bars(symbol, DEMO_START)
    assert found.dates[0] <= date(2014, 12, 31)
    assert found.dates == nyse().sessions(found.dates[0], date(2025, 12, 29))
    assert completed(found, nyse(), DEMO_START) == found


async def test_columns_beside_the_closes() -> None:
    iwm, pscf, rut = [await bars(symbol, DEMO_START) for symbol in ("IWM", "PSCF", "RUT")]
    assert rut.volumes is None
    for fund, least, most in ((iwm, 1e7, 1e8), (pscf, 1e3, 1e5)):
        assert fund.volumes is not None
        recent = [volume for volume in fund.volumes[-525:] if volume is not None]
        assert len(recent) == 525
        assert least < sum(recent) / 525 < most
    assert iwm.highs is not None
    rows = zip(iwm.highs[1:], iwm.closes[1:], strict=True)
    assert all(high is not None and close <= high < close * 1.12 for high, close in rows)
    assert iwm.lows is not None
    recent_rows = list(zip(iwm.lows, iwm.closes, strict=True))[-525:]
    assert all(low is not None and close * 0.88 < low <= close for low, close in recent_rows)
    assert iwm.opens is not None
    for low, opened, high in list(zip(iwm.lows, iwm.opens, iwm.highs, strict=True))[-525:]:
        assert low is not None
        assert opened is not None
        assert high is not None
        assert low * 0.99 <= opened <= high * 1.01


@pytest.mark.parametrize("symbol", BOARD)
async def test_the_day_before_and_the_close_after_are_those_of_the_bars(symbol: str) -> None:
    before = await bars(symbol, DEMO_START)
    quote = await quoted(symbol, DEMO_START)
    assert (quote.session, quote.previous_session) == (date(2025, 12, 30), date(2025, 12, 29))
    assert quote.previous_close == before.closes[-1]
    assert timedelta() <= DEMO_START - quote.as_of < timedelta(seconds=30)

    after = await bars(symbol, CLOSE)
    final = await quoted(symbol, CLOSE)
    assert (final.session, final.price, final.as_of) == (after.dates[-1], after.closes[-1], CLOSE)
    almost = await quoted(symbol, CLOSE - timedelta(seconds=20))
    assert almost.price == pytest.approx(final.price, rel=0.02 if symbol == "VIX" else 0.003)


@pytest.mark.parametrize(
    ("at", "session", "as_of"),
    [
        ("2025-12-30 09:30", "2025-12-30", "2025-12-30 09:30"),
        ("2025-12-30 20:30", "2025-12-30", "2025-12-30 16:00"),
        ("2025-12-31 08:00", "2025-12-30", "2025-12-30 16:00"),
        ("2026-01-01 12:00", "2025-12-31", "2025-12-31 16:00"),
        ("2026-01-04 12:00", "2026-01-02", "2026-01-02 16:00"),
        ("2025-12-24 15:00", "2025-12-24", "2025-12-24 13:00"),
    ],
)
async def test_outside_sessions_the_last_close_stands(at: str, session: str, as_of: str) -> None:
    quote = await quoted("SPX", datetime.fromisoformat(at).replace(tzinfo=EASTERN))
    assert quote.session == date.fromisoformat(session)
    assert quote.as_of == datetime.fromisoformat(as_of).replace(tzinfo=EASTERN)


@pytest.mark.whole
async def test_quotes_live_in_small_steps_every_few_seconds() -> None:
    provider, rut, iwm = made(), Instrument.of("RUT"), Instrument.of("IWM")
    told = [(await provider.quotes([rut, iwm], DEMO_START + timedelta(seconds=s))).quotes for s in range(600)]
    prices = [row[0].price for row in told]
    assert len(set(prices)) > 100
    assert max(abs(move) for move in returns(prices)) < 0.001
    assert prices[0] == prices[1] or prices[1] == prices[2]  # between two prints nothing changes
    assert all(row[1].price == pytest.approx(row[0].price * 0.09918, rel=5e-4) for row in told)


def test_the_bridge_inside_a_session_is_continuous_and_ends_at_nothing() -> None:
    assert session_bridge(0, "x") == session_bridge(TICKS, "x") == 0
    path = [session_bridge(tick, "x") for tick in range(TICKS + 1)]
    assert max(abs(b - a) for a, b in pairwise(path)) < 6 / TICKS**0.5
    middles = [session_bridge(TICKS // 2, "x", n) for n in range(2000)]
    assert stdev(middles) == pytest.approx(0.5, rel=0.06)


async def test_sessions_after_the_fixed_points_go_on() -> None:
    found = await bars("RUT", LATER, since=date(2025, 12, 30))
    assert found.dates == nyse().sessions(date(2025, 12, 30), date(2026, 3, 31))
    assert len(set(found.closes)) > 55
    assert (await quoted("RUT", datetime(2026, 1, 2, 10, tzinfo=EASTERN))).previous_close == 2481.91


@pytest.mark.parametrize("at", [datetime(2004, 6, 1, tzinfo=UTC), datetime(2031, 6, 1, tzinfo=UTC)])
async def test_moments_without_a_market_are_told(at: datetime) -> None:
    rut = Instrument.of("RUT")
    reply = await made().quotes([rut], at)
    assert not reply.quotes
    assert list(reply.missing) == ["RUT"]
    with pytest.raises(UnknownSymbol):
        await made().bars(rut, None, at)
    assert list((await made().series(["DGS10"], None, at)).missing) == ["DGS10"]


def test_a_quote_makes_one_year_of_what_it_needs_and_nothing_twice() -> None:
    market = Market(7, nyse())
    live_price(market, "IWM", DEMO_START)
    assert market.paths_made == 3  # VIX, RUT, IWM
    live_price(market, "PSCF", DEMO_START)
    assert market.paths_made == 5  # SPX and the fund
    for symbol in BOARD:
        live_price(market, symbol, DEMO_START)
    assert market.paths_made == len(BOARD)
    for symbol in BOARD:
        live_price(market, symbol, CLOSE)
    assert market.paths_made == len(BOARD)


def test_the_first_session_of_a_year_needs_no_path_of_the_year_before() -> None:
    market = Market(7, nyse())
    live_price(market, "RUT", datetime(2026, 1, 2, 11, tzinfo=EASTERN))
    assert market.paths_made == 2  # VIX, RUT


async def test_a_history_makes_each_year_once() -> None:
    provider = made()
    for symbol in ("RUT", "SPX", "IWM"):
        await provider.bars(Instrument.of(symbol), None, DEMO_START)
    assert provider._market.paths_made == 4 * 21  # with VIX, from 2005
    await provider.series(["VIXCLS", "SP500"], None, DEMO_START)
    assert provider._market.paths_made == 4 * 21
    assert macro.offers("SP500")


@pytest.mark.parametrize("days", [1, 5])
async def test_minutes_are_those_of_the_quotes_with_some_around_the_session(days: int) -> None:
    market, now = made(), datetime(2025, 12, 30, 19, 3, 20, tzinfo=UTC)
    fund, index = [await market.minutes(Instrument.of(s), days, now) for s in ("IWM", "RUT")]
    (quote,) = (await market.quotes([Instrument.of("IWM")], now)).quotes
    assert fund.closes[-1] == quote.price
    hours = Hours(nyse())
    assert {hours.phase_at(at) for at in index.times} == {Phase.OPEN}
    around = {Phase.PRE, Phase.OPEN} if days == 1 else {Phase.PRE, Phase.OPEN, Phase.POST}
    assert {hours.phase_at(at) for at in fund.times} == around
    assert len({hours.session_at(at) for at in fund.times}) == days
    assert fund == await market.minutes(Instrument.of("IWM"), days, now)


@pytest.mark.parametrize("fund", ["IWM", "IVV"])
async def test_closes_of_members_end_where_the_fund_reckons_them(fund: str) -> None:
    source = made()
    held = await source.holdings(fund, DEMO_START)
    reply = await source.outlines([Instrument.of(member.ticker) for member in held.members], DEMO_START)
    assert reply.missing == {}
    told = {outline.symbol: outline for outline in reply.outlines}
    assert all(outline.outline for outline in told.values())
    assert {outline.dates[-1] for outline in told.values()} == {held.as_of}
    for member in held.members:
        assert member.price is not None
        assert told[member.ticker].closes[-1] == pytest.approx(member.price, abs=1e-4)
    year = [100 * (outline.closes[-1] / outline.closes[-253] - 1) for outline in told.values()]
    assert stdev(year) > 5.0, "they do not all do what the index does"
    alone = await made().outlines([Instrument.of(held.members[-1].ticker)], DEMO_START)
    assert alone.outlines[0].closes == told[held.members[-1].ticker].closes
    for outline in told.values():
        bars = list(zip(*(c[-300:] for c in (outline.lows, outline.closes, outline.highs) if c), strict=True))
        assert all(low is not None and low <= close <= (high or 0.0) for low, close, high in bars)
        assert all((outline.volumes or (None,))[-300:]), "every session has trades"


async def test_what_is_no_member_has_the_closes_of_its_history_and_a_future_none() -> None:
    reply = await made().outlines([Instrument.of(name) for name in ("RUT", "NQ=F")], DEMO_START)
    (outline,) = reply.outlines
    whole = (await bars("RUT")).until(outline.dates[-1]).since(outline.dates[0])
    assert (outline.dates, outline.closes) == (whole.dates, whole.closes)
    assert len(outline.dates) > 504
    assert reply.missing == {"NQ=F": "the demo has no history of NQ=F"}
    before = await made().outlines([Instrument.of("RUT")], datetime(1990, 1, 2, tzinfo=UTC))
    assert set(before.missing) == {"RUT"}


@pytest.mark.parametrize(
    ("hour", "minute", "phase", "printed"),
    [
        (7, 20, Phase.POST, "29 17:00"),  # the evening before, until somebody trades in the morning
        (7, 35, Phase.PRE, "30 07:35"),
        (9, 29, Phase.PRE, "30 09:25"),
        (9, 30, None, ""),
        (15, 59, None, ""),
        (16, 4, None, ""),
        (16, 5, Phase.POST, "30 16:05"),
        (23, 0, Phase.POST, "30 17:00"),
    ],
)
def test_a_fund_has_prices_outside_regular_hours_and_an_index_has_none(
    hour: int, minute: int, phase: Phase | None, printed: str
) -> None:
    at = datetime(2025, 12, 30, hour, minute, tzinfo=EASTERN).astimezone(UTC)
    market = Market(7, nyse())
    found = extended(market, "IWM", at)
    assert (found and found.phase) == phase
    if found is not None:
        assert found.as_of.astimezone(EASTERN).strftime("%d %H:%M") == printed
        assert found.as_of <= at
        assert abs(found.price / live_price(market, "IWM", at).price - 1) < 0.02
    assert extended(market, "RUT", at) is None
