"""`rotation-tui doctor`: what works, what does not and what to do about it, one line each."""

import textwrap
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from rotation_tui.cli.options import Options
from rotation_tui.cli.output import complain, tell

DEGRADED = 3
CONFIG = 2

_WIDTH = 79
_INDENT = 18


class Severity(StrEnum):
    """How a thing stands; NOTE is worth knowing and no fault."""

    OK = "ok"
    NOTE = "-"
    WARN = "warn"
    FAULT = "FAULT"


class Diagnostic(Struct, frozen=True):
    """One line of the report; `remedy` says what to do about a warning or fault."""

    severity: Severity
    subject: str
    text: str
    remedy: str = ""

    def printed(self) -> str:
        """The line as it is printed, wrapped to 79 columns; a path is never broken."""
        head = f"{self.severity:<6}{self.subject:<11} "
        body = self.text + (f"; {self.remedy}" if self.remedy else "")
        return textwrap.fill(
            body,
            _WIDTH,
            initial_indent=head,
            subsequent_indent=" " * _INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )


def run(options: Options) -> int:
    """Print the report; 0 all well, 3 something is degraded, 2 the config cannot be used."""
    from rotation_tui.cli.doctor import local as doctor_local
    from rotation_tui.toml_file.fault import ConfigFault

    severities = _print(doctor_local.program())
    try:
        loaded = options.load()
    except ConfigFault as fault:
        _print(Diagnostic(Severity.FAULT, "config", str(one)) for one in fault.every)
        _print(doctor_local.terminal(None))
        _print([*doctor_local.calendar(), *doctor_local.files(options)])
        _print([Diagnostic(Severity.NOTE, "feeds", "not asked: the config comes first")])
        return CONFIG
    severities |= _print(doctor_local.config(loaded, options))
    severities |= _print(doctor_local.terminal(loaded.config.display))
    severities |= _print([*doctor_local.calendar(), *doctor_local.files(options), *doctor_local.network(loaded)])

    from rotation_tui.cli.doctor import alerts as doctor_alerts
    from rotation_tui.cli.doctor import clipboard as doctor_clipboard
    from rotation_tui.cli.doctor import desk as doctor_desk
    from rotation_tui.cli.doctor import feeds as doctor_feeds
    from rotation_tui.cli.doctor import plugged as doctor_plugged
    from rotation_tui.config.schema import asked_feeds
    from rotation_tui.domain.wording import counted

    severities |= _print(doctor_plugged.diagnostics(loaded.config))
    severities |= _print(doctor_alerts.diagnostics(loaded.config))
    severities |= _print(doctor_clipboard.diagnostics())
    severities |= _print(doctor_desk.diagnostics(loaded))

    complain(f"asking {counted(len(asked_feeds(loaded.config)), 'feed')}, at most {doctor_feeds.PATIENCE_S:g} s")
    probes = doctor_feeds.ask(loaded)
    severities |= _print(one for probe in probes for one in (probe.diagnostic, *probe.notes))
    severities |= _print([doctor_feeds.clock(probes)])
    _print(doctor_feeds.terms(loaded))
    return DEGRADED if severities & {Severity.WARN, Severity.FAULT} else 0


def _print(diagnostics: Iterable[Diagnostic]) -> set[Severity]:
    severities = set()
    for diagnostic in diagnostics:
        tell(diagnostic.printed())
        severities.add(diagnostic.severity)
    return severities
