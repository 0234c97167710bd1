"""The terminal is always given back whole: signals, hangups, suspension, and a terminal that stops reading.

Textual handles none of SIGTERM, SIGHUP and a terminal that vanishes, and starts its threads twice after a
bare SIGCONT. Everything here is for systems with termios and POSIX signals; elsewhere it does nothing.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

try:
    import termios
except ImportError:  # Windows has no terminal settings to save, watch or restore
    HAS_TERMIOS = False
else:
    HAS_TERMIOS = True

from rotation_tui.terminal.signals import ENDING

if TYPE_CHECKING:
    import asyncio

    from textual.app import App

# Every name of Textual used here that its documentation does not promise. A test fails when one moves.
#   App._driver                    suspending needs the driver, and Textual offers no way to it
#   App.is_running                 false from before the driver gives the terminal back
#   LinuxDriver.attrs_before       the terminal's settings from before the app; restored when the app cannot
#   LinuxDriver._writer_thread, WriterThread._queue   the only sign that the terminal is behind; InputDriver ends the
#                                  thread by a None, as its `stop` does
#   App._handle_exception          where Textual ends for a fault that nobody foresaw

_HUNG_UP: Final = 129  # what a shell reports for a process ended by SIGHUP
_WATCH_EVERY: Final = 1.0  # seconds; a tcgetattr costs microseconds
_UNDER_WAY_S: Final = 0.3  # for what is being written
_NONE: Final = -1  # no terminal
CUT_SHORT: Final = "\x18\x1b\\"
"""What was cut short must not swallow what follows: cancel, and the end of a string."""
CLEAR_SCREEN: Final = "\x1b[0m\x1b[H\x1b[J"
"""Before it is given back: a terminal without another screen, as the Linux console, would keep ours."""
GIVE_BACK: Final = (
    "\x1b[?2026l\x1b[?2048l\x1b[?2004l\x1b[?1016l\x1b[?1015l\x1b[?1006l\x1b[?1003l\x1b[?1000l\x1b[?1004l"
    "\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)


class TerminalCare:
    """Ends the app when it is told to or when its terminal is gone, and gives the terminal back whole.

    `attach` is called in the app's `on_mount`, `detach` after `App.run` has returned. `on_vanish` is called
    just before the process ends without a clean exit, on another thread; it may save state and has `grace`
    seconds. `repaint` is called before the screen is drawn anew after a suspension; a driver that remembers
    what the terminal shows forgets it there. `grace` is how many seconds an end may take before it is forced.
    """

    def __init__(
        self,
        *,
        on_vanish: Callable[[], None] | None = None,
        repaint: Callable[[], None] | None = None,
        grace: float = 3.0,
    ) -> None:
        self._on_vanish = on_vanish
        self._repaint = repaint
        self._grace = grace
        self._app: App[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tty = self._screen = _NONE
        self._cooked: list[Any] | None = None
        self._raw: list[Any] = []
        self._leaving: tuple[int, float] | None = None
        self._suspended = False
        # not an Event: its lock would be taken twice by a signal handler that interrupts `leave`
        self._look_now: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._detached = threading.Event()

    def attach(self, app: App[Any]) -> None:
        """Take the signals over from Textual and watch the terminal.

        Only `leave` works for a headless app, outside the main thread, or without POSIX. A terminal that is gone
        already, for it was there when the program started, ends the process.
        """
        import asyncio  # here, because the first paint has no use for it, and it costs 10 ms

        self._app, self._loop = app, asyncio.get_running_loop()
        if not HAS_TERMIOS or app.is_headless or threading.current_thread() is not threading.main_thread():
            return
        tty = _terminal()
        if tty is None:
            self._end_now(_HUNG_UP)
        self._tty, self._screen = tty, sys.__stderr__.fileno() if sys.__stderr__ else tty
        self._raw = termios.tcgetattr(tty)
        self._cooked = getattr(app._driver, "attrs_before", None)
        for number in (*ENDING, signal.SIGINT):
            # nohup, and a shell that starts a background job, ignore a signal for the program on purpose
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_exit_signal)
        signal.signal(signal.SIGTSTP, self._on_suspend_signal)
        signal.signal(signal.SIGCONT, self._on_continue_signal)
        # A signal that another thread takes runs its handler only once the loop wakes, which may take for ever. asyncio
        # wakes for every signal once it handles one itself: this one, which nobody sends and which does nothing.
        self._loop.add_signal_handler(signal.SIGURG, lambda: None)
        threading.Thread(target=self._watch, name="terminal-watch", daemon=True).start()

    def detach(self) -> None:
        """Stop watching and give the signals their default meaning: Textual's own handlers need the app."""
        self._detached.set()
        self._look_now.put(None)
        if self._tty == _NONE:
            return
        for number in (*ENDING, signal.SIGTSTP, signal.SIGCONT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def leave(self, code: int = 0) -> None:
        """End the app with this exit code, by force after the grace; a second call forces it at once.

        A terminal that does not read can block Textual's loop, so an app that only asks itself to exit may
        never end. May be called from a signal handler and from any thread.
        """
        if self._app is None or self._loop is None:
            return
        forced = self._leaving is not None
        self._leaving = (code, time.monotonic() + (0.0 if forced else self._grace))
        self._look_now.put(None)
        if not forced:
            self._on_loop(functools.partial(self._app.exit, return_code=code))

    # A signal handler runs between two instructions of the main thread, which may hold the lock of the
    # writer's queue just then; so it only leaves a note, and the loop or the watching thread does the work.

    def _on_loop(self, action: Callable[[], object]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the app has ended already
                self._loop.call_soon_threadsafe(action)

    def _on_exit_signal(self, number: int, _frame: object) -> None:
        if _is_gone(self._tty):
            self._look_now.put(None)
        else:
            self.leave(128 + number)

    def _on_suspend_signal(self, _number: int, _frame: object) -> None:
        self._on_loop(self._suspend)

    def _on_continue_signal(self, _number: int, _frame: object) -> None:
        if not self._suspended:
            self._on_loop(self._take_screen_again)

    @property
    def _has_the_screen(self) -> bool:
        """Whether the app is to go on; one that ends must not take the terminal again."""
        return self._app is not None and self._app.is_running and self._leaving is None

    def _suspend(self) -> None:
        app = self._app
        if app is None or app._driver is None or not self._has_the_screen:
            return
        app.app_suspend_signal.publish(app)
        self._suspended = True
        try:
            app._driver.suspend_application_mode()
            self._stop_until_in_foreground()
            app._driver.resume_application_mode()
        finally:
            self._suspended = False
        app.app_resume_signal.publish(app)
        self._draw_again()

    def _stop_until_in_foreground(self) -> None:
        # Stopping the whole group is what the terminal itself does; a wrapper such as `uv run` that went on
        # running would keep the shell waiting. SIGTSTP, unlike SIGSTOP, spares a group that nobody could
        # continue, such as a program that ssh started without a shell.
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        while self._leaving is None:
            # The kernel stops a program that `bg` continued when it sets anything, even to what it is.
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._tty, termios.TCSANOW, termios.tcgetattr(self._tty))
            if _is_in_foreground(self._tty):
                return
            time.sleep(0.05)
        self._end_now(self._leaving[0])  # killed while stopped; the shell has the terminal already

    def _take_screen_again(self) -> None:
        """After an unannounced stop: the shell may have changed the settings and drawn on the screen."""
        if self._has_the_screen and _is_in_foreground(self._tty):
            with contextlib.suppress(termios.error):  # gone in between; the watch ends the process
                termios.tcsetattr(self._tty, termios.TCSANOW, self._raw)
            self._draw_again()

    def _draw_again(self) -> None:
        if self._repaint is not None:
            self._repaint()
        if self._app is not None:
            self._app.refresh(layout=True)

    # When the terminal dies, Textual's threads spin and its loop blocks, so only another thread can help.

    def _watch(self) -> None:
        while not self._detached.is_set():
            if _is_gone(self._tty):
                self._end_now(_HUNG_UP)
            wait = _WATCH_EVERY
            if self._leaving is not None:
                wait = min(wait, self._leaving[1] - time.monotonic())
                if wait <= 0:
                    self._end_by_force(self._leaving[0])
            with contextlib.suppress(queue.Empty):
                self._look_now.get(timeout=wait)

    def _end_now(self, code: int) -> NoReturn:
        deadline = threading.Timer(self._grace, os._exit, (code,))
        deadline.daemon = True
        deadline.start()
        try:
            if self._on_vanish is not None:
                self._on_vanish()
        finally:
            os._exit(code)

    def _end_by_force(self, code: int) -> NoReturn:
        hand_over = getattr(getattr(self._app, "_driver", None), "hand_over", None)
        give_back = CUT_SHORT + GIVE_BACK if hand_over is None else hand_over(_UNDER_WAY_S)
        if not give_back:  # the app had it done, and ends too slowly
            self._end_now(code)
        if self._cooked is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._tty, termios.TCSANOW, self._cooked)
        writer = threading.Thread(target=_write, args=(self._screen, give_back), daemon=True)
        writer.start()
        writer.join(_UNDER_WAY_S)
        if writer.is_alive():  # the terminal does not read; a small process stays behind until it does
            import subprocess

            with contextlib.suppress(OSError):
                subprocess.Popen(["/bin/sh", "-c", 'printf %s "$1"', "sh", give_back], stdout=self._screen)
        self._end_now(code)


