"""The pane of watch lists: which list, which columns in which order, and what outside hours say apart from the day."""

from dataclasses import replace as replaced
from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import ExtendedRow
from rotation_tui.domain.session import Phase
from rotation_tui.domain.watchlist import COLUMNS
from rotation_tui.panes.base import NOWHERE, Space
from rotation_tui.panes.indexes import PANE as INDEXES
from rotation_tui.panes.watchlists import PANE
from rotation_tui.panes.watchlists.columns import SYMBOL, every_column
from rotation_tui.widgets.cells import plain, width_of
from rotation_tui.widgets.table import Order
from tests.boards import FULL, NOW

WIDE = Space(400, 40, NOW, UTC, full=True)


def test_the_columns_that_a_list_can_name_are_those_that_there_are() -> None:
    made = [column.key for column in every_column(FULL.watchlists[0], {}, NOWHERE)]
    assert set(made) == {SYMBOL, *COLUMNS}


def test_a_list_is_shown_in_its_own_order_until_a_key_gives_another() -> None:
    second = replaced(WIDE, settings={"watch list": "large"})
    rows = {row.id: row.windows["1M"] for row in FULL.watchlists[1].rows}
    assert [row_id and rows[row_id] for row_id in PANE.draw(FULL, second).ids] == sorted(rows.values())  # type: ignore[type-var]
    by_name = replaced(second, order=Order("last", reverse=True))
    last = {row.id: row.last for row in FULL.watchlists[1].rows}
    assert [row_id and last[row_id] for row_id in PANE.draw(FULL, by_name).ids] == sorted(last.values(), reverse=True)  # type: ignore[type-var]


def test_what_sorts_joins_the_columns_and_a_list_that_is_gone_gives_way_to_the_first() -> None:
    space = replaced(WIDE, settings={"watch list": "large"}, order=Order("dividend", reverse=True))
    assert "div▼" in plain((PANE.draw(FULL, space).header,))
    gone = replaced(WIDE, settings={"watch list": "nowhere"})
    assert PANE.draw(FULL, gone).title.startswith("Watch list banks")


def test_without_a_list_it_says_how_to_have_one() -> None:
    told = plain(PANE.draw(replace(FULL, watchlists=()), WIDE).rows)
    assert "[[watchlists]]" in told
    assert "n adds a symbol" in told


def test_hours_outside_have_columns_of_their_own_and_no_part_in_the_day() -> None:
    night = ExtendedRow(Phase.POST, 123.45, -3.21, NOW - timedelta(minutes=7))
    first, *others = FULL.tickers
    board = replace(FULL, tickers=(replace(first, extended=night), *(replace(t, extended=None) for t in others)))
    space = Space(260, 20, NOW, UTC, full=True)
    face = INDEXES.draw(board, space)
    heads, row = plain((face.header,)), plain((face.rows[0],))
    assert "post %" in heads
    assert " at" in heads
    assert "123.45" in row
    assert "−3.21" in row
    assert "14:53" in row
    same = INDEXES.draw(FULL, space)
    assert face.rows[0][3] == same.rows[0][3], "the day is as it was"
    narrow = INDEXES.draw(board, Space(70, 20, NOW, UTC))
    assert "post %" not in plain((narrow.header,))
    opened = plain(INDEXES.detail(board, first.id, space))  # type: ignore[misc]
    assert "post     123.45 −3.21 % from the regular price" in opened


def test_what_no_source_tells_is_unknown_with_its_reason() -> None:
    listed = FULL.watchlists[0]
    row = replace(listed.rows[0], ex_date=None, dividend=None, reasons={"excess": "SPY is of another session"})
    board = replace(FULL, watchlists=(replace(listed, rows=(row,)),))
    assert PANE.detail is not None
    told = plain(PANE.detail(board, row.id, WIDE))
    assert "dividend ? none told" in told
    assert "earnings ? no feed tells their dates" in told
    assert "? SPY is of another session" in told


@pytest.mark.parametrize("width", [56, 76, 120])
def test_without_a_list_every_word_of_how_to_make_one_is_read(width: int) -> None:
    face = PANE.draw(replace(FULL, watchlists=()), replaced(WIDE, width=width))
    assert max(width_of(row) for row in face.rows) <= width
    said = " ".join(plain(face.rows).split())
    assert "into your config: KRE #banks what it is for" in said
    assert 'symbols = ["KRE", { symbol = "KBE", note = "banks", tag = "rates" }]' in said
