"""The line in which a pair is typed."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


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
        super().__init__(placeholder="a pair of known symbols, as IWM/SPY; enter follows it", max_length=40)
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        self._typed = typed

    async def action_submit(self) -> None:
        """Give what was typed, and close."""
        self.action_dismiss()
        self._typed(self.value)

    def action_dismiss(self) -> None:
        """Let it go."""
        self.screen.set_focus(None)
        self.remove()
