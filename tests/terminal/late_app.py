"""An app that does not let go of its terminal: `python -m tests.terminal.late_app own|textual WHAT`.

Key q quits; what is done then, between the moment the terminal is given back and the end of the process, WHAT names:

  asks       for each mode, a title, a pointer, a notification, a bell and a drawing, as a beat of the app's may
  replies    the terminal tells, while it is given back, that it can tell its size by itself
  stops      ctrl+z
  continues  a stop from outside is over
  hangs      the end takes for ever
  amid       it hangs in the middle of giving the terminal back, and goes on once it is ended by force
  behind     the terminal takes the first half of what gives it back, and no more
  draws      it does not end but draws, fifty times a second

With `draws` a save at the end by force takes half a second, in which the app goes on.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from typing import Any

from textual.driver import Driver
from textual.messages import InBandWindowResize

from rotation_tui.terminal.driver import ScreenDriver
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.terminal.input_driver import InputDriver
from tests.patience import PATIENCE_S
from tests.terminal.screen_app import ScreenApp

MODES = "".join(f"\x1b[?{mode}h" for mode in (1000, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2048))


class _OwnRepliedTo(ScreenDriver):
    def _disable_in_band_window_resize(self) -> None:
        super()._disable_in_band_window_resize()
        _reply(self)


class _TextualsRepliedTo(InputDriver):
    def _disable_in_band_window_resize(self) -> None:
        super()._disable_in_band_window_resize()
        _reply(self)


class _HeldUp(ScreenDriver):
    """Gives the terminal back in two halves, with an end by force in between."""

    has_ended = threading.Event()

    def _enable_line_wrap(self) -> None:
        self.flush()
        while not self._is_silent:
            time.sleep(0.01)
        super()._enable_line_wrap()

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self.has_ended.set()

    def _falls_silent(self, seconds: float) -> bool:
        self.has_ended.wait()
        return super()._falls_silent(seconds)


class _Behind(ScreenDriver):
    """Gives the terminal back in two halves, the second of which gets stuck."""

    def _enable_line_wrap(self) -> None:
        self.flush()
        writer = self._writer
        assert writer is not None
        assert writer.drain(PATIENCE_S)
        writer._descriptor = _full()
        super()._enable_line_wrap()


def _full() -> int:
    """A pipe that takes nothing more; its other end stays open."""
    _, end = os.pipe()
    os.set_blocking(end, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(end, bytes(1024))
    os.set_blocking(end, True)
    return end


def _reply(driver: InputDriver) -> None:
    """Whatever the reader has in its hand the moment that it is told to end."""
    reply = InBandWindowResize(supported=True, enabled=False)
    thread = threading.Thread(target=driver.process_message, args=(reply,))
    if driver._key_thread is not None and driver._key_thread.is_alive():
        thread.start()
        thread.join()


class LateApp(ScreenApp):
    """Goes on after its terminal is given back."""

    def __init__(self, options: argparse.Namespace, driver: type[Driver]) -> None:
        super().__init__(options)
        self.driver_class = driver
        self._what = options.what
        if self._what == "draws":
            self._care = TerminalCare(on_vanish=lambda: time.sleep(0.5), repaint=self.action_repaint)

    def exit(self, *given: Any, **more: Any) -> None:
        if self._what != "draws":
            super().exit(*given, **more)

    async def on_unmount(self) -> None:
        driver: Any = self._driver
        if self._what == "asks":
            driver.write(MODES)
            driver._mouse = True
            driver._enable_mouse_support()
            driver.name_window("late")
            driver.call_out("\x1b]9;late\x07")
            driver.write("\x1b]22;text\x07")
            self.bell()
            if isinstance(driver, ScreenDriver):
                driver.draw({0: [("late", "")]})
        elif self._what in ("stops", "continues"):
            signal.raise_signal(signal.SIGTSTP if self._what == "stops" else signal.SIGCONT)
        elif self._what == "hangs":
            await asyncio.sleep(3600)
        for _ in range(20):  # turns of the loop, in which what was asked for would be sent
            await asyncio.sleep(0.01)


def main() -> None:
    """Run the app."""
    parser = argparse.ArgumentParser()
    parser.add_argument("driver", choices=("own", "textual"))
    parser.add_argument("what")
    parser.set_defaults(stock=False, unchecked=True, report=None, cells=9)
    options = parser.parse_args()
    options.stream = 50 if options.what == "draws" else 0
    kinds = (_OwnRepliedTo, _TextualsRepliedTo) if options.what == "replies" else (ScreenDriver, InputDriver)
    halves: dict[str, type[Driver]] = {"amid": _HeldUp, "behind": _Behind}
    app = LateApp(options, halves.get(options.what, kinds[options.driver == "textual"]))
    app.run(mouse=False)
    app._care.detach()
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main()
