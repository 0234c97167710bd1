"""Replies into typed values: what is not JSON of the expected shape becomes a BadReply that says where."""

import re
from datetime import date
from typing import TypeVar

import msgspec

from rotation_tui.domain.refusal import plain_text
from rotation_tui.providers.base import BadReply

T = TypeVar("T")

_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title")
_NOT_A_NUMBER = re.compile(rb"(?<=[:,\[ ])-?(?:NaN|Infinity)(?=\s*[,\]}])")
_TOO_MANY = (b"edge: too many requests", b"too many requests")


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
    """Whether a body is a ZIP archive."""
    return body.startswith(b"PK\x03\x04")


def excerpt(body: bytes, limit: int = 80) -> str:
    """The start of a body as one safe line for a message."""
    return plain_text(" ".join(body[: 4 * limit].decode("utf-8", "replace").split()), limit)


def american_date(text: str) -> date:
    """The date that "12/31/2025" means; ValueError where it means none."""
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def json(body: bytes, kind: type[T]) -> T:
    """`body` decoded into `kind` (a msgspec Struct, or any type msgspec knows), strictly.

    Raises BadReply with msgspec's path to the value that does not fit ("Expected `float`, got `str` - at
    `$.close[3]`"). NaN and Infinity, which JSON does not know but some writers write, count as null.
    """
    try:
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError:
            nulled = _NOT_A_NUMBER.sub(b"null", body)
            if nulled == body:
                raise
            return msgspec.json.decode(nulled, type=kind)
    except msgspec.ValidationError as error:
        raise BadReply(f"unexpected data: {plain_text(str(error))}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadReply(f"not JSON, or cut off: {plain_text(str(error))}") from error


def convert(value: msgspec.Raw, kind: type[T]) -> T:
    """A part of a reply that was kept raw, decoded as `json` does, so that it cannot spoil its siblings."""
    return json(bytes(value), kind)
