"""A volatility index that rises or falls is coloured as neither gain nor loss."""

from datetime import UTC

import pytest
from msgspec.structs import replace

from rotation_tui.panes.base import Space
from rotation_tui.panes.past import ink_of
from rotation_tui.panes.ticker_columns import day_cell
from rotation_tui.widgets.spark import INK
from tests.boards import FULL, NOW

SPACE = Space(80, 12, NOW, UTC)
ROW = replace(FULL.tickers[0], current=True)


@pytest.mark.parametrize("change", [1.5, -1.5])
def test_a_volatility_index_is_coloured_as_neither_gain_nor_loss(change: float) -> None:
    assert day_cell(replace(ROW, change_pct=change), SPACE).tone in ("gain", "loss")
    assert ink_of(ROW) == INK
    for symbol in ("VIX", "RVX"):
        volatility = replace(ROW, id=symbol, symbol=symbol, change_pct=change)
        assert day_cell(volatility, SPACE).tone == "text"
        assert ink_of(volatility).above == ink_of(volatility).below
