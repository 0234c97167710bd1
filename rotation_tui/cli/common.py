"""The options of every command: accepted before and after the subcommand, each with an environment variable.

The nearest wins: an option after the subcommand, one before it, the environment variable, the config file.
"""

import math
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from rotation_tui import __version__
from rotation_tui.cli.options import COLORS, LOG_LEVELS, Options

_GIVEN, _ORIGINS = "rotation_tui.given", "rotation_tui.origins"
_KEYS = {
    "theme": "theme",
    **{name: f"display.{name}" for name in ("color", "ascii", "low_bandwidth")},
    **{name: f"network.{name}" for name in ("proxy", "ca_file")},
}
"""Options that stand for a key of the config."""
_LEAST, _MOST = (1, 1), (1000, 500)
_EXAMPLE = 44
"""Columns of the longest example that has its words on the same line, at 80 columns."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    given: dict[str, Any] = ctx.meta.setdefault(_GIVEN, {})
    origins: dict[str, str] = ctx.meta.setdefault(_ORIGINS, {})
    name = param.name or ""
    source = ctx.get_parameter_source(name)
    if source is ParameterSource.COMMANDLINE:
        given[name] = value
        origins[name] = param.opts[-1]
    elif source is ParameterSource.ENVIRONMENT:
        given.setdefault(name, value)
        origins.setdefault(name, str(param.envvar))


def _option(*names: str, **settings: Any) -> Callable[[_Command], _Command]:
    variable = "ROTATION_TUI_" + names[-1].partition("/")[0].lstrip("-").replace("-", "_").upper()
    return click.option(*names, envvar=variable, expose_value=False, callback=_note, **settings)


def local_path(text: str) -> Path:
    """A path, made absolute, `~` understood (an environment variable has met no shell)."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise click.BadParameter(f'"{text}" begins with a user whose home is not known here') from None


def present_file(text: str) -> Path:
    """The same for a file that must be there."""
    path = local_path(text)
    if not path.is_file():
        raise click.BadParameter(f"there is no file {path}")
    return path


def _files(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:  # noqa: ARG001
    """The shell completes a path better than we could."""
    return [CompletionItem(typed, type="file")]


def _themes(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:  # noqa: ARG001
    """Themes that begin so, the user's own among them, with what they look like."""
    from rotation_tui.theme.load import load_themes

    themes = load_themes(options_of(ctx).themes_folder).themes
    return [CompletionItem(name, help=theme.description) for name, theme in themes.items() if name.startswith(typed)]


def proxy_url(text: str) -> str:
    """The address of a proxy, as it was given."""
    from rotation_tui.config.check import proxy_problem

    if problem := proxy_problem(text):
        raise click.BadParameter(problem)
    return text


def day(text: str) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # the 30th of February: refused like any other text
    raise click.BadParameter(f'"{text}" is no date; allowed: YYYY-MM-DD, such as 2025-12-31')


def board_day(text: str) -> date:
    """A date as YYYY-MM-DD, not after today, and before the last session that the table knows.

    Today is the later one of the user's and the exchange's. A board tells what comes next, so the table goes on.
    """
    from rotation_tui.domain.session import EASTERN, nyse

    found, now = day(text), datetime.now(UTC)
    today = max(now.astimezone().date(), now.astimezone(EASTERN).date())
    if found > today:
        raise click.BadParameter(f"{found} is yet to come; allowed: a day up to {today}")
    last = nyse().on_or_before(nyse().last)
    if found >= last:
        raise click.BadParameter(f"{found} is beyond the session table; allowed: a day before {last}")
    return found


def above_zero(text: str | float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number <= 0:
        raise click.BadParameter(f'"{text}" does not fit; allowed: a number above 0')
    return number


def size(text: str) -> tuple[int, int]:
    """Columns and rows of a screen, as 122x36."""
    found = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text.strip())
    columns, rows = (int(found.group(1)), int(found.group(2))) if found else (0, 0)
    if not (_LEAST[0] <= columns <= _MOST[0] and _LEAST[1] <= rows <= _MOST[1]):
        least, most = ("x".join(map(str, pair)) for pair in (_LEAST, _MOST))
        raise click.BadParameter(f'"{text}" does not fit; allowed: COLSxROWS from {least} to {most}')
    return columns, rows


def _path(name: str, kind: Callable[[str], Path], words: str) -> Callable[[_Command], _Command]:
    return _option(name, type=kind, metavar="PATH", shell_complete=_files, help=words)


_OPTIONS = (
    _option(
        "--config",
        type=local_path,
        metavar="PATH",
        shell_complete=_files,
        help="Config file to use instead of the usual one.",
    ),
    _option(
        "--theme",
        metavar="NAME",
        shell_complete=_themes,
        help="Colours: dark, light, blue_orange, or a theme of your own.",
    ),
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
        shell_complete=_files,
        help="Certificates to trust instead of the system's.",
    ),
    _path("--log-file", local_path, "Where the log is written."),
    _option("--log-level", type=click.Choice(LOG_LEVELS), help="What is worth logging (info)."),
    click.version_option(__version__, prog_name="rotation-tui"),
)


def examples(*lines: tuple[str, str]) -> str:
    """What stands below the options of a command: lines to be typed, and what each is for."""
    width = max(len(line) for line, _ in lines)
    apart = width <= _EXAMPLE
    told = (f"  {line:<{width}}  {what}" if apart else f"  {line}\n      {what}" for line, what in lines)
    return "\b\nExamples:\n" + "\n".join(told)


def common(command: _Command) -> _Command:
    """Give a command the options of every command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def options_of(ctx: click.Context) -> Options:
    """What was given, wherever it stood, with NO_COLOR minded and the log's place settled."""
    given: dict[str, Any] = ctx.meta.get(_GIVEN, {})
    color = given.get("color")
    origins = {_KEYS[name]: where for name, where in ctx.meta.get(_ORIGINS, {}).items() if name in _KEYS}
    if color is None and os.environ.get("NO_COLOR"):
        color, origins["display.color"] = "none", "NO_COLOR"
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
        origins=origins,
    )


def logged(ctx: click.Context) -> Options:
    """The options, with the log open."""
    from rotation_tui.cli import logs

    options = options_of(ctx)
    logs.start(options.log_file, options.log_level)
    return options


def _on_or_off(given: bool | None) -> str | None:
    return None if given is None else "on" if given else "off"


def _usual_log() -> Path:
    from rotation_tui.config.folders import state_folder

    return state_folder() / "rotation-tui.log"


simulated = click.option("--demo", "simulated", is_flag=True, help="The simulated market instead of the feeds.")
timeout = click.option(
    "--timeout",
    type=above_zero,
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the feeds may take.",
)
