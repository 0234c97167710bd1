"""The parts that are held to a contract: ours, and of other packages those that the environment names.

Whoever writes a plugin holds it to the same contracts as ours, in a checkout of this project in whose environment the
plugin is installed (`.venv/bin/pip install -e ../my-plugin`):

    ROTATION_TUI_PLUGINS=mine .venv/bin/pytest -n 0 tests/providers/test_contract.py -k mine
    ROTATION_TUI_PLUGINS=mine .venv/bin/pytest -n 0 tests/panes/test_contract.py -k mine

Several names are set off by commas. A source that talks over a network needs good replies, as those in
`tests/providers/replies/`: a module of the plugin with what `tests/providers/replies/__init__.py` lists, which it
declares as an entry point of the source's name in the group `rotation_tui.replies`.
"""

import os
from types import ModuleType
from typing import TypeVar

from rotation_tui import plugins

T = TypeVar("T")

NAMED = tuple(name for name in os.environ.get("ROTATION_TUI_PLUGINS", "").split(",") if name)


def parts(package: str, attribute: str, kind: type[T]) -> dict[str, T]:
    """Parts by name."""
    found: dict[str, T] = {
        name: plugins.load(package, name, attribute) for name in plugins.exporting(package, attribute)
    }
    assert all(isinstance(part, kind) for part in found.values())
    return found | {plugin.name: plugin.load(attribute, kind) for plugin in _declared(package)}


def replies() -> dict[str, ModuleType]:
    """Modules with good replies of plugins, by the names of their sources."""
    return {plugin.name: plugin.entry.load() for plugin in _declared("rotation_tui.replies")}


def _declared(group: str) -> list[plugins.Plugin]:
    return [plugin for plugin in plugins.declared(group) if plugin.name in NAMED] if NAMED else []
