"""Lines and rulers in the tables: what they name, what gives way to what, and that a quote moves their last cell."""

import dataclasses
import math
from collections.abc import Callable
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SpreadRow
from rotation_tui.domain.reading import Level, Reading, Trail
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.panes.indexes import PANE as INDEXES
from rotation_tui.panes.past import distance
from rotation_tui.panes.report import past_of
from rotation_tui.panes.sectors import PANE as SECTORS
from rotation_tui.panes.spreads import PANE as SPREADS
from rotation_tui.screens.compose import Canvas, compose
from rotation_tui.screens.frame_cache import FrameCache
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.sgr import PLAIN
from rotation_tui.widgets.cells import Face, Row, plain
from rotation_tui.widgets.glyphs import ASCII, UNICODE
from rotation_tui.widgets.spark import INK
from tests.boards import CONFIG, FULL, NOW
from tests.screens.test_frame_cache import PANES

NEW_YORK = ZoneInfo("America/New_York")
CLOSES = tuple(0.36 + 0.02 * math.sin(n / 40) for n in range(504))
MEANS = tuple(0.36 for _ in range(84))
MARGIN = {"margin_pp": 12.0, "margin_low_pp": -20.0, "margin_high_pp": 20.0}


def spread(row: SpreadRow) -> SpreadRow:
    return replace(
        row, spark=CLOSES, ratio_mean_line=MEANS, ratio_mean_200d=0.36, ratio_now=0.38, ratio_now_vs_200d_pct=4.7,
        windows={**row.windows, "1D": 0.5}, percentile=76.0, percentile_is_record=False, **MARGIN,
    )  # fmt: skip


BOARD = replace(
    FULL,
    spreads=tuple(map(spread, FULL.spreads)),
    tickers=tuple(replace(t, spark=CLOSES, mean_line=MEANS, from_200d_pct=2.5, state=State.LIVE) for t in FULL.tickers),
    sectors=tuple(
        replace(s, excess_line=(-1.0,) * 25 + (3.0,) * 25, excess_pp=3.0, state=State.LIVE, illiquid=False)
        for s in FULL.sectors
    ),
)


def drawn(width: int, height: int = 7, board: Board = BOARD, *, full: bool = False) -> Face:
    return SPREADS.draw(board, Space(width, height, NOW, UTC, full=full))


def row_of(face: Face, row_id: str) -> Row:
    return face.rows[face.ids.index(row_id)]


def test_beside_the_margins_comes_the_line_then_the_ruler_then_what_the_line_ends_with() -> None:
    first = BOARD.spreads[0].id
    narrow, ruled, valued = drawn(61), drawn(71), drawn(85)
    for face in (narrow, ruled, valued):
        assert all(name in plain([face.header]).split() for name in ("1D", "1M", "6M", "half", "YTD"))
        assert "●" in plain([row_of(face, first)])
    assert plain([narrow.header]).split()[-3:] == ["p126d", "ratio,", "2y"]
    assert "p76" in plain([row_of(narrow, first)])
    assert "├" not in plain([row_of(narrow, first)])
    assert plain([ruled.header]).split()[-5:] == ["126d,", "10", "years", "ratio,", "2y"]
    assert plain([drawn(68).header]).rstrip().endswith("126d, 10y     ratio, 2y")
    assert "├───┼─●─┤ p76" in plain([row_of(ruled, first)])
    assert "┈ 200d mean" in plain([valued.header])
    assert plain([row_of(valued, first)]).endswith("0.3800  ↑4.7%")


@pytest.mark.parametrize("width", range(57, 220, 7))
def test_the_more_room_the_longer_the_line_and_no_margin_is_lost(width: int) -> None:
    def cells(face: Face) -> int:
        return sum(0x2800 <= ord(c) <= 0x28FF for c in plain([row_of(face, BOARD.spreads[0].id)]))

    less, more = drawn(width, full=True), drawn(width + 40, full=True)
    assert cells(more) >= cells(less) >= 9
    assert set(plain([less.header]).split()) - {"p126d", "10", "2y"} <= {
        *plain([more.header]).split(),
        "ratio,",
        "126d,",
    }


