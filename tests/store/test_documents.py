"""Holdings and filings on disk: each version as it was known, a thinned past, and an index of what is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rotation_tui.domain.filings import Facts, FrameId, Registry
from rotation_tui.domain.holdings import Holdings, LeftOut, Member
from rotation_tui.store.documents import COMPANIES, Documents, Entry, Stay, facts_id, holdings_id, listed, thinned
from rotation_tui.store.kept import ASIDE
from rotation_tui.store.market_store import MarketStore
from tests.store.material import NOON, later

FRAME = FrameId("us-gaap", "NetIncomeLoss", "USD", "CY2025Q4")
DUE = later(days=1)
ENDS = float(date(2025, 12, 31).toordinal())


def holdings(weight: float = 60.0, at: datetime = NOON) -> Holdings:
    members = (Member("AAPL", "Apple", "Technology", weight, 1e9), Member("BRKB", "Berkshire", "Financials", 39.0))
    return Holdings("IWM", date(2026, 3, 2), members, (LeftOut("USD CASH", "cash", 1.0),), 100.0, "library", at)


def facts(value: float = 2.5e9, at: datetime = NOON, filed: tuple[float | None, ...] | None = None) -> Facts:
    return Facts(FRAME, (320193.0, 789019.0), (value, -1.0), (ENDS, ENDS), "library", at, filed)


def put(documents: Documents, paper: Holdings | Facts | None) -> Entry:
    name = facts_id(FRAME) if isinstance(paper, Facts) else holdings_id("IWM")
    now = NOON if paper is None else paper.fetched_at
    return documents.put(name, paper, now + timedelta(days=1), now, "library")


def test_what_was_kept_comes_back_with_the_time_when_it_is_due(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    registry = Registry({"AAPL": (320193, "Apple Inc.")}, "library", NOON)
    entries = [put(documents, holdings()), put(documents, facts())]
    entries.append(documents.put(COMPANIES, registry, DUE, NOON, "library"))
    again = Documents(tmp_path)
    assert (again.holdings("IWM"), again.facts(FRAME), again.registry()) == (holdings(), facts(), registry)
    assert [*again.entries().values()] == entries
    assert {entry.due for entry in entries} == {DUE}
    assert entries[0].as_of == date(2026, 3, 2)


def test_that_nobody_has_filed_a_figure_is_kept_as_well(tmp_path: Path) -> None:
    Documents(tmp_path).put(facts_id(FRAME), None, DUE, NOON, "library")
    (entry,) = Documents(tmp_path).entries().values()
    assert entry.absent
    assert entry.due == DUE
    assert Documents(tmp_path).facts(FRAME) is None
    assert listed([entry], str(tmp_path)) == ()


def test_a_figure_that_was_there_stays_when_its_source_has_it_no_more(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    put(documents, facts())
    entry = documents.put(facts_id(FRAME), None, later(days=2), later(days=1), "library")
    assert (entry.absent, entry.fetched_at, entry.checked_at) == (False, NOON, later(days=1))
    assert documents.facts(FRAME) == facts()


def test_what_says_the_same_makes_no_new_version_and_is_due_later(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    put(documents, facts())
    entry = put(documents, facts(at=later(days=1)))
    assert (entry.fetched_at, entry.checked_at, entry.due) == (NOON, later(days=1), later(days=2))
    assert documents.facts(FRAME) == facts()
    put(documents, holdings())
    assert put(documents, holdings(at=later(days=1))).fetched_at == NOON


def test_a_past_day_reads_what_had_been_fetched_by_its_end(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    put(documents, holdings(60.0))
    put(documents, holdings(61.0, later(days=3)))
    weights = {
        day: found.members[0].weight
        for day in range(2, 9)
        if (found := documents.holdings("IWM", date(2026, 3, day))) is not None
    }
    assert weights == {3: 60.0, 4: 60.0, 5: 60.0, 6: 61.0, 7: 61.0, 8: 61.0}
    newest = documents.holdings("IWM")
    assert newest is not None
    assert newest.members[0].weight == 61.0


def test_before_anything_was_fetched_only_what_tells_when_it_was_filed_is_known(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    put(documents, facts(filed=(float(date(2026, 2, 2).toordinal()), float(date(2026, 2, 20).toordinal()))))
    found = documents.facts(FRAME, date(2026, 2, 10))
    assert found is not None
    assert (found.ciks, found.values) == ((320193.0,), (2.5e9,))
    assert documents.holdings("IWM", date(2026, 2, 10)) is None


def test_a_frame_that_tells_no_filing_day_is_not_known_before_it_was_fetched(tmp_path: Path) -> None:
    put(Documents(tmp_path), facts())
    assert Documents(tmp_path).facts(FRAME, date(2026, 2, 10)) is None


@pytest.mark.parametrize("broken", [b"", b'{"format": 1, "facts"', b'{"format": 1, "facts": 3}', b'{"format": 99}'])
def test_a_file_that_cannot_be_used_is_set_aside_and_told_and_the_one_before_counts(
    broken: bytes, tmp_path: Path
) -> None:
    told: list[str] = []
    documents = Documents(tmp_path, told.append)
    put(documents, holdings(60.0))
    put(documents, holdings(61.0, later(days=1)))
    newest = max((tmp_path / "holdings" / "IWM").glob("*.json"))
    newest.write_bytes(broken)
    found = documents.holdings("IWM")
    assert found is not None
    assert found.members[0].weight == 60.0
    assert newest.with_name(newest.name + ASIDE).read_bytes() == broken
    assert len(told) == 1


def test_without_an_index_all_is_fetched_anew(tmp_path: Path) -> None:
    put(Documents(tmp_path), facts())
    (tmp_path / "facts" / "index.json").write_bytes(b"{")
    assert Documents(tmp_path).entries() == {}
    assert put(Documents(tmp_path), facts(3.0, later(days=1))).fetched_at == later(days=1)


def test_what_lost_its_file_is_fetched_anew(tmp_path: Path) -> None:
    put(Documents(tmp_path), holdings())
    put(Documents(tmp_path), facts())
    for path in (tmp_path / "holdings" / "IWM").glob("*.json"):
        path.unlink()
    assert [*Documents(tmp_path).entries()] == [facts_id(FRAME)]


def test_a_value_wrong_by_a_thousand_costs_none_of_the_others(tmp_path: Path) -> None:
    put(Documents(tmp_path), facts(4.1e18))
    found = Documents(tmp_path).facts(FRAME)
    assert found is not None
    assert found.values == (4.1e18, -1.0)


def test_of_the_past_the_last_days_stay_and_before_them_one_a_month() -> None:
    versions = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(hours=12 * n) for n in range(180)]
    gone = thinned(versions, Stay(days=3, months=2))
    staying = [f"{at:%m-%d %H}" for at in versions if at not in gone]
    assert staying == ["02-28 12", "03-29 12", "03-30 12", "03-31 12", "04-01 00"]


def test_old_versions_of_a_file_go_when_a_new_one_comes(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    for day in range(20):
        put(documents, holdings(40.0 + day, later(days=day)))
    kept = [*(tmp_path / "holdings" / "IWM").glob("*.json")]
    assert len(kept) == 7 + 1  # and one of the month before them


@pytest.mark.parametrize(("days", "there"), [(399, True), (401, False)])
def test_what_nobody_asked_for_in_a_year_is_swept(days: int, there: bool, tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    put(documents, facts())
    documents.sweep(later(days=days))
    assert (documents.facts(FRAME) is not None) is there
    assert bool(documents.entries()) is there


def a_list(change: Callable[[Documents], Entry], folder: Path) -> bool:
    store = MarketStore()
    documents = Documents(folder)
    store.put_documents(listed([put(documents, facts())], str(folder)))
    before = store.bars_revision
    store.put_documents(listed([change(documents)], str(folder)))
    return store.bars_revision > before


def test_studies_follow_a_new_version_and_nothing_else(tmp_path: Path) -> None:
    assert a_list(lambda documents: put(documents, facts(3.0, later(days=1))), tmp_path / "new")
    assert not a_list(lambda documents: put(documents, facts(at=later(days=1))), tmp_path / "same")
