"""The keyboard as the user has it: the table of keys with what `[keys]` changes, and how each key is written.

Bindings, footer, help, borders, the palette and every sentence that names a key get them here.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from rotation_tui.plugins import nearest
from rotation_tui.screens.keys import KEYS, Key
from rotation_tui.widgets.keyed import keys_in, told

Changes = Mapping[str, tuple[str, ...]]
"""Keys by the name of what they do; none where that has no key."""

NO_KEY: Final = "(no key)"
_REPLACED: Final = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
"""Names of characters for which Textual has shorter ones."""
_WRITTEN: Final = {
    "escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "up": "↑", "down": "↓", "left": "←", "right": "→",
}  # fmt: skip
_SPECIAL: Final = {
    "esc": "escape", "pgup": "pageup", "pgdn": "pagedown",
    **{name: name for name in ("enter", "tab", "space", "backspace", "delete", "insert", "home", "end", "up", "down",
                               "left", "right", "escape", "pageup", "pagedown", *(f"f{n}" for n in range(1, 13)))},
}  # fmt: skip
_MOVES: Final = ("up", "down", "left", "right", "home", "end")
_SAME: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace", "ctrl+[": "esc"}
_INTERRUPT: Final = "ctrl+c"
_OF_PROMPTS: Final = ("enter", "escape", "up", "down", "left", "right", "home", "end", "backspace", "delete", "space")
"""Keys that somebody who types needs, beside every character."""


def textual_name(written: str) -> str | None:
    """What Textual calls a key that is written so (`?`, `ctrl+p`, `pgdn`, `F5`); None where it is none."""
    if len(written) == 1:
        return _character(written)
    *modifiers, last = written.lower().split("+") if not written.endswith("+") else (written[:-2].lower(), "+")
    name = _SPECIAL.get(last)
    if not modifiers:
        return name
    if modifiers == ["ctrl"]:
        return f"ctrl+{last}" if len(last) == 1 and last in _LETTERS else f"ctrl+{name}" if name in _MOVES else None
    if modifiers == ["shift"]:
        return f"shift+{name}" if name in (*_MOVES, "tab") else None
    if modifiers == ["alt"] and len(last) == 1:
        character = _character(written[-1])
        return None if character is None else f"alt+{character}"
    return None


_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def _character(character: str) -> str | None:
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return None
    return _REPLACED.get(name, name)


@lru_cache(maxsize=512)
def written(name: str) -> str:
    """How a key is written that Textual calls `name`."""
    if name in _WRITTEN:
        return _WRITTEN[name]
    before, _, last = name.rpartition("+")
    if before:
        return f"{before}+{written(last)}"
    for character in map(chr, range(33, 127)):
        if _character(character) == name:
            return character
    return name


class Keymap:
    """All keys with these changes; what has `problems` is left as it was."""

    def __init__(self, changes: Changes | None = None) -> None:
        self.changes = {name: keys for name, keys in (changes or {}).items() if name in _BY_NAME}
        self.keys = tuple(self._lines()) if self.changes else KEYS
        self.of_panes = tuple(key for key in self.keys if key.works_in is not None and key.keys)
        self._shown = {name: key for key in self.keys for name in key.default.split(",")}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keymap) and other.changes == self.changes

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.changes.items())))

    def shown(self, default: str) -> str:
        """How the key is written that is `default` unless it was changed, as `f` or `esc`; one that is gone is said
        to be.
        """
        key = self._shown.get(textual_name(default) or default)
        if key is None or key.name not in self.changes:
            return default
        return written(key.keys.split(",")[0]) if key.keys else NO_KEY

    def told(self, text: str) -> str:
        """A sentence with its keys."""
        return told(text, self.shown)

    def of(self, default: str) -> Key | None:
        """The entry of the key that is `default` unless it was changed."""
        return self._shown.get(default)

    def _lines(self) -> Iterator[Key]:
        """Each key that has words, and behind it those that are told in its line."""
        entries = list(KEYS)
        while entries:
            first = entries.pop(0)
            line = [first]
            while entries and not entries[0].words:
                line.append(entries.pop(0))
            yield from self._line(line)

    def _line(self, line: list[Key]) -> Iterator[Key]:
        if not any(key.name in self.changes for key in line):
            for key in line:
                yield replace(key, words=told(key.told, self.shown_later))
            return
        changed = [self._changed(key) for key in line]
        in_words = keys_in(line[0].told)  # named there, so not beside them
        primary = (written(key.keys.split(",")[0]) for key in changed if key.keys and key.default not in in_words)
        shown = " ".join(dict.fromkeys(primary))
        yield replace(changed[0], shown=shown or "none", words=told(line[0].told, self.shown_later))
        yield from changed[1:]

    def _changed(self, key: Key) -> Key:
        if key.name not in self.changes:
            return key
        names = [textual_name(one) or one for one in self.changes[key.name]]
        shown = written(names[0]) if names and key.shown else key.shown
        return replace(key, keys=",".join(names), shown=shown)

    def shown_later(self, default: str) -> str:
        """As `shown`, from the changes alone, while the table is made."""
        entry = next((key for key in KEYS if (textual_name(default) or default) in key.default.split(",")), None)
        if entry is None or entry.name not in self.changes:
            return default
        keys = self.changes[entry.name]
        return written(textual_name(keys[0]) or keys[0]) if keys else NO_KEY


_BY_NAME: Final = {key.name: key for key in KEYS}
ACTIONS: Final = tuple(_BY_NAME)
DEFAULT: Final = Keymap()


def problems(changes: Changes) -> Iterator[tuple[str, str]]:
    """What is wrong with changes of the keyboard: the name of what a key does, and a sentence."""
    for name, keys in changes.items():
        if name not in _BY_NAME:
            yield name, f"nothing is called so{nearest(name, ACTIONS)}; there are: {', '.join(ACTIONS)}"
            continue
        for one in keys:
            if (problem := _problem(one, _BY_NAME[name])) is not None:
                yield name, problem
    yield from _conflicts(changes)


def _problem(one: str, entry: Key) -> str | None:
    name = textual_name(one)
    if one.lower() == _INTERRUPT:
        return f"{_INTERRUPT} ends every program, and nothing else can have it"
    if one.lower() in _SAME:
        return f"{one} is {_SAME[one.lower()]} to a terminal; allowed: another key"
    if name is None:
        known = (*_SPECIAL, *(f"ctrl+{letter}" for letter in _LETTERS), "shift+tab")
        allowed = "a character, enter, esc, f1 to f12, pgup, home, ctrl+ or alt+ with a letter, and the like"
        return f'no key "{one}"{nearest(one.lower(), known)}; allowed: {allowed}'
    if entry.priority and (len(one) == 1 or name in _OF_PROMPTS):
        return (
            f'"{one}" is needed while something is typed, and {entry.name} would take it away; allowed: as ctrl+o or f5'
        )
    return None


def _conflicts(changes: Changes) -> Iterator[tuple[str, str]]:
    owners: dict[str, str] = {}
    later: list[tuple[str, str]] = []
    # what stays as it is first: of two the one that was changed is to be changed
    for entry in sorted(KEYS, key=lambda key: key.name in changes):
        keys = changes.get(entry.name)
        for name in entry.keys.split(",") if keys is None else filter(None, map(textual_name, keys)):
            if name in owners and owners[name] != entry.name:
                other = owners[name]
                later.append((
                    entry.name,
                    f'"{written(name)}" is the key of {other} already; give {other} another one, or none: {other} = []',
                ))  # fmt: skip
            owners.setdefault(name, entry.name)
    yield from later
