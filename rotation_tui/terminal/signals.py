"""Signals that end a program: each gets the terminal given back and an exit code of 128 and its number."""

import signal
from typing import Final

ENDING: Final = tuple(
    number
    for name in ("SIGHUP", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGXCPU", "SIGPWR")
    if (number := getattr(signal, name, None)) is not None
)
"""Those that others send and that may be caught; SIGINT has a meaning of its own."""
