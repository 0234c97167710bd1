"""The verdict pane: every term on screen, the score as their sum, and what is said where there is none."""

import re
from datetime import UTC, date

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.domain.verdict import (
    Course,
    Leader,
    Leads,
    Regime,
    RunCounter,
    Side,
    Sign,
    Transition,
    Verdict,
    WayOut,
)
from rotation_tui.panes.base import Space
from rotation_tui.panes.verdict import PANE, detail
from rotation_tui.panes.verdict.words import TERMS, what_next
from rotation_tui.studies.regime import replay
from rotation_tui.studies.score import RULES, score
from rotation_tui.studies.verdict import WARNING
from rotation_tui.widgets.cells import Face, plain, width_of
from rotation_tui.widgets.glyphs import ASCII, UNICODE, Glyphs, ascii_only
from tests.boards import BOARDS, EMPTY, FULL, NOW

RAWS: dict[str, float | None] = {
    "trend": 0.0066, "mom6": 0.0297, "mom3": -0.0187, "persist": 5.0, "absolute": 0.0864,
    "breadth": None, "sectors": 0.25, "backdrop": 0.84,
}  # fmt: skip
SIZES = [(58, 15), (76, 19), (116, 36), (196, 56)]
LEAST, ROOMY = SIZES[1], SIZES[2]


def verdict_of(raws: dict[str, float | None], regime: Regime = Regime.ROTATION) -> Verdict:
    found = score(raws)
    run = replay([41.0, 40.0, 40.0, 40.0, 40.0, 19.0, 12.0])
    return Verdict(
        regime, date(2025, 12, 12), 11, found.value, 16.7, found.coverage,
        "UNDECIDED: 11 of 252 sessions old, 1 of 5 signs hold; unknown: earnings growth, valuation discount",
        found.terms, WARNING, "RUT-SPX",
        "23 of 23 completed episodes of 1988-2025 reached 11 sessions, 7 of these 252 (30 %)", (),
        run.counters, run.ways_out,
        (Sign("risk groups", True), Sign("wide", False), Sign("earnings growth", None), Sign("discount", None)),
        tuple(Transition(date(2000 + n, 3, 1), (Regime.EMERGING, Regime.ROTATION)[n % 2]) for n in range(26)),
        date(2026, 6, 18),
    )  # fmt: skip


def board_of(verdict: Verdict) -> Board:
    return replace(FULL, verdict=verdict)


BOARD = board_of(verdict_of(RAWS))


def draw(board: Board, size: tuple[int, int] = LEAST, glyphs: Glyphs = UNICODE, tight: bool = False) -> Face:
    return PANE.draw(board, Space(*size, NOW, UTC, glyphs, tight, full=True))


def words(face: Face) -> str:
    return " ".join(plain((face.header, *face.rows)).split())


def row_of(face: Face, row_id: str) -> str:
    return next(plain([row]) for row, i in zip(face.rows, face.ids, strict=True) if i == row_id)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_whatever_is_known(size: tuple[int, int], glyphs: Glyphs) -> None:
    for board in (BOARD, *BOARDS.values()):
        for tight in (False, True):
            face = draw(board, size, glyphs, tight)
            assert 1 <= len(face.rows) <= size[1]
            assert len(face.ids) == len(face.rows)
            if board is BOARD:
                assert all(width_of(row) <= size[0] + 1 for row in (face.header, *face.rows))
    if glyphs is ASCII:
        text = plain((draw(BOARD, size, ASCII).header, *draw(BOARD, size, ASCII).rows))
        assert ascii_only(text).count("?") == text.count("?"), "every character has its own in ASCII"


@pytest.mark.parametrize("size", SIZES)
def test_the_warning_is_never_cut_nor_left_out(size: tuple[int, int]) -> None:
    assert WARNING in words(draw(BOARD, size, tight=size[1] < 19))


