"""Cases chosen in pairs leave no pair out."""

from itertools import combinations, product

import pytest

from tests.pairs import covering, in_pairs


@pytest.mark.parametrize("lengths", [(7, 2, 3, 7), (2, 2), (1, 4, 3), (5, 2, 7, 2, 3)])
def test_every_two_values_meet_in_few_cases(lengths: tuple[int, ...]) -> None:
    chosen = covering(lengths)
    for a, b in combinations(range(len(lengths)), 2):
        assert {(case[a], case[b]) for case in chosen} == set(product(range(lengths[a]), range(lengths[b])))
    longest = sorted(lengths)[-2:]
    assert longest[0] * longest[1] <= len(chosen) <= 1.5 * longest[0] * longest[1]


def test_no_combination_is_lost_and_the_others_are_slow() -> None:
    cases = in_pairs(number={"one": 1, "two": 2}, letter={"a": "a", "b": "b"}, side={"left": -1, "right": 1}).args[1]
    assert [case.id for case in cases] == [
        "-".join(names) for names in product(("one", "two"), ("a", "b"), ("left", "right"))
    ]
    assert cases[0].values == (1, "a", -1)
    assert sum(not case.marks for case in cases) == 4
