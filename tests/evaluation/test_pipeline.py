"""What a trader writes into the checklist changes what is shown, and neither the verdict nor the claims."""

import dataclasses
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from rotation_tui.board.assemble import Scope, assemble
from rotation_tui.board.contract import Mode
from rotation_tui.board.risk import ManualCheck
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.claim import ClaimResult, Finding
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.reading import Level
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Sector, Spread, Ticker, Universe
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.question import Question
from rotation_tui.store.market_store import Snapshot, history_name
from tests.checks.material import YEAR_END, closes, daily, observed

TIGHT = {"NFCI": 0.4, "BAMLH0A0HYM2": 7.0, "VIXCLS": 35.0, "DFII10": 2.9}
"""Four checks on ALERT, of four groups."""


NOW = datetime(2025, 12, 31, 22, tzinfo=UTC)


def test_verdict_and_claims_rest_on_the_checks_alone() -> None:
    legs = [closes(s, [100.0 + step * n for n in range(300)], Basis.PRICE) for s, step in (("RUT", 0.1), ("SPX", 0.05))]
    given = [observed(name, daily([value] * 30)) for name, value in TIGHT.items()]
    snapshot = Snapshot(
        bars={(b.symbol, b.basis): b for b in legs}, observations={o.series_id: o for o in given}, bars_revision=1
    )
    studies = evaluate(Question(snapshot, Universe((), (), ()), nyse(), Rules(), NOW, YEAR_END), Auditor())
    assert studies.faults == {}
    assert studies.verdict is not None
    assert {sign.holds for sign in studies.verdict.signs if sign.name == "risk groups"} == {False}
    assert studies.verdict.terms[-1].raw == -1.0
    until = date(2026, 6, 30)
    written = ManualCheck("strike", Level.ALERT, until), ManualCheck("all is well", Level.OK, until)
    plain = Scope(Universe((), (), ()), nyse(), Mode.LIVE)
    told = replace(plain, muted={"E5": until, "C1": until, "F4": until}, manual=written)
    before, after = (assemble(Snapshot(studies=studies), frame, NOW) for frame in (plain, told))
    levels = [{group.id: group.level for group in board.risk} for board in (before, after)]
    assert (levels[0]["E"], levels[1]["E"]) == (Level.ALERT, Level.UNKNOWN)
    assert set(levels[1]) - set(levels[0]) == {"M"}
    assert after.verdict == before.verdict
    assert after.claims == before.claims


def test_what_is_looked_at_changes_no_result_of_anything_else() -> None:
    """A share that could stand in for what the config lacks, with a session more than all others have."""
    later = nyse().next(YEAR_END)
    legs = [closes(s, [100.0 + step * n for n in range(300)], Basis.PRICE) for s, step in (("RUT", 0.1), ("SPX", 0.05))]
    guests = [closes(s, [50.0 + 0.2 * n for n in range(300)], Basis.PRICE, later) for s in ("IWM", "SPY", "HYG")]
    own = Universe(tuple(Ticker(s, Instrument.of(s)) for s in ("RUT", "SPX")), (Spread("RUT-SPX", "RUT", "SPX"),), ())
    looking = own.looking_at((*own.spreads, Spread("HYG-SPX", "HYG", "SPX")), ("IWM", "SPY"))
    alone, both = (Snapshot(bars={(b.symbol, b.basis): b for b in bars}) for bars in (legs, [*legs, *guests]))
    before, after = (
        evaluate(Question(snapshot, universe, nyse(), Rules(), NOW, None), Auditor())
        for snapshot, universe in ((alone, own), (both, looking))
    )
    assert set(after.tickers) == {"RUT", "SPX", "IWM", "SPY", "HYG"}
    assert after.spreads["HYG-SPX"].small == "HYG"
    told = {
        name: {s: v for s, v in getattr(after, name).items() if s in getattr(before, name)}
        for name in ("tickers", "spreads")
    }
    assert [p for p in after.pasts if p in before.pasts] == list(before.pasts)
    assert replace(after, pasts=before.pasts, **told) == before


def test_a_watch_list_changes_no_result_of_anything_else() -> None:
    legs = [closes(s, [100.0 + step * n for n in range(300)], Basis.PRICE) for s, step in (("RUT", 0.1), ("SPX", 0.05))]
    guests = [closes(s, [50.0 + 0.2 * n for n in range(300)], Basis.PRICE) for s in ("IWM", "SPY", "AAPL")]
    own = Universe(tuple(Ticker(s, Instrument.of(s)) for s in ("RUT", "SPX")), (Spread("RUT-SPX", "RUT", "SPX"),), ())
    watching = dataclasses.replace(own, watched=("AAPL", "RUT", "IWM", "SPY")).looking_at(own.spreads, ())
    alone, both = (Snapshot(bars={(b.symbol, b.basis): b for b in bars}) for bars in (legs, [*legs, *guests]))
    before, after = (
        evaluate(Question(snapshot, universe, nyse(), Rules(), NOW, None), Auditor())
        for snapshot, universe in ((alone, own), (both, watching))
    )
    assert set(after.tickers) == {"RUT", "SPX", "IWM", "SPY", "AAPL"}
    assert after.tickers["AAPL"].spark
    told = {symbol: after.tickers[symbol] for symbol in before.tickers}
    assert replace(after, tickers=told) == before


def test_no_claim_is_judged_by_an_outline() -> None:
    """While histories are on their way there are no claims; where one will not come they do without it."""
    legs = [closes(s, [100.0 + step * n for n in range(300)], Basis.PRICE) for s, step in (("RUT", 0.1), ("SPX", 0.05))]
    outline = dataclasses.replace(legs[0], outline=True)
    universe = Universe(tuple(Ticker(leg.symbol, Instrument.of(leg.symbol)) for leg in legs), (), ())

    def claims(rut: Bars, missing: dict[str, str]) -> tuple[ClaimResult, ...]:
        snapshot = Snapshot(bars={(b.symbol, b.basis): b for b in (rut, legs[1])}, missing=missing)
        return evaluate(Question(snapshot, universe, nyse(), Rules(), NOW, YEAR_END), Auditor()).claims

    def known(results: tuple[ClaimResult, ...]) -> set[str]:
        return {claim.id for claim in results if claim.now.finding is not Finding.UNKNOWN}

    assert claims(outline, {}) == ()
    without, whole = claims(outline, {history_name("RUT"): "yahoo: is not there"}), claims(legs[0], {})
    assert {claim.id for claim in without} == {claim.id for claim in whole}
    assert known(without) < known(whole)


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
    studies = evaluate(Question(snapshot, Universe((), (), sectors), nyse(), Rules(), NOW, YEAR_END), Auditor())
    assert studies.verdict is not None
    assert next(t.raw for t in studies.verdict.terms if t.id == "sectors") == votes
