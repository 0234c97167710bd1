"""What a row opens stands beside the list on a wide terminal."""

from msgspec.structs import replace

from rotation_tui.screens import steer
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.frame_cache import FrameCache
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import UNICODE
from tests.boards import FULL, NOW
from tests.panes.test_contract import NEW_YORK, panes_of, sheet_of

WIDE = (200, 60)


def right(sheet: Sheet) -> str:
    """What stands beside the list."""
    return "\n".join(line[131:] for line in plain(sheet.rows).splitlines()[1:-1])


def test_the_selected_row_is_told_beside_the_list_and_the_first_one_before() -> None:
    view = View(screen="verdict")
    sheet = sheet_of(FULL, view, WIDE)
    first = sheet.rows_of["verdict"][0]
    assert f"─ {first} " in right(sheet).splitlines()[0]
    rows = sheet.rows_of["verdict"]
    for row in rows:
        chosen = sheet_of(FULL, view.with_selected("verdict", row), WIDE)
        assert f"─ {row} " in right(chosen).splitlines()[0]
        assert f"METHODOLOGY.md#{panes_of('verdict')[0].told_at(row)}" in right(chosen)  # type: ignore[misc]
    assert f"─ {first} " not in plain(sheet_of(FULL, view, (160, 48)).rows)


def test_it_is_no_pane_that_tab_or_a_click_goes_to() -> None:
    view = View(screen="verdict")
    sheet = sheet_of(FULL, view, WIDE)
    assert sheet.panes == sheet.every == ("verdict",)
    assert steer.next_pane(view, sheet, 1).focus == "verdict"
    assert steer.clicked(view, sheet, 180, 20) == view
    assert "[s]" not in plain(sheet_of(FULL, replace(view, jumping=True), WIDE).rows)


def test_it_is_drawn_once_for_as_long_as_nothing_changes() -> None:
    cache, canvas = FrameCache(), Canvas(*WIDE, UNICODE, NEW_YORK)
    first, second = (compose(FULL, View(screen="verdict"), panes_of("verdict"), canvas, NOW, cache) for _ in range(2))
    same = [a is b for a, b in zip(first.rows, second.rows, strict=True)]
    assert same.count(True) > 50  # of 60; what is not are frames, the first line and the last one
