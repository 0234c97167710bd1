"""The THEN column on real closes and observations, and what a day may know."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from rotation_tui.domain.claim import ClaimResult, Finding
from rotation_tui.domain.results import DEFINITIONS
from tests.checks.material import INDEX, history
from tests.claims.material import ARTICLE, about, audit, part, real

YEAR_END = date(2025, 12, 31)
C, D, M, U, S = Finding.CONFIRMED, Finding.DENIED, Finding.MIXED, Finding.UNKNOWN, Finding.STATIC


@cache
def audited(as_of: date = YEAR_END) -> Mapping[str, ClaimResult]:
    return {result.id: result for result in audit(real(as_of), real(ARTICLE))}


@pytest.mark.parametrize(
    ("claim_id", "value", "as_of", "finding"),
    [
        ("C01", 2500.59, ARTICLE, C),
        ("C02", 100 * (2500.59 / 2590.61 - 1), ARTICLE, C),
        ("C03", 2590.61, date(2025, 12, 11), C),
        ("C04", 12.12603580, ARTICLE, C),
        ("C05", 17.43911237, ARTICLE, C),
        ("C06", 14.96754083, ARTICLE, M),
        ("C07", 0.0, ARTICLE, D),
        ("C11", -0.75, ARTICLE, C),
        ("C13", None, date(2025, 7, 4), S),
        ("C19", 100 * (18 / 22 - 1), ARTICLE, U),
        ("C22", 18.97677575, ARTICLE, C),
        ("C24", 80.0, ARTICLE, S),
        ("C30", None, None, U),
    ],
)
def test_then(claim_id: str, value: float | None, as_of: date | None, finding: Finding) -> None:
    then = audited()[claim_id].then
    assert (then.value, then.as_of, then.finding) == (
        None if value is None else about(value), as_of, finding,
    )  # fmt: skip


def test_the_year_end_stands_beside_it() -> None:
    now = {name: audited()[name].now for name in ("C01", "C03", "C04", "C05", "C06", "C07", "C11")}
    assert [value.finding for value in now.values()] == [D, C, D, C, D, D, C]
    assert now["C04"].value == about(100 * (2481.91 / 2230.16 - 1))
    assert (now["C06"].value, now["C06"].why) == (about(14.1087, 1e-5), "+14.11 vs +10.32 % at 2025-12-31")


def test_the_half_year_fits_on_one_day_only() -> None:
    half = audited()["C06"]
    found = {d.name: d.then.finding for d in half.definitions}
    assert found == {"TO DATE": M, "12-29": C, "FUTURES": U}
    assert half.then.why == "+14.97 vs +11.14 % at 2025-12-30 · +15.85 vs +11.29 % at 2025-12-29"


def test_the_widest_margin_shows_all_five_definitions() -> None:
    widest = audited()["C07"]
    assert tuple(d.name for d in widest.definitions) == DEFINITIONS
    assert {d.then.finding for d in widest.definitions} == {D}
    closes = history(INDEX)
    spread = [closes[leg][ARTICLE] / closes[leg][date(2024, 12, 31)] for leg in ("RUT", "SPX")]
    assert part(widest, "CAL", then=True).value == about(100 * (spread[0] - spread[1]))
    assert widest.then.why.startswith("0 of 5 over a decade: CAL −5.1 pp · HALF +3.8 pp since 2020-12-30")


def test_three_cuts_in_words() -> None:
    assert audited()["C11"].then.why == "3 cuts in 2025, −75 bp to 3.50-3.75 %, last −25 bp on 2025-12-11"


def test_policy_and_curve_are_read_from_series() -> None:
    curve = part(audited()["C20"], "CURVE", then=True)
    # the article's day knows the yields of the day before
    assert (curve.value, curve.as_of) == (about(4.12 - 3.68), date(2025, 12, 29))


def test_before_the_article_there_is_no_then() -> None:
    for result in audited(date(2025, 12, 29)).values():
        assert (result.then.finding, result.then.value) == (U, None)
        assert result.then.why == "the article is of 2025-12-30"
    assert audited(date(2025, 12, 29))["C01"].now.finding is C


def test_on_the_day_of_the_article_both_columns_agree() -> None:
    assert all(result.then == result.now for result in audited(ARTICLE).values())


@pytest.mark.parametrize("as_of", [date(2025, 3, 14), date(2025, 9, 18), ARTICLE])
def test_a_past_day_knows_nothing_of_what_followed(as_of: date) -> None:
    cut = real(as_of)
    everything = replace(cut, bars=real(YEAR_END).bars)
    trimmed = replace(cut, observations={key: s.until(as_of) for key, s in cut.observations.items()})
    assert audit(everything, None) == audit(trimmed, None)
    for result in audit(trimmed, None):
        assert result.now.as_of is None or result.now.as_of <= as_of or result.now.finding is S


def test_every_claim_says_why_in_one_line_with_a_number() -> None:
    results = audited()
    assert [*results] == [f"C{n:02}" for n in range(1, 33)]
    for result in results.values():
        for why in (result.why, result.then.why):
            assert any(c.isdigit() for c in why), (result.id, why)
            assert why.isprintable()
            assert len(why) <= 240
        known = result.now.finding in (C, D, M)
        assert not known or (result.now.value is not None and result.now.as_of and result.now.source), result.id
