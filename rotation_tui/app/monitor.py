"""The monitor: one ledger over the whole terminal, a pump that shows what moved, keys that change the view."""

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.timer import Timer

from rotation_tui.app.commands import CommandPaletteScreen, PairPrompt, bindings, commands, openers
from rotation_tui.app.drive import Drive, begin, is_behind, name_window, repaint, round_trip
from rotation_tui.app.export import FOLDER, Export, export_of
from rotation_tui.app.keys_in_turn import TYPED, KeysInTurn
from rotation_tui.app.link import Link
from rotation_tui.app.muting import press
from rotation_tui.app.past import TimeMachine
from rotation_tui.app.remember import recall, remember
from rotation_tui.app.scene import FIRST_START_NOTE
from rotation_tui.app.setup import Run
from rotation_tui.app.unwaited import Unwaited
from rotation_tui.app.viewer import Viewer
from rotation_tui.app.visits import Visits
from rotation_tui.board.contract import Mode
from rotation_tui.domain.feed import Event, FeedState
from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.wording import counted
from rotation_tui.screens import pointer, steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.header import title_of
from rotation_tui.screens.view import View
from rotation_tui.store.kept import sweep
from rotation_tui.terminal.bandwidth import Bandwidth
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.terminal.ledger import Ledger
from rotation_tui.terminal.looks import Looks, has_sixteen, is_colourless
from rotation_tui.terminal.textual_theme import VARIABLE_DEFAULTS, textual_theme
from rotation_tui.terminal.title import WindowTitle
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.cells import cut, printable
from rotation_tui.widgets.glyphs import ascii_only
from rotation_tui.widgets.table import SORT
from rotation_tui.workers.studying import NotStudied

_log = logging.getLogger(__name__)

_SETTLES_S = 300.0
_SAID_S = 5.0
"""How long the answer to a key stands on the last line, where no other key comes before."""
_LONGEST_NOTE = 600
"""Columns of a toast's words; what is longer would cover the board."""


