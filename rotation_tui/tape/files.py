"""The files of a recording: the one that is written, locked against others, and those that it was rotated into."""

import contextlib
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from rotation_tui.tape import frames

Write = Callable[[int, bytes], int]
_MOST_A_DAY = 1000


class TapeRefused(Exception):
    """Why nothing can be recorded into a file, as a sentence."""


class TapeSpool:
    """Adds bytes to a file, in their order, whatever the disk says meanwhile; to be used by one thread.

    What a disk has not taken waits, and is offered again with the next bytes: nothing is left out.
    """

    def __init__(self, path: Path, write: Write = os.write) -> None:
        self.path = path
        self._write = write
        self._handle: int | None = None
        self._lock: Any = None
        self._waiting = bytearray()
        self.size = 0
        """Bytes that are in the file."""
        self.last_mark: frames.TapeMark | None = None
        """Of the last frame that was there when it was opened."""

    @property
    def waiting(self) -> int:
        """Bytes that the disk has not taken yet."""
        return len(self._waiting)

    def open(self) -> None:
        """Lock the file and open it at its end; TapeRefused where it is in use, no tape, or cannot be written."""
        from filelock import FileLock, Timeout

        folder, name = self.path.parent, self.path.name
        if not folder.is_dir():
            raise TapeRefused(f"there is no folder {folder}")
        if self.path.exists() and not self.path.is_file():
            raise TapeRefused(f"{self.path} is no file")
        self._lock = FileLock(folder / f".{name}.lock", timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            self._lock = None
            raise TapeRefused(f"{self.path} is being recorded into by another rotation-tui") from None
        except OSError as fault:
            self._lock = None
            raise TapeRefused(f"{self.path} cannot be written: {fault.strerror or fault}") from None
        try:
            if self.path.exists() and self.path.stat().st_size:
                self.last_mark = frames.TapeFile(self.path).places[-1].mark
            self._open()
        except frames.NoTape as fault:
            self.close()
            raise TapeRefused(f"{fault}; nothing is written over it") from None
        except OSError as fault:
            self.close()
            raise TapeRefused(f"{self.path} cannot be written: {fault.strerror or fault}") from None

    def add(self, content: bytes) -> None:
        """Take bytes to be written."""
        self._waiting += content

    def write(self) -> None:
        """Offer the disk what waits; OSError where it does not take all, and what it did not take waits on."""
        while self._waiting:
            if self._handle is None:
                self._open()
            assert self._handle is not None
            taken = self._write(self._handle, bytes(self._waiting[: 1 << 20]))
            del self._waiting[:taken]
            self.size += taken

    def sync(self) -> None:
        """Have what was written survive a loss of power; OSError."""
        if self._handle is not None:
            os.fsync(self._handle)

    def rotate(self, day: date) -> Path:
        """Put the file aside under its day and begin a new one of its name; OSError, and it stays as it was."""
        aside = _free(self.path, day)
        self.path.rename(aside)
        with contextlib.suppress(OSError):
            self.sync()
        self._shut()
        self.last_mark, self.size = None, 0
        return aside

    def sweep(self, most: int) -> tuple[Path, ...]:
        """Remove all but the newest so many files that were put aside; those that are gone."""
        old = rotated(self.path)[:-most] if most else rotated(self.path)
        for path in old:
            path.unlink()
        return tuple(old)

    def close(self) -> None:
        """Give back file and lock."""
        self._shut()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _open(self) -> None:
        self._handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        self.size = os.fstat(self._handle).st_size

    def _shut(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            with contextlib.suppress(OSError):
                os.close(handle)


def rotated(path: Path) -> list[Path]:
    """The files that a recording into `path` was put aside into, oldest first."""
    named = re.compile(rf"{re.escape(path.stem)}-(\d{{4}}-\d\d-\d\d)(?:-(\d+))?{re.escape(path.suffix)}")
    found = [(of[1], int(of[2] or 1), one) for one in path.parent.iterdir() if (of := named.fullmatch(one.name))]
    return [one for _, _, one in sorted(found)]


def _free(path: Path, day: date) -> Path:
    names = (f"{path.stem}-{day}" + (f"-{n}" if n > 1 else "") + path.suffix for n in range(1, _MOST_A_DAY))
    for name in names:
        if not (aside := path.with_name(name)).exists():
            return aside
    raise FileExistsError(f"{path.parent} has {_MOST_A_DAY - 1} tapes of {day}")
