"""The rotation pane: heads, tails, who is shown, in which order, and what is said where nothing can be."""

import dataclasses
import math
import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from itertools import product

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Mode, SectorRow
from rotation_tui.board.marks import Moment
from rotation_tui.board.rotations import Wanted, rotations_of
from rotation_tui.domain.results import Quadrant, Rotation, RotationPoint
from rotation_tui.domain.rotation import all_members
from rotation_tui.domain.rotation_past import RotationPast
from rotation_tui.domain.session import nyse
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.panes.rotation import AGAINST, ATTRIBUTION, LENGTH, LIST, PANE, PRESET
from rotation_tui.panes.rotation.tracks import tracks
from rotation_tui.widgets.cells import Face, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs, ascii_only
from tests.boards import BOARDS, EMPTY, FULL, NOW, UNIVERSE

FRIDAY = date(2026, 6, 19)
SIZES = [(20, 3), (56, 11), (76, 11), (80, 40), (56, 36), (96, 56), (40, 20)]
BRAILLE = re.compile("[\u2800-\u28ff]")


def quadrant_of(ratio: float, momentum: float) -> Quadrant:
    right = (Quadrant.LEADING, Quadrant.WEAKENING) if ratio >= 100 else (Quadrant.IMPROVING, Quadrant.LAGGING)
    return right[momentum < 100]


def tail(ratio: float, momentum: float, *, running: bool = True) -> tuple[RotationPoint, ...]:
    """Eight complete weeks up to these values, then the running one a little further."""
    weeks = [
        RotationPoint(FRIDAY - timedelta(weeks=n), ratio - n / 10, momentum - n / 20, complete=True)
        for n in range(7, -1, -1)
    ]
    if running:
        weeks.append(RotationPoint(FRIDAY + timedelta(days=3), ratio + 0.1, momentum + 0.1, complete=False))
    return tuple(weeks)


def rotating(at: int, row: SectorRow, *, running: bool = True) -> SectorRow:
    ratio, momentum = 100 + ((at * 7) % 11 - 5) / 2.5, 100 + ((at * 5) % 9 - 4) / 2.1
    return replace(
        row,
        rotation=tail(ratio, momentum, running=running),
        rs_ratio=ratio,
        rs_momentum=momentum,
        quadrant=quadrant_of(ratio, momentum),
        heading=26.6,
        speed=0.11,
        right_side=at == 1,
        heading_daily=63.4,
        speed_daily=0.12,
        right_side_daily=False,
        rotation_daily=tail(momentum, ratio, running=False),
        quadrant_daily=quadrant_of(momentum, ratio),
        rotation_why=None,
    )


def board_of(*, running: bool = True) -> Board:
    sectors = tuple(rotating(n, r, running=running) for n, r in enumerate(FULL.sectors))
    return replace(FULL, sectors=sectors, rotation=())


def small_caps(ratio: float, momentum: float, *, running: bool = True) -> tuple[Rotation, ...]:
    """Small caps as a whole, weekly at a point and daily at its mirror image."""
    return tuple(
        Rotation(preset, "IWM", "SPY", a, b, quadrant_of(a, b), 45.0, 0.33, False,
                      tail(a, b, running=running and preset == "weekly"))
        for preset, a, b in (("weekly", ratio, momentum), ("daily", 200 - ratio, 200 - momentum))
    )  # fmt: skip


MOVING = board_of()
WHOLE = replace(MOVING, rotation=small_caps(101.5, 101.0))
SMALL = [s for s in MOVING.sectors if s.side == "small"]
LARGE = [s for s in MOVING.sectors if s.side == "large"]


def space(
    width: int, height: int, glyphs: Glyphs = UNICODE, picked: str | None = None, tight: bool = False, **settings: str
) -> Space:
    return Space(width, height, NOW, UTC, glyphs, tight, full=True, picked=picked, settings=settings)


def faces(board: Board, glyphs: Glyphs = UNICODE) -> Iterator[tuple[int, int, Face]]:
    for width, height in SIZES:
        for side in ("small", "large", "both"):
            for preset in PRESET.choices:
                room = space(width, height, glyphs, SMALL[2].id, width == 76, side=side, preset=preset)
                yield width, height, PANE.draw(board, room)