def test_blocks_and_strokes_name_the_distance_that_they_draw() -> None:
    for glyphs in (replace(UNICODE, spark="blocks"), ASCII):
        spreads = SPREADS.draw(BOARD, Space(90, 7, NOW, UTC, glyphs=glyphs))
        tickers = INDEXES.draw(BOARD, Space(96, 12, NOW, UTC, glyphs=glyphs))
        assert "ratio from 200d" in plain([spreads.header])
        assert "price from 200d" in plain([tickers.header])


def test_with_two_rows_of_text_a_pair_each_can_be_selected_once() -> None:
    pairs = len(BOARD.spreads)
    face = drawn(90, 2 * pairs + 3)
    assert face.ids[: 2 * pairs] == tuple(i for row in BOARD.spreads for i in (row.id, None))
    assert all(plain([row]).strip(" ⠀") == "" or ord(plain([row]).strip()[0]) >= 0x2800 for row in face.rows[1:6:2])
    assert "lead" in plain(face.rows), "the sentence stays"
    assert drawn(90, 2 * pairs + 2).ids[:pairs] == tuple(row.id for row in BOARD.spreads)
    blocks = Space(90, 2 * pairs + 3, NOW, UTC, glyphs=replace(UNICODE, spark="blocks"))
    assert SPREADS.draw(BOARD, blocks).ids[:2] == tuple(row.id for row in BOARD.spreads[:2])


def test_what_is_not_known_is_not_drawn() -> None:
    row = replace(BOARD.spreads[0], ratio_now=None, ratio_now_vs_200d_pct=None, margin_pp=None, percentile=None)
    text = plain([row_of(drawn(100, board=replace(BOARD, spreads=(row,))), row.id)])
    assert "●" not in text
    assert text.split()[-2:] == ["?", "?"]
    assert "├" not in text


def test_what_is_old_has_one_tone_and_no_colour() -> None:
    row = replace(BOARD.spreads[0], study_state=State.STALE, state=State.STALE)
    tones = {s.tone for s in row_of(drawn(100, board=replace(BOARD, spreads=(row,))), row.id)}
    assert not tones & {"gain", "loss", "bright"}


@pytest.mark.parametrize(
    ("percent", "text", "tone"),
    [
        (4.66, " ↑4.7%", "gain"), (-12.34, "↓12.3%", "loss"), (0.0, " ↑0.0%", "gain"), (123.4, " ↑123%", "gain"),
        (1e9, "######", "unknown"), (None, "     ?", "unknown"),
    ],
)  # fmt: skip
def test_a_distance_is_whole_or_not_there(percent: float | None, text: str, tone: str) -> None:
    assert distance(percent, UNICODE, INK)[:2] == (text, tone)


def test_tickers_have_their_price_over_its_mean_where_figures_leave_room() -> None:
    assert "200d" not in plain([INDEXES.draw(BOARD, Space(57, 12, NOW, UTC)).header])
    face = INDEXES.draw(BOARD, Space(96, 12, NOW, UTC))
    assert "price, 2y ┈ 200d mean" in plain([face.header])
    text = plain([row_of(face, BOARD.tickers[0].id)])
    assert text.endswith("↑2.5%")
    assert "●" in text
    assert "half" in plain([face.header])


def test_sectors_have_their_excess_over_zero() -> None:
    face = SECTORS.draw(BOARD, Space(96, 30, NOW, UTC, full=True))
    assert "1 year ┈ 0" in plain([face.header])
    row = next(r for r in face.rows if any(s.text == "●" for s in r))
    tones = [s.tone for s in row if any(0x2800 <= ord(c) <= 0x28FF for c in s.text)]
    assert tones == ["loss", "gain"]


