"""What the doctor finds of other packages: sources and panes, those that are used and those that could be."""

from collections.abc import Iterator

from rotation_tui import plugins
from rotation_tui.cli.doctor.command import Diagnostic, Severity
from rotation_tui.cli.plugged import PANES, SOURCES, named, ours, used
from rotation_tui.config.schema import Config

_WORDS = {SOURCES: "source", PANES: "pane"}


def diagnostics(config: Config) -> Iterator[Diagnostic]:
    """Nothing where no other package has a part."""
    names = {(package, name) for package, _, name in named(config)}
    for package, what in _WORDS.items():
        try:
            found = plugins.declared(package)
        except plugins.PluginError as fault:
            yield Diagnostic(Severity.FAULT, "plugins", str(fault))
            return
        taken = ours(package) if found else ()
        for plugin in found:
            text = f'{what} "{plugin.name}" of {plugin.whose}'
            chosen = (package, plugin.name) in names
            if plugin.name in taken:
                yield Diagnostic(
                    Severity.WARN if chosen else Severity.NOTE, "plugin", f"{text} is not used: ours has that name"
                )
            elif not chosen:
                yield Diagnostic(Severity.NOTE, "plugin", f"{text}, which the config does not name")
    for part in {(part.name, part.problem): part for part in used(config)}.values():
        if part.problem is None:
            yield Diagnostic(Severity.OK, "plugin", f'"{part.name}" of {part.whose}')
        else:
            yield Diagnostic(Severity.FAULT, "plugin", part.problem, "mend it, or take it out of the config")
