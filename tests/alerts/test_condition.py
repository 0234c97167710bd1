"""Conditions as they are written: what they read, and what is said of those that cannot be read."""

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.alerts.condition import ConditionFault, hours_of, parsed, span_of
from rotation_tui.alerts.places import Known, row_of
from rotation_tui.board.contract import Loading
from rotation_tui.domain.state import State
from tests.alerts.material import BOARD, KNOWN, with_ticker

assert BOARD.verdict.leads is not None
LEADS = BOARD.verdict.leads


@pytest.mark.parametrize(
    ("text", "kind", "asks", "target", "read"),
    [
        ("RUT-SPX.z > 2", "compare", ">", 2.0, 1.25),
        ("RUT-SPX.z>=2", "compare", ">=", 2.0, 1.25),
        ("risk.ECO1 becomes ALERT", "becomes", "becomes", "ALERT", "OK"),
        ("rates becomes alert", "becomes", "becomes", "ALERT", "ALERT"),
        ("verdict.regime changes", "changes", "changes", None, "ROTATION"),
        ("verdict becomes no rotation", "becomes", "becomes", "NO ROTATION", "ROTATION"),
        ("RUT.last crosses 2600", "crosses", "", 2600.0, 10.0),
        ("RUT.last crosses above 2600", "crosses", "above", 2600.0, 10.0),
        ("RUT > 2600", "compare", ">", 2600.0, 10.0),
        ("RUT.change_pct < -2", "compare", "<", -2.0, BOARD.tickers[0].change_pct),
        ("RUT.YTD < 0", "compare", "<", 0.0, BOARD.tickers[0].windows["YTD"]),
        ("RUT-SPX.ratio_vs_200d_pct < 0", "compare", "<", 0.0, 4.4),
        ("RUT-SPX.total.windows.1M < 0", "compare", "<", 0.0, BOARD.spreads[0].total.windows["1M"]),  # type: ignore[union-attr]
        ("XLF.rank <= 3", "compare", "<=", 3.0, 2),
        ("feeds.yahoo becomes DOWN", "becomes", "becomes", "DOWN", "LIVE"),
        ('"yahoo" is not LIVE', "is", "is not", "LIVE", "LIVE"),
        ("SPX.is_record", "is", "is", True, True),
        ("not SPX.is_record", "is", "is", False, True),
        ("SPX.is_record = no", "is", "is", False, True),
        ("rotation.weekly.quadrant is LEADING", "is", "is", "LEADING", "WEAKENING"),
        ("leaders.HALF >= 3", "compare", ">=", 3.0, 3),
        ("session.phase becomes CLOSED", "becomes", "becomes", "CLOSED", "OPEN"),
        ("watchlists.banks.KRE.last > 5", "compare", ">", 5.0, BOARD.watchlists[0].rows[0].last),
        ("watchlists.banks.KRE > 5", "compare", ">", 5.0, BOARD.watchlists[0].rows[0].last),
        ("watchlists.banks.KRE.excess.1M < 0", "compare", "<", 0.0, BOARD.watchlists[0].rows[0].excess["1M"]),
        ("RUT.state becomes STALE", "becomes", "becomes", "STALE", "LIVE"),
        ("leads changes", "changes", "changes", None, LEADS.side),
        ("leads.half_pp > 0", "compare", ">", 0.0, LEADS.half_pp),
        ("verdict.leads.half_pp > 0", "compare", ">", 0.0, LEADS.half_pp),
    ],
)
def test_a_condition_says_what_is_read_and_what_is_asked(
    text: str, kind: str, asks: str, target: object, read: object
) -> None:
    condition = parsed(text, KNOWN)
    assert (condition.kind, condition.asks, condition.target) == (kind, asks, target)
    where = condition.place
    assert where.value(BOARD, row_of(BOARD, where.part, where.row)) == read


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("watchlists.bnks.KRE > 5", 11, 'no watch list "bnks", did you mean "banks"?'),
        ("watchlists.banks.KBE > 5", 17, 'no "KBE" in banks, did you mean "KRE"?'),
        ("watchlists.banks > 5", 11, "name a list and a symbol, as watchlists.banks.KRE"),
        ("RTU.last > 2600", 0, 'did you mean "RUT"?'),
        ("RUT-SPX.zz > 2", 8, 'did you mean "z"?'),
        ("RUT.windows.YTDD > 2", 12, 'did you mean "YTD"?'),
        ("feeds.yaho becomes DOWN", 6, 'did you mean "yahoo"?'),
        ("verdict becomes ROTATIN", 16, 'did you mean "ROTATION"?'),
        ("RUT.last crosess 2600", 9, 'did you mean "crosses"?'),
        ("RUT.last > x", 11, '"x" is no number'),
        ("RUT.last > nan", 11, '"nan" is no number'),
        ("RUT.last > 2,600", 11, '"2,600" is no number'),
        ("RUT.last >", 10, "a number is missing"),
        ("RUT.last", 8, "say what of it"),
        ("RUT..last > 1", 4, "a name is missing"),
        ("RUT. > 1", 4, "a name is missing"),
        ("RUT-SPX.total > 3", 8, "no single value"),
        ("RUT.spark > 3", 4, "no value that can be watched"),
        ("RUT.last.of > 3", 9, "nothing below it"),
        ("feeds > 3", 0, "name one, as feeds.yahoo"),
        ("verdict.regime > 3", 15, "is for numbers"),
        ("leads.sid changes", 6, 'did you mean "side"?'),
        ("RUT.is_record is maybe", 17, "neither yes nor no"),
        ("RUT.last > 2 and SPX.last > 3", 13, "one alert, one condition"),
        ("RUT.last unknown", 16, "a time is missing"),
        ("RUT.last unknown for ever", 21, "is no time"),
        ("RUT.last changes often", 17, "more than a condition has"),
        ("not RUT.last > 3", 0, "not stands before a path alone"),
        ("  ", 0, "there is no condition"),
    ],
)
def test_the_place_at_fault_is_marked_and_the_nearest_name_told(text: str, at: int, words: str) -> None:
    with pytest.raises(ConditionFault) as refused:
        parsed(text, KNOWN)
    assert words in str(refused.value)
    assert refused.value.marked == f"{text}\n{' ' * at}^"
    assert f"(at character {at + 1})" in str(refused.value)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_condition_or_is_refused_with_a_place(text: str) -> None:
    try:
        parsed(text, KNOWN)
    except ConditionFault as fault:
        mark = fault.marked.removeprefix(text + "\n")
        assert mark.strip() == "^"
        assert len(mark) <= len(text) + 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["z", "percentile", "ratio", "YTD", "1M", "streak"]), st.sampled_from([">", ">=", "<", "<="]),
       st.floats(-1e6, 1e6).map(lambda number: round(number, 3)), st.booleans())  # fmt: skip
