"""The monitor without a terminal: where keys go that arrive in one burst, and what an end by a fault leaves."""

import asyncio
import math
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandPalette
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList
from textual.widgets._toast import Toast

from rotation_tui.app import live_board, viewer
from rotation_tui.app.chosen_panes import pane_of
from rotation_tui.app.link import Link
from rotation_tui.app.monitor import Monitor
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.feed import Event
from rotation_tui.domain.results import Studies
from rotation_tui.evaluation.question import Question
from rotation_tui.panes.base import Pane
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.theme.load import LoadedThemes, load_themes
from rotation_tui.toml_file.read import shipped
from rotation_tui.widgets.cells import plain
from rotation_tui.workers.studying import InThread, NotStudied
from tests.patience import PATIENCE_S

SHIPPED = shipped("themes")
FRAMES = 4.0
NAMES = {"\r": "enter", "\x10": "ctrl+p", "\x1b": "escape", "\x03": "ctrl+c"}


class Care(TerminalCare):
    """Notes that the program was to end, and does not end it."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None

    def leave(self, code: int = 0) -> None:
        self.left = code


class Desk:
    """A monitor whose feeds are never asked, and its user."""

    def __init__(self, app: Monitor, care: Care, pilot: Pilot[int]) -> None:
        self.app = app
        self.care = care
        self.pilot = pilot

    async def burst(self, text: str) -> None:
        """Press keys that all arrive in one read."""
        for character in text:
            key = NAMES.get(character) or _character_to_key(character)
            self.app.post_message(events.Key(key, character if character.isprintable() else None))

    async def until(self, question: Callable[[], bool]) -> None:
        """Wait until it is so."""
        async with asyncio.timeout(PATIENCE_S):
            while not question():
                await self.pilot.pause(0.01)
        await self.pilot.pause()

    @property
    def typed(self) -> str | None:
        """What stands in the field that has the focus, None where there is none."""
        return self.app.focused.value if isinstance(self.app.focused, Input) else None

    @property
    def screen(self) -> str:
        """The screen that is looked at."""
        return self.app._viewer.view.screen


@asynccontextmanager
async def running(themes: LoadedThemes | None = None) -> AsyncIterator[Desk]:
    """The demo's monitor with its feeds at rest."""
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    care = Care()
    app = Monitor(run, Link(FRAMES, False, False, False), themes or load_themes(None), "dark", care, None)

    async def nothing() -> None:
        """Feeds and studies would take the time of the loop, and are not what this is about."""

    app._open = nothing  # type: ignore[method-assign]
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        yield Desk(app, care, pilot)


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


async def test_keys_behind_the_slash_go_to_the_prompt() -> None:
    async with running() as desk:
        await desk.burst(":qqq/spy")
        await desk.until(lambda: desk.typed == "qqq/spy")
        assert desk.care.left is None


async def test_a_symbol_that_is_typed_is_drawn_kept_and_let_go_of() -> None:
    async with running() as desk:
        await desk.burst(":aapl\r")
        await desk.until(lambda: desk.screen == "charts")
        assert desk.app._viewer.view.selected["symbols"] == "AAPL"
        await desk.burst("1")
        await desk.until(lambda: not desk.app._run.scope.looked)
        await desk.burst(":aapl\rK1")
        await desk.until(lambda: desk.screen == "overview" and desk.app._viewer.view.looked == ("AAPL",))
        await desk.burst(":aapl\rx")
        await desk.until(lambda: desk.screen == "charts" and not desk.app._viewer.view.looked)
        assert not desk.app._run.scope.universe.visitors


async def test_a_pair_of_the_config_that_is_typed_is_not_the_users_to_let_go() -> None:
    async with running() as desk:
        await desk.burst(":rut/spx\rx")
        await desk.until(lambda: desk.screen == "spreads")
        assert desk.app._viewer.view.pairs == ()
        assert desk.app._run.scope.universe.spreads[0].id == "RUT-SPX"


async def test_keys_behind_the_end_of_the_prompt_go_to_the_screen() -> None:
    async with running() as desk:
        await desk.burst(":no / /pair\r3:44")
        await desk.until(lambda: desk.typed == "44")
        assert desk.screen == "sectors"
        await desk.burst("\x1b5")
        await desk.until(lambda: desk.screen == "claims")
        assert desk.typed is None


async def test_keys_behind_the_palettes_go_to_the_palette() -> None:
    async with running() as desk:
        await desk.burst("\x10qf")
        await desk.until(lambda: desk.typed == "qf")
        assert isinstance(desk.app.screen, CommandPalette)
        await desk.burst("\x1b4")
        await desk.until(lambda: desk.screen == "risk")
        assert desk.care.left is None
        assert desk.app._viewer.view.frozen_since is None


