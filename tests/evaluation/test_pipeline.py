"""What a trader writes into the checklist changes what is shown, and neither the verdict nor the claims."""

from datetime import UTC, date, datetime

import pytest

from rotation_tui.checks.rules import ManualCheck, Rules
from rotation_tui.domain.bars import Basis
from rotation_tui.domain.results import Level, Studies
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Sector, Universe
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.pipeline import Question
from rotation_tui.store.market_store import Snapshot
from rotation_tui.workers.evaluate import evaluate
from tests.checks.material import YEAR_END, closes, daily, observed

TIGHT = {"NFCI": 0.4, "BAMLH0A0HYM2": 7.0, "VIXCLS": 35.0, "DFII10": 2.9}
"""Four checks on ALERT, of four groups."""


def studied(rules: Rules) -> Studies:
    legs = [closes(s, [100.0 + step * n for n in range(300)], Basis.PRICE) for s, step in (("RUT", 0.1), ("SPX", 0.05))]
    given = [observed(name, daily([value] * 30)) for name, value in TIGHT.items()]
    snapshot = Snapshot(
        bars={(b.symbol, b.basis): b for b in legs}, observations={o.series_id: o for o in given}, bars_revision=1
    )
    now = datetime(2025, 12, 31, 22, tzinfo=UTC)
    return evaluate(Question(snapshot, Universe((), (), ()), nyse(), rules, now, YEAR_END), Auditor())


def test_mutes_and_checks_by_hand_change_the_board_and_not_the_verdict() -> None:
    plain = studied(Rules())
    until = date(2026, 6, 30)
    written = ManualCheck("strike", Level.ALERT, until), ManualCheck("all is well", Level.OK, until)
    told = studied(Rules(mute={"E5": until, "C1": until, "F4": until}, manual=written))
    levels = [{group.id: group.level for group in studies.risk} for studies in (plain, told)]
    assert (levels[0]["E"], levels[1]["E"]) == (Level.ALERT, Level.UNKNOWN)
    assert set(levels[1]) - set(levels[0]) == {"M"}
    assert plain.verdict is not None
    assert {sign.holds for sign in plain.verdict.signs if sign.name == "risk groups"} == {False}
    assert plain.verdict.terms[-1].raw == -1.0
    assert told.verdict == plain.verdict
    assert told.claims == plain.claims
    assert told.faults == plain.faults == {}


@pytest.mark.parametrize(("behind", "votes"), [(2, 1.0), (3, None)])
def test_a_sector_pair_that_ended_long_ago_has_no_vote(behind: int, votes: float | None) -> None:
    """The only pair; its large leg ends so many sessions before the others."""
    steps = {"RUT": 0.1, "SPX": 0.05, "IWM": 0.1, "SPY": 0.05, "PSCF": 0.2, "XLF": 0.01}
    ends = {"XLF": nyse().offset(YEAR_END, -behind)}
    legs = [
        closes(symbol, [100.0 + step * n for n in range(300)], Basis.PRICE, ends.get(symbol, YEAR_END))
        for symbol, step in steps.items()
    ]
    sectors = (
        Sector("PSCF", "PSCF", "Financials", "S&P", "small", "XLF"),
        Sector("XLF", "XLF", "Financials", "S&P", "large", None),
    )
    snapshot = Snapshot(bars={(b.symbol, b.basis): b for b in legs}, bars_revision=1)
    now = datetime(2025, 12, 31, 22, tzinfo=UTC)
    studies = evaluate(Question(snapshot, Universe((), (), sectors), nyse(), Rules(), now, YEAR_END), Auditor())
    assert studies.verdict is not None
    assert next(t.raw for t in studies.verdict.terms if t.id == "sectors") == votes
