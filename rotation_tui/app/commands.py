"""Keys as Textual takes them, and what the command palette offers: the same, and every theme by name."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.command import CommandPalette

from rotation_tui.screens.keys import KEYS
from rotation_tui.theme.load import LoadedThemes
from rotation_tui.widgets.cells import printable

_BRACKETS = str.maketrans("[]\\", "()/")


class Palette(CommandPalette):
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
        yield SystemCommand(f"Theme {name}", _unmarked(theme.description), partial(use_theme, name))


def _unmarked(text: str) -> str:
    """`text` from a file as words: the palette reads markup, and has no way to leave it alone."""
    return printable(text).translate(_BRACKETS)
