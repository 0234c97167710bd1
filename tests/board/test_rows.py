"""Rows of tickers and spreads: bases that move with the session, reasons, and no two sessions in one number."""

import dataclasses
from datetime import UTC, date
from typing import get_args, get_type_hints

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import SpreadRow
from rotation_tui.board.rows import STATISTICS, spread_row, ticker_row
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.quote import Extended
from rotation_tui.domain.results import SpreadStudy, Tracking
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.window import SESSIONS
from rotation_tui.panes.base import Space
from rotation_tui.panes.indexes import PANE, detail
from rotation_tui.studies.spreads import study_spread
from rotation_tui.widgets.cells import plain
from tests.board.material import (
    FRIDAY,
    IWM,
    MONDAY,
    NYSE,
    PAIR,
    TUESDAY,
    WEDNESDAY,
    at,
    bars,
    close_of,
    moment,
    quote,
    snapshot,
)
from tests.boards import FULL

SMALL, LARGE = bars("IWM"), bars("SPY", start=500.0, step=1.0)
OPEN = moment(TUESDAY, "11:00")
THURSDAY = date(2026, 2, 26)


def _pct(price: float, base: float) -> float:
    return 100 * (price / base - 1)


@pytest.mark.parametrize("window", SESSIONS)
def test_the_base_moves_when_the_session_of_the_quote_moves(window: str) -> None:
    sessions = SESSIONS[window]  # type: ignore[index]
    evening = ticker_row(IWM, snapshot(SMALL, quotes=(quote("IWM", 260.0, at(MONDAY, "16:00")),)), OPEN)
    assert evening.windows[window] == pytest.approx(_pct(260.0, SMALL.closes[-1 - sessions]))
    live = ticker_row(IWM, snapshot(SMALL, quotes=(quote("IWM", 260.0, at(TUESDAY, "10:59")),)), OPEN)
    assert live.windows[window] == pytest.approx(_pct(260.0, SMALL.closes[-sessions]))
    assert live.session == TUESDAY


def test_calendar_windows_start_at_the_last_close_of_the_period_before() -> None:
    row = ticker_row(IWM, snapshot(SMALL, quotes=(quote("IWM", 260.0, at(TUESDAY, "10:59")),)), OPEN)
    new_year, february = close_of(SMALL, date(2025, 12, 31)), close_of(SMALL, FRIDAY)
    assert row.windows["YTD"] == row.windows["HALF"] == row.windows["QTD"] == pytest.approx(_pct(260.0, new_year))
    assert row.windows["MTD"] == pytest.approx(_pct(260.0, february))


def test_a_window_that_begins_with_the_new_month_has_no_return_of_the_old_one() -> None:
    first = ticker_row(
        IWM, snapshot(bars("IWM", FRIDAY), quotes=(quote("IWM", 260.0, at(MONDAY, "10:59")),)), moment(MONDAY, "11:00")
    )
    assert first.windows["MTD"] == first.windows["1D"]


def test_late_history_keeps_calendar_windows_and_gives_up_the_others() -> None:
    """Bars end on Friday; the quote is of Tuesday, and Monday's close is nobody's guess."""
    histories = (bars("IWM", FRIDAY), bars("SPY", FRIDAY, start=500.0, step=1.0))
    prices = (quote("IWM", 260.0, at(TUESDAY, "10:59")), quote("SPY", 800.0, at(TUESDAY, "10:59")))
    whole = snapshot(*histories, quotes=prices)
    for windows in (ticker_row(IWM, whole, OPEN).windows, spread_row(PAIR, whole, OPEN).windows):
        assert windows["YTD"] is not None
        assert windows["MTD"] is not None
        assert all(windows[w] is None for w in SESSIONS)


@pytest.mark.parametrize(
    ("previous_session", "change"),
    [(MONDAY, 4.0), (FRIDAY, None), (None, None), (TUESDAY, None)],
    ids=["the session before", "an older session", "unsaid", "its own"],
)
def test_without_history_the_day_change_needs_the_right_previous_close(
    previous_session: date | None, change: float | None
) -> None:
    quoted = quote("IWM", 260.0, at(TUESDAY, "10:59"), previous_close=250.0, previous_session=previous_session)
    row = ticker_row(IWM, snapshot(quotes=(quoted,)), OPEN)
    assert row.last == 260.0
    assert row.change_pct == (None if change is None else pytest.approx(change))
    assert row.windows["1D"] == row.change_pct
    assert row.windows["YTD"] is None


