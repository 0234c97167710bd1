"""Equal days are one object."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.packed import alike, kept
from rotation_tui.workers.days import Days
from rotation_tui.workers.memory import give_back, keep_together


def run(first: date, count: int) -> tuple[date, ...]:
    return tuple(date.fromordinal(first.toordinal() + n) for n in range(count))


def test_equal_runs_are_one_and_others_share_their_days() -> None:
    days, first = Days(), date(2026, 1, 5)
    one = days.shared(run(first, 40))
    assert one == run(first, 40)
    assert days.shared(run(first, 40)) is one
    longer = days.shared(run(first - timedelta(days=1), 41))
    assert longer == run(first - timedelta(days=1), 41)
    assert all(a is b for a, b in zip(longer[1:], one, strict=True))
    assert days.shared(()) == ()


def test_days_between_those_that_are_known_are_shared_from_then_on() -> None:
    days, first = Days(), date(2026, 1, 5)
    weekly = days.shared(tuple(first + timedelta(days=7 * n) for n in range(10)))
    daily = days.shared(run(first, 70))
    assert daily == run(first, 70)
    assert all(daily[7 * n] is day for n, day in enumerate(weekly))
    assert all(a is b for a, b in zip(days.shared(run(first, 69)), daily, strict=False))


def test_runs_of_the_same_ends_and_length_are_not_taken_for_each_other() -> None:
    days, first = Days(), date(2026, 1, 5)
    whole = run(first, 5)
    one, other = (whole[0], whole[1], whole[4]), (whole[0], whole[2], whole[4])
    assert days.shared(one) == one
    assert days.shared(other) == other
    assert days.shared(one) == one


def test_columns_that_a_source_tells_again_are_held_once() -> None:
    days = run(date(2026, 1, 5), 3)
    before = Bars("IWM", Basis.PRICE, days, (1.0, 2.0, 3.0), "test", datetime(2026, 1, 8, tzinfo=UTC),
                  highs=(2.0, None, 4.0), lows=(1.0, 1.0, 1.0))  # fmt: skip
    again = replace(before, closes=(1.0, 2.0, 3.0), highs=(2.0, None, 4.0), lows=(1.0, 1.0, 0.5))
    shared = replace(again, **alike(again, before))
    assert shared == again
    assert {name: kept(shared, name) is kept(before, name) for name in ("closes", "highs", "lows")} == {
        "closes": True, "highs": True, "lows": False,
    }  # fmt: skip
    assert replace(again, **alike(again, None)) == again


def test_a_month_of_longer_runs_leaves_nothing_behind() -> None:
    days = Days()
    for count in range(1, 40):
        days.shared(run(date(2020, 1, 1), count))
        days.shared(run(date(2021, 1, 1), count))
    assert len(days._runs) == 2


def test_runs_of_many_beginnings_are_not_kept_for_ever() -> None:
    days = Days()
    for day in range(400):
        days.shared(run(date(2020, 1, 1) + timedelta(days=day), 3))
    assert len(days._runs) <= 256


def test_telling_the_c_library_harms_nobody() -> None:
    keep_together()
    give_back()
    give_back()
