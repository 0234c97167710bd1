"""The regime machine: the golden case, every way between states, and the history it must reproduce."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotation_tui.domain.verdict import Regime
from rotation_tui.studies.regime import replay
from rotation_tui.studies.rotation_history import study_rotation
from tests.golden import golden
from tests.studies.material import NYSE, history

TRANSITIONS = [
    ("2016-07-14", Regime.EMERGING),
    ("2016-07-28", Regime.ROTATION),
    ("2017-03-10", Regime.CONSOLIDATION),
    ("2017-05-23", Regime.REVERSAL),
    ("2020-10-09", Regime.ROTATION),
    ("2021-07-07", Regime.CONSOLIDATION),
    ("2021-07-13", Regime.REVERSAL),
    ("2024-07-31", Regime.ROTATION),
    ("2024-08-08", Regime.CONSOLIDATION),
    ("2024-08-16", Regime.REVERSAL),
    ("2024-11-29", Regime.ROTATION),
    ("2025-01-16", Regime.REVERSAL),
    ("2025-09-24", Regime.EMERGING),
    ("2025-11-19", Regime.NO_ROTATION),
    ("2025-12-02", Regime.EMERGING),
    ("2025-12-12", Regime.ROTATION),
]


def test_the_golden_case() -> None:
    entry = golden("V03")
    run = replay(entry["input"], confirm=2, reversal_sessions=3)
    told = [s.value + ("" if known else "?") for s, known in zip(run.states, run.known, strict=True)]
    assert told == entry["output"]


def test_the_history_of_the_indexes() -> None:
    found = study_rotation(history("RUT"), history("SPX"), NYSE)
    for day, regime in TRANSITIONS:
        named = date.fromisoformat(day)
        near = [
            t.session
            for t in found.transitions
            if t.regime is regime and NYSE.age(min(t.session, named), max(t.session, named)) < 3
        ]
        assert len(near) == 1, f"{day} {regime}"
    assert found.regime is Regime.ROTATION
    assert found.since == found.transitions[-1].session
    assert found.since is not None
    assert found.age == NYSE.age(found.since, date(2025, 12, 31)) == found.episode_age
    # The completed episodes of 2016 to 2025 are among the published lengths.
    assert set(found.episodes[-9:]) <= set(golden("V04")["input"])


@pytest.mark.parametrize(
    ("before", "scores", "after"),
    [
        ([], [40] * 4, Regime.NO_ROTATION),
        ([], [40] * 5, Regime.ROTATION),
        ([], [20] * 5, Regime.EMERGING),
        ([], [19.9] * 9, Regime.NO_ROTATION),
        ([], [20] * 4 + [19.9] + [20] * 4, Regime.NO_ROTATION),
        ([20] * 5, [40] * 5, Regime.ROTATION),
        ([20] * 5, [-0.1] * 5, Regime.NO_ROTATION),
        ([20] * 5, [0] * 9, Regime.EMERGING),
        ([40] * 5, [19.9] * 5, Regime.CONSOLIDATION),
        ([40] * 5, [20] * 9, Regime.ROTATION),
        ([40] * 5, [-20] * 5, Regime.REVERSAL),
        ([40] * 5 + [0] * 5, [40] * 5, Regime.ROTATION),
        ([40] * 5 + [0] * 5, [-20] * 5, Regime.REVERSAL),
        ([40] * 5 + [0] * 5, [-19.9] * 9, Regime.CONSOLIDATION),
        ([40] * 5 + [-20] * 5, [40] * 5, Regime.ROTATION),
        ([40] * 5 + [-20] * 5, [0] * 63, Regime.REVERSAL),
        ([40] * 5 + [-20] * 5, [0] * 64, Regime.NO_ROTATION),
        ([40] * 5 + [-20] * 5, [20] * 64, Regime.EMERGING),
        ([40] * 4 + [None] * 9, [40], Regime.ROTATION),
        ([40] * 5 + [-20] * 5, [None] * 99 + [0] * 63, Regime.REVERSAL),
    ],
)
def test_ways_between_states(before: list[float | None], scores: list[float | None], after: Regime) -> None:
    assert replay([*before, *scores]).states[-1] is after


def test_a_fall_straight_through_counts_from_one_counter() -> None:
    run = replay([40] * 5 + [-20] * 5)
    assert [state for _, state in run.entries] == [Regime.ROTATION, Regime.REVERSAL]
    assert run.episodes == ((4, 9),)


def test_consolidation_belongs_to_the_episode() -> None:
    run = replay([40] * 5 + [0] * 5 + [40] * 5)
    assert (run.episode_start, run.episodes) == (4, ())


@given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=80), st.integers(0, 80))
def test_later_scores_change_no_earlier_state(scores: list[float | None], cut: int) -> None:
    whole, part = replay(scores, 2, 5), replay(scores[:cut], 2, 5)
    assert whole.states[: len(part.states)] == part.states
    assert whole.entries[: len(part.entries)] == part.entries
    assert whole.episodes[: len(part.episodes)] == part.episodes
    assert all(state is not Regime.UNKNOWN for state in whole.states)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from([-60.0, -20.0, -5.0, 0.0, 19.9, 20.0, 40.0])), max_size=60),
    st.sampled_from([-60.0, -5.0, 10.0, 20.0, 40.0]),
)
def test_each_change_was_announced_with_its_counter(scores: list[float | None], following: float) -> None:
    before, after = replay(scores, 2, 4), replay([*scores, following], 2, 4)
    state = before.states[-1] if before.states else Regime.NO_ROTATION
    if after.states[-1] is state:
        return
    way = next(way for way in before.ways_out if way.to is after.states[-1])
    assert way.rests == 0
    if way.counter is not None:
        left, reached = (next(c for c in run.counters if c.id == way.counter) for run in (before, after))
        assert reached.closes >= reached.needed
        assert reached.closes == left.closes + 1


@pytest.mark.parametrize(("rested", "rests"), [(0, 63), (1, 62), (62, 1), (63, 0), (99, 0)])
def test_a_reversal_tells_how_long_it_rests(rested: int, rests: int) -> None:
    run = replay([40] * 5 + [-20] * 5 + [-20] * min(rested, 63))
    assert [(way.to, way.rests) for way in run.ways_out] == (
        [(Regime.ROTATION, 0), (Regime.EMERGING, rests), (Regime.NO_ROTATION, rests)]
    )


def test_counters_stand_as_the_last_closes_left_them() -> None:
    run = replay([41.0, 40.0, None, 20.0, 19.0, -1.0, -20.0, None])
    assert {c.id: c.closes for c in run.counters} == {"up": 0, "emerging": 0, "down": 3, "none": 2, "low": 1}
