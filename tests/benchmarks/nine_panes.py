"""The reference for the first paint: nine panes without any content, `python -m tests.benchmarks.nine_panes`."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

LAST_WORDS = "the ninth pane"


class NinePanes(App[None]):
    """Nine bordered panes in a grid; the last one is told from the others by its lower edge."""

    CSS = "Screen { layout: grid; grid-size: 3 3; } Static { border: solid white; height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "quit", show=False)]

    def compose(self) -> ComposeResult:
        """The panes."""
        for n in range(9):
            pane = Static()
            pane.border_title = f"pane {n + 1}"
            if n == 8:
                pane.border_subtitle = LAST_WORDS
            yield pane


if __name__ == "__main__":
    NinePanes().run()
