"""The options of every command: accepted before and after the subcommand, each with an environment variable.

The nearest wins: an option after the subcommand, one before it, the environment variable, the config file.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from rotation_tui import __version__
from rotation_tui.cli.kinds import local_path, present_file, proxy_url
from rotation_tui.cli.options import COLORS, LOG_LEVELS, Options

_GIVEN = "rotation_tui.given"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    given: dict[str, Any] = ctx.meta.setdefault(_GIVEN, {})
    name = param.name or ""
    source = ctx.get_parameter_source(name)
    if source is ParameterSource.COMMANDLINE:
        given[name] = value
    elif source is ParameterSource.ENVIRONMENT:
        given.setdefault(name, value)


def _option(*names: str, **settings: Any) -> Callable[[_Command], _Command]:
    variable = "ROTATION_TUI_" + names[-1].partition("/")[0].lstrip("-").replace("-", "_").upper()
    return click.option(*names, envvar=variable, expose_value=False, callback=_note, **settings)


_OPTIONS = (
    _option("--config", type=local_path, metavar="PATH", help="Config file to use instead of the usual one."),
    _option("--theme", metavar="NAME", help="Colours: dark, light, blue_orange, or a theme of your own."),
    _option("--color", type=click.Choice(COLORS), help="Colours that the terminal can show."),
    _option("--ascii", is_flag=True, help="Draw with ASCII characters only."),
    _option(
        "--low-bandwidth/--no-low-bandwidth",
        default=None,
        help="Spare the link: one frame a second, 16 colours, no marks; by itself while the link is slow.",
    ),
    _option("--proxy", type=proxy_url, metavar="URL", help="Proxy for all requests."),
    _option(
        "--ca-file",
        type=present_file,
        metavar="PATH",
        help="Certificates to trust instead of the system's.",
    ),
    _option("--log-file", type=local_path, metavar="PATH", help="Where the log is written."),
    _option("--log-level", type=click.Choice(LOG_LEVELS), help="What is worth logging (info)."),
    click.version_option(__version__, prog_name="rotation-tui"),
)


def common(command: _Command) -> _Command:
    """Give a command the options of every command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(ctx: click.Context) -> Options:
    """What was given, wherever it stood, with NO_COLOR minded and the log's place settled."""
    given: dict[str, Any] = ctx.meta.get(_GIVEN, {})
    color = given.get("color")
    if color is None and os.environ.get("NO_COLOR"):
        color = "none"
    return Options(
        config=given.get("config"),
        theme=given.get("theme"),
        color=color,
        ascii=given.get("ascii"),
        low_bandwidth=_on_or_off(given.get("low_bandwidth")),
        proxy=given.get("proxy"),
        ca_file=given.get("ca_file"),
        log_file=given.get("log_file") or _usual_log(),
        log_level=given.get("log_level") or "info",
        notes=ctx.find_root().obj or (),
    )


def _on_or_off(given: bool | None) -> str | None:
    return None if given is None else "on" if given else "off"


def _usual_log() -> Path:
    from rotation_tui.config.schema import state_folder

    return state_folder() / "rotation-tui.log"
