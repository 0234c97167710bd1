"""The sample of a fund's members: stratified, the same every day, and never larger than asked."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.holdings import Member
from rotation_tui.domain.sampling import mean_error, other_spellings, sample, share_error
from tests.chance import tried

SECTORS = ("Financials", "Health Care", "Industrials")


def fund(*counts: int) -> list[Member]:
    """So many members of each sector, of falling weight, the sectors mixed."""
    members = [(n, sector) for sector, count in zip(SECTORS, counts, strict=True) for n in range(count)]
    members.sort()
    return [Member(f"{s[:2]}{n}", f"{s} {n}", s, 10.0 / (1 + at)) for at, (n, s) in enumerate(members)]


@tried(40)
@given(st.tuples(*[st.integers(0, 120)] * 3), st.integers(1, 90))
def test_each_third_and_sector_has_its_share(counts: tuple[int, int, int], size: int) -> None:
    members = fund(*counts)
    drawn = sample(members, size)
    assert len(drawn) == min(size, len(members))
    assert len({member.ticker for member in drawn}) == len(drawn)
    assert set(drawn) <= set(members)
    if len(members) <= size:
        return
    third = {member.ticker: 3 * place // len(members) for place, member in enumerate(members)}
    all_of, some_of = (Counter((third[m.ticker], m.sector) for m in among) for among in (members, drawn))
    for stratum, count in all_of.items():
        assert math.floor(size * count / len(members)) <= some_of[stratum] <= math.ceil(size * count / len(members))


def test_neither_order_nor_day_changes_it_and_it_is_no_list_of_the_largest() -> None:
    members = fund(70, 50, 30)
    drawn = sample(members, 30)
    assert sample(members[::-1], 30) == drawn
    assert [m.weight for m in drawn] == sorted((m.weight for m in drawn), reverse=True)
    assert drawn != tuple(members[:30])
    gone = next(m for m in members if m not in drawn)
    stayed = sample([m for m in members if m is not gone], 30)
    assert len(set(stayed) & set(drawn)) >= 24, "one that goes moves few others"


def test_standard_errors_are_those_of_a_sample_without_replacement() -> None:
    assert share_error(60.0, 200, 1950) == pytest.approx(3.2817, abs=1e-4)
    assert share_error(60.0, 200, 200) == 0.0
    assert share_error(100.0, 50, 500) == 0.0
    assert mean_error(12.0, 144, 288) == pytest.approx(12 / 12 * math.sqrt(0.5))


def test_a_class_of_shares_has_a_spelling_of_its_own() -> None:
    assert other_spellings(["BRKB", "BF.B", "A", "GE"]) == {"BRK-B": "BRKB"}
