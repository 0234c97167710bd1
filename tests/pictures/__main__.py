"""Writes the pictures in README: `python -m tests.pictures`."""

import asyncio
import subprocess
import sys
from pathlib import Path

from rotation_tui.app.picture import svg
from rotation_tui.app.scene import Wish
from rotation_tui.app.setup import prepare
from rotation_tui.app.viewer import Viewer
from rotation_tui.config.schema import Config, Loaded
from rotation_tui.screens import steer
from rotation_tui.screens.keys import KEYS
from rotation_tui.screens.view import View
from rotation_tui.widgets.cells import Row
from tests.pictures.film import film

HERE = Path(__file__).parent
STILL = ("snapshot", "--demo", "--format", "svg", "--size", "122x38")
SIZE = (122, 38)
SECONDS = 1.0
TOUR = ("1", "tab", "tab", "down", "enter", "esc", "2", "w", "4", "5")
"""Keys of the film, a second each; the first picture is that of the first key."""


def tour() -> str:
    """Ten seconds of use on the simulated market, as one SVG."""
    return film([svg(rows, SIZE[0], "rotation-tui demo", "dark", None) for rows in asyncio.run(_screens())], SECONDS)


async def _screens() -> list[tuple[Row, ...]]:
    run = prepare(Loaded(Config(), None), Wish(demo_seed=7, demo_speed=None))
    await run.desk.open()
    try:
        assert await run.settled(120)
        viewer = Viewer(run, View(), ascii_only=False)
        return [_pressed(viewer, key) for key in TOUR]
    finally:
        await run.desk.close()


def _pressed(viewer: Viewer, name: str) -> tuple[Row, ...]:
    key = next(key for key in KEYS if name in key.keys.split(",") or name in key.shown.split())
    sheet = viewer.sheet or viewer.draw(*SIZE)
    action, given = key.action.removesuffix(")").split("(")
    first, *rest = [int(g) if g.lstrip("-").isdigit() else g.strip("'") for g in given.split(", ")]
    if action == "setting":
        assert viewer.board is not None
        viewer.view = steer.next_setting(viewer.view, viewer.board, viewer.panes_on, str(first), int(rest[0]))
    else:
        viewer.view = getattr(steer, str(first))(viewer.view, sheet, *rest)
    return viewer.draw(*SIZE).rows


if __name__ == "__main__":
    made = subprocess.run([sys.executable, "-m", "rotation_tui", *STILL], capture_output=True, text=True, check=True)
    (HERE / "overview.svg").write_text(made.stdout, encoding="utf-8")
    (HERE / "tour.svg").write_text(tour(), encoding="utf-8")
