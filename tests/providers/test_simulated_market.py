"""The simulated market: tied to published closes, never beyond the record, and credible in between."""

import csv
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import correlation, stdev

import pytest

from rotation_tui.domain.bars import Basis
from rotation_tui.domain.clock import DEMO_START
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.series import SERIES
from rotation_tui.domain.session import EASTERN, nyse
from rotation_tui.evidence.freshness import overdue
from rotation_tui.providers.simulated import facts, macro_facts
from rotation_tui.providers.simulated.live import live_price
from rotation_tui.providers.simulated.market import Market
from tests import shared_material
from tests.providers.demo import BOARD, CLOSE, SEEDS, bars, made, returns, series


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("symbol", "day", "close"),
    [
        ("RUT", date(2024, 12, 31), 2230.16),
        ("RUT", date(2025, 6, 30), 2175.04),
        ("RUT", date(2025, 12, 11), 2590.61),
        ("RUT", date(2025, 12, 30), 2500.59),
        ("RUT", date(2025, 12, 31), 2481.91),
        ("SPX", date(2024, 12, 31), 5881.63),
        ("SPX", date(2025, 6, 30), 6204.95),
        ("SPX", date(2025, 12, 11), 6901.00),
        ("SPX", date(2025, 12, 24), 6932.05),
        ("SPX", date(2025, 12, 30), 6896.24),
        ("SPX", date(2025, 12, 31), 6845.50),
    ],
)
async def test_published_closes_are_exact(symbol: str, day: date, close: float, seed: int) -> None:
    found = await bars(symbol, seed=seed, since=day)
    assert (found.dates[0], found.closes[0]) == (day, close)


@pytest.mark.parametrize(
    ("symbol", "yearly"),
    [
        ("RUT", [-5.71, 19.48, 13.14, -12.18, 23.72, 18.36, 13.69, -21.56, 15.09, 10.02, 11.29]),
        ("SPX", [-0.73, 9.54, 19.42, -6.24, 28.88, 16.26, 26.89, -19.44, 24.23, 23.31, 16.39]),
    ],
)
async def test_years_return_what_was_published(symbol: str, yearly: list[float]) -> None:
    found = await bars(symbol)
    ends = [found.until(date(year, 12, 31)).closes[-1] for year in range(2014, 2026)]
    assert [round(100 * r, 2) for r in returns(ends)] == pytest.approx(yearly, abs=0.011)


def test_published_closes_agree_with_the_stored_history() -> None:
    with shared_material.path("history", "index_close_2005_2025.csv").open() as file:
        real = {date.fromisoformat(row["date"]): row for row in csv.DictReader(file)}
    for symbol, ends in facts.YEAR_ENDS.items():
        for year, close in enumerate(ends[1:], facts.FIRST_YEAR + 1):
            last = max(day for day in real if day.year == year)
            assert close == pytest.approx(float(real[last][symbol]), abs=0.1), (symbol, year)
        for day, close in facts.FIXED.get(symbol, {}).items():
            assert close == pytest.approx(float(real[day][symbol]), abs=0.005), (symbol, day)
        if symbol in facts.RECORDS:
            record = max(float(row[symbol]) for row in real.values())
            assert facts.RECORDS[symbol] == pytest.approx(record, abs=0.1)


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_standing_record_is_the_highest_close_before_and_after(seed: int) -> None:
    rut, spx, iwm = [await bars(symbol, seed=seed) for symbol in ("RUT", "SPX", "IWM")]
    assert max(zip(rut.closes, rut.dates, strict=True)) == (2590.61, date(2025, 12, 11))
    assert max(zip(spx.closes, spx.dates, strict=True)) == (6932.05, date(2025, 12, 24))
    assert rut.dates[iwm.closes.index(max(iwm.closes)) - len(iwm)] == date(2025, 12, 11)
    for found, record in ((rut, 2590.61), (spx, 6932.05)):
        assert found.highs is not None
        assert max(high for high in found.highs if high is not None) <= record


@pytest.mark.whole
@pytest.mark.parametrize("seed", SEEDS)
def test_no_live_price_passes_the_record_either(seed: int) -> None:
    market = Market(seed, nyse())
    for day in nyse().sessions(date(2025, 12, 8), date(2026, 1, 30)):
        for minutes in range(0, 390, 26):
            at = nyse().open_at(day) + timedelta(minutes=minutes)
            assert live_price(market, "RUT", at).price <= 2590.61
            assert live_price(market, "SPX", at).price <= 6932.05


@pytest.mark.parametrize("seed", SEEDS)
async def test_returns_are_correlated_as_in_a_market(seed: int) -> None:
    year = {
        symbol: returns((await bars(symbol, DEMO_START, seed)).closes[-253:])
        for symbol in ("RUT", "SPX", "NDX", "VIX", "IWM", "SPY", "PSCF", "XLF", "TLT")
    }
    assert 0.6 < correlation(year["RUT"], year["SPX"]) < 0.95
    assert 0.85 < correlation(year["NDX"], year["SPX"]) < 0.995
    assert -0.95 < correlation(year["VIX"], year["SPX"]) < -0.4
    assert correlation(year["IWM"], year["RUT"]) > 0.998
    assert correlation(year["SPY"], year["SPX"]) > 0.998
    assert 0.6 < correlation(year["PSCF"], year["IWM"]) < 0.97
    assert correlation(year["PSCF"], year["XLF"]) > correlation(year["PSCF"], year["TLT"]) + 0.3
    assert stdev(year["RUT"]) > stdev(year["SPX"])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("symbol", [*BOARD, "HYG", "TLT", "USO", "SOMETHING"])
