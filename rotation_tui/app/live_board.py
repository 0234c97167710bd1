"""The live board: one ledger over the whole terminal, and a pump that shows what moved."""

import asyncio
import gc
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import App, ComposeResult
from textual.notifications import SeverityLevel

from rotation_tui.app.drive import Drive, begin, call_out, draw, hear_mouse, is_behind, name_window, round_trip
from rotation_tui.app.fingerprint import fingerprint
from rotation_tui.app.link import Link
from rotation_tui.app.remember import recall, remember
from rotation_tui.app.scene import FIRST_START_NOTE
from rotation_tui.app.session_before import SessionBefore
from rotation_tui.app.setup import Run
from rotation_tui.app.unwaited import Unwaited
from rotation_tui.app.viewer import Viewer
from rotation_tui.app.visits import Visits
from rotation_tui.board.contract import Mode
from rotation_tui.domain.feed import Event
from rotation_tui.screens.header import title_of
from rotation_tui.screens.keys import SCREENS
from rotation_tui.store.kept import sweep
from rotation_tui.store.market_store import Snapshot
from rotation_tui.terminal.bandwidth import Bandwidth
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.terminal.ledger import Ledger
from rotation_tui.terminal.looks import Looks, has_sixteen, is_colourless
from rotation_tui.terminal.textual_theme import VARIABLE_DEFAULTS, textual_theme
from rotation_tui.terminal.title import WindowTitle
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.cells import Row, cut, printable
from rotation_tui.widgets.glyphs import ascii_only
from rotation_tui.workers.cadence import until_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from rotation_tui.alerts.outbox import Channel
    from rotation_tui.app.living import Living, Read
    from rotation_tui.app.player import Player
    from rotation_tui.app.taking_up import TakingUp
    from rotation_tui.config.schema import Config

_log = logging.getLogger(__name__)

_SETTLES_S = 300.0
_BETWEEN_SCREENS_S = 0.2
_AT_REST_S = 1.0
"""From beat to beat while nothing moves: ages, the title and visits have no haste."""
_TOGETHER_S = 0.05
"""What moves within so much of something else is shown with it."""
_LONGEST_NOTE = 600
"""Columns of a toast's words; what is longer would cover the board."""


