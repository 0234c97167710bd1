"""From `themes/*.toml` to themes: which folders, which keys, and what is wrong with a faulty file."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import tomli
from rich.color import Color, ColorSystem

from rotation_tui.theme.palette import (
    ATTRIBUTES,
    TERMINAL_COLOURS,
    Paint,
    Palette,
    colour_of,
)

_Kind = TypeVar("_Kind", str, bool, dict[str, Any])

PACKAGE: Final = Path(__file__).resolve().parents[1]

REQUIRED_COLOURS: Final = ("primary", "foreground", "background", "surface", "panel")
OPTIONAL_COLOURS: Final = MappingProxyType(
    {
        "secondary": "dim",
        "accent": "highlight",
        "success": "gain",
        "warning": "watch",
        "error": "alert",
    }
)
"""Textual's other colours, each with the tone it is taken from when the theme does not set it."""

REQUIRED_TONES: Final = ("dim", "gain", "loss", "watch", "alert")
DEFAULT_TONES: Final = MappingProxyType(
    {
        "text": "foreground",
        "highlight": "primary",
        "selected": "panel",
        "bright": "text",
        "faint": "dim",
        "line": "faint",
        "title": "bright",
        "header": "dim",
        "key": "highlight",
        "flat": "dim",
        "spark": "faint",
        "ok": "dim",
        "stale": "dim",
        "unknown": "dim",
        "changed": "text",
    }
)
"""Tones that may be left out, each with the colour (first three) or the tone it then takes."""

_ALWAYS: Final = MappingProxyType({"bright": "bold", "title": "bold", "changed": "reverse"})


@dataclass(frozen=True, slots=True)
class ThemeFault:
    """One thing wrong with one theme file; `key` is empty where the file as a whole is meant."""

    file: Path
    key: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        """One line for a toast or the terminal."""
        where = f"{self.file}: {self.key}" if self.key else str(self.file)
        return f"{where}: {self.what}" + (f" (allowed: {self.allowed})" if self.allowed else "")


@dataclass(frozen=True, slots=True)
class MarketTheme:
    """One theme: `palette` for the panes, the rest for Textual's own parts, as `textual_theme` makes it of them.

    `ansi` says that `colours` are the terminal's own.
    """

    name: str
    description: str
    palette: Palette
    colours: Mapping[str, Color]
    dark: bool
    ansi: bool


@dataclass(frozen=True, slots=True)
class LoadedThemes:
    """The themes by name, and every fault of the files that gave none."""

    themes: Mapping[str, MarketTheme]
    failed: tuple[ThemeFault, ...]


def theme_folders(user_folder: Path | None, package: Path = PACKAGE) -> tuple[Path, ...]:
    """Folders to read, later ones winning by name: the shipped themes, then the user's.

    The shipped ones are inside the package when it was installed from a wheel, beside it in a checkout.
    """
    inside = package / "themes"
    shipped = inside if inside.is_dir() else package.parent / "themes"
    return (shipped,) if user_folder is None else (shipped, user_folder)


def load_themes(user_folder: Path | None, package: Path = PACKAGE) -> LoadedThemes:
    """Read every theme; a faulty file is reported and keeps no other from loading.

    A user's faulty file leaves the shipped theme of the same name in place. Raises nothing.
    """
    themes: dict[str, MarketTheme] = {}
    failed: list[ThemeFault] = []
    for folder in theme_folders(user_folder, package):
        for file in sorted(folder.glob("*.toml")):
            found = read_theme(file)
            if isinstance(found, MarketTheme):
                themes[found.name] = found
            else:
                failed.extend(found)
    if not themes:
        failed.append(ThemeFault(theme_folders(None, package)[0], "", "no theme could be loaded from here"))
    return LoadedThemes(MappingProxyType(themes), tuple(failed))


def load_theme(name: str, user_folder: Path | None, package: Path = PACKAGE) -> MarketTheme | None:
    """One theme by its name as `load_themes` would give it, None where there is none; reads no other file."""
    for folder in reversed(theme_folders(user_folder, package)):
        found = read_theme(folder / f"{name}.toml")
        if isinstance(found, MarketTheme):
            return found
    return None


