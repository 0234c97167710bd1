"""The score: its terms, its coverage, and that its past is the past."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rotation_tui.domain.reading import Checklist, GroupReading, Level, Reading
from rotation_tui.domain.verdict import PRICE_TERMS
from rotation_tui.studies.pair import Pair, join
from rotation_tui.studies.score import RULES, backdrop, price_raws, score, score_series
from tests.golden import golden
from tests.studies.material import NYSE, SMALL_DIGITS, history

raws = st.one_of(st.none(), st.floats(-2, 2))


def indexes(last: date) -> Pair:
    return join(history("RUT").until(last), history("SPX").until(last))


def group(name: str, *levels: Level) -> GroupReading:
    """A group with one check a level."""
    readings = tuple(
        Reading(f"{name}{i}", "", level, None, "", None, None, None, None, "") for i, level in enumerate(levels)
    )
    return GroupReading(name, name, Level.UNKNOWN, readings, 0, len(levels))


def raw_of(mapped: dict[str, float]) -> dict[str, float | None]:
    return {name: RULES[name].centre + RULES[name].scale * value for name, value in mapped.items()}


def test_score_and_coverage() -> None:
    entry = golden("V01")
    full = entry["input"]["full"]
    without = {name: value for name, value in full.items() if name not in entry["input"]["missing"]}
    two = {name: full[name] for name in ("trend", "mom6")}
    for mapped, (value, coverage) in (
        (full, entry["output"]["full"]),
        (without, entry["output"]["price_only"]),
        (two, entry["output"]["fail"]),
    ):
        found = score(raw_of(mapped))
        assert found.value == (None if value is None else pytest.approx(value, rel=SMALL_DIGITS))
        assert found.coverage == pytest.approx(coverage)
        if value is None:
            assert {term.contribution for term in found.terms} == {None}


def test_maps() -> None:
    entry = golden("V02")["input"]
    levels = [Level.OK] * 9 + [Level.WATCH] * 4 + [Level.ALERT] * 2 + [Level.UNKNOWN] * 3
    found = score(
        {
            "trend": entry["d200_log"],
            "mom6": entry["l126_log"],
            "mom3": entry["l63_log"],
            "persist": entry["hits_of_6"],
            "absolute": entry["s_vs_200d_log"],
            "breadth": entry["pct_above200"],
            "sectors": 7 / 9,
            "backdrop": backdrop(Checklist((group("E", *levels), group("S", Level.ALERT)))),
        }
    )
    expected = golden("V02")["output"]
    assert {t.id: t.mapped for t in found.terms} == pytest.approx(expected, rel=SMALL_DIGITS)


def test_no_known_check_is_no_backdrop() -> None:
    assert backdrop(Checklist((group("E", Level.UNKNOWN), group("S", Level.OK)))) is None


def test_only_computed_checks_with_a_vote_make_the_backdrop() -> None:
    judged = group("E", Level.OK, Level.WATCH)
    more = replace(judged, checks=(*judged.checks, replace(judged.checks[0], id="E9")))
    informing = Checklist((more, group("S", Level.ALERT, Level.ALERT)), informing=frozenset({"E9"}))
    assert backdrop(informing) == backdrop(Checklist((judged,))) == 0.5
    assert backdrop(Checklist((group("S", Level.OK),))) is None


@pytest.mark.parametrize("absent", ["trend", "mom6"])
def test_without_trend_or_half_a_year_there_is_no_score(absent: str) -> None:
    found = score({name: 0.0 for name in RULES if name != absent})
    assert found.value is None
    assert found.coverage == pytest.approx(0.75)


@pytest.mark.parametrize(("last", "expected"), [(date(2025, 12, 31), 16.7), (date(2025, 12, 30), 23.9)])
def test_the_price_only_score_when_the_article_appeared(last: date, expected: float) -> None:
    series = score_series(price_raws(indexes(last), NYSE))
    assert series[-1] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("last", [date(2020, 3, 23), date(2008, 10, 31), date(2024, 2, 29)])
def test_the_score_of_a_past_day_is_what_it_was_on_that_day(last: date) -> None:
    whole = indexes(date(2025, 12, 31))
    then = score_series(price_raws(indexes(last), NYSE))
    np.testing.assert_array_equal(score_series(price_raws(whole, NYSE))[: len(then)], then)


def test_a_month_that_has_not_ended_is_not_counted() -> None:
    for day, counted in ((date(2025, 11, 26), False), (date(2025, 11, 28), True)):
        persist = price_raws(indexes(day), NYSE)["persist"]
        before = price_raws(indexes(date(2025, 11, 3)), NYSE)["persist"]
        assert (persist[-1] == before[-1]) is not counted


@given(st.fixed_dictionaries({name: raws for name in PRICE_TERMS}))
def test_one_moment_and_a_series_agree(moment: dict[str, float | None]) -> None:
    found = score(moment)
    series = score_series({n: np.array([np.nan if v is None else v]) for n, v in moment.items()})
    assert np.isnan(series[0]) == (found.value is None)
    if found.value is not None:
        assert series[0] == pytest.approx(found.value, abs=1e-9)
        assert abs(found.value) <= 100 + 1e-9
        assert sum(t.contribution or 0 for t in found.terms) == pytest.approx(found.value)