async def test_the_palette_is_closed_once_however_often_it_is_asked_for() -> None:
    async with running() as desk:
        for _ in range(2):
            await desk.burst("\x10")
            await desk.until(lambda: desk.typed == "")
            palette = desk.app.screen
            assert isinstance(palette, CommandPalette)
            for _ in range(3):
                palette.post_message(events.Click(palette, 0, 0, 0, 0, 1, False, False, False, 0, 0))
            await desk.until(lambda: desk.typed is None)
        await desk.burst("4")
        await desk.until(lambda: desk.screen == "risk")
        assert desk.app.fault is None


async def test_an_alert_is_typed_and_what_cannot_be_read_stays_to_be_mended() -> None:
    async with running() as desk:
        await desk.burst("2A")
        await desk.until(lambda: desk.typed == "spreads.RUT-SPX.z > 2")
        await desk.burst("x\r")
        await desk.until(lambda: desk.typed == "spreads.RUT-SPX.z > 2x")
        await desk.until(lambda: bool(desk.app.query(Toast)))
        await desk.burst("\x1b")
        await desk.until(lambda: desk.typed is None)
        assert desk.app._run.alerting.own == ()
        await desk.burst("A\r")
        await desk.until(lambda: [alert.when for alert in desk.app._run.alerting.own] == ["spreads.RUT-SPX.z > 2"])
        assert desk.app.fault is None


async def test_ctrl_c_waits_for_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as desk:
        monkeypatch.setattr(desk.app._keys, "_follow", lambda _node, _turn: None)
        await desk.burst(":abc\x03")
        await desk.until(lambda: desk.care.left == 130)


async def test_what_is_pasted_behind_the_slash_is_in_the_prompt() -> None:
    async with running() as desk:
        await desk.burst(":")
        desk.app.post_message(events.Paste("IWM/QQQ"))
        await desk.until(lambda: desk.typed == "IWM/QQQ")


async def test_keys_that_open_nothing_are_pressed_in_their_order() -> None:
    async with running() as desk:
        await desk.burst("23456?q1gs2")
        await desk.until(lambda: desk.screen == "spreads")
        assert desk.care.left is None


async def test_a_prompt_that_takes_too_long_holds_the_keyboard_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as desk:
        monkeypatch.setattr(desk.app._keys, "_follow", lambda _node, _turn: None)
        await desk.burst(":")
        await desk.until(lambda: desk.typed == "")
        await desk.burst("a")
        await desk.until(lambda: desk.typed == "a")


BAD = "[/] [x=y [b]\x1b]0;x\x1b[2J\x9b2J\u202e"
PLAIN = "[/] [x=y [b]]0;x[2J2J"


async def test_a_toast_is_words_whatever_it_is_made_of() -> None:
    async with running() as desk:
        desk.app.notify(BAD, title=BAD)
        await desk.until(lambda: len(desk.app.screen.query(Toast)) > 0)
        assert str(desk.app.screen.query_one(Toast).render()) == f"{PLAIN}\n{PLAIN}"
        desk.app.notify("x" * 10_000)
        await desk.until(lambda: len(desk.app.screen.query(Toast)) > 1)
        assert len(str(desk.app.screen.query(Toast).last(Toast).render())) < 1000


@pytest.mark.parametrize("text", ["[/", "[x=y/z", "IWM/[a=", "[/]/[b]"])
async def test_what_is_typed_is_never_markup(text: str) -> None:
    async with running() as desk:
        await desk.burst(f":{text}\r")
        await desk.until(lambda: "[" in (desk.app._viewer.view.said or ""))
        assert len(desk.app.screen.query(Toast)) == 0


