"""The line in which a pair is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class PairPrompt(Input):
    """One line at the lower edge; enter follows the pair, escape lets it go."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]
    # Textual gives every focused Input a tall border, which would leave a line of height 1 no row for its text
    DEFAULT_CSS = """
    PairPrompt { dock: bottom; height: 1; border: none; padding: 0 1; }
    PairPrompt:focus { border: none; }
    """

    def __init__(self) -> None:
        super().__init__(placeholder="a pair of known symbols, as IWM/SPY; enter follows it", max_length=40)
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever

    def on_mount(self) -> None:
        """Take the keys."""
        self.focus()

    def action_dismiss(self) -> None:
        """Let it go."""
        self.remove()
