"""`rotation-tui record`: a session kept in a file, with the monitor on the screen or without a screen."""

import asyncio
import signal
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from rotation_tui.cli.options import DemoOptions, Options, SnapshotRequest
from rotation_tui.cli.output import complain
from rotation_tui.tape.files import TapeRefused
from rotation_tui.tape.recorder import Recorded, TapeRotation

if TYPE_CHECKING:
    from rotation_tui.app.monitor import Monitor
    from rotation_tui.app.recording import Taping
    from rotation_tui.app.setup import Run

if TYPE_CHECKING:
    from rotation_tui.app.monitor import Monitor
    from rotation_tui.app.recording import Taping
    from rotation_tui.app.setup import Run

DONE, REFUSED, MISSING = 0, 2, 3


class RecordRequest(Struct, frozen=True):
    """Into which file, and how it is rotated; `lasts` None is until it is stopped.

    `printed` is how the board of the end is printed, None where it is not.
    """

    path: Path
    rotation: TapeRotation
    demo: DemoOptions | None
    headless: bool
    lasts: timedelta | None
    printed: SnapshotRequest | None


def run(options: Options, request: RecordRequest) -> int:
    """Record until the end; the exit code."""
    try:
        if request.headless:
            return asyncio.run(_recorded(options, request))
        from rotation_tui.cli.monitor import run as show

        onto = Onto(request)
        code = show(options, request.demo, onto)
        return code or onto.code
    except TapeRefused as fault:
        complain(f"rotation-tui: {fault}")
        return REFUSED


class Onto:
    """A tape that goes along with the monitor on the screen."""

    def __init__(self, request: RecordRequest) -> None:
        self._request = request
        self._taping: Taping | None = None
        self.code = DONE

    @property
    def wish(self) -> None:
        """Whatever run it is."""

    def ready(self, run: "Run", app: "Monitor") -> None:
        """Record from now on; TapeRefused where that cannot be."""
        from rotation_tui.app.recording import Taping

        del app
        taping = Taping(run, self._request.path, self._request.rotation)
        taping.begin()
        self._taping = taping

    def over(self) -> None:
        """Record the end, and say what there is."""
        if self._taping is not None:
            done, self._taping = self._taping.end(), None
            tell_of(self._request.path, done)
            self.code = DONE if done.missing_since is None else MISSING


async def _recorded(options: Options, request: RecordRequest) -> int:
    from rotation_tui.app.recording import Taping
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited

    loop = asyncio.get_running_loop()
    loop.set_default_executor(Unwaited())
    demo = request.demo
    wish = Wish(demo_seed=None if demo is None else demo.seed, demo_speed=1.0 if demo is None else demo.speed)
    prepared = prepare(options.load(), wish, apart=True)
    taping = Taping(prepared, request.path, request.rotation, lambda words: complain(f"rotation-tui: {words}"))
    taping.begin()
    stopped = _stopped_by_signals(loop)
    await prepared.desk.open()
    code = DONE
    try:
        lasts = None if request.lasts is None else request.lasts.total_seconds()
        async with asyncio.timeout(lasts):
            code = await stopped
    except TimeoutError:
        pass
    finally:
        at, snapshot = prepared.clock.now(), prepared.store.snapshot()
        done = taping.end(at)
        await prepared.desk.close()
    tell_of(request.path, done)
    if request.printed is not None:
        from rotation_tui.cli.snapshot import print_board

        print_board(prepared.board_of(snapshot, at), prepared.lines_of, options, request.printed)
    return code or (DONE if done.missing_since is None else MISSING)


def _stopped_by_signals(loop: asyncio.AbstractEventLoop) -> "asyncio.Future[int]":
    """What is done once a signal asks for the end, with the exit code for it."""
    stopped: asyncio.Future[int] = loop.create_future()

    def stop(number: int) -> None:
        if not stopped.done():
            stopped.set_result(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop, number)
    return stopped


def tell_of(path: Path, done: Recorded) -> None:
    """Say what a recording came to, and what is not on the tape."""
    if done.missing_since is None:
        complain(f"rotation-tui: {path}: {done.states:,} states, {done.size / 1e6:.1f} MB")
        return
    complain(f"rotation-tui: {path} ends at {done.missing_since:%Y-%m-%d %H:%M:%S} UTC: the disk did not take the rest")
