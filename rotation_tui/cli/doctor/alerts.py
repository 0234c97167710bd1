"""What `doctor` says of alerts: how many there are, where they go, and whether notifications get through tmux."""

import importlib.util
import os
import shutil
from collections.abc import Iterator

from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.cli.doctor.tmux import tmux_option
from rotation_tui.config.schema import Config
from rotation_tui.domain.alert import DESKTOP
from rotation_tui.domain.wording import counted
from rotation_tui.terminal.notification import AUTO, kind_of


def diagnostics(config: Config) -> Iterator[Diagnostic]:
    """Nothing where there are no alerts in the config; nothing is sent."""
    if not config.alerts:
        return
    told = {name for alert in config.alerts for name in alert.to}
    text = f"{counted(len(config.alerts), 'alert')}, told by {', '.join(sorted(told))}"
    yield Diagnostic(Severity.OK, "alerts", text)
    if DESKTOP in told:
        yield _desktop(config.display.notification)
    for name, channel in config.channels.items():
        if channel.kind == "command" and shutil.which(channel.command[0]) is None:
            yield Diagnostic(Severity.WARN, "alerts", f"{name}: there is no program {channel.command[0]}")
        if channel.kind == "apprise" and importlib.util.find_spec("apprise") is None:
            remedy = "pip install 'rotation-tui[apprise]'"
            yield Diagnostic(Severity.WARN, "alerts", f"{name}: apprise is not installed", remedy)


def _desktop(kind: str) -> Diagnostic:
    """Whether notifications reach the terminal; whether it shows them nobody can ask."""
    way = f"notifications are sent as OSC {kind_of(os.environ) if kind == AUTO else kind}"
    if "TMUX" not in os.environ:
        return Diagnostic(Severity.NOTE, "alerts", f"{way}, which your terminal may or may not show")
    passes = tmux_option("allow-passthrough")
    if passes in ("on", "all"):
        return Diagnostic(Severity.NOTE, "alerts", f"{way} through tmux, which lets them pass")
    why = "tmux lets no notification pass" if passes else "tmux does not say whether it lets notifications pass"
    return Diagnostic(Severity.WARN, "alerts", why, "put `set -g allow-passthrough on` into ~/.tmux.conf")
