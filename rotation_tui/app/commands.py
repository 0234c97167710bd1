"""What keys Textual takes, and its command palette."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.command import CommandPalette

from rotation_tui.app.destinations import Destination
from rotation_tui.screens.keymap import DEFAULT, Keymap
from rotation_tui.widgets.cells import printable

_BRACKETS = str.maketrans("[]\\", "()/")


class CommandPaletteScreen(CommandPalette):
    """Textual's palette, but one that is closed once, however many clicks and keys ask for it in one breath."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it, if it is open still."""
        return super().dismiss(result) if self.is_current else AwaitComplete()


def bindings(keymap: Keymap = DEFAULT) -> list[Binding]:
    """Every key of the table, and ctrl+c."""
    ours = [Binding(k.keys, k.action, k.words, show=False, priority=k.priority) for k in keymap.keys if k.keys]
    return [*ours, Binding("ctrl+c", "quit_at_once(130)", "quit", show=False, priority=True)]


def openers(keymap: Keymap = DEFAULT) -> frozenset[str]:
    """Keys that open something to type in."""
    return frozenset(name for k in keymap.keys if k.prompts for name in k.keys.split(","))


def commands(
    act: Callable[[str], Awaitable[bool]], every: Iterable[Destination], keymap: Keymap = DEFAULT
) -> Iterable[SystemCommand]:
    """A command for each key that has words, run by `act`, and one for everywhere that one can go.

    Before anything is typed the palette shows keys and themes alone: all checks and claims would be too many.
    """
    for key in (k for k in keymap.keys if k.words and k.action != "command_palette"):
        yield SystemCommand(_titled(key.words), f"key {key.shown}", partial(act, key.action))
    for there in every:
        # the palette reads markup, and has no way to leave it alone
        name, words = (printable(text).translate(_BRACKETS) for text in (there.name, there.words))
        yield SystemCommand(_titled(name), words, there.go, name.startswith("theme "))


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]
