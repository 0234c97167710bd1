"""From config to feeds in service: each provider with its settings, in the order of failover."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from rotation_tui import plugins
from rotation_tui.config.schema import FeedSettings, Loaded, ProviderSettings, all_feeds
from rotation_tui.domain.clock import Clock
from rotation_tui.domain.hub import PROVIDER as HUB
from rotation_tui.providers.base import Endpoint, Provider, ProviderPart, Surroundings, named
from rotation_tui.providers.unfit import Held, Unfit
from rotation_tui.workers.feed import Feed
from rotation_tui.workers.given import Followed

_SOURCES = "rotation_tui.providers"
_OF_ENDPOINT = ("base_url", "user_agent", "timeout_s", "max_per_hour", "stream_url", "contact")
"""Keys of a provider's table that its endpoint is made of; `contact` goes into its name."""


class Means(Struct, frozen=True):
    """What feeds need besides their settings: where state is kept and how the outside is reached.

    `tell` is called with what is worth knowing of a source that works.
    """

    state_folder: Path
    clock: Clock
    proxy: str | None = None
    ca_file: Path | None = None
    tell: Callable[[str], None] | None = None


def roster(loaded: Loaded, followed: Followed, means: Means) -> tuple[Feed, ...]:
    made: list[Feed] = []
    names: set[str] = set()
    asked = [settings for settings in all_feeds(loaded.config) if settings.provider != HUB]  # a server tells, unasked
    for order, settings in enumerate(asked):
        name = _unique(_called(settings), names)
        names.add(name)
        part = part_of(settings.provider)
        surroundings = surroundings_of(part, settings, loaded, followed, means)
        endpoint = surroundings.endpoint
        made.append(
            Feed(
                name,
                part.build(surroundings),
                order,
                endpoint is None,
                None if endpoint is None else endpoint.max_per_hour,
            )
        )
    return tuple(made)


def part_of(name: str) -> ProviderPart[Provider]:
    """The source that is called so in the config; another package's that cannot be used is one that says why.

    Raises UnknownPartError.
    """
    part: ProviderPart[Provider] | None = plugins.own(_SOURCES, name, "PROVIDER")
    if part is not None:
        return part
    try:
        plugin = plugins.other(_SOURCES, name, "PROVIDER")
        theirs: ProviderPart[Provider] = plugin.load("PROVIDER", ProviderPart)
        if not isinstance(theirs.endpoint, Endpoint | None):
            raise plugin.fault("cannot be loaded", TypeError(f"{type(theirs.endpoint).__name__} is no Endpoint"))
    except plugins.PluginError as fault:
        why = str(fault)
        return ProviderPart(name, None, lambda _: Unfit(why))

    def build(surroundings: Surroundings) -> Provider:
        try:
            made = theirs.build(surroundings)
            if not isinstance(made, Provider):
                raise TypeError(f"{type(made).__name__} is no source")
        except Exception as fault:  # whatever it is, the other feeds go on
            return Unfit(str(plugin.fault("cannot be made", fault)))
        return Held(made, lambda fault: str(plugin.fault("cannot say what it offers", fault)))

    return replace(theirs, name=name, build=build)


def surroundings_of(
    part: ProviderPart[Provider], settings: FeedSettings, loaded: Loaded, followed: Followed, means: Means
) -> Surroundings:
    options: dict[str, Any] = msgspec.structs.asdict(settings) | {
        "base_folder": loaded.folder,
        "clock": means.clock,
        "name": _called(settings),
    }
    overrides = loaded.config.providers.get(part.name, ProviderSettings())
    options |= {name: getattr(overrides, name) for name in overrides.__struct_fields__ if name not in _OF_ENDPOINT}
    surroundings = Surroundings(
        endpoint_of(part, overrides),
        means.state_folder,
        means.proxy or loaded.config.network.proxy,
        means.ca_file or path_in(loaded.config.network.ca_file, loaded.folder),
        {key: value for key, value in options.items() if value is not None},
        lambda: followed.universe.ids,
    )
    return surroundings if means.tell is None else replace(surroundings, tell=means.tell)


def endpoint_of(part: ProviderPart[Provider], settings: ProviderSettings) -> Endpoint | None:
    """Where and how a provider asks, its own defaults overridden; None for one without a network."""
    endpoint = part.endpoint
    if endpoint is None:
        return None
    changes = {name: getattr(settings, name) for name in _OF_ENDPOINT[:-1] if getattr(settings, name) is not None}
    if settings.contact is not None:
        changes["user_agent"] = named(settings.user_agent or endpoint.user_agent, settings.contact)
    return replace(endpoint, **changes)


def _called(settings: FeedSettings) -> str:
    if settings.name:
        return settings.name
    if settings.path:
        return f"{settings.provider} {Path(settings.path).name}"
    return settings.provider


def _unique(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(f"{name} {n}" for n in range(2, 1000) if f"{name} {n}" not in taken)


def path_in(text: str | None, folder: Path) -> Path | None:
    return None if text is None else folder / Path(text).expanduser()
