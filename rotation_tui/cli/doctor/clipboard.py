"""What `doctor` says of copying: whether what is sent can reach the clipboard; nothing is sent."""

import os
from collections.abc import Iterator

from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.cli.doctor.tmux import tmux_option
from rotation_tui.terminal.clipboard import has_clipboard


def diagnostics() -> Iterator[Diagnostic]:
    """One line; a terminal never says whether it has taken what was copied."""
    if not has_clipboard(os.environ):
        text, remedy = "nothing is copied on a console", "the key e writes what is seen to disk"
    elif "TMUX" not in os.environ:
        text = "copies are sent as OSC 52, which your terminal may or may not take"
        remedy = "where it asks for leave or has it off, its settings say so (clipboard access)"
    elif tmux_option("set-clipboard") == "on":
        text, remedy = "copies go to tmux, which puts them into its buffer and hands them to your terminal", ""
    elif tmux_option("allow-passthrough") in ("on", "all"):
        text, remedy = "copies go through tmux, which lets them pass to your terminal", ""
    else:
        text, remedy = "tmux lets no copy pass", "put `set -s set-clipboard on` into ~/.tmux.conf"
    yield Diagnostic(Severity.NOTE, "clipboard", text, remedy)
