"""The first line keeps trust in sight, the last one help and quit; too small a terminal is told so."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.domain.feed import FeedHealth, FeedState
from rotation_tui.domain.session import EASTERN, Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.verdict import Course, Leader, Leads, Regime
from rotation_tui.screens.arrange import LEAST
from rotation_tui.screens.header import header_row, title_of
from rotation_tui.screens.view import View
from rotation_tui.widgets import figures
from rotation_tui.widgets.cells import Row, plain, width_of
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


def answered(side: Leader, **more: Any) -> Board:
    """The full board with this answer."""
    leads = Leads(side, 4.6, 4.6, -0.1, None, Leader.SMALL, Leader.LARGE, Course.FADING, "RUT-SPX", State.CLOSED)
    return replace(FULL, verdict=replace(FULL.verdict, leads=replace(leads, **more)))


_SIDES = {
    Leader.SMALL: "SMALL", Leader.LARGE: "LARGE", Leader.MIXED: "MIXED", Leader.NEITHER: "NEITHER",
    Leader.UNKNOWN: "LEADS?",
}  # fmt: skip
_margins = st.one_of(st.none(), st.floats(-99.0, 99.0), st.sampled_from([-1234.5, 0.0, -0.0, 1234.5]))


@given(
    st.sampled_from(Leader), _margins, _margins, _margins, st.sampled_from(State), st.integers(60, 250),
    st.sampled_from([Mode.LIVE, Mode.DEMO, Mode.AS_OF]), st.sampled_from([None, "10:59"]), st.booleans(),
    st.sampled_from([*Regime]), st.sampled_from([None, Loading(12, 36, ())]),
)  # fmt: skip
def test_who_leads_is_always_there_and_no_sign_is_ever_lost(
    side: Leader, half: float | None, year: float | None, month: float | None, state: State, width: int, mode: Mode,
    frozen: str | None, slow: bool, regime: Regime, loading: Loading | None,
) -> None:  # fmt: skip
    board = answered(side, half_pp=half, ytd_pp=year, month_pp=month, state=state, as_of=NOW - timedelta(days=16))
    down = FeedHealth("n" * 40, FeedState.DOWN, NOW, "no answer", 1, 1)
    board = replace(
        board, mode=mode, loading=loading, feeds=(down, *FULL.feeds),
        verdict=replace(board.verdict, regime=regime),
    )  # fmt: skip
    row = header_row(board, NOW, width, UNICODE, frozen_since=frozen, low_bandwidth=slow)
    text = text_of(row)
    assert width_of(row) == width
    word = "LEADS…" if side is Leader.UNKNOWN and loading else _SIDES[side]
    assert word in text
    assert text.endswith(" down ")
    for name, value in (("half", half), ("YTD", year), ("1M", month)):
        if f" {name} " in text:
            assert f" {name} {figures.signed(value)}" in text


def test_the_first_line_is_the_answer() -> None:
    wide = first_line(replace(answered(Leader.SMALL), loading=None), 122)
    assert wide.startswith(" SMALL CAPS LEAD  half +4.6  YTD +4.6  1M −0.1↓ fading │ ROTATION day 76 score +58")
    assert wide.endswith("OPEN closes in 5h 00m  feeds 3/3 ")
    narrow = first_line(answered(Leader.SMALL), 80)
    assert narrow.startswith(" SMALL LEADS  half +4.6  YTD +4.6  1M −0.1↓  ROTATION 76d +58")
    assert narrow.endswith("OPEN 5h 00m  ok ")
    mixed = first_line(answered(Leader.MIXED, half_side=Leader.SMALL, year_side=Leader.NEITHER, course=None), 160)
    assert mixed.startswith(" MIXED  half +4.6 small  YTD +4.6 even  1M −0.1↓ │ ROTATION")
    assert "lasting or temporary: lasting" in mixed
    level = answered(Leader.MIXED, half_pp=0.3, half_side=Leader.NEITHER, year_side=Leader.SMALL)
    assert first_line(level, 60).startswith(" MIXED  half +0.3 even  YTD +4.6  ")
    assert first_line(answered(Leader.NEITHER), 122).startswith(" NEITHER LEADS")


def test_the_title_of_a_window_is_the_answer_in_a_few_words() -> None:
    assert title_of(answered(Leader.SMALL)) == "SMALL +4.6 half | feeds ok"
    assert title_of(answered(Leader.MIXED, half_pp=-3.0, state=State.STALE)) == "MIXED −3.0 half STALE | feeds ok"
    assert title_of(replace(answered(Leader.SMALL), mode=Mode.DEMO)) == "DEMO SMALL +4.6 half | simulated"
    assert title_of(UNKNOWN) == "LEADS? | asking 4 feeds"
    assert title_of(EMPTY) == "LEADS… | connecting"


def test_one_thing_is_bright() -> None:
    row = header_row(answered(Leader.SMALL), NOW, 160, UNICODE, frozen_since=None)
    assert [s.text for s in row if s.tone == "bright"] == [" SMALL CAPS LEAD"]


@pytest.mark.parametrize("width", [60, 80, 122, 200])
def test_a_stale_answer_is_dim_and_says_its_age(width: int) -> None:
    board = answered(Leader.SMALL, state=State.STALE, as_of=NOW - timedelta(days=6))
    row = header_row(board, NOW, width, UNICODE, frozen_since=None)
    assert "6d old" in text_of(row)
    assert not [s for s in row if s.tone == "bright"]
    assert "old" not in first_line(answered(Leader.SMALL, as_of=NOW - timedelta(days=6)), width)


def test_a_period_that_is_over_is_called_by_its_year_and_an_odd_base_is_marked() -> None:
    over = replace(answered(Leader.SMALL), periods={"YTD": "YTD 2025", "HALF": "H2 2025"})
    assert "  H2 2025 +4.6  YTD 2025 +4.6" in first_line(over, 160)
    odd = tuple(replace(row, marks={"1M": "* from the close of another day"}) for row in FULL.spreads)
    assert "half +4.6  YTD +4.6  1M −0.1*↓" in first_line(replace(answered(Leader.SMALL), spreads=odd), 160)


def test_funds_that_stand_in_for_the_indexes_are_named() -> None:
    assert "SMALL CAPS LEAD IWM−SPY  half" in first_line(answered(Leader.SMALL, pair="IWM-SPY"), 160)


@given(widths)
def test_what_is_unknown_says_why_and_what_is_coming_how_far_it_is(width: int) -> None:
    assert "LEADS?" in first_line(UNKNOWN, width)
    assert "no history of RUT and SPX yet" in first_line(UNKNOWN, 120)
    assert "LEADS…" in first_line(EMPTY, width)
    assert EMPTY.loading is not None
    assert f"0 of {EMPTY.loading.want} histories" in first_line(EMPTY, 120)


@pytest.mark.parametrize(("width", "words"), [(60, "12/36"), (80, "12/36"), (122, "provisional: 12 of 36 histories")])
def test_an_answer_before_all_histories_are_there_is_called_provisional(width: int, words: str) -> None:
    line = first_line(replace(answered(Leader.SMALL), loading=Loading(12, 36, ("XLF",))), width)
    assert words in line
    soon = first_line(replace(answered(Leader.SMALL), loading=Loading(12, 36, ("XLF",), 25)), 122)
    assert soon.startswith(" SMALL CAPS LEAD? provisional: 12 of 36 histories, about 25 s ")
    late = first_line(replace(answered(Leader.SMALL), loading=Loading(36, 36, ())), 122)
    assert "provisional: all histories are there, studies follow" in late
    assert re.match(r" SMALL( CAPS LEAD| LEADS)\? ", line)
    assert "lasting" not in line.lower()
    assert "provisional" not in first_line(FULL, width)


def test_a_phase_that_does_not_end_soon_ends_on_a_day() -> None:
    closed = replace(FULL.session, phase=Phase.CLOSED, next_change=NOW + timedelta(days=2, hours=17))
    assert "CLOSED → Thu 04:00  feeds 3/3" in first_line(replace(FULL, session=closed), 122)
    assert first_line(replace(answered(Leader.SMALL), session=closed), 80).endswith("CLOSED 2d 17h  ok ")


@pytest.mark.parametrize("width", [60, 80, 122])
def test_where_no_source_answers_at_the_first_start_the_next_step_is_said(width: int) -> None:
    feeds = tuple(replace(f, state=FeedState.DOWN, last_success=None, fault="no route to host") for f in FULL.feeds)
    nothing = replace(UNKNOWN, feeds=feeds)
    assert first_line(nothing, width).startswith(" NO DATA  ")
    assert "run rotation-tui doctor" in first_line(nothing, width)
    prices = tuple(replace(t, last=1.0) for t in nothing.tickers)
    assert "NO DATA" not in first_line(replace(nothing, tickers=prices), width), "what is known is still worth more"


@pytest.mark.parametrize(
    ("feeds", "word"),
    [
        ([], "saved"),  # before the feeds are opened, and something is known
        ([(FeedState.OFF, False, None)], "saved"),
        ([(FeedState.LIVE, True, None), (FeedState.OFF, False, None)], "feeds 1/1"),
        ([(FeedState.LIVE, True, None), (FeedState.DEGRADED, True, None)], "feeds in part"),
        ([(FeedState.LATE, False, None), (FeedState.LATE, False, None)], "asking 2 feeds"),
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
    assert first_line(replace(FULL, feeds=well)).rstrip().endswith("feeds 1/1")


def test_feeds_that_stopped_are_not_called_asked_for_the_first_time() -> None:
    assert "asking" in first_line(UNKNOWN)
    assert "asking" not in first_line(STALE)


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
    assert text_of(sheet_of(noted, View(screen="risk"), (160, 40)).rows[-1]).rstrip().endswith("simulated")
    overview = sheet_of(noted, View(), (160, 40))
    assert "simulated" not in text_of(overview.rows[-1]), "it stands in the events already"
    assert "simulated" in plain(overview.rows)


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
