"""Breadth among members: every fund beside the others, the sectors inside the index, and why there is nothing."""

import re
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Fetching, Mode
from rotation_tui.board.expired import fundamentals_at
from rotation_tui.board.marks import Moment
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.session import nyse
from rotation_tui.panes import answers
from rotation_tui.panes.base import Space
from rotation_tui.panes.breadth import PANE
from rotation_tui.widgets.cells import plain
from tests.boards import EMPTY, FULL, NOW, TODAY
from tests.members import breadth

WIDE, NARROW = Space(110, 50, NOW, UTC), Space(58, 14, NOW, UTC)


def text(board: Board, space: Space = WIDE) -> str:
    return plain(PANE.draw(board, space).rows)


def with_breadth(*found: object) -> Board:
    return replace(FULL, fundamentals=Fundamentals(TODAY, "made", breadth=found))  # type: ignore[arg-type]


def opened(row_id: str, board: Board = FULL, width: int = 100) -> str:
    assert PANE.detail is not None
    return plain(PANE.detail(board, row_id, Space(width, 40, NOW, UTC)))


def test_small_large_and_the_gap_stand_beside_each_other_with_the_error_of_the_sample() -> None:
    rows = text(FULL).splitlines()
    assert re.match(r"% above 200d +48\.2 ±3\.4 +61\.4 ±3\.3 +−13\.2 +48\.2 ±3\.4", rows[0])
    face = PANE.draw(FULL, NARROW)
    assert [name.strip() for name in re.split(r"  +", plain([face.header]))] == ["members", "IWM", "IVV", "gap"]
    assert PANE.draw(FULL, WIDE).subtitle == "sample of 200 of 1,950 · 19 Jun · yahoo"


def test_what_rests_on_few_is_faint_and_what_rests_on_too_few_unknown() -> None:
    board = with_breadth(breadth(known=150), breadth("IVV", above=None, known=80))
    first, *_ = PANE.draw(board, WIDE).rows
    tones = {span.text.strip(): span.tone for span in first}
    assert (tones["48.2 ±3.9"], tones["?"]) == ("faint", "unknown")
    assert "unknown: 80 of the sample of 200 known" in opened("above_200", board)


def test_a_sector_inside_the_index_stands_beside_the_fund_of_the_same_sector() -> None:
    (line,) = [row for row in text(FULL).splitlines() if row.startswith("Energy")]
    fund = next(row for row in FULL.sectors if row.symbol == "PSCE")
    assert fund.windows["63d"] is not None
    assert f"PSCE −{abs(fund.windows['63d']):.1f}" in line
    assert line.split()[1:3] == ["+4.9", "−1.3"]
    assert "16 known of 163 in the fund" in opened("sector Energy")
    assert "PSCE" in opened("sector Energy")


def test_leaders_and_laggards_tell_what_they_have_added() -> None:
    said = text(FULL)
    assert said.index("Leaders of IWM") < said.index("M0X") < said.index("Laggards of IWM") < said.index("L0X")
    assert "−0.310 points of IWM as it is today" in opened("laggard L0X")


def test_a_row_opens_on_what_it_rests_on_and_who_is_left_out() -> None:
    said = opened("advances")
    assert "102 up, 86 down, 5 unchanged at the last close: +16, 1.19 to one" in said
    assert "a sample of 200 of 1,950 members held on 2026-06-18, closes to 2026-06-19" in said
    assert "SPLT: moved more than fivefold" in said
    assert opened("leader NOBODY") == "no longer on the board"


@pytest.mark.parametrize(
    ("board", "words"),
    [
        (replace(EMPTY, fetching=Fetching(on=False)), "the key a fetches"),
        (replace(EMPTY, fetching=Fetching(on=True)), "waiting for what funds hold"),
        (
            replace(EMPTY, fetching=Fetching(on=True, missing={"closes of the members of IWM": "yahoo: is gone"})),
            "closes of the members of IWM: yahoo: is gone",
        ),
        (replace(EMPTY, mode=Mode.AS_OF, fetching=Fetching(on=True)), "members of today say nothing"),
    ],
)
def test_where_there_is_nothing_it_says_what_brings_it(board: Board, words: str) -> None:
    assert words in text(board)
    assert PANE.wants(board) < PANE.wants(FULL)


def test_closes_older_than_closes_may_be_are_marked() -> None:
    moment = Moment.at(NOW, nyse())
    fresh = Fundamentals(TODAY, "made", breadth=(breadth(),))
    assert fundamentals_at(moment, fresh) is fresh
    old = fundamentals_at(moment, Fundamentals(TODAY, "made", breadth=(breadth(as_of=date(2026, 6, 8)), breadth())))
    assert old is not None
    assert [found.stale for found in old.breadth] == [True, False]
    face = PANE.draw(replace(FULL, fundamentals=old), WIDE)
    assert "8 Jun stale" in face.subtitle


def test_the_first_answer_begins_with_members() -> None:
    said = plain(answers.PANE.draw(FULL, Space(150, 8, NOW, UTC)).rows).splitlines()[0]
    assert "members 48 % ±3 above 200d (19 Jun)" in said
    assert "members" not in plain(answers.PANE.draw(with_breadth(), Space(150, 8, NOW, UTC)).rows).splitlines()[0]
