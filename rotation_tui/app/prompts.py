"""The line at the lower edge in which something is typed: what rows are to have, or where to go."""

from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from rotation_tui.widgets.cells import printable


class Asked(Struct, frozen=True):
    """What a prompt is for: what stands in it before anything is typed, and who is told of what is typed.

    `typing` gets the text after every key, `entered` after enter; `let_go` is called at escape. `moved` gets the step
    of an arrow, `completed` gives what tab makes of the text. It takes `longest` characters.
    """

    hint: str
    typing: Callable[[str], None]
    entered: Callable[[str], None]
    let_go: Callable[[], None]
    moved: Callable[[int], None] = lambda _: None
    completed: Callable[[str], str] = lambda text: text
    longest: int = 40


class Prompt(Input):
    """One line at the lower edge that begins with `text`.

    When it ends the keys go back to the screen at once: the next one may have been typed already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("tab", "complete", show=False),
    ]
    # Textual gives every focused Input a tall border, which would leave a line of height 1 no row for its text
    DEFAULT_CSS = """
    Prompt { dock: bottom; height: 1; border: none; padding: 0 1; }
    Prompt:focus { border: none; }
    """

    def __init__(self, asked: Asked, text: str = "", *, ascii_only: bool = False) -> None:
        super().__init__(text, asked.hint, max_length=asked.longest, restrict="[ -~]*" if ascii_only else None)
        self.select_on_focus = False
        self.cursor_blink = False  # a blinking cursor writes to the terminal for ever
        self._asked = asked
        self._over = False

    def watch_value(self, value: str) -> None:
        """Tell of every letter in the frame in which it is typed."""
        if self.is_mounted and not self._over:
            self._asked.typing(printable(value))

    def _on_paste(self, event: events.Paste) -> None:
        """The first line of it, without what a terminal would obey."""
        event.prevent_default().stop()
        lines = event.text.splitlines()
        self.insert_text_at_cursor(printable(lines[0] if lines else "")[: self._asked.longest - len(self.value)])

    async def action_submit(self) -> None:
        self._end()
        self._asked.entered(printable(self.value).strip())

    def action_dismiss(self) -> None:
        self._end()
        self._asked.let_go()

    def on_blur(self) -> None:
        """Let it go where the mouse took the focus away; a terminal in the background keeps it."""
        if not self._over and self.app.app_focus:
            self.action_dismiss()

    def action_move(self, step: int) -> None:
        self._asked.moved(step)

    def action_complete(self) -> None:
        self.value = self._asked.completed(self.value)
        self.cursor_position = len(self.value)

    def _end(self) -> None:
        self._over = True
        if self.has_focus:
            self.screen.set_focus(None)
        self.remove()
