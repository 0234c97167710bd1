"""Why a host cannot be reached, in plain words as far as the errors of the libraries tell it."""

import errno
import re
import socket
import ssl
from collections.abc import Iterator

from rotation_tui.domain.address import masked
from rotation_tui.domain.refusal import plain_text

_WORDS: tuple[tuple[str, frozenset[int]], ...] = (
    ("the connection is refused", frozenset({errno.ECONNREFUSED})),
    ("the connection was broken off", frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE})),
    ("there is no route to it", frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})),
    ("the connection timed out", frozenset({errno.ETIMEDOUT})),
    ("the connection is not allowed on this computer", frozenset({errno.EACCES, errno.EPERM})),
)
"""By what systems number: of several addresses the one that came furthest tells most, so it stands first."""

_NO_SUCH_NAME = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_FAIL") if hasattr(socket, name)
)
_NUMBERED = re.compile(r"\[Errno (-?[0-9]+)\]")


def why(error: BaseException) -> str:
    """The reason in one phrase; the error's own words where its cause cannot be told."""
    errors = list(_causes(error))
    for cause in errors:
        if isinstance(cause, socket.gaierror):
            known = cause.errno not in _NO_SUCH_NAME
            return "its name cannot be looked up now" if known else "no host of that name is known"
    numbers = {number for cause in errors for number in _numbers(cause)}
    for words, meant in _WORDS:
        if numbers & meant:
            return words
    return plain_text(masked(str(error)), 120) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, those of a group one by one."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause is not None]


def _numbers(error: BaseException) -> Iterator[int]:
    """The system's numbers of an error; asyncio puts those of several addresses into one text, and TLS has its own."""
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        if isinstance(error.errno, int):
            yield error.errno
        yield from map(int, _NUMBERED.findall(str(error)))
