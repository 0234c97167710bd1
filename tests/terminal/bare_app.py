"""The smallest app with terminal care, for tests that need no market: `python -m tests.terminal.bare_app`.

k counts, q quits, ctrl+z suspends, ctrl+c interrupts, b blocks the loop for ever, t names Textual's threads.
`--frames` redraws the whole screen 20 times a second, `--ungated` does so without asking for the backlog,
`--last-words FILE` writes FILE when the terminal vanishes, `--report FILE` writes there at each k how often it has
counted and how many writes wait for the terminal, `--grace SECONDS` waits so long for a clean end.
"""

import functools
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from rotation_tui.terminal.guard import TerminalCare, backlog, exit_code, prepare_streams


class BareApp(App[None]):
    """A line of text, a counter, and as many bytes as asked for."""

    CSS = "#fill { height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "count", show=False),
        Binding("q", "leave(0)", show=False),
        Binding("t", "tell_threads", show=False),
        Binding("b", "block", show=False),
        Binding("ctrl+c", "leave(130)", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(self, care: TerminalCare, *, frames: bool, gated: bool, report: str | None) -> None:
        super().__init__()
        self._care = care
        self._frames = frames
        self._gated = gated
        self._report = report
        self._count = 0
        self._frame = 0

    def compose(self) -> ComposeResult:
        yield Static("the terminal is well", id="line")
        yield Static("counted 0", id="count")
        yield Static("", id="told")
        yield Static("", id="fill")
        yield Static("the last line")

    def on_mount(self) -> None:
        self._care.attach(self)
        if self._frames:
            self.set_interval(0.05, self._draw_frame)

    def action_count(self) -> None:
        self._count += 1
        if not self._is_held_back():
            self._show_count()
        if self._report is not None:
            Path(self._report).write_text(f"{self._count} {backlog(self)}", encoding="utf-8")

    def _is_held_back(self) -> bool:
        return self._gated and backlog(self) > 0

    def _show_count(self) -> None:
        self.query_one("#count", Static).update(f"counted {self._count}")

    def action_leave(self, code: int) -> None:
        self._care.leave(code)

    def action_tell_threads(self) -> None:
        names = sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("textual"))
        self.query_one("#told", Static).update(f"{self._count}: {' '.join(names)}")

    def action_block(self) -> None:
        self.query_one("#told", Static).update("blocked")
        self.call_after_refresh(self._block)

    def _block(self) -> None:
        while True:
            time.sleep(1)

    def _draw_frame(self) -> None:
        if self._is_held_back():
            return
        self._show_count()
        self._frame += 1
        size = self.query_one("#fill", Static).size
        row = "".join(
            f"[#{(self._frame * 40 + x * 3) % 256:02x}80{x % 256:02x}]{(self._frame + x) % 10}[/]"
            for x in range(size.width)
        )
        self.query_one("#fill", Static).update("\n".join([row] * size.height))


def _say(path: Path) -> None:
    path.write_text("saved", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Run the app and return the exit code."""
    given, asked = dict(pairwise(arguments)), set(arguments)
    words = given.get("--last-words")
    care = TerminalCare(
        on_vanish=functools.partial(_say, Path(words)) if words else None,
        grace=float(given.get("--grace", 3600)),
    )
    app = BareApp(care, frames="--frames" in asked, gated="--ungated" not in asked, report=given.get("--report"))
    with prepare_streams():
        app.run()
    care.detach()
    print("goodbye", file=sys.stderr)
    return exit_code(app)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
