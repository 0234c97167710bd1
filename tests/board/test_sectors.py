"""The leaderboard: excess, pair spread and rank at the prices beside them, and of one session."""

import dataclasses

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import SectorRow
from rotation_tui.board.sectors import sector_rows
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.quote import Quote
from rotation_tui.domain.results import Studies
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.store.market_store import Snapshot
from rotation_tui.studies.leaderboard import study_sectors
from rotation_tui.studies.tickers import study_ticker
from tests.board.material import MONDAY, NYSE, TUESDAY, at, bars, moment, quote, snapshot

SECTORS = tuple(
    Sector(symbol, symbol, "Sector", "S&P", "small" if symbol.startswith("PSC") else "large", pair)
    for symbol, pair in (("PSCF", "XLF"), ("PSCT", "XLK"), ("PSCE", None), ("XLF", None), ("XLK", None))
)
UNIVERSE = Universe((), (), SECTORS)
STEPS = {"IWM": 0.5, "SPY": 0.4, "PSCF": 0.6, "PSCT": 0.55, "PSCE": 0.2, "XLF": 0.3, "XLK": 0.7}
HISTORIES = tuple(bars(symbol, step=step) for symbol, step in STEPS.items())
OPEN = moment(TUESDAY, "11:00")


def _rows(*quotes: Quote, histories: tuple[Bars, ...] = HISTORIES, **more: dict[str, str]) -> dict[str, SectorRow]:
    whole = snapshot(*histories, quotes=quotes, universe=UNIVERSE, **more)  # type: ignore[arg-type]
    return {row.id: row for row in sector_rows(UNIVERSE, whole, OPEN)}


def _quotes(*symbols: str, day: object = TUESDAY, **prices: float) -> tuple[Quote, ...]:
    last = {b.symbol: b.closes[-1] for b in HISTORIES}
    return tuple(quote(s, prices.get(s, last[s]), at(TUESDAY if day == TUESDAY else MONDAY, "10:59")) for s in symbols)


def _quarter(row: SectorRow) -> float:
    value = row.windows["63d"]
    assert value is not None
    return value


def test_ranks_are_within_a_side() -> None:
    rows = _rows()
    assert {id: row.rank for id, row in rows.items()} == {"PSCF": 1, "PSCT": 2, "PSCE": 3, "XLF": 2, "XLK": 1}
    assert {row.state for row in rows.values()} == {State.CLOSED}


def test_excess_and_pair_move_with_the_prices_beside_them() -> None:
    rows = _rows(*_quotes(*STEPS, PSCE=900.0))
    assert rows["PSCE"].rank == 1
    iwm = 100 * (HISTORIES[0].closes[-1] / HISTORIES[0].closes[-63] - 1)
    for small, large in (("PSCF", "XLF"), ("PSCT", "XLK")):
        assert rows[small].excess_pp == pytest.approx(_quarter(rows[small]) - iwm)
        assert rows[small].pair_spread_pp == pytest.approx(_quarter(rows[small]) - _quarter(rows[large]))


def test_a_fund_that_has_not_traded_today_is_not_set_against_todays_benchmark() -> None:
    closed = _rows()
    rows = _rows(*_quotes("IWM", "PSCF", "XLF", IWM=400.0))
    assert rows["PSCT"].excess_pp == closed["PSCT"].excess_pp
    assert rows["PSCT"].pair_spread_pp == closed["PSCT"].pair_spread_pp
    assert rows["PSCF"].excess_pp != closed["PSCF"].excess_pp


def test_a_refused_fund_has_neither_rank_nor_excess_and_leaves_the_others_theirs() -> None:
    rows = _rows(quarantined={"PSCF": "it lies"})
    assert (rows["PSCF"].rank, rows["PSCF"].excess_pp, rows["PSCF"].pair_spread_pp) == (None, None, None)
    assert rows["PSCF"].why == "in quarantine: it lies"
    assert (rows["PSCT"].rank, rows["PSCE"].rank) == (1, 2)


def test_funds_with_the_same_return_share_the_better_rank() -> None:
    twins = tuple(bars(symbol, step=0.6 if symbol.startswith("PSC") else step) for symbol, step in STEPS.items())
    rows = _rows(histories=twins)
    assert [rows[s].rank for s in ("PSCF", "PSCT", "PSCE")] == [1, 1, 1]


def test_without_a_benchmark_there_is_a_rank_and_no_excess() -> None:
    rows = _rows(histories=tuple(b for b in HISTORIES if b.symbol not in ("IWM", "SPY")))
    assert {id: row.rank for id, row in rows.items()} == {"PSCF": 1, "PSCT": 2, "PSCE": 3, "XLF": 2, "XLK": 1}
    assert {row.excess_pp for row in rows.values()} == {None}
    assert rows["PSCF"].windows["63d"] is not None


