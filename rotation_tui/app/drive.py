"""Between the monitor and its driver: which one it gets, whether it is behind, how all is drawn anew."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from textual.app import App
from textual.driver import Driver

from rotation_tui.app.link import Link
from rotation_tui.terminal.first_paint import Opening
from rotation_tui.terminal.guard import backlog

Drive = type[Driver] | None
"""A driver for the app, None for Textual's own choice."""


def driver_for(link: Link, opening: Opening | None) -> Drive:
    """The driver to give to the app; it goes on from the opening."""
    if sys.platform == "win32":  # termios is not there
        return None
    if not link.own_driver:
        from rotation_tui.terminal.input_driver import InputDriver

        return InputDriver
    from rotation_tui.terminal.driver import ScreenDriver

    return type("ScreenDriver", (ScreenDriver,), {"opening": opening})


def begin(app: App[Any]) -> None:
    """Let the app's own picture follow on the opening."""
    started = getattr(app._driver, "begin", None)
    if started is not None:
        started()


def is_behind(app: App[Any]) -> bool:
    """Whether the terminal has not taken the last frame yet."""
    behind: bool = getattr(app._driver, "is_behind", False)
    return behind or backlog(app) > 0


def draw(app: App[Any], lines: Mapping[int, Sequence[tuple[str, str]]]) -> bool:
    """Show lines of texts with the parameters of their SGR sequences at once; False where the driver cannot."""
    drawn = getattr(app._driver, "draw", None)
    return drawn is not None and bool(drawn(lines))


def round_trip(app: App[Any]) -> tuple[int, float | None]:
    """How many frames the terminal has replied to, and the seconds that the last reply took; None = unknown."""
    return getattr(app._driver, "replies", 0), getattr(app._driver, "round_trip_s", None)


def name_window(app: App[Any], title: str) -> None:
    """Give the terminal's window a title, where the driver can."""
    name = getattr(app._driver, "name_window", None)
    if name is not None:
        name(title)


def call_out(app: App[Any], data: str) -> None:
    """Send the terminal what changes no cell, a bell or a notification, where the driver can."""
    call = getattr(app._driver, "call_out", None)
    if call is not None:
        call(data)


def hear_mouse(app: App[Any], *, on: bool) -> None:
    """Listen to the mouse, or leave it to the terminal; for as long as the driver runs."""
    driver: Any = app._driver
    if driver is not None and hasattr(driver, "_mouse"):
        driver._mouse = True  # both ways it sends nothing without it
        (driver._enable_mouse_support if on else driver._disable_mouse_support)()
        driver._mouse = on


def repaint(app: App[Any]) -> None:
    """Forget what the terminal shows and draw every cell again; any thread may ask for it."""
    forget = getattr(app._driver, "repaint", None)
    if forget is not None:
        forget()
