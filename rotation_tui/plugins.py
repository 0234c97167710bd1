"""Parts found by module name: providers, panes, checks and claims need no registry."""

import difflib
import importlib
import importlib.abc
import importlib.util
import pkgutil
import re
from typing import Any


class UnknownPartError(LookupError):
    """A part was named that does not exist; the message lists those that do."""


def names(package: str, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names of the modules in `package` (full dotted name), found without importing them."""
    folder = importlib.import_module(package).__path__
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folder) if m.name not in without))


def load(package: str, name: str, attribute: str) -> Any:
    """The `attribute` that module `name` of `package` exports; UnknownPartError where it has none."""
    try:
        module = importlib.import_module(f"{package}.{name}")
        return getattr(module, attribute)
    except (ModuleNotFoundError, AttributeError) as missing:
        if isinstance(missing, ModuleNotFoundError) and missing.name != f"{package}.{name}":
            raise
        known = exporting(package, attribute)
        raise UnknownPartError(f'there is no "{name}"{nearest(name, known)}; there are: {", ".join(known)}') from None


def exporting(package: str, attribute: str) -> tuple[str, ...]:
    """Names of the modules of `package` that export `attribute`; imports each of them."""
    found = (n for n in names(package) if hasattr(importlib.import_module(f"{package}.{n}"), attribute))
    return tuple(found)


def declaring(package: str, attribute: str) -> tuple[str, ...]:
    """As `exporting`, told from the modules' source: imports none of them."""
    line = re.compile(rf"^{re.escape(attribute)}\s*[:=]", re.MULTILINE)
    return tuple(name for name in names(package) if line.search(_source(f"{package}.{name}")))


def _source(module: str) -> str:
    spec = importlib.util.find_spec(module)
    loader = None if spec is None else spec.loader
    return (loader.get_source(module) or "") if isinstance(loader, importlib.abc.InspectLoader) else ""


def nearest(name: str, known: tuple[str, ...]) -> str:
    """`, did you mean "x"?` where one of `known` is near, else nothing."""
    close = difflib.get_close_matches(name, known, n=1)
    return f', did you mean "{close[0]}"?' if close else ""
