"""One snapshot to one board: pure, complete however little is known, and never broken by what is on disk."""

import gc
from datetime import date, timedelta
from typing import Any
from weakref import ref

import pytest
from msgspec.structs import fields, replace

from rotation_tui.board.assemble import Assembler, Scope, assemble
from rotation_tui.board.contract import Mode
from rotation_tui.domain.bars import Bars
from rotation_tui.domain.feed import Event, FeedHealth, FeedState
from rotation_tui.domain.reading import Checklist, GroupReading, Level, Reading
from rotation_tui.domain.results import Studies
from rotation_tui.domain.session import Phase
from rotation_tui.domain.state import State
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.domain.verdict import Regime, Verdict
from rotation_tui.panes.base import Dated
from rotation_tui.store.market_store import Snapshot
from tests.board.material import FRIDAY, MONDAY, NYSE, TUESDAY, UNIVERSE, WEDNESDAY, at, bars, quote, snapshot

SCOPE = Scope(UNIVERSE, NYSE, Mode.LIVE)
NOW = at(TUESDAY, "11:00")


def _known() -> Snapshot:
    return snapshot(
        bars("IWM"),
        bars("SPY", start=500.0, step=1.0),
        quotes=(quote("IWM", 260.0, at(TUESDAY, "10:59")),),
        feeds=(FeedHealth("yahoo", FeedState.DOWN, None, "no route to host", 3, 300, at(TUESDAY, "11:01")),),
        events=(Event(NOW, "yahoo: no route to host", "watch"),),
    )


def test_the_same_snapshot_and_time_give_the_same_board() -> None:
    assert assemble(_known(), SCOPE, NOW) == assemble(_known(), SCOPE, NOW)


def test_one_board_after_the_other_is_as_each_alone_and_keeps_what_did_not_move() -> None:
    first, assembler = _known(), Assembler()
    second = replace(first, revision=2, quotes={**first.quotes, "SPY": quote("SPY", 510.0, at(TUESDAY, "11:00"))})
    third = replace(second, revision=3, studies=replace(second.studies, drivers=()), events=())
    made = [assembler.board(known, SCOPE, NOW) for known in (first, second, third, first)]
    assert made == [assemble(known, SCOPE, NOW) for known in (first, second, third, first)]
    assert made[0].tickers[0] is made[1].tickers[0]
    assert made[0].tickers[1] is not made[1].tickers[1]
    assert made[1].tickers is made[2].tickers
    assert made[0].risk is made[1].risk


def _bought(day: date, *histories: Bars) -> Snapshot:
    printed = at(day, "10:59")
    return snapshot(*histories, quotes=(quote("IWM", 260.0, printed), quote("SPY", 620.0, printed)))


def test_where_windows_start_follows_the_session_and_the_studies() -> None:
    """Prices of the next session start a session later, and so do those on studies that reach further."""
    monday, tuesday = ((bars("IWM", day), bars("SPY", day, start=500.0)) for day in (MONDAY, TUESDAY))
    seen = (
        (replace(_bought(TUESDAY, *monday), quotes={}), NOW, FRIDAY),
        (_bought(TUESDAY, *monday), NOW, MONDAY),
        (_bought(WEDNESDAY, *tuesday), at(WEDNESDAY, "11:00"), TUESDAY),
        (_bought(TUESDAY, *monday), NOW, MONDAY),
    )
    sectors = (Sector("IWM", "IWM", "All", "R2000", "small", None),)
    assembler, scope = Assembler(), replace(SCOPE, universe=Universe(UNIVERSE.tickers, UNIVERSE.spreads, sectors))
    for known, now, start in seen:
        board = assembler.board(known, scope, now)
        assert board == assemble(known, scope, now)
        rows: list[Dated] = [*board.tickers, *board.spreads, *board.sectors]
        assert [row.bases["1D"] for row in rows] == [start] * 4


class _Bases(dict[date, Any]):
    """Bases that tell whether anybody holds them."""


def test_nothing_holds_bases_of_studies_that_are_over() -> None:
    known, assembler = _known(), Assembler()
    bases = _Bases(known.studies.tickers["IWM"].bases)
    held = replace(known.studies.tickers["IWM"], bases=bases)
    first = replace(known, studies=replace(known.studies, tickers={**known.studies.tickers, "IWM": held}))
    told, gone = assembler.board(first, SCOPE, NOW), ref(bases)
    assert told.tickers[0].bases["1D"] == MONDAY
    del bases, held, first
    assert gone() is not None
    assembler.board(known, SCOPE, NOW)
    gc.collect()
    assert gone() is None


