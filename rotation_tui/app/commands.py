"""What is typed: keys as Textual takes them, the command palette, and the line in which a pair is typed."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import ClassVar

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.widgets import Input

from rotation_tui.screens.keys import KEYS
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.cells import printable

_BRACKETS = str.maketrans("[]\\", "()/")


class CommandPaletteScreen(CommandPalette):
    """Textual's palette, but one that is closed once, however many clicks and keys ask for it in one breath."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it, if it is open still."""
        return super().dismiss(result) if self.is_current else AwaitComplete()


def bindings() -> list[Binding]:
    """Every key of the table, and ctrl+c."""
    ours = [Binding(k.keys, k.action, k.words, show=False, priority=k.priority) for k in KEYS]
    return [*ours, Binding("ctrl+c", "quit_at_once(130)", "quit", show=False, priority=True)]


def openers() -> frozenset[str]:
    """Keys that open something to type in."""
    return frozenset(name for k in KEYS if k.prompts for name in k.keys.split(","))


def commands(
    act: Callable[[str], Awaitable[bool]], themes: LoadedThemes, use_theme: Callable[[str], None]
) -> Iterable[SystemCommand]:
    """A command for each key that has words, run by `act`, and one for each theme."""
    for key in (k for k in KEYS if k.words and k.action != "command_palette"):
        yield SystemCommand(key.words.capitalize(), f"key {key.shown}", partial(act, key.action))
    for name, theme in sorted(themes.themes.items()):
        # the palette reads markup, and has no way to leave it alone
        words = printable(theme.description).translate(_BRACKETS)
        yield SystemCommand(f"Theme {name}", words, partial(use_theme, name))


class PairPrompt(Input):
    """One line at the lower edge; enter gives what was typed to `typed`, escape lets it go.

    Either way the keys go back to the screen at once: the next one may have been typed already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]
    # Textual gives every focused Input a tall border, which would leave a line of height 1 no row for its text
    DEFAULT_CSS = """
    PairPrompt { dock: bottom; height: 1; border: none; padding: 0 1; }
    PairPrompt:focus { border: none; }
    """

    def __init__(self, typed: Callable[[str], None]) -> None:
        super().__init__(placeholder="a symbol, or a pair as IWM/SPY; enter looks at it", max_length=40)
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        self._typed = typed

    async def action_submit(self) -> None:
        self.action_dismiss()
        self._typed(self.value)

    def action_dismiss(self) -> None:
        self.screen.set_focus(None)
        self.remove()
