"""How every command ends: exit codes that scripts can rely on, one line on standard error, whole pipes.

0 complete; 1 an error of ours; 2 usage or config; 3 and 4 as `snapshot` and `doctor` say; 129 hangup,
130 interrupted, 141 nobody reads our output any more, 143 terminated.
"""

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import MutableMapping
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

import click

from rotation_tui.cli import common
from rotation_tui.cli.output import complain
from rotation_tui.terminal.signals import ENDING
from rotation_tui.toml_file.fault import ConfigFault

ERROR = 1
USAGE = 2
INTERRUPTED = 130
PIPE_CLOSED = 141

_GRACE_S = 2.0


class Program(click.Group):
    """The group of all commands; a command returns its exit code, or None for 0.

    Those of other modules are imported when they are named, or when all are asked for: the monitor does without them.
    """

    def __init__(self, *given: Any, **more: Any) -> None:
        self._commands: MutableMapping[str, click.Command] = {}
        self._later: dict[str, str] = {}
        super().__init__(*given, **more)

    def add_later(self, name: str, module: str) -> None:
        """Let a module's command stand under its own name."""
        self._later[name] = module

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """Every command by its name."""
        for name in tuple(self._later):
            self._import(name)
        return self._commands

    @commands.setter
    def commands(self, commands: MutableMapping[str, click.Command]) -> None:
        self._commands = commands

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, None where there is none."""
        if cmd_name in self._later:
            self._import(cmd_name)
        return self._commands.get(cmd_name)

    def _import(self, name: str) -> None:
        self._commands[name] = getattr(import_module(self._later.pop(name)), name)

    def main(self, *given: Any, **more: Any) -> NoReturn:
        """Run the command that is named and exit."""
        try:
            code = super().main(*given, **more | {"standalone_mode": False})
        except click.ClickException as fault:
            words = io.StringIO()
            fault.show(words)
            complain(words.getvalue().rstrip("\n"))
            sys.exit(fault.exit_code)
        except click.Abort:
            sys.exit(INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; faults of the config and of ours become their exit code."""
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except ConfigFault as fault:
            complain(f"rotation-tui: {fault.brief}")
            return USAGE
        except OSError as fault:
            if fault.errno != errno.EPIPE:
                return _unexpected(ctx, fault)
            _drop_output()
            return PIPE_CLOSED
        except Exception as fault:  # the last door: whatever it is becomes one line and an exit code
            return _unexpected(ctx, fault)
        return code


def _unexpected(ctx: click.Context, fault: Exception) -> int:
    from rotation_tui.cli import logs

    options = common.options_of(ctx)
    logs.start(options.log_file, options.log_level)
    logged = logs.note_unexpected(fault)
    where = f"see {options.log_file}" if logged else f"and the log cannot be written: {options.log_file}"
    said = " ".join(str(fault).split()) or "without a message"
    complain(f"rotation-tui: unexpected {type(fault).__name__}: {said}; {where}")
    return ERROR


def _drop_output() -> None:
    """What is left in the buffer goes nowhere, or the interpreter would complain about it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def open_what_is_closed() -> None:
    """Let each standard stream that was closed from outside lead nowhere.

    Else the first file that is opened takes its number, and what is printed goes into that file.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def end_on_signals() -> None:
    """Exit with 128 + number on a hangup, SIGTERM and the like, in good order, at the latest after two seconds.

    The monitor's terminal care replaces these while the screen is up.
    """
    for number in ENDING:
        # a hangup that was ignored from outside (nohup) stays ignored
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def log_what_threads_raise() -> None:
    """A thread that ends of a fault tells the log; on standard error it would write over the screen."""

    def note(ended: threading.ExceptHookArgs) -> None:
        import logging

        if ended.exc_value is not None:
            what = (ended.exc_type, ended.exc_value, ended.exc_traceback)
            logging.getLogger("rotation_tui").error("a thread ended unexpectedly", exc_info=what)

    threading.excepthook = note


def end_soon(code: object) -> None:
    """Let the interpreter take two more seconds for its end, then end it.

    A thread that waits for a name server cannot be stopped, and would hold the end up for half a minute.
    """
    number = code if isinstance(code, int) else 0 if code is None else ERROR
    last = threading.Timer(_GRACE_S, os._exit, (number,))
    last.daemon = True
    last.start()


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    end_soon(128 + number)
    raise SystemExit(128 + number)
