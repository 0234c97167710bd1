"""Cases that try every pair of values, where trying every combination would take too long."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

import pytest

Case = tuple[int, ...]


def covering(lengths: Sequence[int]) -> set[Case]:
    """Combinations, as places on each axis, in which every value of an axis meets every value of every other.

    Greedy: the next case is the first that brings the most pairs not yet met. Close to the fewest that do, which is
    the product of the two longest axes.
    """

    def met(case: Case) -> set[tuple[int, int, int, int]]:
        return {(a, case[a], b, case[b]) for a, b in combinations(range(len(case)), 2)}

    left = {case: met(case) for case in product(*map(range, lengths))}
    open_pairs = set().union(*left.values())
    chosen: set[Case] = set()
    while open_pairs:
        best = max(left, key=lambda case: len(left[case] & open_pairs))
        open_pairs -= left.pop(best)
        chosen.add(best)
    return chosen


def in_pairs(**axes: Mapping[str, Any]) -> pytest.MarkDecorator:
    """Parametrize a test over all combinations of named values; those that bring no new pair are marked slow."""
    wanted = covering([len(axis) for axis in axes.values()])
    cases = [
        pytest.param(
            *(value for _, value in chosen),
            id="-".join(name for name, _ in chosen),
            marks=[] if places in wanted else [pytest.mark.slow],
        )
        for places, chosen in zip(
            product(*(range(len(axis)) for axis in axes.values())),
            product(*(axis.items() for axis in axes.values())),
            strict=True,
        )
    ]
    return pytest.mark.parametrize(tuple(axes), cases)
