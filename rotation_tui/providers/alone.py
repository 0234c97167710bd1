"""One connection a key: a lock that one of a user's programs holds while it listens, freed by the system at its end."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from rotation_tui.providers.base import Occupied


@contextmanager
def alone(state_folder: Path, source: str, key: str) -> Iterator[None]:
    """Be the only one of all programs with this state folder that listens to a source with this key.

    Raises Occupied at once where another is. A folder that cannot be written keeps nobody from listening.
    """
    mark = hashlib.sha256(f"rotation-tui {source} {key}".encode()).hexdigest()[
        :12
    ]  # tells keys apart, and nothing more
    lock = filelock.FileLock(state_folder / "streams" / f"{source}-{mark}.lock")
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise Occupied("another of your monitors listens with this key; it is polled here") from None
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()
