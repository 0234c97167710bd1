"""Gives memory that is free back to the system."""

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Have the C library return what it holds free, where it can; some milliseconds, so it wants a thread.

    What a study has made and dropped lies between what stays, and glibc returns such pages only when told to: 6 MB
    after a study of the default universe.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        found: Callable[[int], int] = ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):  # another system, another C library
        return None
    return found
