"""One symbol in short: record, rest after it, traded value; and that none of it needs pandas."""

import dataclasses
import subprocess
import sys
from datetime import date
from statistics import fmean

import pytest
from msgspec.structs import replace

from rotation_tui.domain.refusal import RefusedValueError
from rotation_tui.domain.window import Window
from rotation_tui.studies.returns import change_pct
from rotation_tui.studies.tickers import record, study_ticker
from tests.studies.material import NYSE, bars, history, on_sessions


def test_no_pandas_for_the_first_paint() -> None:
    code = (
        "import sys, rotation_tui.studies.tickers as t\n"
        "print([m for m in ('pandas', 'numpy', 'plotext', 'textual') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_russell_in_december_2025() -> None:
    found = record(history("RUT"), NYSE)
    assert (found.close, found.session, found.sessions_since) == (2590.61, date(2025, 12, 11), 13)
    assert found.first == date(2005, 1, 3)
    assert found.consolidating is True
    study = study_ticker(history("RUT").until(date(2025, 12, 30)), NYSE)
    year = study.bases[study.last_session][Window.YTD]
    assert year is not None
    assert change_pct(year.close, study.last_close) == pytest.approx(12.13, abs=0.005)


def test_an_outline_has_windows_and_no_record() -> None:
    bars_ = history("RUT").until(date(2025, 12, 30)).since(date(2021, 1, 4))
    whole, outline = study_ticker(bars_, NYSE), study_ticker(dataclasses.replace(bars_, outline=True), NYSE)
    assert whole.record is not None
    assert outline == replace(whole, record=None)


@pytest.mark.parametrize(("column", "expected"), [("RUT", 15.85), ("SPX", 11.29)])
def test_the_half_year_to_29_december(column: str, expected: float) -> None:
    study = study_ticker(history(column).until(date(2025, 12, 29)), NYSE)
    half = study.bases[study.last_session][Window.HALF]
    assert half is not None
    assert change_pct(half.close, study.last_close) == pytest.approx(expected, abs=0.005)


def test_an_equal_close_is_a_new_record() -> None:
    found = record(on_sessions([5, 9, 8, 9, 7]), NYSE)
    assert (found.session, found.sessions_since) == (date(2025, 12, 30), 1)


def test_sessions_since_a_record_are_those_of_the_exchange() -> None:
    made = bars({"2025-12-11": 9, "2025-12-12": 8, "2025-12-19": 7, "2025-12-31": 6})
    assert record(made, NYSE).sessions_since == 13
    before_the_table = bars({"1975-01-02": 9, "1975-01-03": 8, "1975-01-08": 7})
    assert record(before_the_table, NYSE).sessions_since == 2


@pytest.mark.parametrize(
    ("closes", "missing", "first"),
    [
        ({"2025-12-10": 8, "2025-12-11": 9, "2025-12-12": 8}, 0, None),
        ({"2025-12-10": 9, "2025-12-11": 8, "2025-12-16": 5}, 2, date(2025, 12, 12)),
        ({"2025-12-10": 5, "2025-12-11": 5, "2025-12-16": 9}, 2, date(2025, 12, 12)),
        ({"2025-12-10": 95, "2025-12-12": 96, "2025-12-15": 100}, 1, date(2025, 12, 11)),
        ({"2025-12-10": 95, "2025-12-12": 95, "2025-12-15": 100}, 0, None),
        ({"2025-12-08": 92, "2025-12-15": 92, "2025-12-16": 100}, 4, date(2025, 12, 9)),
        ({"1975-01-02": 8, "1975-01-09": 9, "2025-12-11": 10}, 0, None),
        ({"2025-12-10": 8, "2025-12-12": 9, "2025-12-15": 8, "2025-12-17": 7}, 2, date(2025, 12, 11)),
    ],
    ids=["none", "after it", "right before it", "near it", "far below it", "many, so further below it",
         "before the table", "on both sides"],
)  # fmt: skip
def test_closes_that_may_be_above_the_record_are_counted(
    closes: dict[str, float], missing: int, first: date | None
) -> None:
    found = record(bars(closes), NYSE)
    assert (found.missing, found.missing_from) == (missing, first)


@pytest.mark.parametrize(
    ("highs", "expected"),
    [
        (None, None),
        ((5.5, 9.4, 9.6), (9.6, date(2025, 12, 31))),
        ((None, 9.4, None), (9.4, date(2025, 12, 30))),
        ((5.5, None, 8.2), None),
    ],
)
def test_the_intraday_record_is_never_below_the_record_close(
    highs: tuple[float | None, ...] | None, expected: tuple[float, date] | None
) -> None:
    made = bars({"2025-12-29": 5, "2025-12-30": 9, "2025-12-31": 8}, highs=highs)
    found = record(made, NYSE)
    assert (found.intraday, found.intraday_session) == (expected or (None, None))


@pytest.mark.parametrize(
    ("closes", "expected"),
    [
        ([100.0] * 20, None),
        ([100.0] * 21 + [98.0], True),
        ([100.0] * 21 + [99.0], True),
        ([100.0] * 21 + [99.1], False),
        ([109.0] + [100.0] * 21, False),
        ([108.0] + [100.0] * 21, True),
        ([100.0] + [95.0] * 20 + [93.0], True),
        ([100.0] + [95.0] * 19 + [88.0, 94.0], True),
        ([100.0] + [95.0] * 19 + [87.0, 94.0], False),
    ],
)
def test_rest_after_a_record(closes: list[float], expected: bool | None) -> None:
    assert record(on_sessions(closes), NYSE).consolidating is expected


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        (None, None),
        ((50.0,) * 21, 100.0),
        ((None,) * 4 + (50.0,) * 17, 100.0),
        ((None,) * 5 + (50.0,) * 16, None),
        ((0.0,) * 11 + (50.0,) * 10, 0.0),
        ((50.0,) * 20, None),
    ],
)
def test_traded_value_is_unknown_rather_than_guessed(
    volumes: tuple[float | None, ...] | None, expected: float | None
) -> None:
    count = 21 if volumes is None else len(volumes)
    days = NYSE.sessions(NYSE.offset(date(2025, 12, 31), 1 - count), date(2025, 12, 31))
    made = bars(dict.fromkeys(days, 2.0), volumes=volumes)
    assert study_ticker(made, NYSE).median_dollar_volume == expected


