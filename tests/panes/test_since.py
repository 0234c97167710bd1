"""The changes flow over as many lines as there are, each whole, and the rest is counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.board.contract import Mode
from rotation_tui.domain.look import SinceRow
from rotation_tui.panes.base import Space
from rotation_tui.panes.since import PANE
from rotation_tui.widgets.cells import Face, plain, width_of
from tests.boards import FULL, NOW


def drawn(width: int, height: int = 0, *, since: SinceRow | None = FULL.since, tight: bool = True) -> Face:
    return PANE.draw(replace(FULL, since=since), Space(width, height, NOW, UTC, tight=tight))


def test_a_single_line_says_since_when_and_what() -> None:
    text = plain(drawn(74).rows)
    assert text.startswith("Changed since Fri 15:00: Volatility WATCH→ALERT · XOP rank 6→1")
    assert text.endswith("9 more")


@given(st.integers(40, 200), st.integers(0, 8), st.booleans())
def test_no_change_is_cut_and_none_is_lost(width: int, height: int, tight: bool) -> None:
    assert FULL.since is not None
    face = drawn(width, height, tight=tight)
    text = " · ".join(plain((row,)) for row in face.rows)
    shown = sum(f"{c.what} {'rank ' if c.kind == 'rank' else ''}{c.was}→{c.now}" in text for c in FULL.since.changes)
    assert all(width_of(row) <= width for row in face.rows)
    left = len(FULL.since.changes) - shown
    assert (f"{left} more" in text) is (left > 0)
    assert len(face.rows) <= max(1, height + 1)


@pytest.mark.parametrize(
    ("ago", "title"),
    [(timedelta(hours=2), "since 13:00"), (timedelta(days=1), "since Sun 15:00"),
     (timedelta(days=30), "since 23 May 15:00")],
)  # fmt: skip
def test_the_moment_is_told_as_shortly_as_it_can_be(ago: timedelta, title: str) -> None:
    framed, tight = (drawn(90, 3, since=SinceRow(NOW - ago, ()), tight=tight) for tight in (False, True))
    assert (framed.title, framed.subtitle) == (f"Changed: nothing {title}", "")
    assert (tight.title, tight.subtitle) == (framed.title, "")
    narrow = drawn(len(framed.title), 3, since=SinceRow(NOW - ago, ()), tight=False)
    assert (narrow.title, narrow.subtitle) == ("Changed: nothing", title), "the edge has room for it"


def test_a_demo_names_the_session_that_it_is_compared_with_and_lists_what_has_room() -> None:
    assert FULL.since is not None
    at, session = datetime(2026, 6, 19, 20, tzinfo=UTC), date(2026, 6, 19)
    board = replace(FULL, mode=Mode.DEMO, since=replace(FULL.since, at=at, session=session))
    face = PANE.draw(board, Space(60, 12, NOW, UTC, tight=False))
    assert (face.title, face.subtitle) == ("Changed: 1 risk group, 1 rank, 9 checks since Fri's close", "")
    assert [plain((row,)) for row in face.rows][:2] == ["Volatility WATCH→ALERT", "XOP rank 6→1"]
    assert len(face.rows) == len(FULL.since.changes) + 1
    assert plain(face.rows[-1:]) == "as before: leader, regime, records, claims"
    day_after = PANE.draw(board, Space(90, 12, datetime(2026, 6, 20, 15, tzinfo=UTC), UTC, tight=False))
    assert day_after.title.endswith("9 checks since yesterday")
    later = PANE.draw(board, Space(90, 12, NOW + timedelta(days=9), UTC, tight=False))
    assert later.title.endswith("since the close of 19 Jun")
    narrow = PANE.draw(board, Space(30, 12, NOW, UTC, tight=False))
    assert narrow.title == f"Changed: {len(FULL.since.changes)} changes"


def test_without_a_change_or_a_look_a_sentence_stands_there() -> None:
    kinds = ("who leads", "regime", "group", "record", "rank", "check")
    same = "as before: leader, regime, risk groups, records, ranks, checks"
    assert plain(drawn(90, 3, since=SinceRow(NOW, (), compared=kinds)).rows) == same, "no word of claims, then unknown"
    young = SinceRow(NOW, (), compared=("regime", "record"), began=date(2026, 6, 18))
    assert plain(drawn(90, 3, since=young).rows) == "as before: regime (new: from Thu), records"
    older = SinceRow(NOW, (), compared=("regime",), began=date(2026, 6, 15))
    assert plain(drawn(90, 3, since=older).rows) == "as before: regime (new: from 15 Jun)", "no Monday of last week"
    assert "the session before" in plain(drawn(90, since=SinceRow(None, (), "waiting for the session before")).rows)
    assert drawn(90, since=None).rows