def test_what_is_written_is_what_is_asked(name: str, asks: str, limit: float, spaced: bool) -> None:
    gap = " " if spaced else ""
    condition = parsed(f"RUT-SPX.{name}{gap}{asks}{gap}{limit:f}", KNOWN)
    assert (condition.asks, condition.target) == (asks, limit)


def test_a_symbol_that_is_a_ticker_and_a_sector_is_the_one_that_has_the_value() -> None:
    known = Known({**KNOWN.ids, "tickers": ("XLF",)})
    assert parsed("XLF.rank < 3", known).place.part == "sectors"
    assert parsed("XLF.last < 3", known).place.part == "tickers"
    assert parsed("sectors.XLF.last < 3", known).place.part == "sectors"


def test_an_id_that_the_board_has_not_yet_is_taken_where_its_part_is_named() -> None:
    lenient = Known(KNOWN.ids, lenient=True)
    where = parsed("looked.AAPL.last > 100", lenient).place
    assert (where.part, where.row) == ("looked", "AAPL")
    assert where.value(BOARD, row_of(BOARD, where.part, where.row)) is None
    with pytest.raises(ConditionFault):
        parsed("looked.AAPL.last > 100", KNOWN)


@pytest.mark.parametrize(
    "changed",
    [{"state": State.STALE}, {"state": State.UNKNOWN}, {"current": False}, {"last": None}],
)
def test_a_price_that_is_stale_or_unknown_is_no_value(changed: dict[str, object]) -> None:
    where = parsed("RUT.last > 1", KNOWN).place
    board = with_ticker(BOARD, **changed)
    assert where.value(BOARD, BOARD.tickers[0]) == 10.0
    assert where.value(board, board.tickers[0]) is None


def test_a_stale_study_takes_the_statistics_and_leaves_the_price() -> None:
    board = with_ticker(BOARD, study_state=State.STALE)
    last, record = (parsed(f"RUT.{name} > 1", KNOWN).place for name in ("last", "record_close"))
    assert last.value(board, board.tickers[0]) == 10.0
    assert record.value(BOARD, BOARD.tickers[0]) is not None
    assert record.value(board, board.tickers[0]) is None


def test_while_histories_are_on_their_way_only_prices_count() -> None:
    board = replace(BOARD, loading=Loading(3, 9, ("XLF",)))
    price, rank, feed = (parsed(text, KNOWN).place for text in ("RUT > 1", "XLF.rank < 9", "feeds.yahoo is LIVE"))
    assert price.value(board, row_of(board, "tickers", "RUT")) is not None
    assert rank.value(board, row_of(board, "sectors", "XLF")) is None
    assert feed.value(board, row_of(board, "feeds", "yahoo")) == "LIVE"


def test_times_and_hours_are_read() -> None:
    assert [span_of(text) for text in ("90s", "5m", "2 hours", "1d")] == [
        timedelta(seconds=90), timedelta(minutes=5), timedelta(hours=2), timedelta(days=1),
    ]  # fmt: skip
    assert hours_of("22:00-07:00") == (time(22), time(7))
    for wrong in ("22:00", "22:00-22:00", "a-b", "1-2-3"):
        with pytest.raises(ValueError, match="no span of hours"):
            hours_of(wrong)