@pytest.mark.whole
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_picture_fits_every_place(glyphs: Glyphs) -> None:
    for board in (MOVING, WHOLE, *BOARDS.values()):
        for width, height, face in faces(board, glyphs):
            assert 1 <= len(face.rows) <= height
            assert len(face.ids) == len(face.rows)
            if board in (MOVING, WHOLE):
                assert len(face.rows) == height
                assert all(width_of(row) <= width + 1 for row in face.rows), "but for the blank behind a last column"
            if glyphs is ASCII and board in (MOVING, WHOLE):
                assert plain((face.header, *face.rows)).isascii()


def test_a_running_week_has_a_hollow_head_a_complete_one_a_full_head() -> None:
    running, complete = (PANE.draw(b, space(96, 50)) for b in (MOVING, board_of(running=False)))
    assert "●" not in plain(running.rows)
    assert plain(running.rows).count("○") >= len(SMALL) - 2
    assert "○ running week" in plain([running.header])
    assert "○" not in plain((complete.header, *complete.rows))
    assert "●" in plain(complete.rows)
    hollow = plain(PANE.draw(MOVING, space(96, 50, ASCII)).rows)
    full = plain(PANE.draw(board_of(running=False), space(96, 50, ASCII)).rows)
    assert " o " in hollow
    assert "*" not in hollow
    assert "*" in full
    assert "o running week" in plain([PANE.draw(MOVING, space(96, 50, ASCII)).header])


def test_numbers_are_of_the_last_complete_week() -> None:
    face = PANE.draw(MOVING, space(80, 40))
    assert str(FRIDAY) in plain([face.header])
    row = next(plain([r]) for r, i in zip(face.rows, face.ids, strict=True) if i == SMALL[0].id)
    last = SMALL[0].rotation[-2]
    assert f"{last.rs_ratio:.2f}" in row
    assert f"{last.rs_momentum:.2f}" in row


def test_the_table_goes_round_the_quadrants() -> None:
    order = list(Quadrant)
    for preset in PRESET.choices:
        found = [t.quadrant for t in tracks(MOVING, "both", preset)]
        places = [order.index(q) for q in found if q is not None]
        assert len(places) == len(MOVING.sectors)
        assert places == sorted(places)
        assert len(set(places)) == 4
    face = PANE.draw(MOVING, space(96, 50))
    listed = [i for i in face.ids if i is not None]
    assert listed == [t.id for t in tracks(MOVING, "small", "weekly")]


def test_the_picked_sector_stands_out_and_the_others_fade() -> None:
    plain_face = PANE.draw(MOVING, space(56, 40))
    assert any(s.tone == "text" and "○" in s.text for r in plain_face.rows for s in r)
    chosen = SMALL[4]
    face = PANE.draw(MOVING, space(56, 40, picked=chosen.id))
    picture = [s for row, i in zip(face.rows, face.ids, strict=True) if i is None for s in row]
    heads = {s.tone for s in picture if "○" in s.text}
    assert heads == {"highlight", "faint"}
    loud = [s.text for s in picture if s.tone == "highlight" and s.bold]
    assert any(chosen.symbol in text for text in loud)
    assert not any(s.symbol in text for s in SMALL if s is not chosen for text in loud)

    def dots(face: Face, tone: str) -> int:
        return sum(len(BRAILLE.findall(s.text)) for r in face.rows for s in r if s.tone == tone)

    assert dots(face, "highlight") > 0
    assert dots(face, "faint") < dots(plain_face, "faint"), "the others keep a short tail only"
    row = next(r for r, i in zip(face.rows, face.ids, strict=True) if i == chosen.id)
    assert {s.tone for s in row if s.text.strip()} == {"highlight"}


def test_a_picked_sector_of_the_other_side_is_said_to_be_elsewhere() -> None:
    face = PANE.draw(MOVING, space(80, 40, picked=LARGE[0].id))
    assert f"{LARGE[0].symbol} is a large cap: d changes the side" in plain(face.rows)
    assert any(s.tone == "text" and "○" in s.text for r in face.rows for s in r), "nobody fades for it"
    both = PANE.draw(MOVING, space(80, 40, picked=LARGE[0].id, side="both"))
    assert "changes the side" not in plain(both.rows)


@pytest.mark.parametrize(
    ("side", "shown", "said"),
    [("small", SMALL, "small against IWM"), ("large", LARGE, "large against SPY"), ("both", [*SMALL, *LARGE], "SPY")],
)
def test_the_side_says_who_is_shown_and_against_what(side: str, shown: list[SectorRow], said: str) -> None:
    face = PANE.draw(MOVING, space(96, 60, side=side))
    assert {i for i in face.ids if i is not None} == {s.id for s in shown}
    assert said in plain([face.header])


