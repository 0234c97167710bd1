"""Starts the program as its user does, with another clock and a load: `python -m tests.benchmarks.launch`.

Nothing of this is in the product. Takes the program's own arguments; the plan comes through the environment.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from rotation_tui.domain.clock import SystemClock
from tests.benchmarks.lag import watched
from tests.benchmarks.plan import READY, VARIABLE, Plan, Report


class ShiftedClock:
    """The time that the program takes for real."""

    def __init__(self, shift_s: float) -> None:
        self._shift = timedelta(seconds=shift_s)

    def now(self, _: object = None) -> datetime:
        """This moment."""
        return datetime.now(UTC) + self._shift

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._shift += timedelta(seconds=seconds)


async def perform(app: Any, plan: Plan, clock: ShiftedClock, modules: tuple[str, ...]) -> None:
    """Wait for the signal, carry the load, and report."""
    from tests.benchmarks import loads

    load: Callable[[Any, ShiftedClock, dict[str, float]], Any] = loads.LOADS[plan.load]
    begin = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, begin.set)
    _ready(plan)
    await begin.wait()
    lags: list[float] = []
    if plan.lag:
        async with watched() as lags:
            figures = await load(app, clock, dict(plan.options))
    else:
        figures = await load(app, clock, dict(plan.options))
    _tell(plan, Report(figures, tuple(lags), modules))


def _ready(plan: Plan) -> None:
    written = Path(plan.report + READY + ".new")
    written.write_text(f"{os.getpid()}")
    written.rename(plan.report + READY)


def _tell(plan: Plan, report: Report) -> None:
    written = Path(plan.report + ".new")
    written.write_bytes(msgspec.json.encode(report))
    written.rename(plan.report)


def stage(plan: Plan) -> None:
    """Put the clock and the load into the program that is about to start."""
    clock = ShiftedClock(plan.shift_s)
    setattr(SystemClock, "now", clock.now)  # noqa: B010 - mypy takes an assignment for a mistake, which it would be
    import rotation_tui.app.monitor as room

    class Staged(room.Monitor):
        """The monitor, with a load after its feeds have been opened."""

        async def _open(self) -> None:
            modules = tuple(sorted(sys.modules))
            await super()._open()
            self._performance = asyncio.create_task(perform(self, plan, clock, modules))

    room.Monitor = Staged  # type: ignore[misc]


def main() -> None:
    """Run the program."""
    stage(msgspec.json.decode(os.environ[VARIABLE], type=Plan))
    from rotation_tui.__main__ import main as program

    program()


if __name__ == "__main__":
    main()
