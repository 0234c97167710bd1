"""A desk: one server, 200 terminals at a hub on this computer, and what a terminal costs that is told."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.desk import SKIPPED_S
from tests.benchmarks.meter import cpu_seconds, rss_mib, settle
from tests.benchmarks.rows import Row, median, percentile
from tests.benchmarks.stage import COLUMNS, OPEN, ROWS, Stage
from tests.end_to_end.desk import leads
from tests.end_to_end.home import ROOT, answered, feeds_well
from tests.hub.redis_server import NEEDED, RedisServer
from tests.terminal.pty_session import PtySession

_SYMBOLS, _TERMINALS, _PROCESSES = 2_000, 200, 4
_OWN = "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("yahoo", "cboe", "newyorkfed", "fred"))
_STUDIED_S = 15.0
_WINDOWS = 3
"""A figure of each says how far the whole can be trusted."""
_PACES = ((5.0, 90.0), (1.0, 60.0))
"""Seconds between quotes, and for how long a terminal is measured at that pace."""


def hub(stage: Stage, quick: bool) -> list[Row]:
    """Nothing is measured where there is no server to be started."""
    if NEEDED is None:
        return [Row("a desk", "no redis-server or valkey-server here")]
    folder = stage.new("hub")
    folder.mkdir()
    with RedisServer(folder) as redis:
        rows = _many(redis, folder, 8.0 if quick else 40.0)
        for poll_s, seconds in _PACES:
            redis.client().flushall()
            rows.append(_terminal(stage, redis, poll_s, 15.0 if quick else seconds))
    return rows


def _many(redis: RedisServer, folder: Path, seconds: float) -> list[Row]:
    """What comes to 200 terminals, and when."""
    each = _TERMINALS // _PROCESSES
    told = _started(folder, "tell", redis.url, seconds + SKIPPED_S + 30, _SYMBOLS)
    time.sleep(2)
    hearing = [_started(folder, "hear", redis.url, seconds, each) for _ in range(_PROCESSES)]
    before, begun = redis.cpu_seconds(), time.monotonic()
    heard = [_figures(process) for process in hearing]
    engine = 100 * (redis.cpu_seconds() - before) / (time.monotonic() - begun)
    with redis.client() as client:
        used = int(client.info("memory")["used_memory"]) / 1_000_000
    server = _figures(told)
    waits = [ms for one in heard for ms in one["stored_ms"]]
    p99, cpu = percentile(waits, 0.99), sum(one["cpu_percent"] for one in heard)
    fewest, rss = min(one["fewest"] for one in heard), median([one["rss_mb"] for one in heard])
    fit = int(100 * (os.cpu_count() or 1) / (cpu / _TERMINALS))
    return [
        Row(
            f"desk, {_TERMINALS} terminals, {_SYMBOLS:,} symbols a second, from publish to store",
            f"p50 {median(waits):.0f}, p99 {p99:.0f} ms",
            "p99 at most 250 ms",
            p99 <= 250,
            f"each is a run of the program with a store of its own, {each} in a process; {len(waits)} states, "
            f"{fewest} of {seconds:.0f} in the store that had the fewest; all at one time on {os.cpu_count()} cores: "
            f"the last one waits for the others",
            {"p50_ms": median(waits), "p99_ms": p99, "states": len(waits), "fewest": fewest},
        ),
        Row(
            "  CPU and memory of a terminal's store",
            f"{cpu / _TERMINALS:.2f} %, {rss:.1f} MB",
            note=f"of a core, and beside what {each} in a process share, and nothing drawn; {fit} would take all of "
            f"these cores, and {fit // 4} be done within 250 ms of each message",
            figures={"cpu_percent": cpu / _TERMINALS, "rss_mb": rss, "fit": fit},
        ),
        Row(
            "  CPU of the server that tells them",
            f"{server['cpu_percent']:.1f} %",
            "at most 30 % of a core",
            server["cpu_percent"] <= 30,
            f"its whole process, which makes {_SYMBOLS:,} quotes a second where another polls; a message is "
            f"{server['bytes_a_message'] / 1000:.1f} kB; the hub {engine:.0f} % and {used:.0f} MB",
            {
                "cpu_percent": server["cpu_percent"], "hub_cpu_percent": engine, "hub_mb": used,
                "bytes_a_message": server["bytes_a_message"],
            },
        ),
    ]  # fmt: skip


class _Cost(NamedTuple):
    """CPU in percent of a core: as a whole, and in each of the windows."""

    whole: float
    windows: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.whole:.2f} % ({min(self.windows):.2f} to {max(self.windows):.2f})"


def _terminal(stage: Stage, redis: RedisServer, poll_s: float, seconds: float) -> Row:
    """A terminal of the default universe that is told, and one that asks for itself, at the same time."""
    named = f'[[feeds]]\nprovider = "hub"\nurl = "{redis.url}"\n'
    users = [stage.user(OPEN, poll_s=poll_s, tables=tables) for tables in (named + _OWN, named, _OWN)]
    stage.shift_to(OPEN)
    with ExitStack() as stack:
        server = stack.enter_context(users[0].start("serve"))
        server.wait_for(leads, 60)
        told, alone = (stack.enter_context(user.start(columns=COLUMNS, rows=ROWS)) for user in users[1:])
        for session in (told, alone):
            session.wait_for(lambda seen: answered(seen) and feeds_well(seen), 120)
            settle(session, timeout_s=10)
        time.sleep(_STUDIED_S)
        asked = stage.upstream.count("yahoo")
        by_hub, by_itself, serving = _measured((told, alone, server), seconds)
        if stage.upstream.count("yahoo") - asked < 2 * seconds / poll_s * 0.8:
            raise AssertionError(f"the quotes were not asked for every {poll_s:g} s")
        sizes = [rss_mib(session) for session in (told, alone)]
    ratio = by_hub.whole / by_itself.whole
    return Row(
        f"  CPU of a terminal that is told, quotes every {poll_s:g} s",
        f"{by_hub}, {ratio:.2f} of its own polls'",
        "at most what its own polls take",
        by_hub.whole <= by_itself.whole,
        f"default universe, {seconds:.0f} s, both at the same time; with its own polls {by_itself}; "
        f"{sizes[0]:.0f} and {sizes[1]:.0f} MB; the server that polls for it {serving}",
        {
            "cpu_percent": by_hub.whole, "polling_percent": by_itself.whole, "ratio": ratio,
            "serving_percent": serving.whole, "rss_mib": sizes[0], "polling_rss_mib": sizes[1],
        },
    )  # fmt: skip


def _measured(sessions: tuple[PtySession, ...], seconds: float) -> list[_Cost]:
    """CPU of programs over the same time."""
    marks = [(time.monotonic(), [cpu_seconds(session) for session in sessions])]
    for _ in range(_WINDOWS):
        time.sleep(seconds / _WINDOWS)
        marks.append((time.monotonic(), [cpu_seconds(session) for session in sessions]))

    def percent(which: int, since: int, until: int) -> float:
        (begun, before), (ended, after) = marks[since], marks[until]
        return 100 * (after[which] - before[which]) / (ended - begun)

    return [
        _Cost(percent(which, 0, _WINDOWS), tuple(percent(which, n, n + 1) for n in range(_WINDOWS)))
        for which in range(len(sessions))
    ]


def _started(folder: Path, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.desk", *map(str, arguments)]
    env = os.environ | {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env)


def _figures(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What a process has measured, once it has ended."""
    out, _ = process.communicate()
    assert process.returncode == 0
    figures: dict[str, Any] = json.loads(out)
    return figures