def test_daily_shows_the_daily_tails() -> None:
    weekly, daily = (PANE.draw(MOVING, space(96, 50, preset=p)) for p in PRESET.choices)
    assert "weekly to" in plain([weekly.header])
    assert "daily to" in plain([daily.header])
    assert "○" not in plain(daily.rows)
    assert weekly.rows != daily.rows


def test_axes_reach_as_far_as_the_data_but_never_beyond_four() -> None:
    face = PANE.draw(MOVING, space(96, 50))
    assert "RS-Ratio" in plain(face.rows)
    assert "RS-Momentum" in plain(face.rows)
    assert all(q.value.lower() in plain(face.rows[:38]) for q in Quadrant)
    far = replace(
        MOVING, sectors=tuple(replace(s, rotation=tail(90 + 20 * (n % 2), 107)) for n, s in enumerate(MOVING.sectors))
    )
    text = plain(PANE.draw(far, space(80, 40)).rows)
    assert " 96.0" in text
    assert "104.0" in text
    assert "110.00" in text, "the table tells the true value"
    near = replace(MOVING, sectors=tuple(replace(s, rotation=tail(100.5, 100.2)) for s in MOVING.sectors))
    assert "101.0" in plain(PANE.draw(near, space(80, 40)).rows)


def test_without_enough_weeks_it_says_how_many_there_are() -> None:
    young = replace(EMPTY, sectors=tuple(replace(s, rotation_why="needs 81 weeks, have 40") for s in EMPTY.sectors))
    face = PANE.draw(young, space(56, 30))
    assert plain(face.rows) == "n/a (needs 81 weeks, have 40)"
    assert plain(PANE.draw(EMPTY, space(56, 30)).rows) == "n/a (waiting for the first study)"


def test_one_sector_without_a_tail_is_named_and_listed_last() -> None:
    young = replace(SMALL[0], rotation=(), quadrant=None, rotation_why="needs 81 weeks, have 40")
    board = replace(MOVING, sectors=tuple(young if s is SMALL[0] else s for s in MOVING.sectors))
    face = PANE.draw(board, space(80, 40))
    assert f"{young.symbol} n/a (needs 81 weeks, have 40)" in plain(face.rows)
    assert [i for i in face.ids if i is not None][-1] == young.id
    row = next(r for r, i in zip(face.rows, face.ids, strict=True) if i == young.id)
    assert {s.tone for s in row if s.text.strip()[:3] in ("?", "n/a")} == {"unknown"}


def test_what_has_no_room_for_a_name_is_in_the_list() -> None:
    board = replace(MOVING, sectors=tuple(replace(s, rotation=tail(100.1, 100.1)) for s in MOVING.sectors))
    text = plain(PANE.draw(board, space(40, 12, side="both")).rows)
    assert "no room to name" in text
    text = plain(PANE.draw(board, space(96, 60, side="both")).rows)
    assert all(s.symbol in text for s in MOVING.sectors)
    assert "no room" not in text


def test_old_closes_are_dim() -> None:
    board = replace(MOVING, sectors=tuple(replace(s, state=State.STALE) for s in MOVING.sectors))
    face = PANE.draw(board, space(96, 50))
    for row, row_id in zip(face.rows, face.ids, strict=True):
        if row_id is not None:
            assert {s.tone for s in row if re.search(r"\d\.\d", s.text)} == {"stale"}


def test_the_name_is_explained() -> None:
    assert PANE.draw(MOVING, space(96, 50)).subtitle == ATTRIBUTION
    assert PANE.draw(MOVING, space(45, 50)).subtitle == "RRG is a trademark"  # beside the keys no more has room
    told = plain(PANE.detail(MOVING, SMALL[0].id, space(76, 20))) if PANE.detail else ""
    assert ATTRIBUTION in told
    assert "running week" in told
    assert "against IWM" in told


@pytest.mark.parametrize(("glyphs", "heads"), [(UNICODE, "◇◆"), (ASCII, "@#")], ids=["unicode", "ascii"])
def test_small_caps_as_a_whole_are_one_point_with_a_row_of_its_own(glyphs: Glyphs, heads: str) -> None:
    face, without = (PANE.draw(b, space(96, 60, glyphs, side="large")) for b in (WHOLE, MOVING))
    listed = [i for i in face.ids if i is not None]
    assert listed[0] == "IWM/SPY"
    row = next(plain([r]) for r, i in zip(face.rows, face.ids, strict=True) if i == "IWM/SPY")
    assert re.search(r"IWM/SPY +small caps +101.50 +101.00 leading +\S+ +0.33", row)
    picture = plain([r for r, i in zip(face.rows, face.ids, strict=True) if i is None])
    assert picture.count(heads[0]) == 1
    assert "IWM/SPY" in picture
    assert heads[0] not in plain(without.rows)
    daily = PANE.draw(WHOLE, space(96, 60, glyphs, side="large", preset="daily"))
    assert plain(daily.rows).count(heads[1]) == 1
    assert "98.50" in next(plain([r]) for r, i in zip(daily.rows, daily.ids, strict=True) if i == "IWM/SPY")


