"""What is cached from frame to frame never shows: the screen is as if it had been drawn from nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from rotation_tui import plugins
from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.frame_cache import FrameCache
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.glyphs import UNICODE
from rotation_tui.widgets.table import Order, RowCache
from tests.boards import BOARDS, CONFIG, FULL, NOW
from tests.chance import tried

NEW_YORK = ZoneInfo("America/New_York")
PANES: dict[str, Pane] = {
    name: plugins.load("rotation_tui.panes", name, "PANE") for name in plugins.exporting("rotation_tui.panes", "PANE")
}
READING = {name: pane for name, pane in PANES.items() if pane.reads}


def moved(board: Board, at: int) -> Board:
    """The board with one price moved, all other rows the same objects."""
    if not board.tickers:
        return board
    at %= len(board.tickers)
    row = board.tickers[at]
    changed = replace(row, last=(row.last or 100.0) + 1, windows={**row.windows, "1D": 1.25 * at})
    return replace(board, tickers=(*board.tickers[:at], changed, *board.tickers[at + 1 :]))


VIEWS = st.builds(
    View,
    screen=st.sampled_from(list(SCREENS)),
    focus=st.sampled_from(["", *PANES]),
    selected=st.sampled_from([{}, {"indexes": "IWM"}, {"sectors": "PSCF", "spreads": "IWM-SPY"}, {"risk": "E"}]),
    orders=st.sampled_from([{}, {"sectors": Order("YTD", True)}, {"indexes": Order("1D")}]),
    help=st.booleans(),
    jumping=st.booleans(),
)
FRAMES = st.tuples(
    st.sampled_from(sorted(BOARDS)),
    st.integers(0, 30),
    st.one_of(st.just(View()), VIEWS),
    st.sampled_from([(80, 24), (122, 36), (160, 48), (300, 60)]),
    st.sampled_from([0, 1, 59, 61, 400, 7200]),
)


def drawn(board: Board, view: View, size: tuple[int, int], seconds: int, cache: FrameCache | None) -> Sheet:
    names = SCREENS[view.screen].panes or CONFIG.layout.overview
    canvas = Canvas(*size, UNICODE, NEW_YORK)
    now = NOW.replace(second=0) + timedelta(seconds=seconds)
    return compose(board, view, [PANES[name] for name in names], canvas, now, cache)


@pytest.mark.whole
@tried(20)
@given(st.lists(FRAMES, min_size=2, max_size=8))
def test_a_frame_is_what_it_would_be_without_those_before(
    frames: list[tuple[str, int, View, tuple[int, int], int]],
) -> None:
    cache = FrameCache()
    for name, at, view, size, seconds in frames:
        board = moved(BOARDS[name], at)
        minute = seconds // 60 * 60  # within one ages stand still
        assert drawn(board, view, size, minute, cache) == drawn(board, view, size, minute, None)


def test_what_did_not_move_is_not_drawn_again() -> None:
    asked: list[str] = []

    def counting(pane: Pane) -> Pane:
        def draw(board: Board, space: Space):  # type: ignore[no-untyped-def]  # as the pane's own
            asked.append(pane.name)
            return pane.draw(board, space)

        return replace(pane, draw=draw)

    panes = [counting(PANES[name]) for name in CONFIG.layout.overview]
    canvas, cache = Canvas(160, 48, UNICODE, NEW_YORK), FrameCache()
    first = compose(FULL, View(), panes, canvas, NOW, cache)
    asked.clear()
    second = compose(moved(FULL, 1), View(), panes, canvas, NOW, cache)
    assert "indexes" in asked
    assert not {"risk", "spreads", "sectors"} & set(asked)
    same = [a is b for a, b in zip(first.rows, second.rows, strict=True)]
    assert same.count(True) > 30  # of 48; what is not are frames, the feeds, the first line and the last one


@pytest.mark.parametrize("pane", READING.values(), ids=READING)
def test_a_pane_reads_no_more_than_it_says(pane: Pane) -> None:
    for other in BOARDS.values():
        parts = {f.name: getattr(other if f.name in pane.reads else FULL, f.name) for f in fields(Board)}
        for width, height, full in ((54, 12, False), (118, 34, True), (196, 56, True)):
            space = Space(width, height, NOW, NEW_YORK, full=full)
            assert pane.draw(Board(**parts), space) == pane.draw(other, space)


def test_what_has_gone_is_let_go() -> None:
    cache, made = RowCache(), []

    def make(thing: list[int]):  # type: ignore[no-untyped-def]  # a row
        made.append(thing)
        return ()

    first, second = [1], [1]
    for things in ([first, second], [first], [first]):
        cache.next_frame()
        for thing in things:
            cache.of("shape", thing, make)
    assert made == [first, second]
    cache.of("other shape", first, make)
    assert len(made) == 3
    cache.next_frame()
    cache.next_frame()
    cache.of("shape", first, make)
    assert len(made) == 4
