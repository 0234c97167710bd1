"""What the audit says whatever happens to its inputs, for every claim there is."""

import dataclasses
import importlib
import math
from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from rotation_tui import plugins
from rotation_tui.claims.audit import LINE_WIDTH, all_claims, claims_but
from rotation_tui.claims.base import Claim, ClaimInputs, Definition, every
from rotation_tui.domain.claim import ClaimValue, Finding
from rotation_tui.domain.inputs import SeriesId, Symbol, ids_of
from rotation_tui.domain.series import SERIES
from tests.checks.material import read_by
from tests.claims.material import ARTICLE, audit, inputs, one, price, real

STATIC = {"C13"}


def a_claim(judge: Callable[[ClaimInputs], ClaimValue], **more: object) -> Claim:
    given = Claim("X1", "Test", "a statement", "42", (Definition("ONE", "a measure", "%", judge),))
    return replace(given, **more)


def known(_: ClaimInputs) -> ClaimValue:
    return ClaimValue(1.0, ARTICLE, Finding.CONFIRMED, "1 is 1", "test")


def test_there_are_32_and_a_chapter_is_a_module() -> None:
    assert [claim.id for claim in all_claims()] == [f"C{n:02}" for n in range(1, 33)]
    names = plugins.declaring("rotation_tui.claims", "CLAIMS")
    modules = [importlib.import_module(f"rotation_tui.claims.{name}") for name in names]
    chapters = [{claim.chapter for claim in module.CLAIMS} for module in modules]
    assert chapters == [{module.CHAPTER} for module in modules]
    assert len(set.union(*chapters)) == len(modules)


@pytest.mark.parametrize("claim", all_claims(), ids=lambda claim: claim.id)
def test_no_data_is_unknown_and_says_what_is_missing(claim: Claim) -> None:
    (result,) = audit(inputs(), None, [claim])
    expected = Finding.STATIC if claim.id in STATIC else Finding.UNKNOWN
    assert result.now.finding is expected
    assert result.now.value is None
    if expected is Finding.UNKNOWN:
        assert f"(claimed: {claim.claimed})" in result.why
        assert any(word in result.why for word in ("needs", "unknown"))


@pytest.mark.parametrize("claim", all_claims(), ids=lambda claim: claim.id)
def test_stale_data_is_unknown(claim: Claim) -> None:
    """Everything known at the article's date, and nothing since, seen 120 days later."""
    later = dataclasses.replace(real(), as_of=date(2026, 4, 29), known_on=date(2026, 4, 29), risk=(), verdict=None)
    (result,) = audit(later, None, [claim])
    # law does not age, nor what was told of where revenue comes from
    settled = {"C13": Finding.STATIC, "C24": Finding.STATIC}
    assert result.now.finding is settled.get(claim.id, Finding.UNKNOWN)


@pytest.mark.parametrize("claim", all_claims(), ids=lambda claim: claim.id)
def test_a_claim_is_told_whole(claim: Claim) -> None:
    assert claim.text
    assert any(c.isdigit() for c in claim.claimed)
    assert claim.definition
    names = [definition.name for definition in claim.definitions]
    assert len(set(names)) == len(names)
    assert all(definition.measure for definition in claim.definitions)
    assert (claim.combine is None) == (claim.rule == "")
    assert ids_of(SeriesId, claim.inputs) <= SERIES.keys()
    assert all(name == name.upper() and name not in SERIES for name in ids_of(Symbol, claim.inputs))


@pytest.mark.parametrize("claim", all_claims(), ids=lambda claim: claim.id)
def test_a_claim_reads_nothing_that_it_does_not_name(claim: Claim) -> None:
    """Else nobody fetches it."""
    for definition in claim.definitions:
        assert read_by(definition.judge, real()) <= {each.id for each in claim.inputs}


@pytest.mark.parametrize(
    ("raised", "why"),
    [
        (ZeroDivisionError("float division by zero"), "failed: float division by zero (claimed: 42)"),
        (KeyError(), "failed: KeyError (claimed: 42)"),
        (ValueError("two\nlines \x1b[2J"), "failed: twolines [2J (claimed: 42)"),
    ],
)
def test_one_that_raises_takes_nothing_down(raised: Exception, why: str) -> None:
    def broken(_: ClaimInputs) -> ClaimValue:
        raise raised

    failed, fine = audit(inputs(), inputs(), [a_claim(broken), a_claim(known, id="X2")])
    assert (failed.now.finding, failed.then.finding, failed.why) == (Finding.UNKNOWN, Finding.UNKNOWN, why)
    assert (fine.now.finding, fine.why) == (Finding.CONFIRMED, "1 is 1")


def test_a_definition_that_raises_leaves_the_others() -> None:
    def broken(_: ClaimInputs) -> ClaimValue:
        raise ZeroDivisionError("zero")

    two = (Definition("ONE", "a", "%", known), Definition("TWO", "b", "%", broken))
    (result,) = audit(inputs(), None, [a_claim(known, definitions=two, combine=every(), rule="both")])
    assert [d.now.finding for d in result.definitions] == [Finding.CONFIRMED, Finding.UNKNOWN]
    assert (result.now.finding, result.now.value) == (Finding.UNKNOWN, 1.0)
    assert result.why == "1 is 1 · failed: zero (claimed: 42)"


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_result_that_is_no_number_is_unknown(bad: float) -> None:
    (result,) = audit(inputs(), None, [a_claim(lambda i: replace(known(i), value=bad))])
    assert (result.now.finding, result.now.value) == (Finding.UNKNOWN, None)


def test_why_is_cut_to_a_line() -> None:
    (result,) = audit(inputs(), None, [a_claim(lambda i: replace(known(i), why="1" * 999))])
    assert len(result.why) == LINE_WIDTH


def test_later_claims_see_the_findings_of_earlier_ones() -> None:
    def seen(given: ClaimInputs) -> ClaimValue:
        return replace(known(given), finding=given.findings["X1"])

    results = audit(inputs(), None, [a_claim(known), a_claim(seen, id="X2")])
    assert results[1].now.finding is Finding.CONFIRMED


def test_skipped_claims_are_not_listed() -> None:
    assert "C25" not in [result.id for result in audit(inputs(), None, claims_but(["C25"]))]


def test_a_result_tells_the_claim_and_what_it_comes_to() -> None:
    result = one("C01", inputs([price("RUT", [2501.0])]))
    (only,) = result.definitions
    assert (result.id, result.text, result.definition) == ("C01", "Russell 2000 above 2,500", only.measure)
    assert result.now == ClaimValue(2501.0, ARTICLE, Finding.CONFIRMED, result.why, "test")
    assert only.now == ClaimValue(2501.0, ARTICLE, Finding.CONFIRMED, result.why, "test")
