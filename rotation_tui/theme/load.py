"""From `themes/*.toml` to themes: which folders, which keys, and what is wrong with a faulty file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Struct
from rich.color import Color, ColorSystem

from rotation_tui.theme.palette import (
    ATTRIBUTES,
    DEFAULT_TONES,
    REQUIRED_TONES,
    TERMINAL_COLOURS,
    Paint,
    Palette,
    colour_of,
)
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of
from rotation_tui.toml_file.read import decoded, shipped, text_of

_T = TypeVar("_T")

_REQUIRED_COLOURS: Final = ("primary", "foreground", "background", "surface", "panel")
OPTIONAL_COLOURS: Final = MappingProxyType(
    {"secondary": "dim", "accent": "highlight", "success": "gain", "warning": "watch", "error": "alert"}
)
"""Textual's other colours, each with the tone it is taken from when the theme does not set it."""

_ALWAYS: Final = MappingProxyType({"bright": "bold", "title": "bold", "changed": "reverse"})
_HEX: Final = "#rrggbb, such as #87af5f"
_COLOUR = Annotated[
    str, msgspec.Meta(description=f"{_HEX}, or where ansi = true a colour of the terminal's own, such as green")
]


def _table(required: Sequence[str], optional: Sequence[str]) -> type[msgspec.Struct]:
    fields: list[tuple[str, Any] | tuple[str, Any, Any]]
    fields = [*((key, _COLOUR) for key in required), *((key, _COLOUR | None, None) for key in optional)]
    return msgspec.defstruct("Table", fields, frozen=True, forbid_unknown_fields=True)


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    description: str
    dark: bool
    colours: _table(_REQUIRED_COLOURS, (*OPTIONAL_COLOURS, "boost"))  # type: ignore[valid-type]
    market: _table(REQUIRED_TONES, tuple(DEFAULT_TONES))  # type: ignore[valid-type]
    ansi: bool = False


class MarketTheme(Struct, frozen=True):
    """One theme: `palette` for the panes, the rest for Textual's own parts, as `textual_theme` makes it of them.

    `ansi` says that `colours` are the terminal's own.
    """

    name: str
    description: str
    palette: Palette
    colours: Mapping[str, Color]
    dark: bool
    ansi: bool


class LoadedThemes(Struct, frozen=True):
    """The themes by name, and every fault of the files that gave none."""

    themes: Mapping[str, MarketTheme]
    failed: tuple[ConfigFault, ...]


def _folders(user_folder: Path | None) -> tuple[Path, ...]:
    """Folders to read, later ones winning by name: the shipped themes, then the user's."""
    return (shipped("themes"),) if user_folder is None else (shipped("themes"), user_folder)


def load_themes(user_folder: Path | None) -> LoadedThemes:
    """Read every theme; a faulty file is reported and keeps no other from loading.

    A user's faulty file leaves the shipped theme of the same name in place. Raises nothing.
    """
    themes: dict[str, MarketTheme] = {}
    failed: list[ConfigFault] = []
    for folder in _folders(user_folder):
        for file in sorted(folder.glob("*.toml")):
            found = read_theme(file)
            if isinstance(found, MarketTheme):
                themes[found.name] = found
            else:
                failed.extend(found)
    if not themes:
        failed.append(ConfigFault(shipped("themes"), "", "no theme could be loaded from here"))
    return LoadedThemes(MappingProxyType(themes), tuple(failed))


def load_theme(name: str, user_folder: Path | None) -> MarketTheme | None:
    """One theme by its name as `load_themes` would give it, None where there is none; reads no other file."""
    for folder in reversed(_folders(user_folder)):
        found = read_theme(folder / f"{name}.toml")
        if isinstance(found, MarketTheme):
            return found
    return None


def read_theme(file: Path) -> MarketTheme | tuple[ConfigFault, ...]:
    """Read one file; the name of the theme is the name of the file.

    Answers with the first fault of its form, or else with every colour that is at fault.
    """
    try:
        if not re.fullmatch(r"[\w-]+", file.stem):
            allowed = "letters, digits, - and _"
            raise ConfigFault(file, "", f"the file name is the theme's name; allowed: {allowed}")
        text = text_of(file)
        written = decoded(text, _Written, file)
    except ConfigFault as fault:
        return (fault,)
    faults: list[tuple[str, str]] = []
    allowed = ", ".join(TERMINAL_COLOURS) if written.ansi else _HEX
    more = f"{allowed}; then, if wanted, {', '.join(ATTRIBUTES)}"
    colours = _each("colours", written, lambda word: colour_of(word.strip(), ansi=written.ansi), allowed, faults)
    paints = _each("market", written, lambda words: Paint.parse(words, ansi=written.ansi), more, faults)
    colourless = [key for key in ("gain", "loss") if key in paints and paints[key].colour is None]
    faults += [(f"market.{key}", f"needs a colour, not attributes alone; allowed: {allowed}") for key in colourless]
    faults += _alike(paints.get("gain"), paints.get("loss"), colours.get("background"))
    if faults:
        return tuple(ConfigFault(file, key, problem, line_of(key, text)) for key, problem in faults)
    palette, known = _palette(paints, colours), MappingProxyType(colours)
    return MarketTheme(file.stem, written.description, palette, known, written.dark, written.ansi)


def _each(
    table: str, written: _Written, read: Callable[[str], _T], allowed: str, faults: list[tuple[str, str]]
) -> dict[str, _T]:
    """What `read` makes of each value of a table that is written out; `faults` gets those that it refuses."""
    values: dict[str, Any] = msgspec.structs.asdict(getattr(written, table))
    found: dict[str, _T] = {}
    for key, value in values.items():
        try:
            if value is not None:
                found[key] = read(value)
        except ValueError as refused:
            faults.append((f"{table}.{key}", f"{refused}; allowed: {allowed}"))
    return found


def _alike(gain: Paint | None, loss: Paint | None, background: Color | None) -> Iterator[tuple[str, str]]:
    """Gain, loss and background must be three colours at 256 colours, which is what ssh gives."""
    named = {
        "market.gain": None if gain is None else gain.colour,
        "market.loss": None if loss is None else loss.colour,
        "colours.background": background,
    }
    shown = [(key, colour.downgrade(ColorSystem.EIGHT_BIT)) for key, colour in named.items() if colour is not None]
    for (first, one), (second, other) in combinations(shown, 2):
        if (one.type, one.number) == (other.type, other.number):
            yield first, f"looks like {second} at 256 colours; allowed: a colour of its own"


def _palette(paints: dict[str, Paint], colours: Mapping[str, Color]) -> Palette:
    for tone, source in DEFAULT_TONES.items():
        if tone not in paints:
            paints[tone] = Paint(colours[source]) if source in colours else paints[source]
        if tone in _ALWAYS:
            paints[tone] = Paint(paints[tone].colour, paints[tone].attributes | {_ALWAYS[tone]})
    return Palette(paints, colours["background"], paints["selected"])