def test_the_day_change_of_the_history_goes_before_that_of_the_source() -> None:
    quoted = quote("IWM", 260.0, at(TUESDAY, "10:59"), previous_close=1.0, previous_session=MONDAY)
    row = ticker_row(IWM, snapshot(SMALL, quotes=(quoted,)), OPEN)
    assert row.change_pct == pytest.approx(_pct(260.0, SMALL.closes[-1]))


@pytest.mark.parametrize(("price", "above"), [(249.4, False), (249.5, False), (251.0, True)])
def test_a_record_needs_a_close(price: float, above: bool) -> None:
    """At 11:00 the price is above the record; it is one once it has seen the close."""
    quoted = quote("IWM", price, at(TUESDAY, "10:59"))
    row = ticker_row(IWM, snapshot(SMALL, quotes=(quoted,)), OPEN)
    assert row.record_close == SMALL.closes[-1] == 249.5
    assert row.record_date == MONDAY
    assert (row.is_record, row.above_record) == (False, above)
    assert row.from_record_pct == pytest.approx(_pct(price, 249.5))
    closed = snapshot(SMALL, quotes=(quote("IWM", price, at(TUESDAY, "16:00")),), checked=at(TUESDAY, "16:01"))
    row = ticker_row(IWM, closed, moment(TUESDAY, "16:05"))
    assert row.state is State.CLOSED
    assert (row.is_record, row.above_record) == (price >= 249.5, False)


def _without(days: int, *sessions: date) -> Bars:
    kept = [(day, close) for day, close in zip(SMALL.dates, SMALL.closes, strict=True) if day not in sessions]
    dates, closes = zip(*kept[: len(kept) - days], strict=True)
    return dataclasses.replace(SMALL, dates=dates, closes=closes)


def test_over_holes_nobody_can_tell_a_record() -> None:
    """Thursday and Friday are missing, so Monday's close may be below one of theirs."""
    holes = snapshot(_without(0, THURSDAY, FRIDAY))
    row = ticker_row(IWM, holes, moment(TUESDAY, "08:00"))
    said = f"2 closes missing since {THURSDAY}"
    assert (row.record_close, row.is_record, row.above_record) == (249.5, None, False)
    assert row.marks["record"] == f"* {said}"
    assert row.reasons is not None
    assert row.reasons["is_record"] == said
    live = ticker_row(IWM, replace(holes, quotes={"IWM": quote("IWM", 251.0, at(TUESDAY, "10:59"))},
                                   checked={"IWM": at(TUESDAY, "10:59")}), OPEN)  # fmt: skip
    assert (live.is_record, live.above_record) == (False, None)
    assert live.reasons is not None
    assert live.reasons["above_record"] == said
    drawn, space = replace(FULL, tickers=(row,)), Space(118, 20, OPEN.now, UTC)
    face = PANE.draw(drawn, space)
    assert "+0.0%*" in plain(face.rows)
    assert "REC" not in plain(face.rows)
    assert f"record close 249.50, 2 Mar 2026 * {said}" in plain([face.note])
    assert f"record * {said}: one of them may be higher" in plain(detail(drawn, row.id, space))


@pytest.mark.parametrize(("price", "told"), [(248.0, False), (251.0, None)])
def test_a_close_missing_between_the_history_and_the_price_may_be_the_record(price: float, told: bool | None) -> None:
    """Closes end on Friday, the price is Tuesday's close."""
    late = snapshot(_without(1), quotes=(quote("IWM", price, at(TUESDAY, "16:00")),), checked=at(TUESDAY, "16:01"))
    row = ticker_row(IWM, late, moment(TUESDAY, "16:05"))
    assert row.record_close == 249.0
    assert (row.is_record, row.marks["record"]) == (told, f"* 1 close missing since {MONDAY}")
    whole = replace(late, studies=snapshot(SMALL).studies)
    assert "record" not in ticker_row(IWM, whole, moment(TUESDAY, "16:05")).marks


