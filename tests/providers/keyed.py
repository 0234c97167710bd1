"""Keys for sources that want one, by the environment variable that they are looked for in; nobody's keys."""

from typing import Any

from rotation_tui import plugins, providers
from rotation_tui.providers.base import ProviderPart


def _keyed() -> dict[str, str]:
    parts: list[ProviderPart[Any]] = [
        plugins.load(providers.__name__, name, "PROVIDER") for name in plugins.exporting(providers.__name__, "PROVIDER")
    ]
    return {name: f"nobodys-key-{number}-of-{part.name}" for part in parts for number, name in enumerate(part.keys)}


KEYS = _keyed()
