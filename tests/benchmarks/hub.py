"""A desk: one server, 200 terminals at a hub on this computer, and what a terminal costs that is told."""

import json
import subprocess
import sys
import time
from typing import Any

from tests.benchmarks.meter import Meter, settle
from tests.benchmarks.rows import Row, median, percentile
from tests.benchmarks.stage import COLUMNS, OPEN, ROWS, Stage
from tests.end_to_end.desk import leads
from tests.end_to_end.home import ROOT, Home
from tests.hub.redis_server import NEEDED, RedisServer

_SYMBOLS, _TERMINALS, _STORING = 2_000, 200, 10
_OWN = "".join(f'[[feeds]]\nprovider = "{name}"\n' for name in ("yahoo", "cboe", "newyorkfed", "fred"))
_POLL_S = 5


def hub(stage: Stage, quick: bool) -> list[Row]:
    """Nothing is measured where there is no server to be started."""
    if NEEDED is None:
        return [Row("a desk", "no redis-server or valkey-server here")]
    folder = stage.new("hub")
    folder.mkdir()
    with RedisServer(folder) as redis:
        rows = _many(redis, 12.0 if quick else 60.0)
        redis.client().flushall()
        return [*rows, _terminal(stage, redis, 12.0 if quick else 60.0)]


def _many(redis: RedisServer, seconds: float) -> list[Row]:
    """What comes to 200 terminals, and when."""
    told = _started("tell", redis.url, seconds + 6, _SYMBOLS)
    time.sleep(2)
    storing = _started("hear", redis.url, seconds, _STORING, 0)
    taking = _started("hear", redis.url, seconds, 0, _TERMINALS - _STORING)
    before = redis.cpu_seconds()
    stored, received = _figures(storing), _figures(taking)
    engine = 100 * (redis.cpu_seconds() - before) / seconds
    with redis.client() as client:
        used = int(client.info("memory")["used_memory"]) / 1_000_000
    server = _figures(told)
    waits, arrivals = stored["stored_ms"], received["received_ms"]
    p99 = percentile(waits, 0.99)
    one = stored["cpu_percent"] / _STORING
    return [
        Row(
            f"desk, {_TERMINALS} terminals, {_SYMBOLS:,} symbols a second, from publish to store",
            f"p50 {median(waits):.0f}, p99 {p99:.0f} ms",
            "p99 at most 250 ms",
            p99 <= 250,
            f"{_STORING} of them put it into a store, in one process, one behind the other; the other "
            f"{_TERMINALS - _STORING} take the bytes (p99 {percentile(arrivals, 0.99):.0f} ms), for so many programs "
            f"do not fit here; {len(waits)} and {len(arrivals)} messages of {server['bytes_a_message'] / 1000:.0f} kB",
            {"p50_ms": median(waits), "p99_ms": p99, "received_p99_ms": percentile(arrivals, 0.99)},
        ),
        Row(
            "  CPU of the server that tells them",
            f"{server['cpu_percent']:.1f} %",
            "at most 30 % of a core",
            server["cpu_percent"] <= 30,
            f"store and telling, without polls and studies; the hub {engine:.0f} % and {used:.0f} MB, hearing "
            f"{one:.1f} % a terminal",
            {
                "cpu_percent": server["cpu_percent"], "hub_cpu_percent": engine, "hub_mb": used,
                "hearing_percent": one,
            },
        ),
    ]  # fmt: skip


def _terminal(stage: Stage, redis: RedisServer, seconds: float) -> Row:
    """A terminal of the default universe that is told, against the same that asks for itself."""
    named = f'[[feeds]]\nprovider = "hub"\nurl = "{redis.url}"\n'
    alone = _cpu(stage.user(OPEN, poll_s=_POLL_S, tables=_OWN), stage, seconds)
    serving = stage.user(OPEN, poll_s=_POLL_S, tables=named + _OWN)
    stage.shift_to(OPEN)
    with serving.start("serve") as server:
        server.wait_for(leads, 60)
        told = _cpu(stage.user(OPEN, poll_s=_POLL_S, tables=named), stage, seconds)
    return Row(
        "  CPU of a terminal that is told",
        f"{told:.2f} %",
        "at most what its own polls take",
        told <= alone,
        f"default universe, quotes every {_POLL_S} s; with its own polls {alone:.2f} %",
        {"cpu_percent": told, "polling_percent": alone},
    )


def _cpu(user: Home, stage: Stage, seconds: float) -> float:
    stage.shift_to(OPEN)
    with user.start(columns=COLUMNS, rows=ROWS) as session:
        settle(session)
        time.sleep(10)  # studies
        meter = Meter(session)
        time.sleep(seconds)
        return meter.read().cpu_percent


def _started(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.desk", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _figures(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What a process has measured, once it has ended."""
    out, _ = process.communicate()
    assert process.returncode == 0
    figures: dict[str, Any] = json.loads(out)
    return figures
