"""The drivers: a value and its change in whole pieces, however narrow the pane is."""

from datetime import UTC

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.results import DriverReading
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.panes.drivers import PANE
from rotation_tui.widgets.cells import plain
from tests.boards import FULL, NOW

RATE = "4.17 %, −29 bp in 63 sessions"
FED = "3.50-3.75 %, 3 cuts, net −75 bp this year, last −25 bp on 2025-12-11"


def of(text: str, value: float | None = 4.17) -> Board:
    driver = DriverReading("10Y", "10-year yield", value, "%", -0.29, None, None, State.CLOSED, text)
    return replace(FULL, drivers=(driver,))


@pytest.mark.parametrize(
    ("text", "width", "seen"),
    [
        (RATE, 43, RATE),
        (RATE, 35, "4.17 %, −29 bp in 63d"),
        (RATE, 33, "4.17 %, −29 bp"),
        (RATE, 24, "4.17 %"),
        (FED, 84, "3.50-3.75 %, 3 cuts, net −75 bp this year"),
        (FED, 33, "3.50-3.75 %, 3 cuts"),
        (FED, 25, "3.50-3.75 %"),
        ("−22 bp from the middle", 33, "−22 bp"),
    ],
)  # fmt: skip
def test_what_there_is_no_room_for_is_left_out_in_whole_pieces(text: str, width: int, seen: str) -> None:
    (row,) = PANE.draw(of(text), Space(width, 12, NOW, UTC)).rows
    assert plain((row,)).removeprefix("10 years").strip() == seen


def test_a_reason_loses_no_piece_before_its_end() -> None:
    (row,) = PANE.draw(of("needs DGS2 from fred, which waits", None), Space(34, 9, NOW, UTC)).rows
    assert "needs DGS2 from fred…" in plain((row,))


def test_without_a_lower_edge_the_title_says_over_how_long() -> None:
    tight, framed = (PANE.draw(of(RATE), Space(32, 9, NOW, UTC, tight=tight)) for tight in (True, False))
    assert "63" in tight.title
    assert "63" in framed.subtitle
