"""Watch lists on the board: the rows that tickers have, against a benchmark, each symbol worked out once."""

from dataclasses import replace as replaced
from datetime import timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import Assembler, Scope
from rotation_tui.board.contract import Mode, WatchedRow
from rotation_tui.board.watching import excess_over, list_rows
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.watchlist import WatchedSymbol, WatchList
from rotation_tui.store.market_store import Snapshot
from tests.board.material import MONDAY, NYSE, SPY, TUESDAY, at, bars, moment, quote, snapshot

BANKS = WatchList(name="banks", symbols=(WatchedSymbol(symbol="KRE", note="regional", tag="rates"), "SPY", "NONE"))
OTHERS = WatchList(name="others", symbols=("KRE",), benchmark="KRE")
UNIVERSE = Universe((SPY,), (), (), watched=("KRE", "SPY", "NONE")).looking_at((), ())
NOON = moment(TUESDAY, "12:00")
KRE, SPY_BARS = bars("KRE", start=100.0), bars("SPY", start=400.0)
# the close of Monday is 249.5 of KRE (100 + 299 x 0.5) and 549.5 of SPY
QUOTES = (
    quote("KRE", 254.49, at(TUESDAY, "11:59"), name="SPDR S&P Regional Banking ETF"),
    quote("SPY", 554.995, at(TUESDAY, "11:59")),
)
SEEN = snapshot(KRE, SPY_BARS, quotes=QUOTES)


def row(symbol: str, seen: Snapshot = SEEN, listed: WatchList = BANKS) -> WatchedRow:
    (told,) = list_rows((listed,), UNIVERSE, seen, NOON)
    return next(row for row in told.rows if row.symbol == symbol)


def test_a_symbol_has_what_a_ticker_has_and_the_words_of_its_list() -> None:
    kre = row("KRE")
    assert (kre.id, kre.name, kre.list, kre.tag, kre.your_note) == (
        "KRE", "SPDR S&P Regional Banking ETF", "banks", "rates", "regional"
    )  # fmt: skip
    assert kre.last == 254.49
    assert kre.change_pct == pytest.approx(2.0)  # 254.49 / 249.5
    assert kre.state is State.LIVE
    assert kre.record_close == 249.5
    # lowest of the last 252 closes: row 300 - 252 = 48, 100 + 48 x 0.5 = 124
    assert kre.from_year_high_pct == pytest.approx(2.0)
    assert kre.from_year_low_pct == pytest.approx(100 * (254.49 / 124 - 1))
    assert kre.year_range_pct == 100.0  # a price beyond widens the range
    assert kre.mean_200d == pytest.approx(100 + 0.5 * (100 + 299) / 2)


def test_excess_is_the_window_less_that_of_the_benchmark() -> None:
    """Worked: KRE 254.49 / 249.5 = +2 %, SPY 554.995 / 549.5 = +1 %; 21 sessions back 239.5 and 539.5."""
    kre = row("KRE")
    assert kre.excess["1D"] == pytest.approx(1.0)
    assert kre.excess["21d"] == pytest.approx(100 * (254.49 / 239.5 - 554.995 / 539.5))
    assert row("SPY").excess["1D"] == 0.0
    assert row("KRE", listed=OTHERS).excess["1D"] == 0.0


def test_what_is_not_of_one_session_is_not_subtracted() -> None:
    yesterday = snapshot(KRE, SPY_BARS, quotes=QUOTES[:1])
    kre = row("KRE", yesterday)
    assert set(kre.excess.values()) == {None}
    assert (kre.reasons or {})["excess"] == f"KRE is of {TUESDAY}, SPY of {MONDAY}"


def test_a_price_is_not_set_against_a_total_return() -> None:
    mixed = snapshot(KRE, replaced(SPY_BARS, basis=Basis.TOTAL), quotes=QUOTES)
    assert "not on one basis" in (row("KRE", mixed).reasons or {})["excess"]


def test_a_window_that_starts_elsewhere_is_unknown_and_no_other_is() -> None:
    whole, bench = row("KRE"), row("SPY")
    moved = replace(bench, bases={**bench.bases, "1M": bench.bases["1M"] - timedelta(days=1)})
    excess, why = excess_over(whole, moved)
    assert why is None
    assert excess["1M"] is None
    assert excess["21d"] is not None


def test_what_no_feed_gives_is_unknown_with_its_reason() -> None:
    none = row("NONE", replace(SEEN, missing={"NONE": "yahoo: is not there", "history of NONE": "no feed has one"}))
    assert none.last is None
    assert none.state is State.UNKNOWN
    assert none.why
    assert (none.reasons or {})["excess"] == "no price of NONE"


def test_without_a_list_there_is_no_row() -> None:
    assert list_rows((), UNIVERSE, SEEN, NOON) == ()


def test_only_rows_that_moved_are_other_objects() -> None:
    scope = Scope(UNIVERSE, NYSE, Mode.LIVE, watchlists=(BANKS, OTHERS))
    boards = Assembler()
    first = boards.board(SEEN, scope, at(TUESDAY, "12:00"))
    again = boards.board(SEEN, scope, at(TUESDAY, "12:00"))
    assert again.watchlists is first.watchlists
    moved = snapshot(KRE, SPY_BARS, quotes=(replace(QUOTES[0], price=255.0), QUOTES[1]))
    later = boards.board(moved, scope, at(TUESDAY, "12:00"))
    assert later.watchlists[0].rows[0] is not first.watchlists[0].rows[0]
    assert later.watchlists[0].rows[1] is first.watchlists[0].rows[1]


def test_symbols_of_lists_are_visitors_unless_the_board_has_them() -> None:
    assert [i.symbol for i in UNIVERSE.visitors] == ["KRE", "NONE"]
    assert UNIVERSE.own.instruments == (SPY.instrument,)
    looking = UNIVERSE.looking_at((), ("AAPL",))
    assert [i.symbol for i in looking.visitors] == ["KRE", "NONE", "AAPL"]
    assert [i.symbol for i in looking.looking_at((), ()).visitors] == ["KRE", "NONE"]
    assert Instrument.of("KRE") in UNIVERSE.with_bars
