"""The checklist on real closes and observations against separate, simpler arithmetic."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from rotation_tui.domain.reading import Level, Reading
from tests import shared_material
from tests.checks.material import FRED, INDEX, TOTAL, YEAR_END, evaluate, real


def frame(name: str, until: str = "2025-12-31") -> pd.DataFrame:
    return pd.read_csv(shared_material.path("history", name), index_col=0, parse_dates=True).loc[:until]


def readings(as_of: date = YEAR_END) -> dict[str, Reading]:
    return {reading.id: reading for group in evaluate(real(as_of)) for reading in group.checks}


def expected() -> dict[str, float]:
    """Values at the end of 2025, daily FRED series as known that evening: up to the day before."""
    fred, total, index = frame(FRED), frame(TOTAL), frame(INDEX)
    daily = fred.loc[:"2025-12-30"]
    rate = fred["UNRATE"].dropna().loc[:"2025-11-23"].asfreq("MS")
    mean = rate.rolling(3, min_periods=2).mean()
    high_yield = daily["BAMLH0A0HYM2"].dropna()
    ten = daily["DGS10"].dropna()
    dollar = fred["DTWEXBGS"].dropna().loc[:"2025-12-24"]
    claims = fred["ICSA"].dropna().loc[:"2025-12-26"].rolling(4).mean()
    logs = pd.DataFrame(np.log(total))
    growth, volatility = total.pct_change(fill_method=None), logs.diff().tail(21).std()
    quarter, half = total.iloc[-1] / total.iloc[-64] - 1, total.iloc[-1] / total.iloc[-127] - 1
    gap = growth["IWM"] - growth["SPY"]
    wide = (logs[["PSCI", "PSCD", "PSCM"]].mean(axis=1) - logs[["PSCU", "PSCC", "PSCH"]].mean(axis=1)).diff(63)
    equal, banks = total["RSP"] / total["SPY"], total["KRE"] / total["SPY"]
    proxy = total["HYG"] / total["LQD"]
    fund = frame("IWM_ohlcv_2022H2_2025.csv")
    dollars = fund["Close"] * fund["Volume"]
    logs_of = pd.DataFrame(np.log(fund[["High", "Low", "Close"]]))
    before = logs_of["Close"].shift()
    gap_up, gap_down = (logs_of["Low"] - before).clip(lower=0), (before - logs_of["High"]).clip(lower=0)
    high, low = logs_of["High"] - gap_up + gap_down, logs_of["Low"] - gap_up + gap_down
    beta = (logs_of["High"] - logs_of["Low"]) ** 2
    beta = beta + beta.shift()
    gamma = (np.maximum(high, logs_of["High"].shift()) - np.minimum(low, logs_of["Low"].shift())) ** 2
    alpha = ((2 * beta) ** 0.5 - beta**0.5) / (3 - 8**0.5) - (gamma / (3 - 8**0.5)) ** 0.5
    stress = np.tanh(alpha / 2).mul(2).clip(lower=0).rolling(21, min_periods=17).mean().tail(504)
    impact = (np.log(fund["Close"]).diff().abs() / dollars).rolling(21, min_periods=17).mean().tail(504)
    return {
        "E1": round(mean.iloc[-1] - mean.iloc[-13:-1].min(), 2),
        "E2": (ten - daily["DGS3MO"].dropna()).tail(21).mean(),
        "E3": 100 * (claims.iloc[-1] / claims.tail(52).min() - 1),
        "E5": fred["NFCI"].dropna().iloc[-1],
        "E8": 100 * wide.iloc[-1],
        "F1": fred["DFEDTARU"].iloc[-1] - fred["DFEDTARU"].loc["2024-12-31"],
        "F2": daily["DGS2"].iloc[-1] - (3.5 + 3.75) / 2,
        "F3": ten.iloc[-1] - ten.iloc[-64],
        "F7": gap.tail(63).corr(growth["TLT"]),
        "C1": high_yield.iloc[-1],
        "C2": high_yield.iloc[-1] - high_yield.iloc[-64],
        "C4": 100 * (proxy.iloc[-1] / proxy.tail(50).mean() - 1),
        "C5": 100 * (banks.iloc[-1] / banks.tail(126).max() - 1),
        "C6": fred["NFCICREDIT"].dropna().iloc[-1],
        "V1": index["VIX"].iloc[-1],
        "V3": volatility["IWM"] / volatility["SPY"],
        "L1": 100 * ((impact < impact.iloc[-1]).sum() + 0.5) / 504,
        "L5": 100 * ((stress < stress.iloc[-1]).sum() + 0.5) / 504,
        "L4": dollars.tail(21).mean() / dollars.tail(252).median(),
        "Q3": 100 * (half["IJR"] - half["IWM"]),
        "Q6": 100 * (quarter["XBI"] - quarter["PSCH"]),
        "X1": 100 * (dollar.iloc[-1] / dollar.iloc[-64] - 1),
        "X2": gap.tail(252).corr(growth["UUP"]),
        "K2": 100 * (equal.iloc[-1] / equal.tail(200).mean() - 1),
    }  # fmt: skip


def test_values_at_the_end_of_2025() -> None:
    found = readings()
    wanted = expected()
    assert {check_id: found[check_id].value for check_id in wanted} == pytest.approx(wanted, rel=1e-8, abs=1e-9)
    known = {r.id for r in found.values() if r.level is not Level.UNKNOWN and not r.id.startswith("S")}
    assert known == set(wanted)


def test_words_at_the_end_of_2025() -> None:
    lines = {group.id: group.line for group in evaluate(real())}
    assert lines["E"] == "10y-3m +0.46 odds 20%, 1/5 watch"
    assert lines["F"] == "3 cuts, −75bp to 3.50-3.75, 11 Dec"
    assert lines["C"] == "HY 284bp · +3 in 63d"


@pytest.mark.parametrize("as_of", [date(2025, 3, 14), date(2025, 9, 18), date(2025, 11, 28)])
def test_a_past_day_knows_nothing_of_what_followed(as_of: date) -> None:
    everything = real(as_of)
    cut = replace(
        everything,
        bars={key: bars.until(as_of) for key, bars in everything.bars.items()},
        observations={key: series.until(as_of) for key, series in everything.observations.items()},
    )
    assert evaluate(cut) == evaluate(everything)
    assert all(reading.as_of is None or reading.as_of <= as_of for reading in readings(as_of).values())


def test_the_curve_turned_in_2024() -> None:
    assert readings(date(2024, 9, 30))["E2"].level is Level.ALERT
    assert readings(YEAR_END)["E2"].level is Level.OK
