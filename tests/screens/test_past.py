"""A board of the past says so in every pane, at every size."""

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Mode
from rotation_tui.domain.session import EASTERN
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from tests.boards import FULL
from tests.panes.test_contract import sheet_of

PAST = replace(FULL, mode=Mode.AS_OF)
DAY = str(FULL.generated_at.astimezone(EASTERN).date())


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (122, 38), (200, 60)], ids=str)
def test_every_pane_carries_the_date(screen: str, size: tuple[int, int]) -> None:
    sheet = sheet_of(PAST, View(screen=screen), size)
    for slot, _ in sheet.spots:
        line = plain(sheet.rows[slot.y : slot.y + 1])[slot.x : slot.x + slot.width]
        assert (DAY if slot.width > 30 else DAY[5:]) in line, slot.pane.name


def test_what_opens_on_a_past_board_carries_the_date() -> None:
    view = View(focus="indexes").with_selected("indexes", "RUT")
    sheet = sheet_of(PAST, replace(view, opened="RUT"), (80, 24))
    assert any(f"{DAY} · RUT" in line for line in plain(sheet.rows).splitlines())


def test_a_board_of_now_carries_none() -> None:
    assert DAY not in plain(sheet_of(FULL, View(), (122, 38)).rows[1:2])
