"""Reading a TOML file: its text, and what that says as a declared table."""

import errno
import os
import re
import select
import stat
import time
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import tomli

from rotation_tui.toml_file.fault import ConfigFault, together
from rotation_tui.toml_file.faults import wrong_in
from rotation_tui.toml_file.place import line_of

T = TypeVar("T")
PACKAGE: Final = Path(__file__).resolve().parents[1]
_MOST_BYTES: Final = 1_000_000
_PIPE_S: Final = 5.0
_NONBLOCK: Final[int] = getattr(os, "O_NONBLOCK", 0)


def shipped(name: str) -> Path:
    """A file or folder that comes with the program: inside the package in a wheel, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name


def text_of(file: Path) -> str:
    """What `file` holds; raises ConfigFault, because of a FileNotFoundError where there is no file."""
    try:
        content = _content(file)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ConfigFault(file, "", f"is not UTF-8 text (byte {fault.start})") from None
    except OSError as fault:
        raise ConfigFault(file, "", f"cannot be read: {fault.strerror or fault}") from fault
    if len(content) > _MOST_BYTES:
        raise ConfigFault(file, "", f"has more than {_MOST_BYTES // 1000} kB, which no such file has")
    return text


def _content(file: Path) -> bytes:
    """The first bytes of a file, up to one more than there may be; OSError where it cannot be read.

    A pipe is given a few seconds: one that nobody writes to would keep whoever opens it for ever.
    """
    with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _NONBLOCK)) as opened:
        if not stat.S_ISFIFO(os.fstat(opened.fileno()).st_mode):
            return opened.read(_MOST_BYTES + 1)
        content, ends = b"", time.monotonic() + _PIPE_S
        while len(content) <= _MOST_BYTES:
            if not select.select([opened], [], [], max(0.0, ends - time.monotonic()))[0]:
                raise TimeoutError(errno.ETIMEDOUT, f"it is a pipe, and nobody has written into it for {_PIPE_S:.0f} s")
            more = os.read(opened.fileno(), 65536)
            if not more:
                break
            content += more
        return content


def decoded(text: str, kind: type[T], where: Path | str) -> T:
    """`text` as a `kind`; raises ConfigFault, in which `where` is the file."""
    raw = parsed(text, where)
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError:
        raise together([fault_at(where, text, wrong.key, wrong.problem) for wrong in wrong_in(raw, kind)]) from None


def fault_at(where: Path | str, text: str, key: str, problem: str) -> ConfigFault:
    """What is wrong with a key of a file, at its line."""
    return ConfigFault(where, key, problem, line_of(key, text))


def parsed(text: str, where: Path | str) -> dict[str, Any]:
    """What stands in `text`; raises ConfigFault where it is no TOML."""
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
