"""A process of a desk without screens: `python -m tests.benchmarks.desk tell|hear URL SECONDS NUMBER`.

`tell` is a server's telling of so many symbols without its polls, `hear` so many terminals: runs of the program that
follow the hub as any does, each with a store of its own, and draw nothing. Each prints its figures as JSON.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, FeedSettings, Loaded
from rotation_tui.config.universe import universe
from rotation_tui.domain.quote import Quote
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import SERVER, HubAddress, connected
from rotation_tui.hub.publishing import Publisher
from rotation_tui.store.market_store import MarketStore, Snapshot
from rotation_tui.tape.message import About, MarketMoment

SKIPPED_S: Final = 8.0
"""What is heard so soon belongs to the beginning: all of them are told megabytes, and none has its pace yet."""
_APART_S: Final = 0.02
_WITNESS: Final = "S0"


async def tell(url: str, seconds: float, symbols: int) -> dict[str, Any]:
    """Let every price move once a second, and tell it."""
    redis = connected(HubAddress(url), SERVER)
    lease = Lease(redis)
    assert await lease.take()
    publisher, store, about = Publisher(redis, lease), MarketStore(), About(universe(Config()))
    begun, n, busy = time.monotonic(), 0, time.process_time()
    sizes: list[int] = []
    chance, prices = random.Random(7), [50 + s / 7 for s in range(symbols)]
    while time.monotonic() - begun < seconds:
        await asyncio.sleep(max(0.0, begun + n - time.monotonic()))
        n += 1
        prices = [price * (1 + chance.gauss(0, 0.0003)) for price in prices]
        now, before = datetime.now(UTC), publisher.sent
        quotes = [
            Quote(f"S{s}", round(prices[s], 2), now, now.date(), "alpaca",
                  previous_close=50.0 + s, previous_session=now.date())
            for s in range(symbols)
        ]  # fmt: skip
        store.put_quotes(quotes, now)
        await publisher.tell(MarketMoment(now, store.snapshot(), about))
        await lease.take()
        sizes.append(publisher.sent - before)
    cpu, took = time.process_time() - busy, time.monotonic() - begun
    await redis.aclose()
    return {"cpu_percent": 100 * cpu / took, "bytes_a_message": statistics.median(sizes), "told": n}


async def hear(url: str, seconds: float, terminals: int) -> dict[str, Any]:
    """Follow for so long with so many terminals."""
    before = _rss_mb()
    heard = [Heard(url) for _ in range(terminals)]
    for one in heard:
        await one.run.desk.open()
        await asyncio.sleep(_APART_S)
    await asyncio.sleep(SKIPPED_S)
    for one in heard:
        one.counts = True
    busy = time.process_time()
    await asyncio.sleep(seconds)
    cpu = 100 * (time.process_time() - busy) / seconds
    rss = (_rss_mb() - before) / terminals
    for one in heard:
        one.counts = False
        await one.run.desk.close()
    return {"stored_ms": [ms for one in heard for ms in one.stored], "cpu_percent": cpu, "rss_mb": rss,
            "fewest": min(len(one.stored) for one in heard)}  # fmt: skip


class Heard:
    """A terminal that is told, and how long it took to its store, in milliseconds from when a price was made."""

    def __init__(self, url: str) -> None:
        self.run = _told_by(url)
        self.run.store.shown_to(self._see)
        self.stored: list[float] = []
        self.counts = False
        self._last: datetime | None = None

    def _see(self, snapshot: Snapshot) -> None:
        made = snapshot.checked.get(_WITNESS)
        if made is not None and made != self._last:
            self._last = made
            if self.counts:
                self.stored.append(1000 * (datetime.now(UTC) - made).total_seconds())


def _told_by(url: str) -> Run:
    """A run as `rotation-tui` makes it; where its last state is saved on disk is left out, for nobody starts again."""
    loaded = Loaded(Config(feeds=(FeedSettings(provider="hub", url=url),)), None)
    scene = set_scene(loaded, Wish())
    scene.last_known = None
    return prepare(loaded, Wish(), scene)


def _rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * 4096 / 1_000_000


if __name__ == "__main__":
    what, url, seconds, number = sys.argv[1:]
    work = tell if what == "tell" else hear
    print(json.dumps(asyncio.run(work(url, float(seconds), int(number)))))