async def test_a_theme_file_is_never_markup(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[colours]\nbackground = "[/x]"\n"k\\u001b]0;x" = 1\n')
    good = (SHIPPED / "dark.toml").read_text()
    escaped = "[/x] [y=\\u001b[2J"
    (tmp_path / "odd.toml").write_text(
        re.sub(r"^description = .*$", lambda _: f'description = "{escaped}"', good, flags=re.M)
    )
    async with running(load_themes(tmp_path)) as desk:
        await desk.until(lambda: len(desk.app.screen.query(Toast)) > 0)
        assert "\x1b" not in "".join(str(t.render()) for t in desk.app.screen.query(Toast))
        await desk.burst("\x10theme")
        await desk.until(lambda: desk.typed == "theme")
        offered = desk.app.screen.query_one(OptionList)

        def words() -> str:
            return "".join(str(offered.get_option_at_index(i).prompt) for i in range(offered.option_count))

        await desk.until(lambda: "Theme odd" in words())
        assert "(/x) (y=(2J" in words()


async def ended_of(fault: Exception) -> None:
    """Run until this has been raised in the app."""

    def fail() -> None:
        raise fault

    async with running() as desk:
        desk.app.call_later(fail)
        await desk.until(lambda: desk.app.fault is fault)


def moved(desk: Desk) -> None:
    desk.app._run.store.put_event(Event(desk.app._run.clock.now(), "something has moved"))


def shows_the_move(desk: Desk) -> bool:
    sheet = desk.app._viewer.sheet
    return sheet is not None and any("something has moved" in plain([row]) for row in sheet.rows)


def is_soon(desk: Desk) -> bool:
    """Whether the next beat comes as soon as a frame may follow the one before."""
    beat, now = desk.app._next_beat, asyncio.get_running_loop().time()
    return beat is not None and beat.when() <= max(now + 0.1, desk.app._last_beat + 1 / FRAMES)


def is_at_rest(desk: Desk) -> bool:
    """Whether the next beat comes with the next whole second, and that is not soon."""
    beat, last = desk.app._next_beat, desk.app._last_beat
    return beat is not None and beat.when() == pytest.approx(math.floor(last) + 1) and not is_soon(desk)


async def test_what_moves_hurries_the_next_beat_and_at_rest_there_is_one_a_second() -> None:
    async with running() as desk:
        await desk.burst("6")
        await desk.until(lambda: desk.screen == "feeds" and is_at_rest(desk))
        moved(desk)
        assert is_soon(desk)
        await desk.until(lambda: shows_the_move(desk))


async def test_no_beat_comes_sooner_than_a_frame_after_the_last() -> None:
    async with running() as desk:
        loop, app = asyncio.get_running_loop(), desk.app
        await desk.until(lambda: loop.time() % 1 > 1 - 0.5 / FRAMES)
        assert app._next_beat is not None
        app._next_beat.cancel()
        app._beat()
        assert app._next_beat.when() >= app._last_beat + 1 / FRAMES
        moved(desk)
        assert app._next_beat.when() >= app._last_beat + 1 / FRAMES


async def test_what_moves_is_shown_once_the_view_is_thawed() -> None:
    async with running() as desk:
        await desk.burst("6f")
        await desk.until(lambda: desk.app._viewer.stands_still())
        before = desk.app._next_beat
        moved(desk)
        assert desk.app._next_beat is before, "nothing is to be shown"
        await desk.burst("f")
        await desk.until(lambda: shows_the_move(desk))


async def test_a_terminal_that_was_behind_is_shown_what_moved_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as desk:
        await desk.burst("6")
        await desk.until(lambda: desk.screen == "feeds")
        looks = count(1)
        monkeypatch.setattr(live_board, "is_behind", lambda _: next(looks) < 4)
        moved(desk)
        await desk.until(lambda: shows_the_move(desk))
        assert next(looks) > 4


async def test_a_fault_that_nobody_foresaw_ends_it_and_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError):
        await ended_of(ZeroDivisionError("[/] nobody foresaw it"))
    assert "the monitor ends: ZeroDivisionError: [/] nobody foresaw it" in caplog.text


class Dying(InThread):
    """Fails once, then knows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[date | None] = []

    async def studies(self, question: Question) -> Studies:
        self.asked.append(question.cut_at)
        if len(self.asked) == 1:
            raise NotStudied("the study process was killed (SIGKILL)")
        return Studies(question.cut_at, question.now)


async def test_a_past_day_that_cannot_be_worked_out_is_told_and_the_key_tries_again() -> None:
    async with running() as desk:
        run, studying = desk.app._run, Dying()
        run.desk._evaluator.studying = studying
        await desk.burst("[")
        await desk.until(lambda: bool(run.board().events))
        told = "no board of that day: the study process was killed (SIGKILL); the key tries again"
        assert run.board().events[-1].text == told
        assert desk.app._viewer.past is None
        await desk.burst("[")
        await desk.until(lambda: desk.app._viewer.past is not None)
        assert studying.asked == [desk.app._viewer.past] * 2


def put_in_the_way(folder: Path) -> Path:
    """A file where the folder with its files was."""
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("somebody's", encoding="utf-8")
    return folder


async def test_what_is_seen_is_written_and_the_screen_says_where(tmp_path: Path) -> None:
    async with running() as desk:
        await desk.burst("e")
        await desk.until(lambda: any("exports" in note.message for note in desk.app._notifications))
        folder = tmp_path / "rotation-tui" / "exports"
        written = sorted(path.suffix for path in await asyncio.to_thread(lambda: list(folder.iterdir())))
        assert written == [".csv", ".svg", ".txt"]
        await asyncio.to_thread(put_in_the_way, folder)
        await desk.burst("e")
        await desk.until(lambda: any("nothing written" in note.message for note in desk.app._notifications))
        assert await asyncio.to_thread(folder.read_text) == "somebody's"


async def test_panes_of_all_screens_are_at_hand_before_their_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_board, "_BETWEEN_SCREENS_S", 0)
    asked: list[str] = []

    def counted(name: str) -> Pane:
        asked.append(name)
        return pane_of(name)

    monkeypatch.setattr(viewer, "pane_of", counted)
    async with running() as desk:
        await desk.app._warm()
        assert {"verdict", "claims", "rotation"} <= {*asked}
        asked.clear()
        for key in ("2", "3", "4", "5", "6", "9", "v"):
            await desk.burst(key)
        await desk.until(lambda: desk.screen == "verdict")
        assert asked == []
