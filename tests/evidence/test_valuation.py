"""Multiples that are told by hand, by their worked cases."""

import pytest

from rotation_tui.evidence.valuation import a_year_on, discount, saved_by_cut
from tests.golden import golden


def test_the_discount_of_two_multiples() -> None:
    given, expected = golden("F08")["input"], golden("F08")["output"]
    found = discount(given["small"], given["large"])
    told = {"discount_pct": found.percent, "rel_pe": found.relative, "ey_gap_pp": found.yield_gap}
    assert told == pytest.approx(expected, rel=1e-8)


def test_the_discount_after_a_year_of_growth() -> None:
    given, expected = golden("F09")["input"], golden("F09")["output"]
    found = a_year_on(tuple(given["pe"]), tuple(given["g"]))
    assert [found.small, found.large] == pytest.approx(expected["pe_next"], rel=1e-8)
    assert found.percent == pytest.approx(expected["discount_pct"], rel=1e-8)
    assert [pe / grown for pe, grown in zip(given["pe"], given["g"], strict=True)] == pytest.approx(expected["peg"])


def test_what_a_cut_saves() -> None:
    given = golden("F10")["input"]
    found = saved_by_cut(given["debt_bn"], given["floating"], given["cut_bp"])
    assert found == pytest.approx(golden("F10")["output"], rel=1e-8)
