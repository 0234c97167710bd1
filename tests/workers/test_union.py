"""What several feeds know of one symbol becomes one history, whoever was read first."""

from dataclasses import replace

import pytest

from rotation_tui.domain.bars import Bars
from rotation_tui.workers.union import united
from tests.store.material import bars


def test_of_nothing_comes_nothing() -> None:
    assert united([]) is None
    assert united([bars({})]) is None


FILE = bars({2: 10.0, 3: 11.0, 4: 12.0}, source="file")
NET = replace(bars({3: 11.0, 4: 12.0, 5: 13.0}, source="net"), volumes=(3.0, None, 5.0))


@pytest.mark.parametrize("histories", [(FILE, NET), (NET, FILE)], ids=["file first", "net first"])
def test_two_that_agree_add_up(histories: tuple[Bars, ...]) -> None:
    whole = united(histories)
    assert whole is not None
    assert whole.closes == (10.0, 11.0, 12.0, 13.0)
    assert whole.volumes == (None, 3.0, None, 5.0)
    assert whole.source == "net"


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ({2: 10.0, 3: 11.0}, {2: 10.0, 3: 12.0}, "first"),
        ({2: 10.0, 3: 11.0}, {3: 12.0, 4: 13.0}, "second"),
        ({2: 10.0, 3: 11.0}, {5: 13.0, 6: 13.0}, "second"),
        ({5: 13.0, 6: 13.0}, {2: 10.0, 3: 11.0}, "first"),
    ],
    ids=["disagree", "disagree, goes on longer", "gap", "ends before"],
)
def test_of_two_that_do_not_fit_one_stands_whole(
    first: dict[int, float], second: dict[int, float], stands: str
) -> None:
    both = {"first": bars(first, source="first"), "second": bars(second, source="second")}
    assert united(both.values()) == both[stands]
