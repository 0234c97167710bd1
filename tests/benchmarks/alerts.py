"""What a thousand rules cost of a core at four revisions a second, with the board that the watch makes of its own."""

import asyncio
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import msgspec
from msgspec.structs import replace

from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import Run, prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.domain.alert import Alert
from tests.benchmarks.rows import Row, median
from tests.benchmarks.stage import Stage

RULES, A_SECOND, MOST_PERCENT = 1_000, 4, 2.0
_SYMBOLS = 7
"""New prices a revision; at four revisions a second about sixty figures change each second."""


def thousand_rules(_: Stage, quick: bool) -> list[Row]:
    """Rules over all rows of a demo board, in which seven prices move at every revision."""
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"XDG_STATE_HOME": str(Path(folder))}):
        cost = asyncio.run(_measured(40 if quick else 200))
    return [
        Row(
            f"{RULES:,} alerts, {A_SECOND} revisions a second",
            f"{cost['percent']:.2f} % of a core",
            f"at most {MOST_PERCENT:g} %",
            cost["percent"] <= MOST_PERCENT,
            f"a revision {cost['look_ms']:.2f} ms, {cost['board_ms']:.2f} of them the board of its own; "
            f"{cost['rows']:.0f} alerts had another value each time",
            {**cost},
        )
    ]


def rules_on(run: Run) -> tuple[Alert, ...]:
    """Rules on every ticker, pair and sector, none of which comes true."""
    board = run.board()
    asked = [f"{row.id}.last > {10**7}" for row in board.tickers]
    asked += [f"{row.id}.change_pct < -90" for row in board.tickers]
    asked += [f"{row.id}.z > 90" for row in board.spreads] + [f"sectors.{row.id}.rank > 90" for row in board.sectors]
    return tuple(Alert(name=f"{n}", when=asked[n % len(asked)]) for n in range(RULES))


async def _measured(count: int) -> dict[str, float]:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    await run.desk.open()
    await run.settled(120)
    run.config = msgspec.structs.replace(run.config, alerts=rules_on(run))
    run.alerting.begin(tuple, attended=False)
    watch = run.alerting.watch
    assert watch is not None
    await watch.look()
    symbols = [instrument.symbol for instrument in run.scope.universe.instruments][:_SYMBOLS]
    looks, boards, moved = list[float](), list[float](), 0
    for number in range(count):
        _move(run, symbols, number)
        before, began = run.store.snapshot().alerts or (), time.process_time()
        await watch.look()
        looks.append(time.process_time() - began)
        moved += sum(old is not new for old, new in zip(before, run.store.snapshot().alerts or (), strict=True))
        began = time.process_time()
        run.board()
        boards.append(time.process_time() - began)
    await run.desk.close()
    await run.alerting.close()
    look, board = 1000 * median(looks), 1000 * median(boards)
    return {"percent": look * A_SECOND / 10, "look_ms": look, "board_ms": board, "rows": moved / count}


def _move(run: Run, symbols: list[str], number: int) -> None:
    quotes = run.store.snapshot().quotes
    factor, later = 1.0001 if number % 2 else 0.9999, timedelta(milliseconds=1)
    new = [replace(quotes[s], price=quotes[s].price * factor, as_of=quotes[s].as_of + later) for s in symbols]
    run.store.put_quotes(new, run.clock.now())
