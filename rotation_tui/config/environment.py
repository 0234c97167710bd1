"""Every key of the config has a variable: `ROTATION_TUI_` and its place in capitals, as ROTATION_TUI_DISPLAY_COLOR.

Found from the types of the config alone. A table with names of yours has them in the middle
(ROTATION_TUI_PROVIDERS_FRED_CONTACT); a list, and a table that is one value, is written as in the file
(ROTATION_TUI_LAYOUT_OVERVIEW='["indexes", "risk"]', ROTATION_TUI_FEEDS='[{ provider = "cboe" }]').
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from msgspec import Struct

from rotation_tui.config.schema import Config
from rotation_tui.domain.hub import PASSWORD
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.faults import key_of
from rotation_tui.toml_file.read import parsed
from rotation_tui.toml_file.types import bare, fields_of, table_of, value_of

PREFIX: Final = "ROTATION_TUI_"
_SWITCH: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


class Variable(Struct, frozen=True):
    """A variable that is set: its name, the place of the key, the value, and why that is none."""

    name: str
    path: tuple[str, ...]
    value: Any = None
    why_not: str | None = None

    @property
    def key(self) -> str:
        """The key as the file has it."""
        return key_of(self.path)


def names() -> tuple[str, ...]:
    """Every variable of a key; where a name of yours stands in it, in angle brackets."""
    return tuple(PREFIX + "_".join(path).upper() for path, _ in _keys())


def set_in(env: Mapping[str, str], raw: Mapping[str, Any]) -> Iterator[Variable]:
    """The variables that stand for keys; one that is empty counts as none.

    A name of yours is spelt as in `raw`, what the file says, else in small letters.
    """
    for name in sorted(env):
        if name.startswith(PREFIX) and env[name]:
            found = _meant(name.removeprefix(PREFIX), raw)
            if found is not None:
                path, kind = found
                yield _read(name, path, kind, env[name])


def unknown_in(env: Mapping[str, str]) -> tuple[str, ...]:
    """The variables of our prefix that stand for no key, nor for a password."""
    ours = (name for name in sorted(env) if name.startswith(PREFIX) and name != PASSWORD)
    return tuple(name for name in ours if _meant(name.removeprefix(PREFIX), {}) is None)


def laid_over(raw: dict[str, Any], variables: tuple[Variable, ...]) -> dict[str, Any]:
    """`raw` with what the variables say."""
    over = dict(raw)
    for variable in variables:
        if variable.why_not is None:
            over = _with(over, variable.path, variable.value)
    return over


def _with(table: Any, path: tuple[str, ...], value: Any) -> Any:
    if not isinstance(table, dict):
        return table  # what is no table is a fault of its own
    name, *rest = path
    return {**table, name: _with(table.get(name, {}), tuple(rest), value) if rest else value}


@lru_cache(maxsize=1)
def _keys() -> tuple[tuple[tuple[str, ...], Any], ...]:
    """Every key with what it may hold; `<name>` stands for any name."""
    return tuple(_below((), Config))


def _below(path: tuple[str, ...], kind: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    table, value = table_of(kind), value_of(kind)
    if table is not None:
        for name, inner in fields_of(table).items():
            yield from _below((*path, name), inner)
        return
    yield path, kind
    if value is not None and "<name>" not in path:
        yield from _below((*path, "<name>"), value)


def _meant(rest: str, raw: Mapping[str, Any]) -> tuple[tuple[str, ...], Any] | None:
    """The key that a variable stands for, with what it may hold; None where it stands for none."""
    for path, kind in _keys():
        before, named, after = ("_".join(path).upper()).partition("<NAME>")
        if not named:
            if rest == before:
                return path, kind
        elif rest.startswith(before) and rest.endswith(after) and len(rest) > len(before) + len(after):
            name = rest[len(before) : len(rest) - len(after)]
            return tuple(_spelt(name, path, raw) if part == "<name>" else part for part in path), kind
    return None


def _spelt(name: str, path: tuple[str, ...], raw: Mapping[str, Any]) -> str:
    there: Any = raw
    for part in path[: path.index("<name>")]:
        there = there.get(part, {}) if isinstance(there, Mapping) else {}
    return next((known for known in there if known.upper() == name), name.lower())


def _read(name: str, path: tuple[str, ...], kind: Any, text: str) -> Variable:
    plain = bare(kind)
    if get_origin(plain) in (Union, UnionType) and str in get_args(plain) and not text.startswith("["):
        return Variable(name, path, text)
    if plain is str or (get_origin(plain) is Literal and text in get_args(plain)):
        return Variable(name, path, text)
    if plain is bool and text.lower() in _SWITCH:
        return Variable(name, path, _SWITCH[text.lower()])
    try:
        found = parsed(f"value = {text}", name)
    except ConfigFault:
        found = {}
    if set(found) != {"value"}:
        if get_origin(plain) is Literal:
            return Variable(name, path, text)
        return Variable(
            name, path, None, 'is no value; allowed: what stands behind = in the file, as 30, true or ["a"]'
        )
    return Variable(name, path, found["value"])
