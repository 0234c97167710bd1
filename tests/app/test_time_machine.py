"""The time machine: every press of a key counts, nothing of a later day shows, and the way back leads to now."""

import asyncio
from datetime import date, timedelta

import pytest

from rotation_tui.app import past
from rotation_tui.app.past import TimeMachine
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.board.contract import Board
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.clock import FixedClock
from rotation_tui.domain.reading import GroupReading, Trail
from rotation_tui.screens.view import View
from rotation_tui.workers.studying import InThread
from tests.board.material import NYSE, bars, quote

LAST = date(2025, 12, 29)
"""The last session that is complete when the demo's clock starts."""


@pytest.fixture
def run() -> Run:
    made = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    made.store.put_bars([bars("IWM", LAST, rows=30), bars("SPY", LAST, rows=20, start=500.0)])
    return made


@pytest.fixture
def viewer(run: Run) -> Viewer:
    return Viewer(run, View(), ascii_only=False)


@pytest.fixture
def machine(run: Run, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> TimeMachine:
    """A machine whose boards are those of now, so that they take no time."""

    async def at_once(run: Run, *_: object) -> tuple[Board, tuple[GroupReading, ...]]:
        return run.board(), ()

    monkeypatch.setattr(past, "past_board", at_once)
    return TimeMachine(run, viewer)


async def _arrived(machine: TimeMachine) -> int:
    """Boards shown on the way."""
    return len([None async for _ in machine.travel()])


async def test_steps_count_while_a_board_is_made(machine: TimeMachine, viewer: Viewer) -> None:
    assert machine.step(-1)
    journey = asyncio.create_task(_arrived(machine))
    await asyncio.sleep(0)
    assert not any(machine.step(-1) for _ in range(4)), "one journey at a time"
    assert await journey < 5
    assert viewer.past == NYSE.offset(LAST, -4)
    assert machine.step(1)
    await _arrived(machine)
    assert viewer.past == NYSE.offset(LAST, -3)


async def test_going_back_while_a_board_is_made_leads_to_now(machine: TimeMachine, viewer: Viewer) -> None:
    machine.step(-1)
    journey = asyncio.create_task(_arrived(machine))
    await asyncio.sleep(0)
    machine.step(1)
    assert await journey == 0
    assert viewer.past is None


async def test_the_way_ends_at_the_first_close(machine: TimeMachine, viewer: Viewer) -> None:
    for _ in range(50):
        machine.step(-1)
    await _arrived(machine)
    assert viewer.past == NYSE.offset(LAST, -29)


async def test_a_board_that_cannot_be_made_leaves_the_machine_where_it_was(
    machine: TimeMachine, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> Board:
        raise ArithmeticError

    with monkeypatch.context() as broken:
        broken.setattr(past, "past_board", failing)
        machine.step(-1)
        with pytest.raises(ArithmeticError):
            await _arrived(machine)
    assert viewer.past is None
    assert machine.step(-1)
    await _arrived(machine)
    assert viewer.past == LAST


async def test_the_day_that_comes_next_is_made_beforehand_where_that_holds_no_key_up(
    run: Run, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[date] = []

    async def noted(run: Run, _: object, day: date) -> tuple[Board, dict[str, Trail]]:
        made.append(day)
        await asyncio.sleep(0)
        return run.board(), {}

    monkeypatch.setattr(past, "past_board", noted)
    monkeypatch.setattr(InThread, "apart", True)
    machine, days = TimeMachine(run, viewer), [NYSE.offset(LAST, -n) for n in range(5)]
    for steps, expected in ((-1, days[:2]), (-1, days[:3]), (1, days[:3]), (-1, days[:3]), (-1, days[:4])):
        machine.step(steps)
        await _arrived(machine)
        await asyncio.sleep(0)
        assert made == expected
    run.store.put_bars([bars("IWM", LAST, rows=31)])
    machine.step(-1)
    await _arrived(machine)
    assert made[-1] == days[3], "what was made of other bars does not count"
    for _ in range(4):
        machine.step(1)
    await _arrived(machine)
    assert viewer.past is None


def test_a_chart_of_a_past_day_ends_on_it_and_one_of_now_does_not(run: Run, viewer: Viewer) -> None:
    day = NYSE.offset(LAST, -5)
    for past_day, last in ((None, LAST), (day, day), (NYSE.previous(day), NYSE.previous(day)), (None, LAST)):
        viewer.show_past(past_day, run.board())
        lines = viewer.lines_of("IWM-SPY")
        assert lines is not None
        assert lines.dates[-1] == last


def test_a_frozen_board_is_still_the_frozen_one_after_a_look_at_the_past(run: Run, viewer: Viewer) -> None:
    frozen = viewer.draw(122, 36).rows
    viewer.freeze()
    run.store.put_quotes([quote("RUT", 2500.0, run.clock.now())], run.clock.now())
    viewer.show_past(LAST, run.board())
    viewer.draw(122, 36)
    viewer.show_past(None, None)
    after = viewer.draw(122, 36).rows
    assert after[2:-1] == frozen[2:-1]
    viewer.freeze()
    assert viewer.draw(122, 36).rows[2:-1] != frozen[2:-1]


def test_ages_and_the_countdown_of_a_frozen_board_stand_with_it(
    run: Run, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer.draw(122, 36)
    viewer.freeze()
    frozen = viewer.draw(122, 36).rows
    monkeypatch.setattr(run, "clock", FixedClock(run.clock.now() + timedelta(minutes=7)))
    assert viewer.draw(122, 36).rows == frozen, "a key or another size draws it anew"
    viewer.freeze()
    assert viewer.draw(122, 36).rows[0] != frozen[0]


async def test_a_day_that_is_typed_is_gone_to_at_once(machine: TimeMachine, viewer: Viewer) -> None:
    assert machine.jump(NYSE.offset(LAST, -7)) is None
    await _arrived(machine)
    assert viewer.past == NYSE.offset(LAST, -7)


async def test_a_day_that_is_no_session_is_the_last_one_before(machine: TimeMachine, viewer: Viewer) -> None:
    assert machine.jump(date(2025, 12, 25)) is None
    await _arrived(machine)
    assert viewer.past == date(2025, 12, 24)


@pytest.mark.parametrize("day", [date.min, NYSE.offset(LAST, -30), NYSE.next(LAST), date(2026, 1, 4), date.max])
async def test_a_day_without_a_board_says_why_not(machine: TimeMachine, viewer: Viewer, day: date) -> None:
    why_not = machine.jump(day)
    assert why_not is not None
    assert str(day) in why_not
    assert machine.goal is None
    await _arrived(machine)
    assert viewer.past is None


async def test_the_past_is_left_at_once(machine: TimeMachine, viewer: Viewer) -> None:
    machine.jump(NYSE.offset(LAST, -7))
    await _arrived(machine)
    machine.leave()
    await _arrived(machine)
    assert viewer.past is None
