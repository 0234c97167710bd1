"""What a `*` beside a window says, and the names of periods that are over."""

import dataclasses
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.rows import spread_row, ticker_row
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.window import SESSIONS, Window
from rotation_tui.panes import indexes, sectors, spreads
from rotation_tui.panes.base import Space
from rotation_tui.panes.spreads import words as spread_words
from rotation_tui.studies.spreads import total_return
from rotation_tui.widgets.cells import plain
from tests.board.material import (
    IWM,
    MONDAY,
    NYSE,
    PAIR,
    TUESDAY,
    UNIVERSE,
    at,
    bars,
    moment,
    quote,
    snapshot,
)
from tests.boards import FULL, NOW

SMALL, LARGE = bars("IWM"), bars("SPY", start=500.0, step=1.0)
OPEN = moment(TUESDAY, "11:00")


def without(made: Bars, *days: date) -> Bars:
    kept = [(d, c) for d, c in zip(made.dates, made.closes, strict=True) if d not in days]
    return dataclasses.replace(made, dates=tuple(d for d, _ in kept), closes=tuple(c for _, c in kept))


def space(width: int = 116) -> Space:
    return Space(width, 40, NOW, UTC, full=True)


def test_whole_rows_have_no_mark() -> None:
    whole = snapshot(SMALL, LARGE)
    assert ticker_row(IWM, whole, OPEN).marks == spread_row(PAIR, whole, OPEN).marks == {}


def test_a_base_that_is_off_is_marked_with_the_day_it_is_of_and_the_day_that_is_missing() -> None:
    """Of 3 March 2026 a month back is Tuesday the 3rd of February."""
    holed = snapshot(without(SMALL, date(2026, 2, 3)), LARGE, quotes=(quote("IWM", 260.0, at(TUESDAY, "10:59")),))
    row = ticker_row(IWM, holed, OPEN)
    assert row.marks["1M"] == "* from the close of 2026-02-02: there is none of 2026-02-03"
    assert "YTD" not in row.marks
    assert "1W" not in row.marks
    text = f"+{row.windows['1M']:.1f}*"
    shown = plain(indexes.draw(replace(FULL, tickers=(row,)), space()).rows)
    assert text in shown
    told = plain(indexes.detail(replace(FULL, tickers=(row,)), "IWM", space()))
    assert "1M * from the close of 2026-02-02: there is none of 2026-02-03" in told


def test_a_hole_in_one_leg_marks_the_pair_and_not_the_other_leg() -> None:
    holed = snapshot(without(SMALL, date(2026, 2, 2)), LARGE)
    pair = spread_row(PAIR, holed, OPEN)
    assert pair.marks["1M"] == "* from the close of 2026-01-30: there is none of 2026-02-02"
    assert spread_row(PAIR, snapshot(SMALL, LARGE), OPEN).marks == {}
    assert "there is none of 2026-02-02" in plain(spread_words.detail(replace(FULL, spreads=(pair,)), pair.id, space()))


def test_a_leg_without_a_price_of_the_session_marks_every_window_of_the_pair() -> None:
    prices = (quote("IWM", 260.0, at(TUESDAY, "10:59")), quote("SPY", 800.0, at(MONDAY, "16:00")))
    row = spread_row(PAIR, snapshot(SMALL, LARGE, quotes=prices), OPEN)
    assert row.as_of == MONDAY
    assert row.marks == {w.value: "* to 2026-03-02: SPY has no price of 2026-03-03" for w in Window}
    shown = plain(spreads.draw(replace(FULL, spreads=(row,)), space()).rows)
    assert shown.count("*") >= 5
    told = plain(spread_words.detail(replace(FULL, spreads=(row,)), row.id, space(200)))
    assert "* to 2026-03-02: SPY has no price of 2026-03-03" in told


def board_at(day: date, clock: str, last: date) -> Board:
    whole = snapshot(bars("IWM", last), bars("SPY", last, start=500.0, step=1.0))
    return assemble(whole, Scope(UNIVERSE, NYSE, Mode.LIVE), at(day, clock))


