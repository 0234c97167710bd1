"""What is held on the board: the worked cases, what is unknown, a past day, and alerts on it."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from rotation_tui.alerts.condition import parsed
from rotation_tui.alerts.places import Known
from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.holding_rows import PortfolioRow, PositionRow
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.positions import (
    Betas,
    Lot,
    OwnPosition,
    Portfolio,
    PortfolioStudy,
    RebalanceSettings,
    SmallPart,
    mark_of_book,
    merged,
    symbol_of,
)
from rotation_tui.domain.state import State
from rotation_tui.store.market_store import Snapshot
from tests.board.material import MONDAY, NYSE, TUESDAY, UNIVERSE, at, quote, snapshot
from tests.golden.test_golden import CASES

GOLDEN: dict[str, Any] = {case["id"]: case for case in CASES}
NOON = at(TUESDAY, "12:00")


def history(symbol: str, last: float) -> Bars:
    """A year of closes that end on Monday with `last`."""
    days = NYSE.sessions(NYSE.offset(MONDAY, -299), MONDAY)
    closes = (*(last - 0.01 * n for n in range(len(days) - 1, 0, -1)), last)
    return Bars(symbol, Basis.PRICE, days, closes, "history", at(MONDAY, "16:30"))


def market(**prices: tuple[float, float]) -> Snapshot:
    """Symbols with Monday's close and a price of Tuesday noon."""
    return snapshot(
        *(history(symbol, before) for symbol, (before, _) in prices.items()),
        quotes=tuple(quote(symbol, last, NOON) for symbol, (_, last) in prices.items()),
    )


def own(symbol: str, quantity: float, cost: float | None = None, **more: Any) -> OwnPosition:
    return OwnPosition(symbol, (Lot(quantity=quantity, cost=cost),), **more)


def board_of(now: Snapshot, *held: OwnPosition, mode: Mode = Mode.LIVE, **more: Any) -> Board:
    book = Portfolio(held, **more)
    scope = Scope(UNIVERSE.holding(book.quantities), NYSE, mode, book=book)
    return assemble(now, scope, NOON if mode is Mode.LIVE else at(MONDAY, "23:59"))


def whole(board: Board) -> PortfolioRow:
    assert board.portfolio is not None
    return board.portfolio


def row(board: Board, name: str) -> PositionRow:
    return next(r for r in board.positions if r.id == name)


def test_profit_loss_weights_and_contributions_are_those_of_the_worked_case() -> None:
    given, output = GOLDEN["P01"]["input"], GOLDEN["P01"]["output"]
    now = market(**{name: (p["before"], p["last"]) for name, p in given.items()})
    board = board_of(now, *(own(name, p["quantity"], p["cost"]) for name, p in given.items()))
    for name in ("value", "weight_pct", "net_weight_pct", "contribution_pp", "total_pct"):
        assert [getattr(r, name) for r in board.positions] == pytest.approx(output[name], rel=1e-9), name
    assert [r.day_money for r in board.positions] == pytest.approx(output["day"], rel=1e-9)
    assert [r.total_money for r in board.positions] == pytest.approx(output["total"], rel=1e-9)
    of = whole(board)
    assert (of.gross, of.value) == pytest.approx((output["gross"], output["net"]), rel=1e-9)
    assert of.day_pp == pytest.approx(output["day_pp"], rel=1e-9)
    assert of.total_pct == pytest.approx(output["book_total_pct"], rel=1e-9)
    assert of.state is State.LIVE


def test_a_lot_of_the_session_counts_from_its_cost() -> None:
    given, output = GOLDEN["P02"]["input"], GOLDEN["P02"]["output"]
    lots = tuple(
        Lot(quantity=lot["quantity"], cost=lot["cost"], date=TUESDAY if "today" in lot else None)
        for lot in given["lots"]
    )
    board = board_of(market(IWM=(given["before"], given["last"])), OwnPosition("IWM", lots))
    found = row(board, "IWM")
    told = (found.day_money, found.contribution_pp, found.total_money, found.total_pct, found.cost)
    wanted = [output[name] for name in ("day", "contribution_pp", "total", "total_pct", "cost")]
    assert told == pytest.approx(wanted, rel=1e-9)


def test_totals_of_a_book_with_a_hole_say_of_how_many_and_make_no_alert_come_true() -> None:
    now = market(IWM=(100.0, 101.0))
    board = board_of(now, own("IWM", 10, 90), own("GONE", 5, 10))
    of = whole(board)
    assert (of.known, of.positions, of.value) == (1, 2, 1010.0)
    assert of.state is State.UNKNOWN
    assert of.why is not None
    assert of.why.startswith("GONE: ")
    assert of.small_share is None
    assert of.small_share_of_known == 100.0
    assert row(board, "GONE").value is None
    where = parsed("portfolio.small_share_of_known > 40", Known()).place
    assert where.value(replace(board, loading=None), of) is None
    complete = board_of(now, own("IWM", 10, 90))
    assert where.value(replace(complete, loading=None), whole(complete)) == 100.0