@pytest.mark.parametrize(("apart", "note"), [(0.65, "0.65 pp above RUT"), (-0.51, "0.51 pp below RUT")])
def test_a_fund_apart_from_its_index_says_so_on_its_row(apart: float, note: str) -> None:
    whole = snapshot(SMALL)
    study = replace(whole.studies.tickers["IWM"], tracking=Tracking("RUT", apart))
    whole = replace(whole, studies=replace(whole.studies, tickers={"IWM": study}))
    row = ticker_row(IWM, whole, moment(TUESDAY, "08:00"))
    assert row.note == f"{note} over 21 sessions"
    assert ticker_row(IWM, snapshot(SMALL), OPEN).note is None
    drawn = replace(FULL, tickers=(row,))
    space = Space(118, 20, OPEN.now, UTC)
    assert "see data" in plain(PANE.draw(drawn, space).rows)
    assert note in plain(detail(drawn, row.id, space))


def test_a_completed_bar_at_the_record_is_one() -> None:
    row = ticker_row(IWM, snapshot(SMALL), moment(TUESDAY, "08:00"))
    assert (row.last, row.is_record, row.above_record) == (249.5, True, False)


@pytest.mark.parametrize(
    ("day_high", "told"),
    [(None, 255.0), (254.9, 255.0), (255.1, 255.1), (251.0 * 1.35, 251.0 * 1.35), (251.0 * 1.36, 255.0), (1.0, 255.0)],
)
def test_the_intraday_record_has_the_days_high_where_it_can_be_one(day_high: float | None, told: float) -> None:
    known = dataclasses.replace(SMALL, highs=(255.0, *SMALL.closes[1:]))
    quoted = replace(quote("IWM", 251.0, at(TUESDAY, "10:59")), day_high=day_high)
    assert ticker_row(IWM, snapshot(known, quotes=(quoted,)), OPEN).record_intraday == told
    assert ticker_row(IWM, snapshot(SMALL, quotes=(quoted,)), OPEN).record_intraday is None, "its past has no highs"


def test_a_price_outside_regular_hours_stays_apart() -> None:
    evening = Extended(262.6, at(TUESDAY, "17:00"), Phase.POST)
    quoted = quote("IWM", 260.0, at(TUESDAY, "16:00"), extended=evening)
    whole = snapshot(SMALL, quotes=(quoted,), checked=at(TUESDAY, "17:01"))
    row = ticker_row(IWM, whole, moment(TUESDAY, "17:02"))
    assert row.last == 260.0
    assert row.windows["1D"] == pytest.approx(_pct(260.0, SMALL.closes[-1]))
    assert row.extended is not None
    assert (row.extended.phase, row.extended.last) == (Phase.POST, 262.6)
    assert row.extended.change_pct == pytest.approx(1.0)
    next_day = quote("IWM", 259.0, at(WEDNESDAY, "10:00"), extended=evening)
    for now, shown in ((moment(WEDNESDAY, "08:00"), quoted), (moment(WEDNESDAY, "10:01"), next_day)):
        later = ticker_row(IWM, snapshot(SMALL, quotes=(shown,)), now)
        assert (later.extended is None) is (shown is next_day)


def test_a_price_from_before_the_open_is_gone_once_a_regular_one_is_newer() -> None:
    early = Extended(255.0, at(TUESDAY, "08:00"), Phase.PRE)
    for printed, shown in ((at(MONDAY, "16:00"), True), (at(TUESDAY, "16:00"), False)):
        quoted = quote("IWM", 260.0, printed, extended=early)
        row = ticker_row(IWM, snapshot(bars("IWM", FRIDAY), quotes=(quoted,)), moment(TUESDAY, "17:00"))
        assert (row.extended is not None) is shown


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"quarantined": {"IWM": "yahoo says 400.00, +60%"}}, "in quarantine: yahoo says 400.00, +60%"),
        ({"missing": {"IWM": "yahoo: no answer"}}, "yahoo: no answer"),
        ({}, "waiting for a first answer"),
    ],
)
def test_a_row_without_a_price_says_why(more: dict[str, dict[str, str]], why: str) -> None:
    row = ticker_row(IWM, snapshot(**more), OPEN)  # type: ignore[arg-type]
    assert (row.state, row.why) == (State.UNKNOWN, why)
    assert (row.last, row.change_pct, row.as_of, row.source, row.is_record) == (None,) * 5
    assert set(row.windows.values()) == {None}


