"""The declared tables of a file as they are written in Python: what a table, a list or a value is made of."""

from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec


@lru_cache(maxsize=64)
def fields_of(kind: type) -> dict[str, Any]:
    """Keys of a table with what each may hold."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.encode_name: hints[field.name] for field in msgspec.structs.fields(kind)}


def required(kind: type) -> tuple[str, ...]:
    """Keys that a table must have."""
    return tuple(field.encode_name for field in msgspec.structs.fields(kind) if field.required)


def bare(kind: Any) -> Any:
    """Without its limits, and without the None that stands for a key left out."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        rest = [one for one in get_args(kind) if one is not NoneType]
        return bare(rest[0]) if len(rest) == 1 else kind
    return kind


def table_of(kind: Any) -> type | None:
    """The table that `kind` is, or may be beside something shorter; None where it is none."""
    kind = bare(kind)
    if get_origin(kind) in (Union, UnionType):
        return next(filter(None, map(table_of, get_args(kind))), None)
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def item_of(kind: Any) -> Any:
    """What a list is of, None where `kind` is no list."""
    kind = bare(kind)
    if get_origin(kind) is tuple:
        of = get_args(kind)
        return of[0] if len(of) == 2 and of[1] is Ellipsis else None
    return get_args(kind)[0] if get_origin(kind) is list else None


def value_of(kind: Any) -> Any:
    """What the values of a table with free keys are, None where `kind` is none."""
    kind = bare(kind)
    return get_args(kind)[1] if get_origin(kind) is dict else None
