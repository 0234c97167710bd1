"""The first line keeps trust in sight, the last one help and quit; too small a terminal is told so."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Regime
from rotation_tui.screens.arrange import LEAST
from rotation_tui.screens.header import header_row
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE
from tests.boards import BOARDS, EMPTY, FULL, NOW, STALE, UNKNOWN
from tests.panes.test_contract import sheet_of

widths = st.integers(LEAST[0], 220)


def text_of(row: Row) -> str:
    return "".join(s.text for s in row)


def first_line(board: Board, width: int = 200, frozen: str | None = None) -> str:
    return text_of(header_row(board, NOW, width, UNICODE, frozen_since=frozen))


def health_of(*feeds: tuple[FeedState, bool, str | None]) -> str:
    rows = tuple(
        FeedHealth(f"feed{n}", state, NOW if answered else None, fault, 1, 10)
        for n, (state, answered, fault) in enumerate(feeds)
    )
    return first_line(replace(FULL, feeds=rows)).split("  ")[-1].strip()


@given(
    st.sampled_from(list(BOARDS.values())),
    widths,
    st.sampled_from(list(Mode)),
    st.sampled_from(list(Phase)),
    st.booleans(),
    st.sampled_from([None, "10:59"]),
    st.sampled_from([UNICODE, ASCII]),
    st.integers(0, 400_000),
)
def test_trust_is_never_cut(
    board: Board, width: int, mode: Mode, phase: Phase, half: bool, frozen: str | None, glyphs: object, left: int
) -> None:
    session = replace(board.session, phase=phase, early_close=half, next_change=NOW + timedelta(seconds=left))
    feeds = (FeedHealth("n" * 40, FeedState.DOWN, NOW, "no answer", 1, 1), *FULL.feeds)
    shown = replace(board, mode=mode, session=session, feeds=feeds)
    row = header_row(shown, NOW, width, ASCII if glyphs is ASCII else UNICODE, frozen_since=frozen)
    text = text_of(row)
    assert width_of(row) == width
    assert text.endswith(" down ")
    assert phase.value in text
    assert frozen is None or f"FROZEN {frozen}" in text
    assert mode is not Mode.DEMO or "DEMO" in text
    assert mode is not Mode.AS_OF or f"AS OF {board.generated_at.astimezone(EASTERN).date()}" in text


@given(widths)
def test_the_answer_stands_first(width: int) -> None:
    assert first_line(FULL, width).startswith(f" {Regime.ROTATION.value}")
    assert first_line(UNKNOWN, width).startswith(" STATE?")
    assert first_line(UNKNOWN, 120).find("needs the history of both legs") > 0
    assert first_line(EMPTY, width).startswith(" STATE…")
    assert EMPTY.loading is not None
    assert f"0 of {EMPTY.loading.want} histories" in first_line(EMPTY, 120)


@pytest.mark.parametrize(("width", "words"), [(80, "provisional 12/36"), (122, "provisional, 12 of 36 histories")])
def test_an_answer_before_all_histories_are_there_is_called_provisional(width: int, words: str) -> None:
    line = first_line(replace(FULL, loading=Loading(12, 36, ("XLF",))), width)
    assert words in line
    assert "lasting" not in line.lower()
    assert "provisional" not in first_line(FULL, width)


@pytest.mark.parametrize("width", [60, 80, 122])
def test_where_no_source_answers_at_the_first_start_the_next_step_is_said(width: int) -> None:
    feeds = tuple(replace(f, state=FeedState.DOWN, last_success=None, fault="no route to host") for f in FULL.feeds)
    nothing = replace(UNKNOWN, feeds=feeds)
    assert first_line(nothing, width).startswith(" NO DATA  ")
    assert "run rotation-tui doctor" in first_line(nothing, width)
    prices = tuple(replace(t, last=1.0) for t in nothing.tickers)
    assert "NO DATA" not in first_line(replace(nothing, tickers=prices), width), "what is known is still worth more"


def test_with_room_the_first_line_says_everything() -> None:
    line = first_line(FULL, 122)
    for word in ("ROTATION 76 sessions", "score +58", "lasting or temporary: lasting", "NYSE OPEN closes in 5h 00m"):
        assert word in line


@pytest.mark.parametrize(
    ("feeds", "word"),
    [
        ([], "saved"),  # before the feeds are opened, and something is known
        ([(FeedState.OFF, False, None)], "saved"),
        ([(FeedState.LIVE, True, None), (FeedState.OFF, False, None)], "feeds ok"),
        ([(FeedState.LIVE, True, None), (FeedState.DEGRADED, True, None)], "feeds in part"),
        ([(FeedState.LATE, False, None), (FeedState.LATE, False, None)], "connecting"),
        ([(FeedState.LATE, True, None), (FeedState.LATE, True, None)], "NO FEED"),
        ([(FeedState.DOWN, True, "timeout"), (FeedState.DOWN, False, "timeout")], "NO FEED"),
        ([(FeedState.DOWN, True, "timeout"), (FeedState.LIVE, True, None)], "feed0 down"),
        ([(FeedState.DOWN, True, "x"), (FeedState.LATE, True, None), (FeedState.LIVE, True, None)], "2 feeds down"),
        ([(FeedState.LATE, True, "no new price")], "feed0 late"),
        ([(FeedState.LATE, True, "no new price"), (FeedState.LIVE, True, None)], "feed0 late"),
        ([(FeedState.LATE, True, "no new price"), (FeedState.LATE, True, "no new price")], "2 feeds late"),
    ],
)
def test_health_in_words(feeds: list[tuple[FeedState, bool, str | None]], word: str) -> None:
    assert health_of(*feeds) == word


def test_feeds_that_answer_are_not_called_well_over_old_closes() -> None:
    old = replace(FULL, spreads=tuple(replace(row, study_state=State.STALE) for row in FULL.spreads))
    well = (FeedHealth("feed", FeedState.LIVE, NOW, None, 1, 10),)
    assert first_line(replace(old, feeds=well)).rstrip().endswith("old closes")
    assert first_line(replace(FULL, feeds=well)).rstrip().endswith("feeds ok")


def test_feeds_that_stopped_are_not_called_connecting() -> None:
    assert "connecting" in first_line(UNKNOWN)
    assert "connecting" not in first_line(STALE)


@pytest.mark.whole
@given(widths)
def test_the_last_line_always_names_help_and_quit(width: int) -> None:
    last = text_of(sheet_of(FULL, View(), (width, 24)).rows[-1])
    assert " ? help" in last
    assert " q quit" in last


def test_the_last_line_marks_the_screen_one_is_on() -> None:
    for screen in ("overview", "risk"):
        bright = [s.text.strip() for s in sheet_of(FULL, View(screen=screen), (80, 24)).rows[-1] if s.tone == "bright"]
        assert bright == [screen]


def test_a_note_stands_at_the_end_where_there_is_room() -> None:
    noted = replace(FULL, notes=("simulated",))
    assert text_of(sheet_of(noted, View(), (160, 40)).rows[-1]).rstrip().endswith("simulated")


@given(st.integers(1, 120), st.integers(1, 60))
def test_too_small_a_terminal_is_told_what_is_needed(width: int, height: int) -> None:
    if width >= LEAST[0] and height >= LEAST[1]:
        return
    sheet = sheet_of(FULL, View(), (width, height))
    assert [width_of(row) for row in sheet.rows] == [width] * height
    assert sheet.panes == ()
    if width >= 40 and height >= 2:
        text = " ".join(text_of(row) for row in sheet.rows)
        assert f"{LEAST[0]}x{LEAST[1]}" in text
        assert f"{width}x{height}" in text