def test_a_spread_is_small_minus_large_over_the_same_sessions() -> None:
    prices = (quote("IWM", 260.0, at(TUESDAY, "10:59")), quote("SPY", 800.0, at(TUESDAY, "10:58")))
    row = spread_row(PAIR, snapshot(SMALL, LARGE, quotes=prices), OPEN)
    assert row.windows["1W"] == pytest.approx(_pct(260.0, SMALL.closes[-5]) - _pct(800.0, LARGE.closes[-5]))
    assert row.as_of == TUESDAY
    assert (row.state, row.basis, row.why) == (State.LIVE, Basis.PRICE, None)


def test_a_leg_that_has_not_traded_yet_sends_both_back_to_the_last_common_close() -> None:
    prices = (quote("IWM", 260.0, at(MONDAY, "16:00")), quote("SPY", 800.0, at(TUESDAY, "10:58")))
    row = spread_row(PAIR, snapshot(SMALL, LARGE, quotes=prices), OPEN)
    assert row.windows["1D"] == pytest.approx(
        _pct(SMALL.closes[-1], SMALL.closes[-2]) - _pct(LARGE.closes[-1], LARGE.closes[-2])
    )
    assert (row.as_of, row.state) == (MONDAY, State.CLOSED)


def test_legs_whose_histories_end_on_different_days_meet_where_both_have_one() -> None:
    behind = bars("SPY", FRIDAY, start=500.0, step=1.0)
    row = spread_row(PAIR, snapshot(SMALL, behind), OPEN)
    assert row.as_of == FRIDAY
    assert row.windows["1D"] == pytest.approx(
        _pct(SMALL.closes[-2], SMALL.closes[-3]) - _pct(behind.closes[-1], behind.closes[-2])
    )


@pytest.mark.parametrize(
    ("small", "large", "state"),
    [("10:59", "10:59", State.LIVE), ("10:40", "10:59", State.STALE), ("10:59", "10:40", State.STALE)],
)
def test_a_spread_is_no_better_than_its_worse_leg(small: str, large: str, state: State) -> None:
    prices = (quote("IWM", 260.0, at(TUESDAY, small)), quote("SPY", 800.0, at(TUESDAY, large)))
    assert spread_row(PAIR, snapshot(SMALL, LARGE, quotes=prices), OPEN).state is state


@pytest.mark.parametrize(
    ("histories", "more", "why"),
    [
        ((SMALL,), {}, "no history of SPY yet"),
        ((), {}, "no history of IWM and SPY yet"),
        ((SMALL, LARGE), {"quarantined": {"SPY": "it lies"}}, "SPY in quarantine: it lies"),
    ],
)
def test_a_spread_that_is_unknown_says_why(
    histories: tuple[object, ...], more: dict[str, dict[str, str]], why: str
) -> None:
    row = spread_row(PAIR, snapshot(*histories, **more), OPEN)  # type: ignore[arg-type]
    assert (row.state, row.why) == (State.UNKNOWN, why)
    assert set(row.windows.values()) == {None}


@pytest.mark.parametrize("small_day", [FRIDAY, MONDAY, TUESDAY])
@pytest.mark.parametrize("large_day", [FRIDAY, MONDAY, TUESDAY])
def test_no_number_of_a_spread_is_of_two_sessions(small_day: date, large_day: date) -> None:
    prices = {
        leg.symbol: dict(zip(leg.dates, leg.closes, strict=True)) | {TUESDAY: live}
        for leg, live in ((SMALL, 260.0), (LARGE, 800.0))
    }
    quotes = tuple(
        quote(symbol, prices[symbol][day], at(day, "16:00")) for symbol, day in (("IWM", small_day), ("SPY", large_day))
    )
    row = spread_row(PAIR, snapshot(SMALL, LARGE, quotes=quotes), moment(TUESDAY, "17:00"))
    as_of = TUESDAY if small_day == large_day == TUESDAY else MONDAY
    small, large = (_pct(prices[leg][as_of], prices[leg][NYSE.previous(as_of)]) for leg in ("IWM", "SPY"))
    assert row.as_of == as_of
    assert row.windows["1D"] == pytest.approx(small - large)


