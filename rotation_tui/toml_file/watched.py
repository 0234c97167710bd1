"""Which files have changed, told by looking at them: what a disk says of them, and whether it has come to rest.

`stat` every so often rather than the kernel's notices (watchfiles): notices do not come over NFS, sshfs and the like,
where a desk's config often lies; they are about a file that an editor has replaced by another one, unless its folder
is watched; and they cost a library of some megabytes. What a look costs is the waking of its thread, 0.2 ms: at rest
it is seldom, after a change often.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

AT_REST_S: Final = 0.75
"""Between two looks while nothing has changed."""
AFTER_CHANGE_S: Final = 0.2
"""Between two looks until what has changed is read and settled."""
QUIET_S: Final = 0.35
"""How long nothing may have changed before a file is read: whoever writes it may be half done."""
HALF_S: Final = 1.0
"""How long a file that cannot be used must have been quiet before that is told, and before an empty one is believed."""
RESTLESS_S: Final = 10.0
"""How long files may change without a rest before that is told."""

Seen = tuple[tuple[str, int, int, int, int], ...]
"""Of each file path, kind, time of change, size and number; of one that is not there its path alone says anything."""


class Sighting(Struct, frozen=True):
    """What a look has found: whether there is something to read, and whether it has stood still for so long that what
    cannot be used is no half of a file. `restless` is true once where files change without a rest.
    """

    due: bool = False
    settled: bool = False
    restless: bool = False


class Watched:
    """Single `files` and all TOML files of `folders`; links are followed. Any thread may look, one at a time."""

    def __init__(self, files: Iterable[Path], folders: Iterable[Path] = ()) -> None:
        self._files = tuple(map(str, files))
        self._folders = tuple(map(str, folders))
        self._seen = self._before = self.seen()
        self._since = self._restless_since = float("-inf")
        self._due = self._unsettled = False

    @property
    def next_look_s(self) -> float:
        """Seconds from one look to the next."""
        return AFTER_CHANGE_S if self._due or self._unsettled else AT_REST_S

    def seen(self) -> Seen:
        """What there is now; a file that cannot be looked at counts as one that is not there."""
        listed = [entry for folder in self._folders for entry in _toml_files(folder)]
        return tuple(map(_told, (*self._files, *listed)))

    def look(self, now: float) -> Sighting:
        """Sighting at `now`, in seconds of any clock that goes forward."""
        seen = self.seen()
        if seen != self._seen:
            if not (self._due or self._unsettled):
                self._restless_since = now
            self._seen, self._since, self._due = seen, now, True
            if now - self._restless_since >= RESTLESS_S:
                self._restless_since = float("inf")
                return Sighting(restless=True)
            return Sighting()
        quiet = now - self._since
        if self._due and quiet >= QUIET_S:
            self._due, self._unsettled = False, quiet < HALF_S
            return Sighting(due=True, settled=not self._unsettled)
        if self._unsettled and quiet >= HALF_S:
            self._unsettled = False
            return Sighting(due=True, settled=True)
        return Sighting()

    def good(self) -> None:
        """What was read could be used: it need not be looked at again once it is settled."""
        self._unsettled = False


def is_regular(file: Path) -> bool | None:
    """Whether `file` can be read without waiting for anybody; None where there is none."""
    try:
        return stat.S_ISREG(os.stat(file).st_mode)
    except FileNotFoundError:
        return None
    except OSError:  # what is wrong with it is told by whoever reads it
        return True


def _told(file: str) -> tuple[str, int, int, int, int]:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return file, 0, 0, 0, 0
    return file, found.st_mode, found.st_mtime_ns, found.st_size, found.st_ino


def _toml_files(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if entry.name.endswith(".toml"))
    except OSError:
        return []
