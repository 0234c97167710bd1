"""Memory of the C library: kept in few heaps, and given back when it is free."""

import ctypes
from functools import cache
from typing import Any

_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TOP_PAD = -8, -3, -2
_LARGE = 128 * 1024


def keep_together() -> None:
    """Have all threads take memory from one heap that grows by what is asked for; before there are threads.

    glibc gives each thread a heap of its own, and what one has freed no other can use. 2 MB with the default
    universe; there is nothing to wait for, since Python runs one thread at a time. What is as large as a reply stays
    outside of it and is gone once it is freed: glibc would put it inside from the second one on.
    """
    libc = _libc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_TOP_PAD, 0)
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Return what is free to the system; some milliseconds, so it wants a thread.

    What a study has made and dropped lies between what stays, and glibc returns such pages only when told to: 6 MB
    after a study of the default universe.
    """
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


@cache
def _libc() -> Any:
    """glibc, None where the C library is another one."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except OSError:
        return None
