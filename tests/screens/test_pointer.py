"""The mouse: what is named can be clicked, heads sort, the wheel goes through rows."""

import pytest
from msgspec.structs import replace

from rotation_tui.screens import pointer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import KEYS, SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.table import Order
from tests.boards import FULL
from tests.panes.test_contract import panes_of, sheet_of

SIZE = (160, 44)


def column_of(sheet: Sheet, y: int, words: str) -> int:
    return "".join(span.text for span in sheet.rows[y]).index(words)


def head_of(sheet: Sheet, pane: str, words: str) -> tuple[int, int]:
    """Where a column's name stands in a pane."""
    slot = next(slot for slot, _ in sheet.spots if slot.pane.name == pane)
    for y in range(slot.y, slot.y + slot.height):
        text = "".join(span.text for span in sheet.rows[y])[slot.x : slot.x + slot.width]
        if f" {words} " in text:
            return slot.x + text.index(f" {words} ") + 1, y
    raise AssertionError(words)


@pytest.mark.parametrize("screen", SCREENS)
def test_every_key_that_is_named_does_on_a_click_what_it_does_when_pressed(screen: str) -> None:
    actions = {key.action for key in KEYS}
    for size in ((80, 24), SIZE):
        sheet = sheet_of(FULL, View(screen=screen), size)
        last = size[1] - 1
        for name in ("overview", "help", "quit"):
            act = pointer.act_at(sheet, column_of(sheet, last, name), last)
            assert act in actions
            assert act == next(key.action for key in KEYS if key.short == name)
        assert pointer.act_at(sheet, size[0] - 1, last) == ""
        acts = {span.act for row in sheet.rows for span in row if span.act}
        assert {act for act in acts if not act.startswith("sort ")} <= actions


def test_a_head_sorts_its_pane_and_once_more_the_other_way_round() -> None:
    view = View()
    sheet = sheet_of(FULL, view, SIZE)
    x, y = head_of(sheet, "sectors", "63d")
    first = pointer.sorted_at(view, sheet, panes_of("overview"), x, y)
    assert first.orders == {"sectors": Order("63d", reverse=True)}
    assert first.focus == "sectors"
    again = pointer.sorted_at(first, sheet_of(FULL, first, SIZE), panes_of("overview"), x, y)
    assert again.orders == {"sectors": Order("63d", reverse=False)}
    nothing = pointer.sorted_at(view, sheet, panes_of("overview"), x, y + 2)
    assert nothing == view


def test_the_wheel_goes_through_the_rows_of_the_pane_under_it_and_scrolls_what_lies_over_all() -> None:
    view = View(focus="indexes")
    sheet = sheet_of(FULL, view, SIZE)
    slot = next(slot for slot, _ in sheet.spots if slot.pane.name == "risk")
    down = pointer.wheeled(view, sheet, slot.x + 3, slot.y + 2, 1)
    assert down.focus == "risk"
    assert down.selected["risk"] == sheet.rows_of["risk"][0]
    small = sheet_of(FULL, view, (80, 24))
    slot = next(slot for slot, _ in small.spots if slot.pane.name == "sectors")
    three = pointer.wheeled(view, small, slot.x + 3, slot.y + 2, 1)
    assert three.selected["sectors"] == small.rows_of["sectors"][2], "three at a time where not all are in sight"
    assert pointer.wheeled(view, small, 3, 0, 1) == view
    helped = replace(view, help=True)
    box = sheet_of(FULL, helped, (60, 18))
    assert pointer.wheeled(helped, box, 3, 3, 1).scroll == 3
    assert pointer.wheeled(helped, box, 3, 3, -1).scroll == 0


def test_under_a_box_nothing_acts_but_the_last_line() -> None:
    plain = sheet_of(FULL, View(), SIZE)
    x, y = head_of(plain, "indexes", "day")
    assert pointer.act_at(plain, x, y) == "sort 1D"
    opened = sheet_of(FULL, View(help=True), SIZE)
    assert pointer.act_at(opened, x, y) == ""
    assert pointer.act_at(opened, column_of(opened, SIZE[1] - 1, "help"), SIZE[1] - 1) == "step('helped')"
