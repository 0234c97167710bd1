"""What the user chose to see, kept between sessions."""

import logging
from pathlib import Path

import msgspec

from rotation_tui.screens.view import View
from rotation_tui.store import files

_log = logging.getLogger(__name__)


def recall(path: Path) -> View:
    """The view as it was left, or the first one where there is none that can be used."""
    content = files.read(path)
    if content is None:
        return View()
    try:
        return msgspec.json.decode(content, type=View).kept()
    except (msgspec.DecodeError, ValueError):
        return View()


def keep(path: Path, view: View) -> None:
    """Keep what is worth it of the view; where that cannot be, the log says so."""
    try:
        files.write_whole(path, msgspec.json.encode(view.kept()))
    except OSError as fault:
        _log.warning("the view cannot be kept: %s", fault)
