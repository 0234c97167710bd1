"""Spares the garbage collector what stays for as long as the program runs."""

import gc

from rotation_tui.app.setup import Run

_SETTLES_S = 300.0


async def set_aside(run: Run) -> None:
    """Take what has been loaded out of the collector's sight: now, and once more when history and studies are there.

    Modules and results are some 110,000 objects, and walking over them stops the screen and the keys for 60 to
    160 ms each time.
    """
    gc.freeze()
    await run.settled(_SETTLES_S)
    gc.freeze()
