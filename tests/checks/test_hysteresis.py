"""A level changes after it was confirmed, and not on the way back through the threshold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.checks import hysteresis
from rotation_tui.domain.reading import Level
from tests.golden import golden

OK, WATCH, ALERT, UNKNOWN = Level.OK, Level.WATCH, Level.ALERT, Level.UNKNOWN


@pytest.mark.parametrize(
    ("case", "watch", "alert", "higher_is_worse"), [("K05", 4.5, 6.0, True), ("K06", 0.25, 0.0, False)]
)
def test_golden_paths(case: str, watch: float, alert: float, higher_is_worse: bool) -> None:
    expected = golden(case)
    found = hysteresis.numeric(expected["input"], watch, alert, higher_is_worse=higher_is_worse)
    assert list(found) == expected["output"]


@pytest.mark.parametrize(
    ("values", "confirm", "levels"),
    [
        ([None, 7.0], 2, [UNKNOWN, ALERT]),  # the first known observation sets the level
        ([1.0, 7.0], 1, [OK, ALERT]),  # once is enough for monthly series
        ([1.0, 5.0, 7.0], 2, [OK, OK, WATCH]),  # both reach WATCH, one reaches ALERT
        ([7.0, 1.0, 1.0], 2, [ALERT, ALERT, OK]),  # back over both levels at once
        ([7.0, 5.0, 1.0, 1.0], 2, [ALERT, ALERT, WATCH, OK]),
        ([1.0, 5.0, None, 5.0], 2, [OK, OK, UNKNOWN, WATCH]),  # an unknown one does not reset the count
        ([5.0, 4.35, 4.36, 4.35, 4.35], 2, [WATCH, WATCH, WATCH, WATCH, OK]),  # the band's edge is out
    ],
)
def test_paths(values: list[float | None], confirm: int, levels: list[Level]) -> None:
    assert list(hysteresis.numeric(values, 4.5, 6.0, confirm=confirm)) == levels


@pytest.mark.parametrize(("strict", "level"), [(False, WATCH), (True, OK)])
def test_exactly_at_the_threshold(strict: bool, level: Level) -> None:
    assert hysteresis.numeric([0.25], 0.25, 0.0, higher_is_worse=False, strict=strict) == (level,)


@pytest.mark.parametrize(("watch", "alert", "higher"), [(2.0, 1.0, True), (1.0, 2.0, False), (1.0, 1.0, True)])
def test_thresholds_the_wrong_way_round_are_refused(watch: float, alert: float, higher: bool) -> None:
    with pytest.raises(ValueError, match="not worse"):
        hysteresis.numeric([0.0], watch, alert, higher_is_worse=higher)


def test_flags_count_without_a_band() -> None:
    flags = [OK, ALERT, WATCH, WATCH, UNKNOWN, OK, OK]
    assert hysteresis.flagged(flags) == (OK, OK, WATCH, WATCH, UNKNOWN, WATCH, OK)


@given(st.lists(st.one_of(st.none(), st.floats(-10, 10)), max_size=40), st.integers(1, 3))
def test_mirrored_values_have_the_same_levels(values: list[float | None], confirm: int) -> None:
    mirrored = [None if value is None else -value for value in values]
    assert hysteresis.numeric(values, 2.0, 5.0, confirm=confirm) == hysteresis.numeric(
        mirrored, -2.0, -5.0, higher_is_worse=False, confirm=confirm
    )