def _checked() -> Snapshot:
    one = Reading("E1", "Sahm", Level.ALERT, 0.6, "pp", 0.3, 0.5, MONDAY, "fred", "0.60 pp")
    other = replace(one, id="C1", level=Level.OK)
    groups = (
        GroupReading("E", "Economy", Level.ALERT, (one,), 1, 1, "0.60 pp"),
        GroupReading("C", "Credit", Level.OK, (other,), 1, 1, "0.60 pp"),
    )
    known = _known()
    return replace(known, studies=replace(known.studies, risk=Checklist(groups), claims=()))


def test_a_mute_makes_its_group_anew_and_nothing_else() -> None:
    known, assembler = _checked(), Assembler()
    told, quiet = (assembler.board(known, frame, NOW) for frame in (SCOPE, replace(SCOPE, muted={"E1": TUESDAY})))
    assert (told.risk[0].level, quiet.risk[0].level) == (Level.ALERT, Level.UNKNOWN)
    assert quiet.risk[0].checks[0] == replace(told.risk[0].checks[0], muted_until=TUESDAY)
    assert quiet.risk[1] is told.risk[1]
    assert (quiet.tickers is told.tickers, quiet.claims is told.claims, quiet.drivers is told.drivers) == (True,) * 3


def test_a_mute_is_over_with_its_day_though_nothing_is_studied() -> None:
    known, frame, assembler = _checked(), replace(SCOPE, muted={"E1": TUESDAY}), Assembler()
    late, later = (assembler.board(known, frame, NOW + timedelta(hours=n)) for n in (12, 14))
    assert (late.risk[0].checks[0].muted_until, later.risk[0].checks[0].muted_until) == (TUESDAY, None)
    assert later.risk[0].level is Level.ALERT


def test_an_empty_board_is_whole_and_says_which_feed_failed_and_why() -> None:
    health = _known().feeds
    board = assemble(
        Snapshot(feeds=health, missing=dict.fromkeys(("IWM", "SPY"), "yahoo: no route to host")), SCOPE, NOW
    )
    assert [t.id for t in board.tickers] == ["IWM", "SPY"]
    assert {t.state for t in board.tickers} == {State.UNKNOWN}
    assert {t.why for t in board.tickers} == {"yahoo: no route to host"}
    assert [(s.id, s.state) for s in board.spreads] == [("IWM-SPY", State.UNKNOWN)]
    assert board.verdict.regime is Regime.UNKNOWN
    assert board.as_of is None
    assert (board.feeds[0].state, board.feeds[0].fault) == (FeedState.DOWN, "no route to host")


def test_what_is_known_is_told_with_its_session() -> None:
    board = assemble(_known(), SCOPE, NOW)
    assert board.as_of == MONDAY
    assert (board.session.phase, board.session.date) == (Phase.OPEN, TUESDAY)
    assert [e.text for e in board.events] == ["yahoo: no route to host"]
    assert [t.state for t in board.tickers] == [State.LIVE, State.CLOSED]


@pytest.mark.parametrize("clock", ["03:00", "08:00", "11:00", "18:00", "23:00"])
def test_a_saved_board_of_weeks_ago_is_all_stale(clock: str) -> None:
    later = at(TUESDAY.replace(month=4, day=14), clock)
    board = assemble(_known(), SCOPE, later)
    assert {t.state for t in board.tickers} == {State.STALE}
    assert {s.state for s in board.spreads} == {State.STALE}
    assert [f.name for f in fields(board)][:3] == ["schema", "mode", "generated_at"]


def test_a_verdict_on_closes_that_are_too_old_is_unknown_and_says_so() -> None:
    verdict = Verdict(Regime.ROTATION, MONDAY, 5, 40.0, 40.0, 0.9, "UNDECIDED", (), "no advice", as_of=MONDAY)
    state = Snapshot(studies=Studies(MONDAY, None, verdict=verdict))
    frame = Scope(UNIVERSE, NYSE, Mode.LIVE)
    fresh = assemble(state, frame, at(NYSE.offset(MONDAY, 2), "20:00")).verdict
    assert (fresh.regime, fresh.score) == (Regime.ROTATION, 40.0)
    old = assemble(state, frame, at(NYSE.offset(MONDAY, 3), "20:00")).verdict
    assert (old.regime, old.score, old.age_sessions) == (Regime.UNKNOWN, None, None)
    assert str(MONDAY) in old.sustained


def test_a_clock_that_is_behind_its_prices_is_said_and_nothing_is_live() -> None:
    behind = assemble(_known(), SCOPE, at(MONDAY, "11:00"))
    assert behind.notes == ("this computer's clock (2026-03-02 16:00 UTC) is behind prices of 2026-03-03 15:59 UTC",)
    assert {row.state for row in behind.tickers} == {State.STALE}
    assert assemble(_known(), SCOPE, NOW).notes == ()
