"""Boards of past days against a second reckoning of their numbers, on real closes and on wandering ones."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import shared_material
from tests.domain import generate_sessions
from tests.independent import reckon
from tests.independent.boards import board, row, written

pytestmark = pytest.mark.whole

DAYS = ("2006-01-03", "2008-02-29", "2013-07-04", "2023-01-03", "2024-11-29", "2025-04-18", "2025-12-31")
"""The first and last of a year, leap day, holidays, an early close, a week that ends on Thursday."""
MORE_DAYS = (
    *("2009-05-29", "2010-08-31", "2012-02-29", "2015-06-30", "2016-12-09", "2018-12-06", "2020-03-23", "2021-03-15"),
    *("2021-04-06", "2022-12-30", "2023-05-31", "2024-07-31", "2025-10-15"),
)
"""Ends of months of every length, another leap day, and the margins that were widest: two seconds each."""
SPANS = ("rs_ratio", "rs_momentum")


@cache
def real() -> dict[str, Any]:
    """Price closes and total-return closes as they stand in the files, by the ids of the board."""
    names = {"IWM_px": "IWM", "SPY_px": "SPY", "QQQ_px": "QQQ"}
    files = {"closes": "index_close_2005_2025.csv", "adjusted": "etf_total_return_close_2022H2_2025.csv"}
    read = {
        kind: pd.read_csv(shared_material.path("history", file), index_col=0, parse_dates=True)
        for kind, file in files.items()
    }
    return {kind: table.rename(columns=names) for kind, table in read.items()}


@cache
def wandering() -> dict[str, Any]:
    """Closes since 1987 that wander, with a leg that began late, one with holes and one that stops."""
    days = pd.DatetimeIndex([d for d in generate_sessions.reference() if 1987 <= d.year <= 2026])
    steps = np.random.default_rng(11).standard_t(5, (len(days), 5)) * 0.008 + 0.0003
    steps[:, 1:] += steps[:, :1]  # they move together, as legs do
    closes = pd.DataFrame(100 * np.exp(steps.cumsum(axis=0)), days, ["SPX", "RUT", "IWM", "SPY", "QQQ"]).round(4)
    closes.loc[:"2000-05-25", "IWM"] = np.nan
    closes.loc["2004-03-01":"2004-03-03", "SPY"] = np.nan
    closes.loc["2019-07-01":, "QQQ"] = np.nan
    return {"closes": closes}


def legs(tables: dict[str, Any], small: str, large: str, day: str) -> pd.DataFrame | None:
    """Both legs up to a day, of the first table that has closes of both by then."""
    for table in tables.values():
        if small in table and large in table:
            pair = reckon.pair_of(table[small].loc[:day], table[large].loc[:day])
            if len(pair):
                return pair
    return None


def assert_same(found: dict[str, Any], wanted: dict[str, Any], where: str) -> None:
    """Every number that is wanted is there, and None where none is."""
    for name, value in wanted.items():
        here = f"{where} {name}"
        if isinstance(value, dict):
            assert_same(found[name], value, here)
        elif value is None or isinstance(value, str | bool):
            assert found[name] == value, here
        else:
            assert found[name] == pytest.approx(value, rel=1e-7, abs=1e-7), here


def assert_board(found: dict[str, Any], tables: dict[str, Any], day: str) -> None:
    for entry in found["tickers"]:
        known = [t[entry["id"]].dropna().loc[:day] for t in tables.values() if entry["id"] in t]
        closes = next((line for line in known if len(line)), None)
        if closes is None:
            assert (entry["last"], entry["state"]) == (None, "UNKNOWN"), entry["id"]
        else:
            assert_same(entry, reckon.ticker(closes, day), f"{day} {entry['id']}")
    for index, fund in (("RUT", "IWM"), ("SPX", "SPY"), ("NDX", "QQQ")):
        prices = [tables["closes"][leg].dropna().loc[:day] for leg in (index, fund) if leg in tables["closes"]]
        apart = reckon.apart(*prices) if len(prices) == 2 else None
        notes = {entry["id"]: entry["note"] for entry in found["tickers"]}
        far = apart is not None and abs(apart) > 0.5
        assert [notes[leg] is not None for leg in (index, fund)] == [far, far], f"{day} {index}"
        if far and apart is not None:
            assert notes[fund] == f"{abs(apart):.2f} pp {'above' if apart > 0 else 'below'} {index} over 21 sessions"
    for entry in found["spreads"]:
        pair = legs(tables, entry["small"], entry["large"], day)
        if pair is None:
            assert (entry["z"], entry["state"]) == (None, "UNKNOWN"), entry["id"]
        else:
            assert_same(entry, reckon.spread(pair), f"{day} {entry['id']}")
            for season, wanted in zip(entry["seasons"], reckon.seasons(pair), strict=True):
                assert_same(season, wanted, f"{day} {entry['id']} {wanted['month']}")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("real"), real())


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("invented"), wandering())


@pytest.mark.parametrize("day", [*DAYS, *(pytest.param(day, marks=pytest.mark.slow) for day in MORE_DAYS)])
def test_real_boards(config: Path, day: str) -> None:
    tables = real()
    found, code = board(config, day)
    assert_board(found, tables, day)
    assert code == (0 if day >= "2023" else 3)
    totals = {"adjusted": tables["adjusted"]}
    for side, plain in (("small", "IWM"), ("large", "SPY")):
        funds = [s for s in found["sectors"] if s["side"] == side]
        returns = {}
        for entry in funds:
            symbol, where = entry["symbol"], f"{day} {entry['symbol']}"
            closes = (
                totals["adjusted"].get(symbol, pd.Series(dtype=float, index=tables["closes"].index)).loc[:day].dropna()
            )
            returns[symbol] = None if len(closes) < 64 else 100 * (closes.iloc[-1] / closes.iloc[-64] - 1)
            family = "IJR" if symbol.startswith("PSC") else plain
            pair = legs(totals, symbol, family, day)
            excess = None if pair is None else reckon.gap(pair, reckon.bases(reckon.days_of(pair))["63d"])
            assert_same(entry, {"excess_pp": excess, "benchmark": family}, where)
            turned = legs(totals, symbol, plain, day)
            weekly, daily = (None, None) if turned is None else (
                reckon.rotation(turned["S"], turned["L"], (10, 30, 9, 52), weekly=True),
                reckon.rotation(turned["S"], turned["L"], (20, 60, 15, 252), weekly=False),
            )  # fmt: skip
            assert_same(entry, dict(zip(SPANS, weekly or (None, None), strict=True)), where)
            near = {"centre": reckon.near_centre(weekly), "centre_daily": reckon.near_centre(daily)}
            assert_same(entry, near, where)
            last = entry["rotation_daily"][-1] if entry["rotation_daily"] else dict.fromkeys(SPANS)
            assert_same(last, dict(zip(SPANS, daily or (None, None), strict=True)), f"{where} daily")
        for entry in funds:
            own = returns[entry["symbol"]]
            ahead = [other for other in returns.values() if own is not None and other is not None and other > own]
            assert entry["rank"] == (None if own is None else 1 + len(ahead)), f"{day} {entry['symbol']}"
    assert_claims(found, tables, day)


def assert_claims(found: dict[str, Any], tables: dict[str, Any], day: str) -> None:
    """The claims that follow from closes alone: pace of the halves, margins of a decade, the dollar."""
    now = {claim["id"]: claim["now"] for claim in found["claims"]}
    index = tables["closes"]["RUT"].dropna().loc[:day]
    assert_same(now["C05"], {"value": reckon.faster(index)}, f"{day} C05")
    widest = row(found, "spreads", "RUT-SPX")["widest_since"]
    told = [one["over_a_decade"] for name, one in widest.items() if name != "HALF" or day[5:7] >= "07"]
    over, unknown = told.count(True), told.count(None)
    wanted = "CONFIRMED" if over >= 3 else "DENIED" if over + unknown <= 1 else "MIXED" if over == 2 else "UNKNOWN"
    if unknown == 0:
        assert (now["C07"]["value"], now["C07"]["finding"]) == (over, wanted), day
    total = tables["adjusted"].loc[:day]
    rho = reckon.dollar(total["IWM"], total["SPY"], total["UUP"], 252)
    assert now["C25"]["finding"] == ("UNKNOWN" if rho is None else rho[1]), day
    assert_same(now["C25"], {"value": None if rho is None else rho[0]}, f"{day} C25")


@pytest.mark.parametrize("day", ["1988-09-30", "2001-09-14", "2004-03-31", "2026-11-20"])
def test_wandering_boards(invented: Path, day: str) -> None:
    found, _ = board(invented, day)
    assert_board(found, wandering(), day)


def test_the_verdict_since_2005(config: Path) -> None:
    pair = legs(real(), "RUT", "SPX", "2025-12-31")
    assert pair is not None
    raw, score = reckon.scores(pair)
    changes = reckon.regimes(score)
    for day in ("2025-12-31", "2021-07-09", "2016-07-29"):
        verdict = board(config, day)[0]["verdict"]
        wanted = [change for change in changes if change[0] <= day]
        assert [(t["session"], t["regime"]) for t in verdict["transitions"]] == wanted
        assert (verdict["since"], verdict["regime"]) == wanted[-1]
        assert verdict["age_sessions"] == len(pair.loc[wanted[-1][0] : day]) - 1
        assert verdict["price_only_score"] == pytest.approx(score.loc[day], rel=1e-7)
        found = {term["id"]: term["raw"] for term in verdict["terms"]}
        assert_same(found, {name: line.loc[day] for name, line in raw.items()}, day)
