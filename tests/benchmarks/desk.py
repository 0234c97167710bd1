"""A process of a desk without screens: `python -m tests.benchmarks.desk tell|hear URL SECONDS NUMBER NUMBER`.

`tell` is a server's telling without its polls, `hear` so many terminals' hearing. Each prints its figures as JSON.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from rotation_tui.config.schema import Config
from rotation_tui.config.universe import universe
from rotation_tui.domain.quote import Quote
from rotation_tui.hub.following import Follower, entries_of
from rotation_tui.hub.lease import Lease
from rotation_tui.hub.link import CHANGES, SERVER, TERMINAL, HubAddress, connected
from rotation_tui.hub.publishing import Publisher
from rotation_tui.store.market_store import MarketStore
from rotation_tui.tape.message import About, MarketMoment

SKIPPED_S: Final = 3.0
"""What is heard so soon belongs to the beginning."""


async def tell(url: str, seconds: float, symbols: int) -> dict[str, Any]:
    """Let every price move once a second, and tell it."""
    redis = connected(HubAddress(url), SERVER)
    lease = Lease(redis)
    assert await lease.take()
    publisher, store, about = Publisher(redis, lease), MarketStore(), About(universe(Config()))
    begun, n, cpu = time.monotonic(), 0, 0.0
    sizes: list[int] = []
    chance, prices = random.Random(7), [50 + s / 7 for s in range(symbols)]
    while time.monotonic() - begun < seconds:
        await asyncio.sleep(max(0.0, begun + n - time.monotonic()))
        n += 1
        now = datetime.now(UTC)
        prices = [price * (1 + chance.gauss(0, 0.0003)) for price in prices]
        quotes = [
            Quote(f"S{s}", round(prices[s], 2), now, now.date(), "alpaca",
                  previous_close=50.0 + s, previous_session=now.date())
            for s in range(symbols)
        ]  # fmt: skip
        busy, before = time.process_time(), publisher.sent
        now = datetime.now(UTC)
        store.put_quotes(quotes, now)
        await publisher.tell(MarketMoment(now, store.snapshot(), about))
        await lease.take()
        cpu += time.process_time() - busy
        sizes.append(publisher.sent - before)
    took = time.monotonic() - begun
    await redis.aclose()
    return {"cpu_percent": 100 * cpu / took, "bytes_a_message": statistics.median(sizes), "told": n}


async def hear(url: str, seconds: float, into_stores: int, only_bytes: int) -> dict[str, Any]:
    """Hear for so long: some put it into a store of their own, the others take the bytes."""
    heard = Heard(url)
    busy = time.process_time()
    tasks = [asyncio.create_task(heard.follow()) for _ in range(into_stores)]
    tasks += [asyncio.create_task(heard.take()) for _ in range(only_bytes)]
    ended, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in ended:
        task.result()
    cpu = 100 * (time.process_time() - busy) / seconds
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {"stored_ms": heard.stored, "received_ms": heard.received, "cpu_percent": cpu}


class Heard:
    """How long it took to those who hear, in milliseconds."""

    def __init__(self, url: str) -> None:
        self._address = HubAddress(url)
        self._begun = time.monotonic()
        self.stored: list[float] = []
        self.received: list[float] = []

    @property
    def _counts(self) -> bool:
        return time.monotonic() - self._begun > SKIPPED_S

    async def follow(self) -> None:
        """Hear as a terminal does."""
        store = MarketStore()
        async for word in Follower(connected(self._address, TERMINAL)).words():
            if word.moment is None:
                continue
            store.put_told(word.moment.snapshot)
            if not word.begins and self._counts:
                self.stored.append(1000 * (datetime.now(UTC) - word.moment.at).total_seconds())

    async def take(self) -> None:
        """Take the bytes, as a terminal would that takes no time to read them."""
        redis, at = connected(self._address, TERMINAL), b"$"
        while True:
            if entries := entries_of(await redis.xread({CHANGES: at}, count=500, block=2000)):
                at = entries[-1][0]
                if self._counts:
                    self.received.append(1000 * time.time() - int(at.partition(b"-")[0]))


if __name__ == "__main__":
    what, url, seconds, *numbers = sys.argv[1:]
    if what == "tell":
        figures = asyncio.run(tell(url, float(seconds), int(numbers[0])))
    else:
        figures = asyncio.run(hear(url, float(seconds), int(numbers[0]), int(numbers[1])))
    print(json.dumps(figures))
