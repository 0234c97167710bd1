"""A driver whose input cannot end the program: a reader thread of our own in the place of Textual's.

It sleeps until something comes, where Textual's looks ten times a second.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import termios
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.drivers.linux_driver import LinuxDriver

from rotation_tui.terminal.guard import CLEAR_SCREEN, CUT_SHORT, GIVE_BACK
from rotation_tui.terminal.keyboard import Keyboard
from rotation_tui.terminal.title import RESTORE, SAVE, named

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

_log = logging.getLogger(__name__)

_PIECE: Final = 4096
_TOLD_WHOLE: Final = 20
_SHOWN: Final = 60  # bytes of a piece in the log
_LOOK_AGAIN_S: Final = 0.5
_POINTER: Final = "\x1b]22;"
_POINTER_OF_ITS_OWN: Final = "\x1b]22;default\x07"


class InputDriver(LinuxDriver):
    """Textual's driver, reading with `Keyboard`."""

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self._input_ends = threading.Event()
        self._wakes: tuple[socket.socket, socket.socket] | None = None
        self._dropped = 0
        self._title = ""
        self._is_named = False
        self._gives_title_back = False
        self._pointer = ""
        self._is_silent = False
        self._has_stopped = False
        self._is_out = True
        self._is_whole = False

    def hand_over(self, seconds: float) -> str:
        """Send nothing more, whoever asks for it; from any thread, for an end by force.

        Returns what must be sent for the terminal to be as it was, nothing where it is. `seconds` is how long what is
        under way may take.
        """
        self._is_silent = True
        if self._is_whole or self._falls_silent(seconds):
            return ""
        return "".join((CUT_SHORT, "" if self._has_stopped else CLEAR_SCREEN, GIVE_BACK, *self._own_marks()))

    def _falls_silent(self, seconds: float) -> bool:
        """Send nothing more; whether the terminal has been sent all that gives it back."""
        writer = self._writer_thread
        if writer is None:
            return False
        waiting = writer._queue
        with waiting.mutex:  # what ends the thread must find room, and a writer that waits for room must not get it
            has_left = self._gives_title_back and RESTORE not in waiting.queue
            if not self._has_stopped:
                waiting.queue.clear()
            waiting.queue.append(None)
            waiting.not_empty.notify()
        writer.join(seconds)
        if has_left and not writer.is_alive():
            self._is_named = False
        return self._has_stopped and not writer.is_alive()

    def _own_marks(self) -> list[str]:
        """What gives the title back, and the shape of the mouse's pointer, which Textual forgets."""
        pointer = self._pointer not in ("", _POINTER_OF_ITS_OWN)
        return [RESTORE] * self._is_named + [_POINTER_OF_ITS_OWN] * pointer

    def name_window(self, title: str) -> None:
        """Give the window a title, until the terminal is given back."""
        self._title = title
        if self._is_silent:
            return
        self._control(named(title) if self._is_named else SAVE + named(title))
        self._is_named = True

    def call_out(self, data: str) -> None:
        """Ring the bell, or have the terminal show a notification."""
        self._control(data)

    def _control(self, data: str) -> None:
        """Send what changes no cell."""
        self.write(data)

    def write(self, data: str) -> None:
        """Send what Textual and the app ask for, until the terminal is given back.

        An app goes on for a while after that, and a mode, a title or a bell of its last beats would stay.
        """
        if self._is_silent:
            return
        if data.startswith(_POINTER):
            self._pointer = data
        self._pass_on(data)

    def _pass_on(self, data: str) -> None:
        """Have it sent."""
        super().write(data)

    def start_application_mode(self) -> None:
        self._is_silent = self._has_stopped = self._is_whole = self._is_named = self._gives_title_back = False
        self._pointer = ""
        self._input_ends.clear()
        self._wakes = self._wakes or socket.socketpair()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._title:  # after a suspension
            self.name_window(self._title)

    def _enable_mouse_support(self) -> None:
        """Hear of buttons and the wheel alone: Textual also asks for every cell that the mouse passes."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1015h\x1b[?1006h")
            self.flush()

    def disable_input(self) -> None:
        self._input_ends.set()
        if self._wakes is not None:
            self._wakes[0].send(b"x")
        super().disable_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back, with its title, its pointer, and the mouse in cells again, which Textual forgets.

        Nothing reaches it after that. No reply is taken from here on: it might turn a mode on behind the look at
        which of them are.
        """
        self.disable_input()
        for mark in self._own_marks():
            self._control(mark)
        # once, for a second time would take the title of who was there before us
        self._gives_title_back = self._is_named and not self._is_silent
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self._mouse_pixels = False
        super().stop_application_mode()
        self._has_stopped = not self._is_silent  # else an end by force has cut it short
        self._is_silent = True

    def close(self) -> None:
        """Give back what reading needs, once it has ended."""
        super().close()
        self._is_whole = self._has_stopped and self._is_out
        wakes, self._wakes = self._wakes, None
        for end in wakes or ():
            end.close()

    def run_input_thread(self) -> None:
        """Read until the input is disabled or the terminal is gone; runs on a thread of its own."""
        keyboard = Keyboard(self._drop)
        assert self._wakes is not None
        woken = self._wakes[1]
        while not self._input_ends.is_set():
            ready, _, _ = select.select([self.fileno, woken], [], [], keyboard.wait_s)
            if woken in ready:
                woken.recv(64)
            if self.fileno in ready:
                data = self._read()
                if data is None:
                    return  # the terminal's care ends the program
                self._deliver(keyboard.feed(data))
            self._deliver(keyboard.tick())

    def process_message(self, message: Message) -> None:
        """Hand a message on to the app; a size only from a terminal that has been asked to tell it."""
        if not isinstance(message, events.Resize) or self._in_band_window_resize:
            super().process_message(message)

    def _read(self) -> bytes | None:
        """What has come, None where nothing ever will."""
        try:
            return os.read(self.fileno, _PIECE) or None
        except BlockingIOError:  # somebody else has made the terminal non-blocking, and was faster
            return b""
        except OSError:
            try:
                termios.tcgetattr(self.fileno)
            except termios.error:
                return None
            self._input_ends.wait(_LOOK_AGAIN_S)  # in the background of a shell that is gone
            return b""

    def _deliver(self, messages: Iterable[Message]) -> None:
        for message in messages:
            try:
                self.process_message(message)
            except Exception as fault:  # a key that is lost is better than a monitor that is
                _log.exception("a message of the terminal was left out", exc_info=fault)

    def _drop(self, piece: bytes) -> None:
        """Tell the log: the first pieces as they are, then how many there have been, each time twice as many."""
        self._dropped += 1
        if self._dropped <= _TOLD_WHOLE:
            _log.info("dropped what the terminal sent and nobody can read: %r", piece[:_SHOWN])
        elif self._dropped & (self._dropped - 1) == 0:
            _log.info("dropped %d pieces that the terminal sent and nobody can read", self._dropped)
