"""Writes the pictures in README: `python -m tests.pictures`."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rotation_tui.app.link import Link
from rotation_tui.app.monitor import Monitor
from rotation_tui.app.picture import svg
from rotation_tui.app.scene import Wish
from rotation_tui.app.session_before import SessionBefore
from rotation_tui.app.setup import prepare
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.terminal.guard import TerminalCare
from rotation_tui.theme.load import load_themes
from rotation_tui.widgets.cells import Row
from tests.pictures.film import film

HERE = Path(__file__).parent
STILL = ("snapshot", "--demo", "--format", "svg", "--size", "122x38")
SIZE = (122, 38)
SECONDS = 1.0
TOUR = ("1", "tab", "tab", "down", "enter", "escape", "2", "w", "4", "5")
"""Keys of the film, a second each."""


def tour() -> str:
    """Ten seconds of use on the simulated market, as one SVG."""
    return film([svg(rows, SIZE[0], "rotation-tui demo", "dark", None) for rows in asyncio.run(_screens())], SECONDS)


async def _screens() -> list[tuple[Row, ...]]:
    """What stands on the screen of the monitor after each key; its prices rest, so that it is the same every time."""
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    await run.desk.open()
    assert await run.settled(120)
    await SessionBefore(run).compare()
    app = Monitor(run, Link(4.0, False, False, False), load_themes(None), "dark", TerminalCare(), None)

    async def nothing() -> None:
        """The feeds are open."""

    app._open = nothing  # type: ignore[method-assign]
    seen: list[tuple[Row, ...]] = []
    async with app.run_test(size=SIZE) as pilot:
        for key in TOUR:
            await pilot.press(key)
            assert app._viewer.sheet is not None
            seen.append(app._viewer.sheet.rows)
    return seen


def main() -> None:
    """Write both, whatever the user's own config and state are."""
    with TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, XDG_CACHE_HOME=home)
        still = subprocess.run(
            [sys.executable, "-m", "rotation_tui", *STILL], capture_output=True, text=True, check=True
        )
        (HERE / "overview.svg").write_text(still.stdout, encoding="utf-8")
        (HERE / "tour.svg").write_text(tour(), encoding="utf-8")


if __name__ == "__main__":
    main()
