"""Every pane, on every kind of board, at every size: found by itself, held to one contract.

Those of a plugin are held to it as `tests/parts.py` tells.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from rotation_tui.alerts.condition import parsed
from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane, Space
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.frame_cache import FrameCache
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.theme.palette import TONES
from rotation_tui.widgets.cells import Face, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs
from rotation_tui.widgets.table import Order
from tests.alerts.material import KNOWN
from tests.boards import BOARDS, CONFIG, FULL, NOW, STALE, UNKNOWN
from tests.pairs import in_pairs
from tests.parts import parts

PANES = parts("rotation_tui.panes", "PANE", Pane)
PRICED = ("indexes", "spreads", "sectors")
SIZES = ((60, 18), (80, 24), (120, 40), (122, 36), (200, 60))
SCREEN_NAMES = tuple(SCREENS)
NEW_YORK = ZoneInfo("America/New_York")
FIGURE = re.compile(r"\d\.\d")


def named(sizes: Iterable[tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {f"{width}x{height}": (width, height) for width, height in sizes}


pane = pytest.mark.parametrize("pane", PANES.values(), ids=PANES)
board = pytest.mark.parametrize("board", BOARDS.values(), ids=BOARDS)
DRAWN: dict[str, Mapping[str, Any]] = {
    "glyphs": {"unicode": UNICODE, "ascii": ASCII},
    "screen": {name: name for name in SCREEN_NAMES},
}


def panes_of(screen: str) -> list[Pane]:
    return [PANES[name] for name in SCREENS[screen].panes or CONFIG.layout.overview]


def sheet_of(
    board: Board,
    view: View,
    size: tuple[int, int],
    glyphs: Glyphs = UNICODE,
    cache: FrameCache | None = None,
    keymap: Keymap = DEFAULT,
) -> Sheet:
    """The screen as it is drawn, which costs less with the cache of the frame before."""
    canvas = Canvas(*size, glyphs, NEW_YORK, keymap=keymap)
    return compose(board, view, panes_of(view.screen), canvas, NOW, cache)


_KEPT: dict[tuple[str, int, bool], tuple[Board, tuple[Face, ...]]] = {}
"""Faces drawn before, with the board that they are of, so that no other board gets its number."""


def faces(pane: Pane, board: Board, glyphs: Glyphs = UNICODE) -> tuple[Face, ...]:
    """How the pane draws the board at several sizes; drawn once for all tests of one process."""
    key = (pane.name, id(board), glyphs is ASCII)
    if key not in _KEPT:
        _KEPT[key] = (board, tuple(drawn_anew(pane, board, glyphs)))
    return _KEPT[key][1]


def drawn_anew(pane: Pane, board: Board, glyphs: Glyphs = UNICODE) -> Iterator[Face]:
    for width, height in ((51, 5), (54, 12), (76, 22), (196, 56)):
        for tight, full in ((True, False), (False, False), (False, True)):
            yield pane.draw(board, Space(width, height, NOW, UTC, glyphs, tight, full))


def assert_drawable(sheet: Sheet, size: tuple[int, int], glyphs: Glyphs) -> None:
    width, height = size
    assert len(sheet.rows) == height
    for row in sheet.rows:
        text = "".join(s.text for s in row)
        assert width_of(row) == width, text
        assert cell_len(text) == width, text
        assert text.isprintable(), text
        assert {s.tone for s in row} <= set(TONES)
        if glyphs is ASCII:
            assert text.isascii(), text


@in_pairs(board=BOARDS, size=named(SIZES), **DRAWN)
def test_a_screen_fills_the_terminal_exactly(board: Board, glyphs: Glyphs, size: tuple[int, int], screen: str) -> None:
    view = View(screen=screen)
    for variant in (view, replace(view, help=True), replace(view, jumping=True), replace(view, frozen_since="10:59")):
        assert_drawable(sheet_of(board, variant, size, glyphs), size, glyphs)


@in_pairs(board=BOARDS, size=named(((60, 18), (80, 24), (200, 60))), **DRAWN)
def test_every_row_can_be_reached_is_seen_and_opens(
    board: Board, glyphs: Glyphs, size: tuple[int, int], screen: str
) -> None:
    view, cache = View(screen=screen), FrameCache()
    for name, ids in sheet_of(board, view, size, glyphs, cache).rows_of.items():
        for row_id in {*ids[:: 1 + len(ids) // 3], *ids[-1:]}:
            chosen = replace(view.with_selected(name, row_id), focus=name)
            sheet = sheet_of(board, chosen, size, glyphs, cache)
            assert sheet.rows_of[name] == ids, "what can be selected does not depend on what is"
            assert marked_lines(sheet) == spots_of(sheet, name, row_id)
            detail = PANES[name].detail
            assert detail is not None
            space = Space(size[0] - 8, size[1] - 4, NOW, UTC, glyphs)
            assert "no longer on the board" not in plain(detail(board, row_id, space))
            opened = sheet_of(board, replace(chosen, opened=row_id), size, glyphs, cache)
            assert_drawable(opened, size, glyphs)
            assert opened.rows != sheet.rows


def marked_lines(sheet: Sheet) -> list[int]:
    return [y for y, row in enumerate(sheet.rows) if any(s.selected for s in row)]


def spots_of(sheet: Sheet, name: str, row_id: str) -> list[int]:
    """Lines where a click would find the row, inside its pane's place."""
    (slot, ids) = next(spot for spot in sheet.spots if spot[0].pane.name == name)
    return [slot.y + at for at, here in enumerate(ids[: slot.height]) if here == row_id]


