"""Holdings and filings in a question: read from the disk as they were known on its day, and worked out once."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotation_tui.domain.figures import NET_INCOME, frames_wanted
from rotation_tui.domain.filings import Facts, Registry
from rotation_tui.domain.fundamentals import Fundamentals, Mapped
from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.domain.inputs import Filings, Members
from rotation_tui.domain.results import Studies
from rotation_tui.domain.rules import Rules
from rotation_tui.domain.session import nyse
from rotation_tui.domain.universe import Universe
from rotation_tui.evaluation.audit import Auditor
from rotation_tui.evaluation.evaluate import evaluate
from rotation_tui.evaluation.papers import papers_of
from rotation_tui.evaluation.pipeline import fundamentals, study
from rotation_tui.evaluation.question import Question
from rotation_tui.store.documents import COMPANIES, Documents, facts_id, holdings_id, listed
from rotation_tui.store.market_store import Snapshot

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
FRAME = frames_wanted(TODAY)[0]
CASH = LeftOut("USD CASH", "cash", 1.5)


def on_disk(folder: Path, at: datetime = NOW, weight: float = 58.5) -> Snapshot:
    """Holdings of one fund and one frame, and a snapshot that lists them."""
    members = (Member("AAPL", "Apple", "Technology", weight), Member("BRKB", "Berkshire", "Financials", 40.0))
    held = Holdings("IWM", at.date() - timedelta(days=1), members, (CASH,), weight + 41.5, "library", at)
    filed = Facts(FRAME, (320193.0,), (1e9,), (float(FRAME.end.toordinal()),), "library", at)
    documents, due = Documents(folder), at + timedelta(days=1)
    documents.put(holdings_id("IWM"), held, due, at, "library")
    documents.put(facts_id(FRAME), filed, due, at, "library")
    return Snapshot(documents={d.id: d for d in listed(documents.entries().values(), str(folder))})


def question(snapshot: Snapshot, cut_at: date | None = None, now: datetime = NOW) -> Question:
    return Question(snapshot, Universe((), (), ()), nyse(), Rules(), now, None, cut_at)


def told(asked: Question) -> Fundamentals | None:
    faults: dict[str, str] = {}
    found = fundamentals(asked, faults)
    assert faults == {}
    return found


def test_members_are_counted_and_what_is_none_is_told(tmp_path: Path) -> None:
    found = told(question(on_disk(tmp_path)))
    assert found is not None
    (fund,) = found.funds
    assert (fund.fund, fund.members, fund.weight, fund.file_weight) == ("IWM", 2, 98.5, 100.0)
    assert (fund.as_of, fund.left_out, fund.source) == (date(2026, 11, 23), (CASH,), "library")
    assert found.filings is not None
    assert (found.filings.frames, found.filings.wanted) == (1, len(frames_wanted(TODAY)))
    assert found.filings.as_of == date(2026, 9, 30)


def test_without_documents_nothing_is_known_and_the_disk_is_left_alone() -> None:
    assert told(question(Snapshot())) is None


def test_what_was_worked_out_stands_until_a_version_or_the_day_changes(tmp_path: Path) -> None:
    first = told(question(on_disk(tmp_path)))
    before = Studies(fundamentals=first)
    assert told(question(replace(on_disk(tmp_path), studies=before))) is first
    newer = replace(on_disk(tmp_path, NOW + timedelta(hours=1), 58.0), studies=before)
    assert told(question(newer)) is not first
    assert told(question(replace(on_disk(tmp_path), studies=before), now=NOW + timedelta(days=1))) is not first


def test_a_past_day_knows_the_holdings_of_its_day_and_none_before_the_first(tmp_path: Path) -> None:
    on_disk(tmp_path, NOW - timedelta(days=4), 57.5)
    snapshot = on_disk(tmp_path)
    weights = {}
    for days in range(6):
        found = told(question(snapshot, TODAY - timedelta(days=days)))
        weights[days] = None if found is None else found.funds[0].weight
    assert weights == {0: 98.5, 1: 97.5, 2: 97.5, 3: 97.5, 4: 97.5, 5: None}


def test_facts_are_read_when_they_are_asked_for(tmp_path: Path) -> None:
    papers = papers_of(on_disk(tmp_path).documents, TODAY, None)
    assert papers is not None
    facts = papers.facts(FRAME)
    assert facts is not None
    assert facts.values == (1e9,)
    assert papers.facts(NET_INCOME.frames("CY2001Q1")[0]) is None
    assert papers.companies == {}


def test_members_are_joined_with_companies_by_the_list_and_by_the_traders_own_table(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    first = told(question(snapshot))
    assert first is not None
    assert first.funds[0].mapped is None
    documents, companies = Documents(tmp_path), {"AAPL": (320193, "Apple Inc."), "MSFT": (789019, "MICROSOFT CORP")}
    documents.put(COMPANIES, Registry(companies, "library", NOW), NOW + timedelta(days=1), NOW, "library")
    listing = Snapshot(documents={d.id: d for d in listed(documents.entries().values(), str(tmp_path))})
    found = told(question(listing))
    assert found is not None
    mapped = found.funds[0].mapped
    assert mapped is not None
    assert (mapped.companies, mapped.covered_count) == (1, 50.0)
    assert mapped.covered_weight == pytest.approx(100 * 58.5 / 98.5)
    assert mapped.unmapped == (LeftOut("BRKB Berkshire", "no company has its ticker or name", 40.0),)
    own = replace(question(listing), rules=Rules(companies={"BRK.B": 1067983}))
    again = told(replace(own, snapshot=replace(listing, studies=Studies(fundamentals=found))))
    assert again is not None, "another table is another answer"
    assert again.funds[0].mapped == Mapped(2, 100.0, 100.0, ())


def test_a_file_that_is_gone_costs_its_own_answer_and_no_other(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    for path in (tmp_path / "holdings").rglob("*.json"):
        path.unlink()
    assert told(question(snapshot)) is None


def test_a_file_that_cannot_be_used_is_named_with_what_follows_from_the_others(tmp_path: Path) -> None:
    on_disk(tmp_path, NOW - timedelta(days=1), 57.5)
    snapshot = on_disk(tmp_path)
    max(path for path in (tmp_path / "holdings" / "IWM").glob("*.json")).write_bytes(b"{")
    found = told(question(snapshot))
    assert found is not None
    assert found.funds[0].weight == 97.5
    assert len(found.unreadable) == 1
    assert "cannot be used" in found.unreadable[0]


def test_checks_and_claims_are_given_what_follows(tmp_path: Path) -> None:
    snapshot = on_disk(tmp_path)
    inputs = study(question(snapshot), {}).inputs
    assert inputs.newest(Members("IWM")).value == 2.0
    assert inputs.newest(Members("IVV")).value is None
    assert inputs.newest(Filings("net income")).as_of == date(2026, 9, 30)
    studies = evaluate(question(snapshot), Auditor())
    assert studies.fundamentals == inputs.fundamentals
    assert studies.fundamentals is not None