@pytest.mark.parametrize(
    ("day", "clock", "last", "periods"),
    [
        (date(2025, 12, 31), "17:00", date(2025, 12, 31), {}),
        (date(2026, 1, 1), "12:00", date(2025, 12, 31),
         {"MTD": "Dec 2025", "QTD": "Q4 2025", "HALF": "H2 2025", "YTD": "YTD 2025"}),
        (date(2026, 1, 2), "09:29", date(2025, 12, 31),
         {"MTD": "Dec 2025", "QTD": "Q4 2025", "HALF": "H2 2025", "YTD": "YTD 2025"}),
        (date(2026, 1, 2), "09:30", date(2025, 12, 31), {}),
        (date(2026, 7, 1), "08:00", date(2026, 6, 30), {"MTD": "Jun 2026", "QTD": "Q2 2026", "HALF": "H1 2026"}),
        (date(2026, 3, 1), "12:00", date(2026, 2, 27), {"MTD": "Feb 2026"}),
    ],
)  # fmt: skip
def test_before_its_first_session_a_period_names_the_one_it_is_about(
    day: date, clock: str, last: date, periods: dict[str, str]
) -> None:
    board = board_at(day, clock, last)
    assert board.periods == periods
    if not periods:
        return
    headers = [plain([pane.draw(board, space(200)).header]) for pane in (indexes, spreads)]
    for name in periods.values():
        assert all(f" {name} " in f" {header} " for header in headers)
    if "YTD" in periods:
        assert "lead by" in spread_words.leads(board.spreads[0], board.periods)[0]
        assert " in 2025" in spread_words.leads(board.spreads[0], board.periods)[0]
        named = replace(board, leaders={"HALF": 1, "YTD": 2}, sectors=FULL.sectors)
        assert "H2 2025 1 of 4  YTD 2025 2 of 4" in plain([sectors.draw(named, space()).note])


def test_an_old_price_says_of_which_year_its_windows_are() -> None:
    """The new year has begun, and of this fund there is no price of it yet."""
    whole = snapshot(bars("IWM", date(2025, 12, 31)))
    row = ticker_row(IWM, whole, moment(date(2026, 1, 2), "15:00"))
    assert row.marks["YTD"] == "* YTD 2025, to 2025-12-31"
    assert set(row.marks) == {"MTD", "QTD", "HALF", "YTD"}


def test_windows_in_sessions_and_of_the_calendar_stand_beside_each_other() -> None:
    row = ticker_row(IWM, snapshot(SMALL), OPEN)
    assert set(row.windows) == {w.value for w in Window}
    for window, n in SESSIONS.items():
        assert row.windows[window.value] == pytest.approx(100 * (SMALL.closes[-1] / SMALL.closes[-1 - n] - 1))
    month = SMALL.closes[SMALL.dates.index(date(2026, 2, 2))]
    assert row.windows["1M"] == pytest.approx(100 * (SMALL.closes[-1] / month - 1))
    assert row.windows["1M"] != row.windows["21d"]


def test_total_return_and_price_return_end_with_one_close() -> None:
    """A quote of Tuesday moves the price return; the dividend of Tuesday, if there is one, is in no quote."""
    paid = []
    for leg in (SMALL, LARGE):
        closes = (*(close * 0.98 for close in leg.closes[:-30]), *leg.closes[-30:])
        paid.append(dataclasses.replace(leg, basis=Basis.TOTAL, closes=closes))
    whole = snapshot(SMALL, LARGE, quotes=(quote("IWM", 300.0, at(TUESDAY, "10:59")),
                                           quote("SPY", 800.0, at(TUESDAY, "10:59"))))  # fmt: skip
    studied = replace(whole.studies.spreads["IWM-SPY"], total=total_return(paid[0], paid[1], NYSE))
    live = replace(whole, studies=replace(whole.studies, spreads={"IWM-SPY": studied}))
    row = spread_row(PAIR, live, OPEN)
    assert row.total is not None
    assert (row.as_of, row.total.as_of, row.total.why) == (TUESDAY, MONDAY, None)
    closed = spread_row(PAIR, snapshot(SMALL, LARGE), OPEN)
    assert row.total.price == closed.windows != row.windows
    small, large = (leg.closes for leg in paid)
    assert row.total.windows["252d"] == pytest.approx(100 * (small[-1] / small[-253] - large[-1] / large[-253]))
    assert row.total.windows["252d"] != row.total.price["252d"]
    none = spread_row(PAIR, whole, OPEN).total
    assert none is not None
    assert none.why == "no dividend-adjusted closes of IWM and SPY"
    assert set(none.windows.values()) == {None}
    late = spread_row(PAIR, live, moment(date(2026, 3, 9), "17:00")).total
    assert late is not None
    assert (late.why, set(late.windows.values())) == ("stale: closes end 2026-03-02", {None})
