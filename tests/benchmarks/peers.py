"""Other monitors on the same terminal, where they are installed."""

import shutil
import time
from typing import Final

from tests.benchmarks.meter import measured, rss_mib, settle
from tests.benchmarks.rows import Row
from tests.benchmarks.stage import Stage

PEERS: Final = {"stonks-cli": ("stonks-cli", "stonks"), "stocksTUI": ("stockstui",)}
"""Names, and the commands that they install."""


def peers(stage: Stage, quick: bool) -> list[Row]:
    """CPU, memory and bytes of each with its own sources: none of them can be sent to another server."""
    return [_peer(stage, name, commands, 15.0 if quick else 60.0) for name, commands in PEERS.items()]


def _peer(stage: Stage, name: str, commands: tuple[str, ...], seconds: float) -> Row:
    path = next(filter(None, map(shutil.which, commands)), None)
    if path is None:
        return Row(name, "not installed")
    with stage.program(stage.user(None), (path,)) as session:
        settle(session, 2, 30)
        painted_ms = 1000 * (session.seconds_to_first_output or 0)
        time.sleep(5)
        cost = measured(session, seconds)
        memory = rss_mib(session)
    return Row(
        name,
        f"CPU {cost.cpu_percent:.1f} %, {memory:.0f} MB, {cost.bytes_a_second:.0f} bytes/s",
        note=f"first byte after {painted_ms:.0f} ms; its own first screen and sources",
        figures={"cpu_percent": cost.cpu_percent, "rss_mb": memory, "bytes_a_second": cost.bytes_a_second},
    )
