"""Tasks that are to end, and do."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

_MOST_CANCELS: Final = 3
_TO_END_S: Final = 2.0


async def ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel and wait; one that has lost its cancellation, as Python 3.11 may, gets another."""
    left = set(tasks)
    for _ in range(_MOST_CANCELS):
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=_TO_END_S) if left else (set(), left)
        for task in done:
            if not task.cancelled():
                task.exception()  # told by the task itself
