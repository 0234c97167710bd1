"""The monitor: one ledger over the whole terminal, a pump that shows what moved, keys that change the view."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from rotation_tui import plugins
from rotation_tui.app.link import Link
from rotation_tui.app.remember import keep, recall
from rotation_tui.app.setup import Run
from rotation_tui.app.terminal import TerminalCare, backlog
from rotation_tui.board.contract import Board, Mode
from rotation_tui.board.lines import Lines, lines_of
from rotation_tui.domain.session import EASTERN
from rotation_tui.panes.base import Pane
from rotation_tui.screens import steer
from rotation_tui.screens.compose import Canvas, Sheet, compose
from rotation_tui.screens.keys import KEYS, PANES_OF, SCREENS, STACKED
from rotation_tui.screens.view import View
from rotation_tui.theme.load import VARIABLE_DEFAULTS, LoadedThemes
from rotation_tui.widgets.cells import Span
from rotation_tui.widgets.glyphs import ASCII, UNICODE
from rotation_tui.widgets.ledger import Ledger

_log = logging.getLogger(__name__)

_AGES_STEP = timedelta(minutes=1)
"""Ages and the countdown are drawn anew so often, and only then, while nothing arrives."""


class Monitor(App[int]):
    """The live board. `run` is opened after the first paint, so that the last known state shows at once."""

    TITLE = "rotation-tui"
    CSS = "Screen { padding: 0; } Toast { max-width: 80; }"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(k.keys, k.action, k.words, show=False, priority=k.keys in ("tab", "shift+tab", "ctrl+z"))
            for k in KEYS
        ),
        Binding("ctrl+c", "quit_at_once(130)", "quit", show=False, priority=True),
    ]

    def __init__(self, run: Run, link: Link, themes: LoadedThemes, theme: str, care: TerminalCare) -> None:
        super().__init__()
        self.animation_level = "none"
        self._run = run
        self._link = link
        self._themes = themes
        self._care = care
        self._view_file = run.state_folder / "view.json"
        self._view = recall(self._view_file)
        self._started_theme = theme
        self._panes = {name: _pane(name) for name in run.config.layout.overview}
        self._zone: tzinfo = EASTERN
        self._shown_revision = -1
        self._shown_until = datetime.min.replace(tzinfo=UTC)
        self._board: Board | None = None
        self._sheet: Sheet | None = None
        self._charted: dict[str, Lines | None] = {}
        self._charted_revision = -1
        self._palette = self._themes.themes[theme].palette
        for named in themes.themes.values():
            self.register_theme(named.textual)
        self.theme = theme
        self._ledger = Ledger(self._style_of)
        if self._view.flash is None:
            self._view = replace(self._view, flash=link.flash)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own tones, for themes that leave them to the terminal."""
        return dict(VARIABLE_DEFAULTS)

    def compose(self) -> ComposeResult:
        """The one widget."""
        yield self._ledger

    async def on_mount(self) -> None:
        """First paint from what is on disk, then the feeds."""
        self._care.attach(self)
        self.app_resume_signal.subscribe(self, lambda _: self._ledger.restyle())
        self._use_zone(self._view.zone)
        self._show(force=True)
        self.set_interval(1.0 / self._link.frames_per_second, self._pump)
        self.call_after_refresh(self._open)
        for fault in self._themes.failed:
            self.notify(str(fault), title="a theme was left out", severity="warning")

    async def _open(self) -> None:
        await self._run.desk.open()
        if self._run.first_start and self._run.frame.mode is Mode.LIVE:
            self.notify(
                "Yahoo, Cboe and Nasdaq data are for personal use under their terms. The key ? shows the keys.",
                title="first start",
                timeout=8,
            )

    async def on_unmount(self) -> None:
        """Everything that is worth it goes to disk."""
        await self._run.desk.close()
        self._keep_view()

    def _keep_view(self) -> None:
        try:
            keep(self._view_file, self._view)
        except OSError as fault:
            _log.warning("the view cannot be kept: %s", fault)

    # --- what is shown

    def _pump(self) -> None:
        """Show what moved, unless the terminal is behind: then the next beat shows what is true by then."""
        if backlog(self) > 0:
            return
        moved = self._run.store.revision != self._shown_revision
        if self._view.frozen_since is None and (moved or self._run.clock.now() >= self._shown_until):
            self._show(mark=moved)

    def _show(self, *, force: bool = False, mark: bool = False) -> None:
        """Compose the screen anew; the ledger sends only the lines that differ."""
        now = self._run.clock.now()
        if self._board is None or force or self._view.frozen_since is None:
            self._shown_revision = self._run.store.revision
            self._board = self._run.board()
            self._shown_until = now.replace(second=0, microsecond=0) + _AGES_STEP
        width, height = self.size
        if not width or not height:
            return
        glyphs = ASCII if self._link.ascii else UNICODE
        stacked = self._view.screen in STACKED
        canvas = Canvas(width, height, glyphs, self._zone, stacked=stacked, lines=self._lines)
        self._sheet = compose(self._board, self._view, self._on_screen(), canvas, now)
        self._ledger.show(self._sheet.rows, mark_changes=mark and bool(self._view.flash))

    def _lines(self, pair: str) -> Lines | None:
        """History of a pair by its id, made once for as long as the bars stay."""
        store = self._run.store
        if self._charted_revision != store.bars_revision:
            self._charted, self._charted_revision = {}, store.bars_revision
        if pair not in self._charted:
            self._charted[pair] = lines_of(pair, self._run.frame.universe, store.snapshot())
        return self._charted[pair]

    def _on_screen(self) -> list[Pane]:
        if self._view.screen == "overview":
            return list(self._panes.values())
        names = PANES_OF.get(self._view.screen, (self._view.screen,))
        return [self._panes.get(name) or _pane(name) for name in names]

    def _style_of(self, span: Span) -> Style:
        return self._palette.style(span.tone, bold=span.bold, reverse=span.reverse, selected=span.selected)

    def on_resize(self, _: events.Resize) -> None:
        """Another size, another arrangement."""
        self._show()

    # --- keys

    def _steer(self, step: Callable[[View, Sheet], View]) -> None:
        """Take one step from the view on the screen as it is, and show it at once."""
        if self._sheet is not None:
            self._view = step(self._view, self._sheet)
            self._show()

    def action_screen(self, name: str) -> None:
        """Another screen."""
        self._steer(lambda view, _: steer.to_screen(view, name))

    def action_freeze(self) -> None:
        """Freeze the view, or let it go on with what is true now."""
        since = self._run.clock.now().astimezone(self._zone).strftime("%H:%M")
        self._steer(lambda view, _: replace(view, frozen_since=since if view.frozen_since is None else None))

    def action_refresh_now(self) -> None:
        """Ask every source, within its budget."""
        self._run.desk.refresh()

    def action_next_theme(self) -> None:
        """The next theme by name."""
        names = sorted(self._themes.themes)
        self.use_theme(names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0])

    def use_theme(self, name: str) -> None:
        """Draw with another theme and remember it."""
        self.theme = name
        self._palette = self._themes.themes[name].palette
        self._view = replace(self._view, theme=name, theme_over=self._run.config.theme)
        self._ledger.restyle()

    def action_help(self) -> None:
        """Show or hide the keys."""
        self._steer(lambda view, _: replace(view, help=not view.help, opened=None))

    def action_zone(self) -> None:
        """Times in the exchange's zone or in the user's."""
        self._use_zone("local" if self._view.zone == "exchange" else "exchange")
        self._show()

    def _use_zone(self, zone: str) -> None:
        local = datetime.now(UTC).astimezone().tzinfo
        self._zone = EASTERN if zone == "exchange" or local is None else local
        self._view = replace(self._view, zone=zone)

    def action_flash(self) -> None:
        """Mark changed digits, or not."""
        self._steer(lambda view, _: replace(view, flash=not view.flash))
        self.notify(f"changed digits are {'marked' if self._view.flash else 'not marked'}", timeout=2)

    def action_pane(self, step: int) -> None:
        """Focus the next pane."""
        self._steer(lambda view, sheet: steer.next_pane(view, sheet, step))

    def action_jump(self) -> None:
        """Wait for the letter of a pane."""
        self._steer(lambda view, _: replace(view, jumping=not view.jumping))

    def on_key(self, event: events.Key) -> None:
        """The letter after `g`; it must not reach the bindings."""
        if self._view.jumping:
            event.prevent_default().stop()
            self._steer(lambda view, sheet: steer.jumped(view, sheet, event.character or ""))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a pane's letter is awaited no key does anything else."""
        return not self._view.jumping or action in ("quit_at_once", "suspend_process")

    def action_row(self, step: int) -> None:
        """Select another row of the focused pane."""
        self._steer(lambda view, sheet: steer.next_row(view, sheet, step))

    def action_open(self) -> None:
        """Open the selected row."""
        self._steer(steer.opened)

    async def action_back(self) -> None:
        """Close what lies over the screen, else go to the overview, else let the selection go."""
        self._steer(lambda view, _: steer.back(view))

    async def action_leave(self) -> None:
        """Close what lies over the screen, or end."""
        if self._view.opened is not None or self._view.help:
            await self.action_back()
        else:
            self._care.leave(0)

    def action_quit_at_once(self, code: int) -> None:
        """End without a question."""
        self._care.leave(code)

    async def action_quit(self) -> None:
        """End; what the palette calls."""
        self._care.leave(0)

    def action_sort(self, step: int) -> None:
        """Sort the focused pane by its next column."""
        self._steer(lambda view, sheet: steer.next_order(view, sheet, self._on_screen(), step))

    def action_reverse(self) -> None:
        """The same order the other way round."""
        self._steer(steer.reversed_order)

    def action_setting(self, key: str, step: int) -> None:
        """Step through what `key` stands for on this screen."""
        self._steer(lambda view, _: steer.next_setting(view, self._on_screen(), key, step))

    def action_cursor(self, step: int) -> None:
        """Move the chart's cursor."""
        self._steer(lambda view, _: steer.moved_cursor(view, step))

    def on_click(self, event: events.Click) -> None:
        """A click selects a row, a second one on it opens it."""
        if not self._view.help:
            self._steer(lambda view, sheet: steer.clicked(view, sheet, event.x, event.y))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """What the command palette offers: the same as the keys, and every theme."""
        for number, name in SCREENS:
            yield SystemCommand(f"Screen: {name}", f"key {number}", _call(self.action_screen, name))
        yield SystemCommand("Freeze", "key f", self.action_freeze)
        yield SystemCommand("Refresh now", "key r", self.action_refresh_now)
        yield SystemCommand("Times: exchange or local zone", "key z", self.action_zone)
        yield SystemCommand("Mark changed digits", "key c", self.action_flash)
        yield SystemCommand("Keys", "key ?", self.action_help)
        for name, theme in sorted(self._themes.themes.items()):
            yield SystemCommand(f"Theme: {name}", theme.description, _call(self.use_theme, name))
        yield SystemCommand("Quit", "key q", self.action_leave)


def _call(action: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: action(name)


def _pane(name: str) -> Pane:
    pane: Pane = plugins.load("rotation_tui.panes", name, "PANE")
    return pane
