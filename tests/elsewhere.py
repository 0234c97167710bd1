"""A pytest plugin that collects on another day and writes down what was collected: `-p tests.elsewhere`.

The environment says where and when: `COLLECTED_AT` is a time in seconds since 1970, `COLLECTED_TO` the file that is
written, one line a test with its id and the data it was given; `COLLECTED_BACKWARDS` lists folders in reverse.
"""

import dataclasses
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest
import time_machine

AT, TO, BACKWARDS = "COLLECTED_AT", "COLLECTED_TO", "COLLECTED_BACKWARDS"

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_KNOWN: dict[int, tuple[object, str]] = {}


class _Reversed:
    """Entries of a folder, the last first; as `os.scandir` it can be walked, closed and used in a `with`."""

    def __init__(self, entries: Iterable[Any]) -> None:
        self._entries: Iterator[Any] = reversed(list(entries))

    def __iter__(self) -> Iterator[Any]:
        return self._entries

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> "_Reversed":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held open."""


def _backwards(listing: Callable[..., Iterable[Any]]) -> Callable[..., Any]:
    return lambda *where: _Reversed(listing(*where))


def told(value: object) -> str:
    """A value in words that are the same in every process: sets in order, no address in memory."""
    if id(value) not in _KNOWN:
        _KNOWN[id(value)] = (value, _told(value))  # kept, so that no other value gets its id
    return _KNOWN[id(value)][1]


def _told(value: object) -> str:
    name = type(value).__name__
    if isinstance(value, Enum | type):
        return _ADDRESS.sub("", repr(value))
    if isinstance(value, set | frozenset):
        return f"{name}({', '.join(sorted(map(told, value)))})"
    if isinstance(value, Mapping):
        return f"{name}({', '.join(f'{told(key)}: {told(of)}' for key, of in value.items())})"
    if isinstance(value, list | tuple):
        return f"{name}({', '.join(map(told, value))})"
    if isinstance(value, msgspec.Struct):
        return f"{name}({', '.join(told(getattr(value, field)) for field in value.__struct_fields__)})"
    if dataclasses.is_dataclass(value):
        return f"{name}({', '.join(told(getattr(value, field.name)) for field in dataclasses.fields(value))})"
    if callable(value):
        return f"{name} {getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
    return _ADDRESS.sub("", repr(value))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write every test down."""
    lines = (f"{item.nodeid}\t{_data(item)}" for item in session.items)
    Path(os.environ[TO]).write_text("\n".join(line.replace("\n", " ") for line in lines), encoding="utf-8")


def _data(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return "" if callspec is None else told(callspec.params)


if BACKWARDS in os.environ:
    os.listdir = lambda *where, _listing=os.listdir: _listing(*where)[::-1]
    os.scandir = _backwards(os.scandir)
if AT in os.environ:
    time_machine.travel(float(os.environ[AT])).start()
