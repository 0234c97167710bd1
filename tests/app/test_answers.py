"""Every key answers within one frame: what it does is seen, or the last line says why it does nothing here."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace
from textual import events

from rotation_tui.app import monitor
from rotation_tui.app.prompts import Prompt
from rotation_tui.app.scene import Scene
from rotation_tui.app.setup import Run
from rotation_tui.board.contract import Board
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keymap import Keymap
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


def sheet_of(desk: Desk) -> Sheet:
    sheet = desk.app._viewer.sheet
    assert sheet is not None
    return sheet


def rows(desk: Desk) -> tuple[Row, ...]:
    """What the last frame drew."""
    return sheet_of(desk).rows


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


PRESSED_ON = [
    pytest.param(name, marks=() if len(screen.panes) == 1 else pytest.mark.whole, id=name)
    for name, screen in SCREENS.items()
]


@pytest.mark.parametrize("screen", PRESSED_ON)
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
            "p": "p works on sectors (3), claims (5) and watchlists (8): week, chapter, or list",
            "left": "works on spreads (2), watchlists (8) and charts (9)",
            "u": "a check is muted on its screen, 4",
            "x": "none is selected on spreads (2) and charts (9)",
            "~": "~ is no key here; ? shows those that are",
            "right_square_bracket": "this is now",
            "z": "times of your own zone",
            "r": "asking",
        }.items():
            assert words in await pressed(desk, key)
            assert "? help" in last_line(desk)
        assert "asking" not in await pressed(desk, "2"), "the next key takes it away"


async def test_who_is_told_by_a_server_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async with answering(View()) as desk:
        monkeypatch.setattr(Run, "is_told", True)
        monkeypatch.setattr(desk.app._run.desk, "refresh", lambda: pytest.fail("a feed is asked"))
        assert "a server asks the feeds" in await pressed(desk, "r")


async def test_an_answer_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "_SAID_S", 0.01)
    async with answering(View()) as desk:
        await desk.app.run_action("refresh_now")
        await desk.until(lambda: "1 overview" in last_line(desk))


async def test_rows_are_filtered_while_one_types_and_esc_ends_it() -> None:
    async with answering(View(focus="sectors")) as desk:
        every = steer.focused(desk.app._viewer.view, sheet_of(desk))[1]
        await desk.burst("/fin")
        await desk.until(lambda: "/fin " in plain(rows(desk)))
        shown = sheet_of(desk).rows_of["sectors"]
        assert 0 < len(shown) < len(every)
        assert f"/fin {len(shown)} of {len(every)}" in plain(rows(desk))
        await desk.burst("\r")
        await desk.until(lambda: desk.typed is None)
        assert sheet_of(desk).rows_of["sectors"] == shown, "enter leaves them as they are"
        await pressed(desk, "escape")
        assert sheet_of(desk).rows_of["sectors"] == every
        await desk.burst("/zz[/]q")
        await desk.until(lambda: "0 of" in plain(rows(desk)))
        assert desk.care.left is None
        await desk.burst("\x1b")
        await desk.until(lambda: desk.typed is None)
        assert sheet_of(desk).rows_of["sectors"] == every


async def test_a_pane_without_rows_is_not_filtered() -> None:
    async with answering(View(screen="sectors", focus="rotation")) as desk:
        assert "no rows to filter in the rotation pane" in await pressed(desk, "/")
        assert desk.typed is None


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("ndx", lambda view: view.opened == "NDX" and view.focus == "indexes"),
        ("iwm/spy", lambda view: view.screen == "spreads" and view.selected["spreads"] == "IWM-SPY"),
        ("risk", lambda view: view.screen == "risk"),
        ("drivers", lambda view: view.screen == "risk" and view.focus == "drivers"),
        ("theme blue_o", lambda view: view.theme == "blue_orange"),
        (FULL.risk[0].checks[0].id.lower(), lambda view: view.selected.get("checks") == FULL.risk[0].checks[0].id),
        (FULL.sectors[0].symbol, lambda view: view.opened == FULL.sectors[0].id),
        ("now", lambda view: view.said == "this is now"),
        ("2026-02-30", lambda view: view.said == "2026-02-30 is no day of the calendar"),
        ("9999-12-31", lambda view: "the last session that is over" in (view.said or "")),
        ("1792-05-17", lambda view: "the first close there is" in (view.said or "")),
        ("§%&/(", lambda view: "no symbol" in (view.said or "") or "no pair" in (view.said or "")),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
async def test_one_goes_anywhere_by_name(typed: str, seen: Callable[[View], bool]) -> None:
    async with answering(View()) as desk:
        await desk.burst(f":{typed}\r")
        await desk.until(lambda: desk.typed is None and seen(desk.app._viewer.view))
        assert desk.app._viewer.offers is None
        assert desk.app.fault is None


async def test_where_one_can_go_is_offered_and_completed() -> None:
    async with answering(View()) as desk:
        await desk.burst(":rut")
        await desk.until(lambda: "› RUT " in plain(rows(desk)))
        await pressed(desk, "down", "tab")
        assert desk.typed == "RUT-SPX"
        await pressed(desk, "escape")
        assert desk.typed is None
        assert "› RUT" not in plain(rows(desk))


async def test_what_is_pasted_into_a_prompt_is_one_line_of_words() -> None:
    async with answering(View()) as desk:
        await desk.burst(":")
        for text in ("\n", "\x1b[2J\x9b2J\u202eAB\nC", "x" * 1000):
            desk.app.post_message(events.Paste(text))
        await desk.until(lambda: len(desk.typed or "") == 40)
        assert (desk.typed or "").startswith("[2J2JABxxx")


async def test_a_prompt_that_loses_the_focus_is_let_go() -> None:
    async with answering(View()) as desk:
        await desk.burst(":rut")
        await desk.until(lambda: desk.typed == "rut")
        desk.app.screen.set_focus(None)
        await desk.until(lambda: not desk.app.screen.query(Prompt))
        assert desk.app._viewer.offers is None
        await desk.burst("4")
        await desk.until(lambda: desk.screen == "risk")


def test_neither_an_answer_nor_a_filter_is_kept_between_sessions() -> None:
    kept = replace(View(), said="asking 5 feeds").with_filter("sectors", "fin").kept()
    assert kept == View()


async def test_what_is_said_of_lists_and_alerts_names_the_keys_as_they_are() -> None:
    async with answering(View(screen="watchlists")) as desk:
        desk.app._viewer.keymap = Keymap({"drop": ("f5",), "edit_symbol": ("f6",), "watchlists": ("f8",)})
        desk.app.bind_keys()
        assert "f5 drops the symbol that is selected" in await pressed(desk, "f5")
        see(desk, View())
        assert "f6 edits tag and note" in await pressed(desk, "f6")
        assert "on watchlists (f8)" in last_line(desk)
        see(desk, View(screen="feeds", focus="alerts"))
        assert "f5 drops the alert that is selected" in await pressed(desk, "f5")
