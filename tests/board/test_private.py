"""Private mode: whatever is made of the board, no amount is in it."""

import re
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.board.private import AMOUNTS, discreet, tells_amount
from rotation_tui.domain.alert import Alert, AlertRow, Stand
from rotation_tui.domain.feed import Event
from rotation_tui.panes.base import Space
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.spreadsheet import structs_in_csv
from tests.boards import FULL, NOW
from tests.panes.test_contract import PANES

SECRET = 7_654_321.0


def secret() -> Board:
    """A board of which every amount is one number."""
    assert FULL.portfolio is not None
    assert FULL.portfolio.rebalance is not None
    rows = tuple(
        replace(
            row,
            **{name: SECRET for name in AMOUNTS if hasattr(row, name)},
            lots=tuple(replace(lot, quantity=SECRET, total_money=SECRET) for lot in row.lots),
        )
        for row in FULL.positions
    )
    to = FULL.portfolio.rebalance
    trades = tuple(replace(t, quantity=int(SECRET), amount=SECRET, before=SECRET, after=SECRET) for t in to.trades)
    portfolio = replace(
        FULL.portfolio,
        **{name: SECRET for name in AMOUNTS if hasattr(FULL.portfolio, name)},
        rebalance=replace(to, trades=trades, cash_left=SECRET),
    )
    rich = Alert(name="rich", when=f"portfolio.value > {SECRET}")
    event = Event(datetime(2026, 6, 22, tzinfo=UTC), f"rich: portfolio.value 7,654,321.00 ({rich.when})", "alert")
    stands = (AlertRow("rich", rich, Stand.TRUE, path="portfolio.value", asks=f"> {SECRET}", value=SECRET),)
    return replace(FULL, positions=rows, portfolio=portfolio, events=(*FULL.events, event), alerts=stands)


def told(text: str) -> bool:
    return "7654321" in re.sub(r"[,.\s]", "", text)


def test_no_amount_is_left_and_percent_stay() -> None:
    board = discreet(secret())
    assert told(msgspec.json.encode(secret()).decode())
    assert not told(msgspec.json.encode(board).decode())
    assert [row.weight_pct for row in board.positions] == [row.weight_pct for row in FULL.positions]
    assert board.portfolio is not None
    assert board.portfolio.private
    assert board.portfolio.day_pp == -0.14
    assert not told(structs_in_csv(board.positions))


@pytest.mark.parametrize("name", PANES)
def test_no_pane_and_no_detail_tells_one(name: str) -> None:
    pane, board = PANES[name], discreet(secret())
    space = Space(250, 80, NOW, UTC, full=True)
    face = pane.draw(board, space)
    assert not told(plain(face.rows))
    if name == "positions":
        assert told(plain(pane.draw(secret(), space).rows))
    for row_id in filter(None, face.ids):
        assert pane.detail is None or not told(plain(pane.detail(board, row_id, space)))


def test_which_paths_say_how_much() -> None:
    ids = frozenset(("IWM", "IJR@pension"))
    for path in (
        "portfolio.value",
        "positions.IWM.quantity",
        '"IJR@pension".total_money',
        "portfolio.rebalance.cash_left",
    ):
        assert tells_amount(path, ids), path
    for path in ("portfolio.small_share", "IWM.last", "E1.value", "positions.IWM.weight_pct", "RUT.last"):
        assert not tells_amount(path, ids), path


def test_what_tells_none_stays_the_same_object() -> None:
    board = replace(FULL, alerts=())
    assert discreet(board).events is board.events
