"""Parts found by name: our own by their module's, other people's by their entry point's. There is no registry.

Another package has a source or a pane by declaring an entry point in the group that is called as our own package is:
`rotation_tui.providers` or `rotation_tui.panes`. What is installed is looked through only where a name is none of ours
(50 ms, and 10 ms a group), and nothing of it is imported that is not used.
"""

import contextlib
import importlib
import logging
import pkgutil
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")

_log = logging.getLogger(__name__)
_LONGEST_REASON = 120


class UnknownPartError(LookupError):
    """A part was named that does not exist; the message lists those that do."""


class PluginError(Exception):
    """A part of another package cannot be used; the message is a sentence for the screen."""


def names(package: str, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names of the modules in `package` (full dotted name), found without importing them."""
    folder = importlib.import_module(package).__path__
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folder) if m.name not in without))


def load(package: str, name: str, attribute: str) -> Any:
    """The `attribute` that module `name` of `package` exports; UnknownPartError where it has none."""
    part = own(package, name, attribute)
    if part is None:
        raise _unknown(package, name, attribute)
    return part


def own(package: str, name: str, attribute: str) -> Any:
    """As `load`, and None where there is none of ours."""
    wanted = f"{package}.{name}"
    try:
        return getattr(importlib.import_module(wanted), attribute, None)
    except ModuleNotFoundError as missing:
        if missing.name is None or not f"{wanted}.".startswith(f"{missing.name}."):
            raise
        return None


def other(package: str, name: str, attribute: str) -> "Plugin":
    """What another package declares under the name in the group `package`, not imported yet.

    Raises PluginError where two do, for nobody can say which of them is meant, and UnknownPartError where none does.
    """
    named = [plugin for plugin in declared(package) if plugin.name == name]
    if not named:
        raise _unknown(package, name, attribute)
    if len(named) > 1:
        who = " and ".join(plugin.whose for plugin in named)
        raise PluginError(f'"{name}" is not used: {who} have one of that name; uninstall one of them')
    return named[0]


class Plugin(Struct, frozen=True):
    """An entry point of another package: the name of a part, and `whose` it is, with its version."""

    name: str
    whose: str
    entry: "EntryPoint"

    def load(self, attribute: str, kind: type[T]) -> T:
        """The part, which the entry point names, or its module, which then exports it as `attribute`.

        Raises PluginError where it is none of this kind, and where importing it fails, in whatever way.
        """
        try:
            with contextlib.redirect_stdout(sys.stderr):  # what we print is read by programs
                part = self.entry.load()
            part = getattr(part, attribute) if isinstance(part, ModuleType) else part
        except (Exception, SystemExit) as error:
            raise self.fault("cannot be loaded", error) from error
        if not isinstance(part, kind):
            raise PluginError(f'"{self.name}" of {self.whose} is a {type(part).__name__}, not a {kind.__name__}')
        return part

    def fault(self, what: str, error: BaseException) -> PluginError:
        """What to say of an error of the plugin's own; the log gets all of it."""
        _log.warning('"%s" of %s %s', self.name, self.whose, what, exc_info=error)
        return self.told(what, error)

    def told(self, what: str, error: BaseException) -> PluginError:
        """The same without a word in the log."""
        return PluginError(f'"{self.name}" of {self.whose} {what}: {_reason(error)}')


def declared(package: str) -> tuple[Plugin, ...]:
    """What other packages declare in the group that is called as our `package`, by name; imports none of it.

    Raises PluginError where what is installed cannot be read.
    """
    from importlib import metadata  # 50 ms, for whoever has named what is none of ours

    try:
        found = metadata.entry_points(group=package)
    except Exception as error:  # whatever somebody's installer has left behind
        _log.warning("entry points", exc_info=error)
        raise PluginError(f"what other packages have cannot be listed: {_reason(error)}") from error
    made = {(entry.name, _whose(entry), entry.value): entry for entry in found}
    return tuple(Plugin(name, whose, made[name, whose, value]) for name, whose, value in sorted(made))


def _whose(entry: "EntryPoint") -> str:
    try:
        return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "a package without a name"
    except Exception:  # its metadata are gone; the part may work all the same
        return "a package without a name"


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:_LONGEST_REASON].removesuffix(": ")


def _unknown(package: str, name: str, attribute: str) -> UnknownPartError:
    known = exporting(package, attribute)
    with contextlib.suppress(PluginError):  # told where it is used; here it is about names
        known += tuple(plugin.name for plugin in declared(package))
    return UnknownPartError(f'there is no "{name}"{nearest(name, known)}; there are: {", ".join(known)}')


def exporting(package: str, attribute: str) -> tuple[str, ...]:
    """Names of the modules of `package` that export `attribute`; imports each of them."""
    found = (n for n in names(package) if hasattr(importlib.import_module(f"{package}.{n}"), attribute))
    return tuple(found)


def declaring(package: str, attribute: str) -> tuple[str, ...]:
    """As `exporting`, told from the modules' source: imports none of them."""
    line = re.compile(rf"^{re.escape(attribute)}\s*[:=]", re.MULTILINE)
    return tuple(name for name in names(package) if line.search(_source(f"{package}.{name}")))


def _source(module: str) -> str:
    from importlib.abc import InspectLoader  # here, because both cost 10 ms, and a start asks for no source
    from importlib.util import find_spec

    spec = find_spec(module)
    loader = None if spec is None else spec.loader
    return (loader.get_source(module) or "") if isinstance(loader, InspectLoader) else ""


def nearest(name: str, known: tuple[str, ...]) -> str:
    """`, did you mean "x"?` where one of `known` is near, else nothing."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f', did you mean "{close[0]}"?' if close else ""