def test_a_leg_with_prices_besides_is_not_set_against_the_total_return_of_the_other() -> None:
    """Later dividends lower every earlier total return; a price over such a base would be too high by them."""
    small, total = (
        dataclasses.replace(leg, basis=Basis.TOTAL) for leg in (SMALL, dataclasses.replace(LARGE, closes=SMALL.closes))
    )
    whole = snapshot(small, LARGE, universe=Universe((), (), ()))
    studied = study_spread(PAIR, small, total, NYSE)
    mixed = replace(whole, studies=replace(whole.studies, spreads={"IWM-SPY": studied}))
    for quotes in ((), (quote("IWM", 260.0, at(TUESDAY, "10:59")), quote("SPY", 800.0, at(TUESDAY, "10:59")))):
        row = spread_row(PAIR, replace(mixed, quotes={q.symbol: q for q in quotes}), OPEN)
        assert (row.basis, row.as_of) == (Basis.TOTAL, MONDAY)
        assert set(row.windows.values()) == {0.0}


def test_a_study_that_failed_is_named() -> None:
    whole = snapshot(SMALL)
    failed = replace(whole, studies=replace(whole.studies, faults={"spread IWM-SPY": "legs on different bases"}))
    assert spread_row(PAIR, failed, OPEN).why == "legs on different bases"


@pytest.mark.parametrize(
    ("previous_session", "known"),
    [(MONDAY, True), (FRIDAY, False), (None, False)],
    ids=["right", "too early", "untold"],
)
def test_a_day_without_the_close_before_is_told_by_the_quotes_own(previous_session: date | None, known: bool) -> None:
    holed = {symbol: bars(symbol, FRIDAY, start=start) for symbol, start in (("IWM", 100.0), ("SPY", 500.0))}
    holed = {
        s: dataclasses.replace(b, dates=(*b.dates, TUESDAY), closes=(*b.closes, b.closes[-1] + 1))
        for s, b in holed.items()
    }
    more = {"previous_session": previous_session}
    quotes = (
        quote("IWM", 252.0, at(TUESDAY, "16:00"), previous_close=251.0, **more),
        quote("SPY", 652.0, at(TUESDAY, "16:00"), previous_close=648.0, **more),
    )
    known_state, now = snapshot(*holed.values(), quotes=quotes), moment(TUESDAY, "18:00")
    one, pair = ticker_row(IWM, known_state, now), spread_row(PAIR, known_state, now)
    if known:
        assert one.windows["1D"] == pytest.approx(_pct(252.0, 251.0))
        assert pair.windows["1D"] == pytest.approx(_pct(252.0, 251.0) - _pct(652.0, 648.0))
        said = "* from the close of 2026-03-02 as yahoo quotes it: the history has none"
        assert (one.marks["1D"], pair.marks["1D"]) == (said, said)
        assert "1D" not in (one.reasons or {})
        assert "1D" not in (pair.reasons or {})
    else:
        assert (one.windows["1D"], pair.windows["1D"]) == (None, None)
        assert (one.reasons or {})["1D"] == "no close of 2026-03-02"
        assert (pair.reasons or {})["1D"] == "no common close of 2026-03-02"


@pytest.mark.parametrize(
    ("last", "clock", "marked"), [(MONDAY, "18:00", True), (MONDAY, "15:59", False), (TUESDAY, "18:00", False)]
)
def test_statistics_of_the_session_before_are_marked_after_the_close(last: date, clock: str, *, marked: bool) -> None:
    """The newest bar of one leg is missing; while a session runs nobody has its bar."""
    legs = (bars("IWM", last), bars("SPY", TUESDAY, start=500.0, step=1.0))
    prices = tuple(quote(leg, price, at(TUESDAY, "15:59")) for leg, price in (("IWM", 260.0), ("SPY", 800.0)))
    whole = snapshot(*legs, quotes=prices, checked=at(TUESDAY, "15:59" if clock == "15:59" else "16:05"))
    row = spread_row(PAIR, whole, moment(TUESDAY, clock))
    assert row.as_of == TUESDAY
    assert row.marks.get("statistics") == (f"* closes to {MONDAY}" if marked else None)


def test_a_pairs_row_has_the_statistics_of_its_study_in_their_types() -> None:
    study, row = get_type_hints(SpreadStudy), get_type_hints(SpreadRow)
    assert {"z", "percentile", "beta", "streak", "basis"} <= set(STATISTICS)
    for name in STATISTICS:
        assert study[name] in (row[name], *get_args(row[name])), name
