"""What stays in sight whatever is selected, and what lies over a screen and is longer than it."""

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.window import Window
from rotation_tui.panes.window_columns import window_text
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import KEYS, TAPE
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.table import Order
from tests.boards import FULL
from tests.panes.test_contract import sheet_of
from tests.screens.test_arrange import rows_in_sight

SIZES = pytest.mark.parametrize("size", [(60, 18), (80, 24), (122, 24)], ids=lambda s: f"{s[0]}x{s[1]}")
SMALL = (80, 24)


def many_pairs(board: Board) -> Board:
    """The board after a user has typed a dozen pairs."""
    typed = tuple(replace(board.spreads[0], id=f"P{n}-SPY", small=f"P{n}", large="SPY") for n in range(12))
    return replace(board, spreads=(*board.spreads, *typed))


@SIZES
@pytest.mark.parametrize("order", [None, "last", "1D", "YTD", "record"])
def test_no_selection_or_order_takes_the_first_rows_off_the_overview(size: tuple[int, int], order: str | None) -> None:
    board = many_pairs(FULL)
    ordered = View().with_order("indexes", Order(order, True)).with_order("spreads", Order(order, True))
    for row in board.tickers[::2]:
        seen = rows_in_sight(sheet_of(board, ordered.with_selected("indexes", row.id), size), "indexes")
        assert {"RUT", "SPX", row.id} <= set(seen)
    for pair in (*board.spreads[::3], board.spreads[-1]):
        seen = rows_in_sight(sheet_of(board, ordered.with_selected("spreads", pair.id), size), "spreads")
        assert {"RUT-SPX", pair.id} <= set(seen)


def test_a_selection_ends_with_the_session() -> None:
    view = View(focus="indexes", selected={"indexes": "IJR"}, opened="IJR", scroll=3, pairs=("IWM-QQQ",)).kept()
    assert (view.focus, view.selected, view.opened, view.scroll) == ("", {}, None, 0)
    assert view.pairs == ("IWM-QQQ",), "what was typed is kept"


def box_lines(sheet: Sheet) -> list[str]:
    """What is read in the box that lies over the screen."""
    assert sheet.box is not None
    return [plain((row,)).strip()[1:-1].strip() for row in sheet.box.rows[1:-1]]


@SIZES
@pytest.mark.parametrize(
    "view", [View(help=True), View(focus="indexes", opened="RUT"), View(focus="spreads", opened="RUT-SPX")],
    ids=["help", "a ticker", "a pair"],
)  # fmt: skip
def test_what_does_not_fit_says_how_much_is_hidden_and_can_be_read_to_its_end(
    view: View, size: tuple[int, int]
) -> None:
    tall = sheet_of(FULL, view, (size[0], 90))
    whole = box_lines(tall)
    assert "more" not in plain(tall.box.rows[-1:]) if tall.box else False
    sheet, read, steps = sheet_of(FULL, view, size), [], 0
    while True:
        assert sheet.box is not None
        for line in box_lines(sheet):
            if line not in read:
                read.append(line)
        below = sheet.box.most - sheet.box.scroll
        foot = plain(sheet.box.rows[-1:])
        assert (f"{below} more, pgdn" in foot) == (below > 0)
        assert (f"{sheet.box.scroll} above, pgup" in foot) == (sheet.box.scroll > 0)
        assert "esc closes" in foot
        if not below:
            break
        view, steps = steer.scrolled(view, sheet, 1), steps + 1
        sheet = sheet_of(FULL, view, size)
        assert steps < 50
    said = [key.words for key in KEYS if key.words and key.group != TAPE] if view.help else whole
    assert all(any(words in line for line in read) for words in said)
    first = steer.scrolled(replace(view, scroll=0), sheet_of(FULL, replace(view, scroll=0), size), -1)
    assert first.scroll == 0


def test_the_arrows_move_the_help_and_another_row_starts_at_its_top() -> None:
    view = View(help=True)
    sheet = sheet_of(FULL, view, (60, 18))
    assert steer.next_row(view, sheet, 1).scroll == 1
    assert steer.next_row(view, sheet, 999).scroll == (sheet.box.most if sheet.box else -1)
    opened = View(focus="indexes", opened="RUT", selected={"indexes": "RUT"}, scroll=4)
    assert steer.next_row(opened, sheet_of(FULL, opened, SMALL), 1).scroll == 0
    assert steer.back(opened, sheet).scroll == 0


@pytest.mark.parametrize("width", range(60, 100, 3))
def test_no_line_of_a_detail_parts_a_figure_from_its_name(width: int) -> None:
    view = View(focus="spreads", opened="RUT-SPX", selected={"spreads": "RUT-SPX"})
    lines = box_lines(sheet_of(FULL, view, (width, 60)))
    row = FULL.spreads[0]
    for window in ("1Y", "MTD", "QTD", "YTD"):
        assert any(f"{window} {window_text(row, Window(window), 2)}" in line for line in lines), window
