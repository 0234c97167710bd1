"""Trades to another tilt: the worked case, what is in the way, and what holds whatever is held."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.board.holding_rows import Rebalance
from rotation_tui.board.rebalance import Holding, Instruments, rebalanced, share_of
from tests.golden.test_golden import CASES

GOLDEN: dict[str, Any] = {case["id"]: case for case in CASES}
NONE = Instruments()


def held(case: dict[str, Any]) -> tuple[Holding, ...]:
    return tuple(
        Holding(symbol, float(p["quantity"]), float(p["last"]), float(p["part"]))
        for symbol, p in case.items()
        if isinstance(p, dict)
    )


def amounts(told: Rebalance, action: str) -> dict[str, int]:
    return {trade.id: trade.quantity or 0 for trade in told.trades if trade.action == action}


def test_the_share_by_value_is_that_of_the_worked_case() -> None:
    assert share_of(held(GOLDEN["P04"]["input"])) == pytest.approx(GOLDEN["P04"]["output"], rel=1e-9)


def test_the_trades_are_those_of_the_worked_case() -> None:
    case = GOLDEN["P05"]
    told, output = rebalanced(held(case["input"]), case["input"]["target"], NONE), case["output"]
    assert (amounts(told, "sell"), amounts(told, "buy")) == (output["sell"], output["buy"])
    found = (told.now_pct, told.after_pct, told.cash_left, told.share_pp)
    assert found == pytest.approx([output[name] for name in ("now", "after", "cash_left", "share_pp")], rel=1e-9)
    assert told.why is None


def test_to_fewer_small_caps_it_is_the_other_way_round() -> None:
    told = rebalanced(held(GOLDEN["P05"]["input"]), 10.0, NONE)
    assert set(amounts(told, "sell")) == {"IWM"}
    assert set(amounts(told, "buy")) == {"SPY"}


def test_what_is_chosen_is_traded_alone() -> None:
    every = (Holding("IWM", 60, 250, 100), Holding("IJR", 50, 110, 100), Holding("SPY", 50, 700, 0))
    told = rebalanced(every, 50.0, Instruments(small=Holding("VTWO", 0, 95, 100)))
    assert set(amounts(told, "buy")) == {"VTWO"}
    assert told.trades[-1].before == 0
    assert told.trades[-1].after == told.trades[-1].quantity


def test_what_is_in_the_way_is_told_with_what_settles_it() -> None:
    large = (Holding("SPY", 50, 700, 0),)
    assert 'small = "IWM" under [rebalance] says what to' in (rebalanced(large, 40.0, NONE).why or "")
    assert "nothing of large caps is held to sell" in (rebalanced((Holding("IWM", 9, 250, 90),), 95.0, NONE).why or "")
    short = (*large, Holding("IWM", -200, 250, 100))
    assert "not above zero" in (rebalanced(short, 40.0, NONE).why or "")
    alike = Instruments(Holding("A", 0, 10, 20), Holding("B", 0, 10, 20))
    assert "no further on that side" in (rebalanced(large, 40.0, alike).why or "")


def test_where_shares_do_not_suffice_the_trades_go_as_far_as_they_do() -> None:
    told = rebalanced((Holding("IWM", 10, 250, 100), Holding("SPY", 0.5, 700, 0)), 99.9, NONE)
    assert told.trades == ()
    assert told.why is not None


_prices = st.floats(1, 900, allow_nan=False)
_books = st.lists(
    st.tuples(st.integers(60, 5_000), _prices, st.sampled_from((0.0, 2.5, 95.0, 100.0))), min_size=2, max_size=7
).filter(lambda rows: {row[2] < 50 for row in rows} == {True, False})


@given(_books, st.floats(5, 95))
def test_trades_meet_the_target_within_one_share_and_never_spend_more_nor_sell_short(
    rows: list[tuple[int, float, float]], target: float
) -> None:
    book = tuple(Holding(f"S{n}", shares, price, part) for n, (shares, price, part) in enumerate(rows))
    told = rebalanced(book, target, NONE)
    assert told.now_pct is not None
    if told.after_pct is None or (told.why or "").startswith("there are not enough"):
        assert told.why
        return
    by_name = {h.symbol: h for h in book}
    change = {t.id: (t.quantity or 0) * (1 if t.action == "buy" else -1) for t in told.trades}
    after = {name: h.quantity + change.get(name, 0) for name, h in by_name.items()}
    assert all(shares >= 0 and shares == int(shares) for shares in after.values())
    cash = -math.fsum(shares * by_name[name].price for name, shares in change.items())
    assert cash >= -1e-6
    assert told.cash_left == pytest.approx(cash, abs=1e-6)
    value = math.fsum(shares * by_name[name].price for name, shares in after.items())
    small = math.fsum(shares * by_name[name].price * by_name[name].small_pct for name, shares in after.items())
    assert told.after_pct == pytest.approx(small / value, rel=1e-9)
    dearest = max((by_name[name].price for name in change), default=max(h.price for h in book))
    assert abs(told.after_pct - target) <= 100 * dearest / value + 1e-9
