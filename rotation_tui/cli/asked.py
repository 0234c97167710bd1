"""A headline that is made now, of the last known state or of what the feeds say; whoever needs none imports nothing."""

import asyncio

from rotation_tui.app.headlines import headline_of
from rotation_tui.app.scene import Wish, set_scene
from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain
from rotation_tui.store.headline import Headline


def headline_of_state(options: Options) -> Headline | None:
    """That of the last known state of this config; None where nothing is known."""
    scene = set_scene(options.load(), Wish())
    known = scene.store.snapshot()
    if not (known.quotes or known.studies.tickers) or scene.last_known is None:
        return None
    saved = scene.last_known.saved_at()
    return None if saved is None else headline_of(scene.board_of(known, saved), scene.scope.calendar)


def headline_of_now(options: Options, timeout_s: float) -> Headline | None:
    """That of what the feeds say; it is kept as the monitor keeps it. None where they say nothing."""
    return asyncio.run(_asked(options, timeout_s))


async def _asked(options: Options, timeout_s: float) -> Headline | None:
    from rotation_tui.app.setup import prepare
    from rotation_tui.app.unwaited import Unwaited

    asyncio.get_running_loop().set_default_executor(Unwaited())
    run = prepare(options.load(), Wish())
    await run.desk.open()
    try:
        if not await run.settled(timeout_s):
            complain(f"rotation-tui: not all feeds answered within {timeout_s:g} s")
        board = run.board()
    finally:
        await run.desk.close()
    return headline_of(board, run.scope.calendar) if any(row.last is not None for row in board.tickers) else None
