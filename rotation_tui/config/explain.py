"""What a key of the config may hold, in the words of a config file."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from msgspec import inspect

from rotation_tui.config.schema import Config

_PART = re.compile(r"[^.\[\]]+|\[\d+\]")


def allowed_at(key: str) -> str:
    """What `key` (`poll.open`, `feeds[2].kind`) may hold, empty where it is no key of the config."""
    found = _type_at(key)
    return "" if found is None else _words(found)


def keys_at(key: str) -> tuple[str, ...]:
    """The keys of the table that stands at `key`, empty where there is no table of ours."""
    found = _type_at(key)
    return tuple(f.name for f in found.fields) if isinstance(found, inspect.StructType) else ()


def shown(value: Any) -> str:
    """A value of a config file as it may be written there, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, (date, datetime, time)):
        return f"the date or time {value.isoformat()}"
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:  # Python writes no whole number of more than 4,300 figures
        return "a number of thousands of figures"
    return text if len(text) <= 60 else text[:59] + "…"


def _type_at(key: str) -> inspect.Type | None:
    found: inspect.Type = inspect.type_info(Config)
    for part in _PART.findall(key):
        inner = _inside(_plain(found), part)
        if inner is None:
            return None
        found = inner
    return _plain(found)


def _inside(outer: inspect.Type, part: str) -> inspect.Type | None:
    if isinstance(outer, inspect.StructType):
        return next((f.type for f in outer.fields if f.name == part), None)
    if isinstance(outer, inspect.VarTupleType):
        return outer.item_type if part.startswith("[") else None
    return outer.value_type if isinstance(outer, inspect.DictType) else None


def _plain(found: inspect.Type) -> inspect.Type:
    """Without the None that stands for a key left out, which no TOML file can hold."""
    if isinstance(found, inspect.Metadata):
        return _plain(found.type)
    if isinstance(found, inspect.UnionType):
        rest = [one for one in found.types if not isinstance(one, inspect.NoneType)]
        return _plain(rest[0]) if len(rest) == 1 else found
    return found


def _words(found: inspect.Type) -> str:
    match _plain(found):
        case inspect.LiteralType(values=values):
            return _listed(sorted(values, key=_declared_order(values)))
        case inspect.BoolType():
            return "true or false"
        case inspect.FloatType() as number:
            return "a number" + _bounds(number)
        case inspect.IntType() as number:
            return "a whole number" + _bounds(number)
        case inspect.StrType() as text:
            most = f", at most {text.max_length} characters" if text.max_length else ""
            return f"text in quotes{', not empty' if text.min_length else ''}{most}"
        case inspect.VarTupleType(item_type=item):
            inner = _plain(item)
            return "tables [[...]]" if isinstance(inner, inspect.StructType) else f"a list of {_words(inner)}"
        case inspect.StructType(fields=fields):
            return f"a table with {', '.join(f.name for f in fields)}"
        case inspect.DictType():
            return "a table"
    return ""


def _declared_order(values: Sequence[Any]) -> Any:
    """Words such as auto before numbers and none; msgspec sorts them by the alphabet."""
    first = ("auto", "truecolor", "256", "16", "on", "off")
    return lambda value: (first.index(value) if value in first else len(first), values.index(value))


def _listed(values: Sequence[Any]) -> str:
    return " or ".join(f'"{value}"' for value in values).replace("\t", "\\t")


def _bounds(number: inspect.FloatType | inspect.IntType) -> str:
    if number.ge is not None and number.le is not None:
        return f" from {_figure(number.ge)} to {_figure(number.le)}"
    if number.gt is not None and number.le is not None:
        return f" above {_figure(number.gt)}, at most {_figure(number.le)}"
    return "" if number.ge is None else f", at least {_figure(number.ge)}"


def _figure(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
