"""What the mouse does to the view, on the screen as it was last drawn: what lies under it, and what that asks for."""

from collections.abc import Sequence

from msgspec.structs import replace

from rotation_tui.panes.base import Pane
from rotation_tui.screens import steer
from rotation_tui.screens.arrange import Slot
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import width_of
from rotation_tui.widgets.table import SORT, Order

_NOTCH = 3
"""Lines or rows that one notch of the wheel goes on by, where not all are in sight."""


def act_at(sheet: Sheet, x: int, y: int) -> str:
    """What a click there does: an action of the key table, a column that sorts, or nothing of its own ("").

    Under a box nothing acts but the last line.
    """
    if not 0 <= y < len(sheet.rows) or (sheet.box is not None and y < len(sheet.rows) - 1):
        return ""
    at = 0
    for span in sheet.rows[y]:
        at += width_of((span,))
        if x < at:
            return span.act
    return ""


def focused_at(view: View, sheet: Sheet, x: int, y: int) -> View:
    """Focus the pane under the mouse, if there is one."""
    slot = _slot_at(sheet, x, y)
    return view if slot is None else replace(view, focus=slot.pane.name)


def sorted_at(view: View, sheet: Sheet, panes: Sequence[Pane], x: int, y: int) -> View:
    """Sort the pane under the mouse by the column under it, or the other way round where that sorts already."""
    slot, column = _slot_at(sheet, x, y), act_at(sheet, x, y).removeprefix(SORT)
    pane = next((p for p in panes if slot is not None and p.name == slot.pane.name), None)
    offered = next((order for order in pane.sorts if order.key == column), None) if pane is not None else None
    if pane is None or offered is None:
        return view
    now = view.orders.get(pane.name, Order())
    order = Order(column, not now.reverse) if now.key == column else offered
    return replace(view.with_order(pane.name, order), focus=pane.name)


def wheeled(view: View, sheet: Sheet, x: int, y: int, way: int) -> View:
    """Scroll what lies over the screen, else go through the rows of the pane under the mouse: `way` is 1 or -1."""
    if sheet.box is not None:
        lines = max(0, min(sheet.box.most, sheet.box.scroll + way * _NOTCH))
        return replace(view, scroll=lines)
    slot = _slot_at(sheet, x, y)
    rows = sheet.rows_of.get(slot.pane.name, ()) if slot is not None else ()
    if slot is None or not rows:
        return view
    in_sight = next(ids for here, ids in sheet.spots if here is slot)
    step = _NOTCH if sum(i is not None for i in in_sight) < len(rows) else 1
    return steer.next_row(replace(view, focus=slot.pane.name), sheet, way * step)


def _slot_at(sheet: Sheet, x: int, y: int) -> Slot | None:
    for slot, _ in sheet.spots:
        if slot.x <= x < slot.x + slot.width and slot.y <= y < slot.y + slot.height:
            return slot
    return None
