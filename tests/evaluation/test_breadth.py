"""Breadth of members in a question: read from the disk as it was known on its day, worked out once, and used."""

import dataclasses
import struct
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.checks.base import Inputs
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.claims.audit import all_claims
from rotation_tui.claims.base import ClaimInputs
from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.breadth import Incomes, JunkDay, MemberBreadth
from rotation_tui.domain.claim import Finding
from rotation_tui.domain.closes import Closes
from rotation_tui.domain.fundamentals import Fundamentals
from rotation_tui.domain.holdings import Holdings, Member
from rotation_tui.domain.instrument import Instrument
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Ticker, Universe
from rotation_tui.evaluation.breadth import breadth as breadth_of
from rotation_tui.evaluation.pipeline import fundamentals, study
from rotation_tui.evaluation.question import Question
from rotation_tui.evidence.line import NotKnown
from rotation_tui.store.documents import CLOSES, Documents, closes_id, holdings_id, listed
from rotation_tui.store.market_store import Snapshot
from tests.members import breadth

NYSE = nyse()
NOW = datetime(2026, 11, 24, 23, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ROWS = 280
NAMES = tuple(f"M{n}" for n in range(10))


def sessions(last: date) -> tuple[date, ...]:
    return NYSE.sessions(NYSE.offset(last, 1 - ROWS), last)


def on_disk(folder: Path, at: datetime = NOW, rising: int = 7, fund: str = "IWM") -> Snapshot:
    """Holdings of one fund, closes of its ten members of which so many rise every day, and the fund's own."""
    days = sessions(at.date())
    members = tuple(Member(name, name, "Energy", 10.0) for name in NAMES)
    held = Holdings(fund, at.date(), members, (), 100.0, "library", at)
    numbers = [100.0 + (day if n < rising else -day) / (10 + n) for n in range(10) for day in range(ROWS)]
    packed = struct.pack(f"<{len(numbers)}f", *numbers)
    closes = Closes(fund, at.date(), 40, days, NAMES, packed, "library", at)
    documents, due = Documents(folder), at + timedelta(days=1)
    documents.put(holdings_id(fund), held, due, at, "library")
    documents.put(closes_id(fund), closes, due, at, "library")
    own = Bars(fund, Basis.PRICE, days, tuple(100.0 + n / 100 for n in range(ROWS)), "library", at)
    lists = {d.id: d for d in listed(documents.entries().values(), str(folder))}
    return Snapshot(bars={(fund, Basis.PRICE): own}, documents=lists)


def question(snapshot: Snapshot, cut_at: date | None = None, now: datetime = NOW) -> Question:
    universe = Universe((Ticker("IWM", Instrument.of("IWM")),), (), ())
    return Question(snapshot, universe, NYSE, Rules(), now, None, cut_at)


def told(asked: Question) -> tuple[MemberBreadth, ...]:
    faults: dict[str, str] = {}
    found = fundamentals(asked, faults)
    assert faults == {}
    return () if found is None else found.breadth


def test_breadth_is_told_of_each_fund_with_holdings_and_closes(tmp_path: Path) -> None:
    (found,) = told(question(on_disk(tmp_path)))
    assert (found.fund, found.as_of, found.members, found.sampled) == ("IWM", TODAY, 40, 10)
    assert (found.above_200.pct, found.highs, found.lows) == (70.0, 7, 3)
    assert found.returns[-1].fund_pct == pytest.approx(100 * (102.79 / 102.16 - 1))


def test_it_stands_until_closes_holdings_the_fund_or_the_day_change(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    faults: dict[str, str] = {}
    first = fundamentals(question(snapshot), faults)
    before = replace(snapshot, studies=Studies(fundamentals=first))
    assert fundamentals(question(before), faults) is first
    longer = replace(before, bars={})
    (again,) = told(question(longer))
    assert again.returns[-1].fund_pct is None
    (newer,) = told(question(replace(on_disk(tmp_path, NOW + timedelta(hours=1), 4), studies=before.studies)))
    assert newer.above_200.pct == 40.0


def test_newer_closes_leave_what_follows_from_filings_as_it_is(tmp_path: Path) -> None:
    snapshot, faults = on_disk(tmp_path), dict[str, str]()
    without = {key: d for key, d in snapshot.documents.items() if key.kind != CLOSES}
    papers = fundamentals(question(replace(snapshot, documents=without)), faults)
    whole = fundamentals(question(snapshot), faults)
    assert papers is not None
    assert whole is not None
    assert (papers.made_of, papers.breadth) == (whole.made_of, ())


def test_a_past_day_has_what_was_kept_by_then_and_nothing_made_up(tmp_path: Path) -> None:
    on_disk(tmp_path, NOW - timedelta(days=14), 2)
    snapshot = on_disk(tmp_path)
    (then,) = told(question(snapshot, date(2026, 11, 12)))
    assert (then.above_200.pct, then.as_of) == (20.0, date(2026, 11, 10))
    assert told(question(snapshot, date(2026, 11, 9))) == ()
    assert told(question(snapshot, date(2026, 11, 20))) == (), "ten days later it tells nothing any more"


def test_a_file_that_says_nothing_of_the_fund_is_told_and_stops_nothing(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    members = (Member("OTHER", "Other", "Energy", 100.0),)
    later = NOW + timedelta(hours=1)
    Documents(tmp_path).put(
        holdings_id("IWM"), Holdings("IWM", TODAY, members, (), 100.0, "library", later), later, later, "library"
    )
    faults: dict[str, str] = {}
    found = fundamentals(question(snapshot), faults)
    assert found is not None
    assert found.breadth == ()
    assert "none that can be used" in faults["breadth of members"]


def inputs_of(snapshot: Snapshot, now: datetime = NOW) -> ClaimInputs:
    inputs = study(question(snapshot, now=now), {}).inputs
    known = now.date()
    return ClaimInputs(inputs.bars, {}, NYSE, inputs.as_of, known, fundamentals=inputs.fundamentals)


def test_the_broadening_reads_members_before_it_reads_funds(tmp_path: Path) -> None:
    claim = next(claim for claim in all_claims() if claim.id == "C31")
    judge = next(d.judge for d in claim.definitions if d.name == "BREADTH")
    found = judge(inputs_of(on_disk(tmp_path)))
    assert (found.value, found.finding, found.as_of) == (70.0, Finding.CONFIRMED, TODAY)
    assert found.why == "70 % ±13 of 10 members above 200d"
    with pytest.raises(NotKnown, match="needs members' closes"):
        judge(inputs_of(on_disk(tmp_path), NOW + timedelta(days=7)))


def test_the_giants_are_left_behind_where_members_counted_alike_are_ahead(tmp_path: Path) -> None:
    claim = next(claim for claim in all_claims() if claim.id == "C08")
    judge = next(d.judge for d in claim.definitions if d.name == "MEMBERS")
    found = judge(inputs_of(on_disk(tmp_path, fund="IVV")))
    paths = [[100 + (day if n < 7 else -day) / (10 + n) for day in (216, 279)] for n in range(10)]
    alike = sum(100 * (now / then - 1) for then, now in paths) / 10
    assert found.value == pytest.approx(alike - 100 * (102.79 / 102.16 - 1), abs=1e-4)
    assert found.finding is Finding.CONFIRMED
    assert found.why.startswith("10 members counted alike +1.1 pp on IVV, ±")


def test_dispersion_is_a_check_with_its_place_in_a_year(tmp_path: Path) -> None:
    core = study(question(on_disk(tmp_path)), {})
    (check,) = (check for check in all_checks() if check.id == "Q4")
    line = check.series(core.inputs)
    assert (len(line), line.dates[-1]) == (5, TODAY)
    reading = next(r for group in core.risk.groups for r in group.checks if r.id == "Q4")
    assert reading.value == line.last
    assert reading.why.startswith("dispersion ")


def test_the_verdict_counts_members(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    days = NYSE.sessions(date(2024, 6, 3), TODAY)
    closes = tuple(100.0 + n / 50 for n in range(len(days)))
    legs = {(s, Basis.PRICE): Bars(s, Basis.PRICE, days, closes, "library", NOW) for s in ("IWM", "SPY")}
    universe = Universe((Ticker("IWM", Instrument.of("IWM")), Ticker("SPY", Instrument.of("SPY"))), (), ())
    asked = replace(question(replace(snapshot, bars=legs)), universe=universe)
    verdict = study(asked, {}).verdict
    assert verdict is not None
    assert next(term.raw for term in verdict.terms if term.id == "breadth") == 70.0


def test_who_earns_is_taken_from_filings_and_makes_it_anew(tmp_path: Path) -> None:
    asked, papers = question(on_disk(tmp_path)), Fundamentals(TODAY, "made")
    (before,) = breadth_of(asked, papers, ())
    assert before.junk == ()
    told_by = replace(papers, incomes=(Incomes("IWM", NAMES[3:], NAMES[:3]),))
    (after,) = breadth_of(asked, told_by, (before,))
    assert after.made_of != before.made_of
    assert breadth_of(asked, told_by, (after,))[0] is after


def test_the_junk_rally_is_a_check_once_filings_tell_who_earns() -> None:
    (check,) = (check for check in all_checks() if check.id == "Q5")
    days = (JunkDay(date(2026, 6, 18), 4.9, 60, 130), JunkDay(date(2026, 6, 19), 5.3, 60, 131))
    inputs = Inputs({}, {}, NYSE, date(2026, 6, 19))
    known = dataclasses.replace(
        inputs, fundamentals=Fundamentals(TODAY, "made", breadth=(replace(breadth(), junk=days),))
    )
    line = check.series(known)
    assert (line.last, line.beside) == (5.3, "60 members of the sample without profit, 131 with")
    with pytest.raises(NotKnown, match="needs filings"):
        check.series(dataclasses.replace(known, fundamentals=Fundamentals(TODAY, "made", breadth=(breadth(),))))
