"""The one door to standard output and standard error: nothing from outside drives the terminal behind it.

Names, paths and messages come from files, arguments and the network. For people they lose what a terminal would
obey (control characters of both sets, and what turns the writing direction); in data they keep it, spelt out.
"""

import contextlib
import re
import sys
from typing import TextIO

_UNUSUAL = re.compile("[^\n -~]")


def tell(text: object) -> None:
    """A line, or several, for people on standard output."""
    _print(sys.stdout, shown(text) + "\n")


def complain(text: object) -> None:
    """The same on standard error, where it has one that is read."""
    with contextlib.suppress(OSError):  # nobody is left to be told
        _print(sys.stderr, shown(text) + "\n")


def give(data: str) -> None:
    """Data for programs on standard output: UTF-8, whatever the terminal's own encoding is."""
    _write(sys.stdout, data.encode("utf-8", "replace"))


def show(text: str) -> None:
    """A picture made of characters on standard output, in what the terminal can show."""
    _print(sys.stdout, shown(text))


def shown(text: object) -> str:
    """`text` as people may see it: lines stay, all else that is no character to look at goes."""
    lines = str(text).split("\n")
    if all(line.isascii() and line.isprintable() for line in lines):
        return "\n".join(lines)
    from rotation_tui.widgets.cells import printable

    return "\n".join(map(printable, lines))


def in_json(text: str) -> str:
    """JSON with every character spelt out that a terminal would obey; it means the same."""
    return _UNUSUAL.sub(lambda m: m[0] if m[0].isprintable() else _utf_16(m[0]), text)


def in_toml(text: str) -> str:
    """The same for TOML, where strings stand in quotes."""
    return _UNUSUAL.sub(lambda m: m[0] if m[0].isprintable() else f"\\U{ord(m[0]):08x}", text)


def _utf_16(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _print(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        from rotation_tui.widgets.glyphs import ascii_only

        content = "\n".join(map(ascii_only, text.split("\n"))).encode("ascii", "replace")
    _write(stream, content)


def _write(stream: TextIO, content: bytes) -> None:
    stream.flush()
    stream.buffer.write(content)
    stream.buffer.flush()
