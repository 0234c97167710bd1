"""`rotation-tui replay`: a recorded session again, on the screen or to the end at once."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from rotation_tui.cli.options import DEMO_SEED, Options, SnapshotRequest
from rotation_tui.cli.output import complain
from rotation_tui.tape.frames import NoTape, head_of
from rotation_tui.tape.when import NoTime, moment_in

if TYPE_CHECKING:
    from rotation_tui.app.monitor import Monitor
    from rotation_tui.app.playback import Playback
    from rotation_tui.app.scene import Wish
    from rotation_tui.app.setup import Run

NO_TAPE = 2


class ReplayRequest(Struct, frozen=True):
    """Which tape, from when to when, how fast; `printed` is how the last board is printed, None for a screen."""

    path: Path
    begins: str | None
    ends: str | None
    speed: float
    printed: SnapshotRequest | None


def run(options: Options, request: ReplayRequest) -> int:
    """Play the tape; the exit code."""
    try:
        if request.printed is not None:
            return asyncio.run(_printed(options, request))
        from rotation_tui.cli.monitor import run as show

        return show(options, None, From(request))
    except (NoTape, NoTime) as fault:
        complain(f"rotation-tui: {fault}")
    except OSError as fault:
        if fault.filename is None or Path(fault.filename) != request.path:
            raise
        complain(f"rotation-tui: {request.path} cannot be read: {fault.strerror or fault}")
    return NO_TAPE


def wish_of(path: Path) -> "Wish":
    """The wish for the replay of a tape; NoTape, or OSError."""
    from rotation_tui.app.scene import Wish
    from rotation_tui.board.contract import Mode

    return Wish(demo_seed=DEMO_SEED if head_of(path).mode == Mode.DEMO.value else None, tape=path)


def prepared_replay(options: Options, path: Path) -> "tuple[Run, Playback]":
    """A run and what plays into it; NoTape, or OSError."""
    from rotation_tui.app.playback import playback_of
    from rotation_tui.app.setup import prepare

    wish = wish_of(path)
    run = prepare(options.load(), wish, apart=True)
    return run, playback_of(run, path)


class From:
    """A tape that is played on the screen."""

    def __init__(self, request: ReplayRequest) -> None:
        self._request = request
        self._wish = wish_of(request.path)

    @property
    def wish(self) -> "Wish":
        return self._wish

    def ready(self, run: "Run", app: "Monitor") -> None:
        """Play from the time that was asked for on; NoTape, NoTime or OSError."""
        from rotation_tui.app.playback import playback_of
        from rotation_tui.app.player import Player

        played = playback_of(run, self._request.path)
        begins = self._request.begins
        at = None if begins is None else moment_in(begins, played.begins, played.ends)
        app.player = Player(run, played, self._request.speed, at)

    def over(self) -> None:
        """There is nothing to be kept."""


async def _printed(options: Options, request: ReplayRequest) -> int:
    """Play to the end and print the board that stands there, and on standard error what happened."""
    from rotation_tui.app.summing_up import SummingUp
    from rotation_tui.app.unwaited import Unwaited
    from rotation_tui.cli.snapshot import print_board

    asyncio.get_running_loop().set_default_executor(Unwaited())
    run, played = prepared_replay(options, request.path)
    summing_up = SummingUp(played)
    await run.desk.open()
    try:
        if request.begins is not None:
            await played.seek(moment_in(request.begins, played.begins, played.ends))
        until: datetime | None = None
        if request.ends is not None:
            until = moment_in(request.ends, played.begins, played.ends)
        async for _ in played.through(until, lazily=True):
            if played.is_due and not summing_up.began:
                await played.settle()
                summing_up.look(run.board())
        await played.settle()
        board = run.board()
        summing_up.look(board)
    finally:
        await run.desk.close()
    for sentence in summing_up.sentences(board):
        complain(f"rotation-tui: {sentence}")
    assert request.printed is not None
    return print_board(board, run.lines_of, options, request.printed)