def test_each_fund_is_measured_by_the_fund_of_its_family_and_ranked_by_its_own_return() -> None:
    """PSCF is behind IJR and ahead of IWM: what it is measured by moves its excess and not its place."""
    steps = {**STEPS, "IJR": 0.65}
    made = tuple(bars(symbol, step=step) for symbol, step in steps.items())
    universe = Universe((), (), tuple(
        replace(s, benchmark="IJR") if s.symbol in ("PSCF", "PSCT") else s for s in SECTORS
    ))  # fmt: skip
    for quotes in ((), tuple(quote(b.symbol, b.closes[-1] * 1.01, at(TUESDAY, "10:59")) for b in made)):
        whole = snapshot(*made, quotes=quotes, universe=universe)
        rows = {row.id: row for row in sector_rows(universe, whole, OPEN)}
        assert {id: (r.benchmark, r.rank) for id, r in rows.items()} == {
            "PSCF": ("IJR", 1), "PSCT": ("IJR", 2), "PSCE": ("IWM", 3), "XLF": ("SPY", 2), "XLK": ("SPY", 1),
        }  # fmt: skip
        base = -64 if not quotes else -63
        closes = {b.symbol: b.closes for b in made}
        last = {s: c[-1] * (1.01 if quotes else 1.0) for s, c in closes.items()}
        change = {s: 100 * (last[s] / c[base] - 1) for s, c in closes.items()}
        for symbol, bench in (("PSCF", "IJR"), ("PSCE", "IWM"), ("XLK", "SPY")):
            assert rows[symbol].excess_pp == pytest.approx(change[symbol] - change[bench])
        assert rows["PSCF"].excess_pp < 0  # type: ignore[operator]


def test_a_fund_with_total_returns_only_takes_no_place_among_prices() -> None:
    price = {b.symbol: b for b in HISTORIES if b.symbol != "PSCF"}
    fund = dataclasses.replace(next(b for b in HISTORIES if b.symbol == "PSCF"), basis=Basis.TOTAL)
    sectors = study_sectors(UNIVERSE, price, {"PSCF": fund}, NYSE)
    assert {s.id: s.rank for s in sectors.values() if s.side == "small"} == {"PSCF": None, "PSCT": 1, "PSCE": 2}
    assert sectors["PSCF"].reasons["rank"] == "PSCF has not the basis of the others"


def test_total_return_is_never_set_against_price() -> None:
    """The benchmark has price and total return, the fund only total return: both legs are taken on that."""
    price = {b.symbol: b for b in HISTORIES if b.symbol != "PSCF"}
    fund = dataclasses.replace(next(b for b in HISTORIES if b.symbol == "PSCF"), basis=Basis.TOTAL)
    iwm = dataclasses.replace(
        price["IWM"], basis=Basis.TOTAL, closes=tuple(c * 0.9 + 20.0 for c in price["IWM"].closes)
    )
    sectors = study_sectors(UNIVERSE, price, {"PSCF": fund, "IWM": iwm}, NYSE)
    tickers = {s: study_ticker(b, NYSE) for s, b in {**price, "PSCF": fund}.items()}
    whole = Snapshot(studies=Studies(MONDAY, None, tickers, {}, sectors))
    row = next(r for r in sector_rows(UNIVERSE, whole, OPEN) if r.id == "PSCF")
    quarter = {b.basis: 100 * (b.closes[-1] / b.closes[-64] - 1) for b in (iwm, price["IWM"])}
    own = 100 * (fund.closes[-1] / fund.closes[-64] - 1)
    assert row.excess_pp == pytest.approx(own - quarter[Basis.TOTAL])
    assert quarter[Basis.TOTAL] != pytest.approx(quarter[Basis.PRICE])


def test_a_price_beyond_the_range_of_a_year_widens_it() -> None:
    """Closes rise by 0.6 a session, so that the last one is the highest of the year."""
    last = HISTORIES[2].closes[-1]
    low = HISTORIES[2].closes[-252]
    assert _rows()["PSCF"].year_range_pct == 100.0
    assert _rows(*_quotes("PSCF", PSCF=last + 5))["PSCF"].year_range_pct == 100.0
    assert _rows(*_quotes("PSCF", PSCF=low - 1))["PSCF"].year_range_pct == 0.0
    assert _rows(*_quotes("PSCF", PSCF=(last + low) / 2))["PSCF"].year_range_pct == pytest.approx(50.0)
    assert _rows(quarantined={"PSCF": "it lies"})["PSCF"].year_range_pct is None


def test_tails_are_the_studys_own() -> None:
    whole = snapshot(*HISTORIES, universe=UNIVERSE)
    study = whole.studies.sectors["PSCF"]
    row = next(r for r in sector_rows(UNIVERSE, whole, OPEN) if r.id == "PSCF")
    assert study.rotation_daily is not None
    assert row.rotation is not None
    assert row.rotation_daily is study.rotation_daily.points, "no frame makes them anew"
    assert (row.heading_daily, row.speed_daily) == (study.rotation_daily.heading, study.rotation_daily.speed)
