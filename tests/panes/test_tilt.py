"""The tilt: what is said of the market beside the book."""

from datetime import UTC

import pytest
from msgspec.structs import replace

from rotation_tui.panes.base import Space
from rotation_tui.panes.tilt import PANE
from rotation_tui.widgets.cells import plain
from tests.boards import FULL, NOW
from tests.positions import PORTFOLIO

UNTOLD = replace(PORTFOLIO, market_small_share=None, reasons={"market_small_share": "needs the holdings of IWV"})
SPACE = Space(120, 20, NOW, UTC)


@pytest.mark.parametrize(
    ("portfolio", "said"),
    [
        (PORTFOLIO, "32.2%  the market has 4.6%  of the net value in small caps"),
        (UNTOLD, "32.2%  of the net value in small caps  the market has ?"),
    ],
)
def test_the_market_stands_beside_the_book_and_is_unknown_in_sight(portfolio: object, said: str) -> None:
    face = PANE.draw(replace(FULL, portfolio=portfolio), SPACE)
    assert said in plain(face.rows[:1])


def test_what_is_opened_says_why_the_market_is_unknown() -> None:
    assert PANE.detail is not None
    opened = plain(PANE.detail(replace(FULL, portfolio=UNTOLD), "value", SPACE))
    assert "market   ? needs the holdings of IWV" in opened
