"""The config while the monitor runs: its files are looked at, and read again once they have changed.

All of that in a thread of its own, which nothing waits for: a disk that hangs holds up neither the loop nor the end.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from rotation_tui.app.link import Link, link_of
from rotation_tui.config.schema import Loaded
from rotation_tui.theme.load import LoadedThemes, load_themes
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.watched import Sighting, Watched, is_regular

_log = logging.getLogger(__name__)


class Read(Struct, frozen=True):
    """What the files say now: a config with its themes and what it makes of the terminal, or `why_not`.

    `asked` is whether somebody has asked for it.
    """

    loaded: Loaded | None = None
    themes: LoadedThemes | None = None
    link: Link | None = None
    why_not: str | None = None
    asked: bool = False


class Living:
    """Follows the `file` that `load` reads, what lies beside it, and the folder of the user's `themes`.

    To be made before the config is read for the first time, so that no change in between is missed.
    """

    def __init__(self, load: Callable[[], Loaded], file: Path, themes: Path) -> None:
        self._load = load
        self._file = file
        self._themes = themes
        self._watched = Watched((file, file.absolute().parent / "map.toml"), (themes,))
        self._there = is_regular(file) is not None
        self._told: str | None = None
        self._asked = threading.Event()
        # not an Event: to wait for one until a time is up takes twice as long, and that is most of what a look costs
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._ended = False

    def begin(self, heard: Callable[[Read], None]) -> None:
        """Follow from now on; `heard` is called in the thread."""
        threading.Thread(target=self._follow, args=(heard,), name="config", daemon=True).start()

    def ask(self) -> None:
        """Read now, whatever has changed, and tell what came of it."""
        self._asked.set()
        self._wake.put(None)

    def end(self) -> None:
        """Follow no more; whatever is under way is not waited for."""
        self._ended = True
        self._wake.put(None)

    def _follow(self, heard: Callable[[Read], None]) -> None:
        while not self._ended:
            with contextlib.suppress(queue.Empty):
                self._wake.get(timeout=self._watched.next_look_s)
            asked = self._asked.is_set()
            self._asked.clear()
            look = self._watched.look(time.monotonic())
            try:
                read = Read(why_not=_RESTLESS) if look.restless else self._read(look, asked=asked)
            except Exception as fault:  # the thread must go on, and nobody sees what it raises
                _log.exception("the config cannot be read")
                read = Read(why_not=f"{self._file}: {type(fault).__name__}: {fault}", asked=asked)
            if read is not None and not self._ended:
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    heard(read)

    def _read(self, look: Sighting, *, asked: bool) -> Read | None:
        """What is to be told of a look; None where nothing is due, or where it may be half a file."""
        if not (look.due or asked):
            return None
        regular = is_regular(self._file)
        loaded, why_not = None, None
        if regular is None and self._there:
            why_not = f"{self._file}: is gone"
        elif regular is False and not self._file.is_dir():
            why_not = f"{self._file}: is no file but a pipe or a device, which is read once"
        else:
            try:
                loaded = self._load()
            except ConfigFault as fault:
                why_not = fault.brief
        empty = loaded is not None and regular and not self._file.stat().st_size
        if (loaded is None or empty) and not (look.settled or asked):
            return None
        if loaded is None:
            if why_not == self._told and not asked:
                return None
            self._told = why_not
            return Read(why_not=why_not, asked=asked)
        self._watched.good()
        self._told, self._there = None, self._there or regular is not None
        return Read(loaded, load_themes(self._themes), link_of(loaded.config.display), asked=asked)


_RESTLESS = "the config changes again and again; it is read once it stands still for a moment"