class LiveBoard(App[int]):
    """The board on the terminal, without keys; `run` is opened after it has been drawn."""

    TITLE = "rotation-tui"
    CSS = "Screen { padding: 0; } Toast { max-width: 80; }"

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
        self.taking_up: TakingUp | None = None
        self.living: Living | None = None
        """How the config is followed while the monitor runs; by None it is not."""
        self.player: Player | None = None
        self._view_file = run.state_folder / "view.json"
        self._viewer = Viewer(run, recall(self._view_file), ascii_only=link.ascii, spark=link.spark)
        self._visits = Visits(run)
        self._session_before = SessionBefore(run)
        self._looks = Looks(themes, theme)
        for named in themes.themes.values():
            self.register_theme(textual_theme(named))
        self._ledger = Ledger(lambda span: self._looks.style(span, colour=not self.no_color), self._draw)
        self._bandwidth = Bandwidth(link.low_bandwidth)
        self._title = WindowTitle(lambda title: name_window(self, title)) if link.title else None
        self._next_beat: asyncio.TimerHandle | None = None
        self._last_beat = 0.0
        self._drawing_fault: str | None = None
        self.fault: Exception | None = None
        """What nobody foresaw and the monitor has ended of."""
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
        if kept.fetches is not None:
            self._run.fetch(on=kept.fetches)
        self._run.hide(private=self._run.config.display.private or kept.private)
        self._show()
        self._run.store.shown_to(self._heed)
        self._beat()
        self.call_after_refresh(self._open)
        for fault in self._themes.failed:
            self.notify(str(fault), title="a theme was left out", severity="warning")

    async def _open(self) -> None:
        begin(self)
        if self.player is not None:
            self._viewer.progress = self.player.line
            self._run.desk.attend("replay", self.player.run)
        await self._run.desk.open()
        self._run.alerting.begin(self._channels)
        if self.living is not None:
            self.living.begin(self._heard(asyncio.get_running_loop()))
        asyncio.get_running_loop().run_in_executor(None, sweep, self._run.state_folder)
        self.run_worker(_spare_the_collector(self._run), group="memory", exit_on_error=False)
        self.run_worker(self._warm(), group="warm", exit_on_error=False)
        if self._run.first_start and self._run.scope.mode is Mode.LIVE:
            # not a toast: it would lie over the feeds, which are what one looks at then
            self._run.store.put_event(Event(self._run.clock.now(), self._viewer.keymap.told(FIRST_START_NOTE)))

    def _heard(self, loop: asyncio.AbstractEventLoop) -> "Callable[[Read], None]":
        """What takes up a config from the thread that has read it."""

        def take(read: "Read") -> None:
            if self.taking_up is not None:
                self.run_worker(self._take_up(self.taking_up, read), group="config", exit_on_error=False)

        def heard(read: "Read") -> None:
            loop.call_soon_threadsafe(take, read)

        return heard

    def reload(self) -> None:
        """Read the config now, and say what came of it."""
        if self.living is None:
            self.say("the config is read at the start alone")
        else:
            self.say("reading the config")
            self.living.ask()

    async def _take_up(self, taking_up: "TakingUp", read: "Read") -> None:
        try:
            await taking_up.take(read)
        except Exception as fault:  # what is on the screen stays, whatever is wrong with what should follow
            _log.exception("the config is not taken up", exc_info=fault)
            self.refuse(f"the config is not taken up ({type(fault).__name__}: {fault}); the log has more")

    def use(self, link: Link, themes: LoadedThemes, before: "Config") -> None:
        """Draw by what the config says now; `before` is what it said, and what was chosen by key since then stays."""
        config = self._run.config
        if fingerprint(config) != fingerprint(before):
            self._visits.forget()
        if link.mouse is not self._link.mouse:
            hear_mouse(self, on=link.mouse)
        if link.low_bandwidth != self._link.low_bandwidth:
            self._bandwidth = Bandwidth(link.low_bandwidth)
        if link.title is not self._link.title:
            self._title = WindowTitle(lambda title: name_window(self, title)) if link.title else None
        self._link = link
        name = config.theme if config.theme != before.theme else self._looks.name
        for named in themes.themes.values():
            self.register_theme(textual_theme(named))
        for fault in themes.failed:
            if str(fault) not in map(str, self._themes.failed):
                self.notify(str(fault), title="a theme was left out", severity="warning")
        self._themes = themes
        self._looks = Looks(themes, name if name in themes.themes else min(themes.themes))
        self._viewer.use(ascii_only=link.ascii, spark=link.spark)
        self.bind_keys()
        self._restyle()
        self._show()

    def bind_keys(self) -> None:
        """Let each key do what the config says; a board without keys has none."""

    def muted_again(self) -> None:
        self._run.mute(self._viewer.view.muted)

    def say(self, words: str) -> None:
        """Answer on the last line, where there is one to answer on."""

    def refuse(self, words: str) -> None:
        self.notify(words, title="config", severity="error", timeout=20)

    def _channels(self) -> "Sequence[Channel]":
        from rotation_tui.app.calls import Calls, on_terminal  # only who has alerts needs them

        kind = self._run.config.display.notification
        return on_terminal(self._run, Calls(lambda data: call_out(self, data), kind=kind))

    async def _warm(self) -> None:
        """Import the panes of the other screens before a key asks for them, a screen at a time with keys in between.

        Some 10 ms and 0.4 MB in all; the export and what the palette lists are rare, and wait for their key.
        """
        for screen in SCREENS:
            await asyncio.sleep(_BETWEEN_SCREENS_S)
            self._viewer.panes_on(screen)

    async def on_unmount(self) -> None:
        if self.living is not None:
            self.living.end()
        if self._next_beat is not None:
            self._next_beat.cancel()
        self._next_beat = None
        await self._run.desk.close()
        await self._run.alerting.close()
        self._visits.close(self._viewer.board)
        remember(self._view_file, self._viewer.view)

    def _beat(self) -> None:
        """Pump, again and again: often while something is to be shown, seldom while nothing moves.

        On the loop itself, for a beat of Textual's timer with nothing to show costs thrice as much, and most beats
        have nothing to show.
        """
        loop = asyncio.get_running_loop()
        self._last_beat = loop.time()
        in_step = until_step(self._last_beat, _AT_REST_S)
        self._next_beat = loop.call_later(max(in_step, 1.0 / self._link.frames_per_second), self._beat)
        try:
            self._pump()
            if self._viewer.is_due():  # the terminal has not taken what was there before
                self._hurry()
        except Exception as fault:
            self._handle_exception(fault)

    def _heed(self, _: Snapshot) -> None:
        if self._viewer.moved() and not self._viewer.stands_still():
            self._hurry()

    def _hurry(self) -> None:
        """Let the next beat come as soon as a frame may follow the one before."""
        beat = self._next_beat
        if beat is None:  # about to end
            return
        loop = asyncio.get_running_loop()
        at = max(loop.time() + _TOGETHER_S, self._last_beat + 1.0 / self._link.frames_per_second)
        if at < beat.when():
            beat.cancel()
            self._next_beat = loop.call_at(at, self._beat)

    def _pump(self) -> None:
        """Show what moved, unless the terminal is behind: then a later beat shows what is true by then."""
        if (words := self._bandwidth.observe(*round_trip(self))) is not None:
            _log.info("%s", words)
            self._restyle()
            self._show()
            self.notify(words, timeout=8)
        if self._viewer.is_due() and not is_behind(self) and self._bandwidth.may_draw():
            self._show(mark=self._viewer.moved(), steady=self._bandwidth.low_bandwidth)
        if (board := self._viewer.board) is None:
            return
        self._visits.step(board)
        if self._session_before.is_due(board):
            self.run_worker(self._session_before.compare(), group="since", exit_on_error=False)
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
        words, title = cut(printable(self._viewer.keymap.told(message)), _LONGEST_NOTE), printable(title)
        if self._link.ascii:
            words, title = ascii_only(words), ascii_only(title)
        super().notify(words, title=title, severity=severity, timeout=timeout, markup=markup)

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

    def _draw(self, lines: Mapping[int, Row]) -> bool:
        looks, colour = self._looks, not self.no_color
        return draw(self, {y: looks.pieces(row, colour=colour) for y, row in lines.items()})

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


async def _spare_the_collector(run: Run) -> None:
    """Take what has been loaded out of the collector's sight: now, and once more when history and studies are there.

    Modules and results are some 110,000 objects, and walking over them stops the screen and the keys for 60 to
    160 ms each time.
    """
    gc.freeze()
    await run.settled(_SETTLES_S)
    gc.freeze()
