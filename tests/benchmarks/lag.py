"""How long the event loop stands still, seen by a task that asks to be woken again and again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_EVERY_S = 0.005


@asynccontextmanager
async def watched() -> AsyncIterator[list[float]]:
    """Collects, for as long as the block lasts, the milliseconds by which the loop was late each time."""
    lags: list[float] = []
    watching = asyncio.create_task(_watch(lags))
    try:
        yield lags
        await asyncio.sleep(_EVERY_S)  # the look that the block's last step has delayed
    finally:
        watching.cancel()


async def _watch(lags: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        start = loop.time()
        await asyncio.sleep(_EVERY_S)
        lags.append(max(0.0, loop.time() - start - _EVERY_S) * 1000)
