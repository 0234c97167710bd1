"""What is wrong with a decoded file and what its keys may hold, in the words of a TOML file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import msgspec
from msgspec import inspect

from rotation_tui.plugins import nearest

_PART = re.compile(r"[^.\[\]]+|\[\d+\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_LACKS = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_SIMPLE: Mapping[type, str] = {
    inspect.BoolType: "true or false", inspect.DateType: "a date, as 2026-12-31", inspect.DictType: "a table",
}  # fmt: skip
_AT = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


def explained(message: str, raw: dict[str, Any], kind: type) -> tuple[str, str]:
    """Key and problem out of msgspec's message on `raw` as a `kind`: what was found, what is allowed, the nearest key.

    A field whose `msgspec.Meta` has a description allows what that says.
    """
    at = _AT.search(message)
    place, value = _found_at(at.group("path") if at else "", raw, message, kind)
    if unknown := _UNKNOWN.search(message):
        field = unknown.group("field")
        allowed = _keys_at(place, kind)
        return _joined(place, field), f"unknown key{_did_you_mean(field, place, kind)}; allowed: {', '.join(allowed)}"
    if lacks := _LACKS.search(message):
        key = _joined(place, lacks.group("field"))
        return key, f"is missing; allowed: {_allowed_at(key, kind)}"
    return place, f"{_shown(value)} does not fit; allowed: {_allowed_at(place, kind)}"


def _did_you_mean(field: str, place: str, kind: type) -> str:
    """The nearest key of this table, else the other table that has exactly this key."""
    homes = [table for table in _keys_at("", kind) if field in _keys_at(table, kind)]
    return nearest(field, _keys_at(place, kind)) or (f", it belongs into [{homes[0]}]" if homes else "")


def _found_at(place: str, raw: Any, message: str, kind: type) -> tuple[str, Any]:
    """The key in our spelling (`feeds[2].kind`, counted from 1) and the value that stands there.

    msgspec does not say which key of a free table it means (`providers[...]`): the first is taken that gives
    the same message on its own.
    """
    key = ""
    for part in re.findall(r"\[\.\.\.\]|\[\d+\]|[^.\[\]]+", place):
        if part == "[...]":
            name = _culprit(_type_at(key, kind), raw, message)
            key, raw = _joined(key, name), raw.get(name)
        elif part.startswith("["):
            index = int(part[1:-1])
            key, raw = f"{key}[{index + 1}]", raw[index]
        else:
            key, raw = _joined(key, part), raw[part]
    return key, raw


def _culprit(found: inspect.Type | None, table: Mapping[str, Any], message: str) -> str:
    inner = _plain(found.value_type) if isinstance(found, inspect.DictType) else None
    kind = inner.cls if isinstance(inner, inspect.StructType) else date if isinstance(inner, inspect.DateType) else str
    said = _AT.sub("", message)
    for name, value in table.items():
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as fault:
            if _AT.sub("", str(fault)) == said:
                return name
    return next(iter(table), "")


def _joined(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


def _allowed_at(key: str, kind: type) -> str:
    """What `key` (`poll.open`, `feeds[2].kind`) may hold, empty where it is no key of a `kind`."""
    found = _type_at(key, kind)
    return "" if found is None else _words(found)


def _keys_at(key: str, kind: type) -> tuple[str, ...]:
    """The keys of the table that stands at `key`, empty where there is no table of ours."""
    found = _type_at(key, kind)
    return tuple(f.name for f in found.fields) if isinstance(found, inspect.StructType) else ()


def _shown(value: Any) -> str:
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


def _type_at(key: str, kind: type) -> inspect.Type | None:
    found: inspect.Type = inspect.type_info(kind)
    for part in _PART.findall(key):
        inner = _inside(found, part)
        if inner is None:
            return None
        found = _plain(inner)
    return found


def _inside(outer: inspect.Type, part: str) -> inspect.Type | None:
    if isinstance(outer, inspect.StructType):
        return next((f.type for f in outer.fields if f.name == part), None)
    if isinstance(outer, inspect.VarTupleType):
        return outer.item_type if part.startswith("[") else None
    return outer.value_type if isinstance(outer, inspect.DictType) else None


def _plain(found: inspect.Type) -> inspect.Type:
    """Without the None that stands for a key left out, which no TOML file can hold."""
    if isinstance(found, inspect.Metadata) and "description" not in (found.extra_json_schema or {}):
        return _plain(found.type)
    if isinstance(found, inspect.UnionType):
        rest = [one for one in found.types if not isinstance(one, inspect.NoneType)]
        return _plain(rest[0]) if len(rest) == 1 else found
    return found


def _words(found: inspect.Type) -> str:
    match _plain(found):
        case inspect.Metadata(extra_json_schema={"description": words}):
            return str(words)
        case inspect.LiteralType(values=values):
            return " or ".join(f'"{word}"' for word in sorted(values, key=_declared_order(values))).replace("\t", "\\t")
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
        case other:
            return _SIMPLE.get(type(other), "")


def _declared_order(values: Sequence[Any]) -> Any:
    """Words such as auto before numbers and none; msgspec sorts them by the alphabet."""
    first = ("auto", "truecolor", "256", "16", "on", "off")
    return lambda value: (first.index(value) if value in first else len(first), values.index(value))


def _bounds(number: inspect.FloatType | inspect.IntType) -> str:
    if number.ge is not None and number.le is not None:
        return f" from {_figure(number.ge)} to {_figure(number.le)}"
    if number.gt is not None and number.le is not None:
        return f" above {_figure(number.gt)}, at most {_figure(number.le)}"
    return "" if number.ge is None else f", at least {_figure(number.ge)}"


def _figure(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
