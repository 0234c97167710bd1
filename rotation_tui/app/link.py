"""What kind of terminal this is: near or far, its colours, its characters."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from rotation_tui.config.schema import Display
from rotation_tui.terminal.title import has_title

_TMUX_S: Final = 0.5
_WITHOUT_BRAILLE: Final = ("cygwin", "putty", "vt100", "vt220", "vt320", "ansi", "cons25", "sun")
"""Kinds of terminals whose fonts have blocks at best; others are taken to have what the font system finds."""


class Link(Struct, frozen=True):
    """How to drive the terminal: frames a second, mouse, marking of changes, ASCII only, our own driver, whether
    the link is spared ("on", "off", or "auto": where it turns out to be slow), what short lines are made of, and
    whether the window gets a title.
    """

    frames_per_second: float
    mouse: bool
    flash: bool
    ascii: bool
    own_driver: bool = True
    low_bandwidth: str = "auto"
    spark: str = "braille"
    title: bool = False


def link_of(display: Display) -> Link:
    """The link as the config and the environment describe it."""
    far = "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ or display.low_bandwidth == "on"
    frames = display.frames_per_second or (2.0 if far else 4.0)
    return Link(
        frames,
        _switch(display.mouse, not far),
        _switch(display.flash, not far),
        display.ascii or ascii_because(os.environ) is not None,
        display.driver == "own" and sys.platform != "win32",  # the driver needs termios
        display.low_bandwidth,
        spark_of(display, os.environ),
        display.title and has_title(os.environ),
    )


def spark_of(display: Display, env: Mapping[str, str]) -> str:
    """What short lines are made of: what the config says, blocks for braille where the terminal has none."""
    without = env.get("TERM", "").partition("-")[0] in _WITHOUT_BRAILLE
    return "blocks" if display.spark == "braille" and without else display.spark


def _switch(setting: str, automatic: bool) -> bool:
    return automatic if setting == "auto" else setting == "on"


def ascii_because(env: Mapping[str, str]) -> str | None:
    """Why nothing but ASCII reaches the eye, as a sentence; None where more does.

    tmux and screen write `_` or `?` for what they take for unknown, and a minus sign that is lost is a wrong number.
    """
    term = env.get("TERM", "")
    if term in ("linux", "dumb") and sys.platform != "win32":
        return f"TERM={term} has no lines and bars"
    between = "tmux" if "TMUX" in env or term.startswith("tmux") else "screen"
    is_between = between == "tmux" or "STY" in env or term.startswith("screen")
    name, value = _locale(env)
    if name is None:
        return f"no locale is set, and {between} takes that for ASCII" if is_between else None
    if "utf" not in value.lower():
        return f"{name}={value} is no UTF-8 locale"
    if "TMUX" in env and "0" in _tmux_clients(env):
        return "tmux was attached without UTF-8, and shows _ for each minus sign"
    return None


def _locale(env: Mapping[str, str]) -> tuple[str | None, str]:
    """The variable that decides about characters, and what it says."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = env.get(name)
        if value and not (name == "LC_CTYPE" and _set_by_python(value)):
            return name, value
    return None, ""


def _tmux_clients(env: Mapping[str, str]) -> list[str]:
    """Of each terminal that this pane is shown on, "1" where tmux sends it UTF-8 and "0" where it does not.

    Empty where tmux does not tell. Asking takes some milliseconds.
    """
    import subprocess

    ask = ["tmux", "-S", env["TMUX"].partition(",")[0], "list-clients", "-t", env.get("TMUX_PANE", ""), "-F"]
    try:
        told = subprocess.run(
            [*ask, "#{client_utf8}"], capture_output=True, stdin=subprocess.DEVNULL, timeout=_TMUX_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return told.stdout.decode("ascii", "replace").split()


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
