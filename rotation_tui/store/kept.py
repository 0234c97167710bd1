"""The one door for files that the program wrote itself: what cannot be used is set aside, named, and never in the way.

A state file may be cut, of a newer version, or changed by hand. It passes what a reply passes: it is decoded into
typed values, and numbers, times and texts that no board can be made of are refused.
"""

import contextlib
import dataclasses
import errno
import functools
import hashlib
import logging
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from rotation_tui.domain.refusal import plain_text

_log = logging.getLogger(__name__)

T = TypeVar("T")
Tell = Callable[[str], None]

_UNFINISHED: Final = re.compile(r"\..+\.json\.[a-z0-9_]{8}")
"""What `keep` calls a file that is not whole yet."""
_IN_USE_S: Final = 3600.0
_MOST_ALIKE: Final = 1000
ASIDE = ".unreadable"
"""Ending of a file that was set aside; a later one of the same name takes its place, so that they stay few."""

MOST_BYTES = 64 * 1024 * 1024
_LARGEST = 1e15  # dollars a day are below 1e12
_YEARS = range(1700, 2201)
_LONGEST_TEXT = 20_000
_LONG = 20
_ROOM = 1024


class _Versioned(msgspec.Struct):
    format: int = 0


def read_kept(
    path: Path,
    kind: type[T],
    *,
    version: int | None = None,
    earlier: Mapping[int, Callable[[Any], None]] = MappingProxyType({}),
    tell: Tell | None = None,
    largest: float = _LARGEST,
) -> T | None:
    """What `path` holds as a `kind`; None where there is no file or none that can be used.

    With a `version` the file has a `format`: an older one is brought to it by what `earlier` has for that format, or
    is as if it were not there; a newer one is set aside. What `earlier` has for `version` itself is for files whose
    shape moved while the number stayed. `tell` gets a sentence where the file was set aside; the log has it in any
    case. No number in it lies beyond `largest`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        return None
    try:
        if len(content) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES // 1024**2} MB")
        if version is not None and (written := msgspec.json.decode(content, type=_Versioned).format) != version:
            if written > version:
                raise ValueError("written by a newer version")
            if written not in earlier:
                return None
            content = _brought_on(content, earlier[written])
        try:
            value = msgspec.json.decode(content, type=kind)
        except msgspec.ValidationError:
            if version is None or version not in earlier:
                raise
            value = msgspec.json.decode(_brought_on(content, earlier[version]), type=kind)
        if wrong := unsound(value, largest):
            raise ValueError(wrong)
    except (ValueError, RecursionError, OverflowError) as fault:  # msgspec's errors are ValueErrors
        set_aside(path, str(fault), tell)
        return None
    return value


def _brought_on(content: bytes, change: Callable[[Any], None]) -> bytes:
    """A file of an earlier format in that of today, but for the number of its format."""
    raw = msgspec.json.decode(content)
    try:
        change(raw)
    except (LookupError, TypeError, AttributeError) as fault:
        raise ValueError(f"not of the format it names: {fault}") from None
    return msgspec.json.encode(raw)


def file_stem(name: str) -> str:
    """A name for a file, another for each name, whatever characters that has."""
    plain = plain_stem(name)
    return plain if plain == name else f"{plain}-{digest(name)}"


def plain_stem(name: str) -> str:
    """A name without characters that a file cannot have; two names may become one."""
    return "".join(c if c.isalnum() else "_" for c in name)


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def set_aside(path: Path, why: str, tell: Tell | None = None) -> None:
    """Rename `path`, so that it is not read again and can be looked at."""
    said = f"{path.name} cannot be used ({plain_text(why, 80)})"
    try:
        path.replace(aside := path.with_name(path.name + ASIDE))
        said += f" and is kept as {aside.name}"
    except OSError as fault:
        said += f" and cannot be set aside: {fault.strerror or fault}"
    _log.warning("%s in %s", said, path.parent)
    if tell is not None:
        tell(said)


def all_aside(folder: Path) -> list[Path]:
    """Every file below `folder` that was set aside."""
    return sorted(folder.rglob(f"*{ASIDE}"))


def unsound(value: Any, largest: float = _LARGEST) -> str:
    """What in a decoded value no board can be made of, empty where there is nothing; 10 ms for a last known state."""
    rest = [value]
    while rest:
        one = rest.pop()
        kind = type(one)
        if kind is float or kind is int:
            if not -largest <= one <= largest:
                return "a number beyond all bounds"
        elif kind is tuple or kind is list:
            rest.extend(_ends(one))
        elif isinstance(one, Mapping):
            rest.extend(one.keys())
            rest.extend(one.values())
        elif wrong := _unsound_leaf(one):
            return wrong
        else:
            rest.extend(getattr(one, name) for name in _fields(kind))  # type: ignore[arg-type]
    return ""


def _ends(values: Sequence[Any]) -> Sequence[Any]:
    """The least and the largest of a long line of dates or numbers, which stand for all; else every value."""
    if len(values) < _LONG or type(values[0]) not in (date, float):
        return values
    try:
        return min(values), max(values)
    except TypeError:  # a hole among them
        return values


def _unsound_leaf(value: Any) -> str:
    if isinstance(value, str):
        return "" if len(value) <= _LONGEST_TEXT else "a text without end"
    if isinstance(value, date) and value.year not in _YEARS:
        return f"the year {value.year}"
    return "a time without a zone" if isinstance(value, datetime) and value.tzinfo is None else ""


@functools.cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    if issubclass(kind, msgspec.Struct):
        names: tuple[str, ...] = kind.__struct_fields__
        return names
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


def keep(path: Path, value: Any, *, synced: bool = True) -> None:
    """Write `value` as `read_kept` reads it: a reader sees the old file or the new one. Raises OSError.

    Where it is not `synced`, which takes some milliseconds, that does not hold for a machine that crashes.
    """
    import tempfile  # here, because it costs 10 ms, and a start reads only

    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.encode(value)
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def keep_in_place(path: Path, value: Any) -> None:
    """Write `value` over what `path` holds, for those who read under a lock alone. Raises OSError.

    A tenth of what `keep` costs, which makes a new file and waits for the folder to take its name. Blanks behind what
    is shorter than before: nothing stands there half, whenever the process is killed. A disk that is full is found out
    before anything is written over.
    """
    content = msgspec.json.encode(value)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(handle).st_size
        if len(content) > size:
            room = b" " * (len(content) - size + _ROOM)
            if os.pwrite(handle, room, size) < len(room):
                os.ftruncate(handle, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.pwrite(handle, content.ljust(size), 0)
    finally:
        os.close(handle)


def keep_new(folder: Path, stem: str, contents: Mapping[str, str]) -> tuple[Path, ...]:
    """Write texts that people open, by their endings, side by side as new files; raises OSError.

    Where one of the names is taken all of them get the next number: nothing is ever written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, _MOST_ALIKE):
        name = stem if number == 1 else f"{stem}-{number}"
        paths = [folder / f"{name}{ending}" for ending in contents]
        if not any(path.exists() for path in paths):
            for path, text in zip(paths, contents.values(), strict=True):
                with path.open("x", encoding="utf-8", newline="") as file:
                    file.write(text)
            return tuple(paths)
    raise FileExistsError(f"{folder} has {_MOST_ALIKE - 1} exports of this name")


def sweep(folder: Path) -> None:
    """Remove what a kill has left of `keep` in `folder` and below; younger than an hour may be in use."""
    for left in folder.rglob(".*"):
        with contextlib.suppress(OSError):  # somebody else's, or somebody else was faster
            if _UNFINISHED.fullmatch(left.name) and left.is_file() and time.time() - left.stat().st_mtime > _IN_USE_S:
                left.unlink()
