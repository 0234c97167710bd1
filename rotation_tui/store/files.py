"""Files that are whole or not there: written beside the target, then renamed over it."""

import contextlib
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Final

_UNFINISHED: Final = re.compile(r"\..+\.json\.[a-z0-9_]{8}")
"""What `write_whole` calls a file that is not whole yet."""
_IN_USE_S: Final = 3600.0


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` so that a reader sees the old file or the new one; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def sweep(folder: Path) -> None:
    """Remove what a kill has left of `write_whole` in `folder` and below; younger than an hour may be in use."""
    for left in folder.rglob(".*"):
        with contextlib.suppress(OSError):  # somebody else's, or somebody else was faster
            if _UNFINISHED.fullmatch(left.name) and left.is_file() and time.time() - left.stat().st_mtime > _IN_USE_S:
                left.unlink()
