"""What changed since the user looked: answers of then against the board of now, both values, the worst first."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.board.contract import Board, Loading, Mode
from rotation_tui.board.since import look_of, since_of
from rotation_tui.domain.look import Difference, Look, RecordSeen
from rotation_tui.domain.reading import Level
from rotation_tui.domain.verdict import Regime
from tests.boards import EMPTY, FULL, NOW, UNKNOWN

THEN = replace(look_of(FULL), at=NOW - timedelta(days=3))


def told(then: Look, now: Board = FULL) -> list[tuple[str, str, str]]:
    return [(change.what, change.was, change.now) for change in since_of(then, now).changes]


def test_nothing_has_changed_where_all_is_as_it_was() -> None:
    found = since_of(THEN, FULL)
    assert (found.at, found.changes, found.why) == (THEN.at, (), None)


@pytest.mark.parametrize(("age", "is_told"), [(0, True), (5, True), (6, False), (None, False)])
def test_a_regime_that_began_lately_is_told_as_new_where_it_has_not_changed(age: int | None, is_told: bool) -> None:
    board = replace(FULL, verdict=replace(FULL.verdict, age_sessions=age, since=date(2026, 6, 18)))
    assert since_of(THEN, board).began == (date(2026, 6, 18) if is_told else None)


def test_each_kind_of_answer_is_compared_and_the_weightiest_stands_first() -> None:
    ticker = FULL.tickers[0]
    assert ticker.record_close is not None
    then = replace(
        THEN,
        regime="CONSOLIDATION",
        leads="NEITHER",
        groups={**THEN.groups, "Volatility": "OK", "Rates": "WATCH", "Economy": "WATCH"},
        checks={**THEN.checks, "ECO1 economy measure 1": "ALERT"},
        ranks={**THEN.ranks, "XOP": THEN.ranks["XOP"] + 5},
        records={**THEN.records, ticker.id: RecordSeen(1.5, date(2026, 5, 19))},
    )
    assert told(then) == [
        ("who leads", "NEITHER", "LARGE"),
        ("regime", "CONSOLIDATION", "ROTATION"),
        ("Rates", "WATCH", "ALERT"),
        ("Volatility", "OK", "WATCH"),
        ("Economy", "WATCH", "OK"),
        (f"{ticker.id} record", "1.50", f"{ticker.record_close:,.2f}"),
        ("Oil and gas", str(THEN.ranks["XOP"] + 5), str(THEN.ranks["XOP"])),
        ("ECO1 economy measure 1", "ALERT", "OK"),
    ]
    assert since_of(then, FULL).changes[2] == Difference("group", "Rates", "WATCH", "ALERT", "alert")


@pytest.mark.parametrize(("places", "is_told"), [(2, False), (3, True), (-3, True)])
def test_a_small_move_of_a_rank_is_no_news(places: int, is_told: bool) -> None:
    assert bool(told(replace(THEN, ranks={**THEN.ranks, "XLF": THEN.ranks["XLF"] + places}))) is is_told


def test_what_was_unknown_is_no_change_and_a_group_that_is_unknown_now_is_one() -> None:
    then = replace(THEN, regime="", leads="", checks={}, findings={}, ranks={}, records={}, groups={})
    assert told(then) == []
    assert told(THEN, replace(FULL, risk=UNKNOWN.risk))[0] == ("Economy", "OK", "?")
    blind = replace(FULL, verdict=replace(UNKNOWN.verdict, regime=Regime.UNKNOWN), sectors=(), claims=(), tickers=())
    assert told(THEN, blind) == []


def test_what_is_known_now_and_was_not_then_is_not_compared() -> None:
    all_known = replace(FULL, risk=tuple(replace(g, level=Level.ALERT) for g in FULL.risk))
    then = replace(THEN, groups={**THEN.groups, FULL.risk[0].title: Level.UNKNOWN.value})
    assert "group" not in since_of(then, all_known).compared, "one of them was unknown"
    known = replace(look_of(all_known), at=THEN.at)
    kinds = {"who leads": "leads", "regime": "regime", "group": "groups", "record": "records", "rank": "ranks"}
    compared = since_of(known, all_known).compared
    for kind, of in kinds.items():
        lacks = replace(known, **{of: type(getattr(known, of))()})
        assert set(compared) - set(since_of(lacks, all_known).compared) == {kind}


def test_where_nothing_can_be_compared_the_reason_stands_there() -> None:
    for board, then, word in (
        (FULL, None, "session before"),
        (replace(FULL, mode=Mode.DEMO), None, "session before"),
        (replace(FULL, mode=Mode.AS_OF), THEN, "past day"),
        (replace(FULL, loading=Loading(1, 2, ())), THEN, "waiting"),
    ):
        found = since_of(then, board)
        assert found.changes == ()
        assert word in (found.why or "")
    assert EMPTY.since is not None
    assert EMPTY.since.why


def test_levels_that_are_unknown_are_not_remembered_for_checks() -> None:
    assert all(level != Level.UNKNOWN.value for level in look_of(FULL).checks.values())
    assert look_of(FULL).groups["Quality"] == Level.UNKNOWN.value
