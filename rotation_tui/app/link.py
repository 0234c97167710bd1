"""What kind of terminal this is: near or far, its colours, its characters."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from rotation_tui.config import Display


@dataclass(frozen=True, slots=True)
class Link:
    """How to drive the terminal: frames a second, mouse, marking of changes, ASCII only, our own driver, and
    whether the link is spared ("on", "off", or "auto": where it turns out to be slow).
    """

    frames_per_second: float
    mouse: bool
    flash: bool
    ascii: bool
    own_driver: bool = True
    low_bandwidth: str = "auto"


def link_of(display: Display) -> Link:
    """The link as the config and the environment describe it."""
    far = "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ or display.low_bandwidth == "on"
    frames = display.frames_per_second or (2.0 if far else 4.0)
    return Link(
        frames,
        _switch(display.mouse, not far),
        _switch(display.flash, not far),
        display.ascii or not _unicode(),
        display.driver == "own" and sys.platform != "win32",  # the driver needs termios
        display.low_bandwidth,
    )


def _switch(setting: str, automatic: bool) -> bool:
    return automatic if setting == "auto" else setting == "on"


def _unicode() -> bool:
    """Whether the terminal's own encoding can show more than ASCII."""
    if os.environ.get("TERM") in ("linux", "dumb") and sys.platform != "win32":
        return False
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = os.environ.get(name)
        if value and not (name == "LC_CTYPE" and _set_by_python(value)):
            return "utf" in value.lower()
    return True


def _set_by_python(locale: str) -> bool:
    """Whether Python has made this up for itself, as it does for LC_CTYPE in the C locale (PEP 538)."""
    if locale not in ("C.UTF-8", "C.utf8", "UTF-8"):
        return False
    try:
        return b"LC_CTYPE=" not in Path("/proc/self/environ").read_bytes()
    except OSError:
        return False


def colour_system(color: str) -> dict[str, str]:
    """Environment that makes Textual use `color`; it reads these names once, when it is imported."""
    return {
        "truecolor": {"TEXTUAL_COLOR_SYSTEM": "truecolor"},
        "256": {"TEXTUAL_COLOR_SYSTEM": "256"},
        "16": {"TEXTUAL_COLOR_SYSTEM": "standard"},
        "none": {"NO_COLOR": "1"},
    }.get(color, {})
