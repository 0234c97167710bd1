"""Who leads follows from the margins of the broad pair, with the state and the age of its row."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Board, Loading, Mode, SpreadRow
from rotation_tui.board.leads import course_of, leader, leads_of, side_of
from rotation_tui.board.marks import Moment
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Universe
from rotation_tui.domain.verdict import Course, Leader, Leads, Provisional
from tests.board.material import MONDAY, NYSE, TUESDAY, UNIVERSE, at, bars, close_of, quote, snapshot
from tests.boards import EMPTY, FULL, NOW
from tests.golden import golden

MOMENT = Moment.at(NOW, NYSE)
NOON = at(TUESDAY, "12:00")


def row_of(pair: int, half: float | None, year: float | None, month: float | None = 0.0) -> SpreadRow:
    row = FULL.spreads[pair]
    return replace(row, windows={**row.windows, "HALF": half, "YTD": year, "1M": month})


def told(*rows: SpreadRow, loading: Loading | None = None) -> Leads:
    return leads_of(rows, loading, MOMENT)


def reckoned(closes: dict[str, dict[str, float]], start: str) -> float:
    end = "2025-12-31"
    return 100 * (closes["IWM"][end] / closes["IWM"][start] - closes["SPY"][end] / closes["SPY"][start])


def test_small_caps_won_the_half_and_lost_the_year_of_2025() -> None:
    case = golden("V05")
    half, year = (reckoned(case["input"], start) for start in ("2025-06-30", "2024-12-31"))
    assert (half, year) == pytest.approx((case["output"]["half_pp"], case["output"]["ytd_pp"]))
    found = told(row_of(1, half, year))
    assert (found.half_side, found.year_side, found.side) == (
        case["output"]["half_side"],
        case["output"]["year_side"],
        case["output"]["side"],
    )
    assert found.pair == "IWM-SPY"


def test_margins_to_answers() -> None:
    case = golden("V06")
    for (half, year, month), answer in zip(case["input"], case["output"], strict=True):
        side = leader(half, year)
        assert [side, course_of(side, half, year, month)] == answer, (half, year, month)


@pytest.mark.parametrize(
    ("margin", "side"),
    [(0.5, Leader.SMALL), (0.4999, Leader.NEITHER), (-0.4999, Leader.NEITHER), (-0.5, Leader.LARGE),
     (None, Leader.UNKNOWN)],
)  # fmt: skip
def test_a_margin_within_a_hair_of_zero_is_no_lead(margin: float | None, side: Leader) -> None:
    assert side_of(margin) is side


def test_the_indexes_answer_and_the_funds_stand_in_where_they_cannot() -> None:
    assert told(row_of(1, -3.0, -3.0), row_of(0, 3.0, 3.0)).pair == "RUT-SPX"
    found = told(row_of(0, None, 3.0), row_of(1, -3.0, -3.0))
    assert (found.pair, found.side) == ("IWM-SPY", Leader.LARGE)


def test_what_is_unknown_has_a_reason() -> None:
    for nothing in (told(), told(row_of(2, 1.0, 1.0)), told(replace(row_of(0, None, 1.0), why="no bars"))):
        assert nothing.side is Leader.UNKNOWN
        assert nothing.reasons is not None
        assert nothing.reasons["side"]
    assert told(replace(row_of(0, None, 1.0), why="no bars")).reasons == {
        "half_pp": "no bars", "side": "no bars", "course": "no side leads"
    }  # fmt: skip
    no_month = told(row_of(0, 3.0, 3.0, None))
    assert no_month.side is Leader.SMALL
    assert no_month.reasons is not None
    assert set(no_month.reasons) == {"month_pp", "course"}
    assert told(row_of(0, 3.0, 3.0, 1.0)).reasons is None


def test_until_all_histories_are_there_it_is_provisional() -> None:
    assert told(row_of(0, 3.0, 3.0), loading=Loading(12, 36, ())).provisional == Provisional(12, 36)
    assert EMPTY.verdict.leads is not None
    assert EMPTY.verdict.leads.provisional is not None


def board_at_noon(small: float, large: float, *, last: date = MONDAY) -> Board:
    """IWM and SPY by prices of this minute, over closes to `last`."""
    histories = [bars(symbol, last) for symbol in ("IWM", "SPY")]
    prices = [quote(s, p, NOON - timedelta(minutes=1)) for s, p in (("IWM", small), ("SPY", large))]
    return assemble(snapshot(*histories, quotes=tuple(prices), checked=NOON), Scope(UNIVERSE, NYSE, Mode.LIVE), NOON)


def leads_at_noon(small: float, large: float, *, last: date = MONDAY) -> Leads:
    leads = board_at_noon(small, large, last=last).verdict.leads
    assert leads is not None
    return leads


def test_it_moves_with_the_prices_of_now() -> None:
    base = close_of(bars("IWM"), date(2025, 12, 31))
    found = leads_at_noon(base * 1.10, base * 1.04)
    assert (found.side, found.state, found.course) == (Leader.SMALL, State.LIVE, Course.GROWING)
    assert (found.half_pp, found.ytd_pp) == pytest.approx((6.0, 6.0))
    assert leads_at_noon(base * 1.02, base * 1.04).side is Leader.LARGE
    assert leads_at_noon(base * 1.043, base * 1.04).side is Leader.NEITHER


def test_a_stale_pair_tells_since_when() -> None:
    old = NYSE.offset(MONDAY, -5)
    found = leads_at_noon(200.0, 100.0, last=old)
    assert found.state is State.STALE
    assert found.as_of == NYSE.close_at(old)
    assert leads_at_noon(200.0, 100.0).as_of == NOON - timedelta(minutes=1)


def test_a_config_without_a_broad_pair_is_told_so() -> None:
    board = assemble(snapshot(), Scope(Universe((), (), ()), NYSE, Mode.LIVE), NOON)
    assert board.verdict.leads is not None
    assert board.verdict.leads.reasons is not None
    assert "RUT-SPX" in board.verdict.leads.reasons["side"]