def test_the_essential_stands_on_the_smallest_framed_screen() -> None:
    text = words(draw(BOARD))
    assert text.startswith("ROTATION since 2025-12-12, 11 sessions RUT−SPX to 2026-06-18")
    assert "price only +16.7" in text
    assert "coverage 90 %" in text
    assert "closes in a row ≥40 0 ≥20 0 <20 2 <0 0 ≤−20 0" in text
    assert "CONSOLIDATION after 5 closes below 20, 2 so far" in text
    assert "REVERSAL after 5 closes at −20 or less, 0 so far" in text
    assert "UNDECIDED: 11 of 252 sessions old, 1 of 5 signs hold; 2 unknown" in text
    assert "23 of 23 completed episodes of 1988-2025 reached 11 sessions, 7 of these 252 (30 %)" in text


def test_terms_are_those_of_the_score_and_add_up_to_it() -> None:
    assert list(TERMS) == list(RULES)
    face = draw(BOARD, ROOMY)
    points = [row_of(face, t).split()[-1].replace("−", "-") for t in RULES if RAWS[t] is not None]
    shown = re.search(r"score ([+−][\d.]+)", words(face))
    assert shown is not None
    value = float(shown.group(1).replace("−", "-"))
    assert sum(map(float, points)) == pytest.approx(value, abs=0.05 * len(points))
    total = next(plain([r]) for r in face.rows if plain([r]).startswith("sum"))
    assert total.split()[1:] == ["90", shown.group(1)]


@pytest.mark.parametrize(
    ("term", "raw", "mapped"),
    [("trend", "+0.7 %", "+0.13"), ("mom3", "−1.9 %", "−0.27"), ("persist", "5 of 6", "+0.67"),
     ("sectors", "25 %", "−0.50"), ("backdrop", "+0.84", "+0.84")],
)  # fmt: skip
def test_a_term_shows_raw_mapped_and_weight(term: str, raw: str, mapped: str) -> None:
    text = row_of(draw(BOARD), term)
    assert f" {raw} " in text
    assert f" {mapped} " in text
    assert f" {RULES[term].weight:g} " in text


def test_bars_go_left_below_zero_and_right_above() -> None:
    face = draw(BOARD)
    assert re.search(r"█+│", row_of(face, "sectors"))
    assert re.search(r"│█+", row_of(face, "persist"))
    assert not re.search("█", row_of(face, "breadth"))


def test_an_unknown_term_is_dim_and_says_what_it_needs() -> None:
    face = draw(BOARD)
    row = next(r for r, i in zip(face.rows, face.ids, strict=True) if i == "breadth")
    assert "needs members' closes" in plain([row])
    assert plain([row]).split()[-1] == "?"
    assert {s.tone for s in row if s.text.strip() and "│" not in s.text} == {"unknown"}


LITTLE = "50 % of the weight is known, 60 % is needed"


@pytest.mark.parametrize(
    ("missing", "why"),
    [
        (("persist", "absolute", "breadth", "sectors", "backdrop", "mom3"), LITTLE),
        (("trend", "mom6"), LITTLE),
        (("trend",), "nothing without trend"),
    ],
)
def test_without_coverage_the_score_is_unknown_and_says_why(missing: tuple[str, ...], why: str) -> None:
    raws = {**RAWS, "breadth": 50.0, **dict.fromkeys(missing)}
    board = board_of(replace(verdict_of(raws), price_only_score=None))
    assert board.verdict.score is None
    for size in SIZES:
        face = draw(board, size)
        assert f"score UNKNOWN: {why}" in words(face)
        assert not any(re.search(r"\d\.\d$", row_of(face, term)) for term in RULES), "no contribution without a score"


def test_an_unknown_state_is_not_the_last_known_one() -> None:
    text = words(draw(board_of(replace(verdict_of(RAWS, Regime.UNKNOWN), counters=(), ways_out=()))))
    assert text.startswith("STATE?")
    assert "2025-12-12" not in text
    assert "so far" not in text
    assert words(draw(EMPTY)).startswith("STATE? leads unknown: no history of RUT and SPX yet score UNKNOWN: needs the")
    assert EMPTY.verdict.score is None


