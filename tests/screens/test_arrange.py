"""Where panes stand: never over each other, never off the field, and what matters most at the smallest size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.panes.base import Pane
from rotation_tui.screens.arrange import LARGE, LEAST, TALL, WIDE, Slot, arrange, overview
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Face
from tests.boards import BOARDS, CONFIG, EMPTY, FULL
from tests.panes.test_contract import PANES, panes_of, sheet_of

boards = st.sampled_from(list(BOARDS.values()))
widths, heights = st.integers(LEAST[0], 220), st.integers(LEAST[1] - 2, 68)


def made(least: int, wants: int) -> Pane:
    return Pane(f"p{least}-{wants}", "made", lambda _b, _s: Face("made", ()), lambda _: wants, least)


made_panes = st.lists(st.builds(made, st.integers(1, 9), st.integers(1, 40)), min_size=1, max_size=8)


def assert_apart(slots: tuple[Slot, ...], width: int, height: int, top: int) -> None:
    taken: set[tuple[int, int]] = set()
    for slot in slots:
        assert slot.width > 0
        assert slot.height > 0
        assert slot.x >= 0
        assert slot.x + slot.width <= width
        assert top <= slot.y
        assert slot.y + slot.height <= top + height
        cells = {(x, y) for x in (slot.x, slot.x + slot.width - 1) for y in range(slot.y, slot.y + slot.height)}
        cells |= {(x, slot.y) for x in range(slot.x, slot.x + slot.width)}
        assert taken.isdisjoint(cells)
        taken |= {(x, y) for x in range(slot.x, slot.x + slot.width) for y in range(slot.y, slot.y + slot.height)}


@given(st.sampled_from(list(SCREENS)), boards, widths, heights)
def test_panes_never_overlap_nor_leave_the_field(screen: str, board: Board, width: int, height: int) -> None:
    panes = panes_of(screen)
    slots = arrange(panes, board, width, height, stacked=SCREENS[screen].stacked, paired=SCREENS[screen].paired)
    assert_apart(slots, width, height, 1)
    assert [s.pane for s in slots] == panes[: len(slots)], "reading order, and the last ones go first"
    assert slots


@given(made_panes, widths, heights, st.booleans(), st.booleans())
def test_so_do_panes_of_any_shape(panes: list[Pane], width: int, height: int, stacked: bool, paired: bool) -> None:
    slots = arrange(panes, EMPTY, width, height, stacked=stacked, paired=paired)
    assert_apart(slots, width, height, 1)
    assert [s.pane for s in slots] == panes[: len(slots)]


@given(st.integers(110, 220), st.integers(60, 68))
def test_with_room_for_all_every_pane_has_a_frame(width: int, height: int) -> None:
    slots = arrange(panes_of("overview"), FULL, width, height)
    assert len(slots) == len(CONFIG.layout.overview)
    assert all(s.framed for s in slots)
    assert sum(s.width * s.height for s in slots) == width * height


def rows_in_sight(sheet: Sheet, name: str) -> list[str]:
    slot, ids = next(spot for spot in sheet.spots if spot[0].pane.name == name)
    return [i for i in ids[: slot.height] if i is not None]


@pytest.mark.parametrize("size", [(80, 24), (100, 24), (110, 24), (140, 24), (120, 30)], ids=str)
def test_the_smallest_screen_shows_what_matters_most(size: tuple[int, int]) -> None:
    sheet = sheet_of(FULL, View(), size)
    for name, least in (("indexes", 4), ("spreads", 2), ("sectors", 5), ("risk", 3)):
        assert len(rows_in_sight(sheet, name)) >= least, name
    assert rows_in_sight(sheet, "indexes")[:4] == [r.id for r in FULL.tickers[:4]]
    levels = {g.id: g.level.value for g in FULL.risk}
    assert [levels[i] for i in rows_in_sight(sheet, "risk")[:3]] == ["ALERT", "WATCH", "WATCH"]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_more_height_never_shows_less(width: int) -> None:
    seen = 0
    for height in (24, 36, 48, 60):
        sheet = sheet_of(FULL, View(), (width, height))
        now = sum(len(rows_in_sight(sheet, name)) for name in ("indexes", "spreads", "sectors", "risk"))
        assert now >= seen
        seen = now
    assert set(sheet.panes) == set(CONFIG.layout.overview)


@given(st.lists(st.builds(made, st.integers(1, 4), st.integers(1, 20)), min_size=4, max_size=4), widths, heights)
def test_paired_panes_stand_two_beside_each_other_at_every_width(panes: list[Pane], width: int, height: int) -> None:
    slots = arrange(panes, EMPTY, width, height, paired=True)
    assert len({slot.y for slot in slots}) * 2 == len(slots)
    for one, other in zip(slots[::2], slots[1::2], strict=True):
        assert one.y == other.y
        assert one.height == other.height
        assert one.x == 0 < other.x


def test_only_a_large_terminal_has_more_panes_and_none_twice() -> None:
    layout = CONFIG.layout
    for size in ((WIDE[0] - 1, 60), (200, WIDE[1] - 1), (80, 24)):
        assert overview(layout.overview, layout.wide, layout.yields, layout.large, *size) == (layout.overview, 0)
    names, left = overview(layout.overview, layout.wide, layout.yields, layout.large, *LARGE)
    assert names == ("indexes", "spreads", "sectors", "chart", "answers", "since", "risk", "events", "feeds")
    assert left == 3
    assert overview(("chart", "risk"), (), (), ("chart",), *LARGE) == (("chart", "risk"), 0)


def test_a_wide_terminal_answers_in_place_of_events_and_feeds_and_a_tall_one_beside_them() -> None:
    layout = CONFIG.layout
    first = ("indexes", "spreads", "answers", "since", "sectors", "risk")
    for size in (WIDE, (LARGE[0] - 1, TALL - 1), (200, WIDE[1])):
        assert overview(layout.overview, layout.wide, layout.yields, layout.large, *size) == (first, 0)
    for size in ((WIDE[0], TALL), (LARGE[0] - 1, 60), (200, LARGE[1] - 1)):
        assert overview(layout.overview, layout.wide, layout.yields, layout.large, *size) == (
            (*first, "events", "feeds"),
            0,
        )
    for own in (("risk", "answers", "since", "feeds"), ("risk", "chart")):
        assert overview(own, layout.wide, layout.yields, (), *WIDE) == (own, 0)


@given(made_panes, widths, heights, st.integers(1, 7))
def test_columns_of_their_own_heights_fill_the_field_or_give_way_to_bands(
    panes: list[Pane], width: int, height: int, left: int
) -> None:
    slots = arrange(panes, EMPTY, width, height, left=left)
    assert_apart(slots, width, height, 1)
    assert [s.pane for s in slots] == panes[: len(slots)]
    if slots == arrange(panes, EMPTY, width, height):
        return
    assert len(slots) == len(panes)
    assert sum(s.width * s.height for s in slots) == width * height
    assert {s.x for s in slots[:left]} == {0}
    assert {s.x for s in slots[left:]} == {width // 2}
    assert all(s.framed and s.height >= s.pane.least + 2 for s in slots)


@pytest.mark.parametrize(
    ("height", "heights"),
    [(20, [10, 10]), (24, [12, 12]), (30, [18, 12]), (40, [22, 18])],
    ids=["no spare", "alike", "one has enough", "both have"],
)
def test_of_two_bands_none_gets_more_than_it_can_use_while_the_other_can(height: int, heights: list[int]) -> None:
    long, short = (replace(made(4, 8), most=lambda _, most=most: most) for most in (19, 10))
    slots = arrange([made(4, 8), long, short, made(4, 8)], EMPTY, 122, height, paired=True)
    assert [slot.height for slot in slots[::2]] == heights


def test_a_tall_risk_screen_lists_more_checks_before_it_leaves_lines_empty() -> None:
    slots = {slot.pane.name: slot.height for slot in arrange(panes_of("risk"), FULL, 250, 68, paired=True)}
    assert slots["checks"] > slots["check"] > PANES["check"].wants(FULL)