@pytest.mark.parametrize(("worse", "tones"), [(True, ["spark", "watch"]), (False, ["watch", "spark"])])
def test_the_past_of_a_check_is_told_by_its_limit(worse: bool, tones: list[str]) -> None:
    check = Reading("V1", "VIX", Level.WATCH, 25.0, "", 20.0, 30.0, None, None, "", higher_is_worse=worse)
    trail = Trail((), (15.0,) * 126 + (25.0,) * 126)
    space = Space(100, 10, NOW, UTC, trail=lambda _: trail)
    assert [s.tone for s in past_of(check, 21, space)] == [*tones, "bright"]
    assert past_of(check, 21, dataclasses.replace(space, trail=lambda _: None)) == ()


def _grid(board: Board, size: tuple[int, int], cache: FrameCache, screen: str) -> Grid:
    panes = [PANES[name] for name in SCREENS[screen].panes or CONFIG.layout.overview]
    canvas = Canvas(*size, UNICODE, NEW_YORK, low_bandwidth=True)
    grid = Grid(*size)
    for y, row in enumerate(compose(board, View(screen=screen), panes, canvas, NOW, cache).rows):
        x = 0
        for span in row:
            x = grid.put(x, y, span.text, PLAIN)
    return grid


def _pair_moved(board: Board) -> Board:
    first, *others = board.spreads
    now = replace(first, ratio_now=0.31, ratio_now_vs_200d_pct=-1.3)
    return replace(board, spreads=(now, *others))


def _sector_moved(board: Board) -> Board:
    first, *others = board.sectors
    return replace(board, sectors=(replace(first, excess_pp=-7.5), *others))


def _ticker_moved(board: Board) -> Board:
    first, *others = board.tickers
    return replace(board, tickers=(replace(first, last=(first.last or 0) * 3, from_200d_pct=9.9), *others))


@pytest.mark.parametrize("moved", [_pair_moved, _sector_moved, _ticker_moved])
@pytest.mark.parametrize(
    ("screen", "size"),
    [("overview", (80, 24)), ("overview", (200, 60)), ("spreads", (160, 48)), ("sectors", (200, 60))],
)
def test_a_quote_sends_the_last_cell_of_a_line_and_its_value(
    moved: Callable[[Board], Board], screen: str, size: tuple[int, int]
) -> None:
    cache, encoder = FrameCache(), FrameEncoder()
    before = _grid(BOARD, size, cache, screen)
    encoder.frame(before)
    after = _grid(moved(BOARD), size, cache, screen)
    changed = [
        (before.chars[y][x], after.chars[y][x])
        for y in range(size[1])
        for x in range(size[0])
        if before.chars[y][x] != after.chars[y][x]
    ]
    lines = [pair for pair in changed if any("\u2800" <= c <= "\u28ff" for c in pair)]
    assert lines == [], "a line's own cells stay, also where the price is far off"
    assert sum("●" in pair for pair in changed) <= 2, "the point itself, from one row of text to the other"
    assert len(encoder.frame(after)) <= 12 * max(1, len(changed)) + 8


def test_ascii_draws_nothing_else() -> None:
    for pane in (SPREADS, INDEXES, SECTORS):
        face = pane.draw(BOARD, Space(160, 40, NOW, UTC, glyphs=ASCII))
        texts = "".join(s.text for row in (face.header, *face.rows) for s in row)
        assert not {*texts} & {"●", "┈", "├", "┼", "↑", "↓"}
        assert not any("\u2800" <= c <= "\u28ff" for c in texts)


def test_a_column_of_ages_takes_room_only_where_one_has_to_be_told() -> None:
    def header(board: Board, width: int) -> list[str]:
        return plain([INDEXES.draw(board, Space(width, 12, NOW, UTC)).header]).split()

    quiet = replace(BOARD, tickers=tuple(replace(t, extended=None, note=None, delay_s=0) for t in BOARD.tickers))
    told = replace(quiet, tickers=(replace(quiet.tickers[0], note="apart"), *quiet.tickers[1:]))
    assert "price," in header(quiet, 72)
    assert "price," not in header(told, 72)
    assert "6M" in header(quiet, 57)
    assert "6M" in header(told, 57), "what one sees on every other day does not give way to a note"
    assert "see data" in plain(INDEXES.draw(told, Space(72, 12, NOW, UTC)).rows)
