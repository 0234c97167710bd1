"""What a process is given, what it costs, and which processes share its terminal."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_NOT_INHERITED = {"COLUMNS", "LINES", "COLORTERM", "NO_COLOR", "TMUX", "TERM_PROGRAM", "SSH_CONNECTION"}


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has cost so far: CPU seconds of all threads, memory in bytes, threads alive."""

    cpu_seconds: float
    rss_bytes: int
    peak_rss_bytes: int
    threads: int


def usage_of(pid: int) -> Usage:
    """Costs of a living process; CPU time counts in hundredths of a second, with that of children that have ended."""
    fields = _fields(Path("/proc", str(pid), "stat"))
    status = dict(line.split(":", 1) for line in Path("/proc", str(pid), "status").read_text().splitlines())
    return Usage(
        cpu_seconds=sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK"),
        rss_bytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        peak_rss_bytes=int(status["VmHWM"].split()[0]) * 1024,
        threads=int(fields[17]),
    )


def is_busy(pid: int) -> bool:
    """Whether a thread of a process runs, wants to run, or waits for the disk; False where there is no /proc."""
    for stat in Path("/proc", str(pid), "task").glob("*/stat"):
        with contextlib.suppress(OSError, IndexError):  # the thread has ended in between
            if _fields(stat)[0] in "RD":
                return True
    return False


def clean_environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """This environment without what describes another terminal, then `changes`; None removes a name."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    wanted = kept | {"TERM": "xterm-256color"} | dict(changes or {})
    return {name: value for name, value in wanted.items() if value is not None}


def session_members(leader: int) -> Iterator[int]:
    """Processes of the session that `leader` started, itself included; none where there is no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int(_fields(stat)[3]) == leader:
                yield int(stat.parent.name)


def _fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()
