"""The monitor: the live board, and what keys and mouse do."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import SystemCommand
from textual.binding import BindingsMap, BindingType
from textual.screen import Screen
from textual.timer import Timer

from rotation_tui.app.alert_prompt import asked_alert, drop_selected, offered_alert
from rotation_tui.app.commands import CommandPaletteScreen, bindings, commands, openers
from rotation_tui.app.destinations import Destination, Ways, destinations
from rotation_tui.app.drive import Drive, call_out, repaint
from rotation_tui.app.keys_in_turn import TYPED, KeysInTurn
from rotation_tui.app.link import Link
from rotation_tui.app.listing import Listing, Tells, Writes
from rotation_tui.app.live_board import LiveBoard
from rotation_tui.app.living import Read
from rotation_tui.app.muting import press
from rotation_tui.app.privacy import press as press_private
from rotation_tui.app.prompts import Asked, Prompt
from rotation_tui.app.seeking import NO_TAPE, asked_filter, asked_time, asked_way
from rotation_tui.app.setup import Run
from rotation_tui.app.travels import Travels, Voice
from rotation_tui.domain.feed import FeedState
from rotation_tui.domain.session import EASTERN
from rotation_tui.domain.wording import counted
from rotation_tui.screens import pointer, steer
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.overlay import Offers
from rotation_tui.screens.view import View
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.keyed import key as key_of
from rotation_tui.widgets.table import SORT

if TYPE_CHECKING:  # they wait for their key
    from rotation_tui.app.copying import Copier
    from rotation_tui.app.export import Export

_log = logging.getLogger(__name__)

_SAID_S = 5.0
"""How long the answer to a key stands on the last line, where no other key comes before."""


class Monitor(LiveBoard):
    """The live board with its keys."""

    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def __init__(
        self, run: Run, link: Link, themes: LoadedThemes, theme: str, care: TerminalCare, drive: Drive
    ) -> None:
        super().__init__(run, link, themes, theme, care, drive)
        self._travels = Travels(run, self._viewer, Voice(self._say, self.notify, self.run_worker))
        self._listing = Listing(run, self._viewer, self._tells, self._writes)
        self._silence: Timer | None = None
        self._openers: set[str] = set()
        self._keys = KeysInTurn(self, super().on_event, self._openers)
        self._bound: frozenset[str] = frozenset()
        self.bind_keys()

    def bind_keys(self) -> None:
        """Let each key do what the config says."""
        bound = bindings(self._viewer.keymap)
        self._bindings = BindingsMap(bound)
        self._bound = frozenset(self._bindings.key_to_bindings)
        self._openers.clear()
        self._openers.update(openers(self._viewer.keymap))

    def action_repaint(self) -> None:
        repaint(self)
        self._ledger.restyle()
        self._say("the screen is drawn anew")

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

    def say(self, words: str) -> None:
        self._say(words)

    def _fall_silent(self) -> None:
        self._say(None)

    def action_step(self, step: str, *given: object) -> None:
        """Take one of the steps in `screens.steer`, by its name."""
        self._steer(lambda view, sheet: getattr(steer, step)(view, sheet, *given))

    def action_freeze(self) -> None:
        self._viewer.freeze()
        since = self._viewer.view.frozen_since
        self._say(f"the board of {since} stands; {key_of('f')} goes on" if since else "what is true now is shown")

    def action_refresh_now(self) -> None:
        """Ask every source, within its budget."""
        if self.player is not None:
            self._say("a tape asks no source; it tells what they told")
            return
        if self._run.is_told:
            self._say(self._run.silence or "a server asks the feeds, and tells what they say")
            return
        self._run.desk.refresh()
        asked = sum(feed.state is not FeedState.OFF for feed in self._run.store.snapshot().feeds)
        self._say(f"asking {counted(asked, 'feed')}" if asked else "asking the feeds")

    def action_next_theme(self) -> None:
        self._use_and_tell(self._looks.following)

    def _use_and_tell(self, name: str) -> None:
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
        from rotation_tui.app.export import export_of

        sheet, board = self._viewer.sheet, self._viewer.board
        if sheet is not None and board is not None:
            now = self._run.clock.now().astimezone(self._viewer.zone)
            made = export_of(self._viewer, sheet, board, self.size.width, self._looks.palette, now)
            self.run_worker(self._export(made), group="export", exit_on_error=False)
            self._say("writing what is seen to files")

    @property
    def _copier(self) -> "Copier":
        from rotation_tui.app.copying import Copier

        return Copier(self._viewer, lambda data: call_out(self, data), self._say)

    async def action_copy_named(self) -> None:
        """Ask what to copy of the focused pane and its selected row."""
        asked = self._copier.asked(self._offer)
        await self._ask(asked)
        asked.typing("")

    def action_copy_pane(self) -> None:
        self._copier.pane()

    async def _export(self, made: "Export") -> None:
        folder = self._run.config.display.exports or str(self._run.state_folder / "exports")
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
        elif event.key not in self._bound and self.focused is None and len(self.screen_stack) == 1:
            name = event.character if event.is_printable else event.key.replace("_", " ")
            self._say(f"{name} is no key here; {key_of('?')} shows those that are")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a pane's letter is awaited, or something is typed, no key does anything else."""
        busy = self._viewer.view.jumping or isinstance(self.focused, Prompt)
        return not busy or action in ("quit_at_once", "suspend_process", "repaint")

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
        self._travels.step(step)

    def action_go_back(self) -> None:
        """Close what lies over the screen, leave the past, then what `steer.back` says."""
        view = self._viewer.view
        if view.opened is None and not view.help and not view.filters and self._travels.in_the_past:
            self._travels.leave()
        else:
            self._steer(steer.back)

    async def _ask(self, asked: Asked, text: str = "") -> None:
        """Open a prompt; it has the focus when this is done."""
        prompt = Prompt(asked, text, ascii_only=self._link.ascii)
        await self.mount(prompt)
        self.screen.set_focus(prompt)

    async def action_filter_rows(self) -> None:
        """Ask what the rows of the focused pane are to have in them."""
        if (sheet := self._viewer.sheet) is not None:
            pane, rows = steer.focused(self._viewer.view, sheet)
            of = next((p for p in self._viewer.panes if p.name == pane), None)
            text = self._viewer.view.filters.get(pane, "")
            if of is None or of.figure or not (rows or text):
                self._say(f"no rows to filter in {steer.named(pane)}; {key_of('tab')} goes to the next one")
            else:
                await self._ask(asked_filter(pane, self._steer, self._say), text)

    async def action_new_alert(self) -> None:
        """Ask what the user wants to be told of; the selected row offers a condition."""
        if self.player is not None:
            self._say("a tape tells no alert; rotation-tui alerts test --tape FILE tries them on it")
            return
        asked = asked_alert(self._run, self._say, self._ask_again, self._offer, self._viewer.zone)
        await self._ask(asked, offered_alert(self._run, self._viewer))
        asked.typing("")

    def _ask_again(self, asked: Asked, why_not: str, text: str, title: str = "no alert") -> None:
        self.notify(why_not, title=title, severity="warning")  # the prompt stands on the last line
        self.call_later(self._ask, asked, text)

    @property
    def _tells(self) -> Tells:
        again = partial(self._ask_again, title="not in a list")
        return Tells(self._say, self.refuse, again, partial(self.run_worker, group="listing", exit_on_error=False))

    def _writes(self) -> Writes | None:
        themes, link = self._themes, self._link
        return None if self.taking_up is None else Writes(self.taking_up, self.living, Read(None, themes, link))

    async def action_list_symbol(self) -> None:
        """Ask which symbol to put into a watch list."""
        await self._ask(*self._listing.adding())

    async def action_edit_symbol(self) -> None:
        """Ask for tag and note of the selected symbol of a watch list."""
        if (asked := self._listing.editing()) is not None:
            await self._ask(*asked)

    async def action_go_to(self) -> None:
        """Ask where to go, by name."""
        asked = asked_way(self._everywhere(), self._ways, self._viewer, self._offer)
        await self._ask(asked)
        asked.typing("")

    def _offer(self, offers: Offers | None) -> None:
        self._viewer.offers = offers
        self._show()

    def _everywhere(self) -> tuple[Destination, ...]:
        board = self._viewer.board
        every = () if board is None else destinations(board, self._viewer.panes_on, self._themes, self._ways)
        return tuple(replace(there, words=self._viewer.keymap.told(there.words)) for there in every)

    @property
    def _ways(self) -> Ways:
        return Ways(
            lambda step: self._steer(lambda view, _: step(view)),
            self._use_and_tell,
            self._travels.jump,
            self._travels.leave,
            self._look_at_typed,
            self._say,
            self.reload,
        )

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
        """Keep the symbol that was typed, or let it or the typed pair go; a listed symbol and an alert are dropped."""
        if not keep and self._listing.drop():
            return
        if not keep and (said := drop_selected(self._run, self._viewer)) is not None:
            self._say(said)
            return
        name, typed = steer.charted(self._viewer.view), self._run.scope.looked
        if keep and name in typed:
            said = f"{name} is {'kept' if self._run.keep(name) else 'kept already'}; {key_of('x')} lets it go"
            self._steer(lambda view, _: replace(view, looked=self._run.kept, said=said))
        elif not keep and (name in typed or name in self._viewer.view.pairs) and self._run.let_go(name):
            self._steer(lambda view, _: steer.without(view, name))
        else:
            self._steer(lambda view, _: steer.not_typed(view, name, keep=keep))

    async def action_tape(self, what: str, *given: object) -> None:
        """One of the keys of a tape, by its name in `Player`, or to ask for a time of it."""
        if self.player is None:
            self._say(NO_TAPE)
        elif what == "ask":
            await self._ask(asked_time(self.player.to, self._say))
        else:
            self._say(getattr(self.player, what)(*given))

    def action_mute(self) -> None:
        self._say(press(self._run, self._viewer))

    def action_private(self) -> None:
        self._say(press_private(self._run, self._viewer))

    def action_fetch(self) -> None:
        """Ask for holdings and filings, or for no more of them, in the sessions to come as well."""
        on = not self._run.scope.fetches
        said = self._run.fetch(on=on)
        if self._run.scope.fetches is on:
            self._steer(lambda view, _: replace(view, fetches=on))
        self._say(said)

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
        return commands(self.run_action, self._everywhere(), self._viewer.keymap)
