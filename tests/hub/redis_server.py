"""A real redis-server of a test's own, to be stopped, killed, emptied and filled up."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from redis import Redis
from redis.exceptions import RedisError

NEEDED = next(filter(shutil.which, ("redis-server", "valkey-server")), None)
"""The program, None where the system has none."""
_PATIENCE_S = 20.0


class RedisServer:
    """The server on a port of its own; `options` are those of its command line."""

    def __init__(self, folder: Path, *options: str) -> None:
        assert NEEDED is not None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def client(self) -> Redis:
        return Redis(port=self.port)

    def command(self) -> list[str]:
        """What starts it."""
        return [str(NEEDED), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", str(self._folder), "--loglevel", "warning", *self._options]  # fmt: skip

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self._process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            try:
                with self.client() as client:
                    client.ping()
                return
            except RedisError as fault:
                if "NOAUTH" in str(fault) or "AUTH" in str(fault).upper():
                    return
                time.sleep(0.02)
        self.kill()
        raise AssertionError("redis-server does not answer")

    def kill(self) -> None:
        """End it as a crash does; what it held is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def cpu_seconds(self) -> float:
        """Processor time so far; where the system tells it as Linux does."""
        assert self._process is not None
        fields = Path("/proc", str(self._process.pid), "stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def pause(self) -> None:
        """It holds its connections and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
