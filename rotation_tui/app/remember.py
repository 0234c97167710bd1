"""What the user chose to see, kept between sessions."""

import logging
from pathlib import Path

import msgspec

from rotation_tui.screens.keys import SCREENS
from rotation_tui.screens.view import View
from rotation_tui.store import files
from rotation_tui.store.kept import Tell, read_kept, set_aside

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


def keep(path: Path, view: View) -> None:
    """Keep what is worth it of the view; where that cannot be, the log says so."""
    try:
        files.write_whole(path, msgspec.json.encode(view.kept()))
    except OSError as fault:
        _log.warning("the view cannot be kept: %s", fault)
