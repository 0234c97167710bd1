"""The driver that owns the terminal's screen: it sends the cells that differ, and never more than one frame.

Textual writes whole spans; here they become cells of a grid, and what goes to the terminal is the difference
to what it shows. While the terminal is behind nothing is queued: the next frame is the difference to what is
wanted then. So a slow link costs freshness, never a backlog, and the loop never waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import events

from rotation_tui.terminal.encoder import FrameEncoder
from rotation_tui.terminal.first_paint import TAKE_SCREEN, Opening
from rotation_tui.terminal.grid import Grid
from rotation_tui.terminal.guard import CLEAR_SCREEN
from rotation_tui.terminal.input_driver import InputDriver
from rotation_tui.terminal.parser import ScreenStream
from rotation_tui.terminal.title import RESTORE
from rotation_tui.terminal.writer import Acknowledgement, ScreenWriter

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

# What Textual does not promise and this driver rests on. A test fails when one moves.
#   LinuxDriver.start_application_mode   sets the handler of SIGWINCH and writes through self.write
#   LinuxDriver.process_message          is called on the input thread for every message, replies included
#   LinuxDriver.run_input_thread        is that thread; InputDriver has one of its own
#   LinuxDriver._in_band_window_resize   whether the terminal tells its size by itself
#   textual._xterm_parser.XTermParser   one whole sequence at a time goes in, messages come out
#   LinuxDriver.attrs_before            the terminal's settings that it gives back at the end
#   events.CursorPosition                is what the input parser makes of a cursor-position reply

_SYNCHRONIZE_FROM: Final = 512  # characters; a smaller frame reaches the terminal in one read
_BEGIN_SYNCHRONIZED: Final = "\x1b[?2026h"
_END_SYNCHRONIZED: Final = "\x1b[?2026l"
_ASK_POSITION: Final = "\x1b[6n"
_MOST_CONTROLS: Final = 1000  # sequences that wait for a terminal that does not read
_RESIZE_SETTLES_S: Final = 0.2  # Textual's own repaint comes sooner
_LAST_REPLY_S: Final = 0.3
_LAST_REPLY_FROM_AFAR_S: Final = 1.0  # of a terminal that has replied before, and so will
_LAST_WRITE_S: Final = 10.0  # longer than the grace of the terminal's care, which knows a way out


class ScreenDriver(InputDriver):
    """Shows Textual's output on a terminal cell by cell.

    With an `opening` the board is on the screen already: nothing is sent before `begin`, so that it never gives way
    to a blank screen.
    """

    opening: ClassVar[Opening | None] = None

    def __init__(self, app: App[Any], **settings: Any) -> None:
        super().__init__(app, **settings)
        self.frames_sent = 0
        self._main_loop = asyncio.get_running_loop()
        self._main_thread = threading.get_ident()
        self._drawn_app = app
        self._told_size: tuple[int, int] | None = None
        self._grid = Grid(*(settings.get("size") or shutil.get_terminal_size()))
        self._stream = ScreenStream(self._grid)
        self._opening = self.opening
        self._encoder = FrameEncoder() if self._opening is None else self._opening.encoder
        self._acknowledgement = Acknowledgement()
        self._writer: ScreenWriter | None = None
        self._controls: list[str] = []
        self._has_drawn = False
        self._is_due = False
        self._is_lost = False
        self._is_closing = False
        self._is_called = False
        self._send_timer: asyncio.TimerHandle | None = None

    # What the app may ask

    @property
    def round_trip_s(self) -> float | None:
        """Seconds from a frame to the terminal's reply, growing while one is overdue; None = unknown."""
        return self._acknowledgement.round_trip_s

    @property
    def replies(self) -> int:
        """How many frames the terminal has replied to since it was taken; each reply is a new round trip."""
        return self._acknowledgement.replies

    @property
    def is_behind(self) -> bool:
        """Whether a frame is still under way; drawing another now would only replace what is wanted."""
        writer = self._writer
        return (writer is not None and not writer.is_idle) or self._acknowledgement.wait_s > 0

    def begin(self) -> None:
        """What the app shows is whole: go on from the opening to it."""
        self._opening = None
        self._on_loop(self._send)

    def draw(self, lines: Mapping[int, Sequence[tuple[str, str]]]) -> bool:
        """Show texts, each with the parameters of its SGR sequence, from the first column of these lines on.

        They leave at the loop's next turn, with what is drawn until then. False while there is no screen.
        """
        if self._writer is None or self._is_closing:
            return False
        self._fit()
        for y, line in lines.items():
            self._grid.draw(y, line)
        self._has_drawn = self._is_due = True
        if not self._is_called:
            self._is_called = True
            self._main_loop.call_soon(self._send)
        return True

    def repaint(self) -> None:
        """Draw every cell again, for when something else has written on the screen; from any thread."""
        self._is_lost = True
        self._on_loop(self._send)

    # What Textual calls

    def _pass_on(self, data: str) -> None:
        """Take a piece of Textual's output; it leaves with the next flush, or at the loop's next turn."""
        if threading.get_ident() != self._main_thread:
            self._on_loop(lambda: self.write(data))
            return
        self._fit()
        if self._opening is not None:
            data = data.replace(TAKE_SCREEN, "")  # some terminals clear a screen that is taken again
        reading = self._stream.read(data)
        self._has_drawn |= reading.drawn
        self._is_due |= reading.drawn
        self._is_lost |= reading.lost
        if self._writer is None:
            return
        for control in reading.controls:
            has_room = len(self._controls) < _MOST_CONTROLS or self._is_closing
            if has_room and control not in self._controls[-1:]:
                self._controls.append(control)
        if reading.controls:
            self._main_loop.call_soon(self._send)

    def flush(self) -> None:
        """Send what differs, unless the terminal is behind."""
        if threading.get_ident() == self._main_thread:
            self._send()
        else:
            self._on_loop(self._send)

    def start_application_mode(self) -> None:
        """Take the terminal; after a suspension the screen is drawn anew."""
        self._is_closing = False
        if self.opening is not None:
            self.opening.given_back = False
        self._acknowledgement = Acknowledgement()
        self._writer = ScreenWriter(sys.__stderr__.fileno(), lambda: self._on_loop(self._send))  # type: ignore[union-attr]
        self._told_size = None
        super().start_application_mode()
        if self._opening is not None and not self._opening.taken:
            self.attrs_before = self._opening.settings
            self._opening.taken = True
        tell_textual = signal.getsignal(signal.SIGWINCH)

        def resized() -> None:
            self._resized()
            if callable(tell_textual):
                tell_textual(signal.SIGWINCH, None)

        # On the loop, for a second signal would interrupt Textual's handler between reading the size and
        # telling it, and the older size would be told last.
        signal.signal(signal.SIGWINCH, lambda *_: self._on_loop(resized))

    def disable_input(self) -> None:
        """Stop reading keys; waits a moment for the terminal's last reply."""
        self._is_closing = True
        self._await_last_reply()
        super().disable_input()

    def stop_application_mode(self) -> None:
        self._is_closing = True
        self._controls.append(CLEAR_SCREEN)
        super().stop_application_mode()

    def close(self) -> None:
        """Send what is left, waiting some seconds for a terminal that does not read."""
        writer = self._writer
        if writer is not None:
            if writer.drain(_LAST_WRITE_S) and self._controls:
                self._submit(writer, "".join(self._controls))
            self._is_out = writer.drain(_LAST_WRITE_S) and writer.error is None
            writer.stop()
        super().close()
        self._writer = None
        if self.opening is not None:
            self.opening.given_back = self._is_whole
        self._controls.clear()

    def process_message(self, message: Message) -> None:
        """Keep the terminal's replies from the app; runs on the input thread."""
        if isinstance(message, events.CursorPosition):
            self._acknowledgement.answer()
            self._on_loop(self._send)
            return
        if isinstance(message, events.Resize) and self._in_band_window_resize:
            self._told_size = message.size
            self._on_loop(self._resized)
        super().process_message(message)

    # How it works

    def _on_loop(self, action: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: there is no screen any more
            self._main_loop.call_soon_threadsafe(action)

    def _resized(self) -> None:
        """Draw anew even where the size is the same again: what lay outside for a moment is gone."""
        self._fit()
        self._is_lost = True
        self._main_loop.call_later(_RESIZE_SETTLES_S, self._settle)

    def _settle(self) -> None:
        # Textual draws nothing for a size that was another one for a moment only; what the smaller grid
        # has lost must be drawn again all the same.
        if self._writer is not None and not self._is_closing:
            self._drawn_app.refresh(layout=True)
            self._send()

    def _fit(self) -> None:
        """Ask for the size each time, 2 us: a signal for a change may come late, or not at all."""
        size = self._told_size or shutil.get_terminal_size()
        if (self._grid.width, self._grid.height) != tuple(size):
            self._grid.resize(*size)
            self._is_lost = True

    def _send(self) -> None:
        self._is_called = False
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None
        writer = self._writer
        if writer is None or not writer.is_idle:
            return  # the writer calls again when it is done
        data = "".join(self._controls)
        if not self._is_closing and self._opening is None and self._has_drawn and (self._is_due or self._is_lost):
            wait = self._acknowledgement.wait_s
            if wait > 0:
                self._send_timer = self._main_loop.call_later(wait, self._send)
            else:
                data += self._next_frame()
        if data:
            self._submit(writer, data)

    def _submit(self, writer: ScreenWriter, data: str) -> None:
        if self._gives_title_back and RESTORE not in data and writer.is_out:
            self._is_named = False
        writer.submit(self._encoded(data))
        self._controls.clear()  # only now: an end by force must find them either here or with the writer

    def _control(self, data: str) -> None:
        if not self._is_silent:
            self._controls.append(data)
            self._main_loop.call_soon(self._send)

    def _falls_silent(self, seconds: float) -> bool:
        writer = self._writer
        is_out = writer is not None and writer.silence(seconds)
        if is_out and self._gives_title_back and RESTORE not in self._controls:
            self._is_named = False
        if not is_out:
            return False
        self._await_last_reply()
        return self._has_stopped and not self._controls

    def _await_last_reply(self) -> None:
        has_replied = self._acknowledgement.replies > 0
        self._acknowledgement.settle(_LAST_REPLY_FROM_AFAR_S if has_replied else _LAST_REPLY_S)

    def _next_frame(self) -> str:
        if self._is_lost:
            self._encoder.forget()
        self._is_due = self._is_lost = False
        # The hidden cursor is worth moving only where an input has put it, for input methods follow it.
        cursor = self._stream.cursor if self._stream.cursor != (0, 0) else None
        frame = self._encoder.frame(self._grid, cursor)
        if not frame:
            return ""
        self.frames_sent += 1
        if self._stream.synchronized and len(frame) >= _SYNCHRONIZE_FROM:
            frame = _BEGIN_SYNCHRONIZED + frame + _END_SYNCHRONIZED
        if self._acknowledgement.is_wanted:
            self._acknowledgement.ask()
            frame += _ASK_POSITION
        return frame

    @staticmethod
    def _encoded(text: str) -> bytes:
        return text.encode(getattr(sys.__stderr__, "encoding", None) or "utf-8", "replace")
