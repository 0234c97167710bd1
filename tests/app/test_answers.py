"""Every key answers within one frame: what it does is seen, or the last line says why it does nothing here."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from rotation_tui.app import monitor
from rotation_tui.app.scene import Scene
from rotation_tui.board.contract import Board
from rotation_tui.screens.keys import KEYS, SCREENS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row, plain
from tests.app.test_monitor import Desk, running, state
from tests.boards import FULL

__all__ = ["state"]

BESIDE = ("leave", "suspend_process", "command_palette")
"""What ends or stops the program, or puts a screen of Textual's own over it."""
ACTIONS = [key for key in KEYS if key.action not in BESIDE and not key.prompts]


@pytest.fixture(autouse=True)
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that has everything, without a feed."""

    def board_of(_scene: Scene, *_: object) -> Board:
        return FULL

    monkeypatch.setattr(Scene, "board_of", board_of)


@asynccontextmanager
async def answering(view: View) -> AsyncIterator[Desk]:
    async with running() as desk:
        see(desk, view)
        yield desk


def see(desk: Desk, view: View) -> None:
    desk.app._viewer.view = view
    desk.app._show()


def rows(desk: Desk) -> tuple[Row, ...]:
    """What the last frame drew."""
    sheet = desk.app._viewer.sheet
    assert sheet is not None
    return sheet.rows


def last_line(desk: Desk) -> str:
    return plain(rows(desk)).splitlines()[-1]


async def pressed(desk: Desk, *keys: str) -> str:
    """Press keys; the last line of the frame that follows."""
    await desk.pilot.press(*keys)
    return last_line(desk)


def views(screen: str) -> Iterator[tuple[str, View]]:
    """What the screen can look like when a key is pressed."""
    seen = View(screen=screen)
    yield "as it begins", seen
    yield "under the help", replace(seen, help=True)


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_key_answers_on_every_screen(screen: str) -> None:
    async with answering(View(screen=screen)) as desk:
        silent: list[str] = []
        for told, view in views(screen):
            for key in ACTIONS:
                see(desk, view)
                before = rows(desk)
                await desk.app.run_action(key.action)
                unseen = "changes nothing" in last_line(desk) and "moved_cursor" not in key.action  # it has no history
                if rows(desk) == before or unseen:
                    silent.append(f"{key.keys} on {screen} {told}")
        assert silent == []
        assert desk.app.fault is None
        assert desk.care.left is None


async def test_a_key_that_does_nothing_here_says_where_it_works() -> None:
    async with answering(View()) as desk:
        for key, words in {
            "p": "week or day, or chapter, on the sectors (3)",
            "left": "read the chart at a date, on the spreads (2)",
            "u": "a check is muted on its screen, 4",
            "x": "none is selected on the spreads (2) and charts (9) screens",
            "~": "~ is no key here; ? shows those that are",
            "right_square_bracket": "this is now",
            "z": "times of your own zone",
            "r": "asking",
        }.items():
            assert words in await pressed(desk, key)
            assert "? help" in last_line(desk)
        assert "asking" not in await pressed(desk, "2"), "the next key takes it away"


async def test_an_answer_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "_SAID_S", 0.01)
    async with answering(View()) as desk:
        await desk.app.run_action("refresh_now")
        await desk.until(lambda: "1 overview" in last_line(desk))