def test_one_bar_is_enough_for_a_study_and_none_is_refused() -> None:
    study = study_ticker(bars({"2025-12-31": 7.0}), NYSE)
    assert set(study.bases) == {date(2025, 12, 31), date(2026, 1, 2)}
    assert all(base is None for base in study.bases[date(2025, 12, 31)].values())
    assert study.record is not None
    assert study.record.consolidating is None
    with pytest.raises(RefusedValueError, match="no completed bars"):
        study_ticker(bars({}), NYSE)


def test_a_study_of_the_past_sees_nothing_later() -> None:
    whole = history("RUT")
    day = date(2020, 3, 23)
    cut = study_ticker(whole.until(day), NYSE)
    assert cut.last_session == day
    assert cut.record is not None
    assert cut.record.session < day
    assert max(cut.spark) == max(whole.closes[whole.dates.index(day) - 503 : whole.dates.index(day) + 1])


def test_the_mean_of_200_closes_runs_beside_the_line() -> None:
    whole = history("RUT")
    study = study_ticker(whole, NYSE)
    assert study.mean_200d == pytest.approx(fmean(whole.closes[-200:]))
    assert (len(study.spark), len(study.mean_line)) == (504, 84)
    assert study.mean_line[0] == pytest.approx(fmean(fmean(whole.closes[-704 + at : -504 + at]) for at in range(1, 7)))
    young = study_ticker(whole.tail(210), NYSE)
    assert (len(young.spark), young.mean_line[:33]) == (210, (None,) * 33), "before 200 closes there is no mean"
    assert young.mean_line[-1] is not None
    assert study_ticker(whole.tail(199), NYSE).mean_line == ()
    undrawn = study_ticker(whole, NYSE, spark=False)
    assert (undrawn.spark, undrawn.mean_line, undrawn.mean_200d) == ((), (), None)
