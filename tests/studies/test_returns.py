"""Returns: the golden cases, the bases that quotes start from, and what holes do to them."""

import json
import math
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.bars import Bars, completed
from rotation_tui.domain.results import Base
from rotation_tui.domain.window import SESSIONS, Window, months_before, nominal_base
from rotation_tui.studies.returns import change_pct, spread_pp, windows_at
from rotation_tui.studies.tickers import study_ticker
from tests.golden import golden
from tests.studies import forms
from tests.studies.material import NYSE, SMALL_DIGITS, bars, history, on_sessions


def near(expected: Any) -> Any:
    return pytest.approx(expected, rel=SMALL_DIGITS)


def bases(made: Bars, session: date) -> dict[Window, Base | None]:
    """Base of every window for a quote of `session`."""
    rows, _ = windows_at(made.dates, session, NYSE)
    return {w: None if row is None else Base(made.dates[row], made.close(row)) for w, row in rows.items()}


def since(window: Window, closes: dict[str, float]) -> tuple[Base | None, float | None]:
    """Base and return of a window, the last close standing in for the quote."""
    made = bars(closes)
    base = bases(made, made.dates[-1])[window]
    return base, change_pct(None if base is None else base.close, made.closes[-1])


@pytest.mark.parametrize(
    ("case", "window", "base", "value"),
    [
        ("R01", Window.YTD, None, None),
        ("R03", Window.HALF, None, None),
        ("R05", Window.YTD, "base", "ytd"),
        ("R07", Window.HALF, "base", "h2"),
    ],
)
def test_calendar_windows_start_at_the_last_close_of_the_period_before(
    case: str, window: Window, base: str | None, value: str | None
) -> None:
    entry = golden(case)
    found, change = since(window, entry["input"])
    assert change == near(entry["output"] if value is None else entry["output"][value])
    if base is not None:
        assert found is not None
        assert found.session == date.fromisoformat(entry["output"][base])


@pytest.mark.parametrize("case", ["R16", "R17"])
def test_windows_of_weeks_and_months_go_back_to_the_same_day(case: str) -> None:
    entry = golden(case)
    made = bars(entry["input"])
    study = study_ticker(made, NYSE)
    found = study.bases[made.dates[-1]]
    for name, expected in entry["output"].items():
        if name == "marked":
            continue
        base = found[Window(name)]
        change = change_pct(None if base is None else base.close, made.closes[-1])
        assert change == (None if expected is None else near(expected)), name
    marked = {w.value: str(d) for w, d in study.gaps[made.dates[-1]].items() if w not in SESSIONS}
    assert {w: d for w, d in marked.items() if w in entry["output"]} == entry["output"].get("marked", {})


@given(st.integers(0, 5000), st.sampled_from([w for w in Window if w not in SESSIONS]))
def test_calendar_windows_start_at_the_last_session_by_their_day(back: int, window: Window) -> None:
    session = NYSE.offset(date(2025, 12, 31), -back)
    made = bars(dict.fromkeys(NYSE.sessions(NYSE.offset(session, -270), session), 1.0))
    base = bases(made, session)[window]
    assert base is not None
    assert base.session == NYSE.on_or_before(nominal_base(window, session)) < session


@pytest.mark.parametrize("case", ["R06", "R08"])
def test_calendar_windows_are_unknown_without_a_near_close_of_the_period_before(case: str) -> None:
    assert since(Window.YTD, golden(case)["input"]) == (None, None)


@pytest.mark.parametrize(("last", "known"), [("2024-12-24", True), ("2024-12-23", False)])
def test_a_base_may_be_seven_days_old_but_not_eight(last: str, known: bool) -> None:
    assert (since(Window.YTD, {last: 100, "2025-01-06": 110})[0] is not None) is known


def test_plain_changes() -> None:
    record = golden("R02")
    assert change_pct(record["input"]["base"], record["input"]["last"]) == near(record["output"])
    level = golden("R04")
    assert change_pct(level["input"]["base"], level["output"]) == near(level["input"]["ret"])
    year = golden("R14")
    small, large = year["input"]["IWM"], year["input"]["SPY"]
    assert change_pct(*small) == near(year["output"]["IWM"])
    assert change_pct(*large) == near(year["output"]["SPY"])
    assert spread_pp(*small, *large) == near(year["output"]["spread_pp"])
    halves = golden("R15")
    small, large = halves["input"]["IWM"], halves["input"]["SPY"]
    found = [spread_pp(small[i], small[i + 1], large[i], large[i + 1]) for i in (0, 1)]
    assert found == near(list(halves["output"].values()))


def test_missing_rows_are_not_filled() -> None:
    entry = golden("R09")
    values = list(entry["input"].values())
    found = forms.valid_to_valid(values)
    assert [value for value in found if value is not None] == near(entry["output"]["valid_to_valid"])
    known = {day: close for day, close in entry["input"].items() if close is not None}
    assert bars(known).dates[-1] == date.fromisoformat(entry["output"]["asof"])
    assert since(Window.YTD, known)[1] == near(entry["output"]["ytd"])