def test_the_small_share_and_a_position_are_conditions_of_alerts() -> None:
    assert parsed("portfolio.small_share > 40", Known()).place.part == "portfolio"
    assert parsed("positions.IWM.total_pct < -10", Known({"positions": ("IWM",)})).place.row == "IWM"
    assert parsed("positions.OF_A_FILE.weight_pct > 10", Known(open=frozenset(("positions",)))).place.row == "OF_A_FILE"


def test_another_currency_has_no_value_and_says_so() -> None:
    board = board_of(market(IWM=(100.0, 101.0)), own("IWM", 10, 90, currency="EUR"), own("IWM", 1, 90))
    first, second = board.positions
    assert first.value is None
    assert "EUR" in (first.why or "")
    assert second.value == 101.0


def test_a_missing_cost_leaves_the_total_unknown_and_the_day_known() -> None:
    of = whole(board_of(market(IWM=(100.0, 101.0), SPY=(200.0, 199.0)), own("IWM", 10, 90), own("SPY", 5)))
    assert of.total_money is None
    assert of.reasons["total_money"] == "SPY: a cost is missing"
    assert of.day_money == pytest.approx(5.0)


def test_a_lot_that_is_newer_than_its_price_has_neither_yet() -> None:
    lot = Lot(quantity=10, cost=100, date=date(2026, 3, 4))
    found = row(board_of(market(IWM=(100.0, 101.0)), OwnPosition("IWM", (lot,))), "IWM")
    assert (found.day_money, found.total_money, found.value) == (None, None, 1010.0)
    assert "2026-03-04" in (found.reasons or {})["day_money"]


def test_a_past_day_has_the_positions_of_now_and_says_so() -> None:
    bars = history("IWM", 100.0)
    lots = (Lot(quantity=10, cost=90), Lot(quantity=1, cost=95, date=TUESDAY))
    board = board_of(snapshot(bars), OwnPosition("IWM", lots), mode=Mode.AS_OF)
    found = row(board, "IWM")
    assert found.value == 1_100.0
    assert found.day_money == pytest.approx(11 * 0.01)
    assert found.total_money is None
    assert "2026-03-03" in (found.reasons or {})["total_money"]
    assert "positions of today at the closes of that day" in whole(board).notes


def test_what_cannot_be_told_apart_is_told_and_side_settles_it() -> None:
    now = market(IWM=(100.0, 100.0), ACME=(50.0, 50.0))
    of = whole(board_of(now, own("IWM", 10), own("ACME", 20)))
    assert (of.small_share, of.small_share_of_known, of.classed) == (None, 100.0, 1)
    assert of.unclassed_pct == pytest.approx(50.0)
    assert 'side = "small" or "large"' in of.reasons["small_share"]
    assert whole(board_of(now, own("IWM", 10), own("ACME", 20, side="large"))).small_share == pytest.approx(50.0)


def test_a_study_of_another_book_is_not_shown_under_this_one() -> None:
    held = own("IWM", 10)
    study = PortfolioStudy(
        mark_of_book((("IWM", 10.0),)), {"IWM": Betas(1.0, 0.0, 0.1, 0.1, 252)}, Betas(1.0, 0.0, 0.1, 0.1, 252),
        parts={"IWM": SmallPart(99.0, "by holdings")},
    )  # fmt: skip
    now = market(IWM=(100.0, 100.0))
    now = replace(now, studies=replace(now.studies, portfolio=study))
    assert whole(board_of(now, held)).beta_small == 1.0
    assert whole(board_of(now, held)).small_share == 99.0
    other = whole(board_of(now, own("IWM", 11)))
    assert other.beta_small is None
    assert "no study" in other.reasons["beta_small"]


def test_trades_need_every_price_and_name_what_is_missing() -> None:
    to = RebalanceSettings(target_small=40.0, small="VTWO")
    now = market(SPY=(100.0, 100.0))
    told = whole(board_of(now, own("SPY", 100), rebalance=to)).rebalance
    assert told is not None
    assert "no price of VTWO" in (told.why or "")
    traded = whole(board_of(market(SPY=(100.0, 100.0), VTWO=(90.0, 90.0)), own("SPY", 100), rebalance=to)).rebalance
    assert traded is not None
    assert [trade.id for trade in traded.trades] == ["SPY", "VTWO"]


def test_lots_of_a_symbol_in_an_account_are_one_position_and_classes_are_spelt_one_way() -> None:
    found = merged((own("IWM", 1), own("IWM", 2), own("IWM", 4, account="b"), own("IWM", 8, currency="EUR")))
    assert [(one.id, one.quantity) for one in found] == [("IWM", 3), ("IWM@b", 4), ("IWM", 8)]
    assert {symbol_of(text) for text in ("brk.b", "BRK/B", "BRK B", "BRK-B")} == {"BRK-B"}
