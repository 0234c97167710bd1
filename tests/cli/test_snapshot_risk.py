"""Risk and claims in the snapshot: told whole, and levels at the end of 2025 against separate arithmetic."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import shared_material
from tests.checks.material import FRED, INDEX, TOTAL
from tests.cli.conftest import board_of, snapshot

pytestmark = pytest.mark.whole

YEAR_END = "2025-12-31"
BY_KIND = {INDEX: "close", TOTAL: "adjusted_close", FRED: "observation"}
KNOWN = ("OK", "WATCH", "ALERT")


def config_of(folder: Path, more: str = "") -> Path:
    """A config whose feeds are the files of the real history."""
    config = folder / "config.toml"
    feeds = [
        f'[[feeds]]\nprovider = "csv_file"\npath = "{shared_material.path("history", name)}"\nkind = "{kind}"\n'
        + ('columns = { IWM_px = "IWM", SPY_px = "SPY", QQQ_px = "QQQ" }\n' if name == INDEX else "")
        for name, kind in BY_KIND.items()
    ]
    config.write_text(more + "".join(feeds), encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("past")
    result = snapshot(folder, "--config", str(config_of(folder)), "--as-of", YEAR_END, "--format", "json")
    assert result.stdout, result.stderr
    return board_of(result)


@pytest.fixture(params=["demo", "past"])
def board(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.getfixturevalue(request.param)
    return found


def checks(board: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["id"]: check for group in board["risk"] for check in group["checks"]}


def test_every_check_has_value_time_source_and_level(board: dict[str, Any]) -> None:
    found = checks(board)
    assert len(found) == 48
    for name, check in found.items():
        assert check["title"], name
        assert check["formula"], name
        assert check["threshold_source"], name
        assert check["why"], name
        if check["level"] == "UNKNOWN":
            assert check["value"] is None, name
            assert not check["turns"], name
        else:
            assert check["level"] in KNOWN, name
            assert isinstance(check["value"], float), name
            assert check["source"], name
            assert date.fromisoformat(check["as_of"]) <= date.fromisoformat(board["generated_at"][:10]), name
        assert check["inputs"] or name.startswith("S"), name
        for given in check["inputs"]:
            assert (given["value"] is None) == (given["as_of"] is None) == (given["source"] is None), (name, given)


def test_every_group_counts_what_it_knows(board: dict[str, Any]) -> None:
    assert [group["id"] for group in board["risk"]] == list("EFCVLQXKS")
    for group in board["risk"]:
        assert group["total"] == len(group["checks"])
        assert group["known"] == sum(check["level"] in KNOWN for check in group["checks"])
        assert (group["level"] == "UNKNOWN") == (group["known"] == 0)


def test_in_the_demo_every_check_is_known_and_claims_but_those_that_need_entries_by_hand(demo: dict[str, Any]) -> None:
    assert [name for name, check in checks(demo).items() if check["level"] == "UNKNOWN"] == []
    unknown = [claim["id"] for claim in demo["claims"] if claim["now"]["finding"] == "UNKNOWN"]
    assert unknown == ["C16", "C19", "C30"]


def test_every_claim_has_value_time_source_and_finding_then_and_now(board: dict[str, Any]) -> None:
    assert [claim["id"] for claim in board["claims"]] == [f"C{n:02}" for n in range(1, 33)]
    for claim in board["claims"]:
        for reading in (claim["then"], claim["now"]):
            assert reading["why"], claim["id"]
            if reading["finding"] in ("CONFIRMED", "DENIED", "MIXED"):
                assert isinstance(reading["value"], float), claim["id"]
                assert reading["as_of"], claim["id"]
                assert reading["source"], claim["id"]
            else:
                assert reading["finding"] in ("UNKNOWN", "STATIC"), claim["id"]


def test_every_driver_has_value_change_time_and_source(demo: dict[str, Any]) -> None:
    assert len(demo["drivers"]) == 9
    for driver in demo["drivers"]:
        assert isinstance(driver["value"], float), driver["id"]
        assert isinstance(driver["change"], float) or driver["id"] == "2Y-MID", driver["id"]
        assert driver["as_of"], driver["id"]
        assert driver["source"], driver["id"]


def frame(name: str, until: str = YEAR_END) -> pd.DataFrame:
    return pd.read_csv(shared_material.path("history", name), index_col=0, parse_dates=True).loc[:until]


def latched(values: pd.Series, at: float, out: float, confirm: int) -> bool:
    """On after `confirm` values in a row at or above `at`, off after as many at or below `out`."""
    entered = (values >= at).rolling(confirm).min() == 1
    left = (values <= out).rolling(confirm).min() == 1
    state = pd.Series(np.nan, index=values.index)
    state[entered], state[left] = 1.0, 0.0
    if np.isnan(state.iloc[0]):
        state.iloc[0] = float(values.iloc[0] >= at)
    return bool(state.ffill().iloc[-1])


def level(values: pd.Series, watch: float, alert: float, confirm: int = 2) -> str:
    """The level of a line by METHODOLOGY.md#checks; where lower is worse everything is mirrored."""
    known = values.dropna()
    if alert < watch:
        known, watch, alert = -known, -watch, -alert
    band = 0.1 * (alert - watch)
    if latched(known, alert, alert - band + 1e-9, confirm):
        return "ALERT"
    return "WATCH" if latched(known, watch, watch - band + 1e-9, confirm) else "OK"


