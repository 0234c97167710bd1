"""The first screen of a run, whatever the state on disk holds: what cannot be drawn is set aside, and named."""

from collections.abc import Callable
from pathlib import Path

from rotation_tui.app.scene import Scene
from rotation_tui.screens.compose import Sheet
from rotation_tui.screens.view import View
from rotation_tui.store.kept import set_aside


def first_sheet(scene: Scene, view: View, view_file: Path, draw: Callable[[View], Sheet]) -> Sheet:
    """What `draw` makes of `view`, the view as it was left.

    Where that fails, the first view is tried, then the view without the last known state, then neither; each that was
    at fault is set aside. What fails even then is no fault of the state, and raised.
    """
    frame = scene.frame
    try:
        return draw(view)
    except Exception as fault:  # anything: a start must not end of what the program kept for itself
        why = f"it cannot be drawn, {type(fault).__name__}"
    scene.frame = frame
    try:
        sheet = draw(View())
    except Exception:
        if not scene.forget(why):
            raise
        return first_sheet(scene, view, view_file, draw)
    set_aside(view_file, why, scene.warn)
    return sheet