@pane
@board
def test_every_row_has_an_id_or_none(board: Board, pane: Pane) -> None:
    for face in faces(pane, board):
        assert len(face.ids) == len(face.rows)
        known = [i for i in face.ids if i is not None]
        assert len(known) == len(set(known))
        assert pane.detail is not None or not known


@pane
@pytest.mark.parametrize("board", [FULL, UNKNOWN, STALE], ids=("full", "unknown", "stale"))
def test_the_condition_that_a_row_offers_for_an_alert_can_be_read(board: Board, pane: Pane) -> None:
    known = replace(KNOWN, lenient=True)
    for face in faces(pane, board):
        for row_id in face.ids:
            if text := pane.alert(board, row_id):
                assert parsed(text, known).text == text


@pane
def test_a_pane_is_a_pure_function_with_something_to_say(pane: Pane) -> None:
    for board in BOARDS.values():
        for first, second in zip(drawn_anew(pane, board), drawn_anew(pane, board), strict=True):
            assert first == second
            assert first.title
            assert first.rows, "an empty pane says what it waits for"
        assert pane.wants(board) >= 1
    assert pane.least >= 1


@pane
@pytest.mark.parametrize("size", [(60, 18), (80, 24)], ids=str)
def test_its_title_stands_over_its_rows_unless_it_is_a_single_line(pane: Pane, size: tuple[int, int]) -> None:
    for panes in ([pane], [PANES["sectors"], pane], [PANES["indexes"], PANES["sectors"], pane]):
        sheet = compose(FULL, View(), panes, Canvas(*size, UNICODE, NEW_YORK), NOW)
        for slot, _ in sheet.spots:
            title = [s for s in sheet.rows[slot.y] if s.bold and s.tone in ("title", "highlight")]
            assert title or (slot.height == 1 == slot.pane.least), slot.pane.name


@pane
def test_ascii_faces_use_no_braille_and_no_box_characters(pane: Pane) -> None:
    for face in faces(pane, FULL, ASCII):
        # the arrow of the column that sorts is made ASCII with the whole screen
        text = plain(face.rows) + re.sub("[▲▼]", "", plain([face.header]))
        assert not re.search("[\u2500-\u25ff\u2800-\u28ff]", text), text


@pane
def test_nothing_known_shows_no_figure(pane: Pane) -> None:
    for face in faces(pane, UNKNOWN):
        assert not FIGURE.search(plain(face.rows)), plain(face.rows)


@pytest.mark.parametrize("name", [*PRICED, "risk", "checks"])
def test_what_is_unknown_is_a_question_mark_in_a_quiet_tone(name: str) -> None:
    for face in faces(PANES[name], UNKNOWN):
        for row, row_id in zip(face.rows, face.ids, strict=True):
            if row_id is not None:
                asked = [s for s in row if s.text.strip() == "?"]
                assert asked, plain([row])
                assert {s.tone for s in asked} <= {"unknown", "faint"}


@pane
def test_old_prices_carry_neither_gain_nor_loss(pane: Pane) -> None:
    assert {"gain", "loss"} & {s.tone for name in PRICED for f in faces(PANES[name], FULL) for r in f.rows for s in r}
    for face in faces(pane, STALE):
        for row in face.rows:
            assert {"gain", "loss"}.isdisjoint(s.tone for s in row), plain([row])


@pytest.mark.parametrize("name", PRICED)
def test_old_prices_are_dim_and_carry_their_age(name: str) -> None:
    for face in faces(PANES[name], STALE):
        for row, row_id in zip(face.rows, face.ids, strict=True):
            if row_id is not None:
                figures = [s for s in row if FIGURE.search(s.text)]
                assert {s.tone for s in figures} <= {"stale", "faint"}, plain([row])
                assert any(s.text.strip() == "6d" for s in row), plain([row])
    for face in faces(PANES[name], FULL):
        assert not re.search(r"\b6d\b", plain(face.rows))


@pane
def test_each_order_offered_sorts_rows_without_losing_any(pane: Pane) -> None:
    space = Space(300, 60, NOW, UTC, full=True)
    whole = set(pane.draw(FULL, space).ids)
    unsorted = pane.draw(FULL, space).rows
    for key in (order.key for order in pane.sorts):
        seen = []
        for reverse in (False, True):
            face = pane.draw(FULL, dataclasses.replace(space, order=Order(key, reverse)))
            assert set(face.ids) == whole
            seen.append(face.rows)
            bright = [s for s in face.header if s.tone == "bright"]
            assert len(bright) == 1, f"{key} is not marked in the header"
        assert seen[0] != seen[1] or len(unsorted) < 2, key


def test_a_spread_is_shown_as_of_its_session_where_a_ticker_is_live() -> None:
    face = PANES["spreads"].draw(FULL, Space(100, 20, NOW, UTC))
    assert "2026-06-22" in face.subtitle


def test_a_pane_is_found_by_its_own_name() -> None:
    assert {pane.name for pane in PANES.values()} == set(PANES)


@pane
def test_every_column_says_in_a_line_what_stands_in_it(pane: Pane) -> None:
    for face in faces(pane, FULL):
        told = [name for name, _ in face.legend]
        assert len(set(face.legend)) == len(face.legend)
        if not face.legend:
            assert pane.name not in TABLES or not any(face.ids), "a table without words"
            continue
        for span in face.header:
            name = span.text.strip().rstrip("▲▼")
            assert pane.name not in TABLES or not name or name in told, f"{name} is not explained"
        for _, words in face.legend:
            assert 3 < len(words) <= 120
            assert not words.endswith(".")


TABLES = ("indexes", "spreads", "sectors", "checks", "claims", "feeds", "drivers")
"""Panes whose header is the names of columns."""
