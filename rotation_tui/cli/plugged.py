"""What the config uses of other packages, and what is wrong with it."""

from collections.abc import Iterator

from msgspec import Struct

from rotation_tui import plugins
from rotation_tui.config.schema import Config
from rotation_tui.domain.hub import PROVIDER as HUB
from rotation_tui.panes.base import Pane
from rotation_tui.providers.base import ProviderPart

SOURCES, PANES = "rotation_tui.providers", "rotation_tui.panes"
_EXPORTS: dict[str, tuple[str, type]] = {SOURCES: ("PROVIDER", ProviderPart), PANES: ("PANE", Pane)}


class Used(Struct, frozen=True):
    """A part by the key that names it; `problem` says why it cannot be used, None where it can."""

    key: str
    name: str
    whose: str
    problem: str | None = None


def ours(package: str) -> tuple[str, ...]:
    """Names that are taken by parts of our own, whoever else has them."""
    return plugins.declaring(package, _EXPORTS[package][0])


def named(config: Config) -> Iterator[tuple[str, str, str]]:
    """Package, key and name of every part that the config names."""
    for number, feed in enumerate(config.feeds, 1):
        if feed.provider != HUB:
            yield SOURCES, f"feeds[{number}].provider", feed.provider
    for name in config.fundamentals.sources:
        yield SOURCES, "fundamentals.sources", name
    for name in config.layout.overview:
        yield PANES, "layout.overview", name


def used(config: Config) -> Iterator[Used]:
    """Everything of other packages that the config names, imported to see whether that works."""
    taken = {package: ours(package) for package in (SOURCES, PANES)}
    for package, key, name in named(config):
        if name not in taken[package]:
            attribute, kind = _EXPORTS[package]
            whose = ""
            try:
                plugin = plugins.other(package, name, attribute)
                whose = plugin.whose
                plugin.load(attribute, kind)
            except plugins.PluginError as fault:
                yield Used(key, name, whose, str(fault))
            else:
                yield Used(key, name, whose)