def in_own_deviations(values: pd.Series) -> pd.Series:
    """Each value over the standard deviation of its ten years, from two years on."""
    return values.dropna() / values.dropna().rolling(2520, min_periods=504).std()


def levels() -> dict[str, str]:
    """Levels at the end of 2025, daily FRED series up to the day before, later ones as they came out."""
    fred, total, index = frame(FRED), frame(TOTAL), frame(INDEX)
    daily = fred.loc[:"2025-12-30"]
    ten, spread = daily["DGS10"].dropna(), daily["BAMLH0A0HYM2"].dropna()
    middle = (fred["DFEDTARU"] + fred["DFEDTARL"]) / 2
    claims = fred["ICSA"].dropna().loc[:"2025-12-26"].rolling(4).mean()
    dollar = fred["DTWEXBGS"].dropna().loc[:"2025-12-24"]
    mean = fred["UNRATE"].dropna().loc[:"2025-11-23"].asfreq("MS").rolling(3, min_periods=2).mean()
    logs, growth = pd.DataFrame(np.log(total)), total.pct_change(fill_method=None)
    wide = logs[["PSCI", "PSCD", "PSCM"]].mean(axis=1) - logs[["PSCU", "PSCC", "PSCH"]].mean(axis=1)
    volatility = logs.diff().rolling(21).std()
    proxy, banks, equal = total["HYG"] / total["LQD"], total["KRE"] / total["SPY"], total["RSP"] / total["SPY"]
    half, quarter = total / total.shift(126) - 1, total / total.shift(63) - 1
    under = equal / equal.rolling(200).mean() - 1
    gap = growth["IWM"] - growth["SPY"]
    return {
        "E1": level((mean - mean.rolling(12).min().shift()).round(2), 0.3, 0.5, confirm=1),
        "E2": level((ten - daily["DGS3MO"]).dropna().round(2).rolling(21).mean(), 0.25, 0.0),
        "E3": level(100 * (claims / claims.rolling(52).min() - 1), 10, 20),
        "E5": level(fred["NFCI"].loc[:"2025-12-26"], -0.25, 0),
        "E8": level(100 * wide.diff(63), -5, -10),
        "F1": "OK" if fred["DFEDTARU"].iloc[-1] < fred["DFEDTARU"].loc["2024-12-31"] else "WATCH",
        "F2": level((daily["DGS2"] - middle).round(4), 0.25, 0.75),
        "F3": level(ten.diff(63).round(4), 0.55, 0.75),
        "C1": level(spread, 4.5, 6.0),
        "C2": level(spread.diff(63).round(4), 0.75, 1.25),
        "C4": level(100 * (proxy / proxy.rolling(50).mean() - 1), -1, -2.5),
        "C5": level(100 * (banks / banks.rolling(126).max() - 1), -10, -20),
        "C6": level(fred["NFCICREDIT"].loc[:"2025-12-26"], 0, 0.5),
        "V1": level(index["VIX"], 20, 30),
        "V3": level(volatility["IWM"] / volatility["SPY"], 1.72, 2.10),
        "Q3": level(in_own_deviations(half["IJR"] - half["IWM"]), -1, -2),
        "Q6": level(100 * (quarter["XBI"] - quarter["PSCH"]), 10, 20),
        "X1": level(100 * (dollar / dollar.shift(63) - 1), 3, 5),
        "X2": level(gap.rolling(252).corr(growth["UUP"]), -0.2, -0.4),
        "K2": level(in_own_deviations(under), -1, -2),
    }


def test_levels_at_the_end_of_2025_follow_from_a_separate_computation(past: dict[str, Any]) -> None:
    wanted, found = levels(), checks(past)
    assert {name: found[name]["level"] for name in wanted} == wanted
    assert len(wanted) == 20
    assert set(wanted.values()) == {"OK", "WATCH"}, "the year ended without an alert"


def test_mutes_and_limits_of_the_config_are_in_the_board(tmp_path: Path) -> None:
    more = "[risk]\nmute = { E1 = 2026-01-15 }\n[risk.thresholds.V1]\nwatch = 10.0\nalert = 12.0\n"
    result = snapshot(tmp_path, "--config", str(config_of(tmp_path, more)), "--as-of", YEAR_END, "--format", "json")
    found = checks(board_of(result))
    assert (found["E1"]["muted_until"], found["E1"]["level"]) == ("2026-01-15", "WATCH")
    assert (found["E2"]["muted_until"], found["E2"]["thresholds_changed"]) == (None, False)
    vix = found["V1"]
    assert (vix["level"], vix["watch"], vix["alert"], vix["thresholds_changed"]) == ("ALERT", 10.0, 12.0, True)
    assert vix["threshold_source"] == "config"
