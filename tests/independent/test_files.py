"""What a file of closes may cost: a reason instead of a number, and nothing before the trouble began."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rotation_tui.domain.session import nyse
from tests.independent.boards import board, row, written

pytestmark = pytest.mark.whole

NAMES = ("RUT", "SPX", "IWM", "SPY")


def walk(first: str = "2024-01-02", last: str = "2026-06-30", seed: int = 5) -> pd.DataFrame:
    """Closes that wander, of all four legs."""
    day = pd.Timestamp(first).date(), pd.Timestamp(last).date()
    days = pd.DatetimeIndex(nyse().sessions(*day))
    steps = np.random.default_rng(seed).normal(0.0003, 0.01, (len(days), len(NAMES)))
    return pd.DataFrame(100 * np.exp(steps.cumsum(axis=0)), days, NAMES).round(4)


def test_a_split_that_nobody_told_of_costs_its_fund_and_no_day_before_it(tmp_path: Path) -> None:
    closes = walk()
    closes.loc["2026-02-02":, "IWM"] /= 2
    config = written(tmp_path, {"closes": closes})
    found, code = board(config, "2026-06-30")
    fund, pair = row(found, "tickers", "IWM"), row(found, "spreads", "IWM-SPY")
    assert (fund["last"], fund["state"], set(fund["windows"].values())) == (None, "UNKNOWN", {None})
    assert "on 2026-02-02 and no split on record" in fund["why"]
    assert "on 2026-02-02 and no split on record" in pair["why"]
    assert (pair["z"], code) == (None, 3)
    assert [pair["widest_since"][d]["value"] for d in ("CAL", "HALF", "ROLL126", "ROLL252", "STREAK")] == [None] * 5
    assert row(found, "spreads", "RUT-SPX")["z"] is not None
    before, _ = board(config, "2026-01-30")
    assert row(before, "tickers", "IWM")["last"] == closes.loc["2026-01-30", "IWM"]
    assert row(before, "spreads", "IWM-SPY")["windows"]["1Y"] is not None


def test_a_split_of_long_ago_costs_what_lies_before_it(tmp_path: Path) -> None:
    closes = walk("2023-01-03")
    true = closes["IWM"].copy()
    closes.loc[:"2023-12-29", "IWM"] *= 4
    fund = row(board(written(tmp_path, {"closes": closes}), "2026-06-30")[0], "tickers", "IWM")
    since = true.loc["2024-01-02":]
    assert fund["record_close"] == since.max()
    assert fund["record_date"] == str(since.idxmax())[:10]
    assert fund["windows"]["252d"] == pytest.approx(100 * (true.iloc[-1] / true.iloc[-253] - 1))


@pytest.mark.parametrize(
    ("cell", "why"),
    [("-5", '"-5" is not a price'), ("0", '"0" is not a price'), ("n/k", '"n/k" is not a price')],
)
def test_a_refused_column_says_why_wherever_it_is_missed(tmp_path: Path, cell: str, why: str) -> None:
    closes = walk().astype(object)
    closes.iloc[-10, 0] = cell
    found, code = board(written(tmp_path, {"closes": closes}), "2026-06-30")
    assert why in row(found, "tickers", "RUT")["why"]
    assert why in row(found, "spreads", "RUT-SPX")["why"]
    assert row(found, "tickers", "IJR")["why"] == "no configured feed offers it"
    assert (found["verdict"]["pair"], code) == ("IWM-SPY", 3)


def test_before_its_first_close_a_column_is_not_there(tmp_path: Path) -> None:
    closes = walk()
    closes.loc[:"2025-06-30", "RUT"] = np.nan
    found, code = board(written(tmp_path, {"closes": closes}), "2025-06-30")
    assert row(found, "tickers", "RUT")["why"].endswith("has no RUT up to 2025-06-30")
    assert row(found, "spreads", "RUT-SPX")["why"].startswith("no history of RUT: csv_file closes.csv")
    assert code == 3


def strict(found: dict[str, Any]) -> dict[str, Any]:
    """A board without the wall clock."""
    return found | {"feeds": [feed | {"last_success": None} for feed in found["feeds"]]}


@pytest.mark.parametrize("lie", ["times ten", "zero", "text", "two values a day", "next year"])
def test_whatever_is_written_after_the_day_changes_nothing_on_it(tmp_path: Path, lie: str) -> None:
    day, closes = "2025-12-31", walk()
    config = written(tmp_path, {"closes": closes.loc[:day]})
    true = strict(board(config, day)[0])
    later = closes.loc["2026-01-02":].astype(object)
    if lie == "times ten":
        later *= 10
    elif lie == "two values a day":
        later = pd.concat([later, later * 1.01])
    elif lie == "next year":
        later.index += pd.Timedelta(days=365)
    else:
        later["RUT"] = {"zero": "0", "text": "abc"}[lie]
    written(tmp_path, {"closes": pd.concat([closes.loc[:day].astype(object), later])})
    assert strict(board(config, day)[0]) == true


def test_adjusted_closes_alone_have_a_verdict_that_says_so(tmp_path: Path) -> None:
    closes = walk()
    priced, _ = board(written(tmp_path, {"closes": closes[["IWM", "SPY"]]}), "2026-06-30")
    found, _ = board(written(tmp_path, {"adjusted": closes[["IWM", "SPY"]]}), "2026-06-30")
    assert (priced["verdict"]["pair"], found["verdict"]["pair"]) == ("IWM-SPY", "IWM-SPY, total return")
    assert found["verdict"]["regime"] == priced["verdict"]["regime"] != "UNKNOWN"
    assert found["verdict"]["price_only_score"] == priced["verdict"]["price_only_score"]


def test_a_margin_over_another_fund_is_from_one_day_to_one_day(tmp_path: Path) -> None:
    closes = walk().rename(columns={"RUT": "PSCI", "SPX": "XLI", "IWM": "IJR"})
    closes.loc["2026-05-11":"2026-05-13", "PSCI"] = np.nan
    closes.loc["2026-05-18":"2026-05-20", "XLI"] = np.nan
    sector = row(board(written(tmp_path, {"adjusted": closes}), "2026-06-30")[0], "sectors", "PSCI")
    for key, other in (("pair_spread_pp", "XLI"), ("excess_pp", "IJR")):
        both = closes.loc[:"2026-06-30", ["PSCI", other]]
        grown = 100 * (both.iloc[-1] / both.iloc[-64])
        assert sector[key] == pytest.approx(grown["PSCI"] - grown[other]), key
