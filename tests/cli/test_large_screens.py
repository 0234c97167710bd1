"""The demo on large terminals: they carry more, and not more air."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from rotation_tui.app.chosen_panes import pane_of
from rotation_tui.board.contract import Board
from rotation_tui.board.lines import Lines, pair_lines
from rotation_tui.config.schema import Config
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.screens.arrange import overview
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import plain
from rotation_tui.widgets.glyphs import UNICODE

pytestmark = pytest.mark.whole

FRAMES = frozenset("┌┐└┘─│")


def waves(_: str) -> Lines:
    """Two years of a pair that goes up and down."""
    days = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(504))

    def bars(symbol: str, at: float) -> Bars:
        closes = tuple(at * (2 + math.sin(n / at)) for n in range(504))
        return Bars(symbol, Basis.PRICE, days, closes, "made", datetime(2026, 1, 1, tzinfo=UTC))

    return pair_lines(bars("RUT", 40.0), bars("SPX", 70.0))


def sheet_of(demo: dict[str, Any], size: tuple[int, int]) -> Sheet:
    layout = Config().layout
    names, left = overview(layout.overview, layout.wide, layout.yields, layout.large, *size)
    canvas = Canvas(*size, UNICODE, UTC, lines=waves)
    board = msgspec.convert(demo, Board, strict=False)
    return compose(board, View(), [pane_of(name) for name in names], canvas, board.generated_at, left=left)


@pytest.mark.parametrize(("size", "least"), [((150, 45), 0.50), ((200, 60), 0.45), ((250, 70), 0.45)], ids=str)
def test_a_large_screen_carries_more_and_not_more_air(
    demo: dict[str, Any], size: tuple[int, int], least: float
) -> None:
    text = plain(sheet_of(demo, size).rows)
    assert sum(not c.isspace() for c in text) / math.prod(size) >= least
    bare = sum(not c.isspace() and c not in FRAMES for c in text) / math.prod(size)
    assert bare >= least - 0.15, "frames alone say nothing"


def test_a_large_screen_has_the_chart_and_the_four_answers_of_the_demo(demo: dict[str, Any]) -> None:
    text = plain(sheet_of(demo, (200, 60)).rows)
    breadth = demo["breadth"]
    assert f"small leads {breadth['led']} of {breadth['pairs']} sectors" in text
    assert re.search(r"members \d+ % above 200d", text), "members take the place of the funds"
    assert "forward P/E" in text
    assert "Quality?   WATCH  without profit 41% (large 4.3)" in text
    assert "RUT/SPX ratio 1Y" in text
    assert "…" not in text.partition("Answers")[2].partition("└")[0], "no answer is cut where there is room"
