"""Values of a decoded file, and what its keys may hold, in the words of a TOML file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from msgspec import inspect

_SIMPLE: Mapping[type, str] = {
    inspect.BoolType: "true or false", inspect.DateType: "a date, as 2026-12-31", inspect.DictType: "a table",
}  # fmt: skip


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


def _plain(found: inspect.Type) -> inspect.Type:
    """Without the None that stands for a key left out, which no TOML file can hold."""
    if isinstance(found, inspect.Metadata) and "description" not in (found.extra_json_schema or {}):
        return _plain(found.type)
    if isinstance(found, inspect.UnionType):
        rest = [one for one in found.types if not isinstance(one, inspect.NoneType)]
        return _plain(rest[0]) if len(rest) == 1 else found
    return found


def words(found: inspect.Type) -> str:
    """What a type may hold, in words."""
    match _plain(found):
        case inspect.Metadata(extra_json_schema={"description": told}):
            return str(told)
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
            return "tables [[...]]" if isinstance(inner, inspect.StructType) else f"a list of {words(inner)}"
        case inspect.UnionType(types=several):
            return " or ".join(map(words, several))
        case inspect.StructType(fields=fields):
            return f"a table with {', '.join(f.name for f in fields)}"
        case inspect.UnionType(types=types):
            return " or ".join(filter(None, map(words, types)))
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
