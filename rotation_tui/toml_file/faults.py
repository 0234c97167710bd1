"""All that is wrong with a decoded file, where msgspec stops at the first: table by table, key by key.

Each value is converted by itself, by the same converter, so what is found here is what it would find one after the
other. It takes a step for each key that is written, and a file has at most a megabyte of them.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, inspect

from rotation_tui.plugins import nearest
from rotation_tui.toml_file.explain import shown, words
from rotation_tui.toml_file.types import fields_of, item_of, required, table_of, value_of

Path = tuple[str | int, ...]
"""Where a value stands: names of tables and keys, and places in lists from 0."""


class Wrong(Struct, frozen=True):
    """What is wrong at a place."""

    path: Path
    problem: str

    @property
    def key(self) -> str:
        """The place as it is told, as `feeds[2].kind`."""
        return key_of(self.path)


def key_of(path: Path) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def wrong_in(raw: Any, kind: Any) -> tuple[Wrong, ...]:
    """Everything that is wrong with `raw` as a `kind`; nothing exactly where it can be converted."""
    return tuple(_wrong(raw, kind, (), kind))


def _wrong(raw: Any, kind: Any, path: Path, whole: Any) -> Iterator[Wrong]:
    table, item, value = table_of(kind), item_of(kind), value_of(kind)
    found: list[Wrong] = []
    if table is not None and isinstance(raw, dict):
        found += _wrong_in_table(raw, table, path, whole)
    elif item is not None and isinstance(raw, list):
        found += (one for at, inner in enumerate(raw) for one in _wrong(inner, item, (*path, at), whole))
    elif value is not None and isinstance(raw, dict):
        found += (one for name, inner in raw.items() for one in _wrong(inner, value, (*path, name), whole))
    if not found and not _fits(raw, kind):
        found.append(Wrong(path, f"{shown(raw)} does not fit; allowed: {_allowed(kind)}"))
    yield from found


def _wrong_in_table(raw: dict[str, Any], table: type, path: Path, whole: Any) -> Iterator[Wrong]:
    known = fields_of(table)
    misspelt: set[str] = set()
    for name, inner in raw.items():
        if name in known:
            yield from _wrong(inner, known[name], (*path, name), whole)
        else:
            near = nearest(name, tuple(known))
            misspelt.update(key for key in known if near == f', did you mean "{key}"?')
            told = near or _elsewhere(name, whole)
            yield Wrong((*path, name), f"unknown key{told}; allowed: {', '.join(known)}")
    for name in required(table):
        if name not in raw and name not in misspelt:
            yield Wrong((*path, name), f"is missing; allowed: {_allowed(known[name])}")


def _elsewhere(name: str, whole: Any) -> str:
    """The table that has a key of this name, as [poll] has open."""
    homes = [at for at, kind in fields_of(whole).items() if (table := table_of(kind)) and name in fields_of(table)]
    return f", it belongs into [{homes[0]}]" if homes else ""


def _allowed(kind: Any) -> str:
    return words(inspect.type_info(kind))


def _fits(raw: Any, kind: Any) -> bool:
    try:
        msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        return False
    return True


class Mended(Struct, frozen=True):
    """A file without what is wrong with it: what is left out, and `kept`, by list the places of what is left of it.

    `whole` is whether no table and no element of a list had to go as a whole, of which others may speak.
    """

    raw: dict[str, Any]
    kept: Mapping[str, Sequence[int]]
    whole: bool

    def place(self, key: str) -> str:
        """A key of what is left, as it stands in the file."""
        found = re.match(r"([^\[\]]+)\[(\d+)\]", key)
        if found is None or found[1] not in self.kept:
            return key
        return f"{found[1]}[{self.kept[found[1]][int(found[2]) - 1] + 1}]{key[found.end() :]}"


def mended(raw: dict[str, Any], wrong: Sequence[Wrong], kind: type) -> Mended:
    """What can be judged of a file of which something is wrong: as much of each of its tables as can be converted."""
    left = copy.deepcopy(raw)
    kept: dict[str, Sequence[int]] = {}
    whole = True
    for name in dict.fromkeys(one.path[0] for one in wrong):
        paths = [one.path for one in wrong if one.path[0] == name]
        for path in paths:
            _delete(left, path)
        if name in left and not _fits({name: left[name]}, kind):
            whole = False
            _delete_elements(left, paths, kept)
        if name in left and not _fits({name: left[name]}, kind):
            del left[str(name)]
    return Mended(left, kept, whole)


def _delete(raw: Any, path: Path) -> None:
    for part in path[:-1]:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(raw, dict):
        raw.pop(path[-1], None)


def _delete_elements(raw: dict[str, Any], paths: Sequence[Path], kept: dict[str, Sequence[int]]) -> None:
    """Without the tables in which something is wrong; of a list `kept` gets the places of those that stay."""
    for path in paths:
        at = next((n for n, part in enumerate(path) if isinstance(part, int)), None)
        if at is None:
            _delete(raw, path[:-1] or path)
    gone: dict[Path, set[int]] = {}
    for path in paths:
        at = next((n for n, part in enumerate(path) if isinstance(part, int)), None)
        if at is not None:
            gone.setdefault(path[:at], set()).add(int(path[at]))
    for where, places in gone.items():
        outer: Any = raw
        for part in where[:-1]:
            outer = outer[part]
        rows = outer[where[-1]]
        kept[key_of(where)] = [at for at in range(len(rows)) if at not in places]
        outer[where[-1]] = [rows[at] for at in kept[key_of(where)]]
