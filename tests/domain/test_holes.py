"""Sessions that a history lacks: which they are, and for how long they are asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from rotation_tui.domain.bars import Bars, Basis
from rotation_tui.domain.holes import MOST_ASKED, Hole, holes_in, open_holes
from rotation_tui.domain.session import nyse

NYSE = nyse()
NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)
DAYS = NYSE.sessions(date(2026, 1, 2), date(2026, 3, 2))


def _bars(*days: date) -> Bars:
    return Bars("IWM", Basis.PRICE, days, tuple(100.0 for _ in days), "first", NOW)


@pytest.mark.parametrize(
    ("days", "holes"),
    [
        (DAYS, ()),
        ((*DAYS[:5], *DAYS[6:]), (DAYS[5],)),
        (DAYS[1:-1], ()),
        (DAYS[::5], ()),
        ((date(1970, 1, 5), date(1970, 2, 5)), ()),
        ((), ()),
    ],
    ids=["whole", "one", "at neither end", "weekly rows", "before the table", "nothing"],
)
def test_a_hole_is_a_session_between_two_rows(days: tuple[date, ...], holes: tuple[date, ...]) -> None:
    assert holes_in((_bars(*days),), NYSE) == holes


def test_each_time_in_vain_makes_the_wait_longer_until_it_ends() -> None:
    holed, now, asked = _bars(*DAYS[:5], *DAYS[6:]), NOW, 0
    known: tuple[Hole, ...] = ()
    while asked < 20:
        known = open_holes(known, (holed,), NYSE, None, now)
        (hole,) = known
        asked += 1
        assert not hole.is_due(now)
        if hole.asked >= MOST_ASKED:
            break
        assert hole.is_due(hole.again)
        now = hole.again
    assert asked == MOST_ASKED
    assert timedelta(days=30) < now - NOW < timedelta(days=90)
    assert not known[0].is_due(now + timedelta(days=1000))


def test_what_was_not_asked_for_waits_no_longer_and_what_came_is_gone() -> None:
    holed = _bars(*DAYS[:5], *DAYS[6:20], *DAYS[21:])
    known = open_holes((), (holed,), NYSE, None, NOW)
    later = open_holes(known, (holed,), NYSE, DAYS[15], NOW + timedelta(hours=1))
    assert (later[0], later[1].asked) == (known[0], 2)
    assert open_holes(later, (_bars(*DAYS),), NYSE, None, NOW) == ()


def test_a_wait_that_a_clock_ahead_left_is_over() -> None:
    hole = Hole(DAYS[5], 1, NOW + timedelta(minutes=30))
    assert not hole.is_due(NOW)
    assert replace(hole, again=NOW + timedelta(days=90)).is_due(NOW)