class Monitor(App[int]):
    """The live board; `run` is opened after it has been drawn."""

    TITLE = "rotation-tui"
    CSS = "Screen { padding: 0; } Toast { max-width: 80; }"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    _BOUND = frozenset(key for binding in bindings() for key in binding.key.split(","))

    def __init__(
        self, run: Run, link: Link, themes: LoadedThemes, theme: str, care: TerminalCare, drive: Drive
    ) -> None:
        # with `ansi_color`, NO_COLOR takes all colours away; without it Textual would only make them grey
        super().__init__(driver_class=drive, ansi_color=True if is_colourless() else None)
        self.animation_level = "none"
        self._run = run
        self._link = link
        self._themes = themes
        self._care = care
        self._view_file = run.state_folder / "view.json"
        self._viewer = Viewer(run, recall(self._view_file), ascii_only=link.ascii, spark=link.spark)
        self._time_machine = TimeMachine(run, self._viewer)
        self._visits = Visits(run)
        self._looks = Looks(themes, theme)
        for named in themes.themes.values():
            self.register_theme(textual_theme(named))
        self._ledger = Ledger(lambda span: self._looks.style(span, colour=not self.no_color))
        self._bandwidth = Bandwidth(link.low_bandwidth)
        self._title = WindowTitle(lambda title: name_window(self, title)) if link.title else None
        self._drawing_fault: str | None = None
        self._silence: Timer | None = None
        self.fault: Exception | None = None
        """What nobody foresaw and the monitor has ended of."""
        self._keys = KeysInTurn(self, super().on_event, openers())
        self._restyle()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own tones, for themes that leave them to the terminal."""
        return dict(VARIABLE_DEFAULTS)

    def compose(self) -> ComposeResult:
        yield self._ledger

    async def on_mount(self) -> None:
        """First paint from what is on disk, then the feeds."""
        self._care.attach(self)
        asyncio.get_running_loop().set_default_executor(Unwaited())
        self.app_resume_signal.subscribe(self, lambda _: self._ledger.restyle())
        kept = self._viewer.view
        self._run.resume(kept.pairs, kept.looked, kept.muted)
        self._show()
        self.set_interval(1.0 / self._link.frames_per_second, self._pump)
        self.call_after_refresh(self._open)
        for fault in self._themes.failed:
            self.notify(str(fault), title="a theme was left out", severity="warning")

    async def _open(self) -> None:
        begin(self)
        await self._run.desk.open()
        asyncio.get_running_loop().run_in_executor(None, sweep, self._run.state_folder)
        self.run_worker(_spare_the_collector(self._run), group="memory", exit_on_error=False)
        if self._run.first_start and self._run.scope.mode is Mode.LIVE:
            # not a toast: it would lie over the feeds, which are what one looks at then
            self._run.store.put_event(Event(self._run.clock.now(), FIRST_START_NOTE))

    async def on_unmount(self) -> None:
        await self._run.desk.close()
        self._visits.close()
        remember(self._view_file, self._viewer.view)

    def _pump(self) -> None:
        """Show what moved, unless the terminal is behind: then a later beat shows what is true by then."""
        if (words := self._bandwidth.observe(*round_trip(self))) is not None:
            _log.info("%s", words)
            self._restyle()
            self._show()
            self.notify(words, timeout=8)
        if not is_behind(self) and self._viewer.is_due() and self._bandwidth.may_draw():
            self._show(mark=self._viewer.moved(), steady=self._bandwidth.low_bandwidth)
        if (board := self._viewer.board) is None:
            return
        self._visits.step(board)
        if self._title is not None:
            self._title.show(board, lambda: ascii_only(title_of(board)) if self._link.ascii else title_of(board))

    def _restyle(self) -> None:
        """Draw anew in the theme of now, with what the link can carry."""
        self._viewer.low_bandwidth = self._bandwidth.low_bandwidth
        self._looks.reduce(in_sixteen=self._bandwidth.low_bandwidth or has_sixteen())
        self.theme = self._looks.textual
        self._ledger.restyle()

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast; its words come from files and sources as well, so they are never markup and never control."""
        words, title = cut(printable(message), _LONGEST_NOTE), printable(title)
        if self._link.ascii:
            words, title = ascii_only(words), ascii_only(title)
        super().notify(words, title=title, severity=severity, timeout=timeout, markup=markup)

    def action_repaint(self) -> None:
        repaint(self)
        self._ledger.restyle()
        self._say("the screen is drawn anew")

    def _show(self, *, mark: bool = False, steady: bool = False) -> None:
        """Compose the screen anew; the ledger sends only the lines that differ."""
        width, height = self.size
        if not width or not height:
            return
        try:
            sheet = self._viewer.draw(width, height)
        except Exception as fault:  # a pane's own fault must show and must not end the monitor
            self._tell_drawing_fault(fault)
            return
        marks = mark and not self._bandwidth.low_bandwidth and self._viewer.marks(self._link.flash)
        self._ledger.show(sheet.rows, mark_changes=marks, steady=steady)

    def _tell_drawing_fault(self, fault: Exception) -> None:
        """Say once what could not be drawn; the screen stays as it was."""
        words = f"{type(fault).__name__}: {fault}"
        if words != self._drawing_fault:
            self._drawing_fault = words
            _log.exception("drawing failed", exc_info=fault)
            self.notify(f"this screen cannot be drawn ({words}); the log has more", severity="error", timeout=20)

    def _handle_exception(self, error: Exception) -> None:
        """End, and leave it to whoever started the monitor to tell why: Textual would print a screenful of frames."""
        _log.critical("the monitor ends: %s: %s", type(error).__name__, error)
        self.fault = self.fault or error
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self.panic()

    def on_resize(self, _: events.Resize) -> None:
        self.call_later(self._show)  # Textual's own handler, which runs after this one, sets the size

    def _steer(self, step: Callable[[View, Sheet], View], *, by_key: bool = True) -> None:
        """Take one step from the view on the screen as it is, and show it at once."""
        if (before := self._viewer.sheet) is not None:
            self._viewer.view = step(self._viewer.view, before)
            if not steer.looks(self._viewer.view):
                self._run.look_away()
            self._say(self._viewer.view.said)
            if by_key and self._viewer.sheet is not None and self._viewer.sheet.rows == before.rows:
                self._say("that changes nothing that is in sight")

    def _say(self, words: str | None) -> None:
        """Show the screen with an answer on its last line, which the next key or a few seconds take away."""
        self._viewer.view = replace(self._viewer.view, said=words)
        self._show()
        if words is not None:
            if self._silence is not None:
                self._silence.stop()
            self._silence = self.set_timer(_SAID_S, self._fall_silent)

    def _fall_silent(self) -> None:
        self._say(None)

    def action_step(self, step: str, *given: object) -> None:
        """Take one of the steps in `screens.steer`, by its name."""
        self._steer(lambda view, sheet: getattr(steer, step)(view, sheet, *given))

    def action_freeze(self) -> None:
        self._viewer.freeze()
        since = self._viewer.view.frozen_since
        self._say(f"the board of {since} stands; f goes on" if since else "what is true now is shown")

    def action_refresh_now(self) -> None:
        """Ask every source, within its budget."""
        self._run.desk.refresh()
        asked = sum(feed.state is not FeedState.OFF for feed in self._run.store.snapshot().feeds)
        self._say(f"asking {counted(asked, 'feed')}" if asked else "asking the feeds")

    def action_next_theme(self) -> None:
        name = self._looks.following
        self.use_theme(name)
        self._say(f"theme {name}: {self._themes.themes[name].description}")

    def use_theme(self, name: str) -> None:
        """Draw with another theme and remember it."""
        self._looks.use(name)
        self._viewer.view = replace(self._viewer.view, theme=name, theme_over=self._run.config.theme)
        self._restyle()

    def action_zone(self) -> None:
        self._viewer.switch_zone()
        zone = self._viewer.zone
        whose = "the exchange" if zone is EASTERN else "your own zone"
        self._say(f"times of {whose}, {self._run.clock.now().astimezone(zone):%Z}")

    def action_flash(self) -> None:
        marked = not self._viewer.marks(self._link.flash)
        self._viewer.view = replace(self._viewer.view, flash=marked)
        later = " once the link is fast" if marked and self._bandwidth.low_bandwidth else ""
        self._say(f"changed digits are {'marked' if marked else 'not marked'}{later}")

    def action_export(self) -> None:
        """Write what is seen to files, in a thread: the folder may be on a network."""
        sheet, board = self._viewer.sheet, self._viewer.board
        if sheet is not None and board is not None:
            now = self._run.clock.now().astimezone(self._viewer.zone)
            made = export_of(self._viewer, sheet, board, self.size.width, self._looks.palette, now)
            self.run_worker(self._export(made), group="export", exit_on_error=False)

    async def _export(self, made: Export) -> None:
        folder = self._run.config.display.exports or str(self._run.state_folder / FOLDER)
        try:
            paths = await asyncio.to_thread(made.write, folder)
        except (OSError, RuntimeError) as fault:  # RuntimeError: nobody's home folder
            self.notify(f"nothing written to {folder}: {getattr(fault, 'strerror', None) or fault}", severity="error")
        except Exception as fault:
            _log.exception("no export", exc_info=fault)
            self.notify(f"nothing written ({type(fault).__name__}: {fault}); the log has more", severity="error")
        else:
            endings = ", ".join(path.name.removeprefix(made.stem).lstrip("-.") for path in paths[1:])
            self.notify(f"{paths[0]} and beside it {endings}", title="written", timeout=8)

    async def on_event(self, event: events.Event) -> None:
        """Keys one after the other; everything else as it comes."""
        if isinstance(event, TYPED) and not event.is_forwarded:
            self._visits.touch()
            self._viewer.view = replace(self._viewer.view, said=None)
            await self._keys.take(event)
        else:
            await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """The letter after `g`, which must not reach the bindings, and keys that do nothing anywhere."""
        if self._viewer.view.jumping:
            event.prevent_default().stop()
            self._steer(lambda view, sheet: steer.jumped(view, sheet, event.character or ""))
        elif event.key not in self._BOUND and self.focused is None and len(self.screen_stack) == 1:
            name = event.character if event.is_printable else event.key.replace("_", " ")
            self._say(f"{name} is no key here; ? shows those that are")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a pane's letter is awaited no key does anything else."""
        return not self._viewer.view.jumping or action in ("quit_at_once", "suspend_process")

    def action_leave(self) -> None:
        """Close what lies over the screen, or end."""
        view = self._viewer.view
        if view.opened is not None or view.help:
            self._steer(steer.back)
        else:
            self._care.leave(0)

    def action_quit_at_once(self, code: int) -> None:
        self._care.leave(code)

    async def action_quit(self) -> None:
        """End; what the palette calls."""
        self._care.leave(0)

    def action_sort(self, step: int) -> None:
        self._steer(lambda view, sheet: steer.next_order(view, sheet, self._viewer.panes, step))

    def action_setting(self, key: str, step: int) -> None:
        if (board := self._viewer.board) is not None:
            self._steer(lambda view, _: steer.next_setting(view, board, self._viewer.panes_on, key, step))

    def action_past(self, step: int) -> None:
        machine = self._time_machine
        before, starts, goal = machine.goal, machine.step(step), machine.goal
        if goal != before:
            self._say("back to now" if goal is None else f"building {goal}")
        else:
            end = "this is now; [ goes back in time" if goal is None else f"{goal} has the first close there is"
            self._say(end)
        if starts:
            self.run_worker(self._travel(), group="past", exit_on_error=False)

    async def _travel(self) -> None:
        try:
            async for _ in self._time_machine.travel():
                self._say(None)
        except NotStudied as fault:
            why = f"no board of that day: {fault}; {fault.instead or 'the key tries again'}"
            self._run.warn(why)
            self.notify(why, severity="error")
        except Exception as fault:  # no board of that day, and the monitor goes on
            _log.exception("no board of a past day", exc_info=fault)
            self.notify(f"no board of that day ({type(fault).__name__}: {fault})", severity="error")

    async def action_type_pair(self) -> None:
        """Ask for a pair; it has the focus when this is done."""
        if not isinstance(self.focused, PairPrompt):
            prompt = PairPrompt(self._look_at_typed)
            await self.mount(prompt)
            self.screen.set_focus(prompt)

    def _look_at_typed(self, text: str) -> None:
        """Look at the pair or the symbol that was typed, and select it."""
        why_not = self._run.look(text)
        if why_not is not None:
            self._say(why_not)
            return
        name = self._run.seen_last
        typed = all(name != spread.id for spread in self._run.config.spreads)
        if name in self._run.scope.looked:
            self._steer(lambda view, _: steer.with_symbol(view, name))
        else:
            self._steer(lambda view, _: steer.with_pair(view, name, typed=typed))

    def action_typed(self, keep: bool) -> None:
        """Keep the symbol that was typed, or let it or the typed pair go."""
        name, typed = steer.charted(self._viewer.view), self._run.scope.looked
        if keep and name in typed:
            said = f"{name} is {'kept' if self._run.keep(name) else 'kept already'}; x lets it go"
            self._steer(lambda view, _: replace(view, looked=self._run.kept, said=said))
        elif not keep and (name in typed or name in self._viewer.view.pairs) and self._run.let_go(name):
            self._steer(lambda view, _: steer.without(view, name))
        else:
            self._steer(lambda view, _: steer.not_typed(view, name, keep=keep))

    def action_mute(self) -> None:
        self._say(press(self._run, self._viewer))

    async def on_click(self, event: events.Click) -> None:
        """What is under the mouse: a key that is named there, a column's name, a row."""
        x, y = event.x, event.y
        act = "" if self._viewer.sheet is None else pointer.act_at(self._viewer.sheet, x, y)
        if act.startswith(SORT):
            self._steer(lambda view, sheet: pointer.sorted_at(view, sheet, self._viewer.panes, x, y))
        elif act:
            self._steer(lambda view, sheet: pointer.focused_at(view, sheet, x, y))
            await self.run_action(act)
        elif not self._viewer.view.help:
            self._steer(lambda view, sheet: steer.clicked(view, sheet, x, y), by_key=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._steer(lambda view, sheet: pointer.wheeled(view, sheet, event.x, event.y, 1), by_key=False)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._steer(lambda view, sheet: pointer.wheeled(view, sheet, event.x, event.y, -1), by_key=False)

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPaletteScreen):
            self.push_screen(CommandPaletteScreen())

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        return commands(self.run_action, self._themes, self.use_theme)


async def _spare_the_collector(run: Run) -> None:
    """Take what has been loaded out of the collector's sight: now, and once more when history and studies are there.

    Modules and results are some 110,000 objects, and walking over them stops the screen and the keys for 60 to
    160 ms each time.
    """
    gc.freeze()
    await run.settled(_SETTLES_S)
    gc.freeze()
