"""`rotation-tui snapshot --follow`: a line of JSON whenever the board has changed, until it is stopped."""

import asyncio
import errno
import select
import sys
from typing import TYPE_CHECKING, NoReturn

import msgspec
from msgspec.structs import replace

from rotation_tui.board.contract import Board
from rotation_tui.cli.options import Options, SnapshotRequest
from rotation_tui.cli.output import complain, give, in_json

if TYPE_CHECKING:
    from rotation_tui.app.setup import Run


def follow(options: Options, request: SnapshotRequest) -> NoReturn:
    """Print boards until a signal, or the end of whoever reads them, ends the program: OSError EPIPE is the latter."""
    asyncio.run(_followed(options, request))
    raise AssertionError("it only ends by an exception")


async def _followed(options: Options, request: SnapshotRequest) -> None:
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited

    asyncio.get_running_loop().set_default_executor(Unwaited())
    wish = Wish() if request.demo is None else Wish(demo_seed=request.demo.seed, demo_speed=request.demo.speed)
    run = prepare(options.load(), wish, apart=True)
    run.hide(private=request.private)
    await run.desk.open()
    try:
        if not await run.settled(request.timeout_s):
            complain(f"rotation-tui: not all feeds answered within {request.timeout_s:g} s")
        await _printed(run, request.every_s)
    finally:
        await run.desk.close()


async def _printed(run: "Run", every_s: float) -> None:
    """A line for each board that is another one; whoever reads slowly gets the newest board next, and none is kept."""
    from rotation_tui.app.session_before import SessionBefore

    last: Board | None = None
    before = SessionBefore(run)
    while True:
        board = run.board()
        if before.is_due(board):
            await before.compare()
            board = run.board()
        if last is None or replace(board, generated_at=last.generated_at) != last:
            last = board
            # in a thread, for a pipe that nobody reads blocks, and feeds go on meanwhile
            await asyncio.to_thread(give, in_json(msgspec.json.encode(board).decode()) + "\n")
        elif _nobody_reads():
            raise BrokenPipeError(errno.EPIPE, "nobody reads the output any more")
        await asyncio.sleep(every_s)


def _nobody_reads() -> bool:
    """Whether the other end of standard output is closed, which a quiet market would not tell by a write."""
    if not hasattr(select, "poll"):
        return False
    asked = select.poll()
    try:
        asked.register(sys.stdout.fileno(), 0)
        return any(happened & (select.POLLERR | select.POLLHUP) for _, happened in asked.poll(0))
    except (OSError, ValueError):
        return False