def backlog(app: App[Any]) -> int:
    """How many writes wait for the terminal; 0 for an app without a writer.

    Textual's queue holds 30 and then blocks the loop, so draw nothing while this is above zero; a frame is
    up to three writes (start of a synchronized update, the frame, its end).
    """
    writer = getattr(app._driver, "_writer_thread", None)
    return 0 if writer is None else int(writer._queue.qsize())


def exit_code(app: App[Any]) -> int:
    """The process's exit code after `App.run`: what the app was told, or 1 when it ended untold."""
    return 1 if app.return_code is None else app.return_code


@contextlib.contextmanager
def prepare_streams() -> Iterator[TextIO]:
    """Show the screen on the terminal although standard error goes elsewhere, as with `2>file`.

    Textual draws on standard error. Where only that is not a terminal, its descriptor points at the terminal
    inside the block, and `sys.stderr` at the file that was asked for. Yields the stream for messages.
    """
    if not (_is_terminal(sys.__stdin__) and _is_terminal(sys.__stdout__)) or _is_terminal(sys.__stderr__):
        yield sys.stderr
        return
    asked_for = os.dup(2)
    before = sys.stderr
    before.flush()
    try:
        with open(asked_for, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False) as file:
            os.dup2(1, 2)
            sys.stderr = file
            try:
                yield file
            finally:
                sys.stderr = before
                with contextlib.suppress(OSError):  # what is left for a terminal that is gone
                    before.flush()
                os.dup2(asked_for, 2)
    finally:
        os.close(asked_for)


def _terminal() -> int | None:
    """Descriptor of the terminal that keys come from; None where there is none or no way to care for it."""
    return sys.__stdin__.fileno() if HAS_TERMIOS and _is_terminal(sys.__stdin__) and sys.__stdin__ else None


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def _write(descriptor: int, text: str) -> None:
    with contextlib.suppress(OSError):  # nobody is left to be told
        os.write(descriptor, text.encode())


def _is_gone(tty: int) -> bool:
    try:
        termios.tcgetattr(tty)
    except termios.error as error:
        return bool(error.args[0] != errno.EINTR)
    return False


def _is_in_foreground(tty: int) -> bool:
    try:
        return bool(os.tcgetpgrp(tty) == os.getpgrp())
    except OSError:
        return False
