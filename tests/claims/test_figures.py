"""Figures told by hand: what is refused, how they age, and when two can be compared."""

from datetime import date
from typing import Any

import pytest

from rotation_tui.claims import figures
from rotation_tui.domain.claim import ConsensusEntry, Finding
from rotation_tui.domain.refusal import RefusedValueError
from tests.claims.material import ARTICLE, both, days, inputs, one, real, told

GIVEN: dict[str, Any] = {
    "index": "R2000", "measure": "fwd_pe", "period": "NTM", "value": 18.0, "basis": "incl. losses",
    "as_of": ARTICLE, "source": "a paper",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"basis": " "}, {"source": ""}, {"value": float("nan")}, {"measure": "pe"}, {"index": "DAX"}, {"basis": "\x1b"}],
)
def test_what_is_not_told_whole_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RefusedValueError):
        ConsensusEntry(**(GIVEN | wrong))


@pytest.mark.parametrize("index", ["RUT", "r2000", "Russell 2000"])
def test_an_index_has_one_name(index: str) -> None:
    assert ConsensusEntry(**(GIVEN | {"index": index})).index == "R2000"


@pytest.mark.parametrize(
    ("age", "finding", "remark"),
    [
        (0, Finding.CONFIRMED, False), (35, Finding.CONFIRMED, False), (36, Finding.CONFIRMED, True),
        (100, Finding.CONFIRMED, True), (101, Finding.UNKNOWN, True),
    ],
)  # fmt: skip
def test_age(age: int, finding: Finding, remark: bool) -> None:
    result = one("C19", inputs(consensus=both("fwd_pe", 18.0, 22.0, as_of=ARTICLE - days(age))))
    assert result.now.finding is finding
    assert (f"{age} days old" in result.why) is remark


def test_what_is_told_later_is_not_yet_known() -> None:
    later = both("fwd_pe", 18.0, 22.0, as_of=ARTICLE + days(1))
    assert one("C19", inputs(consensus=later)).now.finding is Finding.UNKNOWN
    assert one("C19", inputs(consensus=later, known_on=ARTICLE + days(1))).now.finding is Finding.CONFIRMED


@pytest.mark.parametrize("claim_id", ["C16", "C19"])
@pytest.mark.parametrize(
    ("small", "large", "remark"),
    [("incl. losses", "excl. losses", "basis≠"), ("unspecified", "unspecified", "basis?"),
     ("FactSet, unspecified", "incl. losses", "basis?")],
)  # fmt: skip
def test_legs_on_different_bases_confirm_nothing(claim_id: str, small: str, large: str, remark: str) -> None:
    measure = "fwd_pe" if claim_id == "C19" else "eps_growth"
    entries = (told("R2000", measure, 18.0, basis=small), told("SPX", measure, 22.0, basis=large))
    result = one(claim_id, inputs(consensus=entries))
    assert result.now.finding is Finding.UNKNOWN
    assert remark in result.why


def test_a_basis_is_the_same_in_any_case() -> None:
    entries = (told("R2000", "fwd_pe", 18.0, basis="Incl. Losses"), told("SPX", "fwd_pe", 22.0))
    assert one("C19", inputs(consensus=entries)).now.finding is Finding.CONFIRMED


def test_legs_on_one_basis_go_before_newer_ones_on_two() -> None:
    alike = both("fwd_pe", 18.0, 22.0, as_of=ARTICLE - days(10))
    result = one("C19", inputs(consensus=(*alike, told("R2000", "fwd_pe", 24.0, basis="excl. losses"))))
    assert (result.now.finding, result.now.as_of) == (Finding.CONFIRMED, ARTICLE - days(10))


def test_the_newest_entry_counts_and_of_one_day_the_last() -> None:
    entries = both("fwd_pe", 30.0, 22.0, as_of=ARTICLE - days(1)) + both("fwd_pe", 25.0, 22.0)
    assert one("C19", inputs(consensus=entries)).now.finding is Finding.DENIED
    assert one("C19", inputs(consensus=(*entries, told("R2000", "fwd_pe", 18.0)))).now.finding is Finding.CONFIRMED


def test_periods_are_not_mixed() -> None:
    entries = (told("R2000", "eps_growth", 44.0, period="CY2025"), told("SPX", "eps_growth", 15.0, period="CY2026"))
    assert "for one period" in one("C16", inputs(consensus=entries)).why


def test_c18_needs_one_basis_a_year_apart() -> None:
    before = both("fwd_pe", 15.0, 22.0, as_of=ARTICLE - days(370), basis="excl. losses")
    result = one("C18", inputs(consensus=before + both("fwd_pe", 18.0, 22.0)))
    assert result.now.finding is Finding.UNKNOWN
    assert "0.82 vs 0.68 a year before basis≠" in result.why


def test_the_article_tells_its_own_figures() -> None:
    told_by_it = {(e.index, e.measure, e.period): e.value for e in figures.ARTICLE_ENTRIES}
    assert told_by_it["R2000", "fwd_pe", "NTM"] == 18.0
    assert told_by_it["SPX", "fwd_pe", "NTM"] == 22.0
    assert told_by_it["R2000", "eps_growth", "CY2025"] == 44.0
    assert told_by_it["R2000", "eps_growth", "CY2026"] == 22.0
    assert told_by_it["SPX", "eps_growth", "CY2026"] == 15.0
    assert {e.as_of for e in figures.ARTICLE_ENTRIES} == {ARTICLE}
    assert all(e.source.startswith("the 2025 article") for e in figures.ARTICLE_ENTRIES)


def test_the_article_confirms_nothing_by_itself() -> None:
    given = inputs(consensus=figures.ARTICLE_ENTRIES)
    found = {claim_id: one(claim_id, given) for claim_id in ("C15", "C16", "C18", "C19")}
    assert {result.now.finding for result in found.values()} == {Finding.UNKNOWN}
    assert found["C19"].why == "18.0x / 22.0x · −18.2 % (−22.9 % after CY2026) basis? (claimed: 18 vs 22)"
    assert found["C15"].definitions[1].now.value == 44.0


def test_the_article_is_too_old_by_now() -> None:
    later = inputs(consensus=real().consensus, as_of=date(2026, 4, 10))
    assert one("C19", later).why == "R2000 fwd_pe is 101 days old, limit 100 (claimed: 18 vs 22)"