async def test_no_day_moves_further_than_a_market_does(symbol: str, seed: int) -> None:
    found = await bars(symbol, seed=seed)
    limit = 0.5 if symbol == "VIX" else 0.15
    assert max(abs(move) for move in returns(found.closes)) < limit
    assert found.closes[-1] == round(found.closes[-1], 2)


@pytest.mark.parametrize("seed", SEEDS)
async def test_vix_reverts_and_stands_near_14_on_30_december(seed: int) -> None:
    vix = await bars("VIX", CLOSE, seed)
    assert vix.closes[-1] == 14.33
    assert min(vix.closes) >= 9
    assert max(vix.closes) < 90
    assert 15 < sum(vix.closes) / len(vix) < 25


async def test_index_and_fund_never_part_by_half_a_point_in_a_month() -> None:
    rut, iwm = [tuple((await bars(symbol)).closes) for symbol in ("RUT", "IWM")]
    for start in range(len(rut) - 21):
        parted = iwm[start + 21] / iwm[start] - rut[start + 21] / rut[start]
        assert abs(parted) < 0.005


@pytest.mark.parametrize(
    ("symbol", "total"), [("PSCF", 6.2), ("PSCC", -16.5), ("XBI", 35.9), ("KRE", 10.2), ("IWM", 12.6)]
)
async def test_total_returns_of_2025_are_near_the_published_ones(symbol: str, total: float) -> None:
    price, adjusted = await made().bars(
        Instrument.of(symbol), date(2024, 12, 31), datetime(2025, 12, 31, 17, tzinfo=EASTERN)
    )
    assert (price.basis, adjusted.basis) == (Basis.PRICE, Basis.TOTAL)
    assert adjusted.closes[-1] == price.closes[-1]
    assert 100 * (adjusted.closes[-1] / adjusted.closes[0] - 1) == pytest.approx(total, abs=0.2)
    steps = [(1 + a) / (1 + p) for a, p in zip(returns(adjusted.closes), returns(price.closes), strict=True)]
    assert sum(step > 1 + 1e-9 for step in steps) == 4  # four dividends, the rest of the days are equal


STALE_BEFORE_THE_NEXT = {"B235RC1Q027SBEA", "A255RC1Q027SBEA", "Y033RC1Q027SBEA"}
"""Quarterly figures that the catalogue calls too old some weeks before the next one is published."""


@pytest.mark.parametrize("series_id", SERIES)
async def test_every_series_of_the_catalogue_is_there_and_fresh(series_id: str) -> None:
    assert made().offers_series(series_id)
    found = await series(series_id)
    today = DEMO_START.astimezone(EASTERN).date()
    assert found.dates[-1] <= SERIES[series_id].newest_known(today, nyse())
    if series_id not in STALE_BEFORE_THE_NEXT:
        assert overdue(found.dates[-1], today, SERIES[series_id].limit, nyse()) is None
    assert found.dates[0] < date(2016, 4, 1)
    assert len(set(found.values)) > 10


async def test_the_fed_cut_three_times_in_2025() -> None:
    upper, lower = await series("DFEDTARU"), await series("DFEDTARL")
    known = dict(zip(upper.dates, upper.values, strict=True))
    cuts = {day: known[day] for day in known if day.year == 2025 and known[day] != known[day - timedelta(1)]}
    assert cuts == {date(2025, 9, 18): 4.25, date(2025, 10, 30): 4.0, date(2025, 12, 11): 3.75}
    assert (upper.values[-1], lower.values[-1]) == (3.75, 3.5)
    assert upper.dates[-1] == date(2025, 12, 30)


def test_the_target_range_agrees_with_the_stored_history() -> None:
    with shared_material.path("history", "fred_2022H2_2025.csv").open() as file:
        rows = [(date.fromisoformat(r["observation_date"]), r["DFEDTARU"]) for r in csv.DictReader(file)]
    steps = sorted(macro_facts.TARGET_UPPER.items())
    for day, upper in rows:
        if upper:
            assert float(upper) == [value for first, value in steps if first <= day][-1]


async def test_series_fit_each_other_and_the_market() -> None:
    names = ("DGS10", "DGS2", "DGS3MO", "T10Y2Y", "T10Y3M", "VIXCLS", "BAMLH0A0HYM2", "SP500")
    ten, two, three, slope2, slope3, vix, spread, shares = [await series(name) for name in names]
    for long, short, slope in ((ten, two, slope2), (ten, three, slope3)):
        differences = [a - b for a, b in zip(long.values, short.values, strict=True)]
        assert differences == pytest.approx(slope.values, abs=1e-9)
    assert vix.values[-1] == (await bars("VIX", DEMO_START)).closes[-1]
    changes = [b - a for a, b in pairwise(spread.values[-253:])]
    assert correlation(changes, returns(shares.values[-253:])) < -0.4


@pytest.mark.parametrize("series_id", ["UNRATE", "SAHMREALTIME"])
async def test_october_2025_was_never_published(series_id: str) -> None:
    found = await series(series_id)
    assert date(2025, 10, 1) not in found.dates
    assert found.dates[-2:] == (date(2025, 9, 1), date(2025, 11, 1))


async def test_a_series_from_a_day_on_and_one_that_is_not_known() -> None:
    reply = await made().series(["DGS10", "NOPE"], date(2025, 12, 1), DEMO_START)
    assert reply.series[0].dates[0] == date(2025, 12, 1)
    assert list(reply.missing) == ["NOPE"]
    assert not made().offers_series("NOPE")
