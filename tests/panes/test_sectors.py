"""The leaderboard pane: what each fund tracks, what is thin, who leads, and which columns there are."""

from datetime import UTC

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, SectorRow
from rotation_tui.domain.state import State
from rotation_tui.panes.base import Space
from rotation_tui.panes.sectors import PANE
from rotation_tui.panes.sectors.words import detail, short_index
from rotation_tui.widgets.cells import Face, plain
from rotation_tui.widgets.table import Order
from tests.boards import FULL, NOW

UNSORTED = Order()
SMALL = [s for s in FULL.sectors if s.side == "small"]
THIN = next(s for s in SMALL if s.illiquid)


def draw(width: int, board: Board = FULL, *, full: bool = True, height: int = 40, order: Order = UNSORTED) -> Face:
    return PANE.draw(board, Space(width, height, NOW, UTC, full=full, order=order))


def row_of(face: Face, row: SectorRow) -> str:
    return next(plain([r]) for r, i in zip(face.rows, face.ids, strict=True) if i == row.id)


@pytest.mark.parametrize(
    ("tracks", "short"),
    [
        ("S&P SmallCap 600 Capped Financials & Real Estate", "S&P 600"),
        ("S&P 500 Energy Select Sector", "S&P 500"),
        ("S&P Regional Banks Select Industry", "S&P Regional Banks"),
        ("Russell 2000", "Russell 2000"),
        ("MSCI US IMI Health Care", "MSCI US IMI Health Care"),
        ("Select Index", "Select Index"),
        ("", ""),
    ],
)
def test_the_index_without_its_sector(tracks: str, short: str) -> None:
    assert short_index(tracks) == short


@pytest.mark.parametrize("width", [69, 80, 116])
def test_with_its_own_screen_every_row_names_its_index(width: int) -> None:
    face = draw(width)
    assert "tracks" in plain([face.header])
    for row in FULL.sectors:
        assert short_index(row.tracks)[:7] in row_of(face, row)
    assert face.subtitle == "against IJR; KRE XBI XOP against IWM · yahoo"
    assert "S&P SmallCap 600 Capped Industrials" in row_of(draw(200), SMALL[1])


def test_where_no_column_has_room_the_lower_edge_names_the_indexes() -> None:
    face = draw(57, full=False)
    assert "tracks" not in plain([face.header])
    assert face.subtitle.startswith("S&P 600 but for KRE, XBI, XOP · ")
    assert draw(90, full=False, board=replace(FULL, sectors=())).subtitle == "no data yet"


def test_a_wide_screen_has_every_column_of_the_leaderboard() -> None:
    header = plain([draw(129).header])
    for name in ("#", "Δ21", "sector", "fund", "last", "1D", "63d", "1W", "1M", "half", "YTD", "−bench", "−large",
                 "1 year ┈ 0", "52w %", "$m/day", "tracks"):  # fmt: skip
        assert f" {name} " in f" {header} ", name
    row = row_of(draw(129), SMALL[2])
    assert all(figure in row for figure in ("46.10", " 9 ", " 3.0 "))


def test_a_fund_without_a_pair_is_called_by_its_own_side() -> None:
    alone = {row.symbol: row for row in FULL.sectors if row.pair is None}
    assert alone["XOP"].side == "small"
    assert alone["XLF"].side == "large"
    told = {symbol: plain(detail(FULL, alone[symbol].id, Space(120, 40, NOW, UTC))) for symbol in ("XOP", "XLF")}
    assert "large-cap sector" not in told["XOP"]
    assert "no large-cap fund is set against it" in told["XOP"]
    assert "a large-cap sector has no pair" in told["XLF"]


@pytest.mark.parametrize("order", PANE.sorts, ids=lambda order: order.key)
@pytest.mark.parametrize("width", [57, 69, 80])
def test_any_column_sorts_at_any_width_and_is_then_in_sight(order: Order, width: int) -> None:
    face = draw(width, order=order)
    assert len([s for s in face.header if s.tone == "bright"]) == 1


def test_ties_are_alphabetical() -> None:
    level = replace(FULL, sectors=tuple(replace(s, year_range_pct=50.0) for s in FULL.sectors))
    for reverse in (False, True):
        face = draw(80, level, order=Order("range", reverse))
        ids = [i for i in face.ids if i is not None]
        assert ids[: len(SMALL)] == sorted(s.id for s in SMALL)


def test_a_thin_fund_is_muted_and_called_thin() -> None:
    for width in (57, 69, 116):
        face = draw(width)
        at = face.ids.index(THIN.id)
        assert {s.tone for s in face.rows[at] if s.text.strip()} == {"faint"}
        assert " thin " in plain([face.rows[at]])
    assert "ILLIQUID" in plain(detail(FULL, THIN.id, Space(76, 20, NOW, UTC)))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (69, "thesis sectors in the top four:  half 3 of 4  YTD 4 of 4"),
        (57, "thesis sectors in top 4:  half 3 of 4  YTD 4 of 4"),
        (46, "thesis in top 4:  half 3 of 4  YTD 4 of 4"),
        (30, "half 3 of 4  YTD 4 of 4"),
        (20, ""),
    ],
)
def test_how_many_lead_is_said_in_whole(width: int, words: str) -> None:
    assert plain([draw(width).note]).strip() == words


def test_what_is_not_known_of_the_leaders_is_a_question_mark() -> None:
    note = plain([draw(69, replace(FULL, leaders={"HALF": None, "YTD": 2})).note])
    assert "half ?" in note
    assert "YTD 2 of 4" in note
    assert draw(69, replace(FULL, leaders={"HALF": None, "YTD": None})).note == ()


def test_beside_an_unknown_measure_stands_why() -> None:
    names = ("excess_pp", "pair_spread_pp", "rank_change", "year_range_pct", "median_dollar_volume")
    bare = replace(
        SMALL[0], excess_pp=None, pair_spread_pp=None, rank_change=None, year_range_pct=None,
        median_dollar_volume=None, reasons={name: f"needs {name}" for name in names},
    )  # fmt: skip
    told = plain(detail(replace(FULL, sectors=(bare,)), bare.id, Space(76, 20, NOW, UTC)))
    assert all(f"? needs {name}" in told for name in names)
    known = plain(detail(FULL, SMALL[0].id, Space(76, 20, NOW, UTC)))
    assert "?" not in known
    assert "heading 0 degrees from the right, speed 0.10" in known


def test_an_old_price_is_dim_also_where_it_is_thin() -> None:
    board = replace(FULL, sectors=tuple(replace(s, state=State.STALE) for s in FULL.sectors))
    face = draw(116, board)
    at = face.ids.index(THIN.id)
    assert {s.tone for s in face.rows[at] if s.text.strip()} <= {"faint", "stale"}


def test_what_excess_is_against_is_named_at_every_width() -> None:
    assert " −IJR/IWM " in plain([draw(57, full=False, height=17).header]), "one side alone has two benchmarks"
    assert " −bench " in plain([draw(80).header])
    for row, bench in ((SMALL[0], "IJR"), (next(s for s in SMALL if s.symbol == "KRE"), "IWM")):
        for width in (69, 80, 116):
            assert f" {row.excess_pp:+.1f} {bench} ".replace("-", "−") in row_of(draw(width), row)
    assert "against SPY" in plain(draw(116).rows)
    assert "pp against IJR over 63 sessions" in plain(detail(FULL, SMALL[0].id, Space(76, 20, NOW, UTC)))
