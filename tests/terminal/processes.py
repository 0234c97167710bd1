"""What a running process costs and which processes share its terminal, read from /proc."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has cost so far: CPU seconds of all threads, memory in bytes, threads alive."""

    cpu_seconds: float
    rss_bytes: int
    peak_rss_bytes: int
    threads: int


def usage_of(pid: int) -> Usage:
    """Costs of a living process; CPU time counts in hundredths of a second."""
    fields = _fields(Path("/proc", str(pid), "stat"))
    status = dict(line.split(":", 1) for line in Path("/proc", str(pid), "status").read_text().splitlines())
    return Usage(
        cpu_seconds=(int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        rss_bytes=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        peak_rss_bytes=int(status["VmHWM"].split()[0]) * 1024,
        threads=int(fields[17]),
    )


def session_members(leader: int) -> Iterator[int]:
    """Processes of the session that `leader` started, itself included; none where there is no /proc."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int(_fields(stat)[3]) == leader:
                yield int(stat.parent.name)


def _fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()
