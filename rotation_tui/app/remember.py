"""What the user chose to see, kept between sessions, and the first screen of it, whatever the disk holds."""

import logging
from collections.abc import Callable
from pathlib import Path

from rotation_tui.app.scene import Scene
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.store.kept import Tell, keep, read_kept, set_aside

_log = logging.getLogger(__name__)


def recall(path: Path, tell: Tell | None = None) -> View:
    """The view as it was left, or the first one where there is none that can be used; `tell` as in `store.kept`."""
    view = read_kept(path, View, tell=tell)
    if view is None:
        return View()
    if view.screen not in SCREENS:  # of a version that has more
        set_aside(path, f"there is no screen {view.screen}", tell)
        return View()
    return view.kept()


def remember(path: Path, view: View) -> None:
    """Keep what is worth it of the view; where that cannot be, the log says so."""
    try:
        keep(path, view.kept())
    except OSError as fault:
        _log.warning("the view cannot be kept: %s", fault)


def first_sheet(scene: Scene, view: View, view_file: Path, draw: Callable[[View], Sheet]) -> Sheet:
    """What `draw` makes of `view`, the view as it was left.

    Where that fails, the first view is tried, then the view without the last known state, then neither; each that was
    at fault is set aside. What fails even then is no fault of the state, and raised.
    """
    scope = scene.scope
    try:
        return draw(view)
    except Exception as fault:  # anything: a start must not end of what the program kept for itself
        why = f"it cannot be drawn, {type(fault).__name__}"
    scene.scope = scope
    try:
        sheet = draw(View())
    except Exception:
        if not scene.forget(why):
            raise
        return first_sheet(scene, view, view_file, draw)
    set_aside(view_file, why, scene.warn)
    return sheet
