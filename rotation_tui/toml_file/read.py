"""Reading a TOML file: its text, and what that says as a declared table."""

import re
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import tomli

from rotation_tui.toml_file.explain import explained
from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.place import line_of

T = TypeVar("T")
PACKAGE: Final = Path(__file__).resolve().parents[1]
_MOST_BYTES: Final = 1_000_000


def shipped(name: str) -> Path:
    """A file or folder that comes with the program: inside the package in a wheel, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name


def text_of(file: Path) -> str:
    """What `file` holds; raises ConfigFault, because of a FileNotFoundError where there is no file."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ConfigFault(file, "", f"is not UTF-8 text (byte {fault.start})") from None
    except OSError as fault:
        raise ConfigFault(file, "", f"cannot be read: {fault.strerror or fault}") from fault
    if len(content) > _MOST_BYTES:
        raise ConfigFault(file, "", f"has more than {_MOST_BYTES // 1000} kB, which no such file has")
    return text


def decoded(text: str, kind: type[T], where: Path | str) -> T:
    """`text` as a `kind`; raises ConfigFault, in which `where` is the file."""
    raw = _parsed(text, where)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as fault:
        key, problem = explained(str(fault), raw, kind)
        raise ConfigFault(where, key, problem, line_of(key, text)) from None


def _parsed(text: str, where: Path | str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as fault:
        problem, line = _syntax(str(fault), text)
        raise ConfigFault(where, "", f"is not TOML: {problem}", line) from None
    except RecursionError:
        line = _line_with_most(text, "[{")
        raise ConfigFault(where, "", "lists or tables stand too deep in each other to be read", line) from None
    except ValueError:  # what Python makes no number, date or time of
        line = _line_with_most(text, "0123456789abcdefABCDEF_")
        raise ConfigFault(where, "", "holds a number, date or time that cannot be read", line) from None


def _syntax(message: str, text: str) -> tuple[str, int | None]:
    """tomli's message without its place, and the line of it."""
    message = message.replace("Cannot overwrite a value", "this key stands a second time")
    at = re.search(r" \(at line (\d+), column \d+\)$", message)
    if at is not None:
        return message[: at.start()], int(at.group(1))
    return message.removesuffix(" (at end of document)"), max(1, len(text.splitlines()))


def _line_with_most(text: str, characters: str) -> int:
    """The line (from 1) that has the most of these characters."""
    counts = [sum(map(line.count, characters)) for line in text.splitlines()]
    return counts.index(max(counts)) + 1
