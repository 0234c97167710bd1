"""Where the values of a config come from, and variables that are none of ours."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import click

from rotation_tui import plugins
from rotation_tui.cli.output import in_toml
from rotation_tui.config.environment import names, unknown_in
from rotation_tui.config.schema import Config, Loaded, as_plain
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of, lines_of
from rotation_tui.toml_file.read import text_of


def strangers(ctx: click.Context) -> tuple[str, ...]:
    """A sentence for each variable with our prefix that stands for nothing, with the nearest one that does."""
    ours = tuple(sorted({*names(), *_of_options(ctx.find_root().command)}))
    unknown = (name for name in unknown_in(os.environ) if name not in ours)
    return tuple(f"{name}: no option and no key has this variable{plugins.nearest(name, ours)}" for name in unknown)


def _of_options(command: click.Command) -> Iterator[str]:
    for param in command.params:
        if isinstance(param.envvar, str):
            yield param.envvar
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _of_options(inner)


def with_origins(text: str, loaded: Loaded, options: Mapping[str, str]) -> str:
    """The config as TOML with a comment behind each value that is not the default: the option, variable or line."""
    default, mine = (dict(_flat(as_plain(config))) for config in (Config(), loaded.config))
    before = {**loaded.variables, **options}
    written = "" if loaded.path is None else _text(loaded)
    lines = text.split("\n")
    for key, number in lines_of(text).items():
        if key in mine and (key not in default or default[key] != mine[key]):
            where = next((w for k, w in before.items() if key == k or key.startswith((f"{k}.", f"{k}["))), None)
            if where is None and loaded.path is not None:
                line = line_of(key, written)
                where = f"{loaded.path.name}:{line}" if line else None
            if where is not None:
                lines[number - 1] += f"  # {in_toml(where)}"
    return "\n".join(lines)


def _text(loaded: Loaded) -> str:
    try:
        return text_of(loaded.path) if loaded.path is not None else ""
    except ConfigFault:  # it was there a moment ago
        return ""


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value by its key."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{place}[{number}]")
    else:
        yield place, value
