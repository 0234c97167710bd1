"""A small app for the screen driver: `python -m tests.terminal.screen_app [--stock] [--stream HZ]`.

Keys: n draws the next numbers, w a row of wide characters, b rings, s scribbles on the terminal behind the
driver's back, r repaints, i names the window, k hangs, d opens a dialog with an input and escape closes it, t tells
about the driver, q quits.
`--stream HZ` draws by itself, `--cells` so many at a time; `--report FILE` gets a byte longer with each turn.
`--unchecked` compares no frame with what was wanted. `--patient` waits for a terminal's reply as long as a test does.
"""

import argparse
import os
import random
import time
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from rotation_tui.terminal import driver, writer
from rotation_tui.terminal.driver import ScreenDriver
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.terminal.input_driver import InputDriver
from tests.patience import PATIENCE_S
from tests.terminal.check import CheckedDriver

WIDTH = 10
TONES = (Style.parse("#4ebf71 on #101010"), Style.parse("bold #d0576b on #101010"), Style.parse("#909090"))
WIDE = "price 中文 ⚠ é 😀 한국 end"


class Numbers(Widget):
    """A wall of numbers that changes the same way in every run."""

    def __init__(self) -> None:
        super().__init__()
        self._chance = random.Random(3)
        self._cells: dict[tuple[int, int], tuple[str, Style]] = {}

    def turn(self, count: int) -> None:
        for _ in range(count):
            column, y = self._chance.randrange(6), self._chance.randrange(16)
            text = f"{self._chance.uniform(-99, 99):+9.2f} "
            self._cells[column, y] = (text, TONES[self._chance.randrange(3)])
            self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        segments = [Segment(*self._cells.get((x, y), ("      ... ", TONES[2]))) for x in range(6)]
        return Strip(segments).adjust_cell_length(self.size.width, TONES[2])


class Dialog(ModalScreen[None]):
    """Something over the numbers, with a cursor of its own."""

    CSS = "Dialog { align: center middle; } Input { width: 30; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", show=False)]

    def compose(self) -> ComposeResult:
        field = Input(placeholder="a ticker")
        field.cursor_blink = False
        yield field


class ScreenApp(App[None]):
    """Numbers, a line that tells, and a line that counts."""

    CSS = "Numbers { height: 1fr; } Static { height: 1; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, name, show=False) for key, name in {"n": "turn", "w": "wide", "b": "bell"}.items()),
        *(Binding(key, name, show=False) for key, name in {"s": "scribble", "r": "repaint"}.items()),
        *(Binding(key, name, show=False) for key, name in {"d": "ask", "t": "tell", "q": "quit"}.items()),
        *(Binding(key, name, show=False) for key, name in {"i": "name", "k": "hang"}.items()),
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
    ]

    def __init__(self, options: argparse.Namespace) -> None:
        own = ScreenDriver if options.unchecked else CheckedDriver
        super().__init__(driver_class=None if options.stock else own)
        self._care = TerminalCare(repaint=self.action_repaint)
        self._options = options
        self._turns = 0
        self._events: list[events.Event] = []

    def compose(self) -> ComposeResult:
        yield Static("the screen is well", id="line")
        yield Numbers()
        yield Static("", id="told")
        yield Static("turn 0", id="turn")

    def on_mount(self) -> None:
        self._care.attach(self)
        if self._options.stream:
            self.set_interval(1 / self._options.stream, self.action_turn)

    async def on_event(self, event: events.Event) -> None:
        # A key comes by twice, on its way to the focus and back.
        if isinstance(event, events.Key | events.CursorPosition) and not any(e is event for e in self._events):
            self._events.append(event)
        await super().on_event(event)

    def action_turn(self) -> None:
        self._turns += 1
        if self._options.report is not None:
            with self._options.report.open("a") as report:
                report.write(".")
        self.query_one(Numbers).turn(self._options.cells)
        self.query_one("#turn", Static).update(f"turn {self._turns}")

    def action_wide(self) -> None:
        line = self.query_one("#line", Static)
        line.update("the screen is well" if str(line.content) == WIDE else WIDE)

    def action_scribble(self) -> None:
        os.write(1, b"\x1b[31;44m\x1b[5;5Hbroadcast message\x1b[2;1H\x1b[K")

    def action_repaint(self) -> None:
        if isinstance(self._driver, ScreenDriver):
            self._driver.repaint()

    def action_name(self) -> None:
        if isinstance(self._driver, InputDriver):
            self._driver.name_window("SMALL \x1b]2;evil\x07+4.6 half")

    def action_hang(self) -> None:
        self.query_one("#told", Static).update("hangs")
        self.call_after_refresh(lambda: self.call_later(time.sleep, 60))

    def action_ask(self) -> None:
        self.push_screen(Dialog())

    def action_tell(self) -> None:
        driver = self._driver
        keys = ",".join(getattr(event, "key", "position") for event in self._events[-6:])
        told = f"keys {keys}"
        if isinstance(driver, ScreenDriver):
            trip = driver.round_trip_s
            faults = len(driver.check.faults) if isinstance(driver, CheckedDriver) else "off"
            told += f" frames {driver.frames_sent} faults {faults}"
            told += f" trip {'unknown' if trip is None else round(trip * 1000)}"
        self.query_one("#told", Static).update(told + " told")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stock", action="store_true")
    parser.add_argument("--unchecked", action="store_true")
    parser.add_argument("--stream", type=float, default=0)
    parser.add_argument("--cells", type=int, default=5)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--patient", action="store_true")
    options = parser.parse_args()
    if options.patient:
        vars(driver)["_LAST_REPLY_FROM_AFAR_S"] = vars(writer)["_REPLY_S"] = PATIENCE_S
    ScreenApp(options).run(mouse=False)


if __name__ == "__main__":
    main()
