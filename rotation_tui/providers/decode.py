"""Replies into typed values: the one door of every reader, through which nothing but our faults comes out."""

import asyncio
import csv
import functools
import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import ParamSpec, TypeVar

import msgspec

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply

T = TypeVar("T")
P = ParamSpec("P")

INLINE = 64 * 1024
"""Bytes up to which a reply is read on the loop: a few milliseconds, less than a thread costs in jitter."""

_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title")
_NOT_A_NUMBER = re.compile(rb"(?<=[:,\[ ])-?(?:NaN|Infinity)(?=\s*[,\]}])")
_MOST_NOT_A_NUMBER = 100_000
_TOO_MANY = (b"edge: too many requests", b"too many requests")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ZONE = re.compile(r"([+-][0-9]{2}):?([0-9]{2})$")
_UNREADABLE = (ValueError, ArithmeticError, RecursionError, LookupError, OSError, MemoryError, csv.Error)
"""What reading may raise: numbers and dates beyond any type, nesting without end, tables that are none."""


def reader(read: Callable[P, T]) -> Callable[P, T]:
    """`read` as a reader of replies: whatever in a reply it cannot read is a BadReply that says so."""

    @functools.wraps(read)
    def door(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except RecursionError:
            raise BadReply("the data are nested too deep") from None
        except _UNREADABLE as error:
            raise BadReply(plain_text(str(error)) or f"cannot be read: {type(error).__name__}") from error

    return door


async def apart(body: bytes, read: Callable[[], T], inline: int = INLINE) -> T:
    """What `read` makes of `body`; one of more than `inline` bytes is read in a thread, off the loop."""
    return read() if len(body) <= inline else await asyncio.to_thread(read)


def _opening(body: bytes) -> bytes:
    return body[:512].removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()


def is_html(body: bytes, content_type: str = "") -> bool:
    """Whether a body is a web page; XML is none unless the server says that it sends HTML."""
    opening = _opening(body)
    return opening.startswith(_MARKUP) or (opening.startswith(b"<") and "text/html" in content_type.lower())


def is_too_many(body: bytes) -> bool:
    """Whether a body is the "Too Many Requests" that Yahoo's edge sends, whatever the status says."""
    return _opening(body).startswith(_TOO_MANY)


def is_zip(body: bytes) -> bool:
    return body.startswith(b"PK\x03\x04")


def excerpt(body: bytes, limit: int = 80) -> str:
    """The start of a body as one safe line for a message."""
    return plain_text(" ".join(body[: 4 * limit].decode("utf-8", "replace").split()), limit)


def number(text: str) -> float:
    """The number that a text says in the digits 0 to 9; ValueError where it says none.

    Python's own reading takes "1_000", "nan" and the digits of every script for numbers.
    """
    value = float(text)
    if "_" in text or not text.isascii() or not math.isfinite(value):
        raise ValueError(f'"{plain_text(text, 40)}" is not a finite number')
    return value


def american_date(text: str) -> date:
    """The date that "12/31/2025" means; ValueError where it means none."""
    found = _AMERICAN.fullmatch(text)
    if found is None:
        raise ValueError(f'"{plain_text(text, 40)}" is no date like 12/31/2025')
    month, day, year = map(int, found.groups())
    return date(year, month, day)


def iso_date(text: str) -> date:
    """The date that "2025-12-31" means; ValueError where it means none."""
    if len(text) != 10 or text[4] + text[7] != "--" or not text.isascii():  # Python takes weeks as well
        raise ValueError(f'"{plain_text(text, 40)}" is no date like 2025-12-31')
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    """The moment that a date with a time of day means, zoned where the text has a zone; ValueError for none."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(f'"{plain_text(text, 40)}" is no date with a time of day')
    return datetime.fromisoformat(_ZONE.sub(r"\1:\2", text))


def json(body: bytes, kind: type[T]) -> T:
    """`body` decoded into `kind` (a msgspec Struct, or any type msgspec knows), strictly.

    Raises BadReply with msgspec's path to the value that does not fit ("Expected `float`, got `str` - at
    `$.close[3]`"). NaN and Infinity, which JSON does not know but some writers write, count as null.
    """
    try:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            nulled, count = _NOT_A_NUMBER.subn(b"null", body, count=_MOST_NOT_A_NUMBER)
            if count == 0:
                raise
            return msgspec.json.decode(nulled, type=kind)
    except msgspec.ValidationError as error:
        raise BadReply(f"unexpected data: {plain_text(str(error))}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReply(f"not JSON, or cut off: {plain_text(str(error))}") from error
    except RecursionError:
        raise BadReply("the data are nested too deep") from None


TWO_QUOTES = "unusable: two quotes of it in one answer"


def told_once(records: Iterable[tuple[str, T]]) -> tuple[dict[str, T], frozenset[str]]:
    """Records by name, and the names of which one reply tells two things: these have no record."""
    found: dict[str, T] = {}
    twice: set[str] = set()
    for name, record in records:
        if found.setdefault(name, record) != record:
            twice.add(name)
    return {name: record for name, record in found.items() if name not in twice}, frozenset(twice)


def convert(value: msgspec.Raw, kind: type[T]) -> T:
    """A part of a reply that was kept raw, decoded as `json` does, so that it cannot spoil its siblings."""
    return json(bytes(value), kind)
