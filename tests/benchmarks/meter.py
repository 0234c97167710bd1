"""What a process in a pseudo-terminal costs between two moments."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.screens import frames
from tests.terminal.pty_session import PtySession

MIB = 1024 * 1024
_LATENCY_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that passed, bytes and frames written meanwhile, and CPU time as percent of one core."""

    seconds: float
    bytes: int
    frames: int
    cpu_percent: float

    @property
    def bytes_a_second(self) -> float:
        """Bytes a second."""
        return self.bytes / self.seconds


class Meter:
    """Counts from its making to `read`."""

    def __init__(self, session: PtySession) -> None:
        self._session = session
        self._raw = len(session.raw)
        self._cpu_s = cpu_seconds(session)
        self._at = time.monotonic()

    def read(self) -> Cost:
        """The costs so far."""
        seconds = time.monotonic() - self._at
        cpu = 100 * (cpu_seconds(self._session) - self._cpu_s) / seconds
        written = self._session.raw[self._raw :]
        return Cost(seconds, len(written), frames(written), cpu)


def measured(session: PtySession, seconds: float) -> Cost:
    """The costs of so many seconds."""
    meter = Meter(session)
    time.sleep(seconds)
    return meter.read()


def cpu_seconds(session: PtySession) -> float:
    """CPU time of all threads, of those too that have ended since, to 10 ms."""
    return session.usage().cpu_seconds


def rss_mib(session: PtySession) -> float:
    """Resident memory."""
    return session.usage().rss_bytes / MIB


def has_loaded(session: PtySession, library: str) -> bool:
    """Whether the process has a shared library of this package in its memory."""
    return f"/{library}/" in Path("/proc", str(session.process.pid), "maps").read_text()


def settle(session: PtySession, still_s: float = 1.5, timeout_s: float = 60) -> None:
    """Wait until the program has written nothing for a while."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        last = session.last_output_at
        if last is not None and time.monotonic() - last > still_s:
            return
        time.sleep(0.05)


def key_to_screen_ms(session: PtySession, keys: Sequence[str], times: int, pause_s: float = 0.13) -> list[float]:
    """Milliseconds from each key to the first byte that follows it; `keys` are pressed in turn."""
    waits: list[float] = []
    for n in range(times):
        time.sleep(pause_s * (0.7 + 0.6 * (n % 7) / 7))  # not in step with the pump
        before, pressed = session.bytes_written, time.monotonic()
        session.press(keys[n % len(keys)])
        session.wait_until(lambda b=before: session.bytes_written > b, "the key's answer", _LATENCY_TIMEOUT_S)  # type: ignore[misc]
        waits.append(((session.last_output_at or time.monotonic()) - pressed) * 1000)
    return waits