def test_small_caps_as_a_whole_get_their_tail_when_chosen() -> None:
    def loud(face: Face) -> int:
        return sum(len(BRAILLE.findall(s.text)) for r in face.rows for s in r if s.tone == "highlight")

    assert loud(PANE.draw(WHOLE, space(96, 60, picked="IWM/SPY"))) > loud(PANE.draw(WHOLE, space(96, 60)))
    told = plain(PANE.detail(WHOLE, "IWM/SPY", space(76, 20))) if PANE.detail else ""
    assert "IWM/SPY, small caps" in told
    assert "LEADING, 101.50 / 101.00, heading NE, 45 degrees from the right, speed 0.33" in told
    assert "LAGGING, 98.50 / 99.00" in told


def test_heading_and_speed_stand_beside_each_quadrant() -> None:
    face = PANE.draw(MOVING, space(80, 40))
    row = next(plain([r]) for r, i in zip(face.rows, face.ids, strict=True) if i == SMALL[0].id)
    assert re.search(r"↗ +0.11", row)
    assert "speed" in plain(face.rows)
    daily = PANE.draw(MOVING, space(80, 40, ASCII, preset="daily"))
    row = next(plain([r]) for r, i in zip(daily.rows, daily.ids, strict=True) if i == SMALL[0].id)
    assert re.search(r"NE +0.12", row)


def test_a_return_on_the_right_side_is_named() -> None:
    words = f"right-side rotation: {SMALL[1].symbol}"
    assert words in plain(PANE.draw(MOVING, space(80, 40)).rows)
    assert "right-side" not in plain(PANE.draw(MOVING, space(80, 40, preset="daily")).rows)
    told = plain(PANE.detail(MOVING, SMALL[1].id, space(76, 20))) if PANE.detail else ""
    assert "right-side rotation (weakening to leading)" in told


def test_a_thin_fund_is_faint_in_picture_and_table() -> None:
    thin = next(s for s in SMALL if s.illiquid)
    face = PANE.draw(MOVING, space(96, 50))
    row = next(r for r, i in zip(face.rows, face.ids, strict=True) if i == thin.id)
    assert {s.tone for s in row if s.text.strip()} == {"faint"}


def test_a_price_draws_no_picture_anew() -> None:
    moved = replace(WHOLE, sectors=tuple(replace(s, last=s.last + 1 if s.last else None) for s in WHOLE.sectors))
    before, after = (PANE.draw(b, space(96, 50)) for b in (WHOLE, moved))
    assert before == after
    assert all(a[0] is b[0] for a, b in zip(before.rows[:30], after.rows[:30], strict=True)), "the same objects"
    old = replace(WHOLE, sectors=tuple(replace(s, state=State.STALE) for s in WHOLE.sectors))
    assert PANE.draw(old, space(96, 50)).rows[:30] != before.rows[:30]


@pytest.mark.parametrize(("width", "height"), [(78, 13), (78, 20), (46, 34), (96, 50), (196, 56)])
def test_it_says_beside_the_picture_what_it_measures(width: int, height: int) -> None:
    text = plain(PANE.draw(MOVING, space(width, height)).rows)
    assert "MACD" in text
    assert "not comparable with vendors' values" in text


def test_a_sector_near_the_centre_is_called_so_and_keeps_its_quadrant_for_scripts() -> None:
    row = rotating(0, FULL.sectors[0], running=False)
    near = replace(row, rotation=tail(100.2, 102.0, running=False), quadrant=Quadrant.LEADING, centre=True)
    board = replace(MOVING, sectors=(near, *MOVING.sectors[1:]))
    face = PANE.draw(board, space(96, 50))
    listed = next(plain([r]) for r, i in zip(face.rows, face.ids, strict=True) if i == near.id)
    assert "centre" in listed
    assert "leading" not in listed
    told = plain(PANE.detail(board, near.id, space(120, 40))) if PANE.detail else ""
    assert "centre (LEADING), 100.20 / 102.00" in told