def test_funds_that_stand_in_for_the_indexes_are_named() -> None:
    assert "stands in" not in words(draw(BOARD))
    face = draw(board_of(replace(BOARD.verdict, pair="IWM-SPY")), ROOMY)
    assert "IWM−SPY, stands in for RUT−SPX to 2026-06-18" in words(face)
    assert "watch" in {s.tone for s in face.header}


@pytest.mark.parametrize(("as_of", "tone"), [(FULL.as_of, "dim"), (date(2026, 6, 17), "watch")])
def test_closes_older_than_the_board_are_marked(as_of: date, tone: str) -> None:
    face = draw(board_of(replace(BOARD.verdict, as_of=as_of)))
    assert next(s.tone for s in face.header if str(as_of) in s.text) == tone


def test_more_room_shows_signs_and_history_and_never_less() -> None:
    small, medium, large = (words(draw(BOARD, size)) for size in SIZES[1:])
    assert "? earnings growth" not in small
    assert "✓ risk groups ✗ wide ? earnings growth ? discount" in medium
    assert "unknown: earnings growth, valuation discount" in medium
    assert "2025-03-01 ROTATION" in medium
    assert "2024-03-01 EMERGING 365 days" in medium
    assert large.count(" days") > medium.count(" days") > small.count(" days")
    assert "2000-03-01" in large


RESTING = (
    WayOut(Regime.ROTATION, "up"), WayOut(Regime.EMERGING, "emerging", 12), WayOut(Regime.NO_ROTATION, None, 12),
)  # fmt: skip


def test_a_resting_reversal_says_when_it_may_end() -> None:
    counters = (RunCounter("up", Side.AT_LEAST, 40, 2, 5), RunCounter("emerging", Side.AT_LEAST, 20, 6, 5))
    assert what_next(replace(BOARD.verdict, ways_out=RESTING, counters=counters)) == (
        "ROTATION after 5 closes at 40 or more, 2 so far; "
        "EMERGING after 5 closes at 20 or more, 6 so far, in 13 closes at the earliest; "
        "NO ROTATION otherwise, in 13 closes at the earliest"
    )


@pytest.mark.parametrize("row_id", ["score", "sustained", "history", *RULES])
def test_every_row_opens(row_id: str) -> None:
    assert PANE.detail is not None
    space = Space(72, 20, NOW, UTC, ASCII)
    assert row_id in draw(BOARD, SIZES[3]).ids
    for board in (BOARD, board_of(verdict_of({}))):
        text = plain(PANE.detail(board, row_id, space))
        assert text
        assert "no longer" not in text
    assert "no longer" in plain(PANE.detail(EMPTY, "trend", space))


def test_every_transition_is_listed_where_the_history_opens() -> None:
    assert PANE.detail is not None
    text = plain(PANE.detail(BOARD, "history", Space(72, 20, NOW, UTC, UNICODE)))
    assert [int(year) for year in re.findall(r"^(\d{4})-", text, re.M)] == list(range(2025, 1999, -1))


def test_who_leads_stands_above_the_score_and_opens() -> None:
    leads = Leads(Leader.SMALL, 4.6, 4.9, -0.1, None, Leader.SMALL, Leader.SMALL, Course.FADING, "RUT-SPX")
    board = replace_leads(leads)
    said = "small caps lead: half +4.6, year +4.9, month −0.1 pp, fading"
    assert said in words(draw(board))
    assert any(said in "".join(s.text for s in row) for row in detail(board, "leads", Space(*ROOMY, NOW, UTC)))
    mixed = replace(leads, side=Leader.MIXED, year_side=Leader.NEITHER, ytd_pp=0.2, course=None)
    assert "mixed, small over the half and level over the year" in words(draw(replace_leads(mixed)))
    unknown = Leads(Leader.UNKNOWN, None, None, None, reasons={"side": "no history of RUT yet"})
    assert "leads unknown: no history of RUT yet" in words(draw(replace_leads(unknown)))


def replace_leads(leads: Leads) -> Board:
    return replace(FULL, verdict=replace(FULL.verdict, leads=leads))