def read_theme(file: Path) -> MarketTheme | tuple[ThemeFault, ...]:
    """Read one file; the name of the theme is the name of the file. Answers with all its faults at once."""
    reading = _Reading(file)
    if not re.fullmatch(r"[\w-]+", file.stem):
        reading.fault("", "the file name is the theme's name", "letters, digits, - and _")
    try:
        theme = reading.theme(tomli.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        reading.fault("", f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        reading.fault("", "is not UTF-8 text")
    except tomli.TOMLDecodeError as error:
        reading.fault("", f"is not TOML: {error}")
    except RecursionError:
        reading.fault("", "lists or tables stand too deep in each other to be read")
    except ValueError:  # what Python makes no number, date or time of
        reading.fault("", "holds a number, date or time that cannot be read")
    else:
        if theme is not None:
            return theme
    return tuple(reading.faults)


@dataclass(slots=True)
class _Reading:
    """One file being read, and the faults found so far."""

    file: Path
    faults: list[ThemeFault] = field(default_factory=list)
    ansi: bool = False

    def fault(self, key: str, what: str, allowed: str = "") -> None:
        self.faults.append(ThemeFault(self.file, key, what, allowed))

    def theme(self, document: dict[str, Any]) -> MarketTheme | None:
        self._unknown_keys("", document, ("description", "dark", "ansi", "colours", "market"))
        description = self._value(document, "description", str, "")
        dark = self._value(document, "dark", bool, True)
        self.ansi = self._value(document | {"ansi": document.get("ansi", False)}, "ansi", bool, False)
        colours = self._table(document, "colours", REQUIRED_COLOURS, (*OPTIONAL_COLOURS, "boost"))
        market = self._table(document, "market", REQUIRED_TONES, tuple(DEFAULT_TONES))
        plain = {key: self._colour(f"colours.{key}", text) for key, text in colours.items()}
        paints = {key: self._paint(f"market.{key}", text) for key, text in market.items()}
        for key in ("gain", "loss"):
            if (paint := paints.get(key)) is not None and paint.colour is None:
                self.fault(f"market.{key}", "needs a colour, not attributes alone", self._colours_allowed())
        self._tell_apart(paints.get("gain"), paints.get("loss"), plain.get("background"))
        if self.faults:
            return None
        known = {key: colour for key, colour in plain.items() if colour is not None}
        palette = _palette({key: paint for key, paint in paints.items() if paint is not None}, known)
        return MarketTheme(self.file.stem, description, palette, MappingProxyType(known), dark, self.ansi)

    def _value(self, document: Mapping[str, Any], key: str, kind: type[_Kind], fallback: _Kind) -> _Kind:
        found = document.get(key)
        if isinstance(found, kind):
            return found
        allowed = {str: "text in quotes", bool: "true, false", dict: f"a table [{key}]"}[kind]
        self.fault(key, "is missing" if found is None else f"{found!r} does not fit", allowed)
        return fallback

    def _table(
        self, document: dict[str, Any], name: str, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Any]:
        table: dict[str, Any] = self._value(document, name, dict, {})
        self._unknown_keys(f"{name}.", table, (*required, *optional))
        if name in document:
            for key in required:
                if key not in table:
                    self.fault(f"{name}.{key}", "is missing", self._colours_allowed())
        return {key: text for key, text in table.items() if key in required or key in optional}

    def _unknown_keys(self, prefix: str, table: Iterable[str], allowed: tuple[str, ...]) -> None:
        for key in table:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = f", did you mean {near[0]}?" if near else ""
                self.fault(f"{prefix}{key}", f"unknown key{hint}", ", ".join(allowed))

    def _colour(self, key: str, text: object) -> Color | None:
        if not isinstance(text, str):
            self.fault(key, f"{text!r} is not text", self._colours_allowed())
            return None
        try:
            return colour_of(text.strip(), ansi=self.ansi)
        except ValueError as error:
            self.fault(key, str(error), self._colours_allowed())
            return None

    def _paint(self, key: str, text: object) -> Paint | None:
        allowed = f"{self._colours_allowed()}; then, if wanted, {', '.join(ATTRIBUTES)}"
        if not isinstance(text, str):
            self.fault(key, f"{text!r} is not text", allowed)
            return None
        try:
            return Paint.parse(text, ansi=self.ansi)
        except ValueError as error:
            self.fault(key, str(error), allowed)
            return None

    def _colours_allowed(self) -> str:
        return ", ".join(TERMINAL_COLOURS) if self.ansi else "#rrggbb, such as #87af5f"

    def _tell_apart(self, gain: Paint | None, loss: Paint | None, background: Color | None) -> None:
        """Gain, loss and background must be three colours at 256 colours, which is what ssh gives."""
        named = {
            "market.gain": None if gain is None else gain.colour,
            "market.loss": None if loss is None else loss.colour,
            "colours.background": background,
        }
        shown = [(key, colour.downgrade(ColorSystem.EIGHT_BIT)) for key, colour in named.items() if colour is not None]
        for (first, one), (second, other) in combinations(shown, 2):
            if (one.type, one.number) == (other.type, other.number):
                self.fault(first, f"looks like {second} at 256 colours", "a colour of its own")


def _palette(paints: dict[str, Paint], colours: Mapping[str, Color]) -> Palette:
    for tone, source in DEFAULT_TONES.items():
        if tone not in paints:
            paints[tone] = Paint(colours[source]) if source in colours else paints[source]
        if tone in _ALWAYS:
            paints[tone] = Paint(paints[tone].colour, paints[tone].attributes | {_ALWAYS[tone]})
    return Palette(paints, colours["background"], paints["selected"])