def test_prices_at_or_below_zero_have_no_return() -> None:
    entry = golden("R11")
    assert forms.valid_to_valid(list(entry["input"].values())) == [None, None, near(entry["output"][2])]
    for bad in (0.0, -1.0, math.nan, math.inf, None):
        assert change_pct(bad, 1.0) is None
        assert change_pct(1.0, bad) is None


@pytest.mark.parametrize(("key", "months"), [("a", 12), ("b", 12), ("c", 48), ("d", 6)])
def test_lookback_dates_clip_to_the_month(key: str, months: int) -> None:
    entry = golden("R10")
    day = list(entry["input"])["abcd".index(key)]
    assert months_before(date.fromisoformat(day), months).isoformat() == entry["output"][key]


def test_dividends_and_splits() -> None:
    paid = golden("R12")
    adjusted = forms.total_return_closes(paid["input"]["close"], paid["input"]["div"])
    assert adjusted == near(paid["output"]["adj_close"])
    assert change_pct(adjusted[0], adjusted[-1]) == near(paid["output"]["total"])
    assert change_pct(paid["input"]["close"][0], paid["input"]["close"][-1]) == near(paid["output"]["price"])
    split = golden("R13")
    adjusted = forms.split_adjusted(split["input"]["close"], split["input"]["split"])
    assert adjusted == near(split["output"]["adj_close"])
    assert change_pct(adjusted[0], adjusted[-1]) == near(split["output"]["right"])


def test_legs_are_compounded_before_they_are_compared() -> None:
    entry = golden("S15")
    small, large = zip(*entry["input"], strict=True)
    assert forms.compounded_pct(small) == near(entry["output"]["small"])
    assert forms.compounded_pct(large) == near(entry["output"]["large"])
    assert sum(small) - sum(large) == near(entry["output"]["sum_of_daily_pp"])


def test_a_running_session_is_no_completed_bar() -> None:
    entry = golden("C05")
    made = bars(dict.fromkeys(entry["input"]["bars"], 100.0))
    for now, expected in zip(entry["input"]["now"], entry["output"], strict=True):
        kept = completed(made, NYSE, datetime.fromisoformat(now).astimezone(UTC))
        assert json.loads(json.dumps([d.isoformat() for d in kept.dates])) == expected


def test_the_base_is_counted_from_the_session_of_the_quote() -> None:
    made = on_sessions([float(i) for i in range(1, 261)], date(2025, 12, 30))
    study = study_ticker(made, NYSE)
    closed, running = study.bases[date(2025, 12, 30)], study.bases[date(2025, 12, 31)]
    for window, n in SESSIONS.items():
        before, now = closed[window], running[window]
        assert before is not None
        assert now is not None
        assert (before.close, now.close) == (260 - n, 261 - n)
    assert study.gaps == {date(2025, 12, 30): {}, date(2025, 12, 31): {}}


def test_on_the_first_session_of_a_year_the_year_starts_at_the_close_before() -> None:
    study = study_ticker(history("RUT"), NYSE)
    turned = study.bases[date(2026, 1, 2)]
    last = Base(date(2025, 12, 31), study.last_close)
    assert [turned[w] for w in (Window.D1, Window.MTD, Window.QTD, Window.HALF, Window.YTD)] == [last] * 5
    assert study.bases[date(2025, 12, 31)][Window.HALF] == Base(date(2025, 6, 30), 2175.04)


def test_a_missing_row_is_told_and_a_missing_month_makes_windows_unknown() -> None:
    values = {day: 100.0 for day in NYSE.sessions(date(2024, 1, 2), date(2025, 12, 31))}
    one_short = {day: close for day, close in values.items() if day != date(2025, 12, 30)}
    study = study_ticker(bars(one_short), NYSE)
    found, told = study.bases[study.last_session], study.gaps[study.last_session]
    assert {w for w in Window if found[w] is None} == {Window.D1}, "no other window needs that close"
    assert told == {Window.D1: date(2025, 12, 30)}
    holed = {day: close for day, close in values.items() if not date(2025, 11, 1) <= day < date(2025, 12, 1)}
    study = study_ticker(bars(holed), NYSE)
    found = study.bases[study.last_session]
    assert {window for window in Window if found[window] is None} == {Window.M1, Window.MTD}


@given(st.integers(0, 4000), st.sampled_from(list(SESSIONS)))
def test_windows_in_sessions_count_the_calendars_sessions(back: int, window: Window) -> None:
    session = NYSE.offset(date(2025, 12, 31), -back)
    first = NYSE.offset(session, -260)
    made = bars(dict.fromkeys(NYSE.sessions(first, session), 1.0))
    base = bases(made, session)[window]
    assert base is not None
    assert base.session == NYSE.offset(session, -SESSIONS[window])


@given(st.integers(0, 500), st.integers(0, 30))
def test_rows_from_the_session_on_do_not_matter(back: int, later: int) -> None:
    session = NYSE.offset(date(2025, 6, 30), -back)
    days = NYSE.sessions(NYSE.offset(session, -260), NYSE.offset(session, later))
    made = bars({day: 1.0 + i for i, day in enumerate(days)})
    assert bases(made, session) == bases(made.until(NYSE.previous(session)), session)
