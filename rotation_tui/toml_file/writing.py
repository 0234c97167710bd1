"""Changing a TOML file of the user's: its comments and its order stay, and it is written whole or not at all."""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rotation_tui.toml_file.fault import ConfigFault
from rotation_tui.toml_file.read import text_of

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_MARK = "\ufeff"


def known_text(file: Path) -> str:
    """What `file` holds, empty where there is none yet; raises ConfigFault where it cannot be read."""
    try:
        return text_of(file)
    except ConfigFault as fault:
        if isinstance(fault.__cause__, FileNotFoundError):
            return ""
        raise


def edited(text: str, where: Path | str, change: "Callable[[TOMLDocument], None]") -> str:
    """The text after a `change` of what it says; whatever else stands there is left alone, comments as well.

    Raises ConfigFault where it is not TOML.
    """
    import tomlkit  # 50 ms, for who writes
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as fault:
        raise ConfigFault(where, "", f"is not TOML, so nothing is written: {fault}") from None
    change(document)
    return document.as_string()


def rewrite(file: Path, change: Callable[[str], str], check: Callable[[str], object]) -> str:
    """Put what `change` makes of the text of `file` in its place, once `check` has nothing against it; returns it.

    A link stays a link, and the file keeps its rights. Where there is none it is made, with its folder. Raises
    ConfigFault where it cannot be read or written, where `check` refuses what would stand there, and where somebody
    else has changed it meanwhile.
    """
    place = file.resolve()
    if place.exists() and not place.is_file():
        raise ConfigFault(file, "", "is no file that can be written")
    before = known_text(file)
    text = change(before)
    if text == before:
        return text
    check(text)
    _put(file, place, before, text)
    return text


def _put(file: Path, place: Path, before: str, text: str) -> None:
    new = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        there = place.stat() if place.exists() else None
        marked = there is not None and place.read_bytes().startswith(_MARK.encode())
        content = ((_MARK if marked else "") + text).encode()
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if there is not None else 0o644)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if there is not None:
            new.chmod(stat.S_IMODE(there.st_mode))
        if known_text(file) != before:
            raise ConfigFault(file, "", "has been changed by somebody else meanwhile, so nothing is written; try again")
        new.replace(place)
    except OSError as fault:
        raise ConfigFault(file, "", f"cannot be written: {fault.strerror or fault}") from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
