"""Replies as they came, on disk, so that what has not changed is not sent again."""

import contextlib
import os
import time
import zlib
from hashlib import sha256
from pathlib import Path

import msgspec

from rotation_tui.providers.http import Copy

UNUSED_S = 100 * 86_400.0
"""A copy that nobody has asked for in so many seconds is removed: the next quarter asks for other periods."""

_FAST = 1  # 6,000 facts in 10 ms, to an eighth of their length


class Copies:
    """Copies by path in `folder`; one that is missing, damaged or cannot be written is a request like the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept = False

    def read(self, path: str) -> Copy | None:
        """The copy of `path`, None where there is none to be used."""
        try:
            packed = msgspec.msgpack.decode(self._file(path).read_bytes(), type=Copy)
            return Copy(zlib.decompress(packed.body), packed.etag, packed.changed)
        except (OSError, msgspec.DecodeError, zlib.error):
            return None

    def keep(self, path: str, copy: Copy | None) -> None:
        """Put `copy` in place of the one before; None notes that the one that is there was of use.

        One that its source has not told a mark of is not kept, for it could not be asked about.
        """
        file = self._file(path)
        with contextlib.suppress(OSError):  # a full disk costs a request, no more
            if copy is None:
                os.utime(file)
            elif copy.etag or copy.changed:
                self._write(file, Copy(zlib.compress(copy.body, _FAST), copy.etag, copy.changed))

    def drop(self, path: str) -> None:
        """Forget the copy of `path`."""
        with contextlib.suppress(OSError):
            self._file(path).unlink(missing_ok=True)

    def _write(self, file: Path, packed: Copy) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        unfinished.write_bytes(msgspec.msgpack.encode(packed))
        unfinished.replace(file)

    def _file(self, path: str) -> Path:
        return self._folder / f"{sha256(path.encode()).hexdigest()[:32]}.copy"

    def _sweep(self) -> None:
        if self._swept:
            return
        self._swept = True
        for file in self._folder.iterdir():
            if time.time() - file.stat().st_mtime > UNUSED_S:
                file.unlink()
