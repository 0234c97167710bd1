"""A real program in a pseudo-terminal of its own, with its screen, its bytes and its costs."""

import contextlib
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.patience import PATIENCE_S
from tests.terminal.emulator import Emulator
from tests.terminal.keys import encode
from tests.terminal.processes import Usage, clean_environment, is_busy, session_members, usage_of

# A session leader without a terminal takes the first one it opens. This saves Popen's preexec_fn, which
# is not allowed in a process that has threads.
_TAKE_TERMINAL = 'tty=$1; shift; exec "$@" <>"$tty" >&0'
_LOOKS = 15
"""How often in a row a program at rest is found idle; Textual holds an escape back for a third of that time."""
_LOOK_EVERY_S = 0.02


class PtySession:
    """Run `command` in a terminal of `columns` by `rows`; leave the `with` block and it is gone.

    `env` is laid over a cleaned environment with TERM=xterm-256color; a value of None removes the name.
    `stderr_to` sends the program's standard error to a file, as `2>file` does. `draw=False` keeps no screen,
    for benchmarks. Every wait raises AssertionError with the screen in its message.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str | None] | None = None,
        stderr_to: Path | None = None,
        cwd: Path | None = None,
        draw: bool = True,
    ) -> None:
        self._emulator = Emulator(columns, rows, draw=draw)
        self._raw = bytearray()
        self._changed = threading.Condition()
        self._reading = True
        self.answers_after_s = 0.0  # as over a slow link
        self._ended = False
        self._closing = False
        self.first_output_at: float | None = None
        self.last_output_at: float | None = None
        self._master, slave = os.openpty()
        self._name = os.ttyname(slave)
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._master, False)
        self._set_size(columns, rows)
        redirect = _TAKE_TERMINAL if stderr_to else _TAKE_TERMINAL + " 2>&0"
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, slave)
            error = stack.enter_context(stderr_to.open("wb")) if stderr_to else slave
            self.started_at = time.monotonic()
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", redirect, "sh", self._name, *command],
                stdin=slave,
                stdout=slave,
                stderr=error,
                env=clean_environment(env),
                cwd=cwd,
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, name="pty-reader")
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What its user sees

    def lines(self) -> list[str]:
        """Rows of the screen from the top, without trailing spaces."""
        with self._changed:
            return self._emulator.lines()

    def screen_text(self) -> str:
        """The screen as one text, rows parted by newlines."""
        return "\n".join(self.lines())

    @property
    def emulator(self) -> Emulator:
        """The terminal itself, for colours, title and modes; still only when the program writes nothing."""
        return self._emulator

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = PATIENCE_S) -> float:
        """Wait until a text is on the screen, or a question about the screen's text is true.

        Returns the seconds waited.
        """
        question: Callable[[str], bool] = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        what = f"{wanted!r} to appear" if isinstance(wanted, str) else f"{wanted} to be true"
        return self._wait_on_screen(question, what, timeout)

    def wait_gone(self, text: str, timeout: float = PATIENCE_S) -> float:
        """Wait until `text` is no longer on the screen."""
        return self._wait_on_screen(lambda seen: text not in seen, f"{text!r} to go", timeout)

    def wait_until(self, true: Callable[[], bool], what: str, timeout: float = PATIENCE_S) -> float:
        """Wait until `true()`, asked again after each output and at least every 20 ms."""
        start = time.monotonic()
        with self._changed:
            while not true():
                left = start + timeout - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {timeout} s for {what}; the screen:\n{self._frame()}")
                self._changed.wait(min(left, 0.02))
        return time.monotonic() - start

    def settle(self, timeout: float = PATIENCE_S) -> None:
        """Wait until the program has dealt with all that has been sent: it has read its keys, and rests.

        One that is kept from running by others is not taken for one at rest. A program that draws by itself is at
        rest between two frames.
        """
        ends, idle = time.monotonic() + timeout, 0
        while idle < _LOOKS and not self._ended:
            idle = 0 if self._unread() or is_busy(self.foreground()) else idle + 1
            if time.monotonic() > ends:
                raise AssertionError(f"never at rest in {timeout} s; the screen:\n{self._frame()}")
            time.sleep(_LOOK_EVERY_S)

    # What its user does

    def press(self, *keys: str) -> None:
        """Send keys by name ("ctrl+z", "tab", "f1") or as characters."""
        for key in keys:
            self.send(encode(key))

    def send(self, data: bytes | str, timeout: float = PATIENCE_S) -> None:
        """Send bytes or text as they are."""
        rest = data.encode() if isinstance(data, str) else data
        deadline = time.monotonic() + timeout
        while rest:
            _, ready, _ = select.select([], [self._master], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"the program does not read its input; the screen:\n{self._frame()}")
            with contextlib.suppress(BlockingIOError):
                rest = rest[os.write(self._master, rest) :]

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal; the kernel tells the program."""
        with self._changed:
            self._emulator.resize(columns, rows)
        self._set_size(columns, rows)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.process.pid, number)

    def pause_reading(self) -> None:
        """Stop taking the program's output, as a terminal on a dead link does."""
        self._reading = False
        self._wake()

    def resume_reading(self) -> None:
        """Take output again."""
        self._reading = True
        self._wake()

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        self._stop_reader()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # What it left

    @property
    def raw(self) -> bytes:
        """Everything the program has written so far."""
        with self._changed:
            return bytes(self._raw)

    @property
    def bytes_written(self) -> int:
        """How many bytes the program has written so far."""
        return len(self._raw)

    @property
    def seconds_to_first_output(self) -> float | None:
        """Seconds from the start of the process to its first byte, None before it."""
        return None if self.first_output_at is None else self.first_output_at - self.started_at

    def is_stopped(self) -> bool:
        """Whether the program has been suspended, as ctrl+z does."""
        look = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.process.pid, look) is not None

    def exit_code(self, timeout: float = PATIENCE_S) -> int:
        """Wait for the end of the process and of its output; a process killed by signal 15 gives -15."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            screen = self._frame()
            raise AssertionError(f"still running after {timeout} s; the screen:\n{screen}") from None
        if self._reading and self._master >= 0:
            self.wait_until(lambda: self._ended, "the end of the output")
        return code

    def restored(self) -> bool:
        """Whether the terminal has been given back: every mode, the cursor, and the line settings."""
        return not self.not_restored()

    def not_restored(self) -> list[str]:
        """What `restored` misses, in words."""
        with self._changed:
            wrong = self._emulator.left_on()
        if self._master >= 0:
            local = termios.tcgetattr(self._master)[3]
            for flag, word in (
                (termios.ECHO, "echo"),
                (termios.ICANON, "line mode"),
                (termios.ISIG, "signals"),
            ):
                if not local & flag:
                    wrong.append(f"{word} is off")
        return wrong

    def foreground(self) -> int:
        """The process that has the terminal: the program, or in a shell whatever job runs in front."""
        try:
            return os.tcgetpgrp(self._master) or self.process.pid
        except OSError:  # its session has ended
            return self.process.pid

    def usage(self) -> Usage:
        """CPU and memory of the program, from /proc; Linux only."""
        return usage_of(self.process.pid)

    def close(self) -> None:
        """Kill the program and everything it started in this terminal, and free the terminal."""
        for pid in session_members(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.hang_up()
        for descriptor in (self._wake_read, self._wake_write):
            if descriptor >= 0:
                os.close(descriptor)
        self._wake_read = self._wake_write = -1

    # How it works

    def _read(self) -> None:
        while not self._closing:
            watched = [self._wake_read, self._master] if self._reading else [self._wake_read]
            ready, _, _ = select.select(watched, [], [])
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
            if self._master in ready and self._reading and not self._take():
                break
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _take(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except BlockingIOError:
            return True
        except OSError:  # Linux reports the end of a pseudo-terminal as an input/output error
            return False
        if not data:
            return False
        with self._changed:
            self.last_output_at = time.monotonic()
            if self.first_output_at is None:
                self.first_output_at = self.last_output_at
            self._raw += data
            answer = self._emulator.feed(data)
            self._changed.notify_all()
        if answer:
            threading.Timer(self.answers_after_s, self._answer, [answer]).start()
        return True

    def _answer(self, answer: bytes) -> None:
        with contextlib.suppress(OSError):  # a program that is gone waits for no answer
            os.write(self._master, answer)

    def _wait_on_screen(self, question: Callable[[str], bool], what: str, timeout: float) -> float:
        def answered() -> bool:
            answer = question("\n".join(self._emulator.lines()))
            if self._ended and not answer:
                raise AssertionError(f"the program ended before {what}; the screen:\n{self._frame()}")
            return answer

        return self.wait_until(answered, what, timeout)

    def _unread(self) -> int:
        """Bytes that were sent and that the program has not read."""
        count = bytearray(4)
        try:
            slave = os.open(self._name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:  # it is hung up
            return 0
        try:
            fcntl.ioctl(slave, termios.FIONREAD, count)
        finally:
            os.close(slave)
        return int.from_bytes(count, sys.byteorder)

    def _wake(self) -> None:
        os.write(self._wake_write, b"x")

    def _stop_reader(self) -> None:
        self._closing = True
        if self._reader.is_alive():
            self._wake()
        self._reader.join()

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _frame(self) -> str:
        with self._changed:
            lines = self._emulator.lines()
        bar = "+" + "-" * self._emulator.columns + "+"
        return "\n".join([bar, *(f"|{line.ljust(self._emulator.columns)}|" for line in lines), bar])