PASTS = tuple(
    RotationPast(
        preset, symbol, other, tuple(float((FRIDAY - timedelta(weeks=n)).toordinal()) for n in range(39, -1, -1)),
        tuple(99 + 2 * math.sin(n / 6 + at) for n in range(40)),
        tuple(100 + 2 * math.cos(n / 6 + at) for n in range(40)),
    )
    for at, (_, symbol, other) in enumerate([("", "IWM", "SPY"), *all_members(UNIVERSE)])
    for preset in PRESET.choices
)  # fmt: skip


def stepped(settings: dict[str, str], board: Board = MOVING, pasts: tuple[RotationPast, ...] = PASTS,
            size: tuple[int, int] = (96, 50), glyphs: Glyphs = UNICODE) -> Face:  # fmt: skip
    return PANE.draw(board, asking(settings, pasts, size, glyphs))


def asking(settings: dict[str, str], pasts: tuple[RotationPast, ...] = PASTS, size: tuple[int, int] = (96, 50),
           glyphs: Glyphs = UNICODE) -> Space:  # fmt: skip
    moment = Moment.at(NOW, nyse())
    return dataclasses.replace(
        space(*size, glyphs), settings=settings, rotations=lambda wanted: rotations_of(wanted, UNIVERSE, pasts, moment)
    )


@pytest.mark.parametrize("size", [(20, 3), (56, 11), (96, 50)], ids=str)
@pytest.mark.parametrize("listed", LIST.choices)
def test_every_list_fits_its_place_by_every_setting(listed: str, size: tuple[int, int]) -> None:
    for against, length, glyphs in product(AGAINST.choices, LENGTH.choices, (UNICODE, ASCII)):
        settings = {"side": listed, "against": against, "tail": length, "back": "3"}
        drawn = stepped(settings, size=size, glyphs=glyphs)
        assert len(drawn.rows) == len(drawn.ids) == size[1]
        assert glyphs is UNICODE or ascii_only(plain((drawn.header, *drawn.rows))).isascii()


@pytest.mark.parametrize(
    ("settings", "words", "rows"),
    [
        ({"side": "tickers"}, "tickers against SPX", {"RUT", "IWM"}),
        ({"side": "tickers", "against": "2"}, "tickers against RUT", {"SPX", "IWM"}),
        ({"side": "small", "against": "2"}, "small against IJR", {"PSCF"}),
        ({"side": "pairs"}, "pairs, small against large", {"RUT-SPX", "IWM-QQQ"}),
        ({"side": "small", "back": "5"}, "small against IWM, weekly, 5 weeks back", {"PSCF", "IWM/SPY"}),
    ],
)
def test_a_list_is_set_against_what_was_chosen(settings: dict[str, str], words: str, rows: set[str]) -> None:
    drawn = stepped(settings)
    assert words in plain((drawn.header,))
    assert rows <= set(filter(None, drawn.ids))
    assert not {"VIX", "SPX" if "SPX" in words else "RUT" if "RUT" in words else "VIX"} & set(drawn.ids)


def test_the_tail_is_as_long_as_was_chosen_and_ends_so_many_weeks_before() -> None:
    told = rotations_of(Wanted("small", 0, "weekly", 5, 13), UNIVERSE, PASTS, Moment.at(NOW, nyse()))
    points = told.members[0].rotation.points
    assert len(points) == 13
    assert points[-1].session == FRIDAY - timedelta(weeks=5)
    dots = [len(BRAILLE.findall(plain(stepped({"side": "tickers", "tail": length}).rows))) for length in ("4", "26")]
    assert dots[0] < dots[1]


def test_further_back_than_there_are_points_it_says_so() -> None:
    assert "no point so far back, the first is of" in plain(stepped({"side": "tickers", "back": "45"}).rows)


def test_what_is_not_studied_yet_and_what_a_past_day_has_not_is_said() -> None:
    assert "comes with the first study" in plain(stepped({"side": "tickers"}, pasts=()).rows)
    past = replace(MOVING, mode=Mode.AS_OF)
    assert "a past day has the sectors of a side alone" in plain(stepped({"side": "tickers"}, past, ()).rows)


def test_the_detail_is_of_the_list_that_is_shown() -> None:
    assert PANE.detail is not None
    told = plain(PANE.detail(MOVING, "IWM-QQQ", asking({"side": "pairs"})))
    assert "against QQQ" in told
    assert "pairs, small against large" in told
